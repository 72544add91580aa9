// One engine, two ways to drive it: the same program does the same in manual mode and with threads (semantics.md
// section 6, Manual mode). Programs are random; what must agree is which messages are sent, which stay queued, and
// what the logoff says in the end.
#include "live.hpp"

/** What a program came to. */
struct Outcome {
    std::set<std::string> sent, queued;
    std::string last;
    bool operator==(const Outcome &other) const {
        return sent == other.sent && queued == other.queued && last == other.last;
    }
};

static Outcome run(unsigned seed, bool manual) {
    std::minstd_rand random(seed);
    random.discard(10);
    World::Options options;
    options.manual = manual;
    options.retry_pause = 3600000; // what is put off stays so: time is not the same in both
    options.declined_pause = 3600000;
    World w(options);
    // Each message has its fate, whichever transport has it when: what decides is the message.
    std::vector<Transport *> transports;
    unsigned count = 1 + random() % 3;
    for (unsigned i = 0; i < count; ++i)
        transports.push_back(&w.transport("t" + std::to_string(i)));
    Outcome outcome;
    std::vector<Store *> stores;
    for (int i = 0; i < 2; ++i)
        stores.push_back(&w.store("s" + std::to_string(i), i == 0 ? "s" : "z", i == 0 ? MAPISPOOL_DEFAULT_INBOX : 0));
    std::vector<std::string> all;
    for (unsigned i = 0, many = 5 + random() % 20; i < many; ++i)
        all.push_back("m" + std::to_string(i));
    std::vector<unsigned> fates;
    for (size_t i = 0; i < all.size(); ++i)
        fates.push_back(random() % 8);
    auto script = [&](Transport &transport, bool late) {
        for (size_t i = 0; i < all.size(); ++i)
            for (const char *store : {"", "z/"}) {
                std::string name = store + all[i];
                switch (fates[i]) {
                case 0:
                    if (!late) // it takes what the others have declined
                        transport.on(name, {MAPI_E_NOT_ME, MAPI_E_NOT_ME, MAPI_E_NOT_ME});
                    break;
                case 1: transport.on(name, {MAPI_E_WAIT, MAPI_E_WAIT, MAPI_E_WAIT}); break;
                case 2: transport.on(name, {ends_with(END_RESEND_LATER), ends_with(END_RESEND_LATER),
                                            ends_with(END_RESEND_LATER)}); break;
                case 3: transport.on(name, {ends_with(END_DONT_RESEND)}); break;
                case 4:
                    if (seed % 5 == 0) // takes its time
                        transport.on(name, {MAPI_E_BUSY});
                    break;
                case 5:
                    if (!late) // the fourth in a row is another case
                        transport.on(name, {ends_with(END_RESEND_NOW)});
                    break;
                default: break;
                }
            }
    };
    for (Transport *transport : transports)
        script(*transport, false);
    Transport &late = w.transport("late"); // called only when it has recovered
    CHECK_HR(S_OK, late.notify(NOTIFY_CRITICAL_ERROR));
    script(late, true);
    for (const std::string &message : all)
        stores[random() % 2]->submit(message);
    // Until nothing moves by itself any more.
    auto settle = [&] {
        if (manual)
            w.run(1000);
        else
            CHECK(eventually([&] {
                MAPISPOOLSTATUS a = stores[0]->raw_status(), b = stores[1]->raw_status();
                return a.cReady + a.cOutbound + b.cReady + b.cOutbound == 0;
            }));
    };
    settle();
    if (random() % 2) {
        CHECK_HR(S_OK, late.notify(NOTIFY_READYTOSEND));
        settle();
    }
    if (random() % 2) {
        for (Transport *transport : transports)
            CHECK_HR(S_OK, transport->notify(NOTIFY_SENTDEFERRED));
        settle();
    }
    const ULONG instructions[] = {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET};
    for (Store *store : stores) {
        outcome.last += store->logoff(instructions[random() % 5]) + ", ";
        if (manual)
            w.run(1000);
        else if ((store->raw_status().ulFlags & LOGOFF_COMPLETE) != 0)
            CHECK_HR(S_OK, store->wait());
        MAPISPOOLSTATUS status = store->raw_status();
        outcome.last += flags_text(status.ulFlags) + " " + std::to_string(status.cReady + status.cWaiting) + "; ";
    }
    w.finish();
    for (Store *store : stores) {
        for (const auto &message : store->box.outbox->finished)
            outcome.sent.insert(store->id + message.first);
        for (const auto &message : store->box.outbox->mail)
            outcome.queued.insert(store->id + message);
    }
    return outcome;
}

int main() {
    for (unsigned seed = 1; seed <= 100; ++seed) {
        Outcome manual = run(seed, true), threads = run(seed, false);
        if (!(manual == threads)) {
            fprintf(stderr, "seed %u\n  manual:  %s\n  threads: %s\n", seed, manual.last.c_str(), threads.last.c_str());
            for (const auto &message : manual.sent)
                if (threads.sent.count(message) == 0)
                    fprintf(stderr, "  only in manual mode: %s\n", message.c_str());
            for (const auto &message : threads.sent)
                if (manual.sent.count(message) == 0)
                    fprintf(stderr, "  only with threads: %s\n", message.c_str());
            return 1;
        }
    }
    return 0;
}
