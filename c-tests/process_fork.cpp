// After fork the child has no opens; inherited handles answer MAPI_E_INVALID_OBJECT there, and nothing hangs, also
// when threads of the parent hold locks; the child can open a spooler of its own (semantics.md section 6).
#include "posix.hpp"

#include <mapispi.h>

static HMAPISPOOLER spooler;
static HMAPISTORE store;
static HMAPITRANSPORT self;
static HMAPITRANSFER transfer;
static LPMAPISUP support;

static int inherited() {
    MAPISPOOLSTATUS status = {};
    status.cbSize = sizeof status;
    ULONG word = LOGOFF_ABORT, count = 0;
    HMAPISTORE opened = nullptr;
    HMAPITRANSPORT added = nullptr;
    HMAPITRANSFER begun = nullptr;
    const MAPISPOOLMESSAGE *message = nullptr;
    MAPITRANSPORTOPS ops = transport_ops();
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreGetStatus(store, &status));
    CHECK_HR(MAPI_E_INVALID_OBJECT, StoreLogoffTransports(store, &word));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreLogoff(store, &word));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreWait(store, MAPISPOOL_INFINITE));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreCancelLogoff(store));
    CHECK_HR(MAPI_E_INVALID_OBJECT, submit(store, "m"));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreAbortSubmit(store, 1, "m"));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreAddRef(store));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreRelease(store));
    CHECK_HR(MAPI_E_INVALID_OBJECT, try_open(spooler, "s", &opened));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiSpoolerAddTransport(spooler, "t", 0, nullptr, &ops, nullptr, &added));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiSpoolerLogoffStores(spooler, LOGOFF_ABORT, MAPISPOOL_INFINITE, &count));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiSpoolerRun(spooler, 0));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportTakeMessage(self, MAPISPOOL_INFINITE, &message));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportBeginOutbound(self, store, 1, "m", &begun));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportBeginInbound(self, store, &begun));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportSpoolerNotify(self, NOTIFY_READYTOSEND, 0, nullptr));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportRemove(self));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransferSpoolerYield(transfer));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransferEnd(transfer, S_OK, 0, 0));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK_LAST_ERROR("fork");
    LPMAPISUP another = nullptr;
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreGetSupport(store, nullptr, &another));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->StoreLogoffTransports(&word));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerNotify(NOTIFY_READYTOSEND, nullptr));
    CHECK_EQUAL(0, support->Release());
    return 0;
}

/** A spooler of the child's own works, and sees the parent's open. */
static int own(bool parent_has_it) {
    static int flushes;
    flushes = 0;
    HMAPISPOOLER mine = open_spooler(0, "shared");
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    ops.FlushQueues = [](void *, ULONG) -> HRESULT { ++flushes; return S_OK; };
    add_transport(mine, "smtp", ops);
    HMAPISTORE opened = open_store(mine, "s");
    LPMAPISUP passing = nullptr;
    CHECK_HR(S_OK, MapiStoreGetSupport(opened, nullptr, &passing));
    CHECK_EQUAL(0, passing->Release());
    CHECK_HR(S_OK, submit(opened, "m"));
    CHECK((logoff(opened, LOGOFF_PURGE) & LOGOFF_COMPLETE) != 0);
    CHECK_EQUAL(!parent_has_it, flushes);
    CHECK_HR(S_OK, MapiStoreWait(opened, MAPISPOOL_INFINITE));
    CHECK_EQUAL(1, status_of(opened).cFinished);
    CHECK_HR(S_OK, MapiStoreRelease(opened));
    CHECK_HR(S_OK, MapiSpoolerClose(mine, 0, MAPISPOOL_INFINITE));
    CHECK(threads_become(threads_at_rest()));
    return 0;
}

static void open_all() {
    spooler = open_spooler(0, "shared");
    self = add_transport(spooler, "self", transport_ops());
    store = open_store(spooler, "s");
    CHECK_HR(S_OK, MapiTransportBeginInbound(self, store, &transfer));
    CHECK_HR(S_OK, MapiStoreGetSupport(store, nullptr, &support));
}

static void forked_under_load() {
    open_all();
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    add_transport(spooler, "busy", ops);
    std::atomic<bool> over{false};
    std::vector<std::thread> busy;
    for (int i = 0; i < 3; ++i)
        busy.emplace_back([&, i] {
            for (int n = 0; !over; ++n) {
                std::string id = std::to_string(i) + "." + std::to_string(n);
                HMAPISTORE other = open_store(spooler, "o" + std::to_string(i));
                (void) submit(other, id);
                (void) submit(store, id);
                CHECK_HR(S_OK, MapiStoreRelease(other));
                HMAPISTORE unknown = nullptr; // takes the locks of errors and logs too
                CHECK_HR(MAPI_E_INVALID_PARAMETER, try_open(nullptr, "s", &unknown));
                for (int passing = 0; passing < 100; ++passing) { // and those of support objects
                    LPMAPISUP another = nullptr;
                    CHECK_HR(S_OK, MapiStoreGetSupport(store, nullptr, &another));
                    CHECK_HR(MAPI_E_NO_SUPPORT, support->SpoolerYield(0));
                    CHECK_EQUAL(0, another->Release());
                }
            }
        });
    for (int i = 0; i < 150; ++i)
        CHECK_EQUAL(0, end_of(start_child([i] { return i % 5 == 0 ? own(true) : inherited(); })));
    over = true;
    for (auto &thread : busy)
        thread.join();
    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0)); // the parent goes on
    CHECK_EQUAL(0, support->Release());
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

/** The parent's opens end with the parent, though a child that inherited them lives on. */
static void surviving_child() {
    Pipe told, end;
    pid_t parent = start_child([&] {
        open_all();
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            alarm(60);
            CHECK_EQUAL(0, inherited());
            told.tell('c');
            end.only_hear();
            char byte;
            (void) end.hear(byte); // lives until the test says so
            told.tell('e');
            _exit(0);
        }
        told.tell('p');
        for (;;)
            pause();
        return 0;
    });
    told.only_hear();
    told.hear();
    told.hear();
    CHECK(kill(parent, SIGKILL) == 0);
    CHECK_EQUAL(-SIGKILL, end_of(parent));
    CHECK_EQUAL(0, own(false));
    end.tell('e');
    CHECK_EQUAL('e', told.hear());
}

int main() {
    std::string directory = own_runtime_directory();
    surviving_child();
    if (!is_sanitized())
        forked_under_load();
    remove_tree(directory);
    return 0;
}
