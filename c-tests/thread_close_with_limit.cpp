// Closing and removing end in time although the log callback, or a thread's last hook, has not returned: the first with
// MAPI_E_TIMEOUT, to be called again, the second leaving the thread to the close (semantics.md section 6, "Every wait
// has a limit").
#include "live.hpp"

struct Options : MAPISPOOLOPTIONS {
    Gate called, go;
    std::atomic<int> destroyed{0};

    explicit Options(ULONG flags) : MAPISPOOLOPTIONS() {
        cbSize = sizeof(MAPISPOOLOPTIONS);
        ulFlags = flags;
        lpszProfileName = "test";
        ulAbortLimit = 100;
        lpvContext = this;
        lpfnDestroy = [](void *context) { ++static_cast<Options *>(context)->destroyed; };
    }
    HMAPISPOOLER open() const {
        HMAPISPOOLER spooler = nullptr;
        CHECK_HR(S_OK, MapiSpoolerOpen(this, &spooler));
        return spooler;
    }
    /** The limit passes: nothing is freed. */
    void not_yet(HMAPISPOOLER spooler) {
        CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(spooler, 0, 50));
        CHECK_EQUAL(0, destroyed);
    }
    void now(HMAPISPOOLER spooler) {
        CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
        CHECK_EQUAL(1, destroyed);
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerClose(spooler, 0, 0));
    }
};

static void hook() {
    size_t before = threads_before();
    Options options(MAPISPOOL_LOCAL);
    options.lpfnThreadEnd = [](void *context) { CHECK(static_cast<Options *>(context)->go.pass()); };
    HMAPISPOOLER spooler = options.open();
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    HMAPITRANSPORT transport = add_transport(spooler, "t", ops);
    HMAPISTORE store = open_store(spooler, "s");
    CHECK_HR(S_OK, submit(store, "m"));
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiTransportRemove(transport)); // its thread goes on to its end
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportRemove(transport));
    options.not_yet(spooler);
    options.go.open();
    options.now(spooler);
    CHECK(threads_become(before));
}

static void log_callback(ULONG mode) {
    Options options(MAPISPOOL_LOCAL | mode);
    options.lpfnLog = [](void *context, ULONG, const char *text) {
        Options &options = *static_cast<Options *>(context);
        if (strstr(text, "MAPI_E_NOT_IN_QUEUE") != nullptr) {
            options.called.open();
            CHECK(options.go.pass());
        }
    };
    HMAPISPOOLER spooler = options.open();
    HMAPISTORE store = open_store(spooler, "s");
    Side other([store] { CHECK_HR(MAPI_E_NOT_IN_QUEUE, MapiStoreAbortSubmit(store, 1, "?")); });
    CHECK(options.called.pass());
    options.not_yet(spooler);
    options.go.open();
    options.now(spooler);
    other.join();
    CHECK_HR(S_OK, MapiStoreRelease(store));
}

int main() {
    hook();
    log_callback(0);
    log_callback(MAPISPOOL_MANUAL);
    return 0;
}
