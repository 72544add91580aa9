/* Handles are checked: null, released, of another kind, any other number, of another spooler, after a close: an
 * error, never a crash. api.md, "Rules for all of them"; semantics.md, section 2, errors; section 6, closing. */

#include "check.h"

#include <stdint.h>

typedef struct World {
    HMAPISPOOLER spooler;
    HMAPITRANSPORT driven, self_driven;
    HMAPISTORE store;
    HMAPITRANSFER transfer;
} World;

static HRESULT MAPISPOOL_CALL submit(void *context, const MAPISPOOLMESSAGE *message, ULONG *seconds) {
    (void) context, (void) message, (void) seconds;
    return S_OK;
}

static World open_world(void) {
    World world;
    MAPISPOOLOPTIONS options = {0};
    MAPITRANSPORTOPS ops = {0};
    memset(&world, 0, sizeof world);
    options.cbSize = (ULONG) sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "handles";
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &world.spooler));
    ops.cbSize = (ULONG) sizeof ops;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(world.spooler, "own", 0, NULL, &ops, NULL, &world.self_driven));
    ops.SubmitMessage = submit;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(world.spooler, "driven", 0, NULL, &ops, NULL, &world.driven));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(world.spooler, 1, "s", 0, NULL, NULL, &world.store));
    CHECK_HR(S_OK, MapiTransportBeginInbound(world.self_driven, world.store, &world.transfer));
    return world;
}

/* Every function with a bad handle of each kind that it takes; outputs stay as they are. */
static void bad_spooler(HMAPISPOOLER bad) {
    MAPITRANSPORTOPS ops = {0};
    HMAPITRANSPORT transport = (HMAPITRANSPORT) (void *) &ops;
    HMAPISTORE store = (HMAPISTORE) (void *) &ops;
    ULONG count = 77;
    ops.cbSize = (ULONG) sizeof ops;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerRun(bad, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerClose(bad, 0, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerLogoffStores(bad, LOGOFF_QUIET, 0, &count));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerAddTransport(bad, "t", 0, NULL, &ops, NULL, &transport));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpenStore(bad, 1, "x", 0, NULL, NULL, &store));
    CHECK_EQUAL(77, count);
    CHECK(transport == (HMAPITRANSPORT) (void *) &ops);
    CHECK(store == (HMAPISTORE) (void *) &ops);
}

static void bad_store(HMAPISTORE bad, const World *good) {
    MAPISPOOLSTATUS status = {0};
    HMAPITRANSFER transfer = (HMAPITRANSFER) (void *) &status;
    ULONG word = LOGOFF_QUIET;
    status.cbSize = (ULONG) sizeof status;
    status.cReady = 77;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreSubmitMessage(bad, 1, "m"));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreAbortSubmit(bad, 1, "m"));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreGetStatus(bad, &status));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreAddRef(bad));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreRelease(bad));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, StoreLogoffTransports(bad, &word));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreLogoff(bad, &word));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreWait(bad, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreCancelLogoff(bad));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginOutbound(good->self_driven, bad, 1, "m", &transfer));
    if (bad != NULL) /* the default Inbox, which there is not */
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginInbound(good->self_driven, bad, &transfer));
    CHECK_EQUAL(LOGOFF_QUIET, word);
    CHECK_EQUAL(77, status.cReady);
    CHECK(transfer == (HMAPITRANSFER) (void *) &status);
}

static void bad_transport(HMAPITRANSPORT bad, const World *good) {
    const MAPISPOOLMESSAGE *message = NULL;
    HMAPITRANSFER transfer = NULL;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportRemove(bad));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportSpoolerNotify(bad, NOTIFY_READYTOSEND, 0, NULL));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportTakeMessage(bad, 0, &message));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginOutbound(bad, good->store, 1, "m", &transfer));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginInbound(bad, good->store, &transfer));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginInbound(bad, NULL, &transfer));
    CHECK(message == NULL);
    CHECK(transfer == NULL);
}

