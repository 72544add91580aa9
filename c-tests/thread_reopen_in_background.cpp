// Opening a store whose last logon is still logging off in the background is allowed: gates open again, the logoff
// counts as ignored, its Released runs as soon as none of its callbacks is running (semantics.md section 2, Other
// opens).
#include "live.hpp"

static void reopened(ULONG instruction) {
    World w(World::Options::threads());
    Gate go;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(go.pass());
    };
    Store &first = w.store("first", "s");
    first.submit("m1");
    first.submit("m2");
    w.await("entered");
    CHECK_IS("COMPLETE OUTBOUND QUEUE", first.logoff(instruction));

    Store &second = w.store("second", "s");
    CHECK_HR(MAPI_E_TIMEOUT, first.wait(0)); // its message is still out
    CHECK_IS("MAPI_E_INVALID_OBJECT", first.logoff(LOGOFF_QUIET));
    second.submit("m3");
    CHECK_IS("OUTBOUND QUEUE: ready 2, outbound 1", second.status());
    go.open();
    CHECK_HR(S_OK, first.wait());
    CHECK_IS("COMPLETE", second.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(3, second.raw_status().cFinished);
    CHECK_EQUAL(1, w.count("second: finished m2")); // the next logon's callbacks have taken over
    CHECK_EQUAL(1, w.count("second: finished m3"));
}

/** Logons come and go while mail goes. */
static void again_and_again() {
    World w(World::Options::threads());
    w.transport("a");
    w.transport("b");
    Store *last = &w.store("s0", "s");
    int submitted = 0;
    for (int i = 1; i <= 200; ++i) {
        for (int j = 0; j < 3; ++j)
            last->submit("m" + std::to_string(submitted++));
        ULONG word = i % 2 == 0 ? LOGOFF_NO_WAIT : LOGOFF_ORDERLY;
        Store &next = w.store("s" + std::to_string(i), "s"); // before, so that the store lives on
        CHECK_HR(S_OK, StoreLogoffTransports(last->handle, &word));
        CHECK((word & LOGOFF_COMPLETE) != 0);
        CHECK_HR(S_OK, last->wait());
        last->release();
        last = &next;
    }
    CHECK_IS("COMPLETE", last->logoff(LOGOFF_PURGE));
    CHECK_EQUAL(submitted, last->raw_status().cFinished);
}

int main() {
    reopened(LOGOFF_NO_WAIT);
    reopened(LOGOFF_ORDERLY);
    again_and_again();
    return 0;
}
