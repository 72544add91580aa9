// Without a thread to be had, calls that need one fail with MAPI_E_NOT_ENOUGH_RESOURCES and change nothing; the
// others do what they always do. Nothing is lost, closing does not hang, and when there are threads again it goes on
// by itself (the header; semantics.md section 4).
#include "posix.hpp"

static const uid_t USER = 54321;
static rlimit usual;

static void no_more_threads() {
    rlimit none = usual;
    none.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_NPROC, &none) == 0);
}

static void threads_again() { CHECK(setrlimit(RLIMIT_NPROC, &usual) == 0); }

static bool has_no_thread(HRESULT hr) {
    CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES, hr);
    CHECK_LAST_ERROR("a thread of the spooler cannot be started");
    return true;
}

// Calls that start a thread.

static void add_transport(World &w) {
    Store &store = w.store("s");
    store.submit("m"); // no transport, no thread
    static int destroyed;
    MAPITRANSPORTOPS ops = transport_ops();
    ops.Destroy = [](void *) { ++destroyed; };
    HMAPITRANSPORT refused = nullptr;
    no_more_threads();
    CHECK(has_no_thread(MapiSpoolerAddTransport(w.handle, "t", 0, nullptr, &ops, nullptr, &refused)));
    CHECK(refused == nullptr);
    CHECK_EQUAL(0, destroyed);
    CHECK_IS("QUEUE: waiting 1", store.status());
    threads_again();
    w.transport("smtp");
    CHECK_IS("COMPLETE", store.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(1, w.count("s: finished m"));
}

static void open_store(World &w) {
    w.transport("smtp"); // no store, no thread
    static int released;
    MAPISTOREOPS ops = store_ops();
    ops.Released = [](void *, ULONG) { ++released; };
    HMAPISTORE refused = nullptr;
    no_more_threads();
    CHECK(has_no_thread(try_open(w.handle, "s", &refused, &ops)));
    CHECK(refused == nullptr);
    CHECK_EQUAL(0, released);
    threads_again();
    Store &store = w.store("s");
    CHECK_IS("COMPLETE", store.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(1, w.count("smtp: flush")); // a real logoff: the open that failed does not count
}

static void submit_message(World &w) {
    Store &store = w.store("s");
    w.transport("smtp");
    no_more_threads();
    CHECK(has_no_thread(submit(store.handle, "m")));
    CHECK_IS("-", store.status());
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, MapiStoreAbortSubmit(store.handle, 1, "m"));
    threads_again();
    store.submit("m");
    CHECK_IS("COMPLETE", store.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(1, w.count("s: finished m"));
}

/** A message, and a transport that came when no thread was left for it. */
static Store &strand(World &w) {
    Store &store = w.store("s");
    store.submit("m");
    w.self_driven("starts the control thread");
    no_more_threads();
    w.transport("smtp");
    CHECK_IS("QUEUE: ready 1", store.status());
    CHECK_EQUAL(0, w.count("smtp: submit m"));
    return store;
}

static void purge(World &w) {
    Store &store = strand(w);
    CHECK_IS("MAPI_E_NOT_ENOUGH_RESOURCES", store.logoff(LOGOFF_PURGE));
    ULONG incomplete = 7;
    CHECK(has_no_thread(MapiSpoolerLogoffStores(w.handle, LOGOFF_PURGE, 1000, &incomplete)));
    CHECK_EQUAL(7, incomplete);
    CHECK_IS("QUEUE: ready 1", store.status());
    threads_again();
    CHECK_IS("COMPLETE", store.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(1, w.count("s: finished m"));
}

// Calls that do not need one, and what was left to do goes on.

static void nobody_calls(World &w) {
    strand(w);
    threads_again();
    w.await("s: finished m");
}

static void no_wait(World &w) {
    Store &store = strand(w);
    CHECK_IS("COMPLETE QUEUE", store.logoff(LOGOFF_NO_WAIT));
    threads_again();
    w.await("s: released COMPLETE");
    CHECK_EQUAL(1, w.count("s: finished m"));
}

/** Who waits stands in for the thread that is not there. */
static void no_wait_and_wait(World &w) {
    Store &store = strand(w);
    CHECK_IS("COMPLETE QUEUE", store.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(S_OK, store.wait());
    CHECK_EQUAL(1, w.count("s: finished m"));
}

template <ULONG INSTRUCTION>
static void stays_in_the_outbox(World &w) {
    Store &store = strand(w);
    CHECK_IS("COMPLETE QUEUE", store.logoff(INSTRUCTION));
    CHECK_HR(S_OK, store.wait());
    CHECK_EQUAL(1, store.box.outbox->mail.count("m"));
}

static void quiet(World &w) {
    Store &store = strand(w);
    CHECK_IS("QUEUE", store.logoff(LOGOFF_QUIET));
    CHECK_IS("QUEUE: ready 1", store.status());
}

static void abort_submit(World &w) {
    Store &store = strand(w);
    store.abort("m");
    CHECK_IS("COMPLETE", store.logoff(LOGOFF_QUIET));
}

static void remove_transport(World &w) {
    strand(w);
    Transport &another = w.transport("another");
    CHECK_HR(S_OK, MapiTransportRemove(another.handle));
    CHECK_EQUAL(1, another.destroyed);
}

static void release(World &w) {
    Store &store = strand(w);
    store.release();
    w.await("s: released COMPLETE QUEUE");
    CHECK_EQUAL(1, store.box.outbox->mail.count("m"));
}

static void close_spooler(World &w) {
    Store &store = strand(w);
    CHECK_HR(S_OK, w.close());
    CHECK_EQUAL(1, store.box.outbox->mail.count("m"));
}

/** Whether the limit holds for this user here. */
static bool limit_binds() {
    no_more_threads();
    pthread_t thread;
    bool binds = pthread_create(&thread, nullptr, [](void *) -> void * { return nullptr; }, nullptr) != 0;
    threads_again();
    if (!binds)
        pthread_join(thread, nullptr);
    return binds;
}

/** Runs it in a user of its own: RLIMIT_NPROC does not bind root. */
template <typename Work>
static int as_user(Work work) {
    return end_of(start_child([&] {
        be_a_user(USER);
        CHECK(getrlimit(RLIMIT_NPROC, &usual) == 0);
        return work();
    }));
}

int main() {
    if (as_user([] { return limit_binds() ? 0 : 1; }) != 0)
        return skipped("this system does not limit a user's threads");
    for (auto each : {add_transport, open_store, submit_message, purge, nobody_calls, no_wait, no_wait_and_wait,
                      stays_in_the_outbox<LOGOFF_ORDERLY>, stays_in_the_outbox<LOGOFF_ABORT>, quiet, abort_submit,
                      remove_transport, release, close_spooler})
        CHECK_EQUAL(0, as_user([&] {
            World w(World::Options::threads());
            each(w);
            w.finish(); // closing needs no thread
            return 0;
        }));
    return 0;
}
