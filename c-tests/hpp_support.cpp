// mapispool.hpp: StoreLogoffSupport gives StoreLogoffTransports to a MAPI runtime whose IMAPISupport is a C++ class
// with a virtual base, as mapi4linux has it.

#include "story.hpp"

#include <atomic>
#include <thread>

#ifdef _WIN32
#define METHOD __stdcall
#else
#define METHOD
#endif

namespace runtime {

class Unknown {
public:
    virtual ~Unknown() = default;
    virtual ULONG Release() = 0;
};

class Support : public virtual Unknown {
public:
    virtual HRESULT SpoolerYield(ULONG ulFlags) = 0;
    virtual HRESULT METHOD StoreLogoffTransports(ULONG *lpulFlags) = 0;
    virtual HRESULT NewUID() = 0;
};

class Counted : public virtual Unknown {
public:
    ULONG Release() override {
        const ULONG left = --references;
        if (left == 0)
            delete this;
        return left;
    }

private:
    std::atomic<ULONG> references{1};
};

class TheSupport : public Counted, public mapispool::StoreLogoffSupport<Support> {
public:
    explicit TheSupport(Story &story) : story(story) {}
    ~TheSupport() override { story.say("support: destroyed"); }
    HRESULT SpoolerYield(ULONG) override { return S_OK; }
    HRESULT NewUID() override { return S_OK; }

private:
    Story &story;
};

/** One with a constructor of its own. */
class Named : public Support {
public:
    explicit Named(const char *name) : name(name) {}
    ULONG Release() override { return 0; }
    HRESULT SpoolerYield(ULONG) override { return S_OK; }
    HRESULT METHOD StoreLogoffTransports(ULONG *) override { return MAPI_E_NO_SUPPORT; }
    HRESULT NewUID() override { return S_OK; }
    const std::string name;
};

} // namespace runtime

using mapispool::Spooler;
using mapispool::Store;

static void overridden_through_the_interface() {
    Story story;
    Spooler spooler = open_manual();
    runtime::TheSupport *object = new runtime::TheSupport(story);
    runtime::Support *support = object;

    ULONG flags = LOGOFF_QUIET;
    CHECK_HR(MAPI_E_NO_SUPPORT, support->StoreLogoffTransports(&flags)); // IMSProvider::Logon has not returned
    CHECK_EQUAL(LOGOFF_QUIET, flags);

    object->AttachStore(spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw());
    CHECK_HR(MAPI_E_INVALID_PARAMETER, support->StoreLogoffTransports(nullptr));
    CHECK_HR(S_OK, support->StoreLogoffTransports(&flags));
    CHECK_EQUAL(LOGOFF_COMPLETE, flags);
    EXPECT_STORY(story, {"store: released", "store: destroyed"});
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->StoreLogoffTransports(&flags));
    CHECK_EQUAL(0, support->Release());
    EXPECT_STORY(story, {"support: destroyed"});
}

static void its_end_releases_the_store() {
    Story story;
    Spooler spooler = open_manual();
    runtime::TheSupport *object = new runtime::TheSupport(story);
    Store store = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
    CHECK(store.SubmitMessage("m"));
    const HMAPISTORE handle = store.get();
    object->AttachStore(std::move(store));
    CHECK(!store);
    EXPECT_STORY(story, {});
    CHECK_EQUAL(0, object->Release());
    EXPECT_STORY(story, {"support: destroyed", "store: released", "store: destroyed"});
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreAddRef(handle));
}

static void attaching_another_releases_the_one_before() {
    Story one, two;
    Spooler spooler = open_manual();
    runtime::TheSupport *object = new runtime::TheSupport(two);
    object->AttachStore(spooler.OpenStore("1", std::make_shared<TellingStore>(one)).or_throw());
    object->AttachStore(spooler.OpenStore("2", std::make_shared<TellingStore>(two)).or_throw());
    EXPECT_STORY(one, {"store: released", "store: destroyed"});
    EXPECT_STORY(two, {});
    CHECK_EQUAL(0, object->Release());
}

static void constructors_are_inherited() {
    mapispool::StoreLogoffSupport<runtime::Named> named("a name");
    CHECK_TEXT("a name", named.name.c_str());
    ULONG flags = LOGOFF_QUIET;
    CHECK_HR(MAPI_E_NO_SUPPORT, named.StoreLogoffTransports(&flags));
}

// Logging off while the store is being attached: the one answer or the other.
static void attached_by_another_thread() {
    Story story;
    Spooler spooler = open_manual();
    runtime::TheSupport *object = new runtime::TheSupport(story);
    Store store = spooler.OpenStore("s").or_throw();
    std::thread attaches([&] { object->AttachStore(std::move(store)); });
    ULONG flags = LOGOFF_QUIET;
    HRESULT hr;
    while ((hr = object->StoreLogoffTransports(&flags)) == MAPI_E_NO_SUPPORT)
        std::this_thread::yield();
    CHECK_HR(S_OK, hr);
    CHECK_EQUAL(LOGOFF_COMPLETE, flags);
    attaches.join();
    CHECK_EQUAL(0, object->Release());
}

int main() {
    overridden_through_the_interface();
    its_end_releases_the_store();
    attaching_another_releases_the_one_before();
    constructors_are_inherited();
    attached_by_another_thread();
}
