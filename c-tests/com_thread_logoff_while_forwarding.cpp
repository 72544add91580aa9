// One thread is inside a forwarded call while another logs off and releases the object for the last time: the host's
// object stays until the call has returned. Also with threads that come and go while it happens.

#include "support_object.hpp"

/** A host whose call waits at a door. */
class Host : public RecordingHost {
public:
    Gate inside, go;
    std::atomic<int> calls{0};
    std::atomic<ULONG> references{1};

    HRESULT STDMETHODCALLTYPE SpoolerYield(ULONG) override {
        inside.open();
        CHECK(go.pass());
        CHECK(references.load() > 1);
        ++calls;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE PrepareSubmit(LPMESSAGE, ULONG *) override {
        CHECK(references.load() > 1);
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return ++references; }
    ULONG STDMETHODCALLTYPE Release() override { return --references; }
};

static void in_the_middle() {
    World w(World::Options::threads());
    w.transport("smtp");
    Store &s = w.store("s");
    Host host;
    LPMAPISUP support = support_of(s, &host);
    s.release();
    std::thread caller([&] { CHECK_HR(S_OK, support->SpoolerYield(0)); });
    CHECK(host.inside.pass());
    CHECK_IS("COMPLETE", logoff(support, LOGOFF_ORDERLY));
    CHECK_EQUAL(0, support->Release());
    w.await("s: released COMPLETE"); // which waits for no call of the host's
    CHECK_EQUAL(2, host.references.load());
    CHECK_EQUAL(0, host.calls.load());
    host.go.open();
    caller.join();
    CHECK_EQUAL(1, host.calls.load());
    CHECK_EQUAL(1, host.references.load());
}

// Each thread has a reference, and gives it back while others are inside.
static void all_at_once() {
    World w(World::Options::threads());
    w.transport("smtp");
    for (int round = 0; round < 50; ++round) {
        const std::string name = "s" + std::to_string(round);
        Store &s = w.store(name);
        Host host;
        LPMAPISUP support = support_of(s, &host);
        s.release();
        std::atomic<int> complete{0}, last{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            CHECK_EQUAL(i + 2, support->AddRef());
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (int call = 0; call < 20; ++call)
                    CHECK_HR(S_OK, support->PrepareSubmit(nullptr, nullptr));
                if (i % 2 == 0) {
                    const std::string flags = logoff(support, LOGOFF_ORDERLY);
                    complete += flags == "COMPLETE";
                    CHECK(flags == "COMPLETE" || flags == "MAPI_E_INVALID_OBJECT");
                }
                last += support->Release() == 0;
            });
        last += support->Release() == 0;
        for (auto &thread : threads)
            thread.join();
        CHECK_EQUAL(1, complete.load());
        CHECK_EQUAL(1, last.load());
        CHECK_EQUAL(1, host.references.load());
        w.await(name + ": released COMPLETE");
    }
}

int main() {
    in_the_middle();
    all_at_once();
}
