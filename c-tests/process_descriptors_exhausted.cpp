// Without a file descriptor OpenStore fails with MAPI_E_NOT_ENOUGH_RESOURCES, keeps nothing and loses nothing; what
// is open goes on, and later it works again (the header, MapiSpoolerOpenStore; semantics.md section 7).
#include "posix.hpp"

int main() {
    std::string directory = own_runtime_directory();
    {
        World::Options options = World::Options::threads();
        options.flags = 0;
        World w(options);
        w.transport("smtp");
        Store &s = w.store("s");
        s.submit("m1");

        rlimit before;
        CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
        rlimit none = before;
        none.rlim_cur = descriptors_here() + 1; // opendir has had one
        CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
        int last;
        while ((last = open("/dev/null", O_RDONLY)) >= 0) {
        }
        CHECK_EQUAL(EMFILE, errno);

        int refused = 0, accepted = 0;
        static std::atomic<int> kept;
        kept = 0;
        MAPISTOREOPS ops = store_ops();
        ops.Released = [](void *, ULONG) { ++kept; };
        std::vector<HMAPISTORE> stores;
        for (int i = 0; i < 300; ++i) { // they are spread over files
            HMAPISTORE store = nullptr;
            HRESULT hr = try_open(w.handle, "t" + std::to_string(i), &store, &ops, &kept);
            if (hr == S_OK) {
                ++accepted;
                stores.push_back(store);
            } else {
                CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES, hr);
                CHECK_LAST_ERROR("descriptors");
                CHECK(store == nullptr);
                ++refused;
            }
        }
        CHECK(refused > 0);
        HMAPISPOOLER another = nullptr;
        MAPISPOOLOPTIONS raw = {};
        raw.cbSize = sizeof raw;
        raw.lpszProfileName = "another";
        CHECK_HR(MAPI_E_NOT_ENOUGH_RESOURCES, MapiSpoolerOpen(&raw, &another));
        s.submit("m2"); // what is open goes on
        CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
        for (HMAPISTORE store : stores) {
            CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_QUIET));
            CHECK_HR(S_OK, MapiStoreWait(store, MAPISPOOL_INFINITE));
            CHECK_HR(S_OK, MapiStoreRelease(store));
        }
        CHECK_EQUAL(accepted, kept);

        CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
        for (int i = 0; i < 300; ++i) {
            HMAPISTORE store = open_store(w.handle, "t" + std::to_string(i));
            CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_ABORT));
            CHECK_HR(S_OK, MapiStoreRelease(store));
        }
        Store &again = w.store("again", "s");
        again.submit("m3");
        CHECK_IS("COMPLETE", again.logoff(LOGOFF_PURGE));
    }
    remove_tree(directory);
    return 0;
}
