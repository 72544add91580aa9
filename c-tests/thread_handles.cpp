// Handles are checked: null, released, of another kind, of another spooler or any other number gives an error, never
// a crash, whatever other threads do at the same time (api.md, Rules; the header).
#include "live.hpp"

static std::mutex mutex;
static std::vector<void *> seen; // every handle there ever was

static void remember(void *handle) {
    std::lock_guard<std::mutex> hold(mutex);
    seen.push_back(handle);
}

template <typename Handle, typename Random>
static Handle some(Random &random, bool close_by = true) {
    std::uintptr_t number = 0;
    switch (random() % 4) {
    case 0:
        return nullptr;
    case 1:
        number = static_cast<std::uintptr_t>(static_cast<std::uint64_t>(random()) << 32 | random());
        break;
    default: {
        std::lock_guard<std::mutex> hold(mutex);
        if (seen.empty())
            return nullptr;
        number = reinterpret_cast<std::uintptr_t>(seen[random() % seen.size()]);
        if (close_by && random() % 4 == 0)
            number ^= static_cast<std::uintptr_t>(1) << random() % 64;
    }
    }
    return reinterpret_cast<Handle>(number);
}

static std::atomic<bool> over{false};

/** Objects come and go. */
static void live(unsigned seed) {
    std::mt19937 random(seed);
    std::string profile = "p" + std::to_string(seed);
    MAPITRANSPORTOPS ops = transport_ops();
    MAPITRANSPORTOPS driven = ops;
    driven.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
        remember(message->hTransfer);
        return S_OK;
    };
    while (!over) {
        // What strangers do with these handles may close any of it, at any time.
        HMAPISPOOLER spooler = open_spooler(MAPISPOOL_LOCAL, profile.c_str());
        remember(spooler);
        HMAPITRANSPORT transport = nullptr;
        HMAPISTORE store = nullptr;
        if (MapiSpoolerAddTransport(spooler, "t", 0, nullptr, random() % 2 ? &ops : &driven, nullptr, &transport) == S_OK)
            remember(transport);
        if (try_open(spooler, "s", &store) == S_OK)
            remember(store);
        for (int i = 0; i < 20; ++i) {
            (void) submit(store, "m" + std::to_string(i));
            HMAPITRANSFER transfer = nullptr;
            if (MapiTransportBeginInbound(transport, store, &transfer) == S_OK) {
                remember(transfer);
                (void) MapiTransferEnd(transfer, S_OK, 0, 0);
            }
        }
        (void) MapiStoreRelease(store);
        while (MapiSpoolerClose(spooler, LOGOFF_ABORT, 10) == MAPI_E_TIMEOUT) {
        }
    }
}

