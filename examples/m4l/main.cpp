// A MAPI runtime whose IMAPISupport is a C++ class, such as Kopano's mapi4linux, and whose mail leaves by a process of
// the server's.
//
// Copy from here: runtime.hpp and .cpp, where the session gets a spooler and the support object a base class; and
// shadow.hpp and .cpp, the transport that begins and ends messages as rows come and go in the server's queue.
// mapi4linux.hpp and server.hpp stand in for what such a runtime has already. The provider below knows nothing of all
// this: it calls IMAPISupport::StoreLogoffTransports, as it always has.
//
// Exits with 0 if each logoff came as its flag promises, with 1 if not.

#include <chrono>
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

// A client's session: submits, logs off if there is an instruction, releases its store. Gives the flags.
ULONG submit_and_log_off(Server &server, ULONG instruction)
{
    M4LMAPISession session(server);
    Provider *const provider = new Provider(server);
    IMsgStore *store = nullptr;
    HRESULT hr = session.OpenMsgStore("store", provider, &store);
    provider->Release();
    for (int number = 1; hr == S_OK && number <= MESSAGES; ++number)
        hr = session.SubmitMessage(store, "message " + std::to_string(number));
    ULONG flags = instruction;
    if (hr == S_OK && instruction != 0)
        hr = store->StoreLogoff(&flags);
    if (store != nullptr)
        store->Release();
    if (hr != S_OK)
        throw mapispool::Error(hr, "the client's session");
    return flags;
}

// And what has become of its mail when it is gone.
Account account_of(ULONG instruction, std::chrono::milliseconds per_message)
{
    Server server(per_message);
    const ULONG flags = submit_and_log_off(server, instruction);
    const Account account = {flags, server.sent(), server.in_outbox()};
    std::printf("instruction 0x%02X: flags 0x%05X, %u sent, %u in the Outbox\n", static_cast<unsigned>(instruction),
                static_cast<unsigned>(account.flags), static_cast<unsigned>(account.sent),
                static_cast<unsigned>(account.in_outbox));
    return account;
}

bool purge_waits_for_the_server()
{
    const Account account = account_of(LOGOFF_PURGE, std::chrono::milliseconds(40));
    return account.flags == LOGOFF_COMPLETE && account.sent == MESSAGES;
}

// In the others the server is busy for longer than they take.
const std::chrono::minutes SLOW(5);

bool abort_takes_back_what_has_not_been_sent()
{
    const Account account = account_of(LOGOFF_ABORT, SLOW);
    return account.flags == (LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE) && account.in_outbox == MESSAGES;
}

bool quiet_sees_what_the_server_does()
{
    const Account account = account_of(LOGOFF_QUIET, SLOW);
    return account.flags == LOGOFF_OUTBOUND && account.in_outbox == 0;
}

bool no_wait_leaves_it_to_the_server()
{
    const Account account = account_of(LOGOFF_NO_WAIT, SLOW);
    return account.flags == (LOGOFF_COMPLETE | LOGOFF_OUTBOUND) && account.in_outbox == 0;
}

bool without_a_logoff_it_is_sent_too()
{
    return account_of(0, SLOW).in_outbox == 0;
}

} // namespace

int main()
{
    try {
        bool as_promised = purge_waits_for_the_server();
        as_promised = abort_takes_back_what_has_not_been_sent() && as_promised;
        as_promised = quiet_sees_what_the_server_does() && as_promised;
        as_promised = no_wait_leaves_it_to_the_server() && as_promised;
        as_promised = without_a_logoff_it_is_sent_too() && as_promised;
        return as_promised ? 0 : 1;
    } catch (const mapispool::Error &error) {
        std::fprintf(stderr, "mapispool_m4l: %s\n", error.what());
        return 1;
    }
}