static void bad_transfer(HMAPITRANSFER bad) {
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferSpoolerYield(bad));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(bad, S_OK, 0, 0));
}

static void bad_everywhere(uintptr_t number, const World *good) {
    bad_spooler((HMAPISPOOLER) number);
    bad_store((HMAPISTORE) number, good);
    bad_transport((HMAPITRANSPORT) number, good);
    bad_transfer((HMAPITRANSFER) number);
}

static int is_one_of(const World *w, uintptr_t number) {
    return number == (uintptr_t) w->spooler || number == (uintptr_t) w->store ||
           number == (uintptr_t) w->driven || number == (uintptr_t) w->self_driven ||
           number == (uintptr_t) w->transfer;
}

static void any_number(const World *good) {
    const uintptr_t valid[] = {
        (uintptr_t) good->spooler, (uintptr_t) good->store, (uintptr_t) good->driven,
        (uintptr_t) good->transfer,
    };
    uintptr_t random = (uintptr_t) 88172645463325252u, number;
    size_t i, bit;
    bad_everywhere(0, good);
    bad_everywhere(UINTPTR_MAX, good);
    bad_everywhere((uintptr_t) &random, good);
    for (number = 1; number < 2000; ++number)
        if (!is_one_of(good, number))
            bad_everywhere(number, good);
    for (i = 0; i < 5000; ++i) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        if (!is_one_of(good, random))
            bad_everywhere(random, good);
    }
    /* Each valid handle with one bit flipped. */
    for (i = 0; i < sizeof valid / sizeof *valid; ++i)
        for (bit = 0; bit < 8 * sizeof number; ++bit)
            if (!is_one_of(good, valid[i] ^ (uintptr_t) 1 << bit))
                bad_everywhere(valid[i] ^ (uintptr_t) 1 << bit, good);
}

static void foreign_kinds(const World *w) {
    bad_spooler((HMAPISPOOLER) (void *) w->store);
    bad_spooler((HMAPISPOOLER) (void *) w->driven);
    bad_spooler((HMAPISPOOLER) (void *) w->transfer);
    bad_store((HMAPISTORE) (void *) w->spooler, w);
    bad_store((HMAPISTORE) (void *) w->driven, w);
    bad_store((HMAPISTORE) (void *) w->transfer, w);
    bad_transport((HMAPITRANSPORT) (void *) w->spooler, w);
    bad_transport((HMAPITRANSPORT) (void *) w->store, w);
    bad_transport((HMAPITRANSPORT) (void *) w->transfer, w);
    bad_transfer((HMAPITRANSFER) (void *) w->spooler);
    bad_transfer((HMAPITRANSFER) (void *) w->store);
    bad_transfer((HMAPITRANSFER) (void *) w->driven);
}

/* Handles of two spoolers in one call. */
static void of_another_spooler(const World *w) {
    World other = open_world();
    HMAPITRANSFER transfer = NULL;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginInbound(w->self_driven, other.store, &transfer));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginOutbound(w->self_driven, other.store, 1, "m", &transfer));
    CHECK(transfer == NULL);
    CHECK_HR(S_OK, MapiTransferEnd(other.transfer, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiStoreRelease(other.store));
    CHECK_HR(S_OK, MapiSpoolerClose(other.spooler, 0, MAPISPOOL_INFINITE));
    bad_spooler(other.spooler);
    bad_transport(other.driven, w);
    bad_transport(other.self_driven, w);
    bad_transfer(other.transfer);
    bad_store(other.store, w);
}

