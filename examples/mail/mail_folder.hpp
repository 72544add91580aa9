// An Outbox on disk: a folder with a file for each message.
//
//   NAME.eml      a message that was submitted and has not been sent
//   NAME.report   what its sender has to know: who could not be reached, and why
//
// Every change is one rename or one removal. So whoever looks, after a crash too, finds a message whole or not at
// all. Locks are held in memory, and so are gone when the program is: one program at a time has the folder.
#ifndef MAIL_FOLDER_HPP
#define MAIL_FOLDER_HPP

#include <mutex>
#include <set>
#include <string>
#include <vector>

class MailFolder {
public:
    // The folder is made if it is missing, but not the one that it is in.
    explicit MailFolder(const std::string &path);

    // The messages, in the order in which they were put in.
    std::vector<std::string> names() const;

    // Puts a message in, and returns its name, which has the time in it: no other message has had it here. Empty
    // if that failed.
    std::string put(const std::string &content);

    // These return whether it could be done.
    bool read(const std::string &name, std::string &content) const;
    bool replace(const std::string &name, const std::string &content);
    bool remove(const std::string &name);
    bool report(const std::string &name, const std::string &content);

    // A lock keeps others from sending the message. It does not outlive the message.
    enum class Lock { TAKEN, HELD_BY_ANOTHER, NO_SUCH_MESSAGE };
    Lock lock(const std::string &name);
    void unlock(const std::string &name);

private:
    std::string file(const std::string &name, const char *extension) const;
    bool has(const std::string &name) const;
    bool write(const std::string &name, const char *extension, const std::string &content);

    const std::string path_;
    mutable std::mutex mutex_;
    std::set<std::string> locked_;
    unsigned long long last_;
};

#endif
