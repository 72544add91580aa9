// Deferred messages (END_DONT_RESEND): NOTIFY_SENTDEFERRED makes them ready for their transport only, with
// BEGIN_DEFERRED; they are asked back when their store goes, when their transport goes, and when they are aborted.
// semantics.md, sections 4, 5 and 7, "Deferred and broken transports".

#include "world.hpp"

struct Fixture {
    World w;
    Transport &first, &smtp;
    Store &s;

    Fixture() : first(w.transport("first")), smtp(w.transport("smtp")), s(w.store("s")) {
        first.otherwise = MAPI_E_NOT_ME;
        for (const char *message : {"d1", "d2", "d3"}) {
            smtp.on(message, {ends_with(END_DONT_RESEND)});
            s.submit(message);
        }
        w.forget();
        CHECK_IS("QUEUE: waiting 3", s.status());
    }
};

static void sent_deferred() {
    Fixture f;
    f.first.otherwise = S_OK; // it would take them; they are not offered to it
    CHECK_HR(MAPI_E_NOT_FOUND, f.first.notify(NOTIFY_SENTDEFERRED, "d1")); // not this one's
    CHECK_HR(MAPI_E_NOT_FOUND, f.smtp.notify(NOTIFY_SENTDEFERRED, "d4"));
    CHECK_HR(S_OK, f.first.notify(NOTIFY_SENTDEFERRED)); // all of none
    f.w.run(36000000);
    EXPECT(f.w, {});
    CHECK_HR(S_OK, f.smtp.notify(NOTIFY_SENTDEFERRED, "d2"));
    CHECK_IS("QUEUE: ready 1, waiting 2", f.s.status());
    f.w.run();
    EXPECT(f.w, {"s: lock d2", "smtp: submit d2 deferred", "smtp: end d2", "s: finished d2"});
    CHECK_HR(MAPI_E_NOT_FOUND, f.smtp.notify(NOTIFY_SENTDEFERRED, "d2"));
    CHECK_HR(S_OK, f.smtp.notify(NOTIFY_SENTDEFERRED));
    f.w.run();
    EXPECT(f.w, {
        "s: lock d1", "smtp: submit d1 deferred", "smtp: end d1", "s: finished d1",
        "s: lock d3", "smtp: submit d3 deferred", "smtp: end d3", "s: finished d3",
    });
}

// After BEGIN_DEFERRED: not this one's after all, later, or deferred again.
static void answers_to_begin_deferred() {
    Fixture f;
    f.first.otherwise = S_OK;
    f.smtp.on("d1", {MAPI_E_NOT_ME});
    f.smtp.on("d2", {ends_with(END_DONT_RESEND)});
    f.smtp.on("d3", {ends_with(END_RESEND_LATER)});
    CHECK_HR(S_OK, f.smtp.notify(NOTIFY_SENTDEFERRED));
    f.w.run();
    // d1 was declined by `first` before, and that is not forgotten.
    CHECK_IS("QUEUE: waiting 3", f.s.status());
    f.w.forget();
    f.w.run(5000); // d3 is an ordinary message again
    EXPECT(f.w, {"s: lock d3", "smtp: submit d3", "smtp: end d3", "s: finished d3"});
    CHECK_HR(S_OK, f.smtp.notify(NOTIFY_SENTDEFERRED, "d2"));
    f.w.run();
    EXPECT(f.w, {"s: lock d2", "smtp: submit d2 deferred", "smtp: end d2", "s: finished d2"});
    CHECK_HR(S_OK, f.first.notify(NOTIFY_READYTOSEND));
    f.w.run();
    EXPECT(f.w, {"s: lock d1", "first: submit d1", "first: end d1", "s: finished d1"});
}

// The identifier alone, of whichever store.
static void of_two_stores() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &a = w.store("a"), &b = w.store("b");
    smtp.on("a/d", {ends_with(END_DONT_RESEND)});
    smtp.on("b/d", {ends_with(END_DONT_RESEND)});
    a.submit("d");
    b.submit("d");
    w.forget();
    CHECK_HR(S_OK, smtp.notify(NOTIFY_SENTDEFERRED, "d"));
    w.run();
    CHECK_IS("-: finished 1", a.status());
    CHECK_IS("-: finished 1", b.status());
}

static void its_store_goes() {
    for (ULONG instruction : {LOGOFF_ORDERLY, LOGOFF_ABORT, LOGOFF_NO_WAIT, LOGOFF_PURGE}) {
        Fixture f;
        CHECK_IS("COMPLETE QUEUE", f.s.logoff(instruction));
        f.w.run();
        for (const char *line : {"smtp: notify ABORT_DEFERRED d1", "smtp: notify ABORT_DEFERRED d2",
                                 "smtp: notify ABORT_DEFERRED d3"})
            CHECK_EQUAL(1, f.w.count(line));
        CHECK_IS("s: released COMPLETE QUEUE", f.w.lines().back());
        CHECK_HR(MAPI_E_NOT_FOUND, f.smtp.notify(NOTIFY_SENTDEFERRED, "d1"));
        // A new logon submits again what the Outbox holds: new messages.
        Store &again = f.w.store("again", "s");
        again.submit("d1");
        f.w.forget();
        CHECK_IS("-: finished 1", again.status());
    }
}

// Its store does not go: an ignored logoff, and a failed QUIET, ask nothing back.
static void its_store_stays() {
    Fixture f;
    CHECK_IS("QUEUE", f.s.logoff(LOGOFF_QUIET));
    f.w.store("second", "s");
    CHECK_IS("COMPLETE QUEUE", f.s.logoff(LOGOFF_ABORT));
    f.w.run();
    EXPECT(f.w, {"s: released COMPLETE QUEUE"});
    CHECK_HR(S_OK, f.smtp.notify(NOTIFY_SENTDEFERRED));
    f.w.run();
    EXPECT(f.w, {
        "second: lock d1", "smtp: submit d1 deferred", "smtp: end d1", "second: finished d1",
        "second: lock d2", "smtp: submit d2 deferred", "smtp: end d2", "second: finished d2",
        "second: lock d3", "smtp: submit d3 deferred", "smtp: end d3", "second: finished d3",
    });
}

// Its transport goes: asked back, then ready for others.
static void its_transport_goes() {
    Fixture f;
    f.first.otherwise = S_OK;
    CHECK_HR(S_OK, f.smtp.notify(NOTIFY_SENTDEFERRED, "d3")); // ready for smtp only: that is over then too
    CHECK_HR(S_OK, MapiTransportRemove(f.smtp.handle));
    f.w.run();
    CHECK_EQUAL(1, f.w.count("smtp: notify ABORT_DEFERRED d1"));
    CHECK_EQUAL(1, f.w.count("smtp: notify ABORT_DEFERRED d2"));
    CHECK_EQUAL(1, f.w.count("smtp: logoff"));
    f.w.transport("next"); // first has declined them
    f.w.run();
    CHECK_IS("-: finished 3", f.s.status());
}

int main() {
    sent_deferred();
    answers_to_begin_deferred();
    of_two_stores();
    its_store_goes();
    its_store_stays();
    its_transport_goes();
}
