// Closing while other threads submit, take, log off, open, cancel and notify: no hang, no crash; every context that
// was accepted is finalized once, as the last call with it; every message is sent once or still queued
// (semantics.md sections 4, 6 and 7; the header, Ownership).
#include "live.hpp"

struct Context {
    std::atomic<int> finalized{0};
    std::string id;
    std::mutex mutex;
    std::map<std::string, int> sent;
};

static std::mutex mutex;
static std::vector<std::unique_ptr<Context>> contexts;

static Context *context(const std::string &id) {
    std::lock_guard<std::mutex> hold(mutex);
    contexts.emplace_back(new Context);
    contexts.back()->id = id;
    return contexts.back().get();
}

static Context &alive(void *context) {
    Context &found = *static_cast<Context *>(context);
    CHECK_EQUAL(0, found.finalized);
    return found;
}

static void MAPISPOOL_CALL finalize(void *context) { CHECK_EQUAL(1, ++static_cast<Context *>(context)->finalized); }

/** What other threads get while one closes. */
static bool fits(HRESULT hr) {
    switch (static_cast<ULONG>(hr)) {
    case 0:
    case 0x8004010B: // BUSY
    case 0x80040108: // INVALID_OBJECT
    case 0x80040200: // END_OF_SESSION
    case 0x80070057: // INVALID_PARAMETER: the handle is over
    case 0x80040401: // TIMEOUT
    case 0x80040608: // SUBMITTED
    case 0x80040601: // NOT_IN_QUEUE
    case 0x80040114: // UNABLE_TO_ABORT
    case 0x8004010F: // NOT_FOUND
    case 0x80040604: // COLLISION
        return true;
    default:
        fprintf(stderr, "%s 0x%x\n", result_name(hr), static_cast<unsigned>(hr));
        return false;
    }
}

