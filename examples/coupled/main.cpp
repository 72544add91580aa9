// A tightly coupled provider: one object is the message store and the transport that sends from it, on a thread of its
// own. Sending is one step of its server's, so nobody else could do it.
//
//   mapispool_coupled [PURGE | ABORT]        how it logs off; PURGE without one
//
// Copy from here: a self-driven transport that is added with its own store's identifier; the thread that takes
// messages and ends them; a message that is sent at once, out of turn, with BeginOutbound; and how LOGOFF_ABORT
// reaches the thread.
//
// With ABORT its server stops answering in the middle of message C, and the client logs off then.
//
// Exits with 0 if everything came as the flag promises, with 1 if not.

#include <chrono>
#include <cstdio>
#include <future>
#include <outbox.hpp>
#include <thread>

namespace {

using mapispool::Logoff;
using mapispool::LogoffFlags;
using mapispool::Transfer;

const char *const STORE = "the coupled store";

class Provider : public Outbox, public mapispool::SelfDrivenTransportOps {
public:
    // Its server never answers to the message of this name.
    explicit Provider(const std::string &unanswered) : unanswered_(unanswered) {}

    // Once the spooler has it as transport.
    void start(const mapispool::Transport &transport)
    {
        transport_ = transport;
        thread_ = std::thread(&Provider::run, this);
    }

    // The user waits for this one: it does not queue behind the others, and is sent on the user's thread.
    HRESULT send_now(const mapispool::Store &store, const std::string &id)
    {
        add(id);
        mapispool::ResultOf<Transfer> begun = transport_.BeginOutbound(store, id);
        if (!begun)
            return begun.hr(); // perhaps it is queued now; see MapiTransportBeginOutbound
        const HRESULT result = send(*begun, id);
        return begun->End(result).ok() ? result : MAPI_E_CALL_FAILED;
    }

    void wait_until_stuck() { stuck_.get_future().wait(); }

    // The spooler has closed: TakeMessage has said so to the thread.
    HRESULT TransportLogoff(ULONG) override
    {
        if (thread_.joinable())
            thread_.join();
        return S_OK;
    }

private:
    // It always has a TakeMessage waiting, so that a purge knows that somebody will send what is queued.
    void run()
    {
        while (mapispool::ResultOf<Transfer> taken = transport_.TakeMessage(mapispool::infinite)) {
            Transfer transfer = std::move(*taken);
            const std::string id = transfer.message().id().str();
            // Other stores' messages are offered too.
            const bool is_own = transfer.message().store_id() == STORE;
            const mapispool::Result ended = transfer.End(is_own ? send(transfer, id) : MAPI_E_NOT_ME);
            if (!ended)
                std::fprintf(stderr, "%s: %s\n", id.c_str(), ended.reason().c_str());
        }
    }

    // Where its server would be asked to send. Between two steps it asks whether it shall stop.
    HRESULT send(const Transfer &transfer, const std::string &id)
    {
        const bool answered = id != unanswered_;
        if (!answered)
            stuck_.set_value();
        for (int step = 0; !answered || step < 5; ++step) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            if (transfer.SpoolerYield() == MAPI_W_CANCEL_MESSAGE)
                return MAPI_E_USER_CANCEL;
        }
        std::printf("%s: sent\n", id.c_str());
        return S_OK;
    }

    const std::string unanswered_;
    std::promise<void> stuck_;
    mapispool::Transport transport_;
    std::thread thread_;
};

LogoffFlags run(Logoff::Instruction instruction, const std::shared_ptr<Provider> &provider)
{
    mapispool::Options options("coupled");
    options.ulFlags = MAPISPOOL_LOCAL;
    mapispool::Spooler spooler = mapispool::Spooler::Open(options).or_throw();
    // As transport it is coupled to the store that it also is.
    provider->start(spooler.AddTransport("coupled", provider, STORE).or_throw());
    mapispool::Store store = spooler.OpenStore(STORE, provider).or_throw();
    for (const char *id : {"A", "B", "C", "D"}) {
        provider->add(id);
        store.SubmitMessage(id).or_throw();
    }
    const HRESULT urgent = provider->send_now(store, "urgent");
    if (urgent != S_OK)
        throw mapispool::Error(urgent, "the urgent message");
    if (instruction == Logoff::Abort)
        provider->wait_until_stuck();

    const LogoffFlags flags = store.StoreLogoffTransports(instruction).or_throw();
    store.Release().or_throw();
    spooler.Close().or_throw();
    return flags;
}

} // namespace

int main(int argc, char **argv)
{
    const bool abort = argc > 1 && std::string(argv[1]) == "ABORT";
    const auto provider = std::make_shared<Provider>(abort ? "C" : "");
    const ULONG promised = abort ? LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE : LOGOFF_COMPLETE;
    const std::size_t stays = abort ? 2 : 0; // C, and D behind it
    try {
        const LogoffFlags flags = run(abort ? Logoff::Abort : Logoff::Purge, provider);
        const std::size_t left = provider->content().size();
        std::printf("%u sent, %u in the Outbox\n", static_cast<unsigned>(provider->sent()),
                    static_cast<unsigned>(left));
        return flags == promised && left == stays && provider->sent() + left == 5 ? 0 : 1;
    } catch (const mapispool::Error &error) {
        std::fprintf(stderr, "mapispool_coupled: %s\n", error.what());
        return 1;
    }
}
