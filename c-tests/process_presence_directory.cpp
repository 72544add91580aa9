// A presence directory that cannot be made or trusted is a clear error that names it and MAPISPOOL_LOCAL; nothing is
// followed, nothing is opened to others (the header, lpszPresenceDirectory; semantics.md section 2, Other opens).
#include "posix.hpp"
#include "presence.hpp"

static const uid_t USER = 65534;

/** That is refused already when the spooler is opened, and MAPISPOOL_LOCAL is named as the way out. */
static void refused(const std::string &directory, const std::string &reason) {
    is_refused(directory, reason);
    CHECK_HR(MAPI_E_NO_ACCESS, open_in(directory));
    CHECK_LAST_ERROR("MAPISPOOL_LOCAL");
}

static void make_file(const std::string &path, mode_t mode) {
    int descriptor = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    CHECK(descriptor >= 0 && fchmod(descriptor, mode) == 0);
    close(descriptor);
}

static void directories(const std::string &base) {
    // Missing: made, for this user alone. Below a missing one: refused.
    std::string made = base + "/made";
    CHECK_HR(S_OK, open_in(made));
    struct stat found;
    CHECK(stat(made.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && (found.st_mode & 0777) == 0700);
    CHECK_HR(S_OK, open_in(made + "/"));
    refused(base + "/missing/below", "No such file or directory");
    refused("relative", "not an absolute path");
    // Unwritable: a place that is, a directory that is.
    std::string locked = base + "/locked";
    CHECK(mkdir(locked.c_str(), 0500) == 0);
    refused(locked + "/below", "Permission denied");
    is_refused(locked, "Permission denied"); // found out by the first open of a store
    // Symbolic links, also with a slash at the end.
    std::string link = base + "/link";
    CHECK(symlink(made.c_str(), link.c_str()) == 0);
    refused(link, "cannot be opened as a directory");
    CHECK_HR(MAPI_E_NO_ACCESS, open_in(link + "/"));
    CHECK_LAST_ERROR("cannot be opened as a directory");
    // A file.
    std::string file = base + "/file";
    make_file(file, 0600);
    refused(file, "cannot be opened as a directory");
    // Open to others.
    std::string loose = base + "/loose";
    CHECK(mkdir(loose.c_str(), 0700) == 0 && chmod(loose.c_str(), 0770) == 0);
    refused(loose, "has mode 0770, which lets others in");
    // Somebody else's.
    if (getuid() != 0)
        refused("/", "belongs to user 0 and not to");
}

/** Files in it that are links, have other names or are open to others. */
static void files(const std::string &base) {
    std::string lured = base + "/lured", decisions = lured + "/decisions-v1", file = base + "/file";
    CHECK_HR(S_OK, open_in(lured));
    CHECK(unlink(decisions.c_str()) == 0);
    CHECK(symlink(file.c_str(), decisions.c_str()) == 0);
    is_refused(lured, "is a symbolic link");
    CHECK(unlink(decisions.c_str()) == 0);
    CHECK(link(file.c_str(), decisions.c_str()) == 0);
    is_refused(lured, "is not a plain file with one name");
    CHECK(unlink(decisions.c_str()) == 0);
    make_file(decisions, 0620);
    is_refused(lured, "has mode 0620, which lets others in");
    CHECK(unlink(decisions.c_str()) == 0);
    CHECK_HR(S_OK, open_in(lured));
}

int main() {
    std::string base = directory_of(USER);
    int result = end_of(start_child([&] {
        be_a_user(USER);
        directories(base);
        files(base);
        return 0;
    }));
    remove_tree(base);
    return result;
}
