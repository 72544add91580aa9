// Opening a store while a thread waits in ABORT or PURGE of its last logon: that call returns COMPLETE and the
// status flags at once, cancelling withdrawn (semantics.md section 2, Other opens).
#include "live.hpp"

static void reopened(ULONG instruction) {
    World w(World::Options::threads());
    Gate go;
    Transfer transfer;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &message) {
        transfer.handle = message.hTransfer;
        w.say("entered");
        CHECK(go.pass());
    };
    Store &first = w.store("first", "s");
    first.submit("m1");
    first.submit("m2");
    w.await("entered");
    bool abort = instruction == LOGOFF_ABORT;
    Side waiting([&] { CHECK_IS("COMPLETE OUTBOUND QUEUE", first.logoff(instruction)); });
    w.await(abort ? "smtp: notify CANCEL_MESSAGE m1" : "smtp: notify BEGIN_OUTBOUND_FLUSH");
    CHECK_EQUAL(abort, transfer.cancelled());
    Store &second = w.store("second", "s");
    waiting.join(); // at once: the transport still hangs
    CHECK(!transfer.cancelled());
    CHECK_HR(MAPI_E_TIMEOUT, first.wait(0));
    go.open();
    CHECK_HR(S_OK, first.wait());
    CHECK_IS("COMPLETE", second.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(2, second.raw_status().cFinished);
}

int main() {
    reopened(LOGOFF_ABORT);
    reopened(LOGOFF_PURGE);
    return 0;
}
