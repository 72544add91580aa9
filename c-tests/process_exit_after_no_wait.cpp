// A program that exits without waiting leaves its mail in the Outbox: nothing is lost, and exit does not hang
// (semantics.md section 2, Ruling immediately).
#include "live.hpp"

static std::string outbox; // a directory with a file for each submitted message
static Pipe *progress;

static std::string file(const void *id, ULONG size) {
    return outbox + "/" + std::string(static_cast<const char *>(id), size);
}

static HMAPISPOOLER open_all(HMAPISTORE *store, HRESULT(MAPISPOOL_CALL *send)(void *, const MAPISPOOLMESSAGE *, ULONG *)) {
    HMAPISPOOLER spooler = open_spooler(0, "exits");
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = send;
    add_transport(spooler, "smtp", ops);
    MAPISTOREOPS calls = store_ops();
    calls.SetLockState = [](void *, ULONG size, const void *id, ULONG) -> HRESULT {
        return access(file(id, size).c_str(), F_OK) == 0 ? S_OK : MAPI_E_NOT_FOUND;
    };
    calls.FinishedMsg = [](void *, ULONG, ULONG size, const void *id) -> HRESULT {
        CHECK(unlink(file(id, size).c_str()) == 0);
        return S_OK;
    };
    *store = open_store(spooler, "s", &calls);
    return spooler;
}

/** `way`: return from main, exit(), _exit() in the middle of a message. */
static void run(int way) {
    outbox = "/tmp/mapispool-outbox-XXXXXX";
    CHECK(mkdtemp(&outbox[0]) != nullptr);
    Pipe sending;
    progress = &sending;
    pid_t child = start_child([way] {
        HMAPISTORE store = nullptr;
        open_all(&store, [](void *, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
            std::string id(static_cast<const char *>(message->lpEntryID), message->cbEntryID);
            if (id == "m3") {
                progress->tell('s');
                for (;;)
                    pause(); // for longer than the process lives
            }
            return S_OK;
        });
        for (int i = 0; i < 10; ++i) {
            std::string id = "m" + std::to_string(i);
            int made = open(file(id.data(), static_cast<ULONG>(id.size())).c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
            CHECK(made >= 0);
            close(made);
            CHECK_HR(S_OK, submit(store, id));
        }
        ULONG flags = logoff(store, LOGOFF_NO_WAIT);
        CHECK((flags & LOGOFF_COMPLETE) != 0);
        CHECK((flags & (LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE)) != 0); // "wait before you exit"
        CHECK_HR(S_OK, MapiStoreRelease(store));
        CHECK_EQUAL('s', progress->hear());
        if (way == 1)
            exit(0); // destructors and all
        return 0;
    });
    CHECK_EQUAL(0, end_of(child));
    CHECK_EQUAL(7, entries(outbox.c_str())); // m3 to m9

    // Whoever opens the store next submits what it holds.
    CHECK_EQUAL(0, end_of(start_child([] {
        HMAPISTORE store = nullptr;
        HMAPISPOOLER spooler = open_all(&store, [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; });
        for (int i = 0; i < 10; ++i)
            CHECK_HR(S_OK, submit(store, "m" + std::to_string(i)));
        CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
        CHECK_EQUAL(7, status_of(store).cFinished);
        CHECK_HR(S_OK, MapiStoreRelease(store));
        CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
        return 0;
    })));
    CHECK_EQUAL(0, entries(outbox.c_str()));
    remove_tree(outbox);
}

int main() {
    std::string directory = own_runtime_directory();
    for (int i = 0; i < 10; ++i) {
        run(0);
        run(1);
    }
    remove_tree(directory);
    return 0;
}
