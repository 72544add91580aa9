/* Options and the other structs: cbSize, unknown flags, strings, limits. api.md, "Rules for all of them";
 * semantics.md, section 6, "Every wait has a limit"; section 7, "Options". */

#include "check.h"

#include <mapispi.h>

#include <stddef.h>

static MAPISPOOLOPTIONS good(void) {
    MAPISPOOLOPTIONS options = {0};
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "options";
    return options;
}

static void opens(const MAPISPOOLOPTIONS *options) {
    HMAPISPOOLER spooler = NULL;
    CHECK_HR(S_OK, MapiSpoolerOpen(options, &spooler));
    CHECK(spooler != NULL);
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
}

static void fails(HRESULT expected, const MAPISPOOLOPTIONS *options) {
    HMAPISPOOLER spooler = (HMAPISPOOLER) (void *) &expected;
    CHECK_HR(expected, MapiSpoolerOpen(options, &spooler));
    CHECK(spooler == (HMAPISPOOLER) (void *) &expected);
}

static void sizes(void) {
    struct { MAPISPOOLOPTIONS known; unsigned char more[32]; } larger;
    MAPISPOOLOPTIONS options = good();
    ULONG size;
    memset(&larger, 0, sizeof larger);
    larger.known = good();
    larger.known.cbSize = (ULONG) sizeof larger;
    opens(&larger.known); /* a newer caller that uses nothing new */
    larger.more[31] = 1;
    fails(MAPI_E_VERSION, &larger.known);
    larger.more[31] = 0;
    larger.more[0] = 1;
    fails(MAPI_E_VERSION, &larger.known);
    for (size = 0; size < offsetof(MAPISPOOLOPTIONS, lpszProfileName) + sizeof(char *); ++size) {
        options.cbSize = size; /* too small for what is required, and never an older version's size */
        fails(MAPI_E_VERSION, &options);
    }
}

/* The options of before lpfnAllocateBuffer: what is behind their end is not looked at. */
static void older(void) {
    MAPISPOOLOPTIONS options = good();
    const ULONG old = (ULONG) offsetof(MAPISPOOLOPTIONS, lpfnAllocateBuffer);
    HMAPISPOOLER spooler = NULL;
    HMAPISTORE store = NULL;
    LPMAPISUP support = NULL;
    LPMAPIERROR error = NULL;
    ULONG size, flags = 0;
    memset(&options.lpfnAllocateBuffer, 0xEE, sizeof options.lpfnAllocateBuffer);
    for (size = old - 1; size < sizeof options; ++size) {
        options.cbSize = size;
        if (size != old)
            fails(MAPI_E_VERSION, &options);
    }
    options.cbSize = old;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 5, "store", 0, NULL, NULL, &store));
    CHECK_HR(S_OK, MapiStoreGetSupport(store, NULL, &support));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, support->lpVtbl->StoreLogoffTransports(support, &flags));
    CHECK_HR(MAPI_E_NO_SUPPORT, support->lpVtbl->GetLastError(support, MAPI_E_INVALID_PARAMETER, 0, &error));
    CHECK_EQUAL(0, support->lpVtbl->Release(support));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
}

static void strings(void) {
    static char name[65537];
    MAPISPOOLOPTIONS options = good();
    options.lpszProfileName = NULL;
    fails(MAPI_E_INVALID_PARAMETER, &options);
    options.lpszProfileName = "";
    fails(MAPI_E_INVALID_PARAMETER, &options);
    options.lpszProfileName = "caf\xE9"; /* Latin-1 */
    fails(MAPI_E_BAD_CHARWIDTH, &options);
    options.lpszProfileName = "\xED\xA0\x80"; /* a surrogate */
    fails(MAPI_E_BAD_CHARWIDTH, &options);
    options.lpszProfileName = "caf\xC3\xA9";
    opens(&options);
    memset(name, 'n', 65536);
    options.lpszProfileName = name;
    fails(MAPI_E_INVALID_PARAMETER, &options);
    name[65535] = '\0';
    opens(&options);
    options = good();
    options.lpszPresenceDirectory = "\xFF";
    fails(MAPI_E_BAD_CHARWIDTH, &options);
}

static void flags_and_pointers(void) {
    MAPISPOOLOPTIONS options = good();
    ULONG bit;
    for (bit = 4; bit != 0; bit <<= 1) {
        options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL | bit;
        fails(MAPI_E_UNKNOWN_FLAGS, &options);
    }
    fails(MAPI_E_INVALID_PARAMETER, NULL);
    options = good();
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpen(&options, NULL));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpen(NULL, NULL));
}

