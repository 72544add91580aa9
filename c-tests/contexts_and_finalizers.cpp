// Each context that was accepted has a finalizer that runs exactly once on every path; a failing call keeps
// nothing. api.md, "Rules for all of them"; semantics.md, section 7, "A failed open or add".

#include "world.hpp"

struct Counts {
    int destroyed = 0;
    int others = 0;
};

static void MAPISPOOL_CALL destroy(void *context) { ++static_cast<Counts *>(context)->destroyed; }
static void MAPISPOOL_CALL released(void *context, ULONG) { ++static_cast<Counts *>(context)->destroyed; }
static void MAPISPOOL_CALL log_line(void *context, ULONG, const char *) { ++static_cast<Counts *>(context)->others; }

static MAPISPOOLOPTIONS options_for(Counts &counts) {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "contexts";
    options.lpvContext = &counts;
    options.lpfnDestroy = destroy;
    return options;
}

static MAPITRANSPORTOPS transport_ops() {
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.Destroy = destroy;
    return ops;
}

static MAPISTOREOPS store_ops() {
    MAPISTOREOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.Released = released;
    return ops;
}

static void failing_calls_keep_nothing() {
    Counts kept, of_spooler;
    HMAPISPOOLER spooler = nullptr;
    MAPISPOOLOPTIONS options = options_for(kept);
    options.ulFlags |= 0x800;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiSpoolerOpen(&options, &spooler));
    options = options_for(kept);
    options.lpszProfileName = "";
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpen(&options, &spooler));
    options.lpszProfileName = "x";
    options.ulFlags = MAPISPOOL_MANUAL;
    options.lpszPresenceDirectory = "/proc/no/such/place";
    CHECK_HR(MAPI_E_NO_ACCESS, MapiSpoolerOpen(&options, &spooler));

    options = options_for(of_spooler);
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    MAPITRANSPORTOPS t = transport_ops();
    HMAPITRANSPORT transport = nullptr;
    CHECK_HR(MAPI_E_BAD_CHARWIDTH, MapiSpoolerAddTransport(spooler, "\xFF", 0, nullptr, &t, &kept, &transport));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerAddTransport(spooler, "t", 0, nullptr, &t, &kept, nullptr));
    t.cbSize = 2;
    CHECK_HR(MAPI_E_VERSION, MapiSpoolerAddTransport(spooler, "t", 0, nullptr, &t, &kept, &transport));

    MAPISTOREOPS s = store_ops();
    HMAPISTORE store = nullptr, inbox = nullptr;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiSpoolerOpenStore(spooler, 1, "s", 8, &s, &kept, &store));
    CHECK_HR(MAPI_E_INVALID_ENTRYID, MapiSpoolerOpenStore(spooler, 0, "s", 0, &s, &kept, &store));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerOpenStore(spooler, 1, "s", 0, &s, &kept, nullptr));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "i", MAPISPOOL_DEFAULT_INBOX, nullptr, nullptr, &inbox));
    CHECK_HR(MAPI_E_COLLISION,
             MapiSpoolerOpenStore(spooler, 1, "s", MAPISPOOL_DEFAULT_INBOX, &s, &kept, &store));
    CHECK(store == nullptr);
    CHECK(transport == nullptr);

    // While closing.
    HMAPITRANSFER in = nullptr;
    t = transport_ops();
    Counts accepted;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, nullptr, &t, &accepted, &transport));
    CHECK_HR(S_OK, MapiTransportBeginInbound(transport, nullptr, &in));
    CHECK_HR(MAPI_E_TIMEOUT, MapiSpoolerClose(spooler, 0, 0));
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiSpoolerOpenStore(spooler, 1, "s", 0, &s, &kept, &store));
    HMAPITRANSPORT another = nullptr;
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiSpoolerAddTransport(spooler, "t", 0, nullptr, &t, &kept, &another));
    CHECK_EQUAL(0, of_spooler.destroyed);
    CHECK_EQUAL(0, accepted.destroyed);
    CHECK_HR(S_OK, MapiTransferEnd(in, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 1));
    CHECK_HR(S_OK, MapiStoreRelease(inbox));
    CHECK_EQUAL(1, of_spooler.destroyed);
    CHECK_EQUAL(1, accepted.destroyed);
    CHECK_EQUAL(0, kept.destroyed);
}

// A store that has nothing but Released, a transport that has nothing but Destroy; and neither.
static void every_path() {
    enum Path { closed, closed_aborting, logged_off, released_only, removed, opened_again, last };
    for (int path = closed; path < last; ++path)
        for (bool with_callbacks : {true, false}) {
            Counts of_spooler, of_store, of_transport, of_second;
            MAPISPOOLOPTIONS options = options_for(of_spooler);
            options.lpfnLog = log_line;
            if (!with_callbacks)
                options.lpfnDestroy = nullptr;
            HMAPISPOOLER spooler = nullptr;
            CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
            MAPITRANSPORTOPS t = transport_ops();
            MAPISTOREOPS s = store_ops();
            if (!with_callbacks) {
                t.Destroy = nullptr;
                s.Released = nullptr;
            }
            HMAPITRANSPORT transport = nullptr;
            HMAPISTORE store = nullptr, second = nullptr;
            CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "t", 0, nullptr, &t, &of_transport, &transport));
            CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, &s, &of_store, &store));
            CHECK_HR(S_OK, MapiStoreSubmitMessage(store, 1, "m"));
            ULONG word = LOGOFF_NO_WAIT;
            switch (path) {
            case logged_off:
                CHECK_HR(S_OK, StoreLogoffTransports(store, &word));
                break;
            case released_only:
                CHECK_HR(S_OK, MapiStoreRelease(store));
                break;
            case removed:
                CHECK_HR(S_OK, MapiTransportRemove(transport));
                CHECK_EQUAL(with_callbacks, of_transport.destroyed);
                break;
            case opened_again:
                CHECK_HR(S_OK, StoreLogoffTransports(store, &word));
                CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, &s, &of_second, &second));
                break;
            default:
                break;
            }
            CHECK_EQUAL(0, of_spooler.destroyed);
            CHECK_HR(S_OK, MapiSpoolerClose(spooler, path == closed_aborting ? LOGOFF_ABORT : 0, MAPISPOOL_INFINITE));
            CHECK_EQUAL(with_callbacks, of_spooler.destroyed);
            CHECK_EQUAL(with_callbacks, of_transport.destroyed);
            CHECK_EQUAL(with_callbacks, of_store.destroyed);
            CHECK_EQUAL(with_callbacks && path == opened_again, of_second.destroyed);
            if (path != released_only)
                CHECK_HR(S_OK, MapiStoreRelease(store));
            if (second != nullptr)
                CHECK_HR(S_OK, MapiStoreRelease(second));
            CHECK_EQUAL(with_callbacks, of_store.destroyed);
            CHECK(of_spooler.others > 0);
        }
}

// The finalizer is the last call with its context: the World checks it for every callback.
static void last_call() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("m1", {ends_with(END_DONT_RESEND)});
    s.submit("m1");
    w.forget();
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
    w.run();
    CHECK_HR(S_OK, MapiTransportRemove(smtp.handle));
    EXPECT(w, {
        "smtp: notify END_OUTBOUND", "smtp: notify ABORT_DEFERRED m1", "s: released COMPLETE QUEUE",
        "smtp: logoff", "smtp: destroy",
    });
}

int main() {
    failing_calls_keep_nothing();
    every_path();
    last_call();
}
