// The final release of a store logon that was not logged off performs the saved instruction, always succeeds,
// waits at most once and never longer than the limits, and goes on in the background with what is left.
// semantics.md, section 3.

#include "world.hpp"

// A World with a transfer of s that another thread began: in process, and nobody's own.
struct Busy {
    World w;
    Transport &imap;
    Store &s;
    Transfer out;

    explicit Busy(const WorldOptions &options = WorldOptions())
        : w(options), imap(w.self_driven("imap")), s(w.store("s")) {
        elsewhere([&] { out = imap.begin(s, "m1"); });
        s.submit("m2");
        w.forget();
    }
};

static WorldOptions abort_limit(ULONG milliseconds) {
    WorldOptions options;
    options.abort_limit = milliseconds;
    return options;
}

static void quiet_at_rest() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.save(LOGOFF_QUIET);
    s.release();
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE"});
}

static void quiet_with_a_queue_goes_on_as_orderly() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    s.save(LOGOFF_QUIET);
    s.release();
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE QUEUE"});
}

static void quiet_in_process_goes_on_as_orderly() {
    Busy busy;
    busy.s.save(LOGOFF_QUIET);
    busy.s.release();
    busy.w.run();
    EXPECT(busy.w, {"imap: notify END_OUTBOUND"});
    CHECK(!busy.out.cancelled());
    Transfer none;
    CHECK_HR(MAPI_E_TIMEOUT, busy.imap.try_take(0, none)); // nothing new begins
    CHECK_HR(S_OK, busy.out.end());
    EXPECT(busy.w, {"s: finished m1", "s: released COMPLETE QUEUE"});
}

static void orderly() {
    Busy busy;
    busy.s.save(LOGOFF_ORDERLY);
    busy.s.release();
    busy.w.run();
    EXPECT(busy.w, {"imap: notify END_OUTBOUND"});
    CHECK_HR(S_OK, busy.out.end());
    EXPECT(busy.w, {"s: finished m1", "s: released COMPLETE QUEUE"});
}

static void no_wait() {
    Busy busy;
    busy.s.save(LOGOFF_NO_WAIT);
    busy.s.release();
    busy.w.run();
    EXPECT(busy.w, {});
    CHECK_HR(S_OK, busy.out.end());
    CHECK_HR(S_OK, busy.imap.take().end());
    busy.w.run();
    EXPECT(busy.w, {"s: finished m1", "s: lock m2", "s: finished m2", "imap: notify END_OUTBOUND", "s: released COMPLETE"});
}

// Nothing saved is ABORT.
static void nothing_saved() {
    for (bool stops : {true, false}) {
        Busy busy(abort_limit(1500));
        busy.imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
            if (flags == NOTIFY_CANCEL_MESSAGE && stops)
                CHECK_HR(S_OK, busy.out.end(MAPI_E_USER_CANCEL));
        };
        busy.s.release();
        busy.w.run();
        if (stops) {
            EXPECT_ALL(busy.w, {
                "imap: notify CANCEL_MESSAGE m1", "s: unlock m1", "imap: notify END_OUTBOUND",
                "s: released COMPLETE QUEUE",
            });
            continue;
        }
        // It does not stop in time: ORDERLY in the background, cancelling withdrawn.
        busy.w.run(10000);
        EXPECT(busy.w, {
            "imap: notify CANCEL_MESSAGE m1", "imap: notify END_OUTBOUND", "imap: notify CANCEL_MESSAGE m1",
        });
        CHECK(!busy.out.cancelled());
        CHECK_HR(S_OK, busy.out.end());
        EXPECT(busy.w, {"s: finished m1", "s: released COMPLETE QUEUE"});
    }
}

// An ABORT that failed once before on this logon is not waited for again.
static void abort_after_a_failed_abort() {
    Busy busy(abort_limit(1));
    CHECK_IS("OUTBOUND QUEUE", busy.s.logoff(LOGOFF_ABORT));
    busy.w.forget();
    busy.s.save(LOGOFF_ABORT);
    busy.s.release();
    busy.w.run(10000);
    EXPECT(busy.w, {"imap: notify END_OUTBOUND"});
    CHECK(!busy.out.cancelled());
    CHECK_HR(S_OK, busy.out.end());
    EXPECT(busy.w, {"s: finished m1", "s: released COMPLETE QUEUE"});
}

static void purge() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    CHECK_IS("QUEUE", s.save(LOGOFF_PURGE));
    s.release();
    w.run();
    EXPECT(w, {
        "smtp: notify BEGIN_OUTBOUND_FLUSH", "smtp: flush",
        "s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1",
        "smtp: notify END_OUTBOUND_FLUSH", "smtp: notify END_OUTBOUND", "s: released COMPLETE",
    });
}

