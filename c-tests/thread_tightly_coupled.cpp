// A tightly coupled provider sends on a thread of its own, with BeginOutbound, SpoolerYield and TransferEnd; what
// it does not finish stays in the queue, and LOGOFF_ABORT reaches it through its yield (semantics.md sections 1,
// 4 and 7).
#include "live.hpp"

int main() {
    World w(World::Options::threads());
    Transport &own = w.self_driven("own", "s");
    Store &s = w.store("s");

    // Sent by its own thread; a failure keeps the message queued.
    Side([&] {
        for (int i = 0; i < 100; ++i) {
            std::string message = "m" + std::to_string(i);
            Transfer transfer = own.begin(s, message);
            CHECK(!transfer.cancelled());
            CHECK_HR(S_OK, transfer.end());
        }
        CHECK_HR(S_OK, own.begin(s, "late").end(MAPI_E_NETWORK_ERROR, 0, 3600));
    }).join();
    CHECK(eventually([&] { return s.box.outbox->mail.size() == 1; }));
    CHECK_EQUAL(100, s.raw_status().cFinished);
    CHECK_EQUAL(1, s.raw_status().cWaiting);

    // ABORT cancels through the yield.
    Gate begun;
    Side sender([&] {
        Transfer transfer = own.begin(s, "long");
        begun.open();
        CHECK_HR(MAPI_E_SUBMITTED, submit(s.handle, "long"));
        CHECK(eventually([&] { return transfer.cancelled(); }));
        Transfer refused;
        CHECK_HR(MAPI_E_BUSY, MapiTransportBeginOutbound(own.handle, s.handle, 3, "new", &refused.handle));
        CHECK_HR(S_OK, transfer.end(MAPI_E_USER_CANCEL));
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransferSpoolerYield(transfer.handle));
    });
    CHECK(begun.pass());
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
    sender.join();
    CHECK_HR(S_OK, s.wait());
    CHECK_EQUAL(2, s.raw_status().cReady + s.raw_status().cWaiting);

    // One that was sent although it was cancelled was sent.
    Store &again = w.store("again", "s");
    Gate second;
    Side late([&] {
        Transfer transfer = own.begin(again, "long");
        second.open();
        CHECK(eventually([&] { return transfer.cancelled(); }));
        CHECK_HR(S_OK, transfer.end(S_OK));
    });
    CHECK(second.pass());
    CHECK_IS("COMPLETE", again.logoff(LOGOFF_ABORT));
    return 0;
}
