// What transports are told: each only where it changes something for that transport, in transport order; BEGIN and
// END alternate; an error of TransportNotify changes nothing. semantics.md, section 5; section 7, "Gates and telling".

#include "world.hpp"

static void gates() {
    World w;
    Transport &a = w.transport("a");
    w.self_driven("b");
    a.notify_answer = MAPI_E_CALL_FAILED;
    w.run();
    EXPECT(w, {}); // nothing is open: nothing has changed
    Store &s = w.store("s");
    w.run();
    EXPECT(w, {"a: notify BEGIN_OUTBOUND", "b: notify BEGIN_OUTBOUND"});
    Store &inbox = w.store("inbox", "", MAPISPOOL_DEFAULT_INBOX);
    w.run();
    EXPECT(w, {"a: notify BEGIN_INBOUND", "b: notify BEGIN_INBOUND"});
    // A transport that comes later is told what is so.
    w.transport("c");
    w.run();
    EXPECT_ALL(w, {"c: notify BEGIN_INBOUND", "c: notify BEGIN_OUTBOUND"});
    // One of two stores goes: the outbound side does not change.
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"s: released COMPLETE"});
    // A logoff that did not occur tells nothing it need not.
    inbox.submit("m1");
    CHECK_IS("QUEUE", inbox.logoff(LOGOFF_QUIET));
    inbox.abort("m1");
    w.run();
    EXPECT(w, {});
    CHECK_IS("COMPLETE", inbox.logoff(LOGOFF_ORDERLY));
    w.run();
    EXPECT(w, {
        "a: notify END_INBOUND", "a: notify END_OUTBOUND", "b: notify END_INBOUND", "b: notify END_OUTBOUND",
        "c: notify END_INBOUND", "c: notify END_OUTBOUND", "inbox: released COMPLETE",
    });
    w.store("next");
    w.run();
    EXPECT(w, {"a: notify BEGIN_OUTBOUND", "b: notify BEGIN_OUTBOUND", "c: notify BEGIN_OUTBOUND"});
}

// END_OUTBOUND: no store's gate is open any more; BEGIN_OUTBOUND when one is again, also after a failed ABORT.
static void a_failed_abort_of_two_stores() {
    WorldOptions options;
    options.abort_limit = 1;
    World w(options);
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s", "", MAPISPOOL_DEFAULT_INBOX), &t = w.store("t");
    Transfer out_s, out_t;
    elsewhere([&] {
        out_s = imap.begin(s, "m1");
        out_t = imap.begin(t, "m1");
    });
    w.forget();
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"imap: notify CANCEL_MESSAGE m1", "imap: notify END_INBOUND", "imap: notify BEGIN_INBOUND"});
    CHECK_IS("OUTBOUND", t.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"imap: notify CANCEL_MESSAGE t/m1"});
    CHECK_IS("COMPLETE OUTBOUND", t.logoff(LOGOFF_ORDERLY));
    w.run();
    EXPECT(w, {});
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {
        "imap: notify CANCEL_MESSAGE m1", "imap: notify END_INBOUND", "imap: notify END_OUTBOUND",
        "imap: notify BEGIN_INBOUND", "imap: notify BEGIN_OUTBOUND",
    });
    CHECK_HR(S_OK, out_s.end());
    CHECK_HR(S_OK, out_t.end());
}

// Several purges at once: BEGIN at the first, END at the last, FlushQueues once for each.
static void several_purges() {
    World w;
    w.transport("smtp");
    w.store("s");
    w.store("t");
    w.forget();
    ULONG incomplete = 77;
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(w.handle, LOGOFF_PURGE, MAPISPOOL_INFINITE, &incomplete));
    CHECK_EQUAL(0, incomplete);
    w.run();
    CHECK_EQUAL(1, w.count("smtp: notify BEGIN_OUTBOUND_FLUSH"));
    CHECK_EQUAL(2, w.count("smtp: flush"));
    CHECK_EQUAL(1, w.count("smtp: notify END_OUTBOUND_FLUSH"));
    CHECK_IS("smtp: notify BEGIN_OUTBOUND_FLUSH", w.lines()[0]);
    CHECK_IS("smtp: flush", w.lines()[1]);
}

// BEGIN and END alternate for each transport, whatever happens.
static void alternating() {
    WorldOptions options;
    options.abort_limit = 1;
    options.purge_limit = 1;
    std::map<std::string, ULONG> told; // outlives the World, whose end tells too
    World w(options);
    Transport *transports[] = {&w.transport("a"), &w.self_driven("b"), &w.transport("c")};
    for (Transport *transport : transports)
        transport->in_notify = [&told, transport](ULONG flags, const MAPISPOOLMESSAGE *message) {
            if (message != nullptr)
                return;
            bool ends = (flags & 0xFFFF) == 0;
            ULONG begin = ends ? flags >> 16 : flags;
            begin = begin == NOTIFY_END_OUTBOUND_FLUSH >> 16 ? NOTIFY_BEGIN_OUTBOUND_FLUSH : begin;
            ULONG &known = told[transport->name];
            CHECK(((known & begin) != 0) == ends);
            known = ends ? known & ~begin : known | begin;
        };
    unsigned random = 12345;
    std::vector<Transfer> transfers;
    for (int step = 0; step < 600; ++step) {
        random = random * 1103515245 + 12345;
        unsigned what = random >> 16 & 7;
        static Store *store;
        static bool is_over = true;
        if (is_over) {
            store = &w.store("s" + std::to_string(step), "", what < 4 ? MAPISPOOL_DEFAULT_INBOX : 0);
            is_over = false;
        }
        Transport &transport = *transports[random >> 20 & 1 ? 1 : random >> 21 & 2];
        switch (what) {
        case 0:
            CHECK_HR(S_OK, transport.notify(NOTIFY_CRITICAL_ERROR));
            break;
        case 1:
            CHECK_HR(S_OK, transport.notify(NOTIFY_READYTOSEND));
            break;
        case 2:
            elsewhere([&] {
                Transfer transfer;
                if (MapiTransportBeginInbound(transport.handle, store->handle, &transfer.handle) == S_OK)
                    transfers.push_back(transfer);
            });
            break;
        case 3:
        case 4:
        case 5: {
            static const ULONG instructions[] = {LOGOFF_ABORT, LOGOFF_PURGE, LOGOFF_QUIET};
            is_over = store->logoff(instructions[what - 3]).find("COMPLETE") == 0;
            break;
        }
        default:
            w.run(what == 6 ? 0 : 1000);
        }
        if (is_over || step % 7 == 0) {
            for (const Transfer &transfer : transfers)
                CHECK_HR(S_OK, transfer.end());
            transfers.clear();
        }
    }
    for (const Transfer &transfer : transfers)
        CHECK_HR(S_OK, transfer.end());
}

int main() {
    gates();
    a_failed_abort_of_two_stores();
    several_purges();
    alternating();
}
