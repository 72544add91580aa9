// What each answer of SubmitMessage and EndMessage, or of MapiTransferEnd, means for the message: every row of
// the table in semantics.md, section 4, with driven and with self-driven transports.

#include "world.hpp"

// One store and a transport that answers as scripted: driven, or self-driven and ended with the same values.
struct Run {
    World w;
    bool driven;
    Transport &t;
    Store &s;

    explicit Run(bool driven)
        : w(), driven(driven), t(driven ? w.transport("t") : w.self_driven("t")), s(w.store("s")) {
        w.forget();
    }

    // The message's next attempt. Driven: `answer` must have been scripted.
    void attempt(const std::string &message, const Answer &answer, bool deferred = false) {
        if (driven) {
            w.run();
            std::vector<std::string> lines = {"s: lock " + message,
                                              "t: submit " + message + (deferred ? " deferred" : "")};
            if (answer.result >= 0)
                lines.push_back("t: end " + message);
            lines.push_back(finishes(answer) ? "s: finished " + message : "s: unlock " + message);
            EXPECT(w, (lines));
        } else {
            Transfer transfer = t.take();
            CHECK_IS(message, transfer.message);
            CHECK_EQUAL(deferred ? BEGIN_DEFERRED : 0, transfer.flags);
            CHECK_HR(S_OK, transfer.end(answer.result, answer.end_flags, answer.retry_seconds));
            EXPECT(w, {"s: lock " + message, finishes(answer) ? "s: finished " + message : "s: unlock " + message});
        }
    }
    static bool finishes(const Answer &answer) {
        return answer.result == S_OK && answer.end_flags == 0 && answer.end_result == S_OK;
    }

    void nothing_within(ULONG milliseconds) {
        w.run(milliseconds);
        Transfer none;
        if (!driven)
            CHECK_HR(MAPI_E_TIMEOUT, t.try_take(0, none));
        EXPECT(w, {});
    }

    // Put off: waiting, and offered again after exactly so long.
    void waits(const std::string &message, ULONG milliseconds) {
        CHECK_IS("QUEUE: waiting 1", s.status());
        nothing_within(milliseconds - 1);
        w.run(1);
        attempt(message, S_OK);
        CHECK_IS("-: finished 1", s.status());
    }
};

static void sent(bool driven) {
    Run run(driven);
    run.s.submit("m1");
    run.attempt("m1", S_OK);
    CHECK_IS("-: finished 1", run.s.status());
    run.nothing_within(3600000);
}

static void put_off(bool driven, const Answer &answer, ULONG milliseconds) {
    Run run(driven);
    run.t.on("m1", {answer});
    run.s.submit("m1");
    run.attempt("m1", answer);
    run.waits("m1", milliseconds);
}

// Ready again, at the front; the fourth time in a row as LATER.
static void resend_now(bool driven) {
    Run run(driven);
    Answer again = ends_with(END_RESEND_NOW);
    run.t.on("m1", {again, again, again, again});
    if (driven) {
        run.s.submit("m1");
        run.s.submit("m2");
        run.w.run();
        std::vector<std::string> lines;
        for (int i = 0; i < 4; ++i)
            for (const char *line : {"s: lock m1", "t: submit m1", "t: end m1", "s: unlock m1"})
                lines.push_back(line);
        for (const char *line : {"s: lock m2", "t: submit m2", "t: end m2", "s: finished m2"})
            lines.push_back(line);
        EXPECT(run.w, (lines));
        CHECK_IS("QUEUE: waiting 1, finished 1", run.s.status());
        run.nothing_within(4999);
        run.w.run(1);
        run.t.on("m1", {});
        EXPECT(run.w, {"s: lock m1", "t: submit m1", "t: end m1", "s: finished m1"});
    } else {
        run.s.submit("m1");
        run.s.submit("m2");
        for (int i = 0; i < 3; ++i) {
            run.attempt("m1", again);
            CHECK_IS("QUEUE: ready 2", run.s.status());
        }
        run.attempt("m1", again);
        CHECK_IS("QUEUE: ready 1, waiting 1", run.s.status());
        run.attempt("m2", S_OK);
        run.w.run(5000);
        run.attempt("m1", S_OK);
    }
}

// "In a row": another answer in between starts the count anew.
static void resend_now_not_in_a_row() {
    Run run(false);
    Answer again = ends_with(END_RESEND_NOW);
    run.s.submit("m1");
    for (int i = 0; i < 3; ++i)
        run.attempt("m1", again);
    run.attempt("m1", ends_with(END_RESEND_LATER));
    run.w.run(5000);
    for (int i = 0; i < 3; ++i)
        run.attempt("m1", again);
    CHECK_IS("QUEUE: ready 1", run.s.status());
    run.attempt("m1", S_OK);
}

static void dont_resend(bool driven) {
    Run run(driven);
    run.t.on("m1", {ends_with(END_DONT_RESEND)});
    run.s.submit("m1");
    run.attempt("m1", ends_with(END_DONT_RESEND));
    CHECK_IS("QUEUE: waiting 1", run.s.status());
    run.nothing_within(36000000);
    CHECK_HR(S_OK, run.t.notify(NOTIFY_SENTDEFERRED, "m1"));
    CHECK_IS("QUEUE: ready 1", run.s.status());
    run.attempt("m1", S_OK, true);
}

