#include "provider.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <mutex>

#include "message_store.hpp"

namespace {

// In front of each entry identifier, so that MAPI knows whose it is. Four bytes of flags come before it.
const MAPIUID PROVIDER = {
    {0x6d, 0x61, 0x70, 0x69, 0x73, 0x70, 0x6f, 0x6f, 0x6c, 0x20, 0x73, 0x61, 0x6d, 0x70, 0x6c, 0x65}};
const std::size_t FLAGS_SIZE = 4, HEAD_SIZE = FLAGS_SIZE + sizeof PROVIDER;

std::string entry_id(const std::string &name)
{
    return std::string(FLAGS_SIZE, '\0') + std::string(reinterpret_cast<const char *>(&PROVIDER), sizeof PROVIDER)
        + name;
}

// The reference gives a store one logon object; what MAPI asks it for here, nothing, is all that it has.
class StoreLogon : public ComObject<IMSLogon> {
public:
    StoreLogon() : ComObject(IID_IMSLogon) {}

    STDMETHODIMP Logoff(ULONG *) override { return S_OK; }

    UNSUPPORTED(GetLastError, HRESULT, ULONG, LPMAPIERROR *)
    UNSUPPORTED(OpenEntry, ULONG, LPENTRYID, LPCIID, ULONG, ULONG *, LPUNKNOWN *)
    UNSUPPORTED(CompareEntryIDs, ULONG, LPENTRYID, ULONG, LPENTRYID, ULONG, ULONG *)
    UNSUPPORTED(Advise, ULONG, LPENTRYID, ULONG, LPMAPIADVISESINK, Connection *)
    UNSUPPORTED(Unadvise, Connection)
    UNSUPPORTED(OpenStatusEntry, LPCIID, ULONG, ULONG *, LPVOID *)
};

class Provider : public ComObject<IMSProvider> {
public:
    Provider(LogoffStyle style, const Memory &memory) : ComObject(IID_IMSProvider), style_(style), memory_(memory) {}

    STDMETHODIMP Shutdown(ULONG *) override { return S_OK; }

    STDMETHODIMP Logon(LPMAPISUP support, UIParam, LPTSTR, ULONG cbEntryID, LPENTRYID lpEntryID, ULONG, LPCIID,
                       ULONG *lpcbSpoolSecurity, LPBYTE *lppbSpoolSecurity, LPMAPIERROR *lppMAPIError,
                       LPMSLOGON *logon, LPMDB *store) override
    {
        // Nothing for SpoolerLogon to identify itself with.
        if (lpcbSpoolSecurity != nullptr)
            *lpcbSpoolSecurity = 0;
        if (lppbSpoolSecurity != nullptr)
            *lppbSpoolSecurity = nullptr;
        return log_on(support, cbEntryID, lpEntryID, lppMAPIError, logon, store);
    }

    STDMETHODIMP SpoolerLogon(LPMAPISUP support, UIParam, LPTSTR, ULONG cbEntryID, LPENTRYID lpEntryID, ULONG, LPCIID,
                              ULONG, LPBYTE, LPMAPIERROR *lppMAPIError, LPMSLOGON *logon, LPMDB *store) override
    {
        return log_on(support, cbEntryID, lpEntryID, lppMAPIError, logon, store);
    }

    STDMETHODIMP CompareStoreIDs(ULONG cbEntryID1, LPENTRYID lpEntryID1, ULONG cbEntryID2, LPENTRYID lpEntryID2, ULONG,
                                 ULONG *result) override
    {
        const std::string first = named_by(cbEntryID1, lpEntryID1), second = named_by(cbEntryID2, lpEntryID2);
        *result = !first.empty() && first == second;
        return S_OK;
    }

private:
    HRESULT log_on(LPMAPISUP support, ULONG cbEntryID, LPENTRYID lpEntryID, LPMAPIERROR *lppMAPIError,
                   LPMSLOGON *logon, LPMDB *store)
    {
        if (lppMAPIError != nullptr)
            *lppMAPIError = nullptr;
        const std::string path = named_by(cbEntryID, lpEntryID);
        if (path.empty())
            return MAPI_E_INVALID_ENTRYID;
        // A host that has no other provider need not know whose entry identifiers are whose.
        MAPIUID provider = PROVIDER;
        const HRESULT result = support->SetProviderUID(&provider, 0);
        if (FAILED(result) && result != MAPI_E_NO_SUPPORT)
            return result;
        *logon = new StoreLogon;
        *store = new MessageStore(support, style_, folder_at(path), memory_);
        return S_OK;
    }

    // The client and the spooler log on to the same folder, and have to see the same locks.
    std::shared_ptr<MailFolder> folder_at(const std::string &path)
    {
        const std::lock_guard<std::mutex> hold(mutex_);
        std::shared_ptr<MailFolder> folder = folders_[path].lock();
        if (!folder) {
            folder = std::make_shared<MailFolder>(path);
            folders_[path] = folder;
        }
        return folder;
    }

    const LogoffStyle style_;
    const Memory memory_;
    std::mutex mutex_;
    std::map<std::string, std::weak_ptr<MailFolder>> folders_;
};

HRESULT init(LogoffStyle style, const Memory &memory, ULONG version, ULONG *provider_version, LPMSPROVIDER *provider)
{
    if (version < CURRENT_SPI_VERSION)
        return MAPI_E_VERSION;
    *provider_version = CURRENT_SPI_VERSION;
    *provider = new Provider(style, memory);
    return S_OK;
}

} // namespace

HRESULT STDMAPIINITCALLTYPE provider_that_logs_off_at_once(
    HINSTANCE, LPMALLOC, LPALLOCATEBUFFER allocate_buffer, LPALLOCATEMORE allocate_more, LPFREEBUFFER free_buffer,
    ULONG, ULONG version, ULONG *provider_version, LPMSPROVIDER *provider)
{
    return init(LogoffStyle::AT_ONCE, Memory{allocate_buffer, allocate_more, free_buffer}, version, provider_version,
                provider);
}

HRESULT STDMAPIINITCALLTYPE provider_that_logs_off_in_release(
    HINSTANCE, LPMALLOC, LPALLOCATEBUFFER allocate_buffer, LPALLOCATEMORE allocate_more, LPFREEBUFFER free_buffer,
    ULONG, ULONG version, ULONG *provider_version, LPMSPROVIDER *provider)
{
    return init(LogoffStyle::IN_RELEASE, Memory{allocate_buffer, allocate_more, free_buffer}, version,
                provider_version, provider);
}

std::string store_entry_id(const std::string &folder)
{
    return entry_id(folder);
}

std::string message_entry_id(const std::string &name)
{
    return entry_id(name);
}

std::string named_by(ULONG cbEntryID, const ENTRYID *lpEntryID)
{
    const char *const bytes = reinterpret_cast<const char *>(lpEntryID);
    if (bytes == nullptr || cbEntryID <= HEAD_SIZE
        || std::memcmp(bytes + FLAGS_SIZE, &PROVIDER, sizeof PROVIDER) != 0)
        return "";
    return std::string(bytes + HEAD_SIZE, cbEntryID - HEAD_SIZE);
}
