// A message and its envelope, as they stand in a file: SMTP's own words, then the text (RFC 5322).
//
//   MAIL FROM:<ann@example.org>
//   RCPT TO:<bob@example.org>
//   DATA
//   Subject: lunch
//   ...
#ifndef MAIL_HPP
#define MAIL_HPP

#include <string>
#include <vector>

struct Mail {
    std::string sender;
    std::vector<std::string> recipients;
    std::string text;
};

// A file that is no mail has no recipients.
Mail mail_from_file(const std::string &content);
std::string file_from_mail(const Mail &mail);

#endif
