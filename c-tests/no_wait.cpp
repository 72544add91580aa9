// LOGOFF_NO_WAIT returns at once with COMPLETE; what is in process finishes and every ready message is sent in
// the background, nothing more is received, waiting messages stay. semantics.md, section 2, outcomes; "Ruling,
// immediately"; section 7, "Drains".

#include "world.hpp"

static void at_rest() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_NO_WAIT));
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE"});
}

static void what_is_ready_is_sent() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    s.submit("m2");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_NO_WAIT));
    EXPECT(w, {});
    CHECK_IS("COMPLETE QUEUE: ready 2", s.status());
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    CHECK_HR(S_OK, s.wait(1));
    EXPECT(w, {
        "s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1",
        "s: lock m2", "smtp: submit m2", "smtp: end m2", "s: finished m2",
        "smtp: notify END_OUTBOUND", "s: released COMPLETE",
    });
    CHECK_IS("COMPLETE: finished 2", s.status());
}

// A message that waits, for whatever reason, is not waited for; and no wait ends by itself meanwhile.
static void what_waits_stays() {
    World w;
    Transport &smtp = w.transport("smtp"), &imap = w.self_driven("imap");
    Store &s = w.store("s");
    smtp.on("later", {ends_with(END_RESEND_LATER)});
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("later");
    s.submit("deferred");
    w.forget();
    Transfer out = imap.begin(s, "slow");
    smtp.on("later too", {ends_with(END_RESEND_LATER)});
    s.submit("later too");
    CHECK_IS("COMPLETE OUTBOUND QUEUE", s.logoff(LOGOFF_NO_WAIT));
    w.run(3600000);
    EXPECT(w, {"s: lock slow", "s: lock later too", "smtp: submit later too", "smtp: end later too", "s: unlock later too"});
    CHECK_IS("COMPLETE OUTBOUND QUEUE: waiting 3, outbound 1", s.status());
    CHECK_HR(S_OK, out.end());
    w.run();
    EXPECT(w, {
        "s: finished slow", "smtp: notify END_OUTBOUND", "imap: notify END_OUTBOUND",
        "smtp: notify ABORT_DEFERRED deferred", "s: released COMPLETE QUEUE",
    });
    CHECK_IS("COMPLETE QUEUE: waiting 3, finished 1", s.status());
}

// READYTOSEND, SENTDEFERRED and a new transport still count during it.
static void what_becomes_ready_is_sent() {
    World w;
    Transport &smtp = w.transport("smtp"), &imap = w.self_driven("imap");
    Store &s = w.store("s");
    smtp.on("later", {ends_with(END_RESEND_LATER)});
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    smtp.on("declined", {MAPI_E_NOT_ME, MAPI_E_NOT_ME});
    for (const char *message : {"later", "deferred", "declined"})
        s.submit(message);
    Transfer out = imap.begin(s, "slow");
    w.forget();
    CHECK_IS("COMPLETE OUTBOUND QUEUE", s.logoff(LOGOFF_NO_WAIT));
    w.forget();

    CHECK_HR(S_OK, smtp.notify(NOTIFY_SENTDEFERRED, "deferred"));
    w.run();
    EXPECT(w, {"s: lock deferred", "smtp: submit deferred deferred", "smtp: end deferred", "s: finished deferred"});
    CHECK_HR(S_OK, smtp.notify(NOTIFY_READYTOSEND));
    w.run();
    EXPECT(w, {
        "s: lock later", "smtp: submit later", "smtp: end later", "s: finished later",
        "s: lock declined", "smtp: submit declined", "s: unlock declined",
    });
    w.transport("pickup");
    w.run();
    EXPECT(w, {
        "s: lock declined", "pickup: notify BEGIN_OUTBOUND", "pickup: submit declined", "pickup: end declined", "s: finished declined",
    });
    CHECK_HR(S_OK, out.end());
    w.run();
    EXPECT(w, {
        "s: finished slow", "smtp: notify END_OUTBOUND", "imap: notify END_OUTBOUND",
        "pickup: notify END_OUTBOUND", "s: released COMPLETE",
    });
}

static void nothing_more_is_received() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s", "", MAPISPOOL_DEFAULT_INBOX);
    w.forget();
    Transfer in = imap.receive(nullptr), none;
    CHECK_IS("COMPLETE INBOUND", s.logoff(LOGOFF_NO_WAIT));
    w.run();
    EXPECT(w, {"imap: notify END_INBOUND"});
    CHECK_HR(MAPI_E_BUSY, MapiTransportBeginInbound(imap.handle, NULL, &none.handle));
    CHECK(!in.cancelled());
    CHECK_HR(S_OK, in.end());
    w.run();
    EXPECT(w, {"imap: notify END_OUTBOUND", "s: released COMPLETE"});
}

// A self-driven transport: what is ready is handed out while takes come; what it ends with RESEND_NOW again.
static void taken_in_the_background() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    s.submit("m2");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_NO_WAIT));
    Transfer m1 = imap.take();
    CHECK_HR(S_OK, m1.end(S_OK, END_RESEND_NOW));
    m1 = imap.take();
    CHECK_IS("m1", m1.message);
    CHECK_HR(S_OK, m1.end());
    w.run(3600000); // it has taken since the logoff began: it is waited for
    CHECK_IS("COMPLETE QUEUE: ready 1, finished 1", s.status());
    Transfer m2 = imap.take();
    CHECK_HR(S_OK, m2.end());
    w.run();
    EXPECT(w, {
        "s: lock m1", "s: unlock m1", "s: lock m1", "s: finished m1", "s: lock m2", "s: finished m2",
        "imap: notify END_OUTBOUND", "s: released COMPLETE",
    });
}

// A self-driven transport that does not take: after the retry pause the messages count as put off.
static void nobody_takes() {
    WorldOptions options;
    options.retry_pause = 2000;
    World w(options);
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    CHECK_HR(S_OK, imap.take().end(S_OK, END_RESEND_NOW)); // a take before it began does not count
    w.forget();
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_NO_WAIT));
    w.run(1999);
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    w.run(1);
    EXPECT(w, {"imap: notify END_OUTBOUND", "s: released COMPLETE QUEUE"});
    CHECK_HR(S_OK, s.wait(0));
}

static void cancelled_in_the_background() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle));
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE QUEUE"});
}

int main() {
    at_rest();
    what_is_ready_is_sent();
    what_waits_stays();
    what_becomes_ready_is_sent();
    nothing_more_is_received();
    taken_in_the_background();
    nobody_takes();
    cancelled_in_the_background();
}
