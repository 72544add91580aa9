/* The table of an IMAPISupport, entry by entry, in the headers that there are. The library was compiled with the slots
 * of support_methods.h; here they are those of the system's mapispi.h. Compiled, never run: in C, with MAPI_IF, and
 * as C++ with CINTERFACE. */

#include "mapispool.h"
#include "support_methods.h"

#include <stddef.h>

#define SLOT(slot, method, count, parameters, arguments, values) \
    enum { method##_is_slot_##slot = 1 / (offsetof(IMAPISupportVtbl, method) == (slot) * sizeof(void *)) };
#define OWN_SLOT(slot, method) SLOT(slot, method, 0, , , )

OWN_SLOT(0, QueryInterface)
OWN_SLOT(1, AddRef)
OWN_SLOT(2, Release)
OWN_SLOT(3, GetLastError)
OWN_SLOT(14, SpoolerNotify)
OWN_SLOT(38, StoreLogoffTransports)
HOST_METHODS(SLOT)

enum { a_table_has_44_slots = 1 / (sizeof(IMAPISupportVtbl) == 44 * sizeof(void *)) };

/* What is behind the pointer begins with the table's address. */
#ifndef MAPI_IF
enum { the_table_comes_first = 1 / (offsetof(IMAPISupport, lpVtbl) == 0) };
#endif

/* The header's LPMAPISUP and LPALLOCATEBUFFER are MAPI's. */
HRESULT get_support(HMAPISTORE store, IMAPISupport *host, IMAPISupport **support);
HRESULT get_support(HMAPISTORE store, IMAPISupport *host, IMAPISupport **support)
{
    return MapiStoreGetSupport(store, host, support);
}

SCODE WINAPI allocate(ULONG size, LPVOID *buffer);
void give(MAPISPOOLOPTIONS *options);
void give(MAPISPOOLOPTIONS *options)
{
    options->lpfnAllocateBuffer = allocate;
}
