// Stands in for a MAPI runtime's own headers: interfaces as Kopano's mapi4linux has them, C++ classes with a virtual
// base, as far as this example calls them.
#ifndef M4L_MAPI4LINUX_HPP
#define M4L_MAPI4LINUX_HPP

#include <atomic>
#include <mapispool.hpp>
#include <string>

class IUnknown {
public:
    virtual ~IUnknown() = default;
    virtual ULONG AddRef() = 0;
    virtual ULONG Release() = 0;
};

class IMAPISupport : public virtual IUnknown {
public:
    virtual HRESULT SpoolerYield(ULONG ulFlags) = 0;
    virtual HRESULT StoreLogoffTransports(ULONG *lpulFlags) = 0;
};

class IMsgStore : public virtual IUnknown {
public:
    virtual HRESULT SubmitMessage(const std::string &message) = 0; // in MAPI a method of the message
    virtual HRESULT StoreLogoff(ULONG *lpulFlags) = 0;
};

class IMSProvider : public virtual IUnknown {
public:
    virtual HRESULT Logon(IMAPISupport *lpMAPISup, IMsgStore **lppMDB) = 0;
};

// Counts references.
class M4LUnknown : public virtual IUnknown {
public:
    ULONG AddRef() override { return ++references_; }
    ULONG Release() override
    {
        const ULONG left = --references_;
        if (left == 0)
            delete this;
        return left;
    }

private:
    std::atomic<ULONG> references_{1};
};

#endif
