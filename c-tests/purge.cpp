// LOGOFF_PURGE flushes the transports, gives every message one attempt, waits for it, and then lets the store
// go; messages that were put off during it stay. semantics.md, section 2, outcomes; "Ruling, PURGE"; section 7,
// "Drains".

#include "world.hpp"

static void at_rest() {
    World w;
    w.transport("smtp");
    w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    w.run();
    EXPECT(w, {
        "smtp: notify BEGIN_OUTBOUND_FLUSH", "imap: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush", "imap: flush",
        "smtp: notify END_OUTBOUND_FLUSH", "imap: notify END_OUTBOUND_FLUSH",
        "smtp: notify END_OUTBOUND", "imap: notify END_OUTBOUND", "s: released COMPLETE",
    });
}

static void what_is_ready_is_sent() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    s.submit("m2");
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    CHECK_HR(S_OK, s.wait(MAPISPOOL_INFINITE));
    EXPECT(w, {
        "smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush",
        "s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1",
        "s: lock m2", "smtp: submit m2", "smtp: end m2", "s: finished m2",
        "smtp: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND", "s: released COMPLETE",
    });
}

// Waits for a time, for NOT_ME and for a failed lock are ready once; the deferred one stays with its transport.
static void what_waits_gets_one_attempt() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    smtp.on("later", {ends_with(END_RESEND_LATER)});
    smtp.on("wait", {Answer(MAPI_E_WAIT, 3600)});
    smtp.on("failed", {MAPI_E_CALL_FAILED});
    smtp.on("declined", {MAPI_E_NOT_ME});
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.lock_answers["locked"] = {MAPI_E_NO_ACCESS};
    for (const char *message : {"later", "wait", "failed", "declined", "deferred", "locked"})
        s.submit(message);
    w.forget();
    CHECK_IS("QUEUE: waiting 6", s.status());
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    std::vector<std::string> lines = {"smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush"};
    for (std::string message : {"later", "wait", "failed", "declined", "locked"})
        for (std::string line : {"s: lock ", "smtp: submit ", "smtp: end ", "s: finished "})
            lines.push_back(line + message);
    for (std::string line : {"smtp: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND",
                             "smtp: notify ABORT_DEFERRED deferred", "s: released COMPLETE QUEUE"})
        lines.push_back(line);
    w.run();
    EXPECT(w, (lines));
    CHECK_IS("COMPLETE QUEUE: waiting 1, finished 5", s.status());
}

// Put off during the purge: it has had its attempt.
static void one_attempt_only() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    smtp.on("later", {ends_with(END_RESEND_LATER), ends_with(END_RESEND_LATER)});
    smtp.on("declined", {MAPI_E_NOT_ME});
    smtp.on("failed", {MAPI_E_USER_CANCEL});
    s.lock_answers["locked"] = {MAPI_E_NO_ACCESS};
    s.submit("later");
    w.forget();
    s.submit("declined");
    s.submit("failed");
    s.submit("locked");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    CHECK_IS("COMPLETE QUEUE: waiting 4", s.status());
    w.run(3600000);
    EXPECT(w, {
        "smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush",
        "s: lock later", "smtp: submit later", "smtp: end later", "s: unlock later",
        "s: lock declined", "smtp: submit declined", "s: unlock declined",
        "s: lock failed", "smtp: submit failed", "s: unlock failed",
        "s: lock locked",
        "smtp: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND", "s: released COMPLETE QUEUE",
    });
}

