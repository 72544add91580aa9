// LOGOFF_ABORT stops what is in process, waits for it up to the abort limit, repeats the cancel each second,
// and leaves queued messages in the Outbox; where something cannot be stopped no logoff occurs and everything
// is as before. semantics.md, section 2, outcomes; "Ruling, LOGOFF_ABORT"; section 7, "After a failed ABORT".

#include "world.hpp"

static void at_rest() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE"});
}

static void a_queue_stays_in_the_outbox() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("waiting", {ends_with(END_RESEND_LATER)});
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("waiting");
    s.submit("deferred");
    w.forget();
    s.submit("ready");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
    w.run(3600000);
    EXPECT(w, {"smtp: notify END_OUTBOUND", "smtp: notify ABORT_DEFERRED deferred", "s: released COMPLETE QUEUE"});
    CHECK_IS("COMPLETE QUEUE: ready 1, waiting 2", s.status());
}

// Outbound and inbound are told to stop, in the order in which they began, and waited for.
static void what_is_in_process_is_stopped() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    s.submit("m2");
    Transfer out, in;
    elsewhere([&] {
        out = imap.take();
        in = imap.receive(&s);
    });
    imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *message) {
        if (flags != NOTIFY_CANCEL_MESSAGE)
            return;
        const Transfer &transfer = message->lpEntryID != nullptr ? out : in;
        CHECK(message->hTransfer == transfer.handle);
        CHECK(transfer.cancelled());
        CHECK_HR(S_OK, transfer.end(MAPI_E_USER_CANCEL));
    };
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
    CHECK_IS("imap: notify CANCEL_MESSAGE m1", w.lines()[1]);
    w.run();
    EXPECT_ALL(w, {
        "s: lock m1",
        "imap: notify CANCEL_MESSAGE m1",
        "s: unlock m1",
        "imap: notify CANCEL_MESSAGE (inbound)",
        "imap: notify END_OUTBOUND",
        "s: released COMPLETE QUEUE",
    });
    CHECK_IS("COMPLETE QUEUE: ready 2", s.status());
}

static void what_ends_well_was_sent() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    w.forget();
    Transfer out;
    elsewhere([&] { out = imap.take(); });
    imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags == NOTIFY_CANCEL_MESSAGE)
            CHECK_HR(S_OK, out.end(S_OK));
    };
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ABORT));
    CHECK_IS("COMPLETE: finished 1", s.status());
}

static void what_does_not_stop_in_time() {
    WorldOptions options;
    options.abort_limit = 2500;
    World w(options);
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    s.submit("deaf");
    s.submit("obeys");
    s.submit("queued");
    Transfer deaf, obeys;
    elsewhere([&] {
        deaf = imap.take();
        obeys = imap.take();
    });
    EXPECT(w, {"s: lock deaf", "s: lock obeys"});
    imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *message) {
        if (flags == NOTIFY_CANCEL_MESSAGE && message->hTransfer == obeys.handle)
            CHECK_HR(S_OK, obeys.end(MAPI_E_USER_CANCEL));
    };
    CHECK_IS("OUTBOUND QUEUE", s.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {
        "imap: notify CANCEL_MESSAGE deaf",
        "imap: notify CANCEL_MESSAGE obeys",
        "s: unlock obeys",
        "imap: notify END_OUTBOUND",
        "imap: notify CANCEL_MESSAGE deaf",
        "imap: notify CANCEL_MESSAGE deaf",
        "imap: notify BEGIN_OUTBOUND",
    });
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));

    // As before: nothing is cancelled any more, the repeats have stopped, what had stopped is ready.
    CHECK(!deaf.cancelled());
    w.run(10000);
    EXPECT(w, {});
    CHECK_IS("OUTBOUND QUEUE: ready 2, outbound 1", s.status());
    s.submit("new");
    Transfer again = imap.take();
    CHECK_IS("obeys", again.message);
    CHECK_HR(S_OK, again.end());

    // Told to cancel once, it counts as cancelled by a logoff when it ends: ready, not waiting.
    CHECK_HR(S_OK, deaf.end(MAPI_E_USER_CANCEL));
    CHECK_IS("QUEUE: ready 3, finished 1", s.status());
    for (const char *message : {"deaf", "queued", "new"}) {
        Transfer transfer = imap.take();
        CHECK_IS(message, transfer.message);
        CHECK_HR(S_OK, transfer.end());
    }
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ABORT));
}

