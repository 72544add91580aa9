// The log callback is called one line at a time, on any thread, in order, and may call back; no line comes after
// the context's finalizer (the header, MAPISPOOLOPTIONS). Whoever logs fast holds up nobody else.
#include "live.hpp"

struct Log {
    std::atomic<int> inside{0};
    std::atomic<bool> over{false};
    std::atomic<HMAPISTORE> store{nullptr};
    std::map<std::string, int> submitted, sent; // written by one thread at a time: checked by `inside`
    int next = 0;
};

static void MAPISPOOL_CALL line(void *context, ULONG level, const char *text) {
    Log &log = *static_cast<Log *>(context);
    CHECK(!log.over);
    CHECK_EQUAL(1, ++log.inside);
    CHECK(level >= MAPISPOOL_LOG_ERROR && level <= MAPISPOOL_LOG_DEBUG);
    CHECK(strchr(text, '\n') == nullptr);
    char id[32];
    if (sscanf(text, "message m%31s submitted", id) == 1) {
        CHECK_EQUAL(0, log.sent.count(id));
        ++log.submitted[id];
    }
    if (strstr(text, "goes out by") != nullptr && sscanf(text, "message m%31s", id) == 1) {
        CHECK_EQUAL(1, log.submitted.count(id)); // what came first is said first
        CHECK_EQUAL(log.next, atoi(id));         // one transport: in the order of the queue
        ++log.next;
        ++log.sent[id];
    }
    if (HMAPISTORE store = log.store)
        (void) status_of(store);
    --log.inside;
}

static void in_order() {
    Log log;
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.lpvContext = &log;
    options.lpfnLog = line;
    options.lpfnDestroy = [](void *context) { static_cast<Log *>(context)->over = true; };
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    add_transport(spooler, "a", ops);
    HMAPISTORE store = open_store(spooler, "s");
    log.store = store;
    std::atomic<bool> over{false};
    Side failing([&] { // logs too
        while (!over) {
            HRESULT hr = MapiStoreAbortSubmit(store, 1, "?");
            CHECK(hr == MAPI_E_NOT_IN_QUEUE || hr == MAPI_E_INVALID_OBJECT);
            std::this_thread::yield();
        }
    });
    const int mail = 1000;
    for (int i = 0; i < mail; ++i)
        CHECK_HR(S_OK, submit(store, "m" + std::to_string(i)));
    ULONG flags = logoff(store, LOGOFF_PURGE);
    over = true;
    failing.join();
    CHECK_EQUAL(LOGOFF_COMPLETE, flags);
    log.store = nullptr;
    HMAPISTORE left = open_store(spooler, "left"); // a handle that outlives the spooler
    CHECK_HR(S_OK, MapiStoreAddRef(store));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK(log.over);
    CHECK_EQUAL(mail, log.sent.size());
    CHECK(submit(left, "late") != S_OK); // fails, and does not log
    CHECK(submit(store, "late") != S_OK);
    CHECK_HR(S_OK, MapiStoreRelease(left));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreRelease(store));
}

/** A slow callback, and a thread that logs without end: mail goes all the same, and what waits stays bounded. */
static void no_prisoner() {
    static std::atomic<int> lines, failed;
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.lpfnLog = [](void *, ULONG, const char *text) {
        lines += strstr(text, "MAPI_E_NOT_IN_QUEUE") != nullptr;
        for (volatile int i = 0; i < 2000; ++i) {
        }
    };
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    add_transport(spooler, "a", ops);
    HMAPISTORE store = open_store(spooler, "s"), other = open_store(spooler, "other");
    std::atomic<bool> over{false};
    std::vector<std::thread> logging;
    for (int i = 0; i < 2; ++i)
        logging.emplace_back([&] {
            for (; !over; ++failed) {
                CHECK_HR(MAPI_E_NOT_IN_QUEUE, MapiStoreAbortSubmit(other, 1, "?"));
                CHECK(failed - lines < 20000);
            }
        });
    for (int i = 0; i < 100; ++i)
        CHECK_HR(S_OK, submit(store, "m" + std::to_string(i)));
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
    over = true;
    for (auto &thread : logging)
        thread.join();
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiStoreRelease(other));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK_EQUAL(failed, lines); // none was lost
}

int main() {
    in_order();
    no_prisoner();
    return 0;
}
