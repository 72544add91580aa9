// LOGOFF_QUIET lets a store go only if nothing is in process and the queue is empty, else nothing happens and
// the word says what goes on. semantics.md, section 2, outcomes; "Ruling, QUIET and a queue".

#include "world.hpp"

static void at_rest() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE"});
    CHECK_HR(S_OK, s.wait(0));
    CHECK_IS("COMPLETE", s.status());
    CHECK_IS("MAPI_E_INVALID_OBJECT", s.logoff(LOGOFF_QUIET));
}

// Ready, waiting for a time, deferred, and without a transport that takes it: all of them are the queue.
static void at_rest_with_a_queue() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();

    s.submit("ready");
    CHECK_IS("QUEUE", s.logoff(LOGOFF_QUIET));
    w.run();
    EXPECT(w, {"s: lock ready", "smtp: submit ready", "smtp: end ready", "s: finished ready"});

    smtp.on("waiting", {ends_with(END_RESEND_LATER)});
    s.submit("waiting");
    w.forget();
    CHECK_IS("QUEUE: waiting 1, finished 1", s.status());
    CHECK_IS("QUEUE", s.logoff(LOGOFF_QUIET));
    s.abort("waiting");

    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("deferred");
    w.forget();
    CHECK_IS("QUEUE", s.logoff(LOGOFF_QUIET));
    w.run();
    EXPECT(w, {});
    s.abort("deferred");
    w.forget();

    smtp.on("not for you", {MAPI_E_NOT_ME});
    s.submit("not for you");
    w.forget();
    CHECK_IS("QUEUE", s.logoff(LOGOFF_QUIET));
    s.abort("not for you");

    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE"});
}

static void in_process() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    Transfer out = imap.take();
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_QUIET));
    s.submit("m2");
    CHECK_IS("OUTBOUND QUEUE", s.logoff(LOGOFF_QUIET));
    Transfer in = imap.receive(&s);
    CHECK_IS("INBOUND OUTBOUND QUEUE", s.logoff(LOGOFF_QUIET));
    CHECK(!out.cancelled());
    CHECK(!in.cancelled());
    CHECK_HR(S_OK, out.end());
    CHECK_IS("INBOUND QUEUE", s.logoff(LOGOFF_QUIET));
    CHECK_HR(S_OK, imap.take().end());
    CHECK_IS("INBOUND", s.logoff(LOGOFF_QUIET));
    CHECK_HR(S_OK, in.end());
    w.run();
    EXPECT(w, {"s: lock m1", "s: finished m1", "s: lock m2", "s: finished m2"});
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
}

static void inside_submit_message() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) { w.say(s.logoff(LOGOFF_QUIET)); };
    s.submit("m1");
    w.run();
    EXPECT(w, {"s: lock m1", "smtp: submit m1", "OUTBOUND", "smtp: end m1", "s: finished m1"});
}

int main() {
    at_rest();
    at_rest_with_a_queue();
    in_process();
    inside_submit_message();
}
