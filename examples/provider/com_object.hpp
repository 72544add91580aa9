// What every object here has: a reference count, and methods of its interface that nobody needs.
#ifndef COM_OBJECT_HPP
#define COM_OBJECT_HPP

#include <atomic>

#if defined(_WIN32)
#include <windows.h>
#endif
#include <mapidefs.h>
#include <mapicode.h>
#include <mapiguid.h>
#include <mapispi.h>

// mingw-w64's headers say ULONG where Microsoft's say ULONG_PTR.
#if defined(__MINGW32__)
typedef ULONG UIParam;
typedef ULONG Connection;
#else
typedef ULONG_PTR UIParam;
typedef ULONG_PTR Connection;
#endif

// IUnknown for an object with one interface. It is made with one reference.
template <typename Interface>
class ComObject : public Interface {
public:
    explicit ComObject(const IID &iid) : iid_(iid), references_(1) {}
    ComObject(const ComObject &) = delete;
    ComObject &operator=(const ComObject &) = delete;

    STDMETHODIMP QueryInterface(REFIID iid, LPVOID *object) override
    {
        const bool is_own = IsEqualIID(iid, iid_) || IsEqualIID(iid, IID_IUnknown);
        *object = is_own ? static_cast<Interface *>(this) : nullptr;
        if (!is_own)
            return MAPI_E_INTERFACE_NOT_SUPPORTED;
        AddRef();
        return S_OK;
    }

    STDMETHODIMP_(ULONG) AddRef() override { return ++references_; }

    STDMETHODIMP_(ULONG) Release() override
    {
        const ULONG left = --references_;
        if (left == 0)
            delete this;
        return left;
    }

protected:
    virtual ~ComObject() {}

private:
    const IID &iid_;
    std::atomic<ULONG> references_;
};

#define UNSUPPORTED(method, ...) \
    STDMETHODIMP method(__VA_ARGS__) override { return MAPI_E_NO_SUPPORT; }

// The IMAPIProp that IMsgStore and IMessage begin with.
template <typename Interface>
class UnsupportedProps : public ComObject<Interface> {
public:
    using ComObject<Interface>::ComObject;

    UNSUPPORTED(GetLastError, HRESULT, ULONG, LPMAPIERROR *)
    UNSUPPORTED(SaveChanges, ULONG)
    UNSUPPORTED(GetProps, LPSPropTagArray, ULONG, ULONG *, LPSPropValue *)
    UNSUPPORTED(GetPropList, ULONG, LPSPropTagArray *)
    UNSUPPORTED(OpenProperty, ULONG, LPCIID, ULONG, ULONG, LPUNKNOWN *)
    UNSUPPORTED(SetProps, ULONG, LPSPropValue, LPSPropProblemArray *)
    UNSUPPORTED(DeleteProps, LPSPropTagArray, LPSPropProblemArray *)
    UNSUPPORTED(CopyTo, ULONG, LPCIID, LPSPropTagArray, UIParam, LPMAPIPROGRESS, LPCIID, LPVOID, ULONG,
                LPSPropProblemArray *)
    UNSUPPORTED(CopyProps, LPSPropTagArray, UIParam, LPMAPIPROGRESS, LPCIID, LPVOID, ULONG, LPSPropProblemArray *)
    UNSUPPORTED(GetNamesFromIDs, LPSPropTagArray *, LPGUID, ULONG, ULONG *, LPMAPINAMEID **)
    UNSUPPORTED(GetIDsFromNames, ULONG, LPMAPINAMEID *, ULONG, LPSPropTagArray *)
};

#endif
