#include "host.hpp"

#include <mapitags.h>

#include <stdexcept>
#include <vector>

#include "host_support.hpp"

namespace {

void must(HRESULT result, const char *call)
{
    if (result != S_OK)
        throw std::runtime_error(std::string(call) + " failed");
}

// Providers want entry identifiers that they may write to.
class EntryId {
public:
    explicit EntryId(const std::string &bytes) : bytes_(bytes.begin(), bytes.end()) {}
    EntryId(ULONG size, const void *bytes) : EntryId(std::string(static_cast<const char *>(bytes), size)) {}

    ULONG size() const { return static_cast<ULONG>(bytes_.size()); }
    LPENTRYID pointer() { return reinterpret_cast<LPENTRYID>(bytes_.data()); }

private:
    std::vector<BYTE> bytes_;
};

// The callbacks of a store: the spooler's own object of it (IMSProvider::SpoolerLogon), which they have as context.

HRESULT MAPISPOOL_CALL set_lock_state(void *store, ULONG size, const void *id, ULONG state)
{
    const LPMDB spoolers = static_cast<LPMDB>(store);
    EntryId entry_id(size, id);
    ULONG type = 0;
    LPUNKNOWN object = nullptr;
    HRESULT result = spoolers->OpenEntry(entry_id.size(), entry_id.pointer(), nullptr, 0, &type, &object);
    if (result != S_OK)
        return result;
    result = spoolers->SetLockState(static_cast<LPMESSAGE>(object), state);
    object->Release();
    return result;
}

HRESULT MAPISPOOL_CALL finished_msg(void *store, ULONG flags, ULONG size, const void *id)
{
    EntryId entry_id(size, id);
    return static_cast<LPMDB>(store)->FinishedMsg(flags, entry_id.size(), entry_id.pointer());
}

void MAPISPOOL_CALL released(void *store, ULONG)
{
    static_cast<LPMDB>(store)->Release();
}

HMAPISTORE open_in_spooler(HMAPISPOOLER spooler, const std::string &entry_id, LPMDB spoolers)
{
    MAPISTOREOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.SetLockState = set_lock_state;
    ops.FinishedMsg = finished_msg;
    ops.Released = released;
    HMAPISTORE handle = nullptr;
    must(MapiSpoolerOpenStore(spooler, static_cast<ULONG>(entry_id.size()), entry_id.data(), 0, &ops, spoolers,
                              &handle),
         "MapiSpoolerOpenStore");
    spoolers->AddRef(); // for the context, until `released`
    return handle;
}

// The support object is all that the provider gets, and what holds the store logon: when the provider releases it,
// that is the final release.
LPMAPISUP support_for(HMAPISTORE handle)
{
    LPMAPISUP support = nullptr;
    const HRESULT result = MapiStoreGetSupport(handle, HostSupport::instance(), &support);
    MapiStoreRelease(handle);
    must(result, "MapiStoreGetSupport");
    return support;
}

Owned<IMsgStore> spooler_logon(IMSProvider &provider, EntryId entry_id)
{
    LPMAPIERROR error = nullptr;
    LPMSLOGON logon = nullptr;
    LPMDB store = nullptr;
    must(provider.SpoolerLogon(HostSupport::instance(), 0, nullptr, entry_id.size(), entry_id.pointer(), 0, nullptr, 0,
                               nullptr, &error, &logon, &store),
         "IMSProvider::SpoolerLogon");
    logon->Release(); // for notifications and status, which this host has not
    return Owned<IMsgStore>(store);
}

LPMDB client_logon(IMSProvider &provider, EntryId entry_id, LPMAPISUP support)
{
    LPMAPIERROR error = nullptr;
    LPMSLOGON logon = nullptr;
    LPMDB store = nullptr;
    ULONG security_size = 0;
    LPBYTE security = nullptr;
    const HRESULT result = provider.Logon(support, 0, nullptr, entry_id.size(), entry_id.pointer(), 0, nullptr,
                                          &security_size, &security, &error, &logon, &store);
    support->Release(); // the provider has one of its own
    must(result, "IMSProvider::Logon");
    free_buffer(security);
    logon->Release();
    return store;
}

void free_rows(LPSRowSet rows)
{
    for (ULONG row = 0; row < rows->cRows; ++row)
        free_buffer(rows->aRow[row].lpProps);
    free_buffer(rows);
}

// Null at the end.
LPSRowSet next_rows(IMAPITable &table)
{
    LPSRowSet rows = nullptr;
    must(table.QueryRows(100, 0, &rows), "IMAPITable::QueryRows");
    if (rows->cRows != 0)
        return rows;
    free_rows(rows);
    return nullptr;
}

} // namespace

LoadedProvider::LoadedProvider(MSPROVIDERINIT &init)
{
    LPMSPROVIDER provider = nullptr;
    ULONG version = 0;
    must(init(nullptr, nullptr, allocate_buffer, allocate_more, free_buffer, 0, CURRENT_SPI_VERSION, &version,
              &provider),
         "MSProviderInit");
    provider_.reset(provider);
}

LoadedProvider::~LoadedProvider()
{
    ULONG flags = 0;
    provider_->Shutdown(&flags);
}

OpenStore::OpenStore(HMAPISPOOLER spooler, IMSProvider &provider, const std::string &entry_id)
    : spoolers_(spooler_logon(provider, EntryId(entry_id))),
      handle_(open_in_spooler(spooler, entry_id, spoolers_.get())),
      client_(client_logon(provider, EntryId(entry_id), support_for(handle_)))
{
    read_outgoing_queue();
}

void OpenStore::read_outgoing_queue() const
{
    LPMAPITABLE table = nullptr;
    must(spoolers_->GetOutgoingQueue(0, &table), "IMsgStore::GetOutgoingQueue");
    const Owned<IMAPITable> queue(table);
    for (LPSRowSet rows; (rows = next_rows(*queue)) != nullptr; free_rows(rows))
        for (ULONG row = 0; row < rows->cRows; ++row) {
            const SPropValue &id = rows->aRow[row].lpProps[0];
            // Most often it is queued already: MAPI_E_SUBMITTED.
            if (id.ulPropTag == PR_ENTRYID)
                MapiStoreSubmitMessage(handle_, id.Value.bin.cb, id.Value.bin.lpb);
        }
}
