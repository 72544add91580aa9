// LOGOFF_ORDERLY returns at once: what is in process finishes in the background, nothing new begins, what is
// queued stays in the Outbox. Cancelled, it turns into an ABORT (semantics.md section 2, Outcomes; api.md).
#include "live.hpp"

static void finishes() {
    World w(World::Options::threads());
    Gate go;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(go.pass());
    };
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    w.await("entered");
    CHECK_IS("COMPLETE OUTBOUND QUEUE", s.logoff(LOGOFF_ORDERLY));
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    go.open();
    CHECK_HR(S_OK, s.wait());
    CHECK_EQUAL(1, w.count("s: finished m1"));
    CHECK_EQUAL(0, w.count("smtp: submit m2"));
    CHECK_EQUAL(1, w.count("s: released COMPLETE QUEUE"));
    CHECK_EQUAL(1, s.box.outbox->mail.count("m2"));
    CHECK_EQUAL(0, w.count("smtp: notify CANCEL_MESSAGE m1"));
}

static void turned_into_abort() {
    World w(World::Options::threads());
    Gate cancelled;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &message) {
        w.say("entered");
        CHECK(cancelled.pass());
        CHECK_HR(MAPI_W_CANCEL_MESSAGE, MapiTransferSpoolerYield(message.hTransfer));
    };
    smtp.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags == NOTIFY_CANCEL_MESSAGE)
            cancelled.open();
    };
    smtp.on("m1", {MAPI_E_USER_CANCEL});
    Store &s = w.store("s");
    s.submit("m1");
    w.await("entered");
    CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_ORDERLY));
    CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle));
    CHECK_HR(S_OK, s.wait());
    CHECK_EQUAL(1, w.count("s: released COMPLETE QUEUE"));
    CHECK_IS("COMPLETE QUEUE: ready 1", s.status());
}

int main() {
    finishes();
    turned_into_abort();
    return 0;
}
