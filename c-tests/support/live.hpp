// For tests with real threads and processes: a clock, what the system knows of them, and the bare calls where a World
// would be in the way.

#ifndef LIVE_HPP
#define LIVE_HPP

#include "system.hpp"
#include "world.hpp"

#include <random>

/** What main returns where this system cannot do what the test needs: ctest says "skipped". */
inline int skipped(const char *why) {
    fprintf(stderr, "skipped: %s\n", why);
    return 77;
}

/** Milliseconds since it was made. */
class Watch {
public:
    long elapsed() const {
        return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                     std::chrono::steady_clock::now() - begin)
                                     .count());
    }

private:
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
};

/** A thread that is joined where it goes out of sight. */
class Side {
public:
    template <typename Work>
    explicit Side(Work work) : thread(work) {}
    Side(Side &&) = default;
    ~Side() { join(); }
    void join() {
        if (thread.joinable())
            thread.join();
    }

private:
    std::thread thread;
};

/** Looks again and again, half a minute at most. For what only status or the system can tell. */
template <typename Condition>
bool eventually(Condition condition) {
    for (Watch watch; watch.elapsed() < 30000;) {
        if (condition())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return condition();
}

/** Whether a sanitizer is in: it keeps freed memory back, and fork may leave its allocator locked in the child. */
inline bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

/** How many threads a program has that starts none. */
inline size_t threads_at_rest() {
#if defined(__SANITIZE_THREAD__)
    return 2; // the sanitizer's own, from the first start of a thread on
#else
    return 1;
#endif
}

/** The system may count a joined thread for a moment. */
inline bool threads_become(size_t number) {
    return eventually([number] { return threads_here() == number; });
}

/** Before counting begins: what the first start of a thread brings along is there. */
inline size_t threads_before() {
    Side([] {}).join();
    CHECK(threads_become(threads_at_rest()));
    return threads_at_rest();
}

// The bare calls.

inline HMAPISPOOLER open_spooler(ULONG flags = MAPISPOOL_LOCAL, const char *profile = "test") {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = flags;
    options.lpszProfileName = profile;
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    return spooler;
}

inline MAPISTOREOPS store_ops() {
    MAPISTOREOPS ops = {};
    ops.cbSize = sizeof ops;
    return ops;
}

inline MAPITRANSPORTOPS transport_ops() {
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    return ops;
}

inline HRESULT try_open(HMAPISPOOLER spooler, const std::string &id, HMAPISTORE *store,
                        const MAPISTOREOPS *ops = nullptr, void *context = nullptr) {
    return MapiSpoolerOpenStore(spooler, static_cast<ULONG>(id.size()), id.data(), 0, ops, context, store);
}

inline HMAPISTORE open_store(HMAPISPOOLER spooler, const std::string &id, const MAPISTOREOPS *ops = nullptr,
                             void *context = nullptr) {
    HMAPISTORE store = nullptr;
    CHECK_HR(S_OK, try_open(spooler, id, &store, ops, context));
    return store;
}

inline HMAPITRANSPORT add_transport(HMAPISPOOLER spooler, const char *name, const MAPITRANSPORTOPS &ops,
                                    void *context = nullptr) {
    HMAPITRANSPORT transport = nullptr;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, name, 0, nullptr, &ops, context, &transport));
    return transport;
}

inline HRESULT submit(HMAPISTORE store, const std::string &id) {
    return MapiStoreSubmitMessage(store, static_cast<ULONG>(id.size()), id.data());
}

inline MAPISPOOLSTATUS status_of(HMAPISTORE store) {
    MAPISPOOLSTATUS status = {};
    status.cbSize = sizeof status;
    CHECK_HR(S_OK, MapiStoreGetStatus(store, &status));
    return status;
}

/** StoreLogoffTransports with S_OK. */
inline ULONG logoff(HMAPISTORE store, ULONG instruction) {
    CHECK_HR(S_OK, StoreLogoffTransports(store, &instruction));
    return instruction;
}

#endif
