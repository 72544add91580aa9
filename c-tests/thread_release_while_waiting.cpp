// The final release by another thread while a logoff of the logon waits: S_OK at once; should that logoff fail, it
// goes on in the background and returns COMPLETE (semantics.md section 7).
#include "live.hpp"

static void released(ULONG instruction, bool fails) {
    World::Options options = World::Options::threads();
    options.abort_limit = options.purge_limit = fails ? 100 : MAPISPOOL_INFINITE;
    World w(options);
    Gate go;
    Transport &smtp = w.transport("smtp");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(go.pass());
    };
    Store &s = w.store("s");
    s.submit("m1");
    w.await("entered");
    {
        Side waiting([&] { CHECK_IS(fails ? "COMPLETE OUTBOUND" : "COMPLETE", s.logoff(instruction)); });
        w.await(instruction == LOGOFF_ABORT ? "smtp: notify CANCEL_MESSAGE m1" : "smtp: notify BEGIN_OUTBOUND_FLUSH");
        s.release();
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreWait(s.handle, 0));
        if (!fails)
            go.open();
    }
    go.open();
    w.await("s: released COMPLETE");
    CHECK_EQUAL(1, w.count("s: finished m1"));
}

int main() {
    released(LOGOFF_ABORT, false);
    released(LOGOFF_PURGE, false);
    released(LOGOFF_ABORT, true);
    released(LOGOFF_PURGE, true);
    return 0;
}