static void strike(unsigned seed) {
    std::mt19937 random(seed);
    for (int i = 0; i < 30000; ++i) {
        ULONG word = LOGOFF_NO_WAIT, incomplete = 0;
        MAPISPOOLSTATUS status = {};
        status.cbSize = sizeof status;
        HMAPITRANSFER transfer = nullptr;
        HMAPISTORE store = nullptr;
        HMAPITRANSPORT transport = nullptr;
        MAPITRANSPORTOPS ops = transport_ops();
        HRESULT hr = S_OK;
        switch (random() % 20) {
        case 0: hr = MapiSpoolerRun(some<HMAPISPOOLER>(random), 0); break;
        case 1: hr = i % 16 ? S_OK : MapiSpoolerClose(some<HMAPISPOOLER>(random), 0, 0); break;
        case 2:
            hr = try_open(some<HMAPISPOOLER>(random), "s", &store);
            if (hr == S_OK)
                remember(store);
            break;
        case 3: hr = MapiSpoolerLogoffStores(some<HMAPISPOOLER>(random), word, 0, &incomplete); break;
        case 4: hr = MapiSpoolerAddTransport(some<HMAPISPOOLER>(random), "u", 0, nullptr, &ops, nullptr, &transport); break;
        case 5: hr = MapiTransportRemove(some<HMAPITRANSPORT>(random)); break;
        case 6: hr = MapiTransportSpoolerNotify(some<HMAPITRANSPORT>(random), NOTIFY_READYTOSEND, 0, nullptr); break;
        case 7: {
            const MAPISPOOLMESSAGE *message = nullptr; // nobody else knows its transfer
            hr = MapiTransportTakeMessage(some<HMAPITRANSPORT>(random), 0, &message);
            if (hr == S_OK)
                CHECK_HR(S_OK, MapiTransferEnd(message->hTransfer, S_OK, 0, 0));
            break;
        }
        case 8: hr = MapiTransportBeginOutbound(some<HMAPITRANSPORT>(random), some<HMAPISTORE>(random), 1, "x", &transfer); break;
        case 9: hr = MapiTransportBeginInbound(some<HMAPITRANSPORT>(random), some<HMAPISTORE>(random), &transfer); break;
        case 10: hr = MapiTransferSpoolerYield(some<HMAPITRANSFER>(random)); break;
        case 11: hr = MapiTransferEnd(some<HMAPITRANSFER>(random, false), S_OK, 0, 0); break;
        case 12: hr = submit(some<HMAPISTORE>(random), "y"); break;
        case 13: hr = MapiStoreAbortSubmit(some<HMAPISTORE>(random), 1, "y"); break;
        case 14: hr = MapiStoreGetStatus(some<HMAPISTORE>(random), &status); break;
        case 15: hr = StoreLogoffTransports(some<HMAPISTORE>(random), &word); break;
        case 16: hr = MapiStoreWait(some<HMAPISTORE>(random), 0); break;
        case 17: hr = MapiStoreCancelLogoff(some<HMAPISTORE>(random)); break;
        case 18: hr = MapiStoreAddRef(some<HMAPISTORE>(random)); break;
        default: hr = MapiStoreRelease(some<HMAPISTORE>(random));
        }
        CHECK(hr != MAPI_E_CALL_FAILED); // no defect shows
        if (transfer != nullptr) {
            remember(transfer);
            (void) MapiTransferEnd(transfer, S_OK, 0, 0);
        }
    }
}

/** Without others the answers are exact. */
static void exact() {
    HMAPISPOOLER spooler = open_spooler();
    HMAPISTORE store = open_store(spooler, "s");
    HMAPITRANSPORT self = add_transport(spooler, "self", transport_ops());
    HMAPITRANSFER transfer = nullptr;
    CHECK_HR(S_OK, MapiTransportBeginInbound(self, store, &transfer));
    void *all[] = {spooler, store, self, transfer, nullptr, &spooler, reinterpret_cast<void *>(-1)};
    for (void *handle : all) {
        MAPISPOOLSTATUS status = {};
        status.cbSize = sizeof status;
        CHECK_HR(handle == store ? S_OK : MAPI_E_INVALID_PARAMETER,
                 MapiStoreGetStatus(static_cast<HMAPISTORE>(handle), &status));
        CHECK_HR(handle == transfer ? S_OK : MAPI_E_INVALID_PARAMETER,
                 MapiTransferSpoolerYield(static_cast<HMAPITRANSFER>(handle)));
        CHECK_HR(handle == self ? S_OK : MAPI_E_INVALID_PARAMETER,
                 MapiTransportSpoolerNotify(static_cast<HMAPITRANSPORT>(handle), NOTIFY_READYTOSEND, 0, nullptr));
        CHECK_HR(handle == spooler ? MAPI_E_NO_SUPPORT : MAPI_E_INVALID_PARAMETER,
                 MapiSpoolerRun(static_cast<HMAPISPOOLER>(handle), 0));
    }
    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(transfer, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreRelease(store));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreAddRef(store));
    CHECK_HR(S_OK, MapiTransportRemove(self));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerClose(spooler, 0, 0));
}

int main() {
    exact();
    std::vector<std::thread> lives, strikes;
    for (unsigned i = 0; i < 2; ++i)
        lives.emplace_back(live, i);
    for (unsigned i = 0; i < 3; ++i)
        strikes.emplace_back(strike, 10 + i);
    for (auto &thread : strikes)
        thread.join();
    over = true;
    for (auto &thread : lives)
        thread.join();
    exact();
    return 0;
}
