// A provider that calls back in: from inside a forwarded call, from inside the store's callbacks, and from the host's
// Release. The host's object stays until the call that is inside it has returned.

#include "support_object.hpp"

/** A host that does something in the middle of a call, and of its last Release. */
class Host : public RecordingHost {
public:
    std::function<void()> in_yield, in_release;
    ULONG references = 1;

    HRESULT STDMETHODCALLTYPE SpoolerYield(ULONG) override {
        in_yield();
        return MAPI_W_CANCEL_MESSAGE;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return ++references; }
    ULONG STDMETHODCALLTYPE Release() override {
        if (in_release)
            in_release();
        return --references;
    }
};

static void from_a_forwarded_call() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    Host host;
    LPMAPISUP support = support_of(s, &host);
    s.submit("m1");
    int depth = 0;
    host.in_yield = [&] {
        if (++depth > 1)
            return;
        CHECK_HR(MAPI_W_CANCEL_MESSAGE, support->SpoolerYield(0));
        CHECK_IS("COMPLETE", logoff(support, LOGOFF_PURGE));
    };
    CHECK_HR(MAPI_W_CANCEL_MESSAGE, support->SpoolerYield(0));
    CHECK_EQUAL(2, depth);
    CHECK_EQUAL(1, w.count("s: finished m1"));
    CHECK_EQUAL(0, support->Release());
    CHECK_EQUAL(1, host.references);
}

static void releases_in_a_forwarded_call() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    Host host;
    LPMAPISUP support = support_of(s, &host);
    s.release();
    bool called = false;
    host.in_yield = [&] {
        CHECK_EQUAL(0, support->Release());
        // The logon is released with the last reference, the host's object with the last call.
        w.run();
        CHECK_EQUAL(1, w.count("s: released COMPLETE"));
        CHECK_EQUAL(2, host.references);
        CHECK_EQUAL(0, support->Release());
        CHECK_EQUAL(0, support->AddRef());
        CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerYield(0));
        CHECK_IS("MAPI_E_INVALID_OBJECT", logoff(support, LOGOFF_ABORT));
        CHECK_EQUAL(2, host.references);
        called = true;
    };
    host.in_release = [&] {
        CHECK(called);
        CHECK_EQUAL(0, support->Release());
        CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerYield(0));
    };
    CHECK_HR(MAPI_W_CANCEL_MESSAGE, support->SpoolerYield(0));
    CHECK_EQUAL(1, host.references);
}

static void from_a_callback() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s);
    bool called = false;
    s.in_finished = [&](const std::string &) {
        CHECK_IS("MAPI_E_BUSY", logoff(support, LOGOFF_PURGE)); // would wait for itself
        CHECK_IS("COMPLETE OUTBOUND", logoff(support, LOGOFF_NO_WAIT));
        CHECK_EQUAL(0, support->Release());
        called = true;
    };
    s.in_released = [&](ULONG) { CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerNotify(NOTIFY_READYTOSEND, nullptr)); };
    s.submit("m1");
    w.run();
    CHECK(called);
    CHECK_EQUAL(1, w.count("s: released COMPLETE"));
}

int main() {
    from_a_forwarded_call();
    releases_in_a_forwarded_call();
    from_a_callback();
}
