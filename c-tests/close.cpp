// MapiSpoolerClose: stores still open are logged off (ORDERLY whatever was saved, ABORT if asked), what goes on in
// the background is finished, transports are logged off last; MAPI_E_TIMEOUT: it stays closing, and is called
// again; handles afterwards. semantics.md, sections 5, 6 and 7, "While closing".

#include "world.hpp"

static void nothing_open() {
    World w;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiSpoolerClose(w.handle, LOGOFF_ORDERLY, 0));
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiSpoolerClose(w.handle, LOGOFF_ABORT | 0x100, 0));
    CHECK_HR(S_OK, w.close());
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerClose(w.handle, 0, 0));
}

// ORDERLY, whatever was saved: what is in process finishes, the queue stays, transports go last, in order.
static void open_stores() {
    World w;
    Transport &smtp = w.transport("smtp"), &imap = w.self_driven("imap");
    Store &s = w.store("s"), &t = w.store("t");
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("deferred");
    w.forget();
    s.save(LOGOFF_PURGE);
    s.submit("m1");
    Transfer out = imap.begin(t, "m2");
    w.forget();
    t.submit("m3");
    CHECK_HR(MAPI_E_TIMEOUT, w.close(0, 1000));
    EXPECT_ALL(w, {
        "smtp: notify END_OUTBOUND", "imap: notify END_OUTBOUND", "smtp: notify ABORT_DEFERRED deferred",
        "s: released COMPLETE QUEUE",
    });
    CHECK(!out.cancelled());
    // It stays closing; handles of stores are over, though not released.
    CHECK_IS("MAPI_E_INVALID_OBJECT", t.logoff(LOGOFF_QUIET));
    CHECK_IS("COMPLETE OUTBOUND QUEUE: ready 1, outbound 1", t.status());
    CHECK_HR(MAPI_E_TIMEOUT, t.wait(0));
    CHECK_HR(S_OK, s.wait(0));
    CHECK_HR(MAPI_E_TIMEOUT, w.close(0, MAPISPOOL_INFINITE)); // nothing can move
    CHECK_HR(S_OK, out.end());
    CHECK_HR(S_OK, w.close(0, MAPISPOOL_INFINITE));
    EXPECT(w, {
        "t: finished m2", "t: released COMPLETE QUEUE",
        "smtp: logoff", "smtp: destroy", "imap: logoff", "imap: destroy",
    });
    CHECK_IS("COMPLETE QUEUE: ready 1, finished 1", t.status());
}

static void with_abort() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    Transfer out;
    elsewhere([&] { out = imap.take(); });
    w.forget();
    CHECK_HR(MAPI_E_TIMEOUT, w.close(LOGOFF_ABORT, 2500));
    CHECK(out.cancelled());
    EXPECT_ALL(w, {
        "imap: notify CANCEL_MESSAGE m1", "imap: notify CANCEL_MESSAGE m1", "imap: notify CANCEL_MESSAGE m1",
        "imap: notify END_OUTBOUND",
    });
    CHECK_HR(S_OK, out.end(MAPI_E_USER_CANCEL));
    CHECK_HR(S_OK, w.close());
    EXPECT(w, {"s: unlock m1", "s: released COMPLETE QUEUE", "imap: logoff", "imap: destroy"});
}

// Called again with LOGOFF_ABORT: what goes on is stopped then.
static void abort_at_the_second_call() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s"), &t = w.store("t");
    Transfer out = imap.begin(s, "m1"), in = imap.receive(&t);
    CHECK_IS("COMPLETE INBOUND", t.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(MAPI_E_TIMEOUT, w.close(0, 100));
    CHECK(!out.cancelled());
    CHECK(!in.cancelled());
    CHECK_HR(MAPI_E_TIMEOUT, w.close(LOGOFF_ABORT, 100));
    CHECK(out.cancelled());
    CHECK(in.cancelled());
    CHECK_HR(S_OK, out.end(MAPI_E_USER_CANCEL));
    CHECK_HR(S_OK, in.end());
    CHECK_HR(S_OK, w.close());
}

// NO_WAIT in the background goes on: what is ready is sent before the spooler is closed.
static void no_wait_is_finished() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    s.submit("m2");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(S_OK, w.close());
    EXPECT(w, {
        "s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1",
        "s: lock m2", "smtp: submit m2", "smtp: end m2", "s: finished m2",
        "smtp: notify END_OUTBOUND", "s: released COMPLETE", "smtp: logoff", "smtp: destroy",
    });
}

static void no_wait_is_stopped_by_abort() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    s.submit("m1");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(S_OK, w.close(LOGOFF_ABORT));
    CHECK_IS("COMPLETE QUEUE: ready 1", s.status());
}

// While it closes: open, submit, add.
static void while_closing() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    Transfer in = imap.receive(&s);
    CHECK_HR(MAPI_E_TIMEOUT, w.close(0, 0));
    HMAPISTORE store = nullptr;
    HMAPITRANSPORT transport = nullptr;
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    ULONG incomplete = 77;
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiSpoolerOpenStore(w.handle, 1, "x", 0, nullptr, nullptr, &store));
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiSpoolerOpenStore(w.handle, 1, "s", 0, nullptr, nullptr, &store));
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiSpoolerAddTransport(w.handle, "t", 0, nullptr, &ops, nullptr, &transport));
    CHECK_HR(MAPI_E_END_OF_SESSION, s.try_submit("m1"));
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiSpoolerLogoffStores(w.handle, LOGOFF_ABORT, 0, &incomplete));
    CHECK_EQUAL(77, incomplete);
    CHECK_HR(S_OK, imap.notify(NOTIFY_READYTOSEND)); // still there
    w.run();
    CHECK_HR(S_OK, in.end());
    CHECK_HR(S_OK, w.close());
    CHECK_HR(MAPI_E_INVALID_OBJECT, s.try_submit("m1"));
    s.release();
}

// Several logons of one store, and one that nobody releases before.
static void several_logons() {
    World w;
    w.transport("smtp");
    Store &a = w.store("a", "s"), &b = w.store("b", "s"), &c = w.store("c", "s");
    a.submit("m1");
    a.release(); // ignored: two others
    w.run();
    w.forget();
    CHECK_HR(S_OK, w.close());
    CHECK_EQUAL(1, w.count("b: released COMPLETE") + w.count("b: released COMPLETE QUEUE"));
    CHECK_IS("COMPLETE", c.status().substr(0, 8));
    (void) b;
}

int main() {
    nothing_open();
    open_stores();
    with_abort();
    abort_at_the_second_call();
    no_wait_is_finished();
    no_wait_is_stopped_by_abort();
    while_closing();
    several_logons();
}
