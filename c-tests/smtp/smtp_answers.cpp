// What the server says decides, for each recipient: 250 is sent, 4xx stays for the next time, 5xx is reported to the
// sender. None is lost, and none gets a second copy.

#include "smtp.hpp"

int main() {
    TestFolder folder;
    SmtpServer server;
    Mailer mailer(server.url(), folder.path);
    mailer.put("to one", {"bob"});
    mailer.put("later", {"later"});
    std::string nobody = mailer.put("to nobody", {"nobody"});
    std::string mixed = mailer.put("mixed", {"later", "bob", "nobody", "carol"});
    std::string spam = mailer.put("spam", {"bob", "spam", "nobody"});
    std::string full = mailer.put("full", {"full", "bob"});
    std::string from_nobody = mailer.put(mail_file("from nobody", {"bob", "carol"}, "nobody"));
    std::string no_mail = mailer.put("no mail at all");
    mailer.put("to the next one", {"carol"});
    mailer.open();

    CHECK_IS("COMPLETE QUEUE", mailer.logoff(LOGOFF_PURGE));
    CHECK_HR(S_OK, MapiStoreWait(mailer.store, MAPISPOOL_INFINITE));

    CHECK_IS("mixed to one to the next one", subjects_in(server.folder));
    CHECK_IS("bob@example.org", mails_in(server.folder)["mixed"].recipients.at(0));
    CHECK_IS("carol@example.org", mails_in(server.folder)["mixed"].recipients.at(1));

    CHECK_IS("later mixed", subjects_in(mailer.outbox.folder()));
    CHECK(mailer.all_unlocked());
    Mail left = mails_in(mailer.outbox.folder())["mixed"];
    CHECK_EQUAL(1, left.recipients.size());
    CHECK_IS("later@example.org", left.recipients[0]);

    const std::string head = "This could not be delivered.\n\n";
    const std::string no_such = "<nobody@example.org>: 550 5.1.1 Nobody of that name\n";
    CHECK_IS(head + no_such, folder.report(nobody));
    CHECK_IS(head + no_such, folder.report(mixed));
    CHECK_IS(head + "<bob@example.org>: 554 5.6.0 Not this text\n<spam@example.org>: 554 5.6.0 Not this text\n"
                 + no_such, folder.report(spam));
    CHECK_IS(head + "<full@example.org>: 552 5.2.2 Full\n<bob@example.org>: 552 5.2.2 Full\n", folder.report(full));
    CHECK_IS(head + "<bob@example.org>: 550 5.1.0 Nobody\n<carol@example.org>: 550 5.1.0 Nobody\n",
             folder.report(from_nobody));
    CHECK_IS("The message names no recipient.\n", folder.report(no_mail));
}