/* Other structs. */
static void other_structs(void) {
    struct { MAPISPOOLSTATUS known; ULONG more; } status;
    struct { MAPISTOREOPS known; void *more; } store_ops;
    struct { MAPITRANSPORTOPS known; void *more; } transport_ops;
    MAPISPOOLOPTIONS options = good();
    HMAPISPOOLER spooler = NULL;
    HMAPITRANSPORT added = NULL;
    HMAPISTORE opened = NULL;
    ULONG size;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));

    memset(&store_ops, 0, sizeof store_ops);
    store_ops.known.cbSize = (ULONG) sizeof store_ops;
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, &store_ops.known, NULL, &opened));
    store_ops.more = &store_ops;
    CHECK_HR(MAPI_E_VERSION, MapiSpoolerOpenStore(spooler, 1, "t", 0, &store_ops.known, NULL, &opened));
    store_ops.known.cbSize = 0;
    CHECK_HR(MAPI_E_VERSION, MapiSpoolerOpenStore(spooler, 1, "t", 0, &store_ops.known, NULL, &opened));
    for (size = 2; size != 0; size <<= 1) /* unknown flags */
        CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiSpoolerOpenStore(spooler, 1, "t", size, NULL, NULL, &opened));
    CHECK_HR(MAPI_E_INVALID_ENTRYID, MapiSpoolerOpenStore(spooler, 0, "t", 0, NULL, NULL, &opened));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpenStore(spooler, 1, NULL, 0, NULL, NULL, &opened));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpenStore(spooler, 1, "t", 0, NULL, NULL, NULL));

    memset(&status, 0, sizeof status);
    status.known.cbSize = (ULONG) sizeof status;
    CHECK_HR(S_OK, MapiStoreGetStatus(opened, &status.known));
    status.more = 1;
    CHECK_HR(MAPI_E_VERSION, MapiStoreGetStatus(opened, &status.known));
    status.known.cbSize = 3;
    CHECK_HR(MAPI_E_VERSION, MapiStoreGetStatus(opened, &status.known));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreGetStatus(opened, NULL));

    memset(&transport_ops, 0, sizeof transport_ops);
    transport_ops.known.cbSize = (ULONG) sizeof transport_ops;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &transport_ops.known, NULL, &added));
    transport_ops.more = &transport_ops;
    CHECK_HR(MAPI_E_VERSION, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &transport_ops.known, NULL, &added));
    transport_ops.known.cbSize = 1;
    CHECK_HR(MAPI_E_VERSION, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &transport_ops.known, NULL, &added));
    transport_ops.known.cbSize = (ULONG) sizeof transport_ops.known;
    CHECK_HR(MAPI_E_BAD_CHARWIDTH,
             MapiSpoolerAddTransport(spooler, "\xC3", 0, NULL, &transport_ops.known, NULL, &added));
    CHECK_HR(MAPI_E_INVALID_PARAMETER,
             MapiSpoolerAddTransport(spooler, NULL, 0, NULL, &transport_ops.known, NULL, &added));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerAddTransport(spooler, "t", 0, NULL, NULL, NULL, &added));
    CHECK_HR(MAPI_E_INVALID_PARAMETER,
             MapiSpoolerAddTransport(spooler, "t", 3, NULL, &transport_ops.known, NULL, &added));
    CHECK_HR(MAPI_E_INVALID_ENTRYID,
             MapiSpoolerAddTransport(spooler, "t", 65536, "x", &transport_ops.known, NULL, &added));
    CHECK_HR(S_OK, MapiStoreRelease(opened));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
}

/* 64 transports, not one more; a removed one makes room. */
static void sixty_four_transports(void) {
    MAPISPOOLOPTIONS options = good();
    MAPITRANSPORTOPS ops = {0};
    HMAPISPOOLER spooler = NULL;
    HMAPITRANSPORT added[65];
    int i;
    ops.cbSize = (ULONG) sizeof ops;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    for (i = 0; i < 64; ++i)
        CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &added[i]));
    CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &added[64]));
    CHECK_HR(S_OK, MapiTransportRemove(added[17]));
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, NULL, &ops, NULL, &added[64]));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
}

int main(void) {
    sizes();
    older();
    strings();
    flags_and_pointers();
    other_structs();
    sixty_four_transports();
    CHECK_EQUAL(MAPISPOOL_VERSION, MapiSpoolerVersion());
    return 0;
}
