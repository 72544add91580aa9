// mapispool.hpp: an owner gives its handle up exactly once, wherever it has been moved to; what is null does nothing,
// and says so.

#include "story.hpp"

#include <type_traits>

using mapispool::Spooler;
using mapispool::Store;
using mapispool::Transfer;
using mapispool::Transport;

template <class Owner>
static void owners_move() {
    static_assert(!std::is_copy_constructible<Owner>::value && !std::is_copy_assignable<Owner>::value, "one owner");
    static_assert(std::is_nothrow_move_constructible<Owner>::value, "vectors move it");
    static_assert(std::is_nothrow_move_assignable<Owner>::value, "vectors move it");
    static_assert(std::is_nothrow_default_constructible<Owner>::value, "null");
    static_assert(std::is_nothrow_destructible<Owner>::value, "never throws");
    static_assert(!std::is_convertible<Owner, bool>::value, "no arithmetic with it");
}
template void owners_move<Spooler>();
template void owners_move<Store>();
template void owners_move<Transfer>();
static_assert(std::is_copy_constructible<Transport>::value, "a name, which the spooler owns what is behind");

template <class Owner>
static void assign(Owner &to, Owner &from) {
    to = std::move(from);
}

static void store_is_released_once() {
    Story story;
    Spooler spooler = open_manual();
    Store first = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
    const HMAPISTORE handle = first.get();
    {
        Store second = std::move(first);
        CHECK(!first && second.get() == handle);
        assign(second, second);
        CHECK(second.get() == handle);
        std::vector<Store> many;
        many.push_back(std::move(second));
        for (int more = 0; more < 10; ++more)
            many.emplace_back();
        CHECK(many[0].get() == handle);
        EXPECT_STORY(story, {});
        first = std::move(many[0]);
    }
    EXPECT_STORY(story, {});
    CHECK_HR(S_OK, first.Release().hr());
    EXPECT_STORY(story, {"store: released", "store: destroyed"});
    CHECK(!first);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreAddRef(handle));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, first.Release().hr());
}

static void assigning_gives_up_the_old() {
    Story one, two;
    Spooler spooler = open_manual();
    Store store = spooler.OpenStore("1", std::make_shared<TellingStore>(one)).or_throw();
    store = spooler.OpenStore("2", std::make_shared<TellingStore>(two)).or_throw();
    EXPECT_STORY(one, {"store: released", "store: destroyed"});
    EXPECT_STORY(two, {});
    store = Store();
    EXPECT_STORY(two, {"store: released", "store: destroyed"});
}

static void references_are_counted() {
    Story story;
    Spooler spooler = open_manual();
    {
        Store store = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
        Store again = store.AddRef().or_throw();
        CHECK(again.get() == store.get());
        CHECK_HR(S_OK, store.Release().hr());
        EXPECT_STORY(story, {});
        CHECK(again.GetStatus());
    }
    EXPECT_STORY(story, {"store: released", "store: destroyed"});
}

static void handles_change_hands() {
    Story story;
    Spooler spooler = open_manual();
    HMAPISTORE handle = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw().detach();
    EXPECT_STORY(story, {});
    CHECK_HR(S_OK, MapiStoreSubmitMessage(handle, 1, "m"));
    { Store owner(handle); }
    EXPECT_STORY(story, {"store: released", "store: destroyed"});

    HMAPISPOOLER raw = spooler.detach();
    CHECK(!spooler);
    Spooler owner(raw);
    CHECK(owner.OpenStore("t", std::make_shared<TellingStore>(story)));
    EXPECT_STORY(story, {"store: released", "store: destroyed"}); // it was nobody's
    CHECK_HR(S_OK, owner.Close().hr());
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerRun(raw, 0));
}

static void spooler_is_closed_once() {
    Story story;
    HMAPISPOOLER handle;
    {
        Spooler spooler = open_manual();
        handle = spooler.get();
        CHECK(spooler.AddTransport("t", std::make_shared<Driven>(story)));
        Spooler moved(std::move(spooler));
        assign(moved, moved);
        CHECK_HR(S_OK, moved.Run().hr());
        CHECK_HR(MAPI_E_INVALID_PARAMETER, spooler.Run().hr());
        spooler = std::move(moved);
        EXPECT_STORY(story, {});
    }
    EXPECT_STORY(story, {"transport: logoff", "transport: destroyed"});
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerClose(handle, 0, 0));

    Spooler spooler = open_manual();
    CHECK_HR(S_OK, spooler.Close().hr());
    CHECK(!spooler);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, spooler.Close().hr());
}

// A close that times out can be called again, and a transfer that is dropped holds nothing up.
static void close_may_have_to_wait() {
    Spooler spooler = open_manual();
    Store inbox = spooler.OpenStore("s", nullptr, MAPISPOOL_DEFAULT_INBOX).or_throw();
    Transport transport = spooler.AddTransport("t", std::make_shared<mapispool::SelfDrivenTransportOps>()).or_throw();
    Transfer transfer = transport.BeginInbound().or_throw();
    CHECK_HR(MAPI_E_TIMEOUT, spooler.Close(std::chrono::milliseconds(0)).hr());
    CHECK(spooler);
    CHECK_HR(S_OK, transfer.SpoolerYield().hr());
    CHECK_HR(MAPI_E_TIMEOUT, spooler.Close(std::chrono::milliseconds(1), LOGOFF_ABORT).hr());
    CHECK_HR(MAPI_W_CANCEL_MESSAGE, transfer.SpoolerYield().hr());
    transfer = Transfer();
    CHECK_HR(S_OK, spooler.Close(std::chrono::milliseconds(1)).hr());
    CHECK(!spooler);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, transport.BeginInbound().hr());
}

