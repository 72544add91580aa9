// Opening a store whose last logon is still logging off in the background is allowed: gates open again, the
// background logoff counts as ignored, its Released runs as soon as none of its callbacks is running.
// semantics.md, section 2, "Other opens".

#include "world.hpp"

static void orderly() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s", "", MAPISPOOL_DEFAULT_INBOX);
    s.submit("m1");
    s.submit("m2");
    Transfer out = imap.take(), none;
    w.forget();
    CHECK_IS("COMPLETE OUTBOUND QUEUE", s.logoff(LOGOFF_ORDERLY));
    w.run();
    EXPECT(w, {"imap: notify END_INBOUND", "imap: notify END_OUTBOUND"});
    CHECK_HR(MAPI_E_TIMEOUT, imap.try_take(0, none));

    Store &again = w.store("again", "s");
    w.run();
    // The store is still the default Inbox: its flag stays until it is released.
    EXPECT(w, {"imap: notify BEGIN_INBOUND", "imap: notify BEGIN_OUTBOUND"});
    CHECK_IS("OUTBOUND QUEUE: ready 1, outbound 1", again.status());
    CHECK_IS("MAPI_E_INVALID_OBJECT", s.logoff(LOGOFF_QUIET));
    Transfer second = imap.take();
    CHECK_IS("m2", second.message);
    CHECK_HR(S_OK, second.end(MAPI_E_CALL_FAILED));
    w.run();
    EXPECT(w, {"again: lock m2", "again: unlock m2"});
    // m1 went out with the old logon's context.
    CHECK_EQUAL(0, s.released);
    CHECK_HR(S_OK, out.end());
    w.run();
    EXPECT_ALL(w, {"again: finished m1", "s: released COMPLETE QUEUE"});
    again.abort("m2");
    CHECK_IS("-: finished 1", again.status());
    CHECK_IS("COMPLETE", again.logoff(LOGOFF_QUIET));
}

// What was cancelled in the background goes on: cancelling is withdrawn.
static void cancelling_is_withdrawn() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer out = imap.take();
    CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_ORDERLY));
    CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle));
    w.run();
    CHECK(out.cancelled());
    Store &again = w.store("again", "s");
    CHECK(!out.cancelled());
    w.forget();
    CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle)); // none under way any more
    w.run(10000);
    EXPECT(w, {});
    CHECK(!out.cancelled());
    CHECK_HR(S_OK, out.end());
    CHECK_IS("-: finished 1", again.status());
}

// NO_WAIT: what was put off during it stays the new logon's, and waits end by themselves again.
static void no_wait() {
    World w;
    Transport &smtp = w.transport("smtp"), &imap = w.self_driven("imap");
    Store &s = w.store("s");
    smtp.on("later", {ends_with(END_RESEND_LATER)});
    s.submit("later");
    w.forget();
    Transfer out = imap.begin(s, "slow");
    CHECK_IS("COMPLETE OUTBOUND QUEUE", s.logoff(LOGOFF_NO_WAIT));
    w.run(60000);
    EXPECT(w, {"s: lock slow"});
    Store &again = w.store("again", "s");
    CHECK_HR(MAPI_E_SUBMITTED, again.try_submit("later"));
    w.run(); // its time has come meanwhile
    EXPECT(w, {"again: lock later", "smtp: submit later", "smtp: end later", "again: finished later"});
    CHECK_HR(S_OK, out.end());
    CHECK_HR(S_OK, s.wait());
}

// Opened again from inside one of its last callbacks.
static void inside_released() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    Store *again = nullptr;
    s.in_released = [&](ULONG) { again = &w.store("again", "s"); };
    s.submit("m1");
    w.forget();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
    w.run();
    CHECK(again != nullptr);
    CHECK_IS("-", again->status());
    again->submit("m2");
    w.run();
    CHECK_IS("-: finished 1", again->status());
}

int main() {
    orderly();
    cancelling_is_withdrawn();
    no_wait();
    inside_released();
}
