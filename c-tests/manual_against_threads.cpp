// One engine, two ways to drive it: the same program does the same in manual mode and with threads (semantics.md
// section 6, Manual mode). Programs are random: messages with all kinds of fates, sent by driven transports or taken by
// one that drives itself, reception, several logons of a store, each flag, saved instructions, logoffs that are
// cancelled, transports that are added, removed or broken. Every answer on the way has to be the same, and so have the
// messages that were sent in the end, how often, and those that were not.
//
//     manual_against_threads [PROGRAMS [FIRST SEED]]         100 if not told; by hand: 5000
//
// ctest-long: 300 400 1000
#include "live.hpp"

/** What a program came to: what was seen after each of its steps, and where each message is in the end. */
struct Outcome {
    std::vector<std::string> seen, sent, queued;
};

class Program {
public:
    /** The threads of the second run are done with a step when they have come as far as manual mode did. */
    Program(unsigned seed, const Outcome *manual)
        : seed(seed), random(seed), before(manual), w(options(manual == nullptr)) {
        random.discard(10);
        many = random() % 2 == 0;
        for (unsigned i = 0, count = many ? 2 + random() % 2 : 1; i < count; ++i)
            add_driven();
        taker = &w.self_driven("taker", random() % 2 == 0 ? "s" : "", [this](Transport &self) { hear(self); });
        for (unsigned i = 0; i < 3; ++i)
            open_store();
    }

    Outcome run() {
        for (unsigned left = 10 + random() % 30; left > 0; --left) {
            std::string step = any_step();
            settle(step);
        }
        finish();
        return outcome;
    }

private:
    const unsigned seed;
    std::minstd_rand random;
    const Outcome *const before;
    Outcome outcome;
    World w;
    bool many; // driven transports: then which of them has a message is left to chance
    std::vector<Transport *> driven;
    Transport *taker;
    bool taker_is_there = true;
    std::vector<Store *> stores; // logged on
    std::vector<Store *> ever;
    unsigned messages = 0;
    std::map<std::string, std::vector<Answer>> fates;

    /** Transfers that were begun and are not ended. */
    struct Held {
        Transfer transfer;
        bool inbound;
    };
    std::mutex mutex;
    std::vector<Held> held;

    /** What transports do when a waiting call needs a transfer to end. */
    enum Reaction { GIVE_UP, SEND_ANYWAY, CANCEL_LOGOFF };
    std::atomic<int> reaction{GIVE_UP};
    std::atomic<Store *> waits_in_logoff{nullptr};

    static World::Options options(bool manual) {
        World::Options options;
        options.manual = manual;
        // What is put off stays so: time is not the same in both.
        options.retry_pause = options.declined_pause = 3600000;
        return options;
    }

    unsigned roll(unsigned sides) { return static_cast<unsigned>(random() >> 3) % sides; }

    // Transports.

    /** Hears that a transfer is to end. */
    void hear(Transport &transport) {
        transport.in_notify = [this](ULONG flags, const MAPISPOOLMESSAGE *message) {
            dawdle();
            if ((flags & NOTIFY_CANCEL_MESSAGE) != 0 && message->hTransfer != nullptr)
                react([message](const Held &one) { return one.transfer.handle == message->hTransfer; });
            else if (flags == NOTIFY_BEGIN_OUTBOUND_FLUSH)
                react([](const Held &) { return true; });
        };
    }

    /** Threads take their time, each time another. */
    void dawdle() {
        static thread_local std::minstd_rand when(std::random_device{}());
        if (before != nullptr && when() % 4 == 0)
            std::this_thread::sleep_for(std::chrono::microseconds(when() % 1000));
    }

    void add_driven() {
        Transport &added = w.transport("driven " + std::to_string(driven.size()), "", [this](Transport &self) {
            self.in_submit = self.in_end = [this](const MAPISPOOLMESSAGE &) { dawdle(); };
            self.in_flush = [this] { dawdle(); };
            if (!driven.empty())
                self.in_notify = [this](ULONG, const MAPISPOOLMESSAGE *) { dawdle(); };
            if (driven.empty())
                hear(self); // the one that receives
            for (const auto &fate : fates)
                self.on(fate.first, fate.second);
        });
        driven.push_back(&added);
    }

