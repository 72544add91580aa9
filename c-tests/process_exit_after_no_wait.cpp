// A program that exits without waiting leaves its mail in the Outbox: nothing is lost, and exit does not hang
// (semantics.md section 2, Ruling immediately).
#include "live.hpp"

static std::string outbox; // a directory with a file for each submitted message

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
        return exists(file(id, size)) ? S_OK : MAPI_E_NOT_FOUND;
    };
    calls.FinishedMsg = [](void *, ULONG, ULONG size, const void *id) -> HRESULT {
        CHECK(remove_file(file(id, size)));
        return S_OK;
    };
    *store = open_store(spooler, "s", &calls);
    return spooler;
}

/** The program that exits in the middle of a message. */
static void log_off_and_do_not_wait() {
    static Gate sending;
    HMAPISTORE store = nullptr;
    open_all(&store, [](void *, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
        if (std::string(static_cast<const char *>(message->lpEntryID), message->cbEntryID) == "m3") {
            sending.open();
            wait_for_the_end();
        }
        return S_OK;
    });
    for (int i = 0; i < 10; ++i) {
        std::string id = "m" + std::to_string(i);
        CHECK(make_file(file(id.data(), static_cast<ULONG>(id.size()))));
        CHECK_HR(S_OK, submit(store, id));
    }
    ULONG flags = logoff(store, LOGOFF_NO_WAIT);
    CHECK((flags & LOGOFF_COMPLETE) != 0);
    CHECK((flags & (LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE)) != 0); // "wait before you exit"
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK(sending.pass());
}

/** Whoever opens the store next submits what it holds. */
static void send_the_rest() {
    HMAPISTORE store = nullptr;
    HMAPISPOOLER spooler = open_all(&store, [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; });
    for (int i = 0; i < 10; ++i)
        CHECK_HR(S_OK, submit(store, "m" + std::to_string(i)));
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
    CHECK_EQUAL(7, status_of(store).cFinished);
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

/** `way`: by returning from main, by exit. */
static void exit_and_go_on(const std::string &way) {
    outbox = make_directory();
    CHECK_EQUAL(0, Child({way, outbox}).end());
    CHECK_EQUAL(7, names_in(outbox).size()); // m3 to m9
    CHECK_EQUAL(0, Child({"send", outbox}).end());
    CHECK_EQUAL(0, names_in(outbox).size());
    remove_tree(outbox);
}

int main(int count, char **arguments) {
    if (count > 2) {
        std::string way = arguments[1];
        outbox = arguments[2];
        way == "send" ? send_the_rest() : log_off_and_do_not_wait();
        if (way == "exit")
            exit(0); // destructors and all
        return 0;
    }
    std::string directory = own_runtime_directory();
    for (int i = 0; i < 10; ++i) {
        exit_and_go_on("return");
        exit_and_go_on("exit");
    }
    remove_tree(directory);
    return 0;
}
