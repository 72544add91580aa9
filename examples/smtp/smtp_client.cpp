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
    std::size_t copied = 0;
    for (std::size_t end = 0; (end = text.find('\n', end)) != std::string::npos; ++end) {
        if (end > 0 && text[end - 1] == '\r')
            continue;
        wire.append(text, copied, end - copied) += '\r';
        copied = end;
    }
    return wire.append(text, copied, std::string::npos);
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

// What the server answers to a message, because libcurl has one result for it, and each recipient is to have its own.
class Answers {
public:
    explicit Answers(std::size_t recipients) : recipients_(recipients) { answers_.reserve(recipients + 3); }

    // There is a connection, a new one or one from before. The server has greeted, and knows who calls: the next
    // answers are to MAIL FROM, to each RCPT TO, to DATA and to the text, in this order.
    static int begin(void *self, char *, char *, int, int)
    {
        static_cast<Answers *>(self)->has_begun_ = true;
        return CURL_PREREQFUNC_OK;
    }

    static std::size_t hear(char *line, std::size_t size, std::size_t count, void *self)
    {
        if (self != nullptr)
            static_cast<Answers *>(self)->add(std::string(line, size * count));
        return size * count;
    }

    // What became of a recipient, where `others` is what became of those who were accepted.
    Reply to_recipient(std::size_t recipient, const Reply &others) const
    {
        const Reply reply = answer(1 + recipient);
        return is_failure(reply) ? reply : others;
    }

    // The answer that ended the message for all of them, or 0.
    Reply failure() const
    {
        for (const std::size_t place : {std::size_t(0), 1 + recipients_, 2 + recipients_})
            if (is_failure(answer(place)))
                return answer(place);
        return Reply();
    }

private:
    static bool is_failure(const Reply &reply) { return reply.code >= 400; }

    void add(const std::string &line)
    {
        const bool goes_on = line.size() > 3 && line[3] == '-';
        if (has_begun_ && !goes_on)
            answers_.push_back({std::atoi(line.c_str()), line.substr(0, line.find_last_not_of("\r\n") + 1)});
    }

    Reply answer(std::size_t place) const { return place < answers_.size() ? answers_[place] : Reply(); }

    const std::size_t recipients_;
    bool has_begun_ = false;
    std::vector<Reply> answers_;
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
    curl_easy_setopt(transfer, CURLOPT_PREREQFUNCTION, &Answers::begin);
    curl_easy_setopt(transfer, CURLOPT_HEADERFUNCTION, &Answers::hear);
}

Delivery SmtpClient::send(const Mail &mail, const std::function<bool()> &shall_stop)
{
    CURL *const transfer = transfer_.get();
    const Recipients recipients(mail.recipients);
    Upload upload = {with_crlf(mail.text), 0};
    Answers answers(mail.recipients.size());
    curl_easy_setopt(transfer, CURLOPT_MAIL_FROM, ("<" + mail.sender + ">").c_str());
    curl_easy_setopt(transfer, CURLOPT_MAIL_RCPT, recipients.list());
    curl_easy_setopt(transfer, CURLOPT_READDATA, &upload);
    curl_easy_setopt(transfer, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload.text.size()));
    curl_easy_setopt(transfer, CURLOPT_PREREQDATA, &answers);
    curl_easy_setopt(transfer, CURLOPT_HEADERDATA, &answers);
    curl_easy_setopt(transfer, CURLOPT_XFERINFODATA, &shall_stop);
    curl_easy_setopt(transfer, CURLOPT_NOPROGRESS, 0L);
    const CURLcode result = curl_easy_perform(transfer);
    // They are not to be called with what ends here: libcurl may close the connection long after it.
    curl_easy_setopt(transfer, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(transfer, CURLOPT_HEADERDATA, nullptr);

    const Reply failure = answers.failure();
    if (result != CURLE_OK && failure.code == 0)
        hang_up();
    if (result == CURLE_ABORTED_BY_CALLBACK)
        return Delivery{Delivery::CANCELLED, {}};
    if (is_unreachable(result))
        return Delivery{Delivery::UNREACHABLE, {}};
    const Reply others = result == CURLE_OK ? Reply{SENT, ""} : failure;
    Delivery delivery = {Delivery::ANSWERED, {}};
    for (std::size_t recipient = 0; recipient < mail.recipients.size(); ++recipient)
        delivery.replies.push_back(answers.to_recipient(recipient, others));
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
