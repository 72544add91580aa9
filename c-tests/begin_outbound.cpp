// MapiTransportBeginOutbound: a tightly coupled provider begins its own messages, queued or not; a failure keeps
// them in the queue. api.md; semantics.md, section 7, "Submitting".

#include "world.hpp"

static void not_queued_and_queued() {
    World w;
    Transport &own = w.self_driven("own", "s");
    Store &s = w.store("s");
    w.forget();
    Transfer first = own.begin(s, "m1"), second;
    CHECK_IS("OUTBOUND: outbound 1", s.status());
    CHECK_HR(MAPI_E_SUBMITTED, own.try_begin(s, "m1", second)); // in process
    CHECK_HR(MAPI_E_SUBMITTED, s.try_submit("m1"));
    s.submit("m2");
    s.submit("m3");
    second = own.begin(s, "m3"); // this one, not the first
    CHECK_HR(S_OK, second.end());
    CHECK_HR(S_OK, first.end(MAPI_E_CALL_FAILED)); // it was queued first: a failure keeps it
    CHECK_IS("QUEUE: ready 1, waiting 1, finished 1", s.status());
    EXPECT(w, {"s: lock m1", "s: lock m3", "s: finished m3", "s: unlock m1"});
    first = own.begin(s, "m1"); // waiting or not
    CHECK_HR(S_OK, first.end());
    CHECK_HR(S_OK, own.begin(s, "m2").end());
    CHECK_IS("-: finished 3", s.status());
}

static void each_place_in_the_queue() {
    World w;
    Transport &own = w.self_driven("own"), &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("declined", {MAPI_E_NOT_ME});
    smtp.on("elsewhere", {ends_with(END_DONT_RESEND)});
    smtp.on("busy", {MAPI_E_BUSY});
    for (const char *message : {"declined", "elsewhere", "busy"})
        s.submit(message);
    w.forget();
    Transfer transfer;
    CHECK_HR(S_OK, own.begin(s, "declined").end());
    CHECK_HR(S_OK, own.begin(s, "busy").end());
    CHECK_HR(MAPI_E_BUSY, own.try_begin(s, "elsewhere", transfer)); // another transport keeps it
    CHECK_IS("QUEUE: waiting 1, finished 2", s.status());
    // Its own deferred one.
    transfer = own.begin(s, "mine");
    CHECK_HR(S_OK, transfer.end(S_OK, END_DONT_RESEND));
    transfer = own.begin(s, "mine");
    CHECK_HR(S_OK, transfer.end());
    CHECK_HR(MAPI_E_NOT_FOUND, own.notify(NOTIFY_SENTDEFERRED, "mine"));
    s.abort("elsewhere");
}

static void locks() {
    World w;
    Transport &own = w.self_driven("own");
    Store &s = w.store("s");
    w.forget();
    s.lock_answers["held"] = {MAPI_E_NO_ACCESS};
    s.lock_answers["gone"] = {MAPI_E_NOT_FOUND};
    Transfer transfer;
    CHECK_HR(MAPI_E_BUSY, own.try_begin(s, "held", transfer)); // it waits in the queue
    CHECK_IS("QUEUE: waiting 1", s.status());
    CHECK_HR(MAPI_E_NOT_FOUND, own.try_begin(s, "gone", transfer));
    CHECK_IS("QUEUE: waiting 1", s.status());
    EXPECT(w, {"s: lock held", "s: lock gone"});
    CHECK_HR(S_OK, own.begin(s, "held").end());
}

static void gates_and_states() {
    World w;
    Transport &own = w.self_driven("own"), &other = w.self_driven("other");
    Store &s = w.store("s"), &second = w.store("second", "s"), &t = w.store("t");
    Transfer transfer, none;
    CHECK_HR(S_OK, own.notify(NOTIFY_CRITICAL_ERROR));
    CHECK_HR(MAPI_E_BUSY, own.try_begin(s, "m1", none));
    CHECK_IS("-", s.status());
    CHECK_HR(S_OK, own.notify(NOTIFY_READYTOSEND));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginOutbound(own.handle, s.handle, 2, "m1", nullptr));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginOutbound(own.handle, s.handle, 2, nullptr, &none.handle));
    CHECK_HR(MAPI_E_INVALID_ENTRYID, MapiTransportBeginOutbound(own.handle, s.handle, 0, "m1", &none.handle));
    CHECK_HR(MAPI_E_INVALID_ENTRYID, MapiTransportBeginOutbound(own.handle, s.handle, 65536, "m1", &none.handle));

    // By any logon of the store.
    transfer = own.begin(second, "m1");
    CHECK_HR(S_OK, transfer.end());
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ABORT));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiTransportBeginOutbound(own.handle, s.handle, 2, "m2", &none.handle));
    transfer = own.begin(second, "m2");
    CHECK_HR(S_OK, transfer.end());

    // While it closes; and a store that is logging off in the background is over.
    transfer = other.begin(t, "m1");
    CHECK_HR(MAPI_E_TIMEOUT, w.close(0, 0));
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiTransportBeginOutbound(own.handle, second.handle, 2, "m3", &none.handle));
    CHECK_HR(S_OK, transfer.end());
}

// Inside a callback of the store another one is not waited for, however long the limit is.
static void inside_a_callback(WorldOptions options) {
    options.abort_limit = MAPISPOOL_INFINITE;
    World w(options);
    Transport &own = w.self_driven("own");
    Store &s = w.store("s");
    s.in_lock = [&](const std::string &message) {
        Transfer none;
        if (message == "m1")
            CHECK_HR(MAPI_E_TIMEOUT, own.try_begin(s, "m2", none));
    };
    Transfer transfer = own.begin(s, "m1");
    CHECK_IS("OUTBOUND QUEUE: ready 1, outbound 1", s.status());
    CHECK_HR(S_OK, transfer.end());
    CHECK_HR(S_OK, own.begin(s, "m2").end());
}

// It does not ask for messages: a purge gives the transport the retry pause, and leaves what it has not taken by then.
static void purges_do_not_wait_for_it() {
    World w;
    Transport &own = w.self_driven("own", "s");
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    CHECK_HR(S_OK, own.begin(s, "m1").end());
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    CHECK_IS("COMPLETE QUEUE: waiting 1, finished 1", s.status());
}

int main() {
    not_queued_and_queued();
    each_place_in_the_queue();
    locks();
    gates_and_states();
    inside_a_callback(WorldOptions());
    inside_a_callback(WorldOptions::threads());
    purges_do_not_wait_for_it();
}
