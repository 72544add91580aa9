// LOGOFF_ABORT and a transport that ignores the cancel: it is waited for, up to the limit, and told again every
// second; past the limit there is no logoff, and the store works as before (semantics.md section 2, Ruling
// LOGOFF_ABORT; section 7, After a failed ABORT).
#include "live.hpp"

static void limit_passes() {
    World::Options options = World::Options::threads();
    options.abort_limit = 300;
    World w(options);
    Gate go;
    Transfer transfer;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &message) {
        transfer.handle = message.hTransfer;
        w.say("entered");
        CHECK(go.pass());
    };
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    w.await("entered");
    CHECK(!transfer.cancelled());

    Watch watch;
    CHECK_IS("OUTBOUND QUEUE", s.logoff(LOGOFF_ABORT));
    CHECK(watch.elapsed() >= 299);
    w.await("smtp: notify CANCEL_MESSAGE m1");
    CHECK(!transfer.cancelled()); // withdrawn
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));

    s.submit("m3");
    go.open();
    w.await("s: finished m3");
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(3, s.raw_status().cFinished);
    CHECK_EQUAL(1, w.count("smtp: submit m1"));
}

static void told_again() {
    World w(World::Options::threads());
    std::atomic<int> told{0};
    Gate often;
    Transfer transfer;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &message) {
        transfer.handle = message.hTransfer;
        w.say("entered");
        CHECK(often.pass());
        CHECK(transfer.cancelled());
    };
    smtp.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags == NOTIFY_CANCEL_MESSAGE && ++told == 3)
            often.open();
    };
    Store &s = w.store("s");
    s.submit("m1");
    w.await("entered");
    Watch watch;
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ABORT)); // it was sent all the same
    CHECK(watch.elapsed() >= 1998);
    CHECK(told >= 3);
    CHECK_EQUAL(1, w.count("s: finished m1"));
    CHECK_HR(S_OK, s.wait());
}

int main() {
    limit_passes();
    told_again();
    return 0;
}
