/* Manual mode: a call that waits without a limit gives up when nothing can move any more. A transport that is told every
 * second to stop, and has not stopped when it was told a thousand times, does not keep the call waiting for ever. */

#include "check.h"

static int told;

static HRESULT MAPISPOOL_CALL notify(void *context, ULONG flags, const MAPISPOOLMESSAGE *message) {
    (void) context, (void) message;
    if (flags == NOTIFY_CANCEL_MESSAGE)
        ++told;
    return S_OK;
}

int main(void) {
    MAPISPOOLOPTIONS options = {0};
    MAPITRANSPORTOPS ops = {0};
    HMAPISPOOLER spooler;
    HMAPITRANSPORT transport;
    HMAPISTORE store;
    HMAPITRANSFER transfer;

    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "manual_without_limit";
    options.ulRetryPause = 0xFFFFFFFE; /* fifty days, in which it could be told four million times */
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    ops.cbSize = (ULONG) sizeof ops;
    ops.TransportNotify = notify;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &transport));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, NULL, NULL, &store));
    CHECK_HR(S_OK, MapiTransportBeginInbound(transport, store, &transfer));

    CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(spooler, LOGOFF_ABORT, MAPISPOOL_INFINITE));
    /* At once, a thousand times, and after fifty days, when a transport that has not asked counts as not asking. */
    CHECK_EQUAL(1002, told);
    CHECK_HR(MAPI_W_CANCEL_MESSAGE, MapiTransferSpoolerYield(transfer));

    /* With a limit it is told until that has passed. */
    CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(spooler, LOGOFF_ABORT, 10500));
    CHECK_EQUAL(1012, told);

    CHECK_HR(S_OK, MapiTransferEnd(transfer, MAPI_E_USER_CANCEL, 0, 0));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}
