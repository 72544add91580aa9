/* MapiStoreGetStatus: flags and counts at any time, during a logoff and after it, when it keeps the last ones.
 * api.md; semantics.md, sections 1 and 7, "Released". */

#include "check.h"

static HMAPISPOOLER spooler;
static HMAPITRANSPORT own;
static HMAPISTORE store;

static void status_is(int line, ULONG flags, ULONG ready, ULONG waiting, ULONG outbound, ULONG inbound, ULONG finished) {
    MAPISPOOLSTATUS status;
    memset(&status, 0xEE, sizeof status);
    status.cbSize = (ULONG) sizeof status;
    CHECK_HR(S_OK, MapiStoreGetStatus(store, &status));
    check_number(__FILE__, line, "cbSize", sizeof status, status.cbSize);
    check_number(__FILE__, line, "flags", flags, status.ulFlags);
    check_number(__FILE__, line, "ready", ready, status.cReady);
    check_number(__FILE__, line, "waiting", waiting, status.cWaiting);
    check_number(__FILE__, line, "outbound", outbound, status.cOutbound);
    check_number(__FILE__, line, "inbound", inbound, status.cInbound);
    check_number(__FILE__, line, "finished", finished, status.cFinished);
}
#define STATUS(flags, ready, waiting, outbound, inbound, finished) \
    status_is(__LINE__, (flags), (ready), (waiting), (outbound), (inbound), (finished))

static HMAPITRANSFER take(void) {
    const MAPISPOOLMESSAGE *message = NULL;
    CHECK_HR(S_OK, MapiTransportTakeMessage(own, 0, &message));
    return message->hTransfer;
}

int main(void) {
    MAPISPOOLOPTIONS options = {0};
    MAPITRANSPORTOPS ops = {0};
    HMAPITRANSFER first, second, in = NULL;
    HMAPISTORE again = NULL;
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "status";
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, NULL, NULL, &store));
    STATUS(0, 0, 0, 0, 0, 0);
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m1"));
    STATUS(LOGOFF_OUTBOUND_QUEUE, 0, 1, 0, 0, 0); /* no transport could take it */
    ops.cbSize = (ULONG) sizeof ops;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "own", 0, NULL, &ops, NULL, &own));
    STATUS(LOGOFF_OUTBOUND_QUEUE, 1, 0, 0, 0, 0);
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m2"));
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m3"));
    first = take();
    STATUS(LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE, 2, 0, 1, 0, 0);
    second = take();
    CHECK_HR(S_OK, MapiTransferEnd(second, S_OK, END_RESEND_LATER, 0));
    STATUS(LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE, 1, 1, 1, 0, 0);
    CHECK_HR(S_OK, MapiTransferEnd(take(), S_OK, END_DONT_RESEND, 0)); /* m3 is deferred */
    STATUS(LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE, 0, 2, 1, 0, 0);
    CHECK_HR(S_OK, MapiTransportBeginInbound(own, store, &in));
    STATUS(LOGOFF_INBOUND | LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE, 0, 2, 1, 1, 0);
    CHECK_HR(S_OK, MapiTransportSpoolerNotify(own, NOTIFY_SENTDEFERRED, 0, NULL));
    STATUS(LOGOFF_INBOUND | LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE, 1, 1, 1, 1, 0);
    CHECK_HR(S_OK, MapiTransferEnd(first, S_OK, 0, 0));
    STATUS(LOGOFF_INBOUND | LOGOFF_OUTBOUND_QUEUE, 1, 1, 0, 1, 1);
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 5000));
    STATUS(LOGOFF_INBOUND | LOGOFF_OUTBOUND_QUEUE, 2, 0, 0, 1, 1);
    /* A transport that is called no more could take nothing. */
    CHECK_HR(S_OK, MapiTransportSpoolerNotify(own, NOTIFY_CRITICAL_ERROR, 0, NULL));
    STATUS(LOGOFF_INBOUND | LOGOFF_OUTBOUND_QUEUE, 0, 2, 0, 1, 1);
    CHECK_HR(S_OK, MapiTransportSpoolerNotify(own, NOTIFY_READYTOSEND, 0, NULL));
    STATUS(LOGOFF_INBOUND | LOGOFF_OUTBOUND_QUEUE, 2, 0, 0, 1, 1);

    /* During a logoff in the background. */
    CHECK_LOGOFF(LOGOFF_COMPLETE | LOGOFF_INBOUND | LOGOFF_OUTBOUND_QUEUE, store, LOGOFF_NO_WAIT);
    first = take();
    STATUS(LOGOFF_COMPLETE | LOGOFF_INBOUND | LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE, 1, 0, 1, 1, 1);
    CHECK_HR(S_OK, MapiTransferEnd(first, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiTransferEnd(take(), S_OK, END_RESEND_LATER, 0));
    STATUS(LOGOFF_COMPLETE | LOGOFF_INBOUND | LOGOFF_OUTBOUND_QUEUE, 0, 1, 0, 1, 2);
    CHECK_HR(S_OK, MapiTransferEnd(in, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiStoreWait(store, MAPISPOOL_INFINITE));

    /* After it: the last counts, whatever becomes of the store, the spooler and the transport. */
    STATUS(LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE, 0, 1, 0, 0, 2);
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, NULL, NULL, &again));
    CHECK_HR(S_OK, MapiStoreSubmitMessage(again, 2, "m4"));
    STATUS(LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE, 0, 1, 0, 0, 2);
    CHECK_HR(S_OK, MapiStoreRelease(again));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    STATUS(LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE, 0, 1, 0, 0, 2);
    CHECK_HR(S_OK, MapiStoreRelease(store));
    return 0;
}
