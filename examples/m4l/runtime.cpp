#include "runtime.hpp"

M4LMAPISession::M4LMAPISession(Server &server) : shadow_(std::make_shared<Shadow>(server))
{
    mapispool::Options options("m4l");
    options.ulFlags = MAPISPOOL_LOCAL;
    spooler_ = mapispool::Spooler::Open(options).or_throw();
}

M4LMAPISession::~M4LMAPISession()
{
    shadow_->let_go();
    static_cast<void>(spooler_.Close());
}

// The store logon is opened when the provider has accepted, and belongs to the support object from then on.
HRESULT M4LMAPISession::OpenMsgStore(const std::string &entry_id, IMSProvider *provider, IMsgStore **lppMDB)
{
    M4LMAPISupport *const support = new M4LMAPISupport;
    HRESULT hr = provider->Logon(support, lppMDB);
    if (hr == S_OK)
        try {
            attach(support, entry_id);
        } catch (const mapispool::Error &error) {
            (*lppMDB)->Release();
            hr = error.hr();
        }
    support->Release(); // the provider has references of its own
    return hr;
}

void M4LMAPISession::attach(M4LMAPISupport *support, const std::string &entry_id)
{
    mapispool::Store store = spooler_.OpenStore(entry_id).or_throw();
    const HMAPISTORE handle = store.get();
    // Clients that never call StoreLogoff are used to having their mail sent: their final release must not take it
    // back from the server, as LOGOFF_ABORT would.
    ULONG otherwise = LOGOFF_NO_WAIT;
    store.StoreLogoff(&otherwise).or_throw();
    support->AttachStore(std::move(store));
    shadow_->start(spooler_.AddTransport("shadow of " + entry_id, shadow_, entry_id).or_throw(), handle);
}

HRESULT M4LMAPISession::SubmitMessage(IMsgStore *store, const std::string &message)
{
    const HRESULT hr = store->SubmitMessage(message);
    if (hr == S_OK)
        shadow_->wait_until_shown(message);
    return hr;
}
