// The interface identifiers that this program refers to.
#define INITGUID
#define USES_IID_IUnknown
#define USES_IID_IMAPIProp
#define USES_IID_IMAPISup
#define USES_IID_IMAPITable
#define USES_IID_IMSProvider
#define USES_IID_IMSLogon
#define USES_IID_IMessage
#define USES_IID_IMsgStore
#if defined(_WIN32)
#include <windows.h>
#endif
#include <mapidefs.h>

#include <initguid.h>
#include <mapiguid.h>
