// A presence directory that cannot be made or trusted is a clear error that names it and MAPISPOOL_LOCAL; nothing is
// followed, nothing is opened to others (the header, lpszPresenceDirectory; semantics.md section 2, Other opens).
#include "live.hpp"

static HRESULT open_in(const char *directory, ULONG flags = 0) {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = flags;
    options.lpszProfileName = "test";
    options.lpszPresenceDirectory = directory;
    static int context;
    options.lpvContext = &context;
    options.lpfnDestroy = [](void *) {};
    HMAPISPOOLER spooler = nullptr;
    HRESULT hr = MapiSpoolerOpen(&options, &spooler);
    if (hr == S_OK) {
        HMAPISTORE store = nullptr;
        hr = try_open(spooler, "s", &store);
        if (hr == S_OK)
            CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_QUIET));
        CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
        if (store != nullptr)
            CHECK_HR(S_OK, MapiStoreRelease(store));
    } else
        CHECK(spooler == nullptr);
    return hr;
}

static void refused(const std::string &directory) {
    CHECK_HR(MAPI_E_NO_ACCESS, open_in(directory.c_str()));
    CHECK_LAST_ERROR("MAPISPOOL_LOCAL");
    CHECK_LAST_ERROR(directory.c_str());
    CHECK_HR(S_OK, open_in(directory.c_str(), MAPISPOOL_LOCAL)); // does without
}

static int as_a_user(const std::string &base) {
    if (getuid() == 0)
        CHECK(setgid(65534) == 0 && setuid(65534) == 0);
    // Missing: made, for this user alone. Below a missing one: refused.
    std::string made = base + "/made";
    CHECK_HR(S_OK, open_in(made.c_str()));
    struct stat found;
    CHECK(stat(made.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && (found.st_mode & 0777) == 0700);
    CHECK_HR(S_OK, open_in((made + "/").c_str()));
    refused(base + "/missing/below");
    refused("relative");
    // Unwritable: a place that is, a directory that is.
    std::string locked = base + "/locked";
    CHECK(mkdir(locked.c_str(), 0500) == 0);
    refused(locked + "/below");
    CHECK_HR(MAPI_E_NO_ACCESS, open_in(locked.c_str())); // found out by the first open of a store
    // Symbolic links, also with a slash at the end.
    std::string link = base + "/link";
    CHECK(symlink(made.c_str(), link.c_str()) == 0);
    refused(link);
    CHECK_HR(MAPI_E_NO_ACCESS, open_in((link + "/").c_str()));
    // A file.
    std::string file = base + "/file";
    int descriptor = open(file.c_str(), O_CREAT | O_WRONLY, 0600);
    CHECK(descriptor >= 0);
    close(descriptor);
    refused(file);
    // Open to others.
    std::string loose = base + "/loose";
    CHECK(mkdir(loose.c_str(), 0700) == 0 && chmod(loose.c_str(), 0770) == 0);
    refused(loose);
    // Somebody else's.
    if (getuid() != 0)
        refused("/");
    // Files in it that are links, have other names or are open to others.
    std::string lured = base + "/lured";
    CHECK_HR(S_OK, open_in(lured.c_str()));
    CHECK(unlink((lured + "/decisions-v1").c_str()) == 0);
    CHECK(symlink(file.c_str(), (lured + "/decisions-v1").c_str()) == 0);
    CHECK_HR(MAPI_E_NO_ACCESS, open_in(lured.c_str()));
    CHECK(unlink((lured + "/decisions-v1").c_str()) == 0);
    CHECK(link == base + "/link" && ::link(file.c_str(), (lured + "/decisions-v1").c_str()) == 0);
    CHECK_HR(MAPI_E_NO_ACCESS, open_in(lured.c_str()));
    CHECK(unlink((lured + "/decisions-v1").c_str()) == 0);
    CHECK_HR(S_OK, open_in(lured.c_str()));
    return 0;
}

int main() {
    std::string base = "/tmp/mapispool-test-XXXXXX";
    CHECK(mkdtemp(&base[0]) != nullptr);
    if (getuid() == 0)
        CHECK(chown(base.c_str(), 65534, 65534) == 0);
    int result = end_of(start_child([&] { return as_a_user(base); }));
    remove_tree(base);
    return result;
}
