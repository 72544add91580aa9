// For tests with real threads and processes: a clock, counts from /proc, children, and the bare calls where a
// World would be in the way.

#ifndef LIVE_HPP
#define LIVE_HPP

#include "world.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <random>

/** What main returns where this system cannot do what the test needs: ctest says "skipped". */
inline int skipped(const char *why) {
    fprintf(stderr, "skipped: %s\n", why);
    return 77;
}

/** Milliseconds since it was made. */
class Watch {
public:
    long elapsed() const {
        return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                     std::chrono::steady_clock::now() - begin)
                                     .count());
    }

private:
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
};

/** A thread that is joined where it goes out of sight. */
class Side {
public:
    template <typename Work>
    explicit Side(Work work) : thread(work) {}
    Side(Side &&) = default;
    ~Side() { join(); }
    void join() {
        if (thread.joinable())
            thread.join();
    }

private:
    std::thread thread;
};

/** Looks again and again, half a minute at most. For what only status or /proc can tell. */
template <typename Condition>
bool eventually(Condition condition) {
    for (Watch watch; watch.elapsed() < 30000;) {
        if (condition())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return condition();
}

inline size_t entries(const char *path) {
    DIR *directory = opendir(path);
    CHECK(directory != nullptr);
    size_t found = 0;
    while (const dirent *entry = readdir(directory))
        found += entry->d_name[0] != '.';
    closedir(directory);
    return found;
}

/** Whether a sanitizer is in: it keeps freed memory back, and fork may leave its allocator locked in the child. */
inline bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

/** How many threads a program has that starts none. */
inline size_t threads_at_rest() {
#if defined(__SANITIZE_THREAD__)
    return 2; // the sanitizer's own, from the first start of a thread on
#else
    return 1;
#endif
}

/** Whether a thread of this process sleeps in the kernel. */
inline bool sleeps(long thread) {
    char path[64], name[32], state = 0;
    snprintf(path, sizeof path, "/proc/self/task/%ld/stat", thread);
    FILE *stat = fopen(path, "r");
    bool known = stat != nullptr && fscanf(stat, "%*d (%31[^)]) %c", name, &state) == 2;
    if (stat != nullptr)
        fclose(stat);
    return known && state == 'S';
}

inline size_t threads_here() { return entries("/proc/self/task"); }

/** A joined thread may stay in /proc for a moment. */
inline bool threads_become(size_t number) {
    return eventually([number] { return threads_here() == number; });
}

/** Before counting begins: what the first start of a thread brings along is there. */
inline size_t threads_before() {
    Side([] {}).join();
    CHECK(threads_become(threads_at_rest()));
    return threads_at_rest();
}

inline size_t descriptors_here() { return entries("/proc/self/fd"); }

inline size_t resident_kilobytes() {
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != nullptr);
    unsigned long all = 0, resident = 0;
    CHECK(fscanf(file, "%lu %lu", &all, &resident) == 2);
    fclose(file);
    return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

// The bare calls.

inline HMAPISPOOLER open_spooler(ULONG flags = MAPISPOOL_LOCAL, const char *profile = "test") {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = flags;
    options.lpszProfileName = profile;
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    return spooler;
}

inline MAPISTOREOPS store_ops() {
    MAPISTOREOPS ops = {};
    ops.cbSize = sizeof ops;
    return ops;
}

inline MAPITRANSPORTOPS transport_ops() {
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    return ops;
}

inline HRESULT try_open(HMAPISPOOLER spooler, const std::string &id, HMAPISTORE *store,
                        const MAPISTOREOPS *ops = nullptr, void *context = nullptr) {
    return MapiSpoolerOpenStore(spooler, static_cast<ULONG>(id.size()), id.data(), 0, ops, context, store);
}

inline HMAPISTORE open_store(HMAPISPOOLER spooler, const std::string &id, const MAPISTOREOPS *ops = nullptr,
                             void *context = nullptr) {
    HMAPISTORE store = nullptr;
    CHECK_HR(S_OK, try_open(spooler, id, &store, ops, context));
    return store;
}

inline HMAPITRANSPORT add_transport(HMAPISPOOLER spooler, const char *name, const MAPITRANSPORTOPS &ops,
                                    void *context = nullptr) {
    HMAPITRANSPORT transport = nullptr;
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, name, 0, nullptr, &ops, context, &transport));
    return transport;
}

inline HRESULT submit(HMAPISTORE store, const std::string &id) {
    return MapiStoreSubmitMessage(store, static_cast<ULONG>(id.size()), id.data());
}

inline MAPISPOOLSTATUS status_of(HMAPISTORE store) {
    MAPISPOOLSTATUS status = {};
    status.cbSize = sizeof status;
    CHECK_HR(S_OK, MapiStoreGetStatus(store, &status));
    return status;
}

/** StoreLogoffTransports with S_OK. */
inline ULONG logoff(HMAPISTORE store, ULONG instruction) {
    CHECK_HR(S_OK, StoreLogoffTransports(store, &instruction));
    return instruction;
}

// Processes.

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
    std::string path = "/tmp/mapispool-test-XXXXXX";
    CHECK(mkdtemp(&path[0]) != nullptr);
    if (getuid() == 0)
        CHECK(chown(path.c_str(), user, user) == 0);
    return path;
}

/** The directory in which the spoolers of this test meet: fresh, this user's alone. */
inline std::string own_runtime_directory() {
    std::string path = "/tmp/mapispool-test-XXXXXX";
    CHECK(mkdtemp(&path[0]) != nullptr);
    CHECK(setenv("XDG_RUNTIME_DIR", path.c_str(), 1) == 0);
    return path;
}

inline void remove_tree(const std::string &path) {
    if (DIR *directory = opendir(path.c_str())) {
        while (const dirent *entry = readdir(directory))
            if (std::string(entry->d_name) != "." && std::string(entry->d_name) != "..")
                remove_tree(path + "/" + entry->d_name);
        closedir(directory);
        rmdir(path.c_str());
    } else
        unlink(path.c_str());
}

#endif
