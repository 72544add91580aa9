// A lock that cannot be had is tried again with a growing pause; MAPI_E_NOT_FOUND drops the message; the lock is
// given back with every way back to the queue. semantics.md, section 7, "Locks between processes"; section 4.

#include "world.hpp"

static void tried_again() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    for (int i = 0; i < 9; ++i)
        s.lock_answers["m1"].push_back(MAPI_E_NO_ACCESS);
    s.submit("m1");
    w.run();
    EXPECT(w, {"s: lock m1"}); // nothing is unlocked, nobody is called
    CHECK_IS("QUEUE: waiting 1", s.status());
    ULONG pause = 5000;
    for (int i = 0; i < 8; ++i) {
        w.run(pause - 1);
        EXPECT(w, {});
        w.run(1);
        EXPECT(w, {"s: lock m1"});
        CHECK_IS("QUEUE: waiting 1", s.status());
        pause = pause < 5000 * 64 ? pause * 2 : pause;
    }
    // While it waits for its lock, others go.
    s.submit("m2");
    w.run();
    EXPECT(w, {"s: lock m2", "smtp: submit m2", "smtp: end m2", "s: finished m2"});
    w.run(pause);
    EXPECT(w, {"s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1"});

    // In a row: after a lock that was had, the first failure's pause is the short one again.
    s.lock_answers["m3"] = {MAPI_E_NO_ACCESS, MAPI_E_NO_ACCESS, S_OK, MAPI_E_NO_ACCESS};
    Transport &smtp = w.transport("second");
    (void) smtp;
    s.submit("m3");
    w.run();
    w.run(5000);
    w.forget();
    w.run(10000);
    CHECK_IS("-: finished 3", s.status());
}

static void not_found() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.lock_answers["m1"] = {MAPI_E_NOT_FOUND};
    s.submit("m1");
    w.run(3600000);
    EXPECT(w, {"s: lock m1"}); // gone: neither finished nor unlocked
    CHECK_IS("-", s.status());
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, MapiStoreAbortSubmit(s.handle, 2, "m1"));
    s.submit("m1"); // and may come again
    w.run();
    EXPECT(w, {"s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1"});
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
}

// MSG_UNLOCKED exactly with each way back, never for what was sent; the World checks that locks alternate.
static void given_back() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    const Answer answers[] = {
        MAPI_E_NOT_ME, MAPI_E_BUSY, Answer(MAPI_E_WAIT, 1), MAPI_E_CANCEL, MAPI_E_USER_CANCEL,
        MAPI_E_CALL_FAILED, MAPI_W_PARTIAL_COMPLETION, ends_with(END_RESEND_NOW), ends_with(END_RESEND_LATER),
        ends_with(END_DONT_RESEND), ends_with(0, MAPI_E_CALL_FAILED),
    };
    int number = 0;
    for (const Answer &answer : answers) {
        std::string message = "m" + std::to_string(++number);
        smtp.on(message, {answer, ends_with(END_DONT_RESEND)});
        w.forget();
        s.submit(message);
        w.run();
        CHECK(w.count("s: unlock " + message) >= 1);
        CHECK_EQUAL(w.count("s: lock " + message), w.count("s: unlock " + message));
        CHECK_EQUAL(0, w.count("s: finished " + message));
        s.abort(message);
    }
}

// A success that is not S_OK is a success: the message is locked, and its lock is given back.
static void success_with_a_remark() {
    const HRESULT remark = 1; // winerror.h: S_FALSE
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    s.lock_answers["m1"] = {remark, remark};
    s.unlock_answer = remark;
    s.finished_answer = remark;
    smtp.on("m1", {MAPI_E_WAIT});
    s.submit("m1");
    w.run(5000);
    EXPECT(w, {
        "s: lock m1", "smtp: submit m1", "s: unlock m1",
        "s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1",
    });
    for (const std::string &line : w.log_lines())
        CHECK(line[0] > '2'); // nothing went wrong
}

// A store without SetLockState needs no locks.
static void stores_without_locks() {
    World w;
    Transport &smtp = w.transport("smtp");
    HMAPISTORE store = nullptr;
    static int submits;
    submits = 0;
    CHECK_HR(S_OK, MapiSpoolerOpenStore(w.handle, 4, "bare", 0, nullptr, &w, &store));
    (void) smtp;
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
        CHECK(message->lpvStoreContext != nullptr);
        ++submits;
        return submits == 1 ? MAPI_E_BUSY : S_OK;
    };
    CHECK_HR(S_OK, MapiTransportRemove(smtp.handle));
    HMAPITRANSPORT bare = nullptr;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(w.handle, "bare", 0, nullptr, &ops, nullptr, &bare));
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m1"));
    w.run(1000);
    CHECK_EQUAL(2, submits);
    ULONG word = LOGOFF_PURGE;
    CHECK_HR(S_OK, StoreLogoffTransports(store, &word));
    CHECK_EQUAL(LOGOFF_COMPLETE, word);
    CHECK_HR(S_OK, MapiStoreWait(store, 0));
    CHECK_HR(S_OK, MapiStoreRelease(store));
}

int main() {
    tried_again();
    not_found();
    given_back();
    success_with_a_remark();
    stores_without_locks();
}
