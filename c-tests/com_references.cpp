// Ownership is COM's: what each call does to the references of the object, of the host's object and of the store
// logon, errors included; and an object that has none left answers, as long as its memory can be told.

#define INITGUID
#define USES_IID_IUnknown
#define USES_IID_IMAPISup
#define USES_IID_IMsgStore
#include "world.hpp"
#include <initguid.h>
#include <mapiguid.h>

#include "support_object.hpp"

static void identity() {
    World w;
    LPMAPISUP support = support_of(w.store("s"));
    for (const IID *iid : {&IID_IUnknown, &IID_IMAPISup}) {
        LPVOID same = nullptr;
        CHECK_HR(S_OK, support->QueryInterface(*iid, &same));
        CHECK(same == support);
        CHECK_EQUAL(1, support->Release());
    }
    LPVOID other = support;
    CHECK_HR(MAPI_E_INTERFACE_NOT_SUPPORTED, support->QueryInterface(IID_IMsgStore, &other));
    CHECK(other == nullptr);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, support->QueryInterface(IID_IUnknown, nullptr));
    CHECK_EQUAL(2, support->AddRef());
    CHECK_EQUAL(3, support->AddRef());
    CHECK_EQUAL(2, support->Release());
    CHECK_EQUAL(1, support->Release());
    CHECK_EQUAL(0, support->Release());
}

// Each byte of an identifier counts.
static void other_identifiers() {
    World w;
    LPMAPISUP support = support_of(w.store("s"));
    for (size_t byte = 0; byte < sizeof(IID); ++byte) {
        IID iid = IID_IMAPISup;
        reinterpret_cast<unsigned char *>(&iid)[byte] ^= 0x80;
        LPVOID other = support;
        CHECK_HR(MAPI_E_INTERFACE_NOT_SUPPORTED, support->QueryInterface(iid, &other));
        CHECK(other == nullptr);
    }
    CHECK_EQUAL(0, support->Release());
}

static void of_the_host() {
    World w;
    Store &s = w.store("s");
    CHECK_EQUAL(1, host_references);
    LPMAPISUP one = support_of(s, host);
    CHECK_EQUAL(2, host_references);
    LPMAPISUP other = support_of(s, host);
    CHECK_EQUAL(3, host_references);
    LPVOID same = nullptr;
    CHECK_HR(S_OK, one->QueryInterface(IID_IUnknown, &same));
    CHECK_HR(host_answer(13), one->SpoolerYield(0));
    CHECK_EQUAL(3, host_references);
    CHECK_EQUAL(1, one->Release());
    CHECK_EQUAL(3, host_references);
    CHECK_EQUAL(0, one->Release());
    CHECK_EQUAL(2, host_references);
    CHECK_EQUAL(0, other->Release());
    CHECK_EQUAL(1, host_references);
}

// A call that fails keeps nothing and writes nothing.
static void of_calls_that_fail() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP untouched = host;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreGetSupport(s.handle, host, nullptr));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreGetSupport(nullptr, host, &untouched));
    void *spooler = w.handle;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreGetSupport(static_cast<HMAPISTORE>(spooler), host, &untouched));
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_QUIET));
    CHECK_HR(MAPI_E_INVALID_OBJECT, MapiStoreGetSupport(s.handle, host, &untouched));
    s.release();
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiStoreGetSupport(s.handle, host, &untouched));
    CHECK(untouched == host);
    CHECK_EQUAL(1, host_references);
}

static void has_no_references(LPMAPISUP support) {
    LPVOID other = support;
    LPMAPIERROR error = nullptr;
    recorded.name = nullptr;
    CHECK_EQUAL(0, support->Release());
    CHECK_EQUAL(0, support->AddRef());
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->QueryInterface(IID_IUnknown, &other));
    CHECK_IS("MAPI_E_INVALID_OBJECT", logoff(support, LOGOFF_ABORT));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerNotify(NOTIFY_READYTOSEND, nullptr));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->GetLastError(S_OK, 0, &error));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerYield(0));
    CHECK(recorded.name == nullptr);
    CHECK_EQUAL(0, support->Release());
    CHECK_EQUAL(1, host_references);
}

// Two releases too many: nothing of the logon, the host or another object is given up.
static void released_too_often() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s, host);
    CHECK_EQUAL(0, support->Release());
    has_no_references(support);
    CHECK_IS("-", s.status());
    // Its memory is not used for the next ones.
    for (int i = 0; i < 256; ++i) {
        LPMAPISUP next = support_of(s);
        CHECK(next != support);
        CHECK_EQUAL(0, next->Release());
    }
    has_no_references(support);
    s.release();
    w.run();
    CHECK_EQUAL(1, w.count("s: released COMPLETE"));
    has_no_references(support);
}

// A host that releases the logon once too often takes the object's reference to it, and nobody else's.
static void of_the_logon() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s);
    CHECK_HR(S_OK, MapiStoreRelease(s.handle));
    s.release();
    CHECK_IS("MAPI_E_INVALID_OBJECT", logoff(support, LOGOFF_QUIET));
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->SpoolerNotify(NOTIFY_READYTOSEND, nullptr));
    CHECK_EQUAL(0, support->Release());
}

// Memory of the objects that have come and gone does not grow.
static void memory_is_used_again() {
    World w;
    Store &s = w.store("s");
    std::set<LPMAPISUP> places;
    for (int i = 0; i < 2000; ++i) {
        LPMAPISUP support = support_of(s);
        places.insert(support);
        CHECK_EQUAL(0, support->Release());
    }
    CHECK(places.size() <= 300);
}

int main() {
    identity();
    other_identifiers();
    of_the_host();
    of_calls_that_fail();
    released_too_often();
    of_the_logon();
    memory_is_used_again();
}
