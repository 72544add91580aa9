/* StoreLogoffTransports' word: null, no, several or unknown flags; output flags in it are ignored; the order of
 * the checks; with an error it is not written. semantics.md, section 2, "The call" and "Errors". */

#include "check.h"

static const ULONG instructions[] = {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET};
static const ULONG outputs = LOGOFF_COMPLETE | LOGOFF_INBOUND | LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE;

static HMAPISPOOLER spooler;
static HMAPITRANSPORT transport;

static HMAPISTORE open_store(void) {
    HMAPISTORE store = NULL;
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 5, "store", 0, NULL, NULL, &store));
    return store;
}

static void values_are_mapis(void) {
    CHECK_EQUAL(0x00000001, LOGOFF_NO_WAIT);
    CHECK_EQUAL(0x00000002, LOGOFF_ORDERLY);
    CHECK_EQUAL(0x00000004, LOGOFF_PURGE);
    CHECK_EQUAL(0x00000008, LOGOFF_ABORT);
    CHECK_EQUAL(0x00000010, LOGOFF_QUIET);
    CHECK_EQUAL(0x00010000, LOGOFF_COMPLETE);
    CHECK_EQUAL(0x00020000, LOGOFF_INBOUND);
    CHECK_EQUAL(0x00040000, LOGOFF_OUTBOUND);
    CHECK_EQUAL(0x00080000, LOGOFF_OUTBOUND_QUEUE);
    CHECK_EQUAL(0x80070057, (ULONG) MAPI_E_INVALID_PARAMETER);
    CHECK_EQUAL(0x80040106, (ULONG) MAPI_E_UNKNOWN_FLAGS);
    CHECK_EQUAL(0x80040108, (ULONG) MAPI_E_INVALID_OBJECT);
    CHECK_EQUAL(0x8004010B, (ULONG) MAPI_E_BUSY);
    CHECK_EQUAL(0x80040401, (ULONG) MAPI_E_TIMEOUT);
    CHECK_EQUAL(0x80004005, (ULONG) MAPI_E_CALL_FAILED);
    CHECK_EQUAL(0x8007000E, (ULONG) MAPI_E_NOT_ENOUGH_MEMORY);
}

static void bad_words(HMAPISTORE store) {
    ULONG bits, bit;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, StoreLogoffTransports(store, NULL));
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_PARAMETER, store, 0);
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_PARAMETER, store, outputs);
    /* All combinations of instructions, but for the single ones. */
    for (bits = 0; bits < 32; ++bits)
        if ((bits & (bits - 1)) != 0)
            CHECK_LOGOFF_FAILS(MAPI_E_INVALID_PARAMETER, store, bits);
    /* Every unknown bit; it comes before the question of how many instructions there are. */
    for (bit = 1; bit != 0; bit <<= 1) {
        if ((bit & (outputs | 31)) != 0)
            continue;
        CHECK_LOGOFF_FAILS(MAPI_E_UNKNOWN_FLAGS, store, bit);
        CHECK_LOGOFF_FAILS(MAPI_E_UNKNOWN_FLAGS, store, bit | LOGOFF_QUIET);
        CHECK_LOGOFF_FAILS(MAPI_E_UNKNOWN_FLAGS, store, bit | LOGOFF_QUIET | LOGOFF_ABORT | outputs);
    }
    CHECK_LOGOFF_FAILS(MAPI_E_UNKNOWN_FLAGS, store, 0xFFFFFFFF);
}

/* The output flags are ignored where they stand in the word, COMPLETE too. */
static void output_flags_left_in_the_word(void) {
    size_t i;
    ULONG word = 0;
    HMAPISTORE store = open_store();
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m1"));
    CHECK_LOGOFF(LOGOFF_OUTBOUND_QUEUE, store, LOGOFF_QUIET | outputs);
    CHECK_HR(S_OK, MapiStoreAbortSubmit(store, 2, "m1"));
    for (i = 0; i < sizeof instructions / sizeof *instructions; ++i) {
        /* The variable of the call before, with its COMPLETE, and a new instruction. */
        word |= instructions[i];
        CHECK_HR(S_OK, StoreLogoffTransports(store, &word));
        CHECK_EQUAL(LOGOFF_COMPLETE, word);
        CHECK_HR(S_OK, MapiStoreRelease(store));
        store = open_store();
    }
    CHECK_LOGOFF(LOGOFF_COMPLETE, store, LOGOFF_QUIET | outputs);
    CHECK_HR(S_OK, MapiStoreRelease(store));
}

/* Pointer and handle, over, unknown bits, exactly one instruction, busy. */
static void order_of_checks(void) {
    HMAPISTORE store = open_store();
    HMAPITRANSFER transfer = NULL;
    const ULONG unknown = 0x20;

    CHECK_HR(S_OK, MapiTransportBeginInbound(transport, store, &transfer)); /* busy: its own thread */
    CHECK_LOGOFF_FAILS(MAPI_E_BUSY, store, LOGOFF_ABORT);
    CHECK_LOGOFF_FAILS(MAPI_E_BUSY, store, LOGOFF_PURGE | outputs);
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_PARAMETER, store, LOGOFF_ABORT | LOGOFF_PURGE);
    CHECK_LOGOFF_FAILS(MAPI_E_UNKNOWN_FLAGS, store, LOGOFF_ABORT | LOGOFF_PURGE | unknown);
    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));

    CHECK_LOGOFF(LOGOFF_COMPLETE, store, LOGOFF_QUIET);
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_OBJECT, store, LOGOFF_QUIET); /* over */
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_OBJECT, store, unknown);
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_OBJECT, store, 0);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, StoreLogoffTransports(store, NULL));

    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_PARAMETER, store, LOGOFF_QUIET); /* no handle any more */
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_PARAMETER, store, unknown);
    CHECK_LOGOFF_FAILS(MAPI_E_INVALID_PARAMETER, NULL, unknown);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, StoreLogoffTransports(NULL, NULL));
}

/* After every error the store is logged on and works. */
static void nothing_has_changed(void) {
    HMAPISTORE store = open_store();
    MAPISPOOLSTATUS status = {0};
    status.cbSize = (ULONG) sizeof status;
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m1"));
    bad_words(store);
    CHECK_HR(S_OK, MapiStoreGetStatus(store, &status));
    CHECK_EQUAL(LOGOFF_OUTBOUND_QUEUE, status.ulFlags);
    CHECK_HR(MAPI_E_SUBMITTED, MapiStoreSubmitMessage(store, 2, "m1"));
    CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 2, "m2"));
    CHECK_LOGOFF(LOGOFF_OUTBOUND_QUEUE, store, LOGOFF_QUIET);
    CHECK_LOGOFF(LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE, store, LOGOFF_ORDERLY);
    CHECK_HR(S_OK, MapiStoreRelease(store));
}

int main(void) {
    MAPISPOOLOPTIONS options = {0};
    MAPITRANSPORTOPS ops = {0};
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "flags";
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    ops.cbSize = (ULONG) sizeof ops;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &transport));
    values_are_mapis();
    nothing_has_changed();
    output_flags_left_in_the_word();
    order_of_checks();
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}
