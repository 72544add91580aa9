// What tests want of the operating system and C++11 does not have, under one name for all of them: counts, files, and
// other processes. system_posix.cpp and system_windows.cpp have the same functions in the same order.

#ifndef SYSTEM_HPP
#define SYSTEM_HPP

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

// This process.

size_t threads_here();
/** Descriptors on Unix, handles on Windows. */
size_t descriptors_here();
size_t resident_kilobytes();

/** This thread's number. */
long this_thread();
/** Whether a thread of this process sleeps in the kernel. */
bool sleeps(long thread);

// Files. A slash separates directories everywhere.

/** The path as the system would print it. */
std::string native(const std::string &path);

/** A new directory, this user's alone, among those for temporary files. */
std::string make_directory();
/** The directory in which the spoolers of this test and of its children meet: fresh, this user's alone. */
std::string own_runtime_directory();
/** What is in a directory. */
std::vector<std::string> names_in(const std::string &directory);
bool exists(const std::string &path);
/** A new file; false if there is one. */
bool make_file(const std::string &path);
bool remove_file(const std::string &path);
bool remove_directory(const std::string &path);
bool rename_to(const std::string &path, const std::string &new_path);
void remove_tree(const std::string &path);
/** Whether anybody has a lock on the file or a part of it. */
bool is_locked(const std::string &path);
/** Locks a whole file for itself alone, as another process would. */
class FileLock {
public:
    explicit FileLock(const std::string &path);
    ~FileLock();
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

private:
    struct System;
    System *system;
};
/** A file's bytes as memory that all processes share which ask for it. It stays until the process ends. */
void *shared_memory(const std::string &path, size_t size);

// Libraries.

/** A copy of the shared library that this program is linked with, under another name: to the system another library. */
class Library {
public:
    explicit Library(const std::string &path);
    ~Library();
    Library(const Library &) = delete;
    Library &operator=(const Library &) = delete;

    template <typename Function>
    void find(const char *name, Function &function) const {
        void *found = address(name);
        memcpy(&function, &found, sizeof function);
    }

    /** Writes the copy. */
    static void copy_to(const std::string &path);

private:
    void *loaded;
    void *address(const char *name) const;
};

#ifdef _WIN32
/** From now on a loaded library calls another function where it called this one of another library. */
void replace_import(const char *library, const char *function, void *replacement);
#endif

// Other processes.

/**
 * This program again, with arguments that tell its main what to do. Bytes go to and fro on its standard input and
 * output. It does not outlive the test for long.
 */
class Child {
public:
    explicit Child(const std::vector<std::string> &arguments);
    ~Child();
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    void tell(char byte);
    char hear();
    /** SIGKILL, TerminateProcess: it runs no more code of its own. */
    void kill();
    /** Waits for its end. The exit code, or KILLED. */
    int end();

    static const int KILLED = -9;

private:
    struct System;
    System *system;
};

// In a child.

void tell_parent(char byte);
char hear_parent();
/** What Child::kill does. */
[[noreturn]] void kill_this_process();
/** Does nothing until the process ends. */
[[noreturn]] void wait_for_the_end();

#endif
