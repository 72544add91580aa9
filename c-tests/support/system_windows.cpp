#ifdef _WIN32
#include "system.hpp"

#include "check.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>
// After windows.h.
#include <psapi.h>
#include <tlhelp32.h>

#include <algorithm>

// This process.

size_t threads_here() {
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    CHECK(all != INVALID_HANDLE_VALUE);
    THREADENTRY32 thread = {};
    thread.dwSize = sizeof thread;
    size_t found = 0;
    for (BOOL more = Thread32First(all, &thread); more; more = Thread32Next(all, &thread))
        found += thread.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(all);
    return found;
}

size_t descriptors_here() {
    DWORD count = 0;
    CHECK(GetProcessHandleCount(GetCurrentProcess(), &count));
    return count;
}

size_t resident_kilobytes() {
    PROCESS_MEMORY_COUNTERS counters = {};
    CHECK(GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters));
    return counters.WorkingSetSize / 1024;
}

long this_thread() { return static_cast<long>(GetCurrentThreadId()); }

/** Where a thread is in its code. */
static uintptr_t place_of(HANDLE thread) {
    CONTEXT context = {};
    context.ContextFlags = CONTEXT_CONTROL;
    CHECK(SuspendThread(thread) != static_cast<DWORD>(-1));
    CHECK(GetThreadContext(thread, &context));
    CHECK(ResumeThread(thread) != static_cast<DWORD>(-1));
#ifdef _WIN64
    return static_cast<uintptr_t>(context.Rip);
#else
    return context.Eip;
#endif
}

/** It does not move, and is where calls enter the kernel. */
bool sleeps(long thread) {
    HANDLE handle = OpenThread(THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT, FALSE, static_cast<DWORD>(thread));
    CHECK(handle != nullptr);
    uintptr_t before = place_of(handle);
    Sleep(20);
    uintptr_t after = place_of(handle);
    CloseHandle(handle);
    HMODULE there = nullptr;
    (void) GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                              reinterpret_cast<const char *>(before), &there);
    return before == after && there == GetModuleHandleA("ntdll.dll");
}

// Files.

static std::string replaced(std::string path, char from, char to) {
    std::replace(path.begin(), path.end(), from, to);
    return path;
}

std::string native(const std::string &path) { return replaced(path, '/', '\\'); }

std::string make_directory() {
    char parent[MAX_PATH], path[MAX_PATH];
    DWORD length = GetTempPathA(sizeof parent, parent);
    CHECK(length > 0 && length < sizeof parent);
    // Makes a file, whose name then is this process's.
    CHECK(GetTempFileNameA(parent, "map", 0, path) != 0);
    CHECK(DeleteFileA(path) && CreateDirectoryA(path, nullptr));
    return replaced(path, '\\', '/');
}

std::string own_runtime_directory() {
    std::string path = make_directory();
    CHECK(SetEnvironmentVariableA("LOCALAPPDATA", path.c_str()));
    return path;
}

std::vector<std::string> names_in(const std::string &directory) {
    WIN32_FIND_DATAA entry;
    HANDLE search = FindFirstFileA((directory + "/*").c_str(), &entry);
    CHECK(search != INVALID_HANDLE_VALUE);
    std::vector<std::string> names;
    do {
        std::string name = entry.cFileName;
        if (name != "." && name != "..")
            names.push_back(name);
    } while (FindNextFileA(search, &entry));
    FindClose(search);
    return names;
}

bool exists(const std::string &path) { return GetFileAttributesA(path.c_str()) != INVALID_FILE_ATTRIBUTES; }

bool make_file(const std::string &path) {
    HANDLE file = CreateFileA(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW, 0, nullptr);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return file != INVALID_HANDLE_VALUE;
}

bool remove_file(const std::string &path) { return DeleteFileA(path.c_str()) != 0; }

bool remove_directory(const std::string &path) { return RemoveDirectoryA(path.c_str()) != 0; }

bool rename_to(const std::string &path, const std::string &new_path) {
    return MoveFileA(path.c_str(), new_path.c_str()) != 0;
}

