// No lock of the library is held while a callback runs: callbacks may call anything that does not wait for
// themselves (semantics.md section 6).
#include "live.hpp"

static HMAPISPOOLER spooler;
static std::atomic<HMAPISTORE> other{nullptr}; // a store that is open all the time
static HMAPITRANSPORT self;                    // a self-driven transport
static std::set<std::string> called_from;
static std::mutex mutex;
static std::atomic<int> under_way{0};

/** Everything that does not wait. */
static void call_back(const char *from) {
    static thread_local bool inside; // what is called here calls back
    static std::atomic<int> calls{0};
    if (inside)
        return;
    ++under_way;
    HMAPISTORE store = other;
    if (store == nullptr) {
        --under_way;
        return;
    }
    inside = true;
    int number = ++calls;
    {
        std::lock_guard<std::mutex> hold(mutex);
        called_from.insert(from);
    }
    std::string id = "c" + std::to_string(number);
    (void) status_of(store);
    CHECK_HR(S_OK, submit(store, id));
    HRESULT hr = MapiStoreAbortSubmit(store, static_cast<ULONG>(id.size()), id.data());
    CHECK(hr == S_OK || hr == MAPI_E_UNABLE_TO_ABORT || hr == MAPI_E_NOT_IN_QUEUE);
    CHECK_HR(S_OK, MapiStoreAddRef(store));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiStoreCancelLogoff(store));
    CHECK_HR(S_OK, MapiTransportSpoolerNotify(self, NOTIFY_READYTOSEND, 0, nullptr));
    ULONG word = LOGOFF_NO_WAIT;
    CHECK_HR(S_OK, MapiStoreLogoff(store, &word));
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(store, 0));
    const MAPISPOOLMESSAGE *message = nullptr;
    hr = MapiTransportTakeMessage(self, 0, &message);
    CHECK(hr == S_OK || hr == MAPI_E_TIMEOUT);
    if (hr == S_OK)
        CHECK_HR(S_OK, MapiTransferEnd(message->hTransfer, S_OK, 0, 0));

    HMAPISTORE opened = open_store(spooler, "opened" + std::to_string(number));
    HMAPITRANSFER inbound = nullptr;
    CHECK_HR(S_OK, MapiTransportBeginInbound(self, opened, &inbound));
    CHECK_HR(S_OK, MapiTransferSpoolerYield(inbound));
    CHECK_HR(S_OK, MapiTransferEnd(inbound, S_OK, 0, 0));
    HMAPITRANSFER outbound = nullptr;
    CHECK_HR(S_OK, MapiTransportBeginOutbound(self, opened, 1, "m", &outbound));
    CHECK_HR(S_OK, MapiTransferEnd(outbound, MAPI_E_WAIT, 0, 1000));
    CHECK((logoff(opened, LOGOFF_ORDERLY) & LOGOFF_COMPLETE) != 0);
    CHECK_HR(S_OK, MapiStoreRelease(opened));
    if (number <= 3) {
        MAPITRANSPORTOPS ops = transport_ops();
        ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return MAPI_E_NOT_ME; };
        add_transport(spooler, "added", ops);
    }
    inside = false;
    --under_way;
}

int main() {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.lpfnLog = [](void *, ULONG, const char *) {
        static std::atomic<int> lines{0};
        int line = ++lines; // what is called here logs too
        if (line % 10 == 0 && line <= 200)
            call_back("log");
    };
    options.lpfnThreadStart = [](void *) { call_back("thread start"); };
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));

    MAPITRANSPORTOPS ops = transport_ops();
    ops.TransportNotify = [](void *, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT { call_back("notify"); return S_OK; };
    ops.FlushQueues = [](void *, ULONG) -> HRESULT { call_back("flush"); return S_OK; };
    ops.TransportLogoff = [](void *, ULONG) -> HRESULT { call_back("transport logoff"); return S_OK; };
    ops.Destroy = [](void *) { call_back("destroy"); };
    self = add_transport(spooler, "self", ops);
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
        call_back("submit");
        HRESULT hr = MapiTransferSpoolerYield(message->hTransfer);
        CHECK(hr == S_OK || hr == MAPI_W_CANCEL_MESSAGE);
        return S_OK;
    };
    ops.EndMessage = [](void *, const MAPISPOOLMESSAGE *message, ULONG *flags) -> HRESULT {
        call_back("end");
        static std::atomic<int> ends{0};
        if (message->cbStoreEntryID == 1 && ++ends <= 3)
            *flags = END_RESEND_NOW;
        return S_OK;
    };
    HMAPITRANSPORT removed = add_transport(spooler, "smtp", ops);
    add_transport(spooler, "x400", ops);
    MAPISTOREOPS calls = store_ops();
    calls.SetLockState = [](void *, ULONG, const void *, ULONG state) -> HRESULT {
        call_back(state == MSG_LOCKED ? "lock" : "unlock");
        return S_OK;
    };
    calls.FinishedMsg = [](void *, ULONG, ULONG, const void *) -> HRESULT { call_back("finished"); return S_OK; };
    calls.Released = [](void *, ULONG) { call_back("released"); };
    HMAPISTORE still = open_store(spooler, "other", &calls);
    other = still;
    HMAPISTORE s = open_store(spooler, "s", &calls);
    for (int i = 0; i < 20; ++i)
        CHECK_HR(S_OK, submit(s, "m" + std::to_string(i)));
    ULONG word = logoff(s, LOGOFF_PURGE);
    CHECK((word & LOGOFF_COMPLETE) != 0);
    CHECK_HR(S_OK, MapiStoreWait(s, MAPISPOOL_INFINITE));
    CHECK_HR(S_OK, MapiTransportRemove(removed));
    other = nullptr;
    CHECK(eventually([] { return under_way == 0; }));
    CHECK_HR(S_OK, MapiStoreRelease(s));
    CHECK_HR(S_OK, MapiStoreRelease(still));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));

    for (const char *from : {"submit", "end", "notify", "flush", "transport logoff", "destroy", "lock", "unlock",
                             "finished", "released"})
        if (called_from.count(from) == 0)
            check_failed(__FILE__, __LINE__, from);
    return 0;
}
