// On a disk that is full or read-only, an open that needs a new file there fails with a clear reason, keeps nothing
// and loses nothing; when there is room again it works. A disk that is full of data is no trouble: the files are
// empty (the header, MapiSpoolerOpenStore; semantics.md section 2, Other opens).
#include "posix.hpp"
#include "presence.hpp"

#include <sched.h>
#include <sys/mount.h>

static bool write_to(const char *path, const std::string &text) {
    int file = open(path, O_WRONLY);
    bool done = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(file);
    return done;
}

/** This process, which has one thread yet, gets mounts of its own. Not every system permits it. */
static bool get_own_mounts() {
    std::string user = std::to_string(getuid()), group = std::to_string(getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) {
        if (!write_to("/proc/self/uid_map", "0 " + user + " 1") || !write_to("/proc/self/setgroups", "deny") ||
            !write_to("/proc/self/gid_map", "0 " + group + " 1"))
            return false;
    } else if (unshare(CLONE_NEWNS) != 0)
        return false;
    return mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) == 0;
}

/** A small disk, gone with the process. */
static bool mount_disk(const std::string &path, const char *size) {
    return mount("none", path.c_str(), "tmpfs", 0, size) == 0;
}

/** Writes or makes files until there is no room for one more. */
static std::vector<std::string> fill(const std::string &path, size_t bytes) {
    std::vector<std::string> files;
    for (;;) {
        std::string name = path + "/filler-" + std::to_string(files.size());
        int file = open(name.c_str(), O_CREAT | O_WRONLY, 0600);
        if (file >= 0)
            files.push_back(name);
        std::string data(bytes, 'x');
        bool full = file < 0 || write(file, data.data(), bytes) < static_cast<ssize_t>(bytes);
        if (full)
            CHECK_EQUAL(ENOSPC, errno);
        if (file >= 0)
            close(file);
        if (full)
            return files;
    }
}

static void remove_all(const std::vector<std::string> &files) {
    for (const std::string &name : files)
        CHECK(unlink(name.c_str()) == 0);
}

static void no_room_for_files(const std::string &disk) {
    CHECK(mount_disk(disk, "size=1m,nr_inodes=300"));
    std::string directory = disk + "/presence";
    std::vector<std::string> before = fill(disk, 0);
    is_refused(directory, "No space left on device"); // it cannot even be made
    CHECK(unlink(before.back().c_str()) == 0);
    before.pop_back();
    is_refused(directory, "No space left on device"); // made now, and empty
    remove_all(before);

    Mailer mailer(directory);
    std::vector<std::string> files = fill(disk, 0);
    mailer.is_refused(MAPI_E_NO_ACCESS, "No space left on device");
    CHECK_HR(S_OK, open_in(directory)); // its file is there
    remove_all(files);
    mailer.is_served();
    mailer.sends_everything();
}

static void no_room_for_data(const std::string &disk) {
    CHECK(mount_disk(disk, "size=16k,nr_inodes=1000"));
    fill(disk, 4096);
    Mailer mailer(disk + "/presence");
    mailer.is_served();
    mailer.sends_everything();
}

static void read_only(const std::string &disk) {
    CHECK(mount_disk(disk, "size=1m"));
    std::string directory = disk + "/presence";
    CHECK_HR(S_OK, open_in(directory));
    CHECK(unlink((directory + "/decisions-v1").c_str()) == 0);
    CHECK(mount("none", disk.c_str(), "none", MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0);
    is_refused(directory, "Read-only file system");
    is_refused(disk + "/another", "Read-only file system");
    CHECK(mount("none", disk.c_str(), "none", MS_REMOUNT | MS_BIND, nullptr) == 0);
    CHECK_HR(S_OK, open_in(directory));
}

int main() {
    std::string base = own_runtime_directory();
    int result = end_of(start_child([&] { return get_own_mounts() && mount_disk(base, "size=64k") ? 0 : 77; }));
    if (result == 77) {
        remove_tree(base);
        return skipped("this system permits no mounts of one's own");
    }
    CHECK_EQUAL(0, result);
    for (auto run : {no_room_for_files, no_room_for_data, read_only})
        CHECK_EQUAL(0, end_of(start_child([&] {
            CHECK(get_own_mounts());
            run(base);
            return 0;
        })));
    remove_tree(base);
    return 0;
}