void remove_tree(const std::string &path) {
    DWORD attributes = GetFileAttributesA(path.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return;
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        for (const std::string &name : names_in(path))
            remove_tree(path + "/" + name);
        RemoveDirectoryA(path.c_str());
    } else
        DeleteFileA(path.c_str());
}

static HANDLE open_file(const std::string &path, DWORD disposition) {
    HANDLE file = CreateFileA(path.c_str(), GENERIC_READ | GENERIC_WRITE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, disposition, 0, nullptr);
    CHECK(file != INVALID_HANDLE_VALUE);
    return file;
}

static bool lock_whole(HANDLE file) {
    OVERLAPPED from_the_start = {};
    return LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, MAXDWORD, MAXLONG, &from_the_start);
}

/** Nobody locks directories here. */
bool is_locked(const std::string &path) {
    if ((GetFileAttributesA(path.c_str()) & FILE_ATTRIBUTE_DIRECTORY) != 0)
        return false;
    HANDLE file = open_file(path, OPEN_EXISTING);
    bool locked = !lock_whole(file);
    CloseHandle(file);
    return locked;
}

struct FileLock::System {
    HANDLE file;
};

FileLock::FileLock(const std::string &path) : system(new System{open_file(path, OPEN_EXISTING)}) {
    CHECK(lock_whole(system->file));
}

FileLock::~FileLock() {
    CloseHandle(system->file);
    delete system;
}

void *shared_memory(const std::string &path, size_t size) {
    HANDLE file = open_file(path, OPEN_ALWAYS);
    HANDLE mapping = CreateFileMappingA(file, nullptr, PAGE_READWRITE, 0, static_cast<DWORD>(size), nullptr);
    CHECK(mapping != nullptr);
    void *memory = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, size);
    CHECK(memory != nullptr);
    CloseHandle(mapping);
    CloseHandle(file);
    return memory;
}

// Libraries.

Library::Library(const std::string &path) : loaded(LoadLibraryA(path.c_str())) { CHECK(loaded != nullptr); }

Library::~Library() { CHECK(FreeLibrary(static_cast<HMODULE>(loaded))); }

void *Library::address(const char *name) const {
    FARPROC found = GetProcAddress(static_cast<HMODULE>(loaded), name);
    CHECK(found != nullptr);
    void *address = nullptr;
    memcpy(&address, &found, sizeof address);
    return address;
}

void Library::copy_to(const std::string &path) {
    char from[MAX_PATH];
    CHECK(GetModuleFileNameA(GetModuleHandleA("mapispool.dll"), from, sizeof from) < sizeof from);
    CHECK(CopyFileA(from, path.c_str(), FALSE));
}

/** The places of a library's image that hold the addresses of functions of other libraries, with their names. */
template <typename Visit>
static void each_import(char *image, Visit visit) {
    auto *headers = reinterpret_cast<IMAGE_NT_HEADERS *>(image + reinterpret_cast<IMAGE_DOS_HEADER *>(image)->e_lfanew);
    DWORD table = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    for (auto *from = reinterpret_cast<IMAGE_IMPORT_DESCRIPTOR *>(image + table); from->FirstThunk != 0; ++from) {
        auto *names = reinterpret_cast<IMAGE_THUNK_DATA *>(image + from->OriginalFirstThunk);
        auto *places = reinterpret_cast<IMAGE_THUNK_DATA *>(image + from->FirstThunk);
        for (; names->u1.AddressOfData != 0; ++names, ++places)
            if (!IMAGE_SNAP_BY_ORDINAL(names->u1.Ordinal))
                visit(reinterpret_cast<IMAGE_IMPORT_BY_NAME *>(image + names->u1.AddressOfData)->Name,
                      reinterpret_cast<void **>(&places->u1.Function));
    }
}

