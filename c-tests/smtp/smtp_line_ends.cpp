// Lines end with CR LF on the wire, whatever they end with in the file.

#include "smtp.hpp"

int main() {
    TestFolder folder;
    SmtpServer server;
    Mailer mailer(server.url(), folder.path);
    mailer.put(std::string("MAIL FROM:<ann@example.org>\nRCPT TO:<bob@example.org>\nDATA\n"
                           "Subject: ends\n\r\n\nLF\nCR LF\r\n\r\nno end"));
    mailer.open();

    CHECK_IS("COMPLETE", mailer.logoff(LOGOFF_PURGE));
    std::string text = mails_in(server.folder)["ends"].text;
    CHECK_IS("Subject: ends\r\n\r\n\r\nLF\r\nCR LF\r\n\r\nno end\r\n", text.substr(text.find("Subject")));
}
