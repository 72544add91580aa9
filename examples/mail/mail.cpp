#include "mail.hpp"

#include <sstream>

namespace {

const std::string SENDER = "MAIL FROM:<", RECIPIENT = "RCPT TO:<";

// What stands between `begin` and a final '>'.
bool bracketed(const std::string &line, const std::string &begin, std::string &address)
{
    if (line.compare(0, begin.size(), begin) != 0 || line.back() != '>')
        return false;
    address = line.substr(begin.size(), line.size() - begin.size() - 1);
    return true;
}

} // namespace

Mail mail_from_file(const std::string &content)
{
    Mail mail;
    std::istringstream lines(content);
    std::string line, address;
    while (std::getline(lines, line) && line != "DATA") {
        if (bracketed(line, RECIPIENT, address))
            mail.recipients.push_back(address);
        else if (!bracketed(line, SENDER, mail.sender))
            return Mail();
    }
    mail.text.assign(std::istreambuf_iterator<char>(lines), std::istreambuf_iterator<char>());
    return mail;
}

std::string file_from_mail(const Mail &mail)
{
    std::string content = SENDER + mail.sender + ">\n";
    for (const std::string &recipient : mail.recipients)
        content += RECIPIENT + recipient + ">\n";
    return content + "DATA\n" + mail.text;
}
