#include "session.hpp"

#include <cstring>

namespace bench {

EntryId entry_id(unsigned long number)
{
    EntryId id = {"mapispool bench"}; // 15 characters, and the zero behind them
    std::memcpy(&id[16], &number, sizeof number);
    return id;
}

Spooler::Spooler(const std::string &presence_directory)
{
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.lpszProfileName = "bench";
    if (presence_directory.empty())
        options.ulFlags = MAPISPOOL_LOCAL;
    else
        options.lpszPresenceDirectory = presence_directory.c_str();
    must(MapiSpoolerOpen(&options, &handle_), "MapiSpoolerOpen");
}

Spooler::~Spooler()
{
    must(MapiSpoolerClose(handle_, 0, MAPISPOOL_INFINITE), "MapiSpoolerClose");
}

HMAPITRANSPORT Spooler::add_transport(MAPITRANSPORTOPS ops, void *context)
{
    ops.cbSize = sizeof ops;
    HMAPITRANSPORT transport = nullptr;
    must(MapiSpoolerAddTransport(handle_, "transport", 0, nullptr, &ops, context, &transport),
         "MapiSpoolerAddTransport");
    return transport;
}

HMAPISTORE Spooler::open_store(unsigned long number, MAPISTOREOPS ops, void *context)
{
    ops.cbSize = sizeof ops;
    const EntryId id = entry_id(number);
    HMAPISTORE store = nullptr;
    must(MapiSpoolerOpenStore(handle_, id.size(), id.data(), 0, &ops, context, &store), "MapiSpoolerOpenStore");
    return store;
}

void submit(HMAPISTORE store, unsigned long number)
{
    const EntryId id = entry_id(number);
    must(MapiStoreSubmitMessage(store, id.size(), id.data()), "MapiStoreSubmitMessage");
}

void log_off(HMAPISTORE store, ULONG instruction)
{
    ULONG flags = instruction;
    must(StoreLogoffTransports(store, &flags), "StoreLogoffTransports");
    if ((flags & LOGOFF_COMPLETE) == 0)
        fail("a store is still logged on");
    must(MapiStoreRelease(store), "MapiStoreRelease");
}

std::vector<HMAPISTORE> open_stores(Spooler &spooler, unsigned long first, std::size_t number)
{
    std::vector<HMAPISTORE> stores;
    stores.reserve(number);
    for (std::size_t index = 0; index < number; ++index)
        stores.push_back(spooler.open_store(first + index));
    return stores;
}

void log_off_all(const std::vector<HMAPISTORE> &stores)
{
    for (const HMAPISTORE store : stores)
        log_off(store, LOGOFF_QUIET);
}

} // namespace bench