// The purge limit where there is one, else 60 seconds: a message of another store that waits for so long shows
// how far the spooler's own time has moved.
static void purge_waits_up_to(ULONG purge_limit, ULONG seconds) {
    for (int late : {0, 1}) {
        WorldOptions options;
        options.purge_limit = purge_limit;
        options.retry_pause = 1;
        Busy busy(options);
        Store &clock = busy.w.store("clock");
        Transport &smtp = busy.w.transport("smtp", "clock");
        smtp.otherwise = MAPI_E_NOT_ME;
        smtp.on("clock/c", {Answer(MAPI_E_WAIT, seconds + late)});
        clock.submit("c");
        busy.w.forget();
        busy.s.save(LOGOFF_PURGE);
        busy.s.release();
        CHECK_EQUAL(1 - late, busy.w.count("smtp: submit clock/c"));
        CHECK_HR(S_OK, busy.out.end());
    }
}

static void purge_that_takes_too_long() {
    WorldOptions options;
    options.purge_limit = 4000;
    Busy busy(options);
    busy.s.save(LOGOFF_PURGE);
    busy.s.release();
    busy.w.run();
    // It goes on as NO_WAIT: not told to stop, what is ready is sent.
    EXPECT(busy.w, {"imap: notify BEGIN_OUTBOUND_FLUSH", "imap: notify END_OUTBOUND_FLUSH"});
    CHECK(!busy.out.cancelled());
    CHECK_HR(S_OK, busy.out.end());
    busy.w.run(999);
    EXPECT(busy.w, {"s: finished m1"});
    busy.w.run(1); // the retry pause has passed and nobody has taken m2
    EXPECT(busy.w, {"imap: notify END_OUTBOUND", "s: released COMPLETE QUEUE"});
}

// Inside a callback nothing waits at all.
static void inside_a_callback() {
    for (ULONG instruction : {LOGOFF_ABORT, LOGOFF_PURGE, LOGOFF_QUIET, LOGOFF_NO_WAIT, LOGOFF_ORDERLY}) {
        World w;
        Transport &smtp = w.transport("smtp");
        Store &s = w.store("s");
        w.forget();
        s.save(instruction);
        s.submit("m1");
        s.submit("m2");
        smtp.in_submit = [&](const MAPISPOOLMESSAGE &message) {
            if (*static_cast<const char *>(message.lpEntryID) == 'm' && w.count("released") == 0) {
                w.say("released");
                s.release();
                w.say("returned");
            }
        };
        w.run();
        bool sends_all = instruction == LOGOFF_PURGE || instruction == LOGOFF_NO_WAIT;
        if (sends_all)
            EXPECT(w, {
                "s: lock m1", "smtp: submit m1", "released", "returned", "smtp: end m1", "s: finished m1",
                "s: lock m2", "smtp: submit m2", "smtp: end m2", "s: finished m2",
                "smtp: notify END_OUTBOUND", "s: released COMPLETE",
            });
        else
            EXPECT(w, {
                "s: lock m1", "smtp: submit m1", "released", "returned", "smtp: end m1",
                "smtp: notify END_OUTBOUND", "s: finished m1", "s: released COMPLETE QUEUE",
            });
    }
}

// On the thread that began a transfer of the store it does not wait either.
static void own_transfer() {
    for (ULONG instruction : {LOGOFF_ABORT, LOGOFF_PURGE}) {
        World w;
        Transport &imap = w.self_driven("imap");
        Store &s = w.store("s");
        w.forget();
        Transfer out = imap.begin(s, "m1");
        s.save(instruction);
        s.release();
        CHECK_HR(S_OK, out.end());
        w.run();
        CHECK_EQUAL(1, w.count("s: released COMPLETE"));
        CHECK_EQUAL(0, w.count("imap: flush"));
    }
}

// Already logged off: the release only gives the handle back.
static void after_a_logoff() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    s.save(LOGOFF_PURGE);
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
    w.forget();
    s.release();
    w.run();
    EXPECT(w, {});
}

int main() {
    quiet_at_rest();
    quiet_with_a_queue_goes_on_as_orderly();
    quiet_in_process_goes_on_as_orderly();
    orderly();
    no_wait();
    nothing_saved();
    abort_after_a_failed_abort();
    purge();
    purge_waits_up_to(4000, 4);
    purge_waits_up_to(0, 60);
    purge_that_takes_too_long();
    inside_a_callback();
    own_transfer();
    after_a_logoff();
}
