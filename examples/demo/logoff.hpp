// One small mailer: submits seven messages, logs off in the middle of it, and says what came of them.
#ifndef DEMO_LOGOFF_HPP
#define DEMO_LOGOFF_HPP

#include <string>
#include <vector>

#include "mapispool.h"

struct Instruction {
    const char *name;
    ULONG value;
    const char *says;
};

// One call of StoreLogoffTransports and what came of it.
struct Account {
    std::string name;
    double milliseconds;
    ULONG answer;
    std::string sent_before, sent_during, sent_after, stays;
};

// "COMPLETE+OUTBOUND+QUEUE" and the like.
std::string spelled(ULONG answer);

// Prints the whole story. Adds one account for each call; returns the promises that were broken, none as "".
std::string log_off(const Instruction &instruction, std::vector<Account> &accounts);

#endif
