// The library can be loaded, used, closed and unloaded again and again: closing has joined every thread
// (semantics.md section 6). Which library: the one that this program is linked with.
//
// ctest-timeout: 120
#include "live.hpp"

#ifndef _WIN32
#include "posix.hpp"
#endif

/** A DLL that was really unloaded would leave thread-local indexes behind, which are gone after about 150 rounds. */
static const int ROUNDS = 200;

static std::atomic<int> sent{0};

static void use(const Library &loaded, bool local) {
    decltype(&MapiSpoolerOpen) open = nullptr;
    decltype(&MapiSpoolerAddTransport) add = nullptr;
    decltype(&MapiSpoolerOpenStore) open_store = nullptr;
    decltype(&MapiStoreSubmitMessage) submit = nullptr;
    decltype(&StoreLogoffTransports) logoff = nullptr;
    decltype(&MapiStoreRelease) release = nullptr;
    decltype(&MapiSpoolerClose) close = nullptr;
    loaded.find("MapiSpoolerOpen", open);
    loaded.find("MapiSpoolerAddTransport", add);
    loaded.find("MapiSpoolerOpenStore", open_store);
    loaded.find("MapiStoreSubmitMessage", submit);
    loaded.find("StoreLogoffTransports", logoff);
    loaded.find("MapiStoreRelease", release);
    loaded.find("MapiSpoolerClose", close);
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = local ? MAPISPOOL_LOCAL : 0;
    options.lpszProfileName = "test";
    HMAPISPOOLER spooler = nullptr;
    CHECK(open(&options, &spooler) == S_OK);
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { ++sent; return S_OK; };
    HMAPITRANSPORT transport = nullptr;
    CHECK(add(spooler, "smtp", 0, nullptr, &ops, nullptr, &transport) == S_OK);
    HMAPISTORE store = nullptr;
    CHECK(open_store(spooler, 1, "s", 0, nullptr, nullptr, &store) == S_OK);
    CHECK(submit(store, 1, "m") == S_OK);
    CHECK(submit(store, 1, "m") != S_OK || sent > 0); // an error leaves its text, per thread
    ULONG word = LOGOFF_PURGE;
    CHECK(logoff(store, &word) == S_OK);
    CHECK(release(store) == S_OK);
    CHECK(close(spooler, 0, MAPISPOOL_INFINITE) == S_OK);
}

/** Its fork handlers must not be run where they are gone. */
static void check_fork() {
#ifndef _WIN32
    CHECK_EQUAL(0, end_of(start_child([] { return 0; })));
#endif
}

int main() {
    std::string directory = own_runtime_directory();
    (void) MapiSpoolerVersion(); // it is linked
    std::string copy = directory + "/libcopy.so";
    Library::copy_to(copy);
    size_t descriptors = 0;
    for (int i = 0; i < ROUNDS; ++i) {
        {
            Library loaded(copy);
            use(loaded, i % 2 == 0);
            Side([&] { use(loaded, i % 2 != 0); }).join(); // this thread ends, with what it keeps of the library
            CHECK(threads_become(threads_at_rest()));
        }
        if (i == 10)
            descriptors = descriptors_here();
        if (i % 10 == 0)
            check_fork();
    }
    CHECK_EQUAL(descriptors, descriptors_here());
    CHECK(sent >= 2 * ROUNDS);
    remove_tree(directory);
    return 0;
}
