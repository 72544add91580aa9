// mapispool.hpp: no exception leaves a callback. It counts as MAPI_E_CALL_FAILED, Options::Threw hears of it, and the
// message is kept: but for FinishedMsg, before which it was sent.

#include "story.hpp"

#include <atomic>
#include <stdexcept>

using mapispool::Spooler;
using mapispool::Store;
using mapispool::Transport;
using std::chrono::seconds;

/** A spooler, a store and a driven transport, one of whose callbacks throws. */
class Thrower {
public:
    explicit Thrower(const std::string &callback, std::function<void()> throw_it) {
        mapispool::Options options = manual();
        options.Threw = [this](const char *name, const char *what) {
            threw.push_back(std::string(name) + ": " + what);
            if (threw_throws)
                throw std::runtime_error("nobody hears of this");
        };
        spooler = Spooler::Open(options).or_throw();
        ops = std::make_shared<Driven>(story);
        transport = spooler.AddTransport("t", ops).or_throw();
        store = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
        story.in_callback = [callback, throw_it](const std::string &name) {
            if (name == callback)
                throw_it();
        };
    }

    MAPISPOOLSTATUS status() const { return store.GetStatus().or_throw(); }
    void send() {
        CHECK(store.SubmitMessage("m"));
        CHECK_HR(S_OK, spooler.Run().hr());
    }
    /** What was heard of, since it was last asked for. */
    void expect_threw(const std::vector<std::string> &expected) {
        if (threw != expected)
            for (const std::string &heard : threw)
                fprintf(stderr, "heard of: %s\n", heard.c_str());
        CHECK(threw == expected);
        threw.clear();
    }

    Story story;
    std::vector<std::string> threw;
    bool threw_throws = false;
    Spooler spooler;
    std::shared_ptr<Driven> ops;
    Transport transport;
    Store store;
};

static void throw_an_exception() { throw std::runtime_error("bad day"); }

static void in_set_lock_state() {
    Thrower t("SetLockState", throw_an_exception);
    t.send();
    t.expect_threw({"SetLockState: bad day"});
    CHECK_EQUAL(1, t.status().cWaiting);
    CHECK_EQUAL(0, t.story.count("transport: submit m"));
    t.story.in_callback = nullptr;
    CHECK_HR(S_OK, t.spooler.Run(seconds(60)).hr());
    CHECK_EQUAL(1, t.status().cFinished);
}

static void in_finished_msg() {
    Thrower t("FinishedMsg", throw_an_exception);
    t.send();
    CHECK_HR(S_OK, t.spooler.Run(seconds(3600)).hr());
    t.expect_threw({"FinishedMsg: bad day"});
    CHECK_EQUAL(1, t.status().cFinished);
    CHECK_EQUAL(1, t.story.count("transport: submit m")); // it is not sent again
}

static void in_released() {
    Thrower t("Released", throw_an_exception);
    CHECK_HR(S_OK, t.store.Release().hr());
    CHECK_HR(S_OK, t.spooler.Run().hr());
    t.expect_threw({"Released: bad day"});
    CHECK_EQUAL(1, t.story.count("store: destroyed"));
}

static void in_submit_message() {
    Thrower t("SubmitMessage", throw_an_exception);
    t.send();
    t.expect_threw({"SubmitMessage: bad day"});
    CHECK_EQUAL(1, t.status().cWaiting);
    CHECK_EQUAL(1, t.story.count("store: unlock m"));
    CHECK_EQUAL(0, t.story.count("transport: end m"));
    t.story.in_callback = nullptr;
    CHECK_HR(S_OK, t.spooler.Run(seconds(60)).hr());
    CHECK_EQUAL(1, t.status().cFinished);
}

static void in_end_message() {
    Thrower t("EndMessage", throw_an_exception);
    t.send();
    t.expect_threw({"EndMessage: bad day"});
    CHECK_EQUAL(1, t.status().cWaiting);
    CHECK_EQUAL(0, t.status().cFinished);
}

