/* Manual mode: no thread and no clock; all work is done on the calling thread, inside the run call, which moves the
 * spooler's own time, and inside waiting calls, which move it to the next thing due. semantics.md, section 6. */

#include "check.h"
#include "this_thread.h"

static HMAPISPOOLER spooler;
static HMAPISTORE store;
static thread_number main_thread;
static int submitted;
static HRESULT answer;

static HRESULT MAPISPOOL_CALL submit(void *context, const MAPISPOOLMESSAGE *message, ULONG *seconds) {
    (void) context, (void) message, (void) seconds;
    CHECK(this_thread_number() == main_thread);
    CHECK_HR(MAPI_E_BUSY, MapiSpoolerRun(spooler, 0));
    ++submitted;
    return answer;
}

static void MAPISPOOL_CALL on_thread(void *context) {
    (void) context;
    check_failed(__FILE__, __LINE__, "manual mode starts no thread");
}

static void MAPISPOOL_CALL on_log(void *context, ULONG level, const char *text) {
    (void) context, (void) level, (void) text;
    CHECK(this_thread_number() == main_thread);
}

static HMAPISPOOLER open_spooler(ULONG flags) {
    HMAPISPOOLER opened = NULL;
    MAPISPOOLOPTIONS options = {0};
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = flags;
    options.lpszProfileName = "manual_run";
    if ((flags & MAPISPOOL_MANUAL) != 0)
        options.lpfnThreadStart = on_thread;
    options.lpfnLog = on_log;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &opened));
    return opened;
}

static void put_off(const char *message) {
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, message));
    answer = MAPI_E_CALL_FAILED; /* five seconds */
    submitted = 0;
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    CHECK_EQUAL(1, submitted);
    answer = S_OK;
}

int main(void) {
    MAPITRANSPORTOPS ops = {0};
    HMAPITRANSPORT transport;
    HMAPISPOOLER threads;
    int i;
    main_thread = this_thread_number();
    spooler = open_spooler(MAPISPOOL_LOCAL | MAPISPOOL_MANUAL);
    ops.cbSize = (ULONG) sizeof ops;
    ops.SubmitMessage = submit;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &transport));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, NULL, NULL, &store));

    /* Nothing happens outside of the calls that work. */
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m1"));
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(store, 0));
    CHECK_EQUAL(0, submitted);
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    CHECK_EQUAL(1, submitted);

    /* Time is what it is told: exactly five seconds, in steps or in one; never by itself. */
    put_off("m2");
    for (i = 0; i < 4999; ++i)
        CHECK_HR(S_OK, MapiSpoolerRun(spooler, 1));
    CHECK_EQUAL(1, submitted);
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 1));
    CHECK_EQUAL(2, submitted);
    put_off("m3");
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    CHECK_EQUAL(1, submitted);
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0xFFFFFFFF)); /* what comes due on the way is done then */
    CHECK_EQUAL(2, submitted);

    /* A waiting call moves time to the next thing due, not beyond its limit, and gives up when nothing can move. */
    put_off("m4");
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(store, 4999));
    CHECK_EQUAL(1, submitted);
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(store, 1));
    CHECK_EQUAL(2, submitted);
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(store, MAPISPOOL_INFINITE));
    put_off("m5");
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(store, MAPISPOOL_INFINITE));
    CHECK_EQUAL(2, submitted);

    /* Many errors: years in a moment. */
    answer = MAPI_E_CALL_FAILED;
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m6"));
    submitted = 0;
    for (i = 0; i < 40; ++i)
        CHECK_HR(S_OK, MapiSpoolerRun(spooler, 1000000));
    CHECK(submitted > 100);
    answer = S_OK;
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 1000000));
    CHECK_LOGOFF(LOGOFF_COMPLETE, store, LOGOFF_QUIET);
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerRun(spooler, 0));

    threads = open_spooler(MAPISPOOL_LOCAL);
    CHECK_HR(MAPI_E_NO_SUPPORT, MapiSpoolerRun(threads, 0));
    CHECK_HR(S_OK, MapiSpoolerClose(threads, 0, 0));
    return 0;
}
