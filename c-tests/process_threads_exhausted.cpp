// Without a thread to be had calls fail with MAPI_E_NOT_ENOUGH_RESOURCES and change nothing; nothing is lost, closing
// does not hang, and later it works again (the header; semantics.md section 4).
#include "live.hpp"

/** In a user that has no process left to start: RLIMIT_NPROC does not bind root. */
static int work(bool without_any) {
    World::Options options = World::Options::threads();
    World *made = new World(options);
    World &w = *made;
    Store &early = w.store("early"); // needs no thread
    rlimit before;
    CHECK(getrlimit(RLIMIT_NPROC, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 0;
    if (without_any)
        CHECK(setrlimit(RLIMIT_NPROC, &none) == 0);

    MAPITRANSPORTOPS ops = transport_ops();
    static int destroyed;
    ops.Destroy = [](void *) { ++destroyed; };
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    HMAPITRANSPORT refused = nullptr;
    if (without_any) {
        CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES,
                 MapiSpoolerAddTransport(w.handle, "t", 0, nullptr, &ops, nullptr, &refused));
        CHECK(refused == nullptr);
        CHECK_EQUAL(0, destroyed);
        early.submit("stays"); // no transport, no thread
        CHECK_IS("QUEUE: waiting 1", early.status());
        early.abort("stays"); // else a thread would be started for it below
        CHECK(setrlimit(RLIMIT_NPROC, &before) == 0);
    }
    Transport &smtp = w.transport("smtp"); // starts the control thread
    (void) smtp;
    CHECK(setrlimit(RLIMIT_NPROC, &none) == 0);
    HRESULT hr = submit(early.handle, "late");
    CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES, hr); // no thread for the transport; nothing was queued
    CHECK_LAST_ERROR("thread");
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, MapiStoreAbortSubmit(early.handle, 4, "late"));
    ULONG word = LOGOFF_PURGE;
    CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES, StoreLogoffTransports(early.handle, &word));
    CHECK_EQUAL(LOGOFF_PURGE, word);
    CHECK_IS("MAPI_E_NOT_ENOUGH_RESOURCES", early.logoff(LOGOFF_PURGE));
    ULONG incomplete = 7;
    CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES, MapiSpoolerLogoffStores(w.handle, LOGOFF_PURGE, 1000, &incomplete));
    CHECK_EQUAL(7, incomplete);
    if (without_any) {
        // Later it works again.
        CHECK(setrlimit(RLIMIT_NPROC, &before) == 0);
        early.submit("late");
        CHECK_IS("COMPLETE", early.logoff(LOGOFF_PURGE));
        CHECK_EQUAL(1, early.raw_status().cFinished);
    } else {
        CHECK_IS("COMPLETE", early.logoff(LOGOFF_ABORT)); // and this way it goes
    }
    delete made; // closing needs none
    return 0;
}

int main() {
    for (bool without_any : {true, false})
        CHECK_EQUAL(0, end_of(start_child([&] {
            // A user that nothing else runs as.
            if (getuid() == 0)
                CHECK(setgid(54321) == 0 && setuid(54321) == 0);
            rlimit none = {0, 0}, before;
            CHECK(getrlimit(RLIMIT_NPROC, &before) == 0);
            none.rlim_max = before.rlim_max;
            CHECK(setrlimit(RLIMIT_NPROC, &none) == 0);
            pthread_t thread;
            bool binds = pthread_create(&thread, nullptr, [](void *) -> void * { return nullptr; }, nullptr) != 0;
            CHECK(setrlimit(RLIMIT_NPROC, &before) == 0);
            if (!binds) {
                pthread_join(thread, nullptr);
                return 0; // a system that does not limit this
            }
            return work(without_any);
        })));
    return 0;
}
