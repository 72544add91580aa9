// mapispool.hpp: each callback of the C interface reaches the method of its name, with what it was given.

#include "story.hpp"

#include <atomic>
#include <thread>

using mapispool::EntryID;
using mapispool::Logoff;
using mapispool::LogoffFlags;
using mapispool::Message;
using mapispool::Spooler;
using mapispool::Store;
using mapispool::Transfer;
using mapispool::Transport;
using std::chrono::milliseconds;
using std::chrono::seconds;

static void driven() {
    Story story;
    Spooler spooler = open_manual();
    auto ops = std::make_shared<Driven>(story);
    auto outbox = std::make_shared<TellingStore>(story);
    Transport transport = spooler.AddTransport("t", ops).or_throw();
    Store store = spooler.OpenStore("the store", outbox).or_throw();
    ops->in_submit = [&](const Message &message) {
        CHECK(message.store_id() == "the store");
        CHECK(message.store() == outbox.get());
        CHECK_HR(S_OK, message.SpoolerYield().hr());
        CHECK_EQUAL(sizeof(MAPISPOOLMESSAGE), message.get()->cbSize);
    };
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, spooler.Run().hr());
    EXPECT_STORY(story, {"transport: notify", "store: lock m", "transport: submit m", "transport: end m",
                         "store: finished m"});

    LogoffFlags flags = store.StoreLogoffTransports(Logoff::Purge).or_throw();
    CHECK_EQUAL(LOGOFF_COMPLETE, flags);
    CHECK_HR(S_OK, store.Release().hr());
    CHECK_HR(S_OK, transport.Remove().hr());
    EXPECT_STORY(story, {"transport: notify", "transport: flush", "transport: notify", "transport: notify",
                         "store: released", "transport: logoff"});
}

static void end_flags_and_pauses() {
    Story story;
    Spooler spooler = open_manual();
    auto ops = std::make_shared<Driven>(story);
    Transport transport = spooler.AddTransport("t", ops).or_throw();
    Store store = spooler.OpenStore("s").or_throw();
    ops->in_submit = [](const Message &message) { CHECK(message.store() == nullptr); };

    ops->answer = MAPI_E_WAIT;
    ops->pause = std::chrono::minutes(10);
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, spooler.Run(seconds(599)).hr());
    EXPECT_STORY(story, {"transport: notify", "transport: submit m"});

    ops->answer = S_OK;
    ops->pause = seconds(0);
    ops->end_flags = END_DONT_RESEND;
    CHECK_HR(S_OK, spooler.Run(seconds(1)).hr());
    EXPECT_STORY(story, {"transport: submit m", "transport: end m"});

    ops->end_flags = 0;
    CHECK_HR(MAPI_E_NOT_FOUND, transport.SpoolerNotify(NOTIFY_SENTDEFERRED, "n").hr());
    CHECK_HR(S_OK, transport.SpoolerNotify(NOTIFY_SENTDEFERRED, "m").hr());
    CHECK_HR(S_OK, spooler.Run().hr());
    EXPECT_STORY(story, {"transport: submit m again", "transport: end m"});
}

static void self_driven() {
    Story story;
    Spooler spooler = open_manual();
    auto outbox = std::make_shared<TellingStore>(story);
    Transport transport = spooler.AddTransport("t", std::make_shared<SelfDriven>(story), "own").or_throw();
    Store store = spooler.OpenStore("own", outbox).or_throw();
    CHECK_HR(MAPI_E_TIMEOUT, transport.TakeMessage(milliseconds(0)).hr());
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, spooler.Run().hr());
    story.forget();
    Transfer taken = transport.TakeMessage(milliseconds(0)).or_throw();
    CHECK(taken.message().id() == "m");
    CHECK(taken.message().store() == outbox.get());
    CHECK(!taken.message().deferred());
    CHECK_HR(S_OK, store.StoreLogoffTransports(Logoff::NoWait).hr());
    CHECK_HR(S_OK, store.CancelLogoff().hr());
    CHECK_HR(S_OK, spooler.Run().hr());
    CHECK_HR(MAPI_W_CANCEL_MESSAGE, taken.SpoolerYield().hr());
    CHECK_HR(MAPI_W_CANCEL_MESSAGE, taken.message().SpoolerYield().hr());
    CHECK_HR(MAPI_E_TIMEOUT, store.Wait(milliseconds(0)).hr());
    CHECK_HR(S_OK, taken.End(MAPI_E_USER_CANCEL).hr());
    CHECK_HR(S_OK, store.Wait(milliseconds(0)).hr());
    EXPECT_STORY(story, {"store: lock m", "transport: notify m", "transport: notify", "store: unlock m",
                         "store: released"});
}

// Its own store's messages are offered to it before others.
static void coupled() {
    Spooler spooler = open_manual();
    std::string order;
    CHECK(spooler.AddTransport("first", [&order](const Message &) { return order += "1", S_OK; }));
    CHECK(spooler.AddTransport("coupled", [&order](const Message &) { return order += "2", S_OK; }, "own"));
    for (const char *id : {"own", "other"}) {
        Store store = spooler.OpenStore(id).or_throw();
        CHECK(store.SubmitMessage("m"));
        CHECK_HR(S_OK, spooler.Run().hr());
    }
    CHECK_TEXT("21", order.c_str());
}

