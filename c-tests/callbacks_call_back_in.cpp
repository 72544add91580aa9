// Callbacks may call anything that does not wait for themselves; what would is MAPI_E_BUSY. semantics.md, section
// 6; section 7, "Remove, close and run inside a callback".

#include "world.hpp"

static std::set<std::string> seen;

struct Inside {
    World w;
    Transport &smtp, &imap;
    Store &s, &second;
    int counter = 0;

    Inside() : smtp(w.transport("smtp")), imap(w.self_driven("imap")), s(w.store("s")), second(w.store("second")) {}

    // Everything that is allowed, and everything that is not. The state afterwards is as before.
    void call_everything(const std::string &where) {
        if (!seen.insert(where).second)
            return;
        std::string number = std::to_string(++counter);
        Transfer transfer;
        ULONG incomplete = 77, word;
        HMAPISTORE handle = nullptr;

        // What would wait for itself.
        CHECK_HR(MAPI_E_BUSY, MapiSpoolerRun(w.handle, 0));
        CHECK_HR(MAPI_E_BUSY, MapiSpoolerRun(w.handle, 1000));
        CHECK_HR(MAPI_E_BUSY, MapiSpoolerClose(w.handle, 0, 0));
        CHECK_HR(MAPI_E_BUSY, MapiSpoolerClose(w.handle, LOGOFF_ABORT, MAPISPOOL_INFINITE));
        CHECK_HR(MAPI_E_BUSY, MapiTransportRemove(smtp.handle));
        CHECK_HR(MAPI_E_BUSY, MapiTransportRemove(imap.handle));
        CHECK_HR(MAPI_E_BUSY, MapiSpoolerLogoffStores(w.handle, LOGOFF_PURGE, 0, &incomplete));
        CHECK_HR(MAPI_E_BUSY, MapiSpoolerLogoffStores(w.handle, LOGOFF_ABORT, 0, &incomplete));
        CHECK_EQUAL(77, incomplete);
        CHECK_IS("MAPI_E_BUSY", second.logoff(LOGOFF_ABORT));
        CHECK_IS("MAPI_E_BUSY", second.logoff(LOGOFF_PURGE));
        CHECK_HR(MAPI_E_BUSY, second.wait(1));
        CHECK_HR(MAPI_E_BUSY, second.wait(MAPISPOOL_INFINITE));
        CHECK_HR(MAPI_E_BUSY, imap.try_take(1, transfer));

        // The rest.
        CHECK_HR(MAPI_E_TIMEOUT, second.wait(0));
        CHECK_HR(S_OK, second.try_submit("held"));
        CHECK_HR(MAPI_E_SUBMITTED, second.try_submit("held"));
        CHECK_IS("QUEUE", second.logoff(LOGOFF_QUIET));
        second.abort("held");
        CHECK_HR(S_OK, MapiTransportBeginInbound(imap.handle, second.handle, &transfer.handle));
        CHECK(!transfer.cancelled());
        CHECK_IS("INBOUND: inbound 1", second.status());
        CHECK_HR(S_OK, transfer.end());
        CHECK_HR(S_OK, MapiStoreAddRef(second.handle));
        CHECK_HR(S_OK, MapiStoreRelease(second.handle));
        CHECK_HR(S_OK, MapiStoreCancelLogoff(second.handle));
        CHECK_HR(S_OK, imap.notify(NOTIFY_READYTOSEND));
        CHECK_HR(S_OK, imap.notify(NOTIFY_SENTDEFERRED));
        word = LOGOFF_ORDERLY;
        CHECK_HR(S_OK, MapiStoreLogoff(second.handle, &word));
        char text[8];
        ULONG needed;
        CHECK_HR(MAPI_E_TOO_BIG, MapiSpoolerGetLastError(text, 2, &needed));

        // A store from its opening to its end; a transport.
        Store &third = w.store("third" + number);
        CHECK_HR(S_OK, third.try_submit("m"));
        CHECK_IS("QUEUE: ready 1", third.status());
        CHECK_IS("COMPLETE QUEUE", third.logoff(LOGOFF_ORDERLY));
        Store &fourth = w.store("fourth" + number);
        fourth.release(); // ABORT was saved: inside a callback nothing waits
        w.transport("more" + number).otherwise = MAPI_E_NOT_ME;
        // Another spooler, wholly.
        {
            World inner;
            inner.transport("inner");
            inner.store("inner").submit("m");
            inner.run();
        }
        if (counter == 1)
            w.store("inbox", "", MAPISPOOL_DEFAULT_INBOX);
        CHECK_HR(MAPI_E_COLLISION,
                 MapiSpoolerOpenStore(w.handle, 1, "x", MAPISPOOL_DEFAULT_INBOX, nullptr, nullptr, &handle));
        w.say(where + " returned");
    }
};

int main() {
    {
        Inside in;
        World &w = in.w;
        in.s.in_lock = [&](const std::string &) { in.call_everything("SetLockState(MSG_LOCKED)"); };
        w.forget();
        in.s.submit("m1");
        w.run();
        CHECK_IS("-: finished 1", in.s.status());
    }
    {
        Inside in;
        in.s.in_unlock = [&](const std::string &) { in.call_everything("SetLockState(MSG_UNLOCKED)"); };
        in.smtp.on("m1", {ends_with(END_RESEND_LATER)});
        in.s.submit("m1");
        in.w.run();
        in.w.run(5000);
        CHECK_IS("-: finished 1", in.s.status());
    }
    {
        Inside in;
        in.s.in_finished = [&](const std::string &) { in.call_everything("FinishedMsg"); };
        in.s.submit("m1");
        in.w.run();
        CHECK_IS("-: finished 1", in.s.status());
    }
    {
        Inside in;
        in.smtp.in_submit = [&](const MAPISPOOLMESSAGE &) { in.call_everything("SubmitMessage"); };
        in.s.submit("m1");
        in.w.run();
        CHECK_IS("-: finished 1", in.s.status());
    }
    {
        Inside in;
        in.smtp.in_end = [&](const MAPISPOOLMESSAGE &) { in.call_everything("EndMessage"); };
        in.s.submit("m1");
        in.w.run();
        CHECK_IS("-: finished 1", in.s.status());
    }
    {
        Inside in;
        in.smtp.in_notify = [&](ULONG, const MAPISPOOLMESSAGE *) { in.call_everything("TransportNotify"); };
        in.s.submit("m1");
        in.w.run();
        CHECK_IS("-: finished 1", in.s.status());
    }
    {
        Inside in;
        in.smtp.in_flush = [&] { in.call_everything("FlushQueues"); };
        in.s.submit("m1");
        CHECK_IS("COMPLETE", in.s.logoff(LOGOFF_PURGE));
    }
    {
        Inside in;
        in.s.in_released = [&](ULONG) { in.call_everything("Released"); };
        CHECK_IS("COMPLETE", in.s.logoff(LOGOFF_ORDERLY));
        in.w.run();
    }
    {
        Inside in;
        Transport &gone = in.w.transport("gone");
        gone.in_logoff = [&] { in.call_everything("TransportLogoff"); };
        CHECK_HR(S_OK, MapiTransportRemove(gone.handle));
        CHECK_EQUAL(1, in.w.count("TransportLogoff returned"));
        Transport &too = in.w.transport("gone too");
        too.in_destroy = [&] { in.call_everything("Destroy"); };
        CHECK_HR(S_OK, MapiTransportRemove(too.handle));
        CHECK_EQUAL(1, in.w.count("Destroy returned"));
    }
    CHECK_EQUAL(10, seen.size());
}
