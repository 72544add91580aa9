/* Each method of a support object that is the host's reaches the host's object with every argument as it was given,
 * in its full width, and comes back with the host's answer; without a host's object it is MAPI_E_NO_SUPPORT. Compiled
 * in each form that mapispi.h has: com_forwarding_*.c, .cpp. */

#include "recording_host.h"

static HMAPISPOOLER spooler;
static HMAPISTORE store;

static LPMAPISUP support_with(LPMAPISUP inner) {
    LPMAPISUP support = NULL;
    CHECK_HR(S_OK, MapiStoreGetSupport(store, inner, &support));
    CHECK(support != NULL && support != inner);
    return support;
}

static void forget(void) {
    memset(&recorded, 0, sizeof recorded);
}

/* Values that could be mistaken for one another would hide arguments that change places. */
static void check_distinct(void) {
    unsigned i, j;
    for (i = 0; i < recorded.count; ++i)
        for (j = 0; j < i; ++j)
            CHECK(recorded.numbers[i] != recorded.numbers[j]);
}

#define FORWARDS(slot, method, number, parameters, arguments, values) \
    do { \
        uint64_t direct[11]; \
        forget(); \
        CHECK_HR(host_answer(slot), CALL(host, method, (UNPACK values))); \
        check_distinct(); \
        memcpy(direct, recorded.numbers, sizeof direct); \
        forget(); \
        CHECK_HR(host_answer(slot), CALL(support, method, (UNPACK values))); \
        CHECK(recorded.name != NULL && strcmp(recorded.name, #method) == 0); \
        CHECK(recorded.self == host); \
        CHECK_EQUAL(number, recorded.count); \
        CHECK(memcmp(direct, recorded.numbers, sizeof direct) == 0); \
    } while (0);

static void forwards(LPMAPISUP support) {
    HOST_METHODS(FORWARDS)
}

/* The arguments point nowhere: whoever wrote a result would not get far. */
#define NO_SUPPORT(slot, method, number, parameters, arguments, values) \
    CHECK_HR(MAPI_E_NO_SUPPORT, CALL(support, method, (UNPACK values)));

static void has_no_host(LPMAPISUP support) {
    forget();
    HOST_METHODS(NO_SUPPORT)
    CHECK(recorded.name == NULL);
}

/* What is the spooler's never reaches the host. */
static void keeps_its_own(LPMAPISUP support) {
    ULONG flags = LOGOFF_QUIET;
    forget();
    CHECK_EQUAL(2, CALL0(support, AddRef));
    CHECK_EQUAL(1, CALL0(support, Release));
    CHECK_HR(S_OK, CALL(support, SpoolerNotify, (NOTIFY_READYTOSEND, NULL)));
    CHECK_HR(S_OK, CALL(support, StoreLogoffTransports, (&flags)));
    CHECK_EQUAL(LOGOFF_COMPLETE, flags);
    CHECK(recorded.name == NULL);
    CHECK_EQUAL(2, host_references);
}

int main(void) {
    MAPISPOOLOPTIONS options;
    LPMAPISUP support;
    memset(&options, 0, sizeof options);
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "forwarding";
    make_host();
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 5, "store", 0, NULL, NULL, &store));

    support = support_with(NULL);
    has_no_host(support);
    CHECK_EQUAL(0, CALL0(support, Release));

    support = support_with(host);
    forwards(support);
    keeps_its_own(support);
    forwards(support); /* the logoff is none of the host's business */
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
    forwards(support);
    CHECK_EQUAL(2, host_references);
    CHECK_EQUAL(0, CALL0(support, Release));
    CHECK_EQUAL(1, host_references);
    CHECK_HR(S_OK, MapiStoreRelease(store));
    return 0;
}
