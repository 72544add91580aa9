// An Outbox on disk: a folder with a file for each message.
//
//   NAME.draft    a message that is being written
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

    // Whether there is such a message, submitted or not.
    bool has(const std::string &name) const;

    // The submitted messages, in the order in which they were written.
    std::vector<std::string> names() const;

    // A new draft. Its name has the time in it: no other message has had it here. Empty if that failed.
    std::string compose(const std::string &content);

    // These return whether it could be done. What is read, replaced, removed is a submitted message.
    bool read(const std::string &name, std::string &content) const;
    bool replace(const std::string &name, const std::string &content);
    bool remove(const std::string &name);
    bool report(const std::string &name, const std::string &content);

    enum class Result { DONE, LOCKED, NO_SUCH_MESSAGE };

    // A draft is submitted; a submitted message that nobody sends becomes a draft again.
    Result submit(const std::string &name);
    Result take_back(const std::string &name);

    // A lock keeps others from sending a submitted message. It does not outlive the message.
    Result lock(const std::string &name);
    void unlock(const std::string &name);

private:
    std::string file(const std::string &name, const char *extension) const;
    bool exists(const std::string &name, const char *extension) const;
    Result rename(const std::string &name, const char *from, const char *to);
    bool write(const std::string &name, const char *extension, const std::string &content);

    const std::string path_;
    mutable std::mutex mutex_;
    std::set<std::string> locked_;
    unsigned long long last_;
};

#endif