static void a_function_will_do() {
    Spooler spooler = open_manual();
    std::string sent;
    CHECK(spooler.AddTransport("t", [&sent](const Message &message) {
        sent += message.id().str();
        return S_OK;
    }));
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, spooler.Run().hr());
    CHECK_TEXT("m", sent.c_str());
    CHECK_HR(MAPI_E_INVALID_PARAMETER, spooler.AddTransport("none", mapispool::SubmitFunction()).hr());
}

// Without callbacks of its own a class says yes to everything.
static void bases_say_yes() {
    struct Sends : mapispool::DrivenTransportOps {
        HRESULT SubmitMessage(const Message &, seconds &) override { return S_OK; }
    };
    Spooler spooler = open_manual();
    CHECK(spooler.AddTransport("t", std::make_shared<Sends>()));
    Store store = spooler.OpenStore("s", std::make_shared<mapispool::StoreOps>()).or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_EQUAL(LOGOFF_COMPLETE, store.StoreLogoffTransports(Logoff::Purge).or_throw());
    CHECK_EQUAL(1, store.GetStatus()->cFinished);
}

static void log_and_hooks() {
    std::string log;
    mapispool::Options options = manual();
    options.Log = [&log](ULONG ulLevel, const char *lpszText) {
        CHECK(ulLevel >= MAPISPOOL_LOG_ERROR && ulLevel <= MAPISPOOL_LOG_DEBUG);
        log += lpszText;
    };
    CHECK_HR(S_OK, Spooler::Open(options).or_throw().OpenStore("s").hr());
    CHECK(!log.empty());

    // With threads: the first and the last thing of each.
    std::atomic<int> started(0), ended(0);
    options = manual();
    options.ulFlags = MAPISPOOL_LOCAL;
    options.ThreadStart = [&] { ++started; };
    options.ThreadEnd = [&] { ++ended; };
    Spooler spooler = Spooler::Open(options).or_throw();
    CHECK(spooler.AddTransport("t", [](const Message &) { return S_OK; }));
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_EQUAL(LOGOFF_COMPLETE, store.StoreLogoffTransports(Logoff::Purge).or_throw());
    CHECK_HR(S_OK, spooler.Close().hr());
    CHECK(started > 0);
    CHECK_EQUAL(started.load(), ended.load());
}

// Each pause arrives where it belongs.
static void pauses_arrive() {
    Story story;
    mapispool::Options options = manual();
    options.RetryPause = seconds(20);
    options.DeclinedPause = seconds(70);
    Spooler spooler = Spooler::Open(options).or_throw();
    auto ops = std::make_shared<Driven>(story);
    ops->answer = MAPI_E_NETWORK_ERROR;
    CHECK(spooler.AddTransport("t", ops));
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, spooler.Run(milliseconds(19999)).hr());
    CHECK_EQUAL(1, story.count("transport: submit m"));
    ops->answer = MAPI_E_NOT_ME;
    CHECK_HR(S_OK, spooler.Run(milliseconds(1)).hr());
    CHECK_EQUAL(2, story.count("transport: submit m"));
    CHECK_HR(S_OK, spooler.Run(milliseconds(69999)).hr());
    CHECK_EQUAL(2, story.count("transport: submit m"));
    ops->answer = S_OK;
    CHECK_HR(S_OK, spooler.Run(milliseconds(1)).hr());
    CHECK_EQUAL(3, story.count("transport: submit m"));
}

// And each limit: the time that a logoff waits in vain is seen by another store's message, which waits for 20 seconds.
static void limits_arrive() {
    for (bool purge : {true, false}) {
        Story story;
        mapispool::Options options = manual();
        options.RetryPause = seconds(20);
        options.AbortLimit = seconds(purge ? 3 : 30);
        options.PurgeLimit = seconds(purge ? 30 : 3);
        Spooler spooler = Spooler::Open(options).or_throw();
        auto ops = std::make_shared<Driven>(story);
        ops->answer = MAPI_E_NETWORK_ERROR;
        Transport transport = spooler.AddTransport("t", ops).or_throw();
        Store busy = spooler.OpenStore("busy").or_throw(), other = spooler.OpenStore("other").or_throw();
        Transfer transfer; // of another thread, for which this one may wait
        std::thread([&] { transfer = transport.BeginInbound(busy).or_throw(); }).join();
        CHECK(other.SubmitMessage("m"));
        CHECK_HR(S_OK, spooler.Run().hr());
        CHECK_EQUAL(LOGOFF_INBOUND, busy.StoreLogoffTransports(purge ? Logoff::Abort : Logoff::Purge).or_throw());
        CHECK_EQUAL(1, story.count("transport: submit m"));
        CHECK_EQUAL(LOGOFF_INBOUND, busy.StoreLogoffTransports(purge ? Logoff::Purge : Logoff::Abort).or_throw());
        CHECK_EQUAL(2, story.count("transport: submit m"));
    }
}

static void bad_options_are_refused() {
    mapispool::Options options = manual();
    options.ulFlags = MAPISPOOL_MANUAL;
    options.PresenceDirectory = "no absolute path";
    CHECK(!Spooler::Open(options));
    options.PresenceDirectory = "";
    options.ProfileName = std::string(65536, 'x');
    CHECK_HR(MAPI_E_INVALID_PARAMETER, Spooler::Open(options).hr());
    options.ProfileName = "x";
    options.ulFlags = 0x800;
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, Spooler::Open(options).hr());
}

int main() {
    driven();
    end_flags_and_pauses();
    self_driven();
    coupled();
    a_function_will_do();
    bases_say_yes();
    log_and_hooks();
    pauses_arrive();
    limits_arrive();
    bad_options_are_refused();
}
