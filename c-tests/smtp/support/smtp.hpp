// A real SMTP server on this machine, and a mailer that sends to it: what the tests of the SMTP example share.

#ifndef SMTP_HPP
#define SMTP_HPP

#include "folder_store.hpp"
#include "transport.hpp"
#include "world.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/** A folder of mail that is gone with its contents when the test has passed. */
class TestFolder {
public:
    TestFolder() { CHECK(mkdtemp(&path[0]) != nullptr); }
    ~TestFolder() {
        MailFolder folder(path);
        for (const std::string &name : folder.names())
            CHECK(folder.remove(name));
        for (const std::string &report : reports)
            CHECK(unlink(report.c_str()) == 0);
        CHECK(rmdir(path.c_str()) == 0);
    }

    /** The report on a message, which has to be there. */
    std::string report(const std::string &name) {
        std::string file = path + "/" + name + ".report", content;
        FILE *stream = fopen(file.c_str(), "r");
        CHECK(stream != nullptr);
        for (int byte = getc(stream); byte != EOF; byte = getc(stream))
            content += static_cast<char>(byte);
        CHECK(fclose(stream) == 0);
        reports.insert(file);
        return content;
    }

    std::string path = "/tmp/mapispool-test-XXXXXX";

private:
    std::set<std::string> reports;
};

/** A line of a mail that begins so, without that. */
inline std::string field(const Mail &mail, const std::string &name) {
    size_t at = ("\n" + mail.text).find("\n" + name + ": ");
    CHECK(at != std::string::npos);
    at += name.size() + 2;
    return mail.text.substr(at, mail.text.find_first_of("\r\n", at) - at);
}

/** The mails in a folder, by their subjects; no subject is there twice. */
inline std::map<std::string, Mail> mails_in(const MailFolder &folder) {
    std::map<std::string, Mail> mails;
    for (const std::string &name : folder.names()) {
        std::string content;
        CHECK(folder.read(name, content));
        Mail mail = mail_from_file(content);
        CHECK(mails.insert(std::make_pair(field(mail, "Subject"), mail)).second);
    }
    return mails;
}

inline std::string subjects_in(const MailFolder &folder) {
    std::string subjects;
    for (const auto &mail : mails_in(folder))
        subjects += (subjects.empty() ? "" : " ") + mail.first;
    return subjects;
}

/** server.py: listens from the end of its constructor on, and is gone when this is. */
class SmtpServer {
public:
    explicit SmtpServer(int wanted_port = 0) : folder(directory.path) {
        std::string wanted = std::to_string(wanted_port);
        int ends[2];
        CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        fflush(nullptr);
        process = fork();
        CHECK(process >= 0);
        if (process == 0) {
            dup2(ends[1], 0);
            dup2(ends[1], 1);
            execl(PYTHON, PYTHON, SMTP_SERVER, directory.path.c_str(), wanted.c_str(),
                  static_cast<char *>(nullptr));
            _exit(1);
        }
        close(ends[1]);
        output = fdopen(ends[0], "r");
        port = std::stoi(says());
    }
    ~SmtpServer() {
        shutdown(fileno(output), SHUT_WR); // the end of its input: it ends
        int status = 0;
        CHECK(waitpid(process, &status, 0) == process);
        CHECK_EQUAL(0, status);
        fclose(output);
    }
    SmtpServer(const SmtpServer &) = delete;
    SmtpServer &operator=(const SmtpServer &) = delete;

    std::string url(const std::string &client = "test") const {
        return "smtp://127.0.0.1:" + std::to_string(port) + "/" + client;
    }

    /** The next line that it prints. */
    std::string says() {
        char line[100] = "";
        CHECK(fgets(line, sizeof line, output) != nullptr);
        line[strcspn(line, "\n")] = '\0';
        return line;
    }

    int port = 0;

private:
    TestFolder directory;
    pid_t process = -1;
    FILE *output = nullptr;

public:
    /** What it has got. */
    const MailFolder folder;
};

/** Lines that SMTP has to be careful with. */
static const char *const BODY = "A line\n.\n..\n.hidden\n\nMAIL FROM:<x>\nThe last line\n";

/** A mail to these names, as a file. */
inline std::string mail_file(const std::string &subject, const std::vector<std::string> &names,
                             const std::string &sender = "ann") {
    Mail mail;
    mail.sender = sender + "@example.org";
    for (const std::string &name : names)
        mail.recipients.push_back(name + "@example.org");
    mail.text = "Subject: " + subject + "\n\n" + BODY;
    return file_from_mail(mail);
}

/** A spooler with the SMTP transport, and one store on a folder of mail. */
class Mailer {
public:
    Mailer(const std::string &url, const std::string &path) : outbox(path) {
        MAPISPOOLOPTIONS options = {};
        options.cbSize = sizeof options;
        options.ulFlags = MAPISPOOL_LOCAL;
        options.lpszProfileName = "smtp";
        CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
        CHECK_HR(S_OK, add_smtp_transport(spooler, url, &transport));
    }
    ~Mailer() {
        CHECK_HR(S_OK, MapiStoreRelease(store));
        CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    }
    Mailer(const Mailer &) = delete;
    Mailer &operator=(const Mailer &) = delete;

    /** Puts a mail into the folder, and returns its name there. */
    std::string put(const std::string &subject, const std::vector<std::string> &names) {
        return put(mail_file(subject, names));
    }

    std::string put(const std::string &content) {
        std::string name = outbox.folder().compose(content);
        CHECK(outbox.folder().submit(name) == MailFolder::Result::DONE);
        return name;
    }

    /** Opens the store, which submits what the folder holds. */
    void open() { CHECK_HR(S_OK, outbox.open(spooler, &store)); }

    std::string logoff(ULONG flags) {
        CHECK_HR(S_OK, StoreLogoffTransports(store, &flags));
        return flags_text(flags);
    }

    /** None of the messages is locked, so somebody else could send them. */
    bool all_unlocked() {
        for (const std::string &name : outbox.folder().names()) {
            if (outbox.folder().lock(name) != MailFolder::Result::DONE)
                return false;
            outbox.folder().unlock(name);
        }
        return true;
    }

    FolderStore outbox;
    HMAPISPOOLER spooler = nullptr;
    HMAPITRANSPORT transport = nullptr;
    HMAPISTORE store = nullptr;
};

#endif