// MAPI_E_CANCEL after BEGIN_DEFERRED: the transport keeps it; without, it is any other error.
static void cancel(bool driven) {
    Run run(driven);
    run.t.on("m1", {ends_with(END_DONT_RESEND), MAPI_E_CANCEL, S_OK});
    run.s.submit("m1");
    run.attempt("m1", ends_with(END_DONT_RESEND));
    CHECK_HR(S_OK, run.t.notify(NOTIFY_SENTDEFERRED, "m1"));
    run.attempt("m1", MAPI_E_CANCEL, true);
    CHECK_IS("QUEUE: waiting 1", run.s.status());
    run.nothing_within(36000000);
    CHECK_HR(S_OK, run.t.notify(NOTIFY_SENTDEFERRED));
    run.attempt("m1", S_OK, true);
    put_off(driven, MAPI_E_CANCEL, 5000);
}

// Partly: its recipients are done; the next transport, and sent when one returns S_OK for the rest.
static void partial_completion(bool driven) {
    Run run(driven);
    run.w.transport("second").on("m1", {MAPI_W_PARTIAL_COMPLETION});
    run.w.transport("third");
    run.w.forget();
    run.t.on("m1", {MAPI_W_PARTIAL_COMPLETION});
    if (driven) {
        run.s.submit("m1");
        run.w.run();
    } else {
        Transfer transfer = run.t.begin(run.s, "m1"); // the driven ones would be free too
        CHECK_HR(S_OK, transfer.end(MAPI_W_PARTIAL_COMPLETION));
        run.w.run();
    }
    std::vector<std::string> lines = {"s: lock m1"};
    if (driven)
        lines.insert(lines.end(), {"t: submit m1", "t: end m1"});
    lines.insert(lines.end(), {
        "s: unlock m1", "s: lock m1", "second: submit m1", "second: end m1",
        "s: unlock m1", "s: lock m1", "third: submit m1", "third: end m1", "s: finished m1",
    });
    EXPECT(run.w, (lines));
}

// No transport is left that could take the rest: waiting, until there is one.
static void partial_completion_and_nobody_left(bool driven) {
    Run run(driven);
    run.t.on("m1", {MAPI_W_PARTIAL_COMPLETION});
    run.s.submit("m1");
    run.attempt("m1", MAPI_W_PARTIAL_COMPLETION);
    CHECK_IS("QUEUE: waiting 1", run.s.status());
    run.nothing_within(3600000); // its recipients are done: never offered to it again
    CHECK_HR(S_OK, run.t.notify(NOTIFY_READYTOSEND));
    run.nothing_within(3600000);
    run.w.transport("second");
    run.w.forget();
    CHECK_IS("-: finished 1", run.s.status());
}

// Not for this one: no EndMessage; the next transport.
static void not_me(bool driven) {
    Run run(driven);
    run.w.transport("second");
    run.w.forget();
    run.t.on("m1", {MAPI_E_NOT_ME});
    if (driven) {
        run.s.submit("m1");
        run.w.run();
        EXPECT(run.w, {
            "s: lock m1", "t: submit m1", "s: unlock m1",
            "s: lock m1", "second: submit m1", "second: end m1", "s: finished m1",
        });
    } else {
        Transfer transfer = run.t.begin(run.s, "m1");
        CHECK_HR(S_OK, transfer.end(MAPI_E_NOT_ME));
        run.w.run();
        EXPECT(run.w, {
            "s: lock m1", "s: unlock m1",
            "s: lock m1", "second: submit m1", "second: end m1", "s: finished m1",
        });
    }
}

// None left: waiting until a transport is added, says READYTOSEND, or five minutes have passed.
static void not_me_and_nobody_left(bool driven) {
    put_off(driven, MAPI_E_NOT_ME, 300000);

    Run run(driven);
    run.t.on("m1", {MAPI_E_NOT_ME, MAPI_E_NOT_ME});
    run.s.submit("m1");
    run.attempt("m1", MAPI_E_NOT_ME);
    CHECK_IS("QUEUE: waiting 1", run.s.status());
    CHECK_HR(S_OK, run.t.notify(NOTIFY_READYTOSEND));
    CHECK_IS("QUEUE: ready 1", run.s.status());
    run.attempt("m1", MAPI_E_NOT_ME);
    run.w.transport("second");
    run.w.run();
    CHECK_IS("-: finished 1", run.s.status());
}

