// A transport that delivers by SMTP. The spooler drives it, on a thread of its own.
#ifndef SMTP_TRANSPORT_HPP
#define SMTP_TRANSPORT_HPP

#include <functional>
#include <string>
#include <vector>

#include "mail.hpp"
#include "mapispool.h"

// What it needs of a store, in place of IMessage. A message is named by its entry identifier. Each returns whether it
// could be done.
class SmtpStore {
public:
    virtual ~SmtpStore() {}

    virtual bool read(const std::string &id, Mail &mail) = 0;

    // Only these recipients are left: the others are done, and get no second copy when the message is sent again.
    // It is what PR_RESPONSIBILITY is for.
    virtual bool keep_recipients(const std::string &id, const std::vector<std::string> &recipients) = 0;

    // Tells the sender, for good, what could not be delivered.
    virtual bool report(const std::string &id, const std::string &text) = 0;
};

// Whose message it is. The contexts of stores (lpvStoreContext) are SmtpStores where nothing else is said.
using FindSmtpStore = std::function<SmtpStore &(const MAPISPOOLMESSAGE &)>;
SmtpStore &store_in_context(const MAPISPOOLMESSAGE &message);

// The server's address is "smtp://host:port/name", with the name that this machine goes by.
HRESULT add_smtp_transport(HMAPISPOOLER spooler, const std::string &url, HMAPITRANSPORT *transport,
                           const FindSmtpStore &find_store = store_in_context);

#endif
