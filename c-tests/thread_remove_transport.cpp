// Removing a transport cancels what it has in process, as ABORT does, with the abort limit; what it deferred or had
// begun goes to others. Past the limit it stays and works as before (semantics.md sections 4 and 7).
#include "live.hpp"

static void cancelled() {
    World w(World::Options::threads());
    Gate told;
    Transport &a = w.transport("a");
    a.in_submit = [&](const MAPISPOOLMESSAGE &message) {
        w.say("entered");
        CHECK(told.pass());
        CHECK_HR(MAPI_W_CANCEL_MESSAGE, MapiTransferSpoolerYield(message.hTransfer));
    };
    a.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags == NOTIFY_CANCEL_MESSAGE)
            told.open();
    };
    a.on("m1", {MAPI_E_USER_CANCEL});
    Store &s = w.store("s");
    s.submit("m1");
    w.await("entered");
    CHECK_HR(S_OK, MapiTransportRemove(a.handle));
    CHECK_EQUAL(1, a.destroyed);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportRemove(a.handle));
    CHECK_IS("QUEUE: waiting 1", s.status()); // no transport could take it
    w.transport("b");
    w.await("s: finished m1");
}

static void past_the_limit() {
    World::Options options = World::Options::threads();
    options.abort_limit = 100;
    World w(options);
    Gate go;
    Transport &a = w.transport("a");
    Transfer transfer;
    a.in_submit = [&](const MAPISPOOLMESSAGE &message) {
        transfer.handle = message.hTransfer;
        w.say("entered");
        CHECK(go.pass());
    };
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    w.await("entered");
    CHECK_HR(MAPI_E_TIMEOUT, MapiTransportRemove(a.handle));
    CHECK(!transfer.cancelled());
    go.open();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE)); // by the same transport
    CHECK_EQUAL(1, w.count("a: submit m2"));
    CHECK_HR(S_OK, MapiTransportRemove(a.handle));
}

/** The limit of a removal passes while the spooler closes: closing still ends. */
static void while_closing() {
    World::Options options = World::Options::threads();
    options.abort_limit = 200;
    World w(options);
    Gate go;
    Transport &a = w.transport("a");
    a.in_notify = [&](ULONG, const MAPISPOOLMESSAGE *) {
        w.say("notified");
        CHECK(go.pass());
    };
    HMAPISTORE store = open_store(w.handle, "s");
    w.await("notified");
    Side removal([&] {
        CHECK_HR(MAPI_E_TIMEOUT, MapiTransportRemove(a.handle));
        go.open();
    });
    CHECK(eventually([&] { // it is being removed: nothing begins
        HMAPITRANSFER transfer = nullptr;
        HRESULT hr = MapiTransportBeginInbound(a.handle, store, &transfer);
        return hr == MAPI_E_BUSY || MapiTransferEnd(transfer, S_OK, 0, 0) != S_OK;
    }));
    CHECK_HR(S_OK, a.notify(NOTIFY_CRITICAL_ERROR)); // it is told no more, so that the store need not wait for it
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, w.close());
}

/** Transports come and go while mail goes; whatever happens, every message is sent once. */
static void come_and_go() {
    World w(World::Options::threads());
    w.transport("stays");
    Store &s = w.store("s");
    Side submitter([&] {
        for (int i = 0; i < 600; ++i)
            s.submit("m" + std::to_string(i));
    });
    for (int i = 0; i < 30; ++i) {
        Transport &driven = w.transport("driven" + std::to_string(i));
        Transport &self = w.self_driven("self" + std::to_string(i));
        Side taker([&] {
            Transfer transfer;
            HRESULT hr;
            while ((hr = self.try_take(1000, transfer)) == S_OK)
                CHECK_HR(S_OK, transfer.end());
            CHECK(hr == MAPI_E_END_OF_SESSION || hr == MAPI_E_TIMEOUT || hr == MAPI_E_INVALID_PARAMETER);
        });
        CHECK_HR(S_OK, MapiTransportRemove(driven.handle));
        CHECK_HR(S_OK, MapiTransportRemove(self.handle));
    }
    submitter.join();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(600, s.raw_status().cFinished);
}

int main() {
    cancelled();
    past_the_limit();
    while_closing();
    come_and_go();
    return 0;
}
