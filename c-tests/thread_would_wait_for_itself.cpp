// What would wait for its own thread is refused with MAPI_E_BUSY: waiting calls inside callbacks, ABORT and PURGE
// on the thread that took or began a transfer of the store (semantics.md section 2, Errors; section 7).
#include "live.hpp"

static World *world;
static Transport *smtp, *self;
static Store *asked;
static std::atomic<int> refused{0};

static void refusals() {
    CHECK_IS("MAPI_E_BUSY", asked->logoff(LOGOFF_PURGE));
    CHECK_IS("MAPI_E_BUSY", asked->logoff(LOGOFF_ABORT));
    CHECK_HR(MAPI_E_BUSY, MapiStoreWait(asked->handle, 1));
    CHECK_HR(MAPI_E_BUSY, MapiStoreWait(asked->handle, MAPISPOOL_INFINITE));
    CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(asked->handle, 0));
    CHECK_HR(MAPI_E_BUSY, MapiSpoolerClose(world->handle, 0, 0));
    CHECK_HR(MAPI_E_BUSY, MapiSpoolerClose(world->handle, LOGOFF_ABORT, MAPISPOOL_INFINITE));
    CHECK_HR(MAPI_E_BUSY, MapiTransportRemove(smtp->handle));
    ULONG incomplete = 0;
    CHECK_HR(MAPI_E_BUSY, MapiSpoolerLogoffStores(world->handle, LOGOFF_PURGE, 0, &incomplete));
    const MAPISPOOLMESSAGE *message = nullptr;
    CHECK_HR(MAPI_E_BUSY, MapiTransportTakeMessage(self->handle, 1, &message));
    ++refused;
}

static void inside_callbacks() {
    World w(World::Options::threads());
    world = &w;
    smtp = &w.transport("smtp");
    self = &w.self_driven("self");
    asked = &w.store("asked");
    Store &s = w.store("s");
    auto everywhere = [](const std::string &) { refusals(); };
    s.in_lock = s.in_unlock = s.in_finished = everywhere;
    s.in_released = [](ULONG) { refusals(); };
    smtp->in_submit = smtp->in_end = [](const MAPISPOOLMESSAGE &) { refusals(); };
    smtp->in_flush = [] { refusals(); };
    smtp->in_notify = [](ULONG flags, const MAPISPOOLMESSAGE *) {
        if (flags == NOTIFY_BEGIN_OUTBOUND_FLUSH)
            refusals();
    };
    smtp->on("m1", {ends_with(END_RESEND_NOW)});
    s.submit("m1");
    w.await("s: finished m1");
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    CHECK_HR(S_OK, s.wait());
    // A release on this thread runs Released here.
    Store &t = w.store("t");
    t.in_released = [](ULONG) { refusals(); };
    t.release();
    // lock, submit, end, unlock, lock, submit, end, finished, notify, flush, released, released
    CHECK_EQUAL(12, refused);
    CHECK_IS("COMPLETE", asked->logoff(LOGOFF_ABORT));
}

static void with_a_transfer() {
    World w(World::Options::threads());
    Transport &own = w.self_driven("own");
    Store &s = w.store("s");
    Transfer transfer = own.begin(s, "m1");
    CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_ABORT));
    CHECK_IS("MAPI_E_BUSY", s.logoff(LOGOFF_PURGE));
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_QUIET));
    CHECK_HR(MAPI_E_BUSY, MapiTransportRemove(own.handle));
    ULONG incomplete = 0;
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(w.handle, LOGOFF_ABORT, MAPISPOOL_INFINITE, &incomplete));
    CHECK_EQUAL(1, incomplete);
    {
        Side another([&] { CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT)); });
        CHECK(eventually([&] { return transfer.cancelled(); }));
        CHECK_HR(S_OK, transfer.end(MAPI_E_USER_CANCEL));
    }
    CHECK_HR(S_OK, s.wait());
    Store &again = w.store("s2", "s");
    Transfer inbound = own.receive(&again);
    CHECK_IS("MAPI_E_BUSY", again.logoff(LOGOFF_PURGE));
    CHECK_HR(S_OK, inbound.end());
    CHECK_IS("COMPLETE", again.logoff(LOGOFF_PURGE));
}

/** A take that was given up is none, though SetLockState still runs for it. */
static void with_a_take_given_up() {
    World::Options options = World::Options::threads();
    options.abort_limit = 50;
    World w(options);
    Gate go;
    Transport &self = w.self_driven("self");
    Store &s = w.store("s");
    s.in_lock = [&](const std::string &) { CHECK(go.pass()); };
    s.submit("m1");
    Transfer none;
    CHECK_HR(MAPI_E_TIMEOUT, self.try_take(1, none));
    ULONG word = LOGOFF_ABORT;
    CHECK_HR(S_OK, StoreLogoffTransports(s.handle, &word)); // waits, and gives up
    CHECK((word & LOGOFF_COMPLETE) == 0);
    go.open();
    CHECK(eventually([&] { return s.status() == "QUEUE: ready 1"; }));
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
}

static HMAPISPOOLER spooler;

static void MAPISPOOL_CALL hook(void *) { CHECK_HR(MAPI_E_BUSY, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE)); }

static void inside_thread_hooks() {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "hooks";
    options.lpfnThreadStart = hook;
    HMAPISPOOLER opened = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &opened));
    spooler = opened;
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    add_transport(spooler, "a", ops);
    HMAPISTORE store = open_store(spooler, "s");
    CHECK_HR(S_OK, submit(store, "m"));
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

int main() {
    inside_callbacks();
    with_a_transfer();
    with_a_take_given_up();
    inside_thread_hooks();
    return 0;
}
