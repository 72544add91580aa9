// LOGOFF_PURGE through the SMTP transport: when the call returns, the server has every mail, once and whole, and all
// came over one connection.

#include "smtp.hpp"

int main() {
    const size_t MAILS = 200;
    TestFolder folder;
    SmtpServer server;
    Mailer mailer(server.url(), folder.path);
    for (size_t mail = 0; mail < MAILS; ++mail)
        mailer.put(std::to_string(mail), {"bob" + std::to_string(mail), "carol"});
    mailer.open();

    CHECK_IS("COMPLETE", mailer.logoff(LOGOFF_PURGE));

    std::map<std::string, Mail> got = mails_in(server.folder);
    CHECK_EQUAL(MAILS, got.size());
    for (size_t mail = 0; mail < MAILS; ++mail) {
        const Mail &one = got[std::to_string(mail)];
        CHECK_IS("ann@example.org", one.sender);
        CHECK_EQUAL(2, one.recipients.size());
        CHECK_IS("bob" + std::to_string(mail) + "@example.org", one.recipients[0]);
        CHECK_IS("carol@example.org", one.recipients[1]);
        CHECK_IS(field(got["0"], "X-Peer-Port"), field(one, "X-Peer-Port"));
        std::string body = one.text.substr(one.text.find("\r\n\r\n") + 4), expected;
        for (const char *c = BODY; *c != '\0'; ++c)
            expected += *c == '\n' ? "\r\n" : std::string(1, *c);
        CHECK_IS(expected, body);
    }
    CHECK_IS("", subjects_in(mailer.outbox.folder()));
}