static void round(unsigned seed) {
    contexts.clear();
    Context *whole = context("spooler");
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.ulAbortLimit = 20;
    options.ulPurgeLimit = 20;
    options.ulRetryPause = 1;
    options.lpvContext = whole;
    options.lpfnLog = [](void *context, ULONG, const char *) { alive(context); };
    options.lpfnDestroy = finalize;
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));

    MAPITRANSPORTOPS ops = transport_ops();
    ops.TransportNotify = [](void *context, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT { alive(context); return S_OK; };
    ops.FlushQueues = [](void *context, ULONG) -> HRESULT { alive(context); return S_OK; };
    ops.TransportLogoff = [](void *context, ULONG) -> HRESULT { alive(context); return S_OK; };
    ops.Destroy = finalize;
    MAPITRANSPORTOPS driven = ops;
    driven.SubmitMessage = [](void *context, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
        alive(context);
        alive(message->lpvStoreContext);
        static std::atomic<int> calls{0};
        switch (++calls % 8) {
        case 0: return MAPI_E_NOT_ME;
        case 1: return MAPI_E_BUSY;
        case 2: return MapiTransferSpoolerYield(message->hTransfer) == S_OK ? MAPI_E_WAIT : MAPI_E_USER_CANCEL;
        default: return S_OK;
        }
    };
    driven.EndMessage = [](void *context, const MAPISPOOLMESSAGE *, ULONG *flags) -> HRESULT {
        alive(context);
        static std::atomic<int> calls{0};
        switch (++calls % 16) {
        case 0: *flags = END_RESEND_NOW; break;
        case 1: *flags = END_DONT_RESEND; break;
        }
        return S_OK;
    };
    MAPISTOREOPS calls = store_ops();
    calls.SetLockState = [](void *context, ULONG, const void *, ULONG) -> HRESULT { alive(context); return S_OK; };
    calls.FinishedMsg = [](void *context, ULONG, ULONG size, const void *id) -> HRESULT {
        Context &store = alive(context);
        std::lock_guard<std::mutex> hold(store.mutex);
        CHECK_EQUAL(1, ++store.sent[std::string(static_cast<const char *>(id), size)]);
        return S_OK;
    };
    calls.Released = [](void *context, ULONG flags) {
        CHECK((flags & LOGOFF_COMPLETE) != 0);
        finalize(context);
    };
    HMAPITRANSPORT driven1 = add_transport(spooler, "driven1", driven, context("driven1"));
    HMAPITRANSPORT self = add_transport(spooler, "self", ops, context("self"));
    add_transport(spooler, "driven2", driven, context("driven2"));

    std::atomic<bool> over{false};
    std::atomic<int> number{0}, at_work{0};
    auto worker = [&](unsigned which) {
        std::minstd_rand random(seed * 100 + which);
        std::vector<HMAPISTORE> stores;
        ++at_work;
        while (!over) {
            HMAPISTORE store = stores.empty() ? nullptr : stores[random() % stores.size()];
            ULONG word = 1u << random() % 5;
            std::string id = "m" + std::to_string(++number);
            const MAPISPOOLMESSAGE *message = nullptr;
            HMAPITRANSFER transfer = nullptr;
            switch (random() % 12) {
            case 0: {
                std::string name = "s" + std::to_string(random() % 6);
                Context *accepted = context(name);
                HMAPISTORE opened = nullptr;
                HRESULT hr = MapiSpoolerOpenStore(spooler, 2, name.data(), 0, &calls, accepted, &opened);
                CHECK(fits(hr));
                if (hr == S_OK)
                    stores.push_back(opened);
                else
                    finalize(accepted); // still ours
                break;
            }
            case 1:
                if (store != nullptr && fits(StoreLogoffTransports(store, &word)))
                    break;
                CHECK(store == nullptr);
                break;
            case 2:
                if (!stores.empty()) {
                    CHECK_HR(S_OK, MapiStoreRelease(stores.back()));
                    stores.pop_back();
                }
                break;
            case 3:
                CHECK(fits(MapiStoreCancelLogoff(store)));
                break;
            case 4:
                if (MapiTransportTakeMessage(self, random() % 2, &message) == S_OK)
                    CHECK_HR(S_OK, MapiTransferEnd(message->hTransfer, random() % 3 ? S_OK : MAPI_E_WAIT, 0, 0));
                break;
            case 5:
                CHECK(fits(MapiTransportSpoolerNotify(driven1, NOTIFY_SENTDEFERRED | NOTIFY_READYTOSEND, 0, nullptr)));
                break;
            case 6:
                if (store != nullptr && MapiTransportBeginInbound(self, store, &transfer) == S_OK)
                    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));
                break;
            case 7:
                if (store != nullptr &&
                    MapiTransportBeginOutbound(self, store, static_cast<ULONG>(id.size()), id.data(), &transfer) == S_OK)
                    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));
                break;
            case 8:
                CHECK(fits(MapiStoreWait(store, random() % 2)));
                break;
            default:
                if (store != nullptr)
                    CHECK(fits(submit(store, id)));
            }
        }
        for (HMAPISTORE store : stores)
            CHECK_HR(S_OK, MapiStoreRelease(store));
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 5; ++i)
        threads.emplace_back(worker, i);
    CHECK(eventually([&] { return at_work == 5 && number > 500; }));
    HRESULT hr = MapiSpoolerClose(spooler, seed % 2 ? LOGOFF_ABORT : 0, seed % 3 ? MAPISPOOL_INFINITE : 0);
    while (hr == MAPI_E_TIMEOUT)
        hr = MapiSpoolerClose(spooler, 0, 5);
    CHECK_HR(S_OK, hr);
    {
        std::lock_guard<std::mutex> hold(mutex); // the others still try
        for (auto &accepted : contexts)
            if (accepted->id[0] != 's' || accepted->id == "spooler" || accepted->id == "self")
                CHECK_EQUAL(1, accepted->finalized);
    }
    over = true;
    for (auto &thread : threads)
        thread.join();
    for (auto &accepted : contexts)
        CHECK_EQUAL(1, accepted->finalized);
}

int main() {
    for (unsigned seed = 0; seed < 30; ++seed)
        round(seed);
    CHECK(threads_become(threads_at_rest()));
    return 0;
}
