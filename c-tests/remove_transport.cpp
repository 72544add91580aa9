// MapiTransportRemove: what it has in process is cancelled as by ABORT, what it deferred is asked back and ready
// for others, then TransportLogoff and Destroy; limit passed: it stays. semantics.md, sections 4 and 7.

#include "world.hpp"

static void at_rest() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    CHECK_HR(S_OK, MapiTransportRemove(smtp.handle));
    EXPECT(w, {"smtp: logoff", "smtp: destroy"});
    s.submit("m1");
    w.run();
    EXPECT(w, {});
    CHECK_IS("QUEUE: waiting 1", s.status()); // no transport takes it
    w.transport("next");
    w.run();
    EXPECT(w, {"s: lock m1", "next: notify BEGIN_OUTBOUND", "next: submit m1", "next: end m1", "s: finished m1"});
}

static void what_is_in_process_is_stopped() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer out, in;
    elsewhere([&] {
        out = imap.take();
        in = imap.receive(&s);
    });
    w.forget();
    imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *message) {
        if (flags != NOTIFY_CANCEL_MESSAGE)
            return;
        const Transfer &transfer = message->hTransfer == out.handle ? out : in;
        CHECK(transfer.cancelled());
        Transfer none;
        CHECK_HR(MAPI_E_END_OF_SESSION, imap.try_take(0, none));
        CHECK_HR(MAPI_E_BUSY, MapiTransportBeginInbound(imap.handle, s.handle, &none.handle));
        CHECK_HR(S_OK, transfer.end(MAPI_E_USER_CANCEL));
    };
    CHECK_HR(S_OK, MapiTransportRemove(imap.handle));
    EXPECT(w, {
        "imap: notify CANCEL_MESSAGE m1", "s: unlock m1", "imap: notify CANCEL_MESSAGE (inbound)",
        "imap: logoff", "imap: destroy",
    });
    CHECK_IS("QUEUE: waiting 1", s.status());
    w.transport("next");
    w.forget();
    CHECK_IS("-: finished 1", s.status());
}

static void the_limit() {
    WorldOptions options;
    options.abort_limit = 1500;
    World w(options);
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    Transfer out, deferred;
    elsewhere([&] { deferred = imap.take(); });
    CHECK_HR(S_OK, deferred.end(S_OK, END_DONT_RESEND));
    elsewhere([&] { out = imap.take(); });
    w.forget();
    CHECK_HR(MAPI_E_TIMEOUT, MapiTransportRemove(imap.handle));
    w.run(10000);
    EXPECT(w, {"imap: notify ABORT_DEFERRED m1", "imap: notify CANCEL_MESSAGE m2", "imap: notify CANCEL_MESSAGE m2"});
    // It stays, cancelling withdrawn, and works.
    CHECK(!out.cancelled());
    CHECK_HR(S_OK, out.end());
    Transfer again = imap.take();
    CHECK_IS("m1", again.message);
    CHECK_EQUAL(0, again.flags);
    CHECK_HR(S_OK, again.end());
    w.forget();
    CHECK_HR(S_OK, MapiTransportRemove(imap.handle));
    EXPECT(w, {"imap: logoff", "imap: destroy"});
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportRemove(imap.handle));
}

static void refused() {
    World w;
    Transport &imap = w.self_driven("imap"), &smtp = w.transport("smtp");
    Store &s = w.store("s");
    s.submit("m1");
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) {
        CHECK_HR(MAPI_E_BUSY, MapiTransportRemove(smtp.handle)); // would wait for itself
        CHECK_HR(MAPI_E_BUSY, MapiTransportRemove(imap.handle));
    };
    w.run();
    CHECK_IS("-: finished 1", s.status());
    Transfer out = imap.begin(s, "m2");
    CHECK_HR(MAPI_E_BUSY, MapiTransportRemove(imap.handle)); // its own transfer
    CHECK_HR(S_OK, MapiTransportRemove(smtp.handle));
    CHECK(!out.cancelled());
    CHECK_HR(S_OK, out.end());
    Transfer in = imap.receive(&s);
    CHECK_HR(MAPI_E_TIMEOUT, w.close(0, 0));
    CHECK_HR(MAPI_E_END_OF_SESSION, MapiTransportRemove(imap.handle));
    CHECK_HR(S_OK, in.end());
}

// An error of TransportLogoff is logged and changes nothing.
static void a_failing_logoff() {
    World w;
    Transport &smtp = w.transport("smtp");
    smtp.logoff_answer = MAPI_E_CALL_FAILED;
    CHECK_HR(S_OK, MapiTransportRemove(smtp.handle));
    EXPECT(w, {"smtp: logoff", "smtp: destroy"});
}

int main() {
    at_rest();
    what_is_in_process_is_stopped();
    the_limit();
    refused();
    a_failing_logoff();
}
