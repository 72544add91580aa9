// The hooks run first and last on each thread that the spooler starts; no thread is started before it is needed,
// and closing joins them all (semantics.md section 6).
#include "live.hpp"

static thread_local int stage = 0; // 1: between the hooks
static std::thread::id owner;
static std::atomic<int> started{0}, ended{0}, destroyed{0}, called{0};

/** Every callback but Released runs on a thread between its hooks. */
static void inside() {
    CHECK(std::this_thread::get_id() != owner);
    CHECK_EQUAL(1, stage);
    ++called;
}

int main() {
    owner = std::this_thread::get_id();
    size_t before = threads_before();
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.lpvContext = &owner;
    options.lpfnThreadStart = [](void *context) {
        CHECK(context == &owner);
        CHECK_EQUAL(0, stage);
        stage = 1;
        ++started;
    };
    options.lpfnThreadEnd = [](void *context) {
        CHECK(context == &owner);
        CHECK_EQUAL(1, stage);
        stage = 2;
        ++ended;
    };
    options.lpfnDestroy = [](void *context) {
        CHECK(context == &owner);
        CHECK_EQUAL(started, ended);
        ++destroyed;
    };
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { inside(); return S_OK; };
    ops.EndMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { inside(); return S_OK; };
    ops.TransportNotify = [](void *, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT { inside(); return S_OK; };
    ops.FlushQueues = [](void *, ULONG) -> HRESULT { inside(); return S_OK; };
    ops.TransportLogoff = [](void *, ULONG) -> HRESULT { inside(); return S_OK; };
    ops.Destroy = [](void *) { inside(); };
    MAPISTOREOPS calls = store_ops();
    calls.SetLockState = [](void *, ULONG, const void *, ULONG) -> HRESULT { inside(); return S_OK; };
    calls.FinishedMsg = [](void *, ULONG, ULONG, const void *) -> HRESULT { inside(); return S_OK; };

    // A spooler, and stores that come and go, need no thread.
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    HMAPISTORE store = open_store(spooler, "s", &calls);
    CHECK_HR(S_OK, submit(store, "stays"));
    CHECK_EQUAL(LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE, logoff(store, LOGOFF_ABORT));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_EQUAL(before, threads_here());
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK_EQUAL(0, started);
    CHECK_EQUAL(1, destroyed);

    // Nor do transports before there is a store, or a store before there is a message.
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    for (const char *name : {"a", "b", "c"})
        add_transport(spooler, name, ops);
    CHECK_EQUAL(before, threads_here());
    store = open_store(spooler, "s", &calls);
    CHECK(threads_here() <= before + 1);
    for (int i = 0; i < 20; ++i)
        CHECK_HR(S_OK, submit(store, "m" + std::to_string(i)));
    CHECK(threads_here() <= before + 4); // one control thread, one for each driven transport
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK(started >= 1 && started <= 4);
    CHECK_EQUAL(started, ended);
    CHECK_EQUAL(2, destroyed);
    CHECK(called >= 20 * 4 + 3 * 3);
    CHECK(threads_become(before));
    return 0;
}
