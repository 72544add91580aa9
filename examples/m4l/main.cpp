// A MAPI runtime whose IMAPISupport is a C++ class, such as Kopano's mapi4linux, and whose mail leaves by a process of
// the server's.
//
// Copy from here: runtime.hpp and .cpp, where the session gets a spooler and the support object a base class; and
// shadow.hpp and .cpp, the transport that begins and ends messages as rows come and go in the server's queue.
// mapi4linux.hpp and server.hpp stand in for what such a runtime has already. The provider below knows nothing of all
// this: it calls IMAPISupport::StoreLogoffTransports, as it always has.
//
// Exits with 0 if each logoff came as its flag promises, with 1 if not.

#include <cstdio>

#include "runtime.hpp"

namespace {

const int MESSAGES = 4;

// A provider's store, as it is.
class ServerStore : public M4LUnknown, public IMsgStore {
public:
    ServerStore(Server &server, IMAPISupport *support) : server_(server), support_(support) { support_->AddRef(); }
    ~ServerStore() override { support_->Release(); }

    HRESULT SubmitMessage(const std::string &message) override { return server_.submit(message), S_OK; }
    HRESULT StoreLogoff(ULONG *lpulFlags) override { return support_->StoreLogoffTransports(lpulFlags); }

private:
    Server &server_;
    IMAPISupport *const support_;
};

class Provider : public M4LUnknown, public IMSProvider {
public:
    explicit Provider(Server &server) : server_(server) {}
    HRESULT Logon(IMAPISupport *lpMAPISup, IMsgStore **lppMDB) override
    {
        *lppMDB = new ServerStore(server_, lpMAPISup);
        return S_OK;
    }

private:
    Server &server_;
};

struct Account {
    ULONG flags;
    std::size_t sent, in_outbox;
};

// A client: submits, logs off, and is gone.
Account submit_and_log_off(ULONG instruction)
{
    Server server;
    M4LMAPISession session(server);
    Provider *const provider = new Provider(server);
    IMsgStore *store = nullptr;
    HRESULT hr = session.OpenMsgStore("store", provider, &store);
    provider->Release();
    for (int number = 1; hr == S_OK && number <= MESSAGES; ++number)
        hr = session.SubmitMessage(store, "message " + std::to_string(number));
    ULONG flags = instruction;
    if (hr == S_OK)
        hr = store->StoreLogoff(&flags);
    const Account account = {hr == S_OK ? flags : 0, server.sent(), server.in_outbox()};
    if (store != nullptr)
        store->Release();
    std::printf("instruction 0x%02X: result 0x%08X, flags 0x%05X, %u sent, %u in the Outbox\n",
                static_cast<unsigned>(instruction), static_cast<unsigned>(hr), static_cast<unsigned>(account.flags),
                static_cast<unsigned>(account.sent), static_cast<unsigned>(account.in_outbox));
    return account;
}

bool purge_waits_for_the_server()
{
    const Account account = submit_and_log_off(LOGOFF_PURGE);
    return account.flags == LOGOFF_COMPLETE && account.sent == MESSAGES;
}

bool abort_takes_back_what_has_not_been_sent()
{
    const Account account = submit_and_log_off(LOGOFF_ABORT);
    const ULONG queue = account.in_outbox > 0 ? LOGOFF_OUTBOUND_QUEUE : 0;
    return account.flags == (LOGOFF_COMPLETE | queue) && account.sent + account.in_outbox == MESSAGES;
}

bool quiet_sees_what_the_server_does()
{
    const Account account = submit_and_log_off(LOGOFF_QUIET);
    return account.flags == LOGOFF_OUTBOUND || (account.flags == LOGOFF_COMPLETE && account.sent == MESSAGES);
}

bool no_wait_leaves_it_to_the_server()
{
    const Account account = submit_and_log_off(LOGOFF_NO_WAIT);
    return (account.flags & LOGOFF_COMPLETE) != 0 && account.in_outbox == 0;
}

} // namespace

int main()
{
    try {
        bool as_promised = purge_waits_for_the_server();
        as_promised = abort_takes_back_what_has_not_been_sent() && as_promised;
        as_promised = quiet_sees_what_the_server_does() && as_promised;
        as_promised = no_wait_leaves_it_to_the_server() && as_promised;
        return as_promised ? 0 : 1;
    } catch (const mapispool::Error &error) {
        std::fprintf(stderr, "mapispool_m4l: %s\n", error.what());
        return 1;
    }
}
