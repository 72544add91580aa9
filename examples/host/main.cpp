// A client's session with a store whose provider knows nothing of mapispool: submits two messages, logs off with
// LOGOFF_PURGE, and says what happens when.
//
//   mapispool_provider FOLDER        FOLDER becomes the store, and keeps nothing
//
// Exits with 0 if everything was sent, with 1 if not, with 2 if it was called wrongly.

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "host.hpp"
#include "mail_folder.hpp"
#include "provider.hpp"

namespace {

void say(const char *who, const std::string &what)
{
    std::printf("    %-10s %s\n", who, what.c_str());
}

HRESULT MAPISPOOL_CALL submit_message(void *, const MAPISPOOLMESSAGE *message, ULONG *)
{
    say("transport", "sends " + named_by(message->cbEntryID, static_cast<const ENTRYID *>(message->lpEntryID)));
    std::this_thread::sleep_for(std::chrono::milliseconds(50)); // slow enough for the client to be first
    return S_OK;
}

// A spooler with one transport, closed at the end of its scope.
class Spooler {
public:
    Spooler()
    {
        MAPISPOOLOPTIONS options = {};
        options.cbSize = sizeof options;
        options.ulFlags = MAPISPOOL_LOCAL;
        options.lpszProfileName = "provider example";
        MAPITRANSPORTOPS ops = {};
        ops.cbSize = sizeof ops;
        ops.SubmitMessage = submit_message;
        HMAPITRANSPORT transport = nullptr;
        if (MapiSpoolerOpen(&options, &handle_) != S_OK
            || MapiSpoolerAddTransport(handle_, "example", 0, nullptr, &ops, nullptr, &transport) != S_OK)
            throw std::runtime_error("no spooler");
    }
    ~Spooler() { MapiSpoolerClose(handle_, 0, MAPISPOOL_INFINITE); }
    Spooler(const Spooler &) = delete;
    Spooler &operator=(const Spooler &) = delete;

    HMAPISPOOLER handle() const { return handle_; }

private:
    HMAPISPOOLER handle_ = nullptr;
};

// As a client does it: opens the message, and submits it.
void submit(IMsgStore &store, const std::string &name)
{
    const std::string id = message_entry_id(name);
    std::vector<BYTE> bytes(id.begin(), id.end());
    ULONG type = 0;
    LPUNKNOWN object = nullptr;
    if (store.OpenEntry(static_cast<ULONG>(bytes.size()), reinterpret_cast<LPENTRYID>(bytes.data()), nullptr, 0, &type,
                        &object) != S_OK)
        throw std::runtime_error("IMsgStore::OpenEntry failed");
    const Owned<IUnknown> message(object);
    if (static_cast<LPMESSAGE>(object)->SubmitMessage(0) != S_OK)
        throw std::runtime_error("IMessage::SubmitMessage failed");
}

void session(HMAPISPOOLER spooler, MSPROVIDERINIT &init, const std::string &path)
{
    MailFolder drafts(path);
    LoadedProvider provider(init);
    OpenStore opened(spooler, *provider, store_entry_id(path));
    Owned<IMsgStore> store(opened.client());
    for (const char *const text : {"one", "two"}) {
        const std::string name = drafts.compose(text);
        say("client", "submits " + name);
        submit(*store, name);
        opened.read_outgoing_queue();
    }

    ULONG flags = LOGOFF_PURGE;
    say("client", "calls StoreLogoff(LOGOFF_PURGE)");
    if (store->StoreLogoff(&flags) != S_OK)
        throw std::runtime_error("IMsgStore::StoreLogoff failed");
    say("client", std::string((flags & LOGOFF_COMPLETE) != 0 ? "COMPLETE" : "saved") + "; releases the store");
    store.reset();
    say("client", "is gone");
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: mapispool_provider FOLDER\n");
        return 2;
    }
    try {
        Spooler spooler;
        std::printf("StoreLogoff calls StoreLogoffTransports at once:\n");
        session(spooler.handle(), provider_that_logs_off_at_once, argv[1]);
        std::printf("StoreLogoff saves the flags for the final release:\n");
        session(spooler.handle(), provider_that_logs_off_in_release, argv[1]);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return MailFolder(argv[1]).names().empty() ? 0 : 1;
}
