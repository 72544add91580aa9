#include "smtp_client.hpp"

#if !defined(_WIN32)
#include <sys/socket.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

// Its first spelling had an L too many.
#if LIBCURL_VERSION_NUM < 0x080200
#define CURLOPT_MAIL_RCPT_ALLOWFAILS CURLOPT_MAIL_RCPT_ALLLOWFAILS
#endif

namespace {

const long CONNECT_SECONDS = 10;
const int SENT = 250;

template <typename Handle>
Handle *made(Handle *handle)
{
    if (handle == nullptr)
        throw std::bad_alloc();
    return handle;
}

CURL *new_transfer()
{
    static const CURLcode library = curl_global_init(CURL_GLOBAL_DEFAULT);
    return library == CURLE_OK ? made(curl_easy_init()) : throw std::bad_alloc();
}

class Recipients {
public:
    explicit Recipients(const std::vector<std::string> &addresses) : list_(nullptr)
    {
        for (const std::string &address : addresses)
            list_ = made(curl_slist_append(list_, ("<" + address + ">").c_str()));
    }
    ~Recipients() { curl_slist_free_all(list_); }
    Recipients(const Recipients &) = delete;
    Recipients &operator=(const Recipients &) = delete;

    curl_slist *list() const { return list_; }

private:
    curl_slist *list_;
};

// Lines end with CR LF on the wire, whatever they end with in a file.
std::string with_crlf(const std::string &text)
{
    std::string wire;
    wire.reserve(text.size() + text.size() / 32);
    std::size_t begin = 0, end;
    for (; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        wire.append(text, begin, end - begin);
        if (end == 0 || text[end - 1] != '\r')
            wire += '\r';
        wire += '\n';
    }
    return wire.append(text, begin, std::string::npos);
}

// The text, as libcurl asks for it piece by piece.
struct Upload {
    const std::string text;
    std::size_t sent;

    static std::size_t read(char *buffer, std::size_t size, std::size_t count, void *self)
    {
        Upload &upload = *static_cast<Upload *>(self);
        const std::size_t piece = std::min(size * count, upload.text.size() - upload.sent);
        std::memcpy(buffer, upload.text.data() + upload.sent, piece);
        upload.sent += piece;
        return piece;
    }
};

// Listens in, because libcurl has one result for a message, and each recipient is to have its own.
class Conversation {
public:
    static int listen(CURL *, curl_infotype type, char *line, std::size_t size, void *self)
    {
        Conversation &conversation = *static_cast<Conversation *>(self);
        if (type == CURLINFO_HEADER_OUT)
            conversation.command(std::string(line, size));
        else if (type == CURLINFO_HEADER_IN)
            conversation.answer(std::string(line, size));
        return 0;
    }

    // What became of a recipient, where `others` is what became of those who were accepted.
    Reply reply(std::size_t recipient, const Reply &others) const
    {
        return recipient < recipients_.size() && is_failure(recipients_[recipient]) ? recipients_[recipient] : others;
    }

    // The answer that ended the message for all of them, or 0.
    const Reply &failure() const { return failure_; }

private:
    enum Subject { SERVER, MESSAGE, RECIPIENT };

    static bool is_failure(const Reply &reply) { return reply.code >= 400; }

    void command(const std::string &line)
    {
        const auto begins = [&line](const std::string &words) { return line.compare(0, words.size(), words) == 0; };
        subject_ = begins("RCPT TO:") ? RECIPIENT : begins("MAIL FROM:") || begins("DATA") ? MESSAGE : SERVER;
        if (subject_ == RECIPIENT)
            recipients_.push_back(Reply());
    }

    void answer(const std::string &line)
    {
        const Reply reply = {std::atoi(line.c_str()), line.substr(0, line.find_last_not_of("\r\n") + 1)};
        if (subject_ == RECIPIENT)
            recipients_.back() = reply;
        else if (subject_ == MESSAGE && is_failure(reply))
            failure_ = reply;
    }

    Subject subject_ = SERVER;
    Reply failure_ = Reply();
    std::vector<Reply> recipients_;
};

int on_progress(void *shall_stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return (*static_cast<const std::function<bool()> *>(shall_stop))() ? 1 : 0;
}

bool is_unreachable(CURLcode result)
{
    return result == CURLE_COULDNT_CONNECT || result == CURLE_COULDNT_RESOLVE_HOST
        || result == CURLE_OPERATION_TIMEDOUT;
}

} // namespace

SmtpClient::SmtpClient(const std::string &url) : transfer_(new_transfer(), curl_easy_cleanup)
{
    CURL *const transfer = transfer_.get();
    curl_easy_setopt(transfer, CURLOPT_URL, url.c_str());
    curl_easy_setopt(transfer, CURLOPT_NOSIGNAL, 1L); // signals are the program's
    curl_easy_setopt(transfer, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(transfer, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(transfer, CURLOPT_READFUNCTION, &Upload::read);
    curl_easy_setopt(transfer, CURLOPT_MAIL_RCPT_ALLOWFAILS, 1L);
    curl_easy_setopt(transfer, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(transfer, CURLOPT_DEBUGFUNCTION, &Conversation::listen);
}

// Whether libcurl calls back: the two functions have data of one message only.
void SmtpClient::call_back(bool yes)
{
    curl_easy_setopt(transfer_.get(), CURLOPT_NOPROGRESS, yes ? 0L : 1L);
    curl_easy_setopt(transfer_.get(), CURLOPT_VERBOSE, yes ? 1L : 0L);
}

Delivery SmtpClient::send(const Mail &mail, const std::function<bool()> &shall_stop)
{
    CURL *const transfer = transfer_.get();
    const Recipients recipients(mail.recipients);
    Upload upload = {with_crlf(mail.text), 0};
    Conversation conversation;
    curl_easy_setopt(transfer, CURLOPT_MAIL_FROM, ("<" + mail.sender + ">").c_str());
    curl_easy_setopt(transfer, CURLOPT_MAIL_RCPT, recipients.list());
    curl_easy_setopt(transfer, CURLOPT_READDATA, &upload);
    curl_easy_setopt(transfer, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload.text.size()));
    curl_easy_setopt(transfer, CURLOPT_DEBUGDATA, &conversation);
    curl_easy_setopt(transfer, CURLOPT_XFERINFODATA, &shall_stop);

    call_back(true);
    const CURLcode result = curl_easy_perform(transfer);
    call_back(false);
    if (result != CURLE_OK && conversation.failure().code == 0)
        hang_up();
    if (result == CURLE_ABORTED_BY_CALLBACK)
        return Delivery{Delivery::CANCELLED, {}};
    if (is_unreachable(result))
        return Delivery{Delivery::UNREACHABLE, {}};
    const Reply others = result == CURLE_OK ? Reply{SENT, ""} : conversation.failure();
    Delivery delivery = {Delivery::ANSWERED, {}};
    for (std::size_t recipient = 0; recipient < mail.recipients.size(); ++recipient)
        delivery.replies.push_back(conversation.reply(recipient, others));
    return delivery;
}

// In the middle of a message: the server's answer may still come, and would be taken for one to the next message; and
// libcurl says good-bye to a connection that it closes, and waits two minutes for the answer.
void SmtpClient::hang_up()
{
    const int BOTH_WAYS = 2; // SHUT_RDWR, on Windows SD_BOTH
    curl_socket_t connection = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(transfer_.get(), CURLINFO_ACTIVESOCKET, &connection) == CURLE_OK
        && connection != CURL_SOCKET_BAD)
        shutdown(connection, BOTH_WAYS);
}
