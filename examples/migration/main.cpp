// A migration tool with thousands of mailboxes open at the same time, and one deadline for all of them.
//
//   mapispool_migration [MAILBOXES [SECONDS [MILLISECONDS]]]       5000 mailboxes, 30 seconds, 0 for each message
//
// Copy from here: MapiSpoolerLogoffStores (Spooler::LogoffStores) instead of a loop, whose limits would add up to
// hours; and what to do with the mailboxes whose mail did not go in time. Each owner gets a message that the mailbox
// has moved.
//
// Exits with 0 if every mailbox was logged off and no message is lost, with 1 if not.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <outbox.hpp>
#include <thread>

namespace {

using mapispool::Logoff;
using std::chrono::milliseconds;

struct Mailbox {
    std::shared_ptr<Outbox> outbox;
    mapispool::Store store;
};

Mailbox open_mailbox(const mapispool::Spooler &spooler, int number)
{
    const std::string name = "mailbox " + std::to_string(number);
    const auto outbox = std::make_shared<Outbox>();
    mapispool::Store store = spooler.OpenStore(name, outbox).or_throw();
    outbox->add("moved");
    store.SubmitMessage("moved").or_throw();
    return Mailbox{outbox, std::move(store)};
}

// Whatever the mail does: after the deadline, and what a message needs to stop, it is over. Gives how many mailboxes
// could not be logged off, which is none as long as the transport listens.
ULONG log_off_all(const mapispool::Spooler &spooler, std::size_t mailboxes, mapispool::Limit deadline)
{
    const ULONG late = spooler.LogoffStores(Logoff::Purge, deadline).or_throw();
    if (late == 0)
        return 0;
    std::printf("%u of %u mailboxes were still sending at the deadline\n", static_cast<unsigned>(late),
                static_cast<unsigned>(mailboxes));
    // They are logged on as before, those that had their turn are not. Their mail stays in the Outbox.
    return spooler.LogoffStores(Logoff::Abort, std::chrono::seconds(10)).or_throw();
}

bool migrate(int count, mapispool::Limit deadline, milliseconds per_message)
{
    mapispool::Options options("migration");
    options.ulFlags = MAPISPOOL_LOCAL; // nobody else may open a mailbox that is being moved
    mapispool::Spooler spooler = mapispool::Spooler::Open(options).or_throw();
    spooler.AddTransport("SMTP", [per_message](const mapispool::Message &) {
        std::this_thread::sleep_for(per_message);
        return S_OK;
    }).or_throw();
    std::vector<Mailbox> mailboxes;
    for (int number = 1; number <= count; ++number)
        mailboxes.push_back(open_mailbox(spooler, number));

    const auto begin = std::chrono::steady_clock::now();
    const ULONG left = log_off_all(spooler, mailboxes.size(), deadline);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;

    std::size_t sent = 0, stay = 0;
    for (const Mailbox &mailbox : mailboxes) {
        sent += mailbox.outbox->sent();
        stay += mailbox.outbox->content().size();
    }
    std::printf("%u mailboxes, %.1f seconds: %u messages sent, %u stay, %u mailboxes still logged on\n",
                static_cast<unsigned>(mailboxes.size()), took.count(), static_cast<unsigned>(sent),
                static_cast<unsigned>(stay), static_cast<unsigned>(left));
    return left == 0 && sent + stay == mailboxes.size();
}

int argument(int argc, char **argv, int index, int otherwise)
{
    return argc > index ? std::atoi(argv[index]) : otherwise;
}

} // namespace

int main(int argc, char **argv)
{
    try {
        const std::chrono::seconds deadline(argument(argc, argv, 2, 30));
        const milliseconds per_message(argument(argc, argv, 3, 0));
        return migrate(argument(argc, argv, 1, 5000), deadline, per_message) ? 0 : 1;
    } catch (const mapispool::Error &error) {
        std::fprintf(stderr, "mapispool_migration: %s\n", error.what());
        return 1;
    }
}
