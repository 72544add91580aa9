// Gives mail to an SMTP server, over a connection that stays open from one message to the next.
#ifndef SMTP_CLIENT_HPP
#define SMTP_CLIENT_HPP

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mail.hpp"

// What came of a message for one of its recipients: the server's answer, such as 250, 451 or 550, and its words. 0:
// the server did not say.
struct Reply {
    int code;
    std::string text;
};

// It has it; it will never have it; everything else means: later.
inline bool is_sent(const Reply &reply) { return reply.code == 250; }
inline bool is_refused(const Reply &reply) { return reply.code >= 500; }

struct Delivery {
    enum Outcome { ANSWERED, CANCELLED, UNREACHABLE } outcome;
    std::vector<Reply> replies; // one for each recipient, in their order; only of an answered message
};

class SmtpClient {
public:
    // "smtp://host:port/name", with the name that this client goes by. A server that wants TLS or a password wants
    // CURLOPT_USE_SSL and CURLOPT_USERPWD as well.
    explicit SmtpClient(const std::string &url);

    // Waits until the server has answered, or `shall_stop` says yes. It is asked often, at least about every second.
    Delivery send(const Mail &mail, const std::function<bool()> &shall_stop);

private:
    void hang_up();

    const std::unique_ptr<CURL, void (*)(CURL *)> transfer_; // and the connection
};

#endif
