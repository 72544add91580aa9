#include "message_store.hpp"

#include <utility>

#include "message.hpp"
#include "outgoing_queue.hpp"
#include "provider.hpp"

MessageStore::MessageStore(LPMAPISUP support, LogoffStyle style, std::shared_ptr<MailFolder> folder,
                           const Memory &memory)
    : UnsupportedProps(IID_IMsgStore), support_(support), style_(style), folder_(std::move(folder)), memory_(memory),
      saved_flags_(LOGOFF_ABORT) // what the reference wants for a client that never calls StoreLogoff
{
    support_->AddRef();
}

// The final release.
MessageStore::~MessageStore()
{
    if (style_ == LogoffStyle::IN_RELEASE) {
        ULONG flags = saved_flags_;
        // QUIET: the store stays if something goes on. But now there is nobody for whom it could stay.
        if (support_->StoreLogoffTransports(&flags) == S_OK && (flags & LOGOFF_COMPLETE) == 0) {
            flags = LOGOFF_ORDERLY;
            support_->StoreLogoffTransports(&flags);
        }
    }
    support_->Release();
}

STDMETHODIMP MessageStore::StoreLogoff(ULONG *flags)
{
    if (style_ == LogoffStyle::AT_ONCE)
        return support_->StoreLogoffTransports(flags);
    if (flags != nullptr)
        saved_flags_ = *flags;
    return S_OK;
}

STDMETHODIMP MessageStore::OpenEntry(ULONG cbEntryID, LPENTRYID lpEntryID, LPCIID, ULONG, ULONG *type,
                                     LPUNKNOWN *object)
{
    const std::string name = named_by(cbEntryID, lpEntryID);
    if (!folder_->has(name))
        return MAPI_E_NOT_FOUND;
    *type = MAPI_MESSAGE;
    *object = new Message(folder_, name);
    return S_OK;
}

STDMETHODIMP MessageStore::AbortSubmit(ULONG cbEntryID, LPENTRYID lpEntryID, ULONG)
{
    switch (folder_->take_back(named_by(cbEntryID, lpEntryID))) {
    case MailFolder::Result::DONE:
        return S_OK;
    case MailFolder::Result::LOCKED:
        return MAPI_E_UNABLE_TO_ABORT;
    default:
        return MAPI_E_NOT_IN_QUEUE;
    }
}

STDMETHODIMP MessageStore::GetOutgoingQueue(ULONG, LPMAPITABLE *table)
{
    *table = new OutgoingQueue(folder_->names(), memory_);
    return S_OK;
}

// The spooler takes a message before a transport gets it, and gives it back if it was not sent.
STDMETHODIMP MessageStore::SetLockState(LPMESSAGE message, ULONG state)
{
    const std::string &name = static_cast<Message *>(message)->name();
    if (state == MSG_UNLOCKED) {
        folder_->unlock(name);
        return S_OK;
    }
    switch (folder_->lock(name)) {
    case MailFolder::Result::DONE:
        return S_OK;
    case MailFolder::Result::LOCKED:
        return MAPI_E_NO_ACCESS;
    default:
        return MAPI_E_NOT_FOUND;
    }
}

// Sent. A store with a folder for it would call IMAPISupport::DoSentMail; this one keeps no copies.
STDMETHODIMP MessageStore::FinishedMsg(ULONG, ULONG cbEntryID, LPENTRYID lpEntryID)
{
    return folder_->remove(named_by(cbEntryID, lpEntryID)) ? S_OK : MAPI_E_NOT_FOUND;
}
