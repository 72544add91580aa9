// Manual mode at the edges of time: the longest pauses and limits that can be asked for are kept to the millisecond,
// and no sum of them runs over (semantics.md section 6, Manual mode; MAPISPOOLOPTIONS).
#include "world.hpp"

static const ULONG LONGEST = 0xFFFFFFFE, A_RUN = 0xFFFFFFFF; // milliseconds: seven weeks

static World::Options longest() {
    World::Options options;
    options.abort_limit = options.purge_limit = options.retry_pause = options.declined_pause = LONGEST;
    return options;
}

/** The message is tried again after exactly so much time, in steps as large as they can be. */
static void is_tried_after(World &w, uint64_t milliseconds) {
    w.forget();
    for (--milliseconds; milliseconds > A_RUN; milliseconds -= A_RUN)
        w.run(A_RUN);
    w.run(static_cast<ULONG>(milliseconds));
    CHECK_EQUAL(0, w.count("smtp: submit m"));
    w.run(1);
    CHECK_EQUAL(1, w.count("smtp: submit m"));
}

static void pauses() {
    World w(longest());
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("m", {MAPI_E_NOT_ME, ends_with(END_RESEND_LATER), Answer(MAPI_E_WAIT, 0xFFFFFFFF), MAPI_E_NETWORK_ERROR});
    s.submit("m");
    w.run();
    is_tried_after(w, LONGEST);
    is_tried_after(w, LONGEST);
    is_tried_after(w, UINT64_C(0xFFFFFFFF) * 1000); // 136 years
    is_tried_after(w, LONGEST);
    w.run();
    CHECK_IS("-: finished 1", s.status());
}

/** The pause after errors doubles, to 64 times the longest, and no further. */
static void errors_in_a_row() {
    World w(longest());
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.otherwise = MAPI_E_CALL_FAILED;
    s.submit("m");
    w.run();
    for (uint64_t times : {1, 2, 4, 8, 16, 32, 64, 64, 64})
        is_tried_after(w, LONGEST * times);
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
}

/** Waiting calls move time by their limit and no further, the longest one too; and give up where nothing is due. */
static void limits() {
    World w(longest());
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("m", {Answer(MAPI_E_WAIT, 0xFFFFFFFF)});
    s.submit("m");
    w.run();
    for (int i = 0; i < 10; ++i)
        CHECK_HR(MAPI_E_TIMEOUT, s.wait(LONGEST));
    is_tried_after(w, UINT64_C(0xFFFFFFFF) * 1000 - UINT64_C(10) * LONGEST);
    CHECK_HR(MAPI_E_TIMEOUT, s.wait());

    smtp.on("n", {Answer(MAPI_E_WAIT, 0xFFFFFFFF)});
    s.submit("n");
    w.run();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE)); // a purge waits for no pause
    CHECK_EQUAL(1, s.box.outbox->finished.count("n"));
}

int main() {
    pauses();
    errors_in_a_row();
    limits();
    return 0;
}
