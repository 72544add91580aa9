// A message store, as far as sending goes: an Outbox in memory, with the three callbacks of a store.
#ifndef DEMO_OUTBOX_HPP
#define DEMO_OUTBOX_HPP

#include <mutex>
#include <string>
#include <vector>

#include "journal.hpp"
#include "mapispool.h"

// The program has not logged off yet, is inside its first call, or has been answered.
enum Phase { BEFORE, DURING, AFTER };

class Outbox {
public:
    explicit Outbox(Journal &journal);

    static MAPISTOREOPS ops();

    // Puts a message in. Its identifier is one character. To be called before the store is opened.
    void add(char id, Lane address);

    // For transports: whose the message is, and that it went out.
    Lane address_of(char id) const;
    void went_out(char id);

    // Phases follow one another; one that is over does not come back.
    void phase(Phase phase);

    // As identifiers: what is in the Outbox, and what has left it and was sent in a phase.
    std::string content() const;
    std::string sent(Phase phase) const;

    // What the library promises, checked: a sentence for each breach.
    std::string breaches() const;

private:
    struct Mail {
        char id;
        Lane address;
        bool here;
        bool locked;
        int times_out;
        int times_finished;
        Phase sent_in;
    };

    static HRESULT MAPISPOOL_CALL set_lock_state(void *self, ULONG size, const void *id, ULONG state);
    static HRESULT MAPISPOOL_CALL finished_msg(void *self, ULONG flags, ULONG size, const void *id);
    static void MAPISPOOL_CALL released(void *self, ULONG flags);

    Mail *find(char id);
    void show();

    Journal &journal_;
    mutable std::mutex mutex_;
    std::vector<Mail> mail_;
    Phase phase_;
    int times_released_;
};

#endif
