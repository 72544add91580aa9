/* MapiTransferEnd and MapiTransferSpoolerYield: results that do not fit the end flags, several end flags, unknown
 * ones, a driven transport's transfer: an error, and the transfer stays. semantics.md, section 7, "TransferEnd". */

#include "check.h"

static HMAPISPOOLER spooler;
static HMAPITRANSPORT own, driven;
static HMAPISTORE store;
static HMAPITRANSFER last_of_driven;
static int driven_calls;

static const ULONG end_flags[] = {END_RESEND_NOW, END_RESEND_LATER, END_DONT_RESEND};

static void check_that_it_is_over(HMAPITRANSFER transfer) {
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferSpoolerYield(transfer));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, S_OK, 0, 0));
}

static HRESULT MAPISPOOL_CALL submit(void *context, const MAPISPOOLMESSAGE *message, ULONG *seconds) {
    (void) context, (void) seconds;
    CHECK(message->hTransfer != last_of_driven);
    if (last_of_driven != NULL)
        check_that_it_is_over(last_of_driven); /* also while the next one goes */
    last_of_driven = message->hTransfer;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(message->hTransfer, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiTransferSpoolerYield(message->hTransfer));
    ++driven_calls;
    return S_OK;
}

static HRESULT MAPISPOOL_CALL end(void *context, const MAPISPOOLMESSAGE *message, ULONG *flags) {
    (void) context;
    CHECK_EQUAL(0, *flags);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(message->hTransfer, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiTransferSpoolerYield(message->hTransfer));
    ++driven_calls;
    return S_OK;
}

static MAPISPOOLSTATUS status(void) {
    MAPISPOOLSTATUS status = {0};
    status.cbSize = (ULONG) sizeof status;
    CHECK_HR(S_OK, MapiStoreGetStatus(store, &status));
    return status;
}

static void outbound(void) {
    HMAPITRANSFER transfer = NULL;
    size_t i, j;
    const HRESULT results[] = {MAPI_E_NOT_ME, MAPI_E_BUSY, MAPI_E_WAIT, MAPI_E_USER_CANCEL, MAPI_E_CALL_FAILED,
                               MAPI_W_PARTIAL_COMPLETION};
    CHECK_HR(S_OK, MapiTransportBeginOutbound(own, store, 2, "m1", &transfer));
    for (i = 0; i < sizeof results / sizeof *results; ++i)
        for (j = 0; j < 3; ++j)
            CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, results[i], end_flags[j], 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, S_OK, END_RESEND_NOW | END_RESEND_LATER, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, S_OK, END_RESEND_NOW | END_DONT_RESEND, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER,
             MapiTransferEnd(transfer, S_OK, END_RESEND_NOW | END_RESEND_LATER | END_DONT_RESEND, 0));
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiTransferEnd(transfer, S_OK, 1, 0));
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiTransferEnd(transfer, S_OK, END_RESEND_NOW | 0x80000, 0));
    CHECK_EQUAL(1, status().cOutbound); /* it stays */
    CHECK_HR(S_OK, MapiTransferSpoolerYield(transfer));
    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 77)); /* seconds are ignored here */
    CHECK_EQUAL(0, status().cOutbound);
    CHECK_EQUAL(1, status().cFinished);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, S_OK, 0, 0)); /* not twice */
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferSpoolerYield(transfer));
}

/* For a message that was received any result will do, and no end flags. */
static void inbound(void) {
    const HRESULT results[] = {S_OK, MAPI_E_USER_CANCEL, MAPI_E_CALL_FAILED, MAPI_W_PARTIAL_COMPLETION, 12345, -1};
    HMAPITRANSPORT both[2];
    size_t i, j;
    both[0] = own;
    both[1] = driven; /* a driven transport ends what it receives itself */
    for (i = 0; i < sizeof results / sizeof *results; ++i) {
        HMAPITRANSFER transfer = NULL;
        CHECK_HR(S_OK, MapiTransportBeginInbound(both[i % 2], store, &transfer));
        for (j = 0; j < 3; ++j)
            CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, S_OK, end_flags[j], 0));
        CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiTransferEnd(transfer, S_OK, 8, 0));
        CHECK_EQUAL(1, status().cInbound);
        CHECK_EQUAL(LOGOFF_INBOUND, status().ulFlags);
        CHECK_HR(S_OK, MapiTransferEnd(transfer, results[i], 0, 5));
        CHECK_EQUAL(0, status().cInbound);
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, S_OK, 0, 0));
    }
}

static void of_a_driven_transport(void) {
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m2"));
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    check_that_it_is_over(last_of_driven);
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m3"));
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    check_that_it_is_over(last_of_driven);
    CHECK_EQUAL(4, driven_calls);
    CHECK_EQUAL(3, status().cFinished);
}

int main(void) {
    MAPISPOOLOPTIONS options = {0};
    MAPITRANSPORTOPS ops = {0};
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "transfer_end";
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    ops.cbSize = (ULONG) sizeof ops;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "own", 0, NULL, &ops, NULL, &own));
    ops.SubmitMessage = submit;
    ops.EndMessage = end;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "driven", 0, NULL, &ops, NULL, &driven));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, NULL, NULL, &store));
    outbound();
    inbound();
    of_a_driven_transport();
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(NULL, S_OK, 0, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferSpoolerYield(NULL));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}
