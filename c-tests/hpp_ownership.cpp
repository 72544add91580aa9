// mapispool.hpp: the spooler shares a callback object from the call that succeeds until its finalizer has run. One
// that nobody else has is destroyed exactly once, as the last thing.

#include "story.hpp"

using mapispool::Spooler;
using mapispool::Store;
using mapispool::Transfer;
using mapispool::Transport;

// Whichever way it ends.
static void destroyed_once_and_last() {
    enum Path { closed, aborted, dropped, released, logged_off, removed, last };
    for (int path = closed; path < last; ++path) {
        Story story;
        {
            Spooler spooler = open_manual();
            Transport transport = spooler.AddTransport("t", std::make_shared<Driven>(story)).or_throw();
            Store store = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
            CHECK(store.SubmitMessage("m"));
            switch (path) {
            case closed: CHECK_HR(S_OK, spooler.Close().hr()); break;
            case aborted: CHECK_HR(S_OK, spooler.Close(mapispool::infinite, LOGOFF_ABORT).hr()); break;
            case released: CHECK_HR(S_OK, store.Release().hr()); break;
            case logged_off: CHECK(store.StoreLogoffTransports(mapispool::Logoff::Purge)); break;
            case removed: CHECK_HR(S_OK, transport.Remove().hr()); break;
            }
        }
        CHECK_EQUAL(1, story.count("store: destroyed"));
        CHECK_EQUAL(1, story.count("store: released"));
        CHECK_EQUAL(1, story.count("transport: destroyed"));
        CHECK_EQUAL(1, story.count("transport: logoff"));
    }
}

static void in_this_order() {
    Story story;
    Spooler spooler = open_manual();
    CHECK(spooler.AddTransport("t", std::make_shared<Driven>(story)));
    Store store = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
    CHECK_HR(S_OK, spooler.Run().hr());
    story.forget();
    CHECK_HR(S_OK, spooler.Close().hr());
    EXPECT_STORY(story, {"transport: notify", "store: released", "store: destroyed", "transport: logoff",
                         "transport: destroyed"});
}

static void a_unique_ptr_will_do() {
    Story story;
    Spooler spooler = open_manual();
    Store store = spooler.OpenStore("s", std::unique_ptr<TellingStore>(new TellingStore(story))).or_throw();
    Transport transport = spooler.AddTransport("t", std::unique_ptr<Driven>(new Driven(story))).or_throw();
    EXPECT_STORY(story, {});
    CHECK_HR(S_OK, transport.Remove().hr());
    CHECK_HR(S_OK, store.Release().hr());
    CHECK_EQUAL(1, story.count("store: destroyed"));
    CHECK_EQUAL(1, story.count("transport: destroyed"));
}

static void who_shares_it_keeps_it() {
    Story story;
    auto outbox = std::make_shared<TellingStore>(story);
    auto ops = std::make_shared<SelfDriven>(story);
    {
        Spooler spooler = open_manual();
        CHECK(spooler.AddTransport("1", ops));
        CHECK(spooler.AddTransport("2", ops));
        Store one = spooler.OpenStore("s", outbox).or_throw();
        Store two = spooler.OpenStore("s", outbox).or_throw();
        CHECK_EQUAL(3, outbox.use_count());
        CHECK_EQUAL(3, ops.use_count());
    }
    CHECK_EQUAL(2, story.count("store: released"));
    CHECK_EQUAL(2, story.count("transport: logoff"));
    CHECK_EQUAL(0, story.count("store: destroyed"));
    CHECK_EQUAL(1, outbox.use_count());
    CHECK_EQUAL(1, ops.use_count());
}

static void a_failing_call_shares_nothing() {
    Story story;
    auto outbox = std::make_shared<TellingStore>(story);
    auto driven = std::make_shared<Driven>(story);
    auto self_driven = std::make_shared<SelfDriven>(story);
    Spooler spooler = open_manual();
    CHECK_HR(MAPI_E_INVALID_ENTRYID, spooler.OpenStore("", outbox).hr());
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, spooler.OpenStore("s", outbox, 8).hr());
    CHECK_HR(MAPI_E_BAD_CHARWIDTH, spooler.AddTransport("\xFF", driven).hr());
    CHECK_HR(MAPI_E_BAD_CHARWIDTH, spooler.AddTransport("\xFF", self_driven).hr());
    CHECK_EQUAL(1, outbox.use_count());
    CHECK_EQUAL(1, driven.use_count());
    CHECK_EQUAL(1, self_driven.use_count());
    EXPECT_STORY(story, {});
    CHECK_HR(MAPI_E_INVALID_PARAMETER, spooler.AddTransport("t", std::shared_ptr<Driven>()).hr());
    CHECK_HR(MAPI_E_INVALID_PARAMETER, spooler.AddTransport("t", std::shared_ptr<SelfDriven>()).hr());
}

// What the options' functions hold is freed by the close that succeeds, and by an open that fails.
static void options_too() {
    auto held = std::make_shared<int>(0);
    const auto with_functions = [&held](ULONG ulFlags) {
        std::shared_ptr<int> copy = held;
        mapispool::Options options = manual();
        options.ulFlags |= ulFlags;
        options.Log = [copy](ULONG, const char *) { ++*copy; };
        options.ThreadStart = options.ThreadEnd = [copy] {};
        options.Threw = [copy](const char *, const char *) {};
        return options;
    };
    CHECK(!Spooler::Open(with_functions(0x800)));
    CHECK_EQUAL(1, held.use_count());

    Spooler spooler = Spooler::Open(with_functions(0)).or_throw();
    CHECK_EQUAL(5, held.use_count());
    Store store = spooler.OpenStore("s").or_throw();
    CHECK_HR(S_OK, spooler.Close().hr());
    CHECK(*held > 0);
    CHECK_EQUAL(1, held.use_count());

    // Where only the handle is closed, the library's share is gone, and the object's with the object.
    { Spooler dropped = Spooler::Open(with_functions(0)).or_throw(); }
    CHECK_EQUAL(1, held.use_count());
}

int main() {
    destroyed_once_and_last();
    in_this_order();
    a_unique_ptr_will_do();
    who_shares_it_keeps_it();
    a_failing_call_shares_nothing();
    options_too();
}
