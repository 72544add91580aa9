// LOGOFF_NO_WAIT returns at once and sends every ready message in the background; Wait waits for it, and so does
// Close (semantics.md section 2, Outcomes and Ruling immediately; section 6).
#include "live.hpp"

static void run(bool wait) {
    World w(World::Options::threads());
    Gate go;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(go.pass());
    };
    Store &s = w.store("s", "", MAPISPOOL_DEFAULT_INBOX);
    const ULONG mail = 50;
    for (ULONG i = 0; i < mail; ++i)
        s.submit("m" + std::to_string(i));
    w.await("entered");
    CHECK_IS("COMPLETE OUTBOUND QUEUE", s.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(20));
    CHECK_HR(MAPI_E_INVALID_OBJECT, submit(s.handle, "late"));
    CHECK_IS("MAPI_E_INVALID_OBJECT", s.logoff(LOGOFF_QUIET));
    w.await("smtp: notify END_INBOUND");
    go.open();
    if (wait) {
        CHECK_HR(S_OK, s.wait());
        CHECK_EQUAL(1, s.released);
        CHECK_EQUAL(mail, s.raw_status().cFinished);
    }
    CHECK_HR(S_OK, w.close());
    CHECK_EQUAL(mail, s.raw_status().cFinished);
    CHECK_EQUAL(LOGOFF_COMPLETE, s.raw_status().ulFlags);
    CHECK_HR(S_OK, s.wait(0));
}

int main() {
    run(true);
    run(false);
    return 0;
}
