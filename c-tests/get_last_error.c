/* Every failing call leaves a readable reason, with the value that was wrong; MapiSpoolerGetLastError's sizes.
 * semantics.md, section 2, errors; section 7, "Exceptions"; mapispool.h, MapiSpoolerGetLastError. */

#include "check.h"

int main(void) {
    MAPISPOOLOPTIONS options = {0};
    HMAPISPOOLER spooler = NULL;
    HMAPISTORE store = NULL;
    MAPISPOOLSTATUS status = {0};
    char text[512], small[512];
    ULONG needed = 77, again = 77, word;

    /* No call has failed yet. */
    text[0] = 'x';
    CHECK_HR(S_OK, MapiSpoolerGetLastError(text, sizeof text, &needed));
    CHECK_EQUAL(1, needed);
    CHECK_TEXT("", text);

    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpen(NULL, &spooler));
    CHECK_HR(S_OK, MapiSpoolerGetLastError(text, sizeof text, &needed));
    CHECK_EQUAL(strlen(text) + 1, needed);
    CHECK(strchr(text, '\n') == NULL);
    CHECK_LAST_ERROR("null");

    /* Only asks the size; too small; exactly enough. Failing does not change the reason that is asked for. */
    CHECK_HR(S_OK, MapiSpoolerGetLastError(NULL, 0, &again));
    CHECK_EQUAL(needed, again);
    memset(small, 'x', sizeof small);
    again = 77;
    CHECK_HR(MAPI_E_TOO_BIG, MapiSpoolerGetLastError(small, needed - 1, &again));
    CHECK_EQUAL(needed, again);
    CHECK_HR(MAPI_E_TOO_BIG, MapiSpoolerGetLastError(small, 0, &again));
    CHECK_EQUAL(needed, again);
    CHECK_EQUAL('x', small[0]);
    CHECK_HR(S_OK, MapiSpoolerGetLastError(small, needed, &again));
    CHECK_EQUAL(needed, again);
    CHECK_TEXT(text, small);
    CHECK_EQUAL('x', small[needed]);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerGetLastError(text, sizeof text, NULL));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerGetLastError(NULL, 10, &needed));

    /* With the value. */
    options.cbSize = (ULONG) sizeof options;
    options.lpszProfileName = "get_last_error";
    options.ulFlags = 0x00000400;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiSpoolerOpen(&options, &spooler));
    CHECK_LAST_ERROR("400");
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.cbSize = 3;
    CHECK_HR(MAPI_E_VERSION, MapiSpoolerOpen(&options, &spooler));
    CHECK_LAST_ERROR("3");
    options.cbSize = (ULONG) sizeof options;
    options.lpszProfileName = "";
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpen(&options, &spooler));
    CHECK_LAST_ERROR("rofile");
    /* One line, whatever stands in the value. */
    options.lpszProfileName = "get_last_error";
    options.lpszPresenceDirectory = "not\nabsolute";
    options.ulFlags = 0;
    CHECK_HR(MAPI_E_NO_ACCESS, MapiSpoolerOpen(&options, &spooler));
    CHECK_LAST_ERROR("not absolute");
    options.lpszPresenceDirectory = NULL;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "";
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpen(&options, &spooler));
    options.lpszProfileName = "get_last_error";
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    CHECK_LAST_ERROR("rofile"); /* a call that succeeds does not change it */

    CHECK_HR(MAPI_E_INVALID_ENTRYID, MapiSpoolerOpenStore(spooler, 65536, text, 0, NULL, NULL, &store));
    CHECK_LAST_ERROR("65536");
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, NULL, NULL, &store));
    word = 0x40;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, StoreLogoffTransports(store, &word));
    CHECK_LAST_ERROR("0x00000040");
    word = LOGOFF_QUIET | LOGOFF_ABORT;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, StoreLogoffTransports(store, &word));
    CHECK_LAST_ERROR("0x00000018");
    CHECK_HR(MAPI_E_INVALID_PARAMETER, StoreLogoffTransports(store, NULL));
    CHECK_LAST_ERROR("null");
    CHECK_HR(MAPI_E_VERSION, MapiStoreGetStatus(store, &status));
    CHECK_LAST_ERROR("cbSize");
    word = LOGOFF_QUIET;
    CHECK_HR(S_OK, StoreLogoffTransports(store, &word));
    word = LOGOFF_QUIET;
    CHECK_HR(MAPI_E_INVALID_OBJECT, StoreLogoffTransports(store, &word));
    CHECK_LAST_ERROR("over");
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreRelease(store));
    CHECK_LAST_ERROR("handle");
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
    return 0;
}