static MAPISPOOLSTATUS status_of(const Store &store) { return store.GetStatus().or_throw(); }

static void transfer_is_ended_once() {
    Story story;
    Spooler spooler = open_manual();
    Store store = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
    Transport transport = spooler.AddTransport("t", std::make_shared<SelfDriven>(story)).or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, spooler.Run().hr());
    story.forget();
    {
        Transfer taken = transport.TakeMessage(std::chrono::milliseconds(0)).or_throw();
        CHECK_TEXT("m", taken.message().id().str().c_str());
        Transfer moved = std::move(taken);
        CHECK_TEXT("m", moved.message().id().str().c_str());
        CHECK_HR(S_OK, moved.SpoolerYield().hr());
        CHECK_HR(MAPI_E_INVALID_PARAMETER, taken.SpoolerYield().hr());
        CHECK_EQUAL(1, status_of(store).cOutbound);
    }
    // Dropped, so it is queued again.
    CHECK_HR(S_OK, spooler.Run().hr());
    EXPECT_STORY(story, {"store: lock m", "store: unlock m"});
    CHECK_EQUAL(0, status_of(store).cOutbound);
    CHECK_EQUAL(1, status_of(store).cWaiting);

    CHECK_HR(S_OK, spooler.Run(std::chrono::seconds(10)).hr());
    Transfer taken = transport.TakeMessage(std::chrono::milliseconds(0)).or_throw();
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, taken.End(S_OK, 0x8).hr());
    CHECK(taken); // it stays
    CHECK_HR(S_OK, taken.End(MAPI_E_WAIT, 0, std::chrono::minutes(2)).hr());
    CHECK(!taken && taken.message().get() == nullptr);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, taken.End(S_OK).hr());
    CHECK_HR(S_OK, spooler.Run(std::chrono::seconds(119)).hr());
    CHECK_EQUAL(1, status_of(store).cWaiting);
    CHECK_HR(S_OK, spooler.Run(std::chrono::seconds(1)).hr());
    CHECK_EQUAL(1, status_of(store).cReady);

    Transfer begun = transport.BeginOutbound(store, "m").or_throw();
    CHECK(begun.message().get() == nullptr);
    CHECK_HR(S_OK, begun.End(S_OK).hr());
    CHECK_HR(S_OK, spooler.Run().hr());
    CHECK_EQUAL(1, status_of(store).cFinished);
}

static void null_says_so() {
    const Spooler spooler;
    const Store store;
    const Transport transport;
    const Transfer transfer;
    ULONG word = LOGOFF_QUIET;
    for (HRESULT hr : {
             spooler.Run().hr(),
             spooler.LogoffStores(mapispool::Logoff::Quiet, mapispool::infinite).hr(),
             spooler.OpenStore("s", std::make_shared<mapispool::StoreOps>()).hr(),
             spooler.AddTransport("t", std::make_shared<mapispool::SelfDrivenTransportOps>()).hr(),
             store.SubmitMessage("m").hr(),
             store.AbortSubmit("m").hr(),
             store.GetStatus().hr(),
             store.StoreLogoffTransports(&word).hr(),
             store.StoreLogoffTransports(mapispool::Logoff::Quiet).hr(),
             store.StoreLogoff(&word).hr(),
             store.Wait(mapispool::infinite).hr(),
             store.CancelLogoff().hr(),
             store.GetSupport().hr(),
             store.AddRef().hr(),
             transport.Remove().hr(),
             transport.SpoolerNotify(NOTIFY_READYTOSEND).hr(),
             transport.TakeMessage(mapispool::infinite).hr(),
             transport.BeginOutbound(store, "m").hr(),
             transport.BeginInbound().hr(),
             transport.BeginInbound(store).hr(),
             transfer.SpoolerYield().hr(),
             mapispool::Message().SpoolerYield().hr(),
         })
        CHECK_HR(MAPI_E_INVALID_PARAMETER, hr);
    CHECK_EQUAL(LOGOFF_QUIET, word);
    CHECK(!spooler && !store && !transport && !transfer);
}

// A null store is not the default Inbox.
static void a_null_store_receives_nothing() {
    Spooler spooler = open_manual();
    Store inbox = spooler.OpenStore("s", nullptr, MAPISPOOL_DEFAULT_INBOX).or_throw();
    Transport transport = spooler.AddTransport("t", std::make_shared<mapispool::SelfDrivenTransportOps>()).or_throw();
    mapispool::ResultOf<Transfer> begun = transport.BeginInbound(Store());
    CHECK(begun == MAPI_E_INVALID_PARAMETER && !*begun);
    CHECK(!begun.reason().empty());
    CHECK(transport.BeginInbound(inbox));
}

int main() {
    store_is_released_once();
    assigning_gives_up_the_old();
    references_are_counted();
    handles_change_hands();
    spooler_is_closed_once();
    close_may_have_to_wait();
    transfer_is_ended_once();
    null_says_so();
    a_null_store_receives_nothing();
}
