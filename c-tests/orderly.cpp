// LOGOFF_ORDERLY returns at once with COMPLETE; what is in process finishes in the background, nothing new
// begins, queued messages stay. semantics.md, section 2, outcomes; "Ruling, immediately"; section 7, "Fairness".

#include "world.hpp"

static void at_rest() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ORDERLY));
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE"});
}

static void a_queue_stays() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("waiting", {Answer(MAPI_E_WAIT, 7)});
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("waiting");
    s.submit("deferred");
    w.forget();
    s.submit("ready");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ORDERLY));
    w.run(3600000);
    EXPECT(w, {"smtp: notify END_OUTBOUND", "smtp: notify ABORT_DEFERRED deferred", "s: released COMPLETE QUEUE"});
    CHECK_HR(S_OK, s.wait(0));
}

static void in_process_finishes_in_the_background() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s", "", MAPISPOOL_DEFAULT_INBOX);
    w.forget();
    s.submit("m1");
    s.submit("m2");
    Transfer out = imap.take(), in = imap.receive(&s);
    CHECK_IS("COMPLETE INBOUND OUTBOUND QUEUE", s.logoff(LOGOFF_ORDERLY));
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    CHECK_HR(MAPI_E_TIMEOUT, s.wait()); // nothing can move
    EXPECT(w, {"s: lock m1", "imap: notify END_INBOUND", "imap: notify END_OUTBOUND"});
    CHECK_IS("COMPLETE INBOUND OUTBOUND QUEUE: ready 1, outbound 1, inbound 1", s.status());

    Transfer none;
    CHECK_HR(MAPI_E_TIMEOUT, imap.try_take(0, none));
    CHECK_HR(MAPI_E_BUSY, MapiTransportBeginInbound(imap.handle, NULL, &none.handle));
    CHECK(!out.cancelled());
    CHECK(!in.cancelled());
    CHECK_HR(S_OK, in.end());
    CHECK_HR(S_OK, out.end());
    // Its Released runs inside the call that ends the last transfer.
    EXPECT(w, {"s: finished m1", "s: released COMPLETE QUEUE"});
    CHECK_HR(S_OK, s.wait(0));
    CHECK_IS("COMPLETE QUEUE: ready 1, finished 1", s.status());
    w.run(3600000);
    EXPECT(w, {});
}

// What would be ready again is not handed out again.
static void what_comes_back_stays() {
    for (const Answer &end : {ends_with(END_RESEND_NOW), Answer(MAPI_E_NOT_ME), Answer(MAPI_W_PARTIAL_COMPLETION),
                              Answer(MAPI_E_BUSY), Answer(MAPI_E_USER_CANCEL), ends_with(END_RESEND_LATER),
                              ends_with(END_DONT_RESEND)}) {
        World w;
        Transport &imap = w.self_driven("imap");
        w.transport("smtp").otherwise = MAPI_E_NOT_ME;
        Store &s = w.store("s");
        w.forget();
        Transfer out = imap.begin(s, "m1");
        CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_ORDERLY));
        CHECK_HR(S_OK, out.end(end.result, end.end_flags));
        w.run(3600000);
        CHECK_EQUAL(1, w.count("s: unlock m1"));
        CHECK_EQUAL(1, w.count("s: released COMPLETE QUEUE"));
        CHECK_EQUAL(0, w.count("smtp: submit m1"));
        CHECK_EQUAL(end.end_flags == END_DONT_RESEND, w.count("imap: notify ABORT_DEFERRED m1"));
    }
}

// Driven: the message in SubmitMessage finishes, the next one does not start.
static void inside_submit_message() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) { w.say(s.logoff(LOGOFF_ORDERLY)); };
    s.submit("m1");
    s.submit("m2");
    w.run();
    EXPECT(w, {
        "s: lock m1", "smtp: submit m1", "COMPLETE OUTBOUND QUEUE", "smtp: end m1", "smtp: notify END_OUTBOUND",
        "s: finished m1", "s: released COMPLETE QUEUE",
    });
}

// CancelLogoff turns a background logoff into an ABORT.
static void cancelled_in_the_background() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    Transfer out = imap.take();
    CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_ORDERLY));
    w.forget();
    CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle));
    CHECK(out.cancelled());
    w.run(1000);
    EXPECT(w, {"imap: notify CANCEL_MESSAGE m1", "imap: notify CANCEL_MESSAGE m1"});
    CHECK_HR(S_OK, out.end(MAPI_E_USER_CANCEL));
    EXPECT(w, {"s: unlock m1", "s: released COMPLETE QUEUE"});
}

static void only_over_calls() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    Transfer out = imap.begin(s, "m1"), none;
    CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_ORDERLY));
    CHECK_IS("MAPI_E_INVALID_OBJECT", s.logoff(LOGOFF_ABORT));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreSubmitMessage(s.handle, 2, "m2"));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreAbortSubmit(s.handle, 2, "m1"));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportBeginInbound(imap.handle, s.handle, &none.handle));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportBeginOutbound(imap.handle, s.handle, 2, "m2", &none.handle));
    ULONG word = LOGOFF_ABORT;
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreLogoff(s.handle, &word));
    CHECK_EQUAL(LOGOFF_ABORT, word);
    CHECK_IS("COMPLETE OUTBOUND: outbound 1", s.status());
    CHECK_HR(S_OK, MapiStoreAddRef(s.handle));
    CHECK_HR(S_OK, MapiStoreRelease(s.handle));
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    s.release(); // the background logoff goes on without a handle
    w.run();
    EXPECT(w, {"s: lock m1", "imap: notify END_OUTBOUND"});
    CHECK_HR(S_OK, out.end());
    EXPECT(w, {"s: finished m1", "s: released COMPLETE"});
}

int main() {
    at_rest();
    a_queue_stays();
    in_process_finishes_in_the_background();
    what_comes_back_stays();
    inside_submit_message();
    cancelled_in_the_background();
    only_over_calls();
}