void replace_import(const char *library, const char *function, void *replacement) {
    unsigned replaced = 0;
    each_import(reinterpret_cast<char *>(GetModuleHandleA(library)), [&](const void *name, void **place) {
        if (strcmp(static_cast<const char *>(name), function) != 0)
            return;
        DWORD before;
        CHECK(VirtualProtect(place, sizeof *place, PAGE_READWRITE, &before));
        *place = replacement;
        CHECK(VirtualProtect(place, sizeof *place, before, &before));
        ++replaced;
    });
    CHECK(replaced > 0);
}

// Other processes.

/** What a killed process leaves as its exit code: a number that no program ends with by itself. */
static const UINT KILLED_CODE = 0x4B494C4C;

struct Child::System {
    HANDLE process, to, from;
};

/** What children belong to: when this process ends, however it ends, they do. */
static HANDLE children() {
    static HANDLE job = [] {
        HANDLE made = CreateJobObjectA(nullptr, nullptr);
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {};
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        CHECK(made != nullptr);
        CHECK(SetInformationJobObject(made, JobObjectExtendedLimitInformation, &limits, sizeof limits));
        return made;
    }();
    return job;
}

/** A pipe whose one end a child inherits. */
static void make_pipe(HANDLE &read, HANDLE &write, HANDLE &childs) {
    CHECK(CreatePipe(&read, &write, nullptr, 0));
    CHECK(SetHandleInformation(childs, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
}

/** The arguments of tests have neither quotes nor backslashes. */
static std::string command_line(const std::vector<std::string> &arguments) {
    std::string line = "child";
    for (const std::string &argument : arguments)
        line += " \"" + argument + "\"";
    return line;
}

Child::Child(const std::vector<std::string> &arguments) : system(new System) {
    char program[MAX_PATH];
    CHECK(GetModuleFileNameA(nullptr, program, sizeof program) < sizeof program);
    STARTUPINFOA start = {};
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    make_pipe(start.hStdInput, system->to, start.hStdInput);
    make_pipe(system->from, start.hStdOutput, start.hStdOutput);
    std::string line = command_line(arguments);
    PROCESS_INFORMATION made = {};
    CHECK(CreateProcessA(program, &line[0], nullptr, nullptr, TRUE, CREATE_SUSPENDED, nullptr, nullptr, &start, &made));
    CHECK(AssignProcessToJobObject(children(), made.hProcess));
    CHECK(ResumeThread(made.hThread) != static_cast<DWORD>(-1));
    CloseHandle(made.hThread);
    CloseHandle(start.hStdInput);
    CloseHandle(start.hStdOutput);
    system->process = made.hProcess;
}

Child::~Child() {
    if (system->process != nullptr) {
        kill();
        end();
    }
    CloseHandle(system->to);
    CloseHandle(system->from);
    delete system;
}

static void write_byte(HANDLE to, char byte) {
    DWORD done = 0;
    CHECK(WriteFile(to, &byte, 1, &done, nullptr) && done == 1);
}

static char read_byte(HANDLE from) {
    char byte = 0;
    DWORD done = 0;
    CHECK(ReadFile(from, &byte, 1, &done, nullptr) && done == 1);
    return byte;
}

void Child::tell(char byte) { write_byte(system->to, byte); }

char Child::hear() { return read_byte(system->from); }

/** One that is ending by itself cannot be killed any more. */
void Child::kill() { (void) TerminateProcess(system->process, KILLED_CODE); }

int Child::end() {
    CHECK(WaitForSingleObject(system->process, INFINITE) == WAIT_OBJECT_0);
    DWORD code = 0;
    CHECK(GetExitCodeProcess(system->process, &code));
    CloseHandle(system->process);
    system->process = nullptr;
    return code == KILLED_CODE ? KILLED : static_cast<int>(code);
}

void tell_parent(char byte) { write_byte(GetStdHandle(STD_OUTPUT_HANDLE), byte); }

char hear_parent() { return read_byte(GetStdHandle(STD_INPUT_HANDLE)); }

void kill_this_process() {
    TerminateProcess(GetCurrentProcess(), KILLED_CODE);
    abort();
}

void wait_for_the_end() {
    for (;;)
        Sleep(INFINITE);
}
#endif
