// While the server is down, mail stays in the Outbox, for this program and for the next; when it is up again, a purge
// does not wait for the transport's pause.

#include "smtp.hpp"

static int free_port() {
    return SmtpServer().port;
}

/** Every message has been tried, and waits. */
static void wait_until_tried(HMAPISTORE store) {
    MAPISPOOLSTATUS status = {};
    status.cbSize = sizeof status;
    do {
        std::this_thread::yield();
        CHECK_HR(S_OK, MapiStoreGetStatus(store, &status));
    } while (status.cReady + status.cOutbound != 0);
}

int main() {
    int port = free_port();
    std::string url = "smtp://127.0.0.1:" + std::to_string(port) + "/test";
    TestFolder folder;
    {
        Mailer mailer(url, folder.path);
        mailer.put("a", {"bob"});
        mailer.put("b", {"bob"});
        mailer.open();
        CHECK_IS("COMPLETE QUEUE", mailer.logoff(LOGOFF_PURGE));
        CHECK_HR(S_OK, MapiStoreWait(mailer.store, MAPISPOOL_INFINITE));
        CHECK_IS("a b", subjects_in(mailer.outbox.folder()));
        CHECK(mailer.all_unlocked());
    }
    Mailer mailer(url, folder.path);
    mailer.put("c", {"bob"});
    mailer.open();
    wait_until_tried(mailer.store);

    SmtpServer server(port);
    CHECK_IS("COMPLETE", mailer.logoff(LOGOFF_PURGE));
    CHECK_IS("a b c", subjects_in(server.folder));
    CHECK_IS("", subjects_in(mailer.outbox.folder()));
}