/* A handle that is over stays bad, however many come after it. */
static void stale(const World *w) {
    HMAPISTORE first = NULL, store = NULL;
    HMAPITRANSFER first_transfer = NULL, transfer = NULL;
    HMAPITRANSPORT first_transport = NULL, transport = NULL;
    MAPITRANSPORTOPS ops = {0};
    int i;
    ops.cbSize = (ULONG) sizeof ops;
    CHECK_HR(S_OK, MapiSpoolerOpenStore(w->spooler, 1, "x", 0, NULL, NULL, &first));
    CHECK_HR(S_OK, MapiStoreAddRef(first));
    CHECK_HR(S_OK, MapiStoreRelease(first));
    CHECK_HR(S_OK, MapiStoreRelease(first));
    bad_store(first, w); /* and not released twice */
    CHECK_HR(S_OK, MapiTransportBeginInbound(w->self_driven, w->store, &first_transfer));
    CHECK_HR(S_OK, MapiTransferEnd(first_transfer, S_OK, 0, 0));
    bad_transfer(first_transfer);
    CHECK_HR(S_OK, MapiSpoolerAddTransport(w->spooler, "t", 0, NULL, &ops, NULL, &first_transport));
    CHECK_HR(S_OK, MapiTransportRemove(first_transport));
    bad_transport(first_transport, w);
    for (i = 0; i < 1000; ++i) {
        CHECK_HR(S_OK, MapiSpoolerOpenStore(w->spooler, 1, "x", 0, NULL, NULL, &store));
        CHECK(store != first);
        CHECK_HR(S_OK, MapiTransportBeginInbound(w->self_driven, store, &transfer));
        CHECK(transfer != first_transfer);
        CHECK_HR(S_OK, MapiSpoolerAddTransport(w->spooler, "t", 0, NULL, &ops, NULL, &transport));
        CHECK(transport != first_transport);
        if (i % 100 == 0) {
            bad_store(first, w);
            bad_transfer(first_transfer);
            bad_transport(first_transport, w);
        }
        CHECK_HR(S_OK, MapiTransportRemove(transport));
        CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));
        CHECK_HR(S_OK, MapiStoreRelease(store));
    }
}

int main(void) {
    World w = open_world();
    HMAPISTORE kept = NULL;
    ULONG word = LOGOFF_ORDERLY;
    HMAPITRANSFER transfer = NULL;
    MAPISPOOLSTATUS status = {0};
    status.cbSize = (ULONG) sizeof status;
    any_number(&w);
    foreign_kinds(&w);
    of_another_spooler(&w);
    stale(&w);
    bad_store(NULL, &w);
    CHECK_HR(MAPI_E_BUSY, MapiTransportBeginInbound(w.self_driven, NULL, &transfer)); /* no default Inbox */

    /* After the close: gone, but for stores, which answer MAPI_E_INVALID_OBJECT until they are released. */
    CHECK_HR(S_OK, MapiSpoolerOpenStore(w.spooler, 4, "kept", 0, NULL, NULL, &kept));
    CHECK_HR(S_OK, MapiTransferEnd(w.transfer, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiSpoolerClose(w.spooler, 0, MAPISPOOL_INFINITE));
    bad_spooler(w.spooler);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportRemove(w.driven));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportSpoolerNotify(w.driven, NOTIFY_READYTOSEND, 0, NULL));
    bad_transfer(w.transfer);
    CHECK_HR(MAPI_E_INVALID_OBJECT, StoreLogoffTransports(kept, &word));
    CHECK_EQUAL(LOGOFF_ORDERLY, word);
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreSubmitMessage(kept, 1, "m"));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreAbortSubmit(kept, 1, "m"));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreLogoff(kept, &word));
    CHECK_HR(S_OK, MapiStoreWait(kept, 0));
    CHECK_HR(S_OK, MapiStoreCancelLogoff(kept));
    CHECK_HR(S_OK, MapiStoreGetStatus(kept, &status));
    CHECK_EQUAL(LOGOFF_COMPLETE, status.ulFlags);
    CHECK_HR(S_OK, MapiStoreAddRef(kept));
    CHECK_HR(S_OK, MapiStoreRelease(kept));
    CHECK_HR(S_OK, MapiStoreRelease(kept));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreRelease(kept));
    CHECK_HR(S_OK, MapiStoreRelease(w.store));
    return 0;
}
