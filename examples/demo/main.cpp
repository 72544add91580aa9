// The five ways to log off from a message store that is busy, seen at work.
//
//   mapispool_demo [NO_WAIT | ORDERLY | PURGE | ABORT | QUIET]      all five in turn without one
//
// Exits with 0 if everything came as the library promises, with 1 if not, with 2 if it was called wrongly.

#include <cstdio>
#include <string>
#include <vector>

#include "journal.hpp"
#include "logoff.hpp"

namespace {

const Instruction INSTRUCTIONS[] = {
    {"NO_WAIT", LOGOFF_NO_WAIT, "send everything, but I do not wait for it"},
    {"ORDERLY", LOGOFF_ORDERLY, "finish what you have begun, begin nothing else, and I do not wait"},
    {"PURGE", LOGOFF_PURGE, "send everything, and I wait for it"},
    {"ABORT", LOGOFF_ABORT, "stop what you are doing, now; I wait until you have"},
    {"QUIET", LOGOFF_QUIET, "only if there is nothing to do; otherwise we stay"},
};

int usage(std::FILE *to, int status)
{
    std::fprintf(to, "usage: mapispool_demo [FLAG]\n"
                     "Sends seven messages and logs off in the middle of it, with this flag; with each in turn\n"
                     "without one.\n\n");
    for (const Instruction &instruction : INSTRUCTIONS)
        std::fprintf(to, "  %-8s %s\n", instruction.name, instruction.says);
    return status;
}

void introduce()
{
    std::printf(
        "A program submits seven messages to its message store and logs off a moment later.\n"
        "  e-mail  sends A, C, E, G; 40 ms each. The spooler's thread calls it.\n"
        "  fax     sends B, D, F; 300 ms each. It has a thread of its own and asks for messages.\n"
        "  Outbox  what it still holds: A* is with a transport, locked; . is sent and gone.\n"
        "  |       the program is inside StoreLogoffTransports    :  it waits by its own choice\n");
}

void compare(const std::vector<Account> &accounts)
{
    std::printf("\n%s\n", toned(STRONG, "Side by side").c_str());
    std::printf("                                                 messages sent        stay in\n"
                "flag         the call  its answer                before during after  the Outbox\n");
    const auto or_dash = [](const std::string &ids) { return ids.empty() ? std::string("-") : ids; };
    for (const Account &account : accounts)
        std::printf("%-11s %6.1f ms  %-25s %-6s %-6s %-6s %s\n", account.name.c_str(), account.milliseconds,
                    spelled(account.answer).c_str(), or_dash(account.sent_before).c_str(),
                    or_dash(account.sent_during).c_str(), or_dash(account.sent_after).c_str(),
                    or_dash(account.stays).c_str());
    std::printf("\nCOMPLETE  logged off, or will be as soon as it is done; without it the store is still logged on\n"
                "OUTBOUND  a message is being sent\n"
                "QUEUE     messages are queued (LOGOFF_OUTBOUND_QUEUE)\n"
                "What stays in the Outbox is submitted again by whoever opens the store next.\n");
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<Instruction> chosen;
    const std::string argument = argc == 2 ? argv[1] : "";
    if (argument == "--help" || argument == "-h")
        return usage(stdout, 0);
    for (const Instruction &instruction : INSTRUCTIONS)
        if (argc == 1 || argument == instruction.name || argument == std::string("LOGOFF_") + instruction.name)
            chosen.push_back(instruction);
    if (argc > 2 || chosen.empty())
        return usage(stderr, 2);

    introduce();
    std::vector<Account> accounts;
    std::string broken;
    for (const Instruction &instruction : chosen) {
        const std::string found = log_off(instruction, accounts);
        if (!found.empty())
            broken += std::string("LOGOFF_") + instruction.name + ": " + found + "\n";
    }
    compare(accounts);
    if (!broken.empty())
        std::printf("\nPromises broken:\n%s", broken.c_str());
    return broken.empty() ? 0 : 1;
}
