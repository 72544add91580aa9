// LogoffStores logs off every store with one instruction and one deadline: 5,000 stores of which some hang are gone
// by then, but for those (semantics.md section 7, LogoffStores).
#include "live.hpp"

static const int many = 5000;
static Gate go;
static std::atomic<int> entered{0}, released{0};
static std::atomic<bool> hang{true};

static HRESULT MAPISPOOL_CALL submit_message(void *, const MAPISPOOLMESSAGE *message, ULONG *) {
    if (message->cbEntryID == 4 && hang) { // "hang"
        ++entered;
        CHECK(go.pass());
    }
    return S_OK;
}

int main() {
    HMAPISPOOLER spooler = open_spooler();
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = submit_message;
    for (const char *name : {"a", "b", "c"})
        add_transport(spooler, name, ops);
    MAPISTOREOPS calls = store_ops();
    calls.Released = [](void *, ULONG) { ++released; };
    released = entered = 0;
    std::vector<HMAPISTORE> stores;
    for (int i = 0; i < many; ++i)
        stores.push_back(open_store(spooler, "s" + std::to_string(i), &calls));
    CHECK_HR(S_OK, submit(stores[17], "hang"));
    CHECK_HR(S_OK, submit(stores[4711], "hang"));
    CHECK(eventually([] { return entered == 2; }));
    for (HMAPISTORE store : stores)
        CHECK_HR(S_OK, submit(store, "m"));

    ULONG incomplete = 77;
    Watch watch;
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(spooler, LOGOFF_PURGE, 2000, &incomplete));
    CHECK(watch.elapsed() >= 1999); // it waits for the two
    CHECK(watch.elapsed() < 20000);
    CHECK_EQUAL(2, incomplete);
    CHECK(eventually([] { return released == many - 2; }));
    for (int i = 0; i < many; ++i) {
        bool hangs = i == 17 || i == 4711;
        MAPISPOOLSTATUS status = status_of(stores[i]);
        CHECK_EQUAL(!hangs, (status.ulFlags & LOGOFF_COMPLETE) != 0);
        CHECK_EQUAL(1, status.cFinished);
    }
    CHECK_HR(S_OK, submit(stores[17], "works as before"));

    hang = false;
    go.open();
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(spooler, LOGOFF_PURGE, MAPISPOOL_INFINITE, &incomplete));
    CHECK_EQUAL(0, incomplete);
    CHECK_EQUAL(3, status_of(stores[17]).cFinished);
    CHECK_EQUAL(2, status_of(stores[4711]).cFinished);
    for (HMAPISTORE store : stores)
        CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK_EQUAL(many, released);
    return 0;
}
