// A driven transport is called by a thread of its own, so that a slow one holds up nobody; limits count on the
// waiting caller's thread, so that a TransportNotify that never returns delays only itself (semantics.md sections
// 6 and 7).
#include "live.hpp"

static void one_blocks() {
    World w(World::Options::threads());
    Gate go;
    Transport &slow = w.transport("slow");
    slow.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(go.pass());
    };
    w.transport("fast");
    Store &s = w.store("s");
    s.submit("m1");
    w.await("entered");
    for (int i = 2; i <= 20; ++i)
        s.submit("m" + std::to_string(i));
    CHECK(eventually([&] { return s.status() == "OUTBOUND: outbound 1, finished 19"; }));

    const ULONG instructions[] = {LOGOFF_QUIET, LOGOFF_ORDERLY, LOGOFF_NO_WAIT, LOGOFF_ABORT};
    for (ULONG instruction : instructions) {
        Store &other = w.store("other" + std::to_string(instruction));
        CHECK_IS("COMPLETE", other.logoff(instruction));
        CHECK_HR(S_OK, other.wait());
    }
    // Its own message goes by the other transport.
    Store &other = w.store("other");
    other.submit("m");
    CHECK(eventually([&] { return other.raw_status().cFinished == 1; }));
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_QUIET));
    go.open();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
}

static void notify_blocks() {
    World::Options options = World::Options::threads();
    options.abort_limit = 100;
    options.purge_limit = 100;
    World w(options);
    Gate go, send;
    Transport &deaf = w.transport("deaf");
    deaf.in_notify = [&](ULONG, const MAPISPOOLMESSAGE *) {
        w.say("notified");
        CHECK(go.pass());
    };
    deaf.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(send.pass());
    };
    Store &s = w.store("s");
    w.await("notified"); // the control thread hangs
    s.submit("m1");
    w.await("entered");

    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT)); // the limit passes all the same
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_PURGE));
    Store &other = w.store("other");
    CHECK_IS("COMPLETE", other.logoff(LOGOFF_ABORT));
    ULONG incomplete = 77;
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(w.handle, LOGOFF_ABORT, 100, &incomplete));
    CHECK_EQUAL(1, incomplete);
    CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(w.handle, 0, 50));

    send.open();
    CHECK(eventually([&] { return s.raw_status().cFinished == 1; }));
    CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(w.handle, 0, 50));
    go.open();
    CHECK_HR(S_OK, s.wait());
    CHECK_HR(S_OK, other.wait());
}

int main() {
    one_blocks();
    notify_blocks();
    return 0;
}
