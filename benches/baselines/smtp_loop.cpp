#include "baselines/smtp_loop.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "mail.hpp"

namespace bench {

namespace {

struct Upload {
    const std::string &text;
    std::size_t sent;
};

std::size_t read_upload(char *buffer, std::size_t size, std::size_t count, void *self)
{
    Upload &upload = *static_cast<Upload *>(self);
    const std::size_t piece = std::min(size * count, upload.text.size() - upload.sent);
    std::memcpy(buffer, upload.text.data() + upload.sent, piece);
    upload.sent += piece;
    return piece;
}

bool send(CURL *curl, const Mail &mail)
{
    curl_slist *recipients = nullptr;
    for (const std::string &recipient : mail.recipients)
        recipients = curl_slist_append(recipients, ("<" + recipient + ">").c_str());
    Upload upload{mail.text, 0};
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + mail.sender + ">").c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.text.size()));
    const CURLcode result = curl_easy_perform(curl);
    curl_slist_free_all(recipients);
    return result == CURLE_OK;
}

} // namespace

bool send_in_a_loop(MailFolder &folder, const std::string &url)
{
    CURL *const curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); // else it calls sigaction four times for each mail
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_upload);
    bool all = true;
    std::string content;
    for (const std::string &name : folder.names())
        all = folder.read(name, content) && send(curl, mail_from_file(content)) && folder.remove(name) && all;
    curl_easy_cleanup(curl);
    return all;
}

} // namespace bench
