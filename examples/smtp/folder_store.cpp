#include "folder_store.hpp"

namespace {

const std::string STORE_ID = "smtp example";

std::string name_of(ULONG size, const void *id)
{
    return std::string(static_cast<const char *>(id), size);
}

// The context that was given to MapiSpoolerOpenStore.
FolderStore &store_of(void *context)
{
    return static_cast<FolderStore &>(*static_cast<SmtpStore *>(context));
}

} // namespace

HRESULT FolderStore::open(HMAPISPOOLER spooler, HMAPISTORE *store)
{
    MAPISTOREOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.SetLockState = set_lock_state;
    ops.FinishedMsg = finished_msg;
    const HRESULT result =
        MapiSpoolerOpenStore(spooler, static_cast<ULONG>(STORE_ID.size()), STORE_ID.data(), 0, &ops,
                             static_cast<SmtpStore *>(this), store);
    if (result != S_OK)
        return result;
    for (const std::string &name : folder_.names())
        MapiStoreSubmitMessage(*store, static_cast<ULONG>(name.size()), name.data());
    return S_OK;
}

bool FolderStore::read(const std::string &id, Mail &mail)
{
    std::string content;
    if (!folder_.read(id, content))
        return false;
    mail = mail_from_file(content);
    return true;
}

bool FolderStore::keep_recipients(const std::string &id, const std::vector<std::string> &recipients)
{
    Mail mail;
    if (!read(id, mail))
        return false;
    mail.recipients = recipients;
    return folder_.replace(id, file_from_mail(mail));
}

bool FolderStore::report(const std::string &id, const std::string &text)
{
    return folder_.report(id, text);
}

HRESULT FolderStore::set_lock_state(void *self, ULONG size, const void *id, ULONG state)
{
    MailFolder &folder = store_of(self).folder_;
    const std::string name = name_of(size, id);
    if (state == MSG_UNLOCKED) {
        folder.unlock(name);
        return S_OK;
    }
    switch (folder.lock(name)) {
    case MailFolder::Result::DONE:
        return S_OK;
    case MailFolder::Result::NO_SUCH_MESSAGE:
        return MAPI_E_NOT_FOUND;
    default:
        return MAPI_E_NO_ACCESS;
    }
}

HRESULT FolderStore::finished_msg(void *self, ULONG, ULONG size, const void *id)
{
    return store_of(self).folder_.remove(name_of(size, id)) ? S_OK : MAPI_E_NOT_FOUND;
}
