// What mapispool.hpp does not let through. Compiled, never run: refuses.cmake looks for a complaint of each line that
// says so.

#include "mapispool.hpp"

void use(mapispool::Spooler &spooler, mapispool::Store &store, mapispool::Transfer &transfer);

void use(mapispool::Spooler &spooler, mapispool::Store &store, mapispool::Transfer &transfer) {
    // An owner is not copied, and what is released is not what is closed.
    mapispool::Spooler another_spooler(spooler);        // refused
    mapispool::Store another_store(store);              // refused
    mapispool::Transfer another_transfer(transfer);     // refused
    store = spooler;                                    // refused
    mapispool::Store moved(std::move(store));

    // A result is looked at.
    store.SubmitMessage("m");       // refused
    spooler.OpenStore("s");         // refused
    transfer.End(S_OK);             // refused
    static_cast<void>(store.SubmitMessage("m")); // on purpose
    store.SubmitMessage("m").or_throw();

    // An instruction is one of five.
    store.StoreLogoffTransports(4u).or_throw();                         // refused
    spooler.LogoffStores(4u, mapispool::infinite).or_throw();           // refused
    spooler.LogoffStores(mapispool::Logoff::Purge, mapispool::infinite).or_throw();

    // A time has a unit.
    store.Wait(1000).or_throw();    // refused
    store.Wait(std::chrono::milliseconds(1000)).or_throw();

    // Neither a handle nor a result is a number.
    int number = store;                         // refused
    HRESULT hr = store.SubmitMessage("m");      // refused
    if (store && number == 0 && hr == 0 && store.SubmitMessage("m") == MAPI_E_BUSY)
        return;

    // A transport has SubmitMessage, or is self-driven.
    struct Neither : mapispool::TransportOps { Neither() {} };  // refused
    struct Driven : mapispool::DrivenTransportOps {};
    Driven driven;                  // refused
    struct SelfDriven : mapispool::SelfDrivenTransportOps {};
    SelfDriven self_driven;
    static_cast<void>(self_driven);
}