// From inside FlushQueues a transport may offer its deferred messages again.
static void deferred_ones_offered_from_the_flush(bool all) {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("d1", {ends_with(END_DONT_RESEND)});
    smtp.on("d2", {ends_with(END_DONT_RESEND)});
    s.submit("d1");
    s.submit("d2");
    w.forget();
    smtp.in_flush = [&] { CHECK_HR(S_OK, smtp.notify(NOTIFY_SENTDEFERRED, all ? "" : "d2")); };
    CHECK_IS(all ? "COMPLETE" : "COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    w.run();
    if (all)
        EXPECT(w, {
            "smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush",
            "s: lock d1", "smtp: submit d1 deferred", "smtp: end d1", "s: finished d1",
            "s: lock d2", "smtp: submit d2 deferred", "smtp: end d2", "s: finished d2",
            "smtp: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND", "s: released COMPLETE",
        });
    else
        EXPECT(w, {
            "smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush",
            "s: lock d2", "smtp: submit d2 deferred", "smtp: end d2", "s: finished d2",
            "smtp: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND", "smtp: notify ABORT_DEFERRED d1",
            "s: released COMPLETE QUEUE",
        });
}

// What is in process finishes first; a transport is flushed as soon as it has nothing in process.
static void in_process_finishes_first() {
    World w;
    Transport &imap = w.self_driven("imap"), &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    Transfer out, in;
    elsewhere([&] {
        out = imap.begin(s, "m1");
        in = imap.receive(&s);
    });
    smtp.in_flush = [&] {
        CHECK(!out.cancelled());
        CHECK(!in.cancelled());
        CHECK_HR(S_OK, out.end());
    };
    imap.in_flush = [&] { CHECK_HR(S_OK, in.end()); };
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    w.run();
    EXPECT(w, {
        "s: lock m1", "imap: notify BEGIN_OUTBOUND_FLUSH", "smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush",
        "s: finished m1", "imap: flush",
        "imap: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND_FLUSH",
        "imap: notify END_OUTBOUND", "smtp: notify END_OUTBOUND", "s: released COMPLETE",
    });
}

static void submitting_is_refused() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    w.forget();
    imap.in_flush = [&] {
        CHECK_HR(MAPI_E_BUSY, s.try_submit("m2"));
        CHECK_HR(MAPI_E_SUBMITTED, s.try_submit("m1"));
        Transfer transfer;
        CHECK_HR(MAPI_E_BUSY, imap.try_begin(s, "m2", transfer));
        CHECK_HR(MAPI_E_BUSY, MapiTransportBeginInbound(imap.handle, s.handle, &transfer.handle));
        CHECK_HR(S_OK, imap.try_begin(s, "m1", transfer)); // queued: its attempt
        CHECK_HR(S_OK, transfer.end());
        CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_ORDERLY)); // a logoff waits
    };
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    w.run();
    EXPECT(w, {
        "imap: notify BEGIN_OUTBOUND_FLUSH", "imap: flush", "s: lock m1", "s: finished m1",
        "imap: notify END_OUTBOUND_FLUSH", "imap: notify END_OUTBOUND", "s: released COMPLETE",
    });
}

static void errors_of_a_flush_change_nothing() {
    World w;
    Transport &smtp = w.transport("smtp");
    smtp.flush_answer = MAPI_E_CALL_FAILED;
    smtp.notify_answer = MAPI_E_CALL_FAILED;
    Store &s = w.store("s");
    s.submit("m1");
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    CHECK_IS("COMPLETE: finished 1", s.status());
}

// The limit: S_OK without COMPLETE, the store as before but for the attempts made.
static void the_limit() {
    WorldOptions options;
    options.purge_limit = 4000;
    World w(options);
    Transport &imap = w.self_driven("imap"), &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("later", {ends_with(END_RESEND_LATER), ends_with(END_RESEND_LATER)});
    s.submit("later");
    w.forget();
    Transfer out;
    elsewhere([&] { out = imap.begin(s, "m1"); });
    w.forget();
    CHECK_IS("OUTBOUND QUEUE", s.logoff(LOGOFF_PURGE));
    w.run();
    EXPECT(w, {
        "imap: notify BEGIN_OUTBOUND_FLUSH", "smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush",
        "s: lock later", "smtp: submit later", "smtp: end later", "s: unlock later",
        "imap: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND_FLUSH",
    });
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    CHECK(!out.cancelled());
    CHECK_HR(S_OK, out.end());
    s.submit("m2");
    w.run();
    EXPECT(w, {"s: finished m1", "s: lock m2", "smtp: submit m2", "smtp: end m2", "s: finished m2"});
    w.run(5000); // waits end by themselves again
    EXPECT(w, {"s: lock later", "smtp: submit later", "smtp: end later", "s: finished later"});
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
}