    template <typename Match>
    void react(Match match) {
        Store *logon = waits_in_logoff;
        if (reaction == CANCEL_LOGOFF && logon != nullptr) {
            CHECK_HR(S_OK, MapiStoreCancelLogoff(logon->handle));
            return;
        }
        for (const Held &one : take_out(match))
            CHECK_HR(S_OK, one.transfer.end(reaction == SEND_ANYWAY ? S_OK : MAPI_E_USER_CANCEL));
    }

    template <typename Match>
    std::vector<Held> take_out(Match match) {
        std::lock_guard<std::mutex> hold(mutex);
        auto from = std::stable_partition(held.begin(), held.end(), [&](const Held &one) { return !match(one); });
        std::vector<Held> taken(from, held.end());
        held.erase(from, held.end());
        return taken;
    }

    /** Each message has its fate, whichever transport has it when: what it is answered for ever, or for a while. */
    void decide_fate(const std::string &name) {
        static const Answer answers[] = {
            MAPI_E_NOT_ME, MAPI_E_WAIT, MAPI_E_CALL_FAILED, MAPI_W_PARTIAL_COMPLETION, MAPI_E_BUSY,
            ends_with(END_RESEND_LATER), ends_with(END_DONT_RESEND), ends_with(END_RESEND_NOW),
        };
        unsigned which = roll(16);
        if (which >= sizeof answers / sizeof *answers)
            return; // it is sent
        std::vector<Answer> fate(answers[which].result == MAPI_E_BUSY ? 1 : 100, answers[which]);
        fates[name] = fate;
        for (Transport *transport : driven)
            transport->on(name, fate);
    }

    // Steps. Each says what it did and what it was told.

    std::string any_step() {
        static const struct { unsigned weight; std::string (Program::*step)(); } steps[] = {
            {12, &Program::submit}, {3, &Program::abort_submit}, {8, &Program::take}, {4, &Program::receive},
            {8, &Program::end_transfer}, {3, &Program::open_store}, {6, &Program::log_off},
            {3, &Program::save_and_release}, {1, &Program::logoff_stores}, {2, &Program::cancel_logoff},
            {4, &Program::notify}, {1, &Program::add_transport}, {1, &Program::remove_transport},
        };
        unsigned all = 0;
        for (const auto &each : steps)
            all += each.weight;
        unsigned at = roll(all);
        const auto *found = steps;
        for (; at >= found->weight; ++found)
            at -= found->weight;
        reaction = static_cast<int>(roll(3));
        return (this->*found->step)();
    }

    Store *a_store() { return stores.empty() ? nullptr : stores[roll(static_cast<unsigned>(stores.size()))]; }

    std::string open_store() {
        bool second = roll(2) == 0;
        Store &store = w.store("logon " + std::to_string(ever.size()), second ? "z" : "s",
                               second ? 0 : MAPISPOOL_DEFAULT_INBOX);
        store.in_lock = store.in_unlock = store.in_finished = [this](const std::string &) { dawdle(); };
        store.in_released = [this](ULONG) { dawdle(); };
        stores.push_back(&store);
        ever.push_back(&store);
        return "open " + store.id;
    }

    std::string submit() {
        Store *store = a_store();
        if (store == nullptr)
            return "nothing";
        std::string message = "m" + std::to_string(++messages);
        decide_fate((store->id == "s" ? "" : store->id + "/") + message);
        return "submit " + message + " to " + store->id + ": " + result_name(store->try_submit(message));
    }

    std::string abort_submit() {
        Store *store = a_store();
        if (store == nullptr || messages == 0)
            return "nothing";
        std::string message = "m" + std::to_string(1 + roll(messages));
        return "abort " + message + " of " + store->id + ": " + result_name(store->try_abort(message));
    }

    std::string take() {
        if (!taker_is_there)
            return "nothing";
        Transfer transfer;
        HRESULT hr = S_OK;
        elsewhere([&] { hr = taker->try_take(0, transfer); });
        if (hr == S_OK)
            hold(transfer, false);
        return "take " + transfer.message + ": " + result_name(hr);
    }

