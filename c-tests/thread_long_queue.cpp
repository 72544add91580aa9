// A long queue goes through a driven transport's thread without a pause between its messages. Nothing of what holds for
// a single message is lost by that: each has a handle of its own, another store gets its turn, a logoff stops it
// between two messages (api.md, Rules; semantics.md, sections 2, 4 and 7).
#include "live.hpp"

static std::mutex mutex;
static std::condition_variable changed;
static size_t sent = 0; // messages whose SubmitMessage has begun
static size_t held = 0; // the number of the one that is not to return
static std::vector<std::string> order;
static std::vector<HMAPITRANSFER> handles;

static HRESULT submit_message(void *, const MAPISPOOLMESSAGE *message, ULONG *) {
    CHECK_HR(S_OK, MapiTransferSpoolerYield(message->hTransfer));
    if (!handles.empty()) {
        CHECK(handles.back() != message->hTransfer);
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferSpoolerYield(handles.back()));
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferEnd(handles.back(), S_OK, 0, 0));
    }
    handles.push_back(message->hTransfer);
    std::unique_lock<std::mutex> hold(mutex);
    order.push_back(std::string(static_cast<const char *>(message->lpStoreEntryID), message->cbStoreEntryID) + "/" +
                    std::string(static_cast<const char *>(message->lpEntryID), message->cbEntryID));
    ++sent;
    changed.notify_all();
    changed.wait(hold, [] { return sent != held; });
    return S_OK;
}

/** Waits until so many messages have been begun; the last of them is in SubmitMessage. */
static void wait_for(size_t messages) {
    std::unique_lock<std::mutex> hold(mutex);
    changed.wait(hold, [=] { return sent == messages; });
}

/** What is held goes on, up to this one. */
static void hold_at(size_t messages) {
    std::lock_guard<std::mutex> hold(mutex);
    held = messages;
    changed.notify_all();
}

static void with(const MAPISTOREOPS &calls) {
    sent = 0;
    held = 1;
    order.clear();
    handles.clear();
    HMAPISPOOLER spooler = open_spooler();
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = submit_message;
    add_transport(spooler, "smtp", ops);
    HMAPISTORE a = open_store(spooler, "a", &calls), b = open_store(spooler, "b", &calls);
    for (int message = 1; message <= 100; ++message)
        CHECK_HR(S_OK, submit(a, std::to_string(message)));
    wait_for(1);
    hold_at(40);
    wait_for(40);
    CHECK(status_of(a).cFinished == 39);
    CHECK(status_of(a).ulFlags == (LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE));
    // The other store has its turn now.
    CHECK_HR(S_OK, submit(b, "1"));
    CHECK_HR(S_OK, submit(b, "2"));
    hold_at(50);
    wait_for(50);
    const std::vector<std::string> turns(order.begin() + 39, order.begin() + 45);
    CHECK((turns == std::vector<std::string>{"a/40", "a/41", "b/1", "a/42", "b/2", "a/43"}));
    // What is in process is the last that begins.
    ULONG flags = logoff(a, LOGOFF_ORDERLY);
    CHECK(flags == (LOGOFF_COMPLETE | LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE));
    hold_at(0);
    CHECK_HR(S_OK, MapiStoreWait(a, MAPISPOOL_INFINITE));
    CHECK(status_of(a).cFinished == 48);
    CHECK(order.size() == 50 && order.back() == "a/48");
    CHECK_HR(S_OK, MapiStoreRelease(a));
    CHECK_HR(S_OK, MapiStoreRelease(b));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

int main() {
    MAPISTOREOPS calls = store_ops();
    with(calls);
    calls.SetLockState = [](void *, ULONG, const void *, ULONG) -> HRESULT { return S_OK; };
    calls.FinishedMsg = [](void *, ULONG, ULONG, const void *) -> HRESULT { return S_OK; };
    with(calls);
    return 0;
}
