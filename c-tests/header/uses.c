/* Uses the header as its users do. Compiled, never run, with the headers given by -include in some order, as
 * C and as C++; the values are those of MAPI, whichever header they come from. */

#define SAME(name, value) enum { name##_is_right = 1 / ((ULONG) (name) == (ULONG) (value)) }

SAME(S_OK, 0);
SAME(LOGOFF_NO_WAIT, 0x00000001);
SAME(LOGOFF_ORDERLY, 0x00000002);
SAME(LOGOFF_PURGE, 0x00000004);
SAME(LOGOFF_ABORT, 0x00000008);
SAME(LOGOFF_QUIET, 0x00000010);
SAME(LOGOFF_COMPLETE, 0x00010000);
SAME(LOGOFF_INBOUND, 0x00020000);
SAME(LOGOFF_OUTBOUND, 0x00040000);
SAME(LOGOFF_OUTBOUND_QUEUE, 0x00080000);
SAME(NOTIFY_CANCEL_MESSAGE, 0x80000000);
SAME(NOTIFY_NEWMAIL_RECEIVED, 0x20000000);
SAME(END_DONT_RESEND, 0x00040000);
SAME(MAPI_E_INTERFACE_NOT_SUPPORTED, 0x80004002);
SAME(MAPI_E_CALL_FAILED, 0x80004005);
SAME(MAPI_E_INVALID_PARAMETER, 0x80070057);
SAME(MAPI_E_BUSY, 0x8004010B);
SAME(MAPI_W_CANCEL_MESSAGE, 0x00040580);

/* MAPI's flags are macros, so that a program can ask for them. */
#if !defined(LOGOFF_ABORT) || !defined(MSG_LOCKED) || !defined(BEGIN_DEFERRED)
#error "not macros"
#endif
#if MAPISPOOL_VERSION < 0x000100
#error "not a number"
#endif

static HRESULT MAPISPOOL_CALL submit(void *context, const MAPISPOOLMESSAGE *message, ULONG *retry)
{
    HRESULT result = MapiTransferSpoolerYield(message->hTransfer);

    *retry = context != NULL ? 1 : 0;
    if (result == MAPI_W_CANCEL_MESSAGE)
        return MAPI_E_USER_CANCEL;
    /* No enumerators in C++: these would be warnings at -Wextra. */
    result = *retry != 0 ? MAPI_E_WAIT : S_OK;
    return message->cbEntryID == 0 ? result : MAPI_E_NOT_ME;
}

static const char *explain(HRESULT result)
{
    switch (result) {
    case S_OK: return "S_OK";
    case MAPI_E_BUSY: return "MAPI_E_BUSY";
    case MAPI_E_INVALID_OBJECT: return "MAPI_E_INVALID_OBJECT";
    default: return "";
    }
}

LPMAPISUP support_of(HMAPISTORE store, LPMAPISUP host);
LPMAPISUP support_of(HMAPISTORE store, LPMAPISUP host)
{
    LPMAPISUP support = NULL;
    return MapiStoreGetSupport(store, host, &support) == S_OK ? support : NULL;
}

const char *use_of_mapispool(HMAPISPOOLER spooler, HMAPISTORE store);
const char *use_of_mapispool(HMAPISPOOLER spooler, HMAPISTORE store)
{
    static MAPITRANSPORTOPS ops;
    HRESULT (MAPISPOOL_CALL *logoff)(HMAPISTORE, ULONG *) = StoreLogoffTransports;
    ULONG flags = LOGOFF_ORDERLY;
    HMAPITRANSPORT transport;

    ops.cbSize = sizeof ops;
    ops.SubmitMessage = submit;
    if (MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &transport) != S_OK)
        return explain(MapiSpoolerClose(spooler, LOGOFF_ABORT, MAPISPOOL_INFINITE));
    return explain(logoff(store, &flags));
}