// The default limit is 15 seconds, the cancel comes at once and then each second.
static void default_limit() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer out;
    elsewhere([&] { out = imap.take(); });
    // A message that waits for 14,999 ms is still waiting when the limit has passed; see how time has moved.
    w.forget();
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT));
    size_t told = w.count("imap: notify CANCEL_MESSAGE m1");
    CHECK(told == 15 || told == 16); // the last one falls on the limit
    CHECK_HR(S_OK, out.end());
}

static void no_limit_and_nothing_moves() {
    WorldOptions options;
    options.abort_limit = 1;
    World w(options);
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer out;
    elsewhere([&] { out = imap.take(); });
    w.forget();
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT));
    CHECK_EQUAL(1, w.count("imap: notify CANCEL_MESSAGE m1"));
    CHECK_HR(S_OK, out.end());
}

static void submitting_and_asking_meanwhile() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer out;
    elsewhere([&] { out = imap.take(); });
    w.forget();
    imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags != NOTIFY_CANCEL_MESSAGE)
            return;
        CHECK_HR(S_OK, s.try_submit("accepted"));
        CHECK_IS("OUTBOUND QUEUE: ready 1, outbound 1", s.status());
        Transfer transfer;
        CHECK_HR(MAPI_E_TIMEOUT, imap.try_take(0, transfer));
        CHECK_HR(MAPI_E_BUSY, MapiTransportBeginInbound(imap.handle, s.handle, &transfer.handle));
        CHECK_HR(MAPI_E_BUSY, imap.try_begin(s, "accepted", transfer));
        CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_QUIET));
        CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_ORDERLY));
        CHECK_HR(S_OK, out.end());
    };
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
    CHECK_IS("COMPLETE QUEUE: ready 1, finished 1", s.status());
}

static void cancelled_logoff() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer out;
    elsewhere([&] { out = imap.take(); });
    w.forget();
    imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags == NOTIFY_CANCEL_MESSAGE)
            CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle));
    };
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT));
    w.run(10000);
    CHECK_EQUAL(1, w.count("imap: notify CANCEL_MESSAGE m1"));
    CHECK(!out.cancelled());
    CHECK_HR(S_OK, out.end());
    CHECK_IS("-: finished 1", s.status());
    CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle)); // none under way: nothing
    CHECK_IS("-: finished 1", s.status());
}

// Nothing waits for its own thread.
static void own_transfer() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s"), &other = w.store("other");
    s.submit("m1");
    Transfer out = imap.take();
    CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_ABORT));
    CHECK(!out.cancelled());
    CHECK_IS("COMPLETE", other.logoff(LOGOFF_ABORT)); // a transfer of the store, not of another
    CHECK_HR(S_OK, out.end());

    Transfer in = imap.receive(&s);
    CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_ABORT));
    CHECK_HR(S_OK, in.end());
    Transfer begun = imap.begin(s, "m2");
    CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_ABORT));
    CHECK_HR(S_OK, begun.end());
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ABORT));
}

int main() {
    at_rest();
    a_queue_stays_in_the_outbox();
    what_is_in_process_is_stopped();
    what_ends_well_was_sent();
    what_does_not_stop_in_time();
    default_limit();
    no_limit_and_nothing_moves();
    submitting_and_asking_meanwhile();
    cancelled_logoff();
    own_transfer();
}
