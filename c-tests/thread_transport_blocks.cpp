// A driven transport is called by a thread of its own, so that a slow one holds up nobody; limits count on the
// waiting caller's thread, so that a TransportNotify that never returns delays only itself (semantics.md sections
// 6 and 7).
#include "live.hpp"

static HMAPISPOOLER open_with_retry_pause(ULONG milliseconds) {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.ulRetryPause = milliseconds;
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    return spooler;
}

static void one_blocks() {
    World w(World::Options::threads());
    Gate go;
    Transport &slow = w.transport("slow");
    slow.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(go.pass());
    };
    w.transport("fast");
    Store &s = w.store("s");
    s.submit("m1");
    w.await("entered");
    for (int i = 2; i <= 20; ++i)
        s.submit("m" + std::to_string(i));
    CHECK(eventually([&] { return s.status() == "OUTBOUND: outbound 1, finished 19"; }));

    const ULONG instructions[] = {LOGOFF_QUIET, LOGOFF_ORDERLY, LOGOFF_NO_WAIT, LOGOFF_ABORT};
    for (ULONG instruction : instructions) {
        Store &other = w.store("other" + std::to_string(instruction));
        CHECK_IS("COMPLETE", other.logoff(instruction));
        CHECK_HR(S_OK, other.wait());
    }
    // Its own message goes by the other transport.
    Store &other = w.store("other");
    other.submit("m");
    CHECK(eventually([&] { return other.raw_status().cFinished == 1; }));
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_QUIET));
    go.open();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
}

static void notify_blocks() {
    World::Options options = World::Options::threads();
    options.abort_limit = 100;
    options.purge_limit = 100;
    World w(options);
    Gate go, send;
    Transport &deaf = w.transport("deaf");
    deaf.in_notify = [&](ULONG, const MAPISPOOLMESSAGE *) {
        w.say("notified");
        CHECK(go.pass());
    };
    deaf.in_submit = [&](const MAPISPOOLMESSAGE &) {
        w.say("entered");
        CHECK(send.pass());
    };
    Store &s = w.store("s");
    w.await("notified"); // the control thread hangs
    s.submit("m1");
    w.await("entered");

    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT)); // the limit passes all the same
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_PURGE));
    Store &other = w.store("other");
    CHECK_IS("COMPLETE", other.logoff(LOGOFF_ABORT));
    ULONG incomplete = 77;
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(w.handle, LOGOFF_ABORT, 100, &incomplete));
    CHECK_EQUAL(1, incomplete);
    CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(w.handle, 0, 50));

    send.open();
    CHECK(eventually([&] { return s.raw_status().cFinished == 1; }));
    CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(w.handle, 0, 50));
    go.open();
    CHECK_HR(S_OK, s.wait());
    CHECK_HR(S_OK, other.wait());
}

/** What time it is does not hang on the control thread: a message whose wait is over goes before later ones, although
 * the one thread that is left has mail without a pause. */
static void a_wait_ends_although_notify_blocks() {
    const ULONG pause = 20;
    struct Busy {
        Gate notified, all_submitted, all_sent, go;
        std::string order;
    } busy;

    MAPITRANSPORTOPS ops = transport_ops();
    ops.TransportNotify = [](void *context, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT {
        Busy &busy = *static_cast<Busy *>(context);
        busy.notified.open();
        CHECK(busy.go.pass());
        return S_OK;
    };
    ops.SubmitMessage = [](void *context, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
        Busy &busy = *static_cast<Busy *>(context);
        std::string id(static_cast<const char *>(message->lpEntryID), message->cbEntryID);
        busy.order += id;
        if (busy.order == "1") {
            CHECK(busy.all_submitted.pass());
            return MAPI_E_WAIT;
        }
        Watch watch;
        if (id == "2") // is at it until the wait of the first is over
            CHECK(eventually([&] { return watch.elapsed() > 2 * long(pause); }));
        if (busy.order.size() == 4)
            busy.all_sent.open();
        return S_OK;
    };

    HMAPISPOOLER spooler = open_with_retry_pause(pause);
    add_transport(spooler, "busy", ops, &busy);
    HMAPISTORE store = open_store(spooler, "s"); // without callbacks: each is an occasion to look at the clock
    CHECK(busy.notified.pass());
    for (const char *id : {"1", "2", "3"})
        CHECK_HR(S_OK, submit(store, id));
    busy.all_submitted.open(); // and no call from here on: each is one, too
    CHECK(busy.all_sent.pass());
    CHECK_IS("1213", busy.order);

    busy.go.open();
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

/** Whoever sleeps wakes up for what comes due, though it slept without an end when that was set: there may be nobody
 * else. Here that is a transport's thread, or one that waits in a call. */
static void a_sleeper_keeps_the_time_although_notify_blocks(bool worker) {
    struct Sent {
        Gate notified, first, again, go;
    } sent;
    MAPITRANSPORTOPS deaf = transport_ops(), driven = transport_ops();
    deaf.TransportNotify = [](void *context, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT {
        Sent &sent = *static_cast<Sent *>(context);
        sent.notified.open();
        CHECK(sent.go.pass());
        return S_OK;
    };
    driven.SubmitMessage = [](void *context, const MAPISPOOLMESSAGE *message, ULONG *) -> HRESULT {
        Sent &sent = *static_cast<Sent *>(context);
        (*static_cast<const char *>(message->lpEntryID) == '1' ? sent.first : sent.again).open();
        return S_OK;
    };

    HMAPISPOOLER spooler = open_with_retry_pause(20);
    HMAPITRANSPORT own = add_transport(spooler, "deaf", deaf, &sent);
    HMAPISTORE store = open_store(spooler, "s");
    CHECK(sent.notified.pass());
    if (worker) {
        add_transport(spooler, "driven", driven, &sent);
        CHECK_HR(S_OK, submit(store, "1"));
        CHECK(sent.first.pass());
    }
    HMAPITRANSFER transfer = nullptr;
    CHECK_HR(S_OK, MapiTransportBeginOutbound(own, store, 1, "2", &transfer));
    Side taker([&] {
        const MAPISPOOLMESSAGE *message = nullptr;
        if (!worker) {
            CHECK_HR(S_OK, MapiTransportTakeMessage(own, MAPISPOOL_INFINITE, &message));
            CHECK_HR(S_OK, MapiTransferEnd(message->hTransfer, S_OK, 0, 0));
            sent.again.open();
        }
    });
    Watch watch; // time to fall asleep; who has not, looks at the clock himself
    CHECK(eventually([&] { return watch.elapsed() > 20; }));
    CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, END_RESEND_LATER, 0));
    CHECK(sent.again.pass()); // and nobody calls

    sent.go.open();
    taker.join();
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

int main() {
    one_blocks();
    notify_blocks();
    a_wait_ends_although_notify_blocks();
    a_sleeper_keeps_the_time_although_notify_blocks(true);
    a_sleeper_keeps_the_time_although_notify_blocks(false);
    return 0;
}
