// For tests of what only Unix has: children by fork, which have all that their parent had, and other users.

#ifndef POSIX_HPP
#define POSIX_HPP

#include "live.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

/** A child that runs `work` and exits with its result. */
template <typename Work>
pid_t start_child(Work work) {
    fflush(nullptr);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(120); // never left behind
        int result = work();
        fflush(nullptr);
        _exit(result);
    }
    return child;
}

/** The exit code of a child, or -signal. */
inline int end_of(pid_t child) {
    int status = 0;
    pid_t ended;
    do
        ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    CHECK_EQUAL(child, ended);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/** A pipe between processes: bytes are told and heard. Hearing fails when all who could tell are gone. */
class Pipe {
public:
    Pipe() { CHECK(pipe(ends) == 0); }
    ~Pipe() {
        shut(0);
        shut(1);
    }
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;

    void tell(char byte) const { CHECK(write(ends[1], &byte, 1) == 1); }
    bool hear(char &byte) const {
        ssize_t got;
        do
            got = read(ends[0], &byte, 1);
        while (got < 0 && errno == EINTR);
        return got == 1;
    }
    char hear() const {
        char byte = 0;
        CHECK(hear(byte));
        return byte;
    }
    /** This process only hears (or only tells) from now on. */
    void only_hear() { shut(1); }
    void only_tell() { shut(0); }

private:
    int ends[2];
    void shut(int end) {
        if (ends[end] >= 0)
            close(ends[end]);
        ends[end] = -1;
    }
};

/** A user that nothing else runs as, if this is root; else root's rights would hide what is tested. */
inline void be_a_user(uid_t user) {
    if (getuid() == 0)
        CHECK(setgid(user) == 0 && setuid(user) == 0);
}

/** A directory for the work of such a user. */
inline std::string directory_of(uid_t user) {
    std::string path = make_directory();
    if (getuid() == 0)
        CHECK(chown(path.c_str(), user, user) == 0);
    return path;
}

#endif