    std::string receive() {
        Transport &transport = *driven.front();
        Store *store = roll(2) == 0 ? nullptr : a_store();
        Transfer transfer;
        HRESULT hr = S_OK;
        elsewhere([&] {
            hr = MapiTransportBeginInbound(transport.handle, store != nullptr ? store->handle : nullptr,
                                           &transfer.handle);
        });
        if (hr == S_OK)
            hold(transfer, true);
        return std::string("receive: ") + result_name(hr);
    }

    void hold(const Transfer &transfer, bool inbound) {
        std::lock_guard<std::mutex> hold(mutex);
        held.push_back(Held{transfer, inbound});
    }

    std::string end_transfer() {
        static const struct { HRESULT hr; ULONG flags; } ends[] = {
            {S_OK, 0}, {S_OK, 0}, {S_OK, 0}, {MAPI_E_NOT_ME, 0}, {MAPI_E_WAIT, 0}, {MAPI_E_USER_CANCEL, 0},
            {MAPI_E_CALL_FAILED, 0}, {S_OK, END_RESEND_LATER}, {S_OK, END_DONT_RESEND},
        };
        const auto &end = ends[roll(sizeof ends / sizeof *ends)];
        bool one = false;
        for (const Held &held : take_out([&one](const Held &) { return !one && (one = true); }))
            CHECK_HR(S_OK, held.inbound ? held.transfer.end() : held.transfer.end(end.hr, end.flags));
        return "end";
    }

    static const char *name_of(ULONG instruction) {
        switch (instruction) {
        case LOGOFF_NO_WAIT: return "NO_WAIT";
        case LOGOFF_ORDERLY: return "ORDERLY";
        case LOGOFF_PURGE: return "PURGE";
        case LOGOFF_ABORT: return "ABORT";
        default: return "QUIET";
        }
    }

    ULONG an_instruction() {
        static const ULONG all[] = {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET};
        return all[roll(5)];
    }

    /**
     * A drain waits the retry pause for a self-driven transport that does not ask, an hour here: during what sends
     * it is broken.
     */
    template <typename Act>
    std::string without_taker(ULONG instruction, Act act) {
        bool drains = taker_is_there && (instruction == LOGOFF_PURGE || instruction == LOGOFF_NO_WAIT);
        if (drains)
            CHECK_HR(S_OK, taker->notify(NOTIFY_CRITICAL_ERROR));
        std::string told = act();
        settle(told);
        if (drains)
            CHECK_HR(S_OK, taker->notify(NOTIFY_READYTOSEND));
        return told;
    }

    std::string log_off() {
        Store *store = a_store();
        if (store == nullptr)
            return "nothing";
        ULONG instruction = an_instruction();
        return without_taker(instruction, [&] {
            waits_in_logoff = store;
            std::string told = store->logoff(instruction);
            waits_in_logoff = nullptr;
            if (told.find("COMPLETE") == 0)
                forget(store);
            return std::string(name_of(instruction)) + " of " + store->id + ": " + told;
        });
    }

    std::string save_and_release() {
        Store *store = a_store();
        if (store == nullptr)
            return "nothing";
        ULONG instruction = an_instruction();
        return without_taker(instruction, [&] {
            std::string told = store->save(instruction);
            forget(store);
            store->release();
            return std::string("release of ") + store->id + " as " + name_of(instruction) + ": " + told;
        });
    }

    std::string logoff_stores() {
        ULONG instruction = an_instruction(), incomplete = 0;
        if (reaction == CANCEL_LOGOFF)
            reaction = GIVE_UP;
        return without_taker(instruction, [&] {
            CHECK_HR(S_OK, MapiSpoolerLogoffStores(w.handle, instruction, MAPISPOOL_INFINITE, &incomplete));
            for (Store *store : std::vector<Store *>(stores))
                if ((store->raw_status().ulFlags & LOGOFF_COMPLETE) != 0)
                    forget(store);
            return std::string(name_of(instruction)) + " of all: " + std::to_string(incomplete) + " incomplete";
        });
    }

    void forget(Store *store) { stores.erase(std::find(stores.begin(), stores.end(), store)); }

    /** Of a logoff in the background, if one is. */
    std::string cancel_logoff() {
        Store &store = *ever[roll(static_cast<unsigned>(ever.size()))];
        return "cancel the logoff of " + store.name + ": " + result_name(MapiStoreCancelLogoff(store.handle));
    }

