// A process that was stopped while it finds out whether it is the last one holds the others up for a moment only: then
// they decide without it, and rightly. Where the store's own byte cannot be had, an open fails and keeps nothing
// (semantics.md section 2, Other opens; the header, MapiSpoolerOpenStore).
//
// Such a process has a lock on the store's byte; here the test has it, on all bytes.
#include "live.hpp"

static std::atomic<int> flushes{0};

static HMAPISPOOLER open_with_transport() {
    HMAPISPOOLER spooler = open_spooler(0, "shared");
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    ops.FlushQueues = [](void *, ULONG) -> HRESULT { ++flushes; return S_OK; };
    add_transport(spooler, "smtp", ops);
    return spooler;
}

/** Logs off and lets go. Whether it was the real logoff: then the queue is sent by force. */
static bool is_last(HMAPISTORE store) {
    int before = flushes;
    CHECK_HR(S_OK, submit(store, "m"));
    CHECK((logoff(store, LOGOFF_PURGE) & LOGOFF_COMPLETE) != 0);
    CHECK_HR(S_OK, MapiStoreWait(store, MAPISPOOL_INFINITE));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    return flushes != before;
}

/** Another process that has the store open until it is told to go. */
static int have_it_open() {
    HMAPISPOOLER spooler = open_with_transport();
    HMAPISTORE store = open_store(spooler, "s");
    tell_parent('o');
    CHECK_EQUAL('g', hear_parent());
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}

static bool is_last_while_stopped(HMAPISPOOLER spooler, const std::string &directory) {
    HMAPISTORE store = open_store(spooler, "s");
    FileLock stopped(directory + "/decisions-v1");
    return is_last(store);
}

static void others_decide_without_it(HMAPISPOOLER spooler, const std::string &directory) {
    CHECK(is_last_while_stopped(spooler, directory));
    Child another({"have it open"});
    CHECK_EQUAL('o', another.hear());
    CHECK(!is_last_while_stopped(spooler, directory));
    another.tell('g');
    CHECK_EQUAL(0, another.end());
    CHECK(is_last_while_stopped(spooler, directory));
}

static void an_open_fails_and_keeps_nothing(HMAPISPOOLER spooler, const std::string &directory) {
    int released = 0;
    MAPISTOREOPS ops = store_ops();
    ops.Released = [](void *context, ULONG) { ++*static_cast<int *>(context); };
    HMAPISTORE store = nullptr;
    {
        std::vector<std::unique_ptr<FileLock>> locks;
        for (const std::string &name : names_in(directory))
            if (name.compare(0, 5, "opens") == 0)
                locks.emplace_back(new FileLock(directory + "/" + name));
        CHECK_EQUAL(1, locks.size());
        CHECK_HR(MAPI_E_NO_ACCESS, try_open(spooler, "s", &store, &ops, &released));
        CHECK_LAST_ERROR("cannot lock a byte");
        CHECK(store == nullptr);
    }
    CHECK_HR(S_OK, try_open(spooler, "s", &store, &ops, &released));
    CHECK_EQUAL(0, released);
    CHECK(is_last(store)); // the open that failed does not count
    CHECK_EQUAL(1, released);
}

int main(int count, char **) {
    if (count > 1)
        return have_it_open();
    std::string base = own_runtime_directory(), directory = base + "/mapispool";
    HMAPISPOOLER spooler = open_with_transport();
    CHECK_HR(S_OK, MapiStoreRelease(open_store(spooler, "s"))); // its files are there
    others_decide_without_it(spooler, directory);
    an_open_fails_and_keeps_nothing(spooler, directory);
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    remove_tree(base);
    return 0;
}
