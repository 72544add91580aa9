// IMsgStore: the part of it that sending and logging off need.
#ifndef MESSAGE_STORE_HPP
#define MESSAGE_STORE_HPP

#include <memory>

#include "com_object.hpp"
#include "mail_folder.hpp"

// MAPIAllocateBuffer and its kin, as MSProviderInit is given them.
struct Memory {
    LPALLOCATEBUFFER allocate_buffer;
    LPALLOCATEMORE allocate_more;
    LPFREEBUFFER free_buffer;
};

enum class LogoffStyle { AT_ONCE, IN_RELEASE };

class MessageStore : public UnsupportedProps<IMsgStore> {
public:
    MessageStore(LPMAPISUP support, LogoffStyle style, std::shared_ptr<MailFolder> folder, const Memory &memory);

    // For the client.
    STDMETHODIMP OpenEntry(ULONG cbEntryID, LPENTRYID lpEntryID, LPCIID, ULONG, ULONG *type, LPUNKNOWN *object) override;
    STDMETHODIMP AbortSubmit(ULONG cbEntryID, LPENTRYID lpEntryID, ULONG flags) override;
    STDMETHODIMP StoreLogoff(ULONG *flags) override;

    // For the spooler, on an object of its own.
    STDMETHODIMP GetOutgoingQueue(ULONG flags, LPMAPITABLE *table) override;
    STDMETHODIMP SetLockState(LPMESSAGE message, ULONG state) override;
    STDMETHODIMP FinishedMsg(ULONG flags, ULONG cbEntryID, LPENTRYID lpEntryID) override;

    UNSUPPORTED(Advise, ULONG, LPENTRYID, ULONG, LPMAPIADVISESINK, Connection *)
    UNSUPPORTED(Unadvise, Connection)
    UNSUPPORTED(CompareEntryIDs, ULONG, LPENTRYID, ULONG, LPENTRYID, ULONG, ULONG *)
    UNSUPPORTED(SetReceiveFolder, LPTSTR, ULONG, ULONG, LPENTRYID)
    UNSUPPORTED(GetReceiveFolder, LPTSTR, ULONG, ULONG *, LPENTRYID *, LPTSTR *)
    UNSUPPORTED(GetReceiveFolderTable, ULONG, LPMAPITABLE *)
    UNSUPPORTED(NotifyNewMail, LPNOTIFICATION)

private:
    ~MessageStore() override;

    const LPMAPISUP support_;
    const LogoffStyle style_;
    const std::shared_ptr<MailFolder> folder_;
    const Memory memory_;
    ULONG saved_flags_;
};

#endif
