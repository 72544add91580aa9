// A server that does not let this client in has said nothing about the mail: it stays in the Outbox, and its sender is
// not told that it could not be delivered.

#include "smtp.hpp"

int main() {
    TestFolder folder;
    SmtpServer server;
    Mailer mailer(server.url("stranger"), folder.path);
    mailer.put("a", {"bob", "carol"});
    mailer.open();

    CHECK_IS("COMPLETE QUEUE", mailer.logoff(LOGOFF_PURGE));
    CHECK_HR(S_OK, MapiStoreWait(mailer.store, MAPISPOOL_INFINITE));

    CHECK_EQUAL(2, mails_in(mailer.outbox.folder())["a"].recipients.size());
    CHECK(mailer.all_unlocked());
}