// Section 7, "Manual mode": a PURGE that cannot move returns S_OK without COMPLETE, though it has no limit.
static void it_cannot_move() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    Transfer out;
    elsewhere([&] { out = imap.begin(s, "m1"); });
    w.forget();
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_PURGE));
    w.run();
    CHECK_HR(S_OK, out.end());
    EXPECT(w, {"imap: notify BEGIN_OUTBOUND_FLUSH", "imap: notify END_OUTBOUND_FLUSH", "s: finished m1"});
    s.submit("m2");
    CHECK_HR(S_OK, imap.take().end());
}

static void cancelled() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    s.submit("m1");
    smtp.in_flush = [&] { CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle)); };
    CHECK_IS("QUEUE", s.logoff(LOGOFF_PURGE));
    s.submit("m2");
    w.forget();
    CHECK_IS("-: finished 2", s.status());
}

// Nothing waits for its own thread, for ever or at all.
static void own_thread() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    Transfer out = imap.take();
    CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_PURGE));
    // Nor for the flush of a transport that sends by this thread, whichever store's message.
    Store &other = w.store("other");
    CHECK_IS("MAPI_E_BUSY", other.logoff(LOGOFF_PURGE));
    elsewhere([&] { CHECK_IS("-", other.logoff(LOGOFF_PURGE)); }); // it cannot move
    other.save(LOGOFF_PURGE);
    other.release(); // goes on as NO_WAIT
    CHECK_HR(S_OK, out.end());
    w.forget();
    // The one thread that could take is here: m2 is put off after the retry pause.
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    w.run();
    EXPECT(w, {
        "imap: notify BEGIN_OUTBOUND_FLUSH", "imap: flush",
        "imap: notify END_OUTBOUND_FLUSH", "imap: notify END_OUTBOUND", "s: released COMPLETE QUEUE",
    });
}

// MAPI_E_BUSY is asked again after a short pause; the fourth time in a row counts as LATER.
static void busy_four_times() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    smtp.on("m1", {MAPI_E_BUSY, MAPI_E_BUSY, MAPI_E_BUSY, S_OK});
    smtp.on("m2", {MAPI_E_BUSY, MAPI_E_BUSY, MAPI_E_BUSY, MAPI_E_BUSY, S_OK});
    s.submit("m1");
    s.submit("m2");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    w.run();
    CHECK_EQUAL(4, w.count("smtp: submit m1"));
    CHECK_EQUAL(1, w.count("s: finished m1"));
    CHECK_EQUAL(4, w.count("smtp: submit m2"));
    CHECK_EQUAL(0, w.count("s: finished m2"));
}

// RESEND_NOW is ready again, the fourth time in a row counts as LATER.
static void resent_four_times() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    Answer again = ends_with(END_RESEND_NOW);
    smtp.on("m1", {again, again, again, S_OK});
    smtp.on("m2", {again, again, again, again, S_OK});
    w.forget();
    s.submit("m1");
    s.submit("m2");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    w.run();
    CHECK_EQUAL(4, w.count("smtp: submit m1"));
    CHECK_EQUAL(4, w.count("smtp: submit m2"));
    CHECK_IS("COMPLETE QUEUE: waiting 1, finished 1", s.status());
}

// A transport in a critical error is not flushed; one without FlushQueues or SubmitMessage needs none.
static void no_transport_to_flush() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    s.submit("m1");
    CHECK_HR(S_OK, smtp.notify(NOTIFY_CRITICAL_ERROR));
    w.forget();
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    w.run();
    EXPECT(w, {"s: released COMPLETE QUEUE"});
}

int main() {
    at_rest();
    what_is_ready_is_sent();
    what_waits_gets_one_attempt();
    one_attempt_only();
    deferred_ones_offered_from_the_flush(true);
    deferred_ones_offered_from_the_flush(false);
    in_process_finishes_first();
    submitting_is_refused();
    errors_of_a_flush_change_nothing();
    the_limit();
    it_cannot_move();
    cancelled();
    own_thread();
    busy_four_times();
    resent_four_times();
    no_transport_to_flush();
}
