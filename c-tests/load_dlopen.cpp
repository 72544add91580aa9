// The library can be loaded, used, closed and unloaded again and again: closing has joined every thread
// (semantics.md section 6). Which library: the one that this program is linked with.
#include "live.hpp"

#include <dlfcn.h>

/** Where the library lies that a symbol of it comes from. */
static std::string library() {
#ifdef MAPISPOOL_LIBRARY_PATH
    return MAPISPOOL_LIBRARY_PATH;
#else
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps != nullptr);
    char line[4096];
    std::string found;
    while (found.empty() && fgets(line, sizeof line, maps) != nullptr)
        if (const char *path = strchr(line, '/'))
            if (strstr(path, "libmapispool.so") != nullptr)
                found.assign(path, strcspn(path, "\n"));
    fclose(maps);
    return found;
#endif
}

template <typename Function>
static void find(void *loaded, const char *name, Function &function) {
    void *symbol = dlsym(loaded, name);
    CHECK(symbol != nullptr);
    memcpy(&function, &symbol, sizeof function);
}

static std::atomic<int> sent{0};

static void use(void *loaded, bool local) {
    decltype(&MapiSpoolerOpen) open = nullptr;
    decltype(&MapiSpoolerAddTransport) add = nullptr;
    decltype(&MapiSpoolerOpenStore) open_store = nullptr;
    decltype(&MapiStoreSubmitMessage) submit = nullptr;
    decltype(&StoreLogoffTransports) logoff = nullptr;
    decltype(&MapiStoreRelease) release = nullptr;
    decltype(&MapiSpoolerClose) close = nullptr;
    find(loaded, "MapiSpoolerOpen", open);
    find(loaded, "MapiSpoolerAddTransport", add);
    find(loaded, "MapiSpoolerOpenStore", open_store);
    find(loaded, "MapiStoreSubmitMessage", submit);
    find(loaded, "StoreLogoffTransports", logoff);
    find(loaded, "MapiStoreRelease", release);
    find(loaded, "MapiSpoolerClose", close);
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

int main() {
    std::string directory = own_runtime_directory();
    std::string original = library();
    CHECK(!original.empty());
    (void) MapiSpoolerVersion(); // it is linked
    // A copy under another name is another library to the loader: one that this program is not linked with.
    std::string copy = directory + "/libcopy.so";
    {
        FILE *from = fopen(original.c_str(), "rb"), *to = fopen(copy.c_str(), "wb");
        CHECK(from != nullptr && to != nullptr);
        char bytes[65536];
        size_t size;
        while ((size = fread(bytes, 1, sizeof bytes, from)) > 0)
            CHECK_EQUAL(size, fwrite(bytes, 1, size, to));
        fclose(from);
        fclose(to);
    }
    size_t descriptors = 0;
    for (int i = 0; i < 100; ++i) {
        void *loaded = dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (loaded == nullptr)
            check_failed(__FILE__, __LINE__, dlerror());
        use(loaded, i % 2 == 0);
        Side([&] { use(loaded, i % 2 != 0); }).join(); // this thread ends, with what it keeps of the library
        CHECK(threads_become(threads_at_rest()));
        CHECK(dlclose(loaded) == 0);
        if (i == 10)
            descriptors = descriptors_here();
        // Its fork handlers must not be run where they are gone.
        if (i % 10 == 0)
            CHECK_EQUAL(0, end_of(start_child([] { return 0; })));
    }
    CHECK_EQUAL(descriptors, descriptors_here());
    CHECK(sent >= 200);
    remove_tree(directory);
    return 0;
}
