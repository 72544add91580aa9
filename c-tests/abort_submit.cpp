// MapiStoreAbortSubmit takes a message out of the queue: ready, waiting, deferred (then it is asked back), also
// from another logon; not in process, not twice. MapiStoreSubmitMessage: not twice. semantics.md, sections 4 and 7.

#include "world.hpp"

static HRESULT abort_of(Store &store, const std::string &message) {
    return MapiStoreAbortSubmit(store.handle, static_cast<ULONG>(message.size()), message.data());
}

static void each_state() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.on("later", {ends_with(END_RESEND_LATER)});
    smtp.on("declined", {MAPI_E_NOT_ME});
    smtp.on("busy", {MAPI_E_BUSY});
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.lock_answers["locked"] = {MAPI_E_NO_ACCESS};
    for (const char *message : {"later", "declined", "busy", "deferred", "locked"})
        s.submit(message);
    w.forget();
    s.submit("ready");
    for (const char *message : {"ready", "later", "declined", "busy", "deferred", "locked"}) {
        CHECK_HR(MAPI_E_SUBMITTED, MapiStoreSubmitMessage(s.handle, static_cast<ULONG>(strlen(message)), message));
        s.abort(message);
        CHECK_HR(MAPI_E_NOT_IN_QUEUE, abort_of(s, message));
    }
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, abort_of(s, "never"));
    CHECK_IS("-", s.status());
    w.run(36000000);
    EXPECT(w, {"smtp: notify ABORT_DEFERRED|CANCEL_MESSAGE deferred"});
    CHECK_HR(MAPI_E_NOT_FOUND, smtp.notify(NOTIFY_SENTDEFERRED, "deferred"));

    // Submitted again it is a new message, also for the transport that had it deferred.
    s.submit("deferred");
    w.run();
    EXPECT(w, {"s: lock deferred", "smtp: submit deferred", "smtp: end deferred", "s: finished deferred"});
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, abort_of(s, "deferred")); // sent
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
}

static void in_process() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer out = imap.take();
    CHECK_HR(MAPI_E_UNABLE_TO_ABORT, abort_of(s, "m1"));
    CHECK_HR(MAPI_E_SUBMITTED, MapiStoreSubmitMessage(s.handle, 2, "m1"));
    CHECK_HR(S_OK, out.end(S_OK, END_RESEND_LATER));
    s.abort("m1");
    CHECK_IS("-", s.status());

    // Its SetLockState and SubmitMessage run: in process.
    Transport &smtp = w.transport("smtp");
    s.in_lock = [&](const std::string &) { CHECK_HR(MAPI_E_UNABLE_TO_ABORT, abort_of(s, "m2")); };
    smtp.in_submit = smtp.in_end = [&](const MAPISPOOLMESSAGE &) {
        CHECK_HR(MAPI_E_UNABLE_TO_ABORT, abort_of(s, "m2"));
    };
    s.in_finished = [&](const std::string &) { // sent: too late, however it is called
        HRESULT hr = abort_of(s, "m2");
        CHECK(hr == MAPI_E_NOT_IN_QUEUE || hr == MAPI_E_UNABLE_TO_ABORT);
    };
    s.submit("m2");
    w.run();
    CHECK_IS("-: finished 1", s.status());
}

static void another_logon() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s"), &second = w.store("second", "s"), &other = w.store("other");
    smtp.on("m1", {ends_with(END_DONT_RESEND)});
    s.submit("m1");
    w.forget();
    CHECK_HR(MAPI_E_SUBMITTED, second.try_submit("m1"));
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, abort_of(other, "m1"));
    second.abort("m1");
    w.run();
    EXPECT(w, {"smtp: notify ABORT_DEFERRED|CANCEL_MESSAGE m1"});
    CHECK_IS("-", s.status());
}

static void bad_arguments() {
    World w;
    Store &s = w.store("s");
    std::string big(65535, 'b');
    s.submit(big);
    s.submit(std::string("a\0b", 3)); // opaque bytes
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, abort_of(s, std::string("a\0c", 3)));
    s.abort(big);
    s.abort(std::string("a\0b", 3));
    big += "b";
    for (auto call : {MapiStoreSubmitMessage, MapiStoreAbortSubmit}) {
        CHECK_HR(MAPI_E_INVALID_ENTRYID, call(s.handle, 0, "m"));
        CHECK_HR(MAPI_E_INVALID_ENTRYID, call(s.handle, 65536, big.data()));
        CHECK_HR(MAPI_E_INVALID_PARAMETER, call(s.handle, 1, nullptr));
    }
    CHECK_IS("-", s.status());
}

static void over() {
    World w;
    Store &s = w.store("s");
    w.transport("smtp");
    s.submit("m1");
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(MAPI_E_INVALID_OBJECT, abort_of(s, "m1"));
}

int main() {
    each_state();
    in_process();
    another_logon();
    bad_arguments();
    over();
}