// Ready again after a short pause, the same transport; later messages may go to others meanwhile.
static void busy(bool driven) {
    Run run(driven);
    run.w.transport("second");
    run.w.forget();
    run.t.on("m1", {MAPI_E_BUSY});
    if (!driven) {
        Transfer m1 = run.t.begin(run.s, "m1");
        CHECK_HR(S_OK, m1.end(MAPI_E_BUSY));
        CHECK_IS("QUEUE: ready 1", run.s.status());
        run.s.submit("m2");
        run.w.run();
        EXPECT(run.w, {"s: lock m1", "s: unlock m1", "s: lock m2", "second: submit m2", "second: end m2", "s: finished m2"});
        run.w.run(1000);
        EXPECT(run.w, {});
        m1 = run.t.take();
        CHECK_IS("m1", m1.message);
        CHECK_HR(S_OK, m1.end());
        return;
    }
    run.s.submit("m1");
    run.w.run();
    EXPECT(run.w, {"s: lock m1", "t: submit m1", "s: unlock m1"});
    CHECK_IS("QUEUE: ready 1", run.s.status());
    run.w.run(1000);
    EXPECT(run.w, {"s: lock m1", "t: submit m1", "t: end m1", "s: finished m1"});
}

// Outside of a purge it is asked for ever.
static void busy_many_times(bool driven) {
    Run run(driven);
    Answer busy = MAPI_E_BUSY;
    run.t.on("m1", {busy, busy, busy, busy, busy, busy, busy, busy, busy, busy});
    run.s.submit("m1");
    if (driven) {
        run.w.run(20000);
        CHECK_EQUAL(11, run.w.count("t: submit m1"));
    } else {
        for (int i = 0; i < 10; ++i) {
            run.attempt("m1", busy);
            CHECK_IS("QUEUE: ready 1", run.s.status());
            run.w.run(1000);
        }
        run.attempt("m1", S_OK);
    }
    CHECK_IS("-: finished 1", run.s.status());
}

// Any other answer: a growing pause, which ends growing, and is forgotten after another answer. A success that says
// nothing of the message is none: some pass on what MapiTransferSpoolerYield told them.
static void other_answers(bool driven) {
    for (HRESULT answer : {HRESULT(MAPI_E_USER_CANCEL), HRESULT(MAPI_E_CALL_FAILED), HRESULT(MAPI_E_NOT_ENOUGH_MEMORY),
                           HRESULT(0x80004001), HRESULT(MAPI_E_NO_SUPPORT), HRESULT(MAPI_W_CANCEL_MESSAGE),
                           HRESULT(1), HRESULT(0x7FFFFFFF)})
        put_off(driven, answer, 5000);

    // The pause doubles with each error in a row, up to 64 times.
    Run run(driven);
    run.s.submit("m1");
    ULONG pause = 0;
    for (int i = 0; i < 9; ++i) {
        run.t.on("m1", {MAPI_E_CALL_FAILED});
        run.w.run(pause == 0 ? 0 : 1);
        run.attempt("m1", MAPI_E_CALL_FAILED);
        CHECK_IS("QUEUE: waiting 1", run.s.status());
        pause = pause == 0 ? 5000 : pause < 5000 * 64 ? pause * 2 : pause;
        run.nothing_within(pause - 1);
    }
    // Another answer, and the next error is the first again.
    run.t.on("m1", {ends_with(END_RESEND_LATER), MAPI_E_CALL_FAILED});
    run.w.run(1);
    run.attempt("m1", ends_with(END_RESEND_LATER));
    run.w.run(5000);
    run.attempt("m1", MAPI_E_CALL_FAILED);
    run.waits("m1", 5000);
}

// A failing EndMessage keeps the message; a failing FinishedMsg does not.
static void failing_callbacks() {
    {
        Run run(true);
        Answer answer = ends_with(0, MAPI_E_CALL_FAILED);
        run.t.on("m1", {answer});
        run.s.submit("m1");
        run.attempt("m1", answer);
        run.waits("m1", 5000);
    }
    Run run(true);
    run.s.finished_answer = MAPI_E_CALL_FAILED;
    run.s.submit("m1");
    run.attempt("m1", S_OK);
    run.nothing_within(36000000);
    CHECK_IS("-: finished 1", run.s.status());
    run.s.finished_answer = S_OK;

    // A failing MSG_UNLOCKED changes nothing.
    run.s.unlock_answer = MAPI_E_CALL_FAILED;
    run.t.on("m2", {MAPI_E_CALL_FAILED});
    run.s.submit("m2");
    run.attempt("m2", MAPI_E_CALL_FAILED);
    run.w.run(5000);
    CHECK_IS("-: finished 2", run.s.status());
}

int main() {
    for (bool driven : {true, false}) {
        sent(driven);
        put_off(driven, ends_with(END_RESEND_LATER), 5000);
        put_off(driven, Answer(MAPI_E_WAIT, 7), 7000);
        put_off(driven, Answer(MAPI_E_WAIT, 2), 5000); // at least the retry pause
        put_off(driven, Answer(MAPI_E_WAIT, 0), 5000);
        put_off(driven, Answer(MAPI_E_NETWORK_ERROR, 3600), 3600000);
        put_off(driven, Answer(MAPI_E_NETWORK_ERROR, 4), 5000);
        resend_now(driven);
        dont_resend(driven);
        cancel(driven);
        partial_completion(driven);
        partial_completion_and_nobody_left(driven);
        not_me(driven);
        not_me_and_nobody_left(driven);
        busy(driven);
        busy_many_times(driven);
        other_answers(driven);
    }
    resend_now_not_in_a_row();
    failing_callbacks();
}
