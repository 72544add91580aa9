/* MapiStoreLogoff saves the instruction for the final release, keeps it in the word and adds the status flags;
 * a null pointer or no instruction saves nothing and is S_OK. semantics.md, section 3; section 7, "MapiStoreLogoff". */

#include "check.h"

static HMAPISPOOLER spooler;
static HMAPITRANSPORT transport;
static ULONG released; /* what Released was called with; 0: not yet */
static int flushes;

static void MAPISPOOL_CALL on_released(void *context, ULONG flags) {
    (void) context;
    released = flags;
}

static HRESULT MAPISPOOL_CALL on_flush(void *context, ULONG flags) {
    (void) context;
    CHECK_EQUAL(FLUSH_UPLOAD, flags);
    ++flushes;
    return S_OK;
}

static HMAPISTORE open_store(void) {
    HMAPISTORE store = NULL;
    MAPISTOREOPS ops = {0};
    ops.cbSize = (ULONG) sizeof ops;
    ops.Released = on_released;
    released = 0;
    flushes = 0;
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 5, "store", 0, &ops, NULL, &store));
    return store;
}

static HMAPITRANSFER receive(HMAPISTORE store) {
    HMAPITRANSFER transfer = NULL;
    CHECK_HR(S_OK, MapiTransportBeginInbound(transport, store, &transfer));
    return transfer;
}

static void kind_to_clients(void) {
    HMAPISTORE store = open_store();
    HMAPITRANSFER transfer = receive(store);
    ULONG word;
    CHECK_HR(S_OK, MapiStoreLogoff(store, NULL));
    word = 0;
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    CHECK_EQUAL(LOGOFF_INBOUND, word);
    word = LOGOFF_COMPLETE | LOGOFF_OUTBOUND; /* left over from another call */
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    CHECK_EQUAL(LOGOFF_INBOUND, word);
    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));
    CHECK_EQUAL(0, released); /* it saves only */
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    CHECK_EQUAL(LOGOFF_COMPLETE, released);
    CHECK_EQUAL(0, flushes);
}

static void the_word(void) {
    static const ULONG all[] = {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET};
    HMAPISTORE store = open_store();
    HMAPITRANSFER transfer = receive(store);
    size_t i;
    ULONG word;
    for (i = 0; i < sizeof all / sizeof *all; ++i) {
        word = all[i] | LOGOFF_COMPLETE;
        CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
        CHECK_EQUAL(all[i] | LOGOFF_INBOUND, word);
        /* The same variable once more. */
        CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
        CHECK_EQUAL(all[i] | LOGOFF_INBOUND, word);
    }
    word = LOGOFF_NO_WAIT | LOGOFF_PURGE;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreLogoff(store, &word));
    CHECK_EQUAL(LOGOFF_NO_WAIT | LOGOFF_PURGE, word);
    word = LOGOFF_NO_WAIT | 0x40;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiStoreLogoff(store, &word));
    CHECK_EQUAL(LOGOFF_NO_WAIT | 0x40, word);
    word = 0x100000;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiStoreLogoff(store, &word));
    word = LOGOFF_PURGE;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreLogoff(NULL, &word));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreLogoff(NULL, NULL));
    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));
    CHECK_EQUAL(0, released);
    /* Saved last: QUIET. Not logged off yet, so a real logoff is still possible. */
    CHECK_LOGOFF(LOGOFF_COMPLETE, store, LOGOFF_ORDERLY);
    word = LOGOFF_QUIET;
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreLogoff(store, &word));
    CHECK_EQUAL(LOGOFF_QUIET, word);
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreLogoff(store, NULL));
    CHECK_HR(S_OK, MapiStoreRelease(store));
}

/* The final release performs what was saved last. */
static void overwritten(void) {
    HMAPISTORE store = open_store();
    ULONG word = LOGOFF_PURGE;
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    word = LOGOFF_QUIET;
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    CHECK_EQUAL(LOGOFF_COMPLETE, released);
    CHECK_EQUAL(0, flushes);

    store = open_store();
    word = LOGOFF_QUIET;
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    word = LOGOFF_PURGE;
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    CHECK_HR(S_OK, MapiStoreLogoff(store, NULL)); /* saves nothing: PURGE stays */
    word = LOGOFF_OUTBOUND;
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    CHECK_HR(S_OK, MapiStoreAddRef(store));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_EQUAL(0, released); /* not the final one */
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerRun(spooler, 0));
    CHECK_EQUAL(LOGOFF_COMPLETE, released);
    CHECK_EQUAL(1, flushes);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreRelease(store));
}

int main(void) {
    MAPISPOOLOPTIONS options = {0};
    MAPITRANSPORTOPS ops = {0};
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "store_logoff";
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    ops.cbSize = (ULONG) sizeof ops;
    ops.FlushQueues = on_flush;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &transport));
    kind_to_clients();
    the_word();
    overwritten();
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}
