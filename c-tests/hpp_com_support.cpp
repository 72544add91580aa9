// mapispool.hpp: GetSupport gives the store logon as mapispi.h's IMAPISupport, and Options::AllocateBuffer is what its
// GetLastError allocates with.

#include "story.hpp"

#include <mapispi.h>

#include <cstdlib>

using mapispool::Spooler;
using mapispool::Store;

static int allocated = 0;

static SCODE WINAPI allocate(ULONG size, LPVOID *buffer) {
    ++allocated;
    *buffer = std::malloc(size);
    return S_OK;
}

int main() {
    Story story;
    mapispool::Options options = manual();
    options.AllocateBuffer = allocate;
    Spooler spooler = Spooler::Open(options).or_throw();
    Store store = spooler.OpenStore("s", std::make_shared<TellingStore>(story)).or_throw();
    LPMAPISUP support = store.GetSupport().or_throw();

    ULONG flags = LOGOFF_QUIET | LOGOFF_ABORT;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, support->StoreLogoffTransports(&flags));
    LPMAPIERROR error = nullptr;
    CHECK_HR(S_OK, support->GetLastError(MAPI_E_INVALID_PARAMETER, 0, &error));
    CHECK_EQUAL(1, allocated);
    std::free(error);

    flags = LOGOFF_QUIET;
    CHECK_HR(S_OK, support->StoreLogoffTransports(&flags));
    CHECK_EQUAL(LOGOFF_COMPLETE, flags);
    CHECK_HR(MAPI_E_INVALID_OBJECT, store.StoreLogoffTransports(&flags).hr());
    CHECK_EQUAL(0, support->Release());

    // With a host's own object inside, which gets a reference for as long.
    Store other = spooler.OpenStore("t").or_throw();
    LPMAPISUP inner = other.GetSupport().or_throw();
    LPMAPISUP outer = other.GetSupport(inner).or_throw();
    CHECK_EQUAL(3, inner->AddRef());
    CHECK_EQUAL(2, inner->Release());
    CHECK_EQUAL(0, outer->Release());
    CHECK_EQUAL(0, inner->Release());
}