    std::string notify() {
        ULONG flag = roll(2) == 0 ? NOTIFY_SENTDEFERRED : NOTIFY_READYTOSEND;
        if (many) // each has other messages now than in the other run; but what all have is the same
            flag = NOTIFY_SENTDEFERRED;
        for (Transport *transport : driven)
            CHECK_HR(S_OK, transport->notify(flag));
        if (taker_is_there)
            CHECK_HR(S_OK, taker->notify(flag));
        return "notify " + std::to_string(flag);
    }

    std::string add_transport() {
        if (!many)
            return "nothing";
        add_driven();
        return "add a transport";
    }

    std::string remove_transport() {
        if (!taker_is_there)
            return "nothing";
        taker_is_there = false;
        return std::string("remove the taker: ") + result_name(MapiTransportRemove(taker->handle));
    }

    // Looking.

    std::string look() {
        unsigned submits = 0, finished = 0, released = 0;
        for (const Store *store : ever)
            released += static_cast<unsigned>(store->released);
        for (const std::string &line : w.lines()) {
            submits += line.find(": submit ") != std::string::npos;
            finished += line.find(": finished ") != std::string::npos;
        }
        std::ostringstream text;
        text << "submits " << submits << ", finished " << finished << ", locked " << locks() << ", held " << held_now()
             << ", released " << released;
        for (Store *store : stores)
            text << "; " << store->id << " " << store->status();
        return text.str();
    }

    /** Messages in process, also of stores that are logged off. */
    size_t locks() const {
        std::set<Outbox *> outboxes;
        for (const Store *store : ever)
            outboxes.insert(store->box.outbox.get());
        size_t all = 0;
        for (Outbox *outbox : outboxes) {
            std::lock_guard<std::mutex> hold(outbox->mutex);
            all += outbox->locks.size();
        }
        return all;
    }

    size_t held_now() {
        std::lock_guard<std::mutex> hold(mutex);
        return held.size();
    }

    /** Until nothing moves by itself any more. */
    void settle(const std::string &step) {
        if (before == nullptr)
            w.run(1000);
        else if (outcome.seen.size() < before->seen.size()) {
            const std::string &expected = before->seen[outcome.seen.size()];
            (void) eventually([&] { return step + " -> " + look() == expected; });
        }
        outcome.seen.push_back(step + " -> " + look());
        if (before != nullptr)
            check_same();
    }

    void check_same() {
        size_t at = outcome.seen.size() - 1;
        if (at < before->seen.size() && before->seen[at] == outcome.seen[at])
            return;
        for (size_t i = 0; i < at; ++i)
            fprintf(stderr, "  %s\n", outcome.seen[i].c_str());
        fprintf(stderr, "seed %u\n  manual:  %s\n  threads: %s\n", seed,
                at < before->seen.size() ? before->seen[at].c_str() : "", outcome.seen[at].c_str());
        CHECK(!"both do the same");
    }

    void finish() {
        for (const Held &one : take_out([](const Held &) { return true; }))
            CHECK_HR(S_OK, one.transfer.end());
        settle("end all");
        settle(remove_transport());
        w.finish();
        for (Store *store : ever) {
            for (const auto &message : store->box.outbox->finished)
                outcome.sent.push_back(store->id + message.first + " " + std::to_string(message.second));
            for (const auto &message : store->box.outbox->mail)
                outcome.queued.push_back(store->id + message);
        }
    }
};

int main(int count, char **arguments) {
    unsigned seeds = count > 1 ? static_cast<unsigned>(strtoul(arguments[1], nullptr, 10)) : 100;
    unsigned first = count > 2 ? static_cast<unsigned>(strtoul(arguments[2], nullptr, 10)) : 1;
    size_t steps = 0, sent = 0, queued = 0;
    for (unsigned seed = first; seed < first + seeds; ++seed) {
        Outcome manual = Program(seed, nullptr).run();
        Outcome threads = Program(seed, &manual).run();
        CHECK(manual.seen == threads.seen);
        CHECK(manual.sent == threads.sent);
        CHECK(manual.queued == threads.queued);
        steps += manual.seen.size();
        sent += manual.sent.size();
        queued += manual.queued.size();
    }
    printf("%u programs, %zu steps, %zu messages sent, %zu queued in the end\n", seeds, steps, sent, queued);
    CHECK(sent > 0 && queued > 0);
    return 0;
}
