// 10,000 spoolers opened, used and closed: memory, threads and descriptors stay flat (semantics.md section 6; api.md,
// Rules: everything accepted is given back).
#include "live.hpp"

static std::atomic<int> sent{0};

static void use(bool local) {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = local ? MAPISPOOL_LOCAL : 0;
    options.lpszProfileName = "test";
    options.lpfnLog = [](void *, ULONG, const char *) {};
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    MAPITRANSPORTOPS ops = transport_ops();
    add_transport(spooler, "self", ops);
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { ++sent; return S_OK; };
    add_transport(spooler, "smtp", ops);
    HMAPISTORE store = open_store(spooler, "s"), other = open_store(spooler, "other");
    CHECK_HR(S_OK, submit(store, "m"));
    ULONG flags = logoff(store, LOGOFF_NO_WAIT);
    CHECK((flags & LOGOFF_COMPLETE) != 0);
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(other, 0));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK_HR(S_OK, MapiStoreRelease(other));
}

int main() {
    std::string directory = own_runtime_directory();
    for (int i = 0; i < 1000; ++i)
        use(i % 10 != 0);
    CHECK(threads_become(threads_at_rest()));
    size_t memory = resident_kilobytes(), descriptors = descriptors_here();
    for (int i = 1000; i < 10000; ++i)
        use(i % 10 != 0);
    CHECK_EQUAL(10000, sent);
    CHECK(threads_become(threads_at_rest()));
    CHECK_EQUAL(descriptors, descriptors_here());
    size_t grown = resident_kilobytes();
    fprintf(stderr, "resident: %lu kB, then %lu kB\n", static_cast<unsigned long>(memory), static_cast<unsigned long>(grown));
    CHECK(is_sanitized() || grown < memory + 1024);
    remove_tree(directory);
    return 0;
}
