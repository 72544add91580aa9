// The support object as a provider in C++ has it: what it is, what it holds, and the logoff. Issue: a pointer that
// the provider calls StoreLogoffTransports on, and knows nothing of this library.

#define INITGUID
#define USES_IID_IUnknown
#define USES_IID_IMAPISup
#define USES_IID_IMsgStore
#include "world.hpp"

#include <initguid.h>
#include <mapiguid.h>
#include <mapispi.h>

static LPMAPISUP support_of(Store &store, LPMAPISUP host = nullptr) {
    LPMAPISUP support = nullptr;
    CHECK_HR(S_OK, MapiStoreGetSupport(store.handle, host, &support));
    CHECK(support != nullptr);
    return support;
}

static std::string logoff(LPMAPISUP support, ULONG instruction) {
    ULONG flags = instruction;
    CHECK_HR(S_OK, support->StoreLogoffTransports(&flags));
    return flags_text(flags);
}

static void logs_off() {
    World w;
    w.transport("smtp");
    Store &s = w.store("s");
    s.submit("m1");
    LPMAPISUP support = support_of(s);
    CHECK_IS("QUEUE", logoff(support, LOGOFF_QUIET));
    CHECK_IS("COMPLETE", logoff(support, LOGOFF_PURGE));
    CHECK_EQUAL(1, w.count("s: released COMPLETE"));
    ULONG flags = LOGOFF_QUIET;
    CHECK_HR(MAPI_E_INVALID_OBJECT, support->StoreLogoffTransports(&flags));
    CHECK_EQUAL(LOGOFF_QUIET, flags);
    CHECK_EQUAL(0, support->Release());
}

static void is_an_imapisupport() {
    World w;
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s);
    for (const IID *iid : {&IID_IUnknown, &IID_IMAPISup}) {
        LPVOID same = nullptr;
        CHECK_HR(S_OK, support->QueryInterface(*iid, &same));
        CHECK(same == support);
        CHECK_EQUAL(1, support->Release());
    }
    LPVOID other = support;
    CHECK_HR(MAPI_E_INTERFACE_NOT_SUPPORTED, support->QueryInterface(IID_IMsgStore, &other));
    CHECK(other == nullptr);
    CHECK_EQUAL(2, support->AddRef());
    CHECK_EQUAL(1, support->Release());
    CHECK_EQUAL(0, support->Release());
}

int main() {
    logs_off();
    is_an_imapisupport();
}
