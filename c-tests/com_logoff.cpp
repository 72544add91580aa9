// StoreLogoffTransports on the support object is that of the store logon; after it the spooler's methods answer
// MAPI_E_INVALID_OBJECT, and the host's go on. The final release of the object is the logon's, once. semantics.md,
// section 2 and 3.

// This file holds the identifiers.
#define INITGUID
#define USES_IID_IUnknown
#define USES_IID_IMAPISup
#define USES_IID_IMsgStore
#include "world.hpp"
#include <initguid.h>
#include <mapiguid.h>

#include "support_object.hpp"

static void as_the_function() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, support->StoreLogoffTransports(nullptr));
    CHECK_IS("MAPI_E_INVALID_PARAMETER", logoff(support, 0));
    CHECK_IS("MAPI_E_INVALID_PARAMETER", logoff(support, LOGOFF_PURGE | LOGOFF_ABORT));
    CHECK_IS("MAPI_E_UNKNOWN_FLAGS", logoff(support, LOGOFF_PURGE | 0x20));
    s.submit("m1");
    CHECK_IS("QUEUE", logoff(support, LOGOFF_QUIET));
    CHECK_IS("COMPLETE", logoff(support, LOGOFF_PURGE));
    CHECK_EQUAL(1, w.count("s: finished m1"));
    CHECK_EQUAL(1, w.count("s: released COMPLETE"));
    CHECK_EQUAL(0, support->Release());
}

static void over(LPMAPISUP support) {
    LPVOID other = support;
    LPMAPIERROR error = nullptr;
    CHECK_IS("MAPI_E_INVALID_OBJECT", logoff(support, LOGOFF_ABORT));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerNotify(NOTIFY_READYTOSEND, nullptr));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->GetLastError(S_OK, 0, &error));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->QueryInterface(IID_IMAPISup, &other));
    CHECK(other == nullptr);
    CHECK_HR(host_answer(13), support->SpoolerYield(0));
    CHECK_EQUAL(2, support->AddRef());
    CHECK_EQUAL(1, support->Release());
}

static void after_a_logoff() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s, host);
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET)); // by whichever way
    over(support);
    CHECK_EQUAL(0, support->Release());
}

static void after_the_close() {
    LPMAPISUP support;
    HMAPISTORE store;
    {
        World w;
        w.transport("smtp");
        Store &s = w.store("s");
        support = support_of(s, host);
        store = s.handle;
    }
    over(support);
    CHECK_EQUAL(0, support->Release());
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreWait(store, 0));
}

// The provider's last reference goes after the host's: what it had saved is done then.
static void final_release() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s);
    CHECK_EQUAL(2, support->AddRef());
    s.submit("m1");
    CHECK_IS("QUEUE", s.save(LOGOFF_PURGE));
    CHECK_EQUAL(1, support->Release());
    s.release();
    CHECK_EQUAL(0, w.count("s: released COMPLETE"));
    CHECK_IS("QUEUE", logoff(support, LOGOFF_QUIET)); // still logged on
    CHECK_EQUAL(0, support->Release());
    CHECK_EQUAL(1, w.count("s: finished m1"));
    CHECK_EQUAL(1, w.count("s: released COMPLETE"));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreAddRef(s.handle));
}

static void final_release_without_a_word() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s);
    w.forget();
    s.submit("m1");
    s.release();
    CHECK_EQUAL(0, support->Release()); // ABORT
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE QUEUE"});
}

// An early release leaves the logon to its other holders.
static void early_release() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    CHECK_EQUAL(0, support_of(s)->Release());
    s.submit("m1");
    CHECK_IS("QUEUE: ready 1", s.status());
    LPMAPISUP one = support_of(s);
    LPMAPISUP other = support_of(s);
    CHECK(one != other);
    s.release();
    CHECK_EQUAL(0, one->Release());
    CHECK_IS("COMPLETE", logoff(other, LOGOFF_PURGE));
    CHECK_EQUAL(0, other->Release());
    CHECK_EQUAL(1, w.count("s: released COMPLETE"));
}

int main() {
    as_the_function();
    after_a_logoff();
    after_the_close();
    final_release();
    final_release_without_a_word();
    early_release();
}
