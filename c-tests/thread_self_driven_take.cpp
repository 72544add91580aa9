// A self-driven transport takes messages with several threads of its own; closing answers them
// MAPI_E_END_OF_SESSION, and TransportLogoff is the place to join them (semantics.md section 7; the header).
#include "live.hpp"

static HMAPITRANSFER take(HMAPITRANSPORT self) {
    const MAPISPOOLMESSAGE *message = nullptr;
    CHECK_HR(S_OK, MapiTransportTakeMessage(self, MAPISPOOL_INFINITE, &message));
    return message->hTransfer;
}

/** A message that one thread puts off comes to another that waits already: its time wakes it, though nothing else
    happens (the store has no callbacks). */
static void put_off() {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.ulRetryPause = 50;
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    HMAPITRANSPORT self = add_transport(spooler, "self", transport_ops());
    HMAPISTORE store = open_store(spooler, "s");
    CHECK_HR(S_OK, submit(store, "m"));
    HMAPITRANSFER first = take(self);
    std::atomic<long> thread{0};
    Side waiting([&] {
        thread = this_thread();
        CHECK_HR(S_OK, MapiTransferEnd(take(self), S_OK, 0, 0));
    });
    CHECK(eventually([&] { return thread != 0 && sleeps(thread); }));
    CHECK_HR(S_OK, MapiTransferEnd(first, MAPI_E_WAIT, 0, 0));
    waiting.join();
    CHECK_EQUAL(1, status_of(store).cFinished);
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

static void several_threads() {
    for (int round = 0; round < 5; ++round) {
        World w(World::Options::threads());
        Transport &self = w.self_driven("self");
        std::atomic<int> ended{0}, sent{0};
        std::vector<std::thread> takers;
        for (int i = 0; i < 4; ++i)
            takers.emplace_back([&, i] {
                for (;;) {
                    const MAPISPOOLMESSAGE *message = nullptr;
                    HRESULT hr = MapiTransportTakeMessage(self.handle, i == 0 ? 5 : MAPISPOOL_INFINITE, &message);
                    if (hr == MAPI_E_END_OF_SESSION)
                        break;
                    if (hr == MAPI_E_TIMEOUT && i == 0)
                        continue;
                    CHECK_HR(S_OK, hr);
                    hr = MapiTransferSpoolerYield(message->hTransfer);
                    CHECK(hr == S_OK || hr == MAPI_W_CANCEL_MESSAGE); // c is aborted
                    ++sent;
                    CHECK_HR(S_OK, MapiTransferEnd(message->hTransfer, S_OK, 0, 0));
                }
                ++ended;
            });
        self.in_logoff = [&] {
            for (auto &taker : takers)
                taker.join();
            CHECK_EQUAL(4, ended);
        };
        Store &a = w.store("a"), &b = w.store("b"), &c = w.store("c");
        for (int i = 0; i < 100; ++i) {
            a.submit("m" + std::to_string(i));
            b.submit("m" + std::to_string(i));
            c.submit("m" + std::to_string(i));
        }
        CHECK_IS("COMPLETE", a.logoff(LOGOFF_PURGE));
        CHECK_EQUAL(100, a.raw_status().cFinished);
        ULONG word = LOGOFF_NO_WAIT; // the taking threads go on for it
        CHECK_HR(S_OK, StoreLogoffTransports(b.handle, &word));
        CHECK((word & LOGOFF_COMPLETE) != 0);
        c.release(); // ABORT: what is in process may still be sent
        if (round % 2 == 0)
            CHECK_HR(S_OK, b.wait());
        CHECK_HR(S_OK, w.close());
        CHECK_EQUAL(100, b.raw_status().cFinished);
        CHECK_EQUAL(300, sent + static_cast<int>(c.box.outbox->mail.size()));
        const MAPISPOOLMESSAGE *message = nullptr;
        CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiTransportTakeMessage(self.handle, 0, &message));
    }
}

int main() {
    put_off();
    several_threads();
    return 0;
}
