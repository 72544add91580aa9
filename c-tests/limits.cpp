// Limits and pauses in the options: 0 is the default, anything else is milliseconds, "at once" is 1.
// semantics.md, section 6, "Every wait has a limit"; section 7, "Options"; defaults: sections 4 and 6.

#include "world.hpp"

// How often an ABORT repeats its cancel, each second, shows how long it waits.
static size_t seconds_of_an_abort(ULONG limit) {
    WorldOptions options;
    options.abort_limit = limit;
    World w(options);
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    Transfer out;
    elsewhere([&] { out = imap.begin(s, "m1"); });
    w.forget();
    size_t cancels = 0;
    imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags == NOTIFY_CANCEL_MESSAGE && ++cancels == 100)
            CHECK_HR(S_OK, out.end());
    };
    CHECK_IS(limit == MAPISPOOL_INFINITE ? "COMPLETE" : "OUTBOUND", s.logoff(LOGOFF_ABORT));
    if (cancels < 100)
        CHECK_HR(S_OK, out.end());
    return cancels - 1;
}

// When a message that was put off comes again.
static void comes_again_after(const WorldOptions &options, const Answer &answer, ULONG milliseconds) {
    World w(options);
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("m1", {answer});
    s.submit("m1");
    w.forget();
    CHECK_HR(S_OK, MapiSpoolerRun(w.handle, milliseconds - 1));
    EXPECT(w, {});
    w.run(1);
    EXPECT(w, {"s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1"});
}

int main() {
    CHECK_EQUAL(0, seconds_of_an_abort(1));
    CHECK_EQUAL(2, seconds_of_an_abort(2999));
    size_t by_default = seconds_of_an_abort(0);
    CHECK(by_default == 14 || by_default == 15); // 15 seconds; the last one falls on the limit
    CHECK_EQUAL(29, seconds_of_an_abort(29500));
    CHECK_EQUAL(99, seconds_of_an_abort(MAPISPOOL_INFINITE));

    WorldOptions options;
    comes_again_after(options, ends_with(END_RESEND_LATER), 5000);
    comes_again_after(options, MAPI_E_NOT_ME, 300000);
    options.retry_pause = 1;
    options.declined_pause = 1;
    comes_again_after(options, ends_with(END_RESEND_LATER), 1);
    comes_again_after(options, MAPI_E_NOT_ME, 1);
    options.retry_pause = 123456;
    options.declined_pause = 234567;
    comes_again_after(options, ends_with(END_RESEND_LATER), 123456);
    comes_again_after(options, MAPI_E_NOT_ME, 234567);
}
