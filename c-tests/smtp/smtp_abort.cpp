// A server that takes the text and never answers: LOGOFF_ABORT breaks the message off, within its limit, and it stays
// in the Outbox with the others. The transport then sends the next message over another connection: an answer that
// comes late is not taken for one to that.

#include "smtp.hpp"

int main() {
    TestFolder folder;
    SmtpServer server;
    Mailer mailer(server.url(), folder.path);
    mailer.put("a", {"bob"});
    std::string hangs = mailer.put("b", {"hang"});
    mailer.put("c", {"bob"});
    mailer.open();
    CHECK_IS("hanging", server.says());

    CHECK_IS("COMPLETE QUEUE", mailer.logoff(LOGOFF_ABORT)); // COMPLETE: it has stopped
    CHECK_HR(S_OK, MapiStoreWait(mailer.store, MAPISPOOL_INFINITE));
    CHECK_IS("a", subjects_in(server.folder));
    CHECK_IS("b c", subjects_in(mailer.outbox.folder()));
    CHECK(mailer.all_unlocked());
    CHECK_HR(S_OK, MapiStoreRelease(mailer.store));

    CHECK(mailer.outbox.folder().remove(hangs));
    mailer.open();
    CHECK_IS("COMPLETE", mailer.logoff(LOGOFF_PURGE));
    CHECK_IS("a c", subjects_in(server.folder));
}
