// For tests of trouble with the presence directory: a spooler that has mail to lose.

#ifndef PRESENCE_HPP
#define PRESENCE_HPP

#include "live.hpp"

/** A spooler that meets others in a directory, with a store open and a message queued that cannot be sent yet. */
class Mailer {
public:
    explicit Mailer(const std::string &directory)
        : directory(directory), world(in(directory)), smtp(world.transport("smtp")), store(world.store("s")) {
        smtp.on("m1", {MAPI_E_WAIT});
        store.submit("m1");
        CHECK(eventually([this] { return store.status() == "QUEUE: waiting 1"; }));
    }

    /**
     * Stores whose file is not there yet cannot be opened, with this result and reason, and nothing is kept;
     * nothing else has changed, and what is open works.
     */
    void is_refused(HRESULT expected, const std::string &reason) {
        unsigned refused = 0;
        each_file([&](const std::string &id) {
            int kept = 0;
            MAPISTOREOPS ops = store_ops();
            ops.Released = [](void *context, ULONG) { ++*static_cast<int *>(context); };
            HMAPISTORE other = nullptr;
            HRESULT hr = try_open(world.handle, id, &other, &ops, &kept);
            if (hr == S_OK) {
                CHECK_EQUAL(LOGOFF_COMPLETE, logoff(other, LOGOFF_QUIET));
                CHECK_HR(S_OK, MapiStoreRelease(other));
                return;
            }
            CHECK_HR(expected, hr);
            CHECK_LAST_ERROR(reason.c_str());
            CHECK_LAST_ERROR(native(directory).c_str());
            CHECK(other == nullptr);
            CHECK_EQUAL(0, kept);
            ++refused;
        });
        CHECK(refused > 0);
        CHECK_IS("QUEUE: waiting 1", store.status());
        CHECK_IS("QUEUE", store.logoff(LOGOFF_QUIET)); // and it is still known to be the only one
        Store &second = world.store("another logon", "s");
        CHECK_IS("COMPLETE QUEUE", second.logoff(LOGOFF_PURGE));
    }

    /** Every store can be opened, and nothing is left of opens that failed: each logoff is a real one. */
    void is_served() {
        std::atomic<int> flushes{0};
        smtp.in_flush = [&] { ++flushes; };
        int opens = 0;
        each_file([&](const std::string &id) {
            HMAPISTORE other = open_store(world.handle, id);
            CHECK_EQUAL(LOGOFF_COMPLETE, logoff(other, LOGOFF_PURGE));
            CHECK_EQUAL(++opens, flushes);
            CHECK_HR(S_OK, MapiStoreRelease(other));
        });
        smtp.in_flush = nullptr;
    }

    /** What was queued all the time is sent, once. */
    void sends_everything() {
        store.submit("m2");
        CHECK_IS("COMPLETE", store.logoff(LOGOFF_PURGE));
        world.finish();
        CHECK_EQUAL(2, store.box.outbox->finished.size());
    }

private:
    const std::string directory;
    World world;
    Transport &smtp;
    Store &store;

    static World::Options in(const std::string &directory) {
        World::Options options = World::Options::threads();
        options.flags = 0;
        options.directory = directory;
        options.retry_pause = 3600000;
        return options;
    }

    /** Stores that are spread over all files, or nearly. */
    template <typename Act>
    static void each_file(Act act) {
        for (int i = 0; i < 1000; ++i)
            act("t" + std::to_string(i));
    }
};

/** What MapiSpoolerOpen and the first open of a store in this directory answer. */
inline HRESULT open_in(const std::string &directory, ULONG flags = 0) {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = flags;
    options.lpszProfileName = "test";
    options.lpszPresenceDirectory = directory.c_str();
    static int context;
    options.lpvContext = &context;
    options.lpfnDestroy = [](void *) {};
    HMAPISPOOLER spooler = nullptr;
    HRESULT hr = MapiSpoolerOpen(&options, &spooler);
    if (hr != S_OK) {
        CHECK(spooler == nullptr);
        return hr;
    }
    HMAPISTORE store = nullptr;
    hr = try_open(spooler, "s", &store);
    CHECK_EQUAL(hr == S_OK, store != nullptr);
    if (hr == S_OK)
        CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_QUIET));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
    if (store != nullptr)
        CHECK_HR(S_OK, MapiStoreRelease(store));
    return hr;
}

/** The directory is refused for this reason; without one it works. */
inline void is_refused(const std::string &directory, const std::string &reason) {
    CHECK_HR(MAPI_E_NO_ACCESS, open_in(directory));
    CHECK_LAST_ERROR(reason.c_str());
    CHECK_LAST_ERROR(native(directory).c_str());
    CHECK_HR(S_OK, open_in(directory, MAPISPOOL_LOCAL));
}

#endif
