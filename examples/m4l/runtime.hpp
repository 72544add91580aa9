// What changes in the runtime: the session has a spooler, and the support object a base class more.
#ifndef M4L_RUNTIME_HPP
#define M4L_RUNTIME_HPP

#include "mapi4linux.hpp"
#include "shadow.hpp"

// The support object. StoreLogoffTransports comes from the class between it and IMAPISupport.
class M4LMAPISupport : public M4LUnknown, public mapispool::StoreLogoffSupport<IMAPISupport> {
public:
    HRESULT SpoolerYield(ULONG) override { return MAPI_E_NO_SUPPORT; }
};

// The session, with one store. A provider that releases its support object later than that does no harm.
class M4LMAPISession {
public:
    explicit M4LMAPISession(Server &server);
    ~M4LMAPISession();

    HRESULT OpenMsgStore(const std::string &entry_id, IMSProvider *provider, IMsgStore **lppMDB);

    // IMessage::SubmitMessage, and the runtime's part of it.
    HRESULT SubmitMessage(IMsgStore *store, const std::string &message);

private:
    void attach(M4LMAPISupport *support, const std::string &entry_id);

    const std::shared_ptr<Shadow> shadow_;
    mapispool::Spooler spooler_;
};

#endif
