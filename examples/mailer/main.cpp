// A mailer for scripts: it must not exit before its mail is gone.
//
//   mapispool_mailer [--offline] ADDRESS...
//
// Copy from here: LOGOFF_PURGE before the end of main, what to do when its limit passes, and an exit status that tells
// the script whether everything went out. The transport only pretends, and with --offline finds no server.
//
// Exits with 0 if everything was sent, with 75 ("try again later") if something stays in the Outbox, with 1 if the
// spooler failed, with 2 if it was called wrongly.

#include <chrono>
#include <cstdio>
#include <cstring>
#include <outbox.hpp>
#include <thread>

namespace {

enum ExitStatus { all_sent = 0, failed = 1, wrong_usage = 2, try_again = 75 };

// Where the mail would go to a server.
HRESULT deliver(const mapispool::Message &message, bool offline)
{
    if (offline)
        return MAPI_E_NETWORK_ERROR; // it stays in the queue
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    std::printf("to %s: sent\n", message.id().str().c_str());
    return S_OK;
}

// Logs off, and waits until everything has had its attempt; but not for ever.
mapispool::LogoffFlags send_and_log_off(const mapispool::Store &store)
{
    const mapispool::LogoffFlags flags = store.StoreLogoffTransports(mapispool::Logoff::Purge).or_throw();
    if (flags.complete())
        return flags;
    std::puts("The server does not get on with it; giving up.");
    return store.StoreLogoffTransports(mapispool::Logoff::Abort).or_throw();
}

void send_all(const std::vector<std::string> &addresses, bool offline, const std::shared_ptr<Outbox> &outbox)
{
    mapispool::Options options("mailer");
    options.ulFlags = MAPISPOOL_LOCAL; // nobody else has this store open
    options.PurgeLimit = std::chrono::seconds(30);
    mapispool::Spooler spooler = mapispool::Spooler::Open(options).or_throw();
    spooler.AddTransport("SMTP", [offline](const mapispool::Message &message) { return deliver(message, offline); })
        .or_throw();
    mapispool::Store store = spooler.OpenStore("mailer", outbox).or_throw();
    for (const std::string &address : addresses) {
        outbox->add(address);
        store.SubmitMessage(address).or_throw();
    }
    if (!send_and_log_off(store).complete())
        std::puts("A message could be neither sent nor stopped.");
    store.Release().or_throw();
    spooler.Close(std::chrono::seconds(10), LOGOFF_ABORT).or_throw();
}

} // namespace

int main(int argc, char **argv)
{
    const bool offline = argc > 1 && std::strcmp(argv[1], "--offline") == 0;
    const std::vector<std::string> addresses(argv + (offline ? 2 : 1), argv + argc);
    if (addresses.empty()) {
        std::fprintf(stderr, "usage: mapispool_mailer [--offline] ADDRESS...\n");
        return wrong_usage;
    }

    const auto outbox = std::make_shared<Outbox>();
    try {
        send_all(addresses, offline, outbox);
    } catch (const mapispool::Error &error) {
        std::fprintf(stderr, "mapispool_mailer: %s\n", error.what());
        return failed;
    }
    const std::vector<std::string> left = outbox->content();
    for (const std::string &address : left)
        std::printf("to %s: stays in the Outbox\n", address.c_str());
    return left.empty() ? all_sent : try_again;
}
