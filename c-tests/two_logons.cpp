// Two logons of one store in one spooler: the first to log off is ignored, the second performs the real logoff,
// whatever the flags and the order; callbacks are the oldest logon's. semantics.md, section 2, "Other opens".

#include "world.hpp"

static const ULONG instructions[] = {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET};

// Ignored: COMPLETE and the status flags at once; nothing is stopped, cancelled, flushed or told.
static void ignored_whatever_the_flag() {
    for (ULONG instruction : instructions)
        for (bool older : {true, false})
            for (bool by_release : {true, false}) {
                World w;
                Transport &imap = w.self_driven("imap");
                Store &first = w.store("first", "s"), &second = w.store("second", "s");
                Store &goes = older ? first : second, &stays = older ? second : first;
                Transfer out = imap.begin(first, "m1"), in = imap.receive(&first);
                goes.submit("m2");
                w.forget();
                if (by_release) {
                    goes.save(instruction);
                    goes.release();
                } else {
                    // Nobody waits, so not even the own transfers are in the way... but the check comes first.
                    bool waits = instruction == LOGOFF_PURGE || instruction == LOGOFF_ABORT;
                    if (waits) {
                        CHECK_IS("MAPI_E_BUSY", goes.logoff(instruction));
                        elsewhere([&] { CHECK_IS("COMPLETE INBOUND OUTBOUND QUEUE", goes.logoff(instruction)); });
                    } else
                        CHECK_IS("COMPLETE INBOUND OUTBOUND QUEUE", goes.logoff(instruction));
                }
                w.run();
                // The store lives on; the older one's context is still out with what is in process.
                if (older) {
                    EXPECT(w, {});
                    CHECK(goes.released == 0);
                } else
                    EXPECT(w, {"second: released COMPLETE INBOUND OUTBOUND QUEUE"});
                CHECK(!out.cancelled());
                CHECK(!in.cancelled());
                CHECK_HR(S_OK, out.end());
                CHECK_HR(S_OK, in.end());
                CHECK_HR(S_OK, imap.take().end()); // m2, whoever submitted it
                w.run();
                CHECK_EQUAL(1, goes.released);
                CHECK_EQUAL(1, w.count(stays.name + ": finished m2"));
                CHECK_IS("-: finished 2", stays.status());
                stays.submit("m3");
                CHECK_IS("QUEUE", stays.logoff(LOGOFF_QUIET)); // the real one
                CHECK_HR(S_OK, imap.take().end());
                w.forget();
                CHECK_IS("COMPLETE", stays.logoff(instruction));
                w.run();
                CHECK_EQUAL(1, w.count("imap: notify END_OUTBOUND"));
                CHECK_EQUAL(instruction == LOGOFF_PURGE, w.count("imap: flush"));
                CHECK_EQUAL(1, stays.released);
            }
}

// At rest: the ignored one's Released runs, no transport hears of it.
static void at_rest() {
    for (ULONG instruction : instructions) {
        World w;
        w.transport("smtp");
        Store &first = w.store("first", "s"), &second = w.store("second", "s");
        w.forget();
        CHECK_IS("COMPLETE", first.logoff(instruction));
        w.run();
        EXPECT(w, {"first: released COMPLETE"});
        CHECK_HR(S_OK, first.wait(0));
        CHECK_IS("MAPI_E_INVALID_OBJECT", first.logoff(instruction));
        second.submit("m1");
        w.run();
        EXPECT(w, {"second: lock m1", "smtp: submit m1", "smtp: end m1", "second: finished m1"});
        CHECK_IS("COMPLETE", second.logoff(instruction));
    }
}

// Queue, gates and counts are shared; callbacks are those of the oldest, for messages submitted earlier too.
static void whose_callbacks() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &first = w.store("first", "s"), &second = w.store("second", "s"), &third = w.store("third", "s");
    w.forget();
    third.submit("m1");
    second.submit("m2");
    first.submit("m3");
    CHECK_IS(first.status(), third.status());
    CHECK_HR(S_OK, imap.take().end());
    EXPECT(w, {"first: lock m1", "first: finished m1"});
    CHECK_IS("QUEUE: ready 2, finished 1", third.status());
    CHECK_IS("COMPLETE QUEUE", second.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(S_OK, imap.take().end());
    w.run();
    EXPECT(w, {"second: released COMPLETE QUEUE", "first: lock m2", "first: finished m2"});
    // The oldest goes while it has a message out: that message's context is its own until it has ended.
    Transfer m3 = imap.take();
    CHECK_IS("COMPLETE OUTBOUND", first.logoff(LOGOFF_QUIET));
    third.submit("m4");
    CHECK_HR(S_OK, imap.take().end());
    w.run();
    EXPECT(w, {"first: lock m3", "third: lock m4", "third: finished m4"});
    CHECK_HR(S_OK, m3.end());
    w.run();
    EXPECT(w, {"third: finished m3", "first: released COMPLETE"});
}

// A store opened again by somebody while it is open: the status of the handle that is over keeps COMPLETE.
static void many_logons() {
    World w;
    w.transport("smtp");
    std::vector<Store *> logons;
    for (int i = 0; i < 20; ++i)
        logons.push_back(&w.store("l" + std::to_string(i), "s"));
    w.forget();
    for (int i = 0; i < 19; ++i) {
        Store &store = *logons[(i * 7) % 20];
        CHECK_IS("COMPLETE", store.logoff(instructions[i % 5]));
        w.run();
        EXPECT(w, {store.name + ": released COMPLETE"});
        CHECK_IS("COMPLETE", store.status());
    }
    Store &last = *logons[(19 * 7) % 20];
    CHECK_IS("-", last.status());
    CHECK_IS("COMPLETE", last.logoff(LOGOFF_PURGE));
    w.run();
    CHECK_EQUAL(1, w.count("smtp: flush"));
    CHECK_EQUAL(1, w.count("smtp: notify END_OUTBOUND"));
}

int main() {
    ignored_whatever_the_flag();
    at_rest();
    whose_callbacks();
    many_logons();
}
