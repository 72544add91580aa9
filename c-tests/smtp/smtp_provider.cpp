// Mail of the sample store provider, which knows mapispi.h only, by way of its host, the spooler and the SMTP
// transport to a real server. LOGOFF_PURGE: the server has it when the provider's StoreLogoff returns, or its final
// release, whichever logs off. LOGOFF_ABORT while the server does not answer: what was not sent is in the Outbox, and
// the next program sends it.

#include "host.hpp"
#include "live.hpp"
#include "provider.hpp"
#include "smtp.hpp"

/** What the transport reads: the folder of the provider's store. An identifier has more in it than the file's name. */
class ProviderMail : public FolderStore {
public:
    explicit ProviderMail(const std::string &path) : FolderStore(path) {}

    bool read(const std::string &id, Mail &mail) override { return FolderStore::read(name(id), mail); }
    bool keep_recipients(const std::string &id, const std::vector<std::string> &recipients) override {
        return FolderStore::keep_recipients(name(id), recipients);
    }
    bool report(const std::string &id, const std::string &text) override {
        return FolderStore::report(name(id), text);
    }

private:
    static std::string name(const std::string &id) {
        return named_by(static_cast<ULONG>(id.size()), reinterpret_cast<const ENTRYID *>(id.data()));
    }
};

/** A client's program: a spooler with the SMTP transport, and the provider's store, which sends what its folder has. */
class Program {
public:
    Program(const std::string &url, const std::string &path, MSPROVIDERINIT &init)
        : mail(path), provider(init), spooler(url, mail), opened(spooler.handle, *provider, store_entry_id(path)),
          store(opened.client()) {}

    std::string logoff(ULONG flags) {
        CHECK_HR(S_OK, store->StoreLogoff(&flags));
        return flags_text(flags);
    }

private:
    /** Closed when the client has released its store, and before the provider goes. */
    struct Spooler {
        Spooler(const std::string &url, SmtpStore &mail) : handle(open_spooler(MAPISPOOL_LOCAL, "smtp")) {
            HMAPITRANSPORT transport = nullptr;
            const FindSmtpStore the_only_one = [&mail](const MAPISPOOLMESSAGE &) -> SmtpStore & { return mail; };
            CHECK_HR(S_OK, add_smtp_transport(handle, url, &transport, the_only_one));
        }
        ~Spooler() { CHECK_HR(S_OK, MapiSpoolerClose(handle, 0, MAPISPOOL_INFINITE)); }
        Spooler(const Spooler &) = delete;
        Spooler &operator=(const Spooler &) = delete;

        const HMAPISPOOLER handle;
    };

    ProviderMail mail;
    LoadedProvider provider;
    Spooler spooler;
    OpenStore opened;

public:
    Owned<IMsgStore> store;
};

static void put(const TestFolder &outbox, const std::string &subject, const std::string &name) {
    MailFolder folder(outbox.path);
    CHECK(folder.submit(folder.compose(mail_file(subject, {name}))) == MailFolder::Result::DONE);
}

static void purge_at_once() {
    TestFolder outbox;
    SmtpServer server;
    put(outbox, "a", "bob");
    put(outbox, "b", "carol");
    Program program(server.url(), outbox.path, provider_that_logs_off_at_once);

    CHECK_IS("COMPLETE", program.logoff(LOGOFF_PURGE));
    CHECK_IS("a b", subjects_in(server.folder));
    CHECK_IS("carol@example.org", mails_in(server.folder)["b"].recipients.at(0));
    CHECK_IS("", subjects_in(MailFolder(outbox.path)));
}

static void purge_in_release() {
    TestFolder outbox;
    SmtpServer server;
    put(outbox, "a", "bob");
    put(outbox, "b", "carol");
    Program program(server.url(), outbox.path, provider_that_logs_off_in_release);

    ULONG flags = LOGOFF_PURGE;
    CHECK_HR(S_OK, program.store->StoreLogoff(&flags)); // saves it
    program.store.reset();
    CHECK_IS("a b", subjects_in(server.folder));
    CHECK_IS("", subjects_in(MailFolder(outbox.path)));
}

static void abort_while_the_server_hangs() {
    TestFolder outbox;
    SmtpServer server;
    put(outbox, "a", "bob");
    put(outbox, "b", "once");
    put(outbox, "c", "bob");
    {
        Program program(server.url(), outbox.path, provider_that_logs_off_at_once);
        CHECK_IS("hanging", server.says());
        CHECK_IS("COMPLETE QUEUE", program.logoff(LOGOFF_ABORT));
    }
    CHECK_IS("a", subjects_in(server.folder));
    CHECK_IS("b c", subjects_in(MailFolder(outbox.path)));

    CHECK_EQUAL(0, Child({server.url(), outbox.path}).end());
    CHECK_IS("a b c", subjects_in(server.folder));
    CHECK_IS("", subjects_in(MailFolder(outbox.path)));
}

int main(int count, char **arguments) {
    if (count == 3) { // the next program
        Program program(arguments[1], arguments[2], provider_that_logs_off_at_once);
        CHECK_IS("COMPLETE", program.logoff(LOGOFF_PURGE));
        return 0;
    }
    purge_at_once();
    purge_in_release();
    abort_while_the_server_hangs();
}
