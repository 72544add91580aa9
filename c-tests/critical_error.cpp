// A transport that reported NOTIFY_CRITICAL_ERROR is called no more until it says NOTIFY_READYTOSEND, except to be
// logged off. semantics.md, section 5; section 7, "Deferred and broken transports".

#include "world.hpp"

static void called_no_more() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("deferred");
    w.forget();
    CHECK_HR(S_OK, smtp.notify(NOTIFY_CRITICAL_ERROR));
    CHECK_HR(S_OK, smtp.notify(NOTIFY_CRITICAL_ERROR)); // twice is once
    s.submit("m1");
    w.run(3600000);
    CHECK_IS("QUEUE: waiting 2", s.status()); // no transport could take it
    Store &inbox = w.store("inbox", "", MAPISPOOL_DEFAULT_INBOX);
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_PURGE));
    CHECK_IS("COMPLETE", inbox.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"s: released COMPLETE QUEUE", "inbox: released COMPLETE"});
    // It recovers: told what it has missed.
    CHECK_HR(S_OK, smtp.notify(NOTIFY_READYTOSEND));
    w.run();
    std::vector<std::string> lines = w.lines();
    CHECK_EQUAL(2, lines.size());
    CHECK_EQUAL(1, w.count("smtp: notify ABORT_DEFERRED deferred"));
    CHECK_EQUAL(1, w.count("smtp: notify END_OUTBOUND"));
}

static void except_to_be_logged_off() {
    World w;
    Transport &smtp = w.transport("smtp"), &other = w.transport("other");
    Store &s = w.store("s");
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("deferred");
    w.forget();
    CHECK_HR(S_OK, smtp.notify(NOTIFY_CRITICAL_ERROR));
    CHECK_HR(S_OK, MapiTransportRemove(smtp.handle));
    w.run();
    // What it kept is ready for others.
    EXPECT_ALL(w, {"smtp: logoff", "smtp: destroy", "s: lock deferred", "other: submit deferred", "other: end deferred",
               "s: finished deferred"});
    CHECK_HR(S_OK, other.notify(NOTIFY_CRITICAL_ERROR));
    CHECK_HR(S_OK, w.close());
    EXPECT(w, {"s: released COMPLETE", "other: logoff", "other: destroy"});
}

static void ready_again() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.submit("deferred");
    w.forget();
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) { CHECK_HR(S_OK, smtp.notify(NOTIFY_CRITICAL_ERROR)); };
    s.submit("m1");
    s.submit("m2");
    w.run(3600000);
    // The transfer that it has runs until it has ended, as usual; EndMessage is part of it.
    CHECK_EQUAL(1, w.count("s: lock m1"));
    CHECK_EQUAL(1, w.count("smtp: submit m1"));
    CHECK_EQUAL(0, w.count("s: lock m2"));
    smtp.in_submit = nullptr;
    w.forget();
    CHECK_HR(S_OK, smtp.notify(NOTIFY_READYTOSEND | NOTIFY_SENTDEFERRED));
    w.run();
    // It kept what it had deferred.
    CHECK_EQUAL(1, w.count("smtp: submit deferred deferred"));
    CHECK_IS("-: finished 3", s.status());
    CHECK_HR(MAPI_E_INVALID_PARAMETER, smtp.notify(NOTIFY_READYTOSEND | NOTIFY_CRITICAL_ERROR));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, smtp.notify(0));
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, smtp.notify(1));
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, smtp.notify(NOTIFY_READYTOSEND | 0x20000000));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportSpoolerNotify(smtp.handle, NOTIFY_SENTDEFERRED, 3, nullptr));
    CHECK_HR(MAPI_E_INVALID_ENTRYID, MapiTransportSpoolerNotify(smtp.handle, NOTIFY_SENTDEFERRED, 65536, "x"));
}

static void a_self_driven_one() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    Transfer out, none;
    elsewhere([&] { out = imap.take(); });
    w.forget();
    CHECK_HR(S_OK, imap.notify(NOTIFY_CRITICAL_ERROR));
    CHECK_HR(MAPI_E_BUSY, imap.try_take(0, none));
    CHECK_HR(MAPI_E_BUSY, imap.try_begin(s, "m2", none));
    CHECK_HR(MAPI_E_BUSY, MapiTransportBeginInbound(imap.handle, s.handle, &none.handle));
    // Its transfers run until they are ended; they are in process, and it is not told to cancel.
    CHECK_IS("OUTBOUND QUEUE: waiting 1, outbound 1", s.status());
    CHECK_IS("OUTBOUND QUEUE", s.logoff(LOGOFF_ABORT));
    EXPECT(w, {});
    CHECK_HR(S_OK, out.end());
    CHECK_HR(S_OK, imap.notify(NOTIFY_READYTOSEND));
    CHECK_HR(S_OK, imap.take().end());
    CHECK_IS("-: finished 2", s.status());
}

int main() {
    called_no_more();
    except_to_be_logged_off();
    ready_again();
    a_self_driven_one();
}
