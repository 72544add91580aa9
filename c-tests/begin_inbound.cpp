// MapiTransportBeginInbound and the default Inbox: who receives, one Inbox only, the gates. semantics.md, sections
// 5 and 7, "Gates and telling", "Two default Inboxes".

#include "world.hpp"

static HRESULT try_receive(Transport &transport, Store *store) {
    HMAPITRANSFER transfer = nullptr;
    HRESULT hr = MapiTransportBeginInbound(transport.handle, store ? store->handle : nullptr, &transfer);
    CHECK((hr == S_OK) == (transfer != nullptr));
    if (hr == S_OK)
        CHECK_HR(S_OK, MapiTransferEnd(transfer, S_OK, 0, 0));
    return hr;
}

static void into_stores() {
    World w;
    Transport &imap = w.self_driven("imap"), &smtp = w.transport("smtp");
    Store &s = w.store("s");
    w.forget();
    Transfer a = imap.receive(&s), b = smtp.receive(&s);
    CHECK_IS("INBOUND: inbound 2", s.status());
    CHECK(!a.cancelled());
    CHECK_HR(S_OK, a.end());
    CHECK_HR(S_OK, b.end(MAPI_E_CALL_FAILED)); // any result: it is the transport's to deliver again
    CHECK_IS("-", s.status());
    w.run();
    EXPECT(w, {}); // nothing to lock, nothing to finish
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportBeginInbound(imap.handle, s.handle, nullptr));
}

static void the_default_inbox() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    w.forget();
    CHECK_HR(MAPI_E_BUSY, try_receive(imap, nullptr)); // there is none
    Store &inbox = w.store("inbox", "", MAPISPOOL_DEFAULT_INBOX);
    w.run();
    EXPECT(w, {"imap: notify BEGIN_INBOUND"});
    Transfer in = imap.receive(nullptr);
    CHECK_IS("INBOUND: inbound 1", inbox.status());
    CHECK_IS("-", s.status());
    CHECK_HR(S_OK, in.end());

    // One only. The same store again is no other one; the flag is the store's, until that is released.
    HMAPISTORE handle = nullptr;
    CHECK_HR(MAPI_E_COLLISION,
             MapiSpoolerOpenStore(w.handle, 1, "s", MAPISPOOL_DEFAULT_INBOX, nullptr, nullptr, &handle));
    CHECK_HR(MAPI_E_COLLISION,
             MapiSpoolerOpenStore(w.handle, 1, "n", MAPISPOOL_DEFAULT_INBOX, nullptr, nullptr, &handle));
    CHECK(handle == nullptr);
    Store &again = w.store("again", "inbox", MAPISPOOL_DEFAULT_INBOX), &without = w.store("without", "inbox");
    w.forget();
    CHECK_IS("COMPLETE", inbox.logoff(LOGOFF_ABORT));
    CHECK_IS("COMPLETE", again.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"inbox: released COMPLETE", "again: released COMPLETE"});
    CHECK_HR(S_OK, try_receive(imap, nullptr));
    CHECK_HR(MAPI_E_COLLISION,
             MapiSpoolerOpenStore(w.handle, 1, "s", MAPISPOOL_DEFAULT_INBOX, nullptr, nullptr, &handle));
    CHECK_IS("COMPLETE", without.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"imap: notify END_INBOUND", "without: released COMPLETE"});
    CHECK_HR(MAPI_E_BUSY, try_receive(imap, nullptr));

    // Free again: the store that is open already becomes it.
    w.store("s too", "s", MAPISPOOL_DEFAULT_INBOX);
    w.run();
    EXPECT(w, {"imap: notify BEGIN_INBOUND"});
    in = imap.receive(nullptr);
    CHECK_IS("INBOUND: inbound 1", s.status());
    CHECK_HR(S_OK, in.end());
}

// The flag stays while the store is logging off in the background.
static void while_logging_off() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &inbox = w.store("inbox", "", MAPISPOOL_DEFAULT_INBOX);
    w.forget();
    Transfer in = imap.receive(nullptr);
    CHECK_IS("COMPLETE INBOUND", inbox.logoff(LOGOFF_ORDERLY));
    w.run();
    CHECK_HR(MAPI_E_BUSY, try_receive(imap, nullptr));
    CHECK_HR(MAPI_E_INVALID_OBJECT, try_receive(imap, &inbox));
    HMAPISTORE handle = nullptr;
    CHECK_HR(MAPI_E_COLLISION,
             MapiSpoolerOpenStore(w.handle, 1, "n", MAPISPOOL_DEFAULT_INBOX, nullptr, nullptr, &handle));
    CHECK_HR(S_OK, in.end());
    w.run();
    EXPECT(w, {"imap: notify END_INBOUND", "imap: notify END_OUTBOUND", "inbox: released COMPLETE"});
    w.store("next", "", MAPISPOOL_DEFAULT_INBOX);
    CHECK_HR(S_OK, try_receive(imap, nullptr));
}

static void states_of_the_transport() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    CHECK_HR(S_OK, imap.notify(NOTIFY_CRITICAL_ERROR));
    CHECK_HR(MAPI_E_BUSY, try_receive(imap, &s));
    CHECK_HR(S_OK, imap.notify(NOTIFY_READYTOSEND));
    CHECK_HR(S_OK, try_receive(imap, &s));
    imap.in_logoff = [&] { CHECK_HR(MAPI_E_BUSY, try_receive(imap, &s)); }; // being removed
    CHECK_HR(S_OK, MapiTransportRemove(imap.handle));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, try_receive(imap, &s));
}

int main() {
    into_stores();
    the_default_inbox();
    while_logging_off();
    states_of_the_transport();
}
