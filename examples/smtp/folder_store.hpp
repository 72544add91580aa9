// The store's side of it: a folder of mail, with the callbacks of a store and what the transport wants to read.
#ifndef SMTP_FOLDER_STORE_HPP
#define SMTP_FOLDER_STORE_HPP

#include <string>
#include <vector>

#include "mail_folder.hpp"
#include "mapispool.h"
#include "transport.hpp"

class FolderStore : public SmtpStore {
public:
    explicit FolderStore(const std::string &path) : folder_(path) {}

    MailFolder &folder() { return folder_; }

    // Opens it as a store, and submits what it holds. It has to outlive the spooler.
    HRESULT open(HMAPISPOOLER spooler, HMAPISTORE *store);

    bool read(const std::string &id, Mail &mail) override;
    bool keep_recipients(const std::string &id, const std::vector<std::string> &recipients) override;
    bool report(const std::string &id, const std::string &text) override;

private:
    static HRESULT MAPISPOOL_CALL set_lock_state(void *self, ULONG size, const void *id, ULONG state);
    static HRESULT MAPISPOOL_CALL finished_msg(void *self, ULONG flags, ULONG size, const void *id);

    MailFolder folder_;
};

#endif
