// Sends the mail in a folder by SMTP.
//
//   mapispool_smtp smtp://localhost:2525 FOLDER [NO_WAIT | ORDERLY | PURGE | ABORT | QUIET]
//
// The flag is the one to log off with; PURGE without one: send everything, and wait for it. What a file looks like:
// ../mail/mail.hpp. Exits with 0 if the folder is empty then, with 1 if something stayed, with 2 if it was called
// wrongly.

#include <cstdio>
#include <string>

#include "folder_store.hpp"
#include "transport.hpp"

namespace {

const struct {
    const char *name;
    ULONG value;
} INSTRUCTIONS[] = {
    {"NO_WAIT", LOGOFF_NO_WAIT}, {"ORDERLY", LOGOFF_ORDERLY}, {"PURGE", LOGOFF_PURGE},
    {"ABORT", LOGOFF_ABORT},     {"QUIET", LOGOFF_QUIET},
};

ULONG instruction_named(const std::string &name)
{
    for (const auto &instruction : INSTRUCTIONS)
        if (name == instruction.name)
            return instruction.value;
    return 0;
}

bool is_ok(const char *call, HRESULT result)
{
    if (result == S_OK)
        return true;
    char reason[500] = "";
    ULONG needed;
    MapiSpoolerGetLastError(reason, sizeof reason, &needed);
    std::fprintf(stderr, "%s: %s\n", call, reason);
    return false;
}

bool send(HMAPISPOOLER spooler, const std::string &server, FolderStore &outbox, ULONG flags)
{
    HMAPITRANSPORT transport;
    HMAPISTORE store;
    if (!is_ok("MapiSpoolerAddTransport", add_smtp_transport(spooler, server, &transport))
        || !is_ok("MapiSpoolerOpenStore", outbox.open(spooler, &store)))
        return false;
    const bool done = is_ok("StoreLogoffTransports", StoreLogoffTransports(store, &flags));
    if (done)
        std::printf("%s; %s\n", (flags & LOGOFF_COMPLETE) != 0 ? "logged off" : "still logged on",
                    (flags & LOGOFF_OUTBOUND) != 0         ? "a message is being sent"
                    : (flags & LOGOFF_OUTBOUND_QUEUE) != 0 ? "messages are queued"
                                                           : "everything is sent");
    return is_ok("MapiStoreRelease", MapiStoreRelease(store)) && done;
}

} // namespace

int main(int argc, char **argv)
{
    const ULONG flags = argc == 4 ? instruction_named(argv[3]) : LOGOFF_PURGE;
    if (argc < 3 || argc > 4 || flags == 0) {
        std::fprintf(stderr, "usage: mapispool_smtp smtp://HOST:PORT FOLDER [FLAG]\n");
        return 2;
    }
    FolderStore outbox(argv[2]);
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.lpszProfileName = "smtp example";
    HMAPISPOOLER spooler;
    if (!is_ok("MapiSpoolerOpen", MapiSpoolerOpen(&options, &spooler)))
        return 1;
    const bool done = send(spooler, argv[1], outbox, flags);
    // What goes on in the background after NO_WAIT or ORDERLY is waited for here.
    const bool closed = is_ok("MapiSpoolerClose", MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    const std::size_t left = outbox.folder().names().size();
    std::printf("%zu in the folder\n", left);
    return done && closed && left == 0 ? 0 : 1;
}