static void in_transport_notify_and_flush_queues() {
    for (const char *callback : {"TransportNotify", "FlushQueues"}) {
        Thrower t(callback, throw_an_exception);
        CHECK(t.store.SubmitMessage("m"));
        CHECK_EQUAL(LOGOFF_COMPLETE, t.store.StoreLogoffTransports(mapispool::Logoff::Purge).or_throw());
        CHECK(!t.threw.empty());
        CHECK_TEXT((std::string(callback) + ": bad day").c_str(), t.threw[0].c_str());
        CHECK_EQUAL(1, t.status().cFinished);
    }
}

static void in_transport_logoff() {
    Thrower t("TransportLogoff", throw_an_exception);
    t.ops.reset();
    CHECK_HR(S_OK, t.transport.Remove().hr());
    t.expect_threw({"TransportLogoff: bad day"});
    CHECK_EQUAL(1, t.story.count("transport: destroyed"));
}

static void in_log_and_hooks() {
    std::vector<std::string> threw;
    mapispool::Options options("exceptions");
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.Log = [](ULONG, const char *) { throw_an_exception(); };
    options.Threw = [&threw](const char *name, const char *) { threw.push_back(name); };
    CHECK_HR(S_OK, Spooler::Open(options).or_throw().OpenStore("s").hr());
    CHECK(!threw.empty());
    CHECK_TEXT("Log", threw[0].c_str());

    // On threads of the spooler; whoever is waited for has told before.
    std::atomic<int> started(0), ended(0);
    options.ulFlags = MAPISPOOL_LOCAL;
    options.Log = nullptr;
    options.ThreadStart = options.ThreadEnd = throw_an_exception;
    options.Threw = [&](const char *name, const char *what) {
        CHECK_TEXT("bad day", what);
        ++(name == std::string("ThreadStart") ? started : ended);
    };
    Spooler spooler = Spooler::Open(options).or_throw();
    CHECK(spooler.AddTransport("t", [](const mapispool::Message &) { return S_OK; }));
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_EQUAL(LOGOFF_COMPLETE, store.StoreLogoffTransports(mapispool::Logoff::Purge).or_throw());
    CHECK_HR(S_OK, spooler.Close().hr());
    CHECK(started > 0);
    CHECK_EQUAL(started.load(), ended.load());
}

// Not derived from std::exception, no memory, a result's own: the same for all of them.
static void whatever_it_is() {
    const std::vector<std::function<void()>> kinds = {
        [] { throw 7; },
        [] { throw std::bad_alloc(); },
        [] { Store().SubmitMessage("m").or_throw(); },
    };
    for (const auto &kind : kinds) {
        Thrower t("SubmitMessage", kind);
        t.send();
        CHECK_EQUAL(1, t.threw.size());
        CHECK_EQUAL(1, t.status().cWaiting);
    }
    Thrower t("SubmitMessage", kinds[0]);
    t.send();
    t.expect_threw({"SubmitMessage: not a std::exception"});
}

static void who_hears_of_it_may_throw_too() {
    Thrower t("SubmitMessage", throw_an_exception);
    t.threw_throws = true;
    t.send();
    t.expect_threw({"SubmitMessage: bad day"});
    CHECK_EQUAL(1, t.status().cWaiting);
}

// Nobody need hear of it.
static void without_threw() {
    Story story;
    Spooler spooler = open_manual();
    CHECK(spooler.AddTransport("t", [](const mapispool::Message &) -> HRESULT { throw 7; }));
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, spooler.Run().hr());
    CHECK_EQUAL(1, store.GetStatus()->cWaiting);

    Spooler adopted(open_manual().detach());
    CHECK(adopted.AddTransport("t", [](const mapispool::Message &) -> HRESULT { throw 7; }));
    Store other = adopted.OpenStore("s").or_throw();
    CHECK(other.SubmitMessage("m"));
    CHECK_HR(S_OK, adopted.Run().hr());
    CHECK_EQUAL(1, other.GetStatus()->cWaiting);
}

int main() {
    in_set_lock_state();
    in_finished_msg();
    in_released();
    in_submit_message();
    in_end_message();
    in_transport_notify_and_flush_queues();
    in_transport_logoff();
    in_log_and_hooks();
    whatever_it_is();
    who_hears_of_it_may_throw_too();
    without_threw();
}
