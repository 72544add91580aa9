// A running LOGOFF_PURGE can be watched from another thread (status), refuses new mail, and ends S_OK without
// COMPLETE when it is cancelled, the store as before (semantics.md section 2, Ruling PURGE).
#include "live.hpp"

int main() {
    World w(World::Options::threads());
    Gate go;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(go.pass());
    };
    Store &s = w.store("s");
    for (int i = 1; i <= 5; ++i)
        s.submit("m" + std::to_string(i));
    w.await("entered");
    {
        Side purge([&] { CHECK_IS("OUTBOUND QUEUE", s.logoff(LOGOFF_PURGE)); });
        w.await("smtp: notify BEGIN_OUTBOUND_FLUSH");
        CHECK_IS("OUTBOUND QUEUE: ready 4, outbound 1", s.status());
        CHECK_HR(MAPI_E_BUSY, submit(s.handle, "late"));
        CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_QUIET)); // another thread's logoff waits
        CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_PURGE));
        CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
        CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle));
    }
    w.await("smtp: notify END_OUTBOUND_FLUSH");
    CHECK_EQUAL(0, w.count("smtp: flush"));
    CHECK_HR(S_OK, MapiStoreCancelLogoff(s.handle)); // nothing under way: nothing
    s.submit("late");
    go.open();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    CHECK_IS("COMPLETE: finished 6", s.status());
    CHECK_EQUAL(1, w.count("smtp: flush"));
    return 0;
}
