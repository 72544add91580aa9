// MapiTransportTakeMessage: what a self-driven transport is handed, and what else it is told. semantics.md,
// sections 1, 4 and 7, "TakeMessage"; mapispool.h.

#include "world.hpp"

static void what_is_handed_out() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &a = w.store("a"), &b = w.store("b");
    w.forget();
    const MAPISPOOLMESSAGE *message = nullptr;
    CHECK_HR(MAPI_E_TIMEOUT, MapiTransportTakeMessage(imap.handle, 0, &message));
    CHECK_HR(MAPI_E_TIMEOUT, MapiTransportTakeMessage(imap.handle, MAPISPOOL_INFINITE, &message)); // nothing moves
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportTakeMessage(imap.handle, 0, nullptr));
    std::string id("m\0\xFF", 3);
    a.submit(id);
    b.submit("m");
    CHECK_HR(S_OK, MapiTransportTakeMessage(imap.handle, 0, &message));
    CHECK_EQUAL(sizeof *message, message->cbSize);
    CHECK_EQUAL(0, message->ulFlags);
    CHECK_IS(id, std::string(static_cast<const char *>(message->lpEntryID), message->cbEntryID));
    CHECK_IS("a", std::string(static_cast<const char *>(message->lpStoreEntryID), message->cbStoreEntryID));
    CHECK(message->lpvStoreContext == &a);
    CHECK(message->hTransfer != nullptr);
    CHECK_HR(S_OK, MapiTransferSpoolerYield(message->hTransfer));
    CHECK_IS("OUTBOUND: outbound 1", a.status());

    // Of whatever store; several at a time; each valid until it has been ended.
    const MAPISPOOLMESSAGE *second = nullptr;
    CHECK_HR(S_OK, MapiTransportTakeMessage(imap.handle, 0, &second));
    CHECK(second->lpvStoreContext == &b);
    CHECK_IS(id, std::string(static_cast<const char *>(message->lpEntryID), message->cbEntryID));
    CHECK_HR(S_OK, MapiTransferEnd(second->hTransfer, S_OK, 0, 0));
    CHECK_HR(S_OK, MapiTransferEnd(message->hTransfer, S_OK, 0, 0));
    EXPECT(w, {"a: lock " + id, "b: lock m", "b: finished m", "a: finished " + id});
}

// A take that waits moves the time to the next thing due, up to its limit.
static void a_take_that_waits() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.submit("m1");
    CHECK_HR(S_OK, imap.take().end(S_OK, END_RESEND_LATER));
    Transfer transfer;
    CHECK_HR(MAPI_E_TIMEOUT, imap.try_take(4999, transfer));
    transfer = imap.take(1);
    CHECK_HR(S_OK, transfer.end(MAPI_E_WAIT, 0, 60));
    transfer = imap.take(MAPISPOOL_INFINITE);
    CHECK_HR(S_OK, transfer.end());
}

static void not_for_driven_ones() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer transfer;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, smtp.try_take(0, transfer));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginOutbound(smtp.handle, s.handle, 2, "m1", &transfer.handle));
}

static void locks() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    s.lock_answers["held"] = {MAPI_E_NO_ACCESS};
    s.lock_answers["gone"] = {MAPI_E_NOT_FOUND};
    s.submit("held");
    s.submit("gone");
    s.submit("m1");
    w.forget();
    // It gets the first one whose lock can be had.
    Transfer transfer = imap.take();
    CHECK_IS("m1", transfer.message);
    EXPECT(w, {"s: lock held", "s: lock gone", "s: lock m1"});
    CHECK_IS("OUTBOUND QUEUE: waiting 1, outbound 1", s.status());
    CHECK_HR(S_OK, transfer.end());
}

// MAPI_E_END_OF_SESSION once the spooler is closing and no store may still hand out.
static void the_end_of_the_session() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s"), &t = w.store("t");
    s.submit("m1");
    s.submit("m2");
    Transfer transfer = imap.take(), in = imap.receive(&t), none;
    CHECK_IS("COMPLETE OUTBOUND QUEUE", s.logoff(LOGOFF_NO_WAIT));
    CHECK_HR(MAPI_E_TIMEOUT, w.close(0, 0));
    // s goes on as NO_WAIT: it still hands out.
    Transfer last = imap.take();
    CHECK_IS("m2", last.message);
    CHECK_HR(MAPI_E_TIMEOUT, imap.try_take(0, none));
    CHECK_HR(S_OK, last.end());
    CHECK_HR(S_OK, transfer.end());
    w.run();
    CHECK_HR(MAPI_E_END_OF_SESSION, imap.try_take(0, none));
    CHECK_HR(MAPI_E_END_OF_SESSION, imap.try_take(MAPISPOOL_INFINITE, none));
    CHECK_HR(S_OK, in.end());
}

static void inside_a_callback() {
    World w;
    Transport &imap = w.self_driven("imap"), &smtp = w.transport("smtp");
    Store &s = w.store("s");
    int asked = 0;
    smtp.in_submit = [&](const MAPISPOOLMESSAGE &) {
        Transfer transfer;
        CHECK_HR(MAPI_E_BUSY, imap.try_take(1, transfer));
        CHECK_HR(MAPI_E_BUSY, imap.try_take(MAPISPOOL_INFINITE, transfer));
        CHECK_HR(MAPI_E_TIMEOUT, imap.try_take(0, transfer));
        ++asked;
    };
    s.submit("m1");
    w.run();
    CHECK_EQUAL(1, asked);
}

int main() {
    what_is_handed_out();
    a_take_that_waits();
    not_for_driven_ones();
    locks();
    the_end_of_the_session();
    inside_a_callback();
}
