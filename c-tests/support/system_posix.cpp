#ifndef _WIN32
#include "system.hpp"

#include "check.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

// This process.

size_t threads_here() { return names_in("/proc/self/task").size(); }

size_t descriptors_here() { return names_in("/proc/self/fd").size(); }

size_t resident_kilobytes() {
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != nullptr);
    unsigned long all = 0, resident = 0;
    CHECK(fscanf(file, "%lu %lu", &all, &resident) == 2);
    fclose(file);
    return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

long this_thread() { return syscall(SYS_gettid); }

bool sleeps(long thread) {
    char path[64], name[32], state = 0;
    snprintf(path, sizeof path, "/proc/self/task/%ld/stat", thread);
    FILE *stat = fopen(path, "r");
    bool known = stat != nullptr && fscanf(stat, "%*d (%31[^)]) %c", name, &state) == 2;
    if (stat != nullptr)
        fclose(stat);
    return known && state == 'S';
}

// Files.

std::string native(const std::string &path) { return path; }

std::string make_directory() {
    std::string path = "/tmp/mapispool-test-XXXXXX";
    CHECK(mkdtemp(&path[0]) != nullptr);
    return path;
}

std::string own_runtime_directory() {
    std::string path = make_directory();
    CHECK(setenv("XDG_RUNTIME_DIR", path.c_str(), 1) == 0);
    return path;
}

std::vector<std::string> names_in(const std::string &path) {
    DIR *directory = opendir(path.c_str());
    CHECK(directory != nullptr);
    std::vector<std::string> names;
    while (const dirent *entry = readdir(directory))
        if (std::string(entry->d_name) != "." && std::string(entry->d_name) != "..")
            names.push_back(entry->d_name);
    closedir(directory);
    return names;
}

bool exists(const std::string &path) { return access(path.c_str(), F_OK) == 0; }

bool make_file(const std::string &path) {
    int descriptor = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

bool remove_file(const std::string &path) { return unlink(path.c_str()) == 0; }

bool remove_directory(const std::string &path) { return rmdir(path.c_str()) == 0; }

bool rename_to(const std::string &path, const std::string &new_path) {
    return rename(path.c_str(), new_path.c_str()) == 0;
}

void remove_tree(const std::string &path) {
    struct stat found;
    if (lstat(path.c_str(), &found) != 0)
        return;
    if (S_ISDIR(found.st_mode)) {
        for (const std::string &name : names_in(path))
            remove_tree(path + "/" + name);
        rmdir(path.c_str());
    } else
        unlink(path.c_str());
}

bool is_locked(const std::string &path) {
    struct stat found;
    CHECK(stat(path.c_str(), &found) == 0);
    bool is_directory = S_ISDIR(found.st_mode);
    int descriptor = open(path.c_str(), is_directory ? O_RDONLY : O_RDWR);
    CHECK(descriptor >= 0);
    bool locked;
    if (is_directory)
        locked = flock(descriptor, LOCK_EX | LOCK_NB) != 0;
    else {
        struct flock anywhere = {};
        anywhere.l_type = F_WRLCK;
        CHECK(fcntl(descriptor, F_OFD_GETLK, &anywhere) == 0);
        locked = anywhere.l_type != F_UNLCK;
    }
    close(descriptor);
    return locked;
}

struct FileLock::System {
    int descriptor;
};

FileLock::FileLock(const std::string &path) : system(new System{open(path.c_str(), O_RDWR | O_CLOEXEC)}) {
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    CHECK(system->descriptor >= 0 && fcntl(system->descriptor, F_OFD_SETLK, &whole) == 0);
}

FileLock::~FileLock() {
    close(system->descriptor);
    delete system;
}

void *shared_memory(const std::string &path, size_t size) {
    int descriptor = open(path.c_str(), O_RDWR | O_CREAT, 0600);
    CHECK(descriptor >= 0 && ftruncate(descriptor, static_cast<off_t>(size)) == 0);
    void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    CHECK(memory != MAP_FAILED);
    close(descriptor);
    return memory;
}

// Libraries.

Library::Library(const std::string &path) : loaded(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (loaded == nullptr)
        check_failed(__FILE__, __LINE__, dlerror());
}

Library::~Library() { CHECK(dlclose(loaded) == 0); }

void *Library::address(const char *name) const {
    void *found = dlsym(loaded, name);
    CHECK(found != nullptr);
    return found;
}

/** Where the library lies that this program is linked with. */
static std::string library_path() {
    Dl_info found;
    CHECK(dladdr(dlsym(RTLD_DEFAULT, "MapiSpoolerVersion"), &found) != 0);
    return found.dli_fname;
}

void Library::copy_to(const std::string &path) {
    FILE *from = fopen(library_path().c_str(), "rb"), *to = fopen(path.c_str(), "wb");
    CHECK(from != nullptr && to != nullptr);
    char bytes[65536];
    size_t size;
    while ((size = fread(bytes, 1, sizeof bytes, from)) > 0)
        CHECK_EQUAL(size, fwrite(bytes, 1, size, to));
    fclose(from);
    fclose(to);
}

// Other processes.

struct Child::System {
    pid_t process;
    int to, from;
};

/** This program. Its name is asked for: under valgrind the link itself leads to valgrind. */
static std::string own_program() {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    CHECK(length > 0 && static_cast<size_t>(length) < sizeof path);
    return std::string(path, static_cast<size_t>(length));
}

/** In the child: the way from fork to main. */
[[noreturn]] static void become(const char *program, const std::vector<char *> &words, int input, int output) {
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    alarm(120); // never left behind
    execv(program, words.data());
    _exit(127);
}

Child::Child(const std::vector<std::string> &arguments) : system(new System) {
    std::vector<char *> words{const_cast<char *>("child")};
    for (const std::string &argument : arguments)
        words.push_back(const_cast<char *>(argument.c_str()));
    words.push_back(nullptr);
    const std::string program = own_program();
    int down[2], up[2];
    CHECK(pipe2(down, O_CLOEXEC) == 0 && pipe2(up, O_CLOEXEC) == 0);
    system->process = fork();
    CHECK(system->process >= 0);
    if (system->process == 0)
        become(program.c_str(), words, down[0], up[1]);
    close(down[0]);
    close(up[1]);
    system->to = down[1];
    system->from = up[0];
}

Child::~Child() {
    if (system->process > 0) {
        kill();
        end();
    }
    close(system->to);
    close(system->from);
    delete system;
}

static void write_byte(int descriptor, char byte) { CHECK(write(descriptor, &byte, 1) == 1); }

static char read_byte(int descriptor) {
    char byte = 0;
    ssize_t got;
    do
        got = read(descriptor, &byte, 1);
    while (got < 0 && errno == EINTR);
    CHECK_EQUAL(1, got);
    return byte;
}

void Child::tell(char byte) { write_byte(system->to, byte); }

char Child::hear() { return read_byte(system->from); }

void Child::kill() { CHECK(::kill(system->process, SIGKILL) == 0); }

int Child::end() {
    int status = 0;
    pid_t ended;
    do
        ended = waitpid(system->process, &status, 0);
    while (ended < 0 && errno == EINTR);
    CHECK_EQUAL(system->process, ended);
    system->process = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void tell_parent(char byte) { write_byte(STDOUT_FILENO, byte); }

char hear_parent() { return read_byte(STDIN_FILENO); }

void kill_this_process() {
    raise(SIGKILL);
    abort();
}

void wait_for_the_end() {
    for (;;)
        pause();
}
#endif
