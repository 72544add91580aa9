// What happens to the presence directory while stores are open: it becomes unwritable, vanishes, or something else
// stands in its place. Then stores whose file is not there yet are refused with a clear reason; what is open goes on,
// nothing is lost, and once it is mended everything works (the header, MapiSpoolerOpenStore).
#include "posix.hpp"
#include "presence.hpp"

static const uid_t USER = 65531;

static void unwritable(const std::string &path) {
    Mailer mailer(path);
    CHECK(chmod(path.c_str(), 0500) == 0);
    mailer.is_refused(MAPI_E_NO_ACCESS, "Permission denied");
    CHECK(chmod(path.c_str(), 0700) == 0);
    mailer.is_served();
    mailer.sends_everything();
}

/** Everybody is let in: who has it open is not disturbed, who comes is refused. */
static void loose(const std::string &path) {
    Mailer mailer(path);
    CHECK(chmod(path.c_str(), 0777) == 0);
    is_refused(path, "has mode 0777, which lets others in");
    mailer.is_served();
    mailer.sends_everything();
}

static void vanishes(const std::string &path) {
    Mailer mailer(path);
    remove_tree(path);
    mailer.is_refused(MAPI_E_NO_ACCESS, "has been removed since this spooler was opened");
    mailer.sends_everything(); // and is closed
    Mailer anew(path);
    anew.is_served();
    anew.sends_everything();
}

/** It is known by what it is, not by its name: a link there now leads nobody astray. */
static void becomes_a_link(const std::string &path) {
    Mailer mailer(path);
    std::string aside = path + "-aside", elsewhere = path + "-elsewhere";
    CHECK(rename(path.c_str(), aside.c_str()) == 0);
    CHECK(mkdir(elsewhere.c_str(), 0700) == 0 && symlink(elsewhere.c_str(), path.c_str()) == 0);
    mailer.is_served();
    is_refused(path, "cannot be opened as a directory");
    CHECK_EQUAL(0, names_in(elsewhere).size());
    CHECK(unlink(path.c_str()) == 0 && rename(aside.c_str(), path.c_str()) == 0);
    CHECK_HR(S_OK, open_in(path));
    mailer.sends_everything();
}

static void its_files_become_links(const std::string &path) {
    Mailer mailer(path);
    std::string target = path + "-target";
    for (int i = 0; i < 256; ++i) {
        char name[32];
        snprintf(name, sizeof name, "/opens-v1-%02x", i);
        (void) symlink(target.c_str(), (path + name).c_str()); // but for the one that is open
    }
    mailer.is_refused(MAPI_E_NO_ACCESS, "is a symbolic link");
    CHECK(access(target.c_str(), F_OK) != 0);
    for (int i = 0; i < 256; ++i) {
        char name[32];
        struct stat found;
        snprintf(name, sizeof name, "/opens-v1-%02x", i);
        if (lstat((path + name).c_str(), &found) == 0 && S_ISLNK(found.st_mode))
            CHECK(unlink((path + name).c_str()) == 0);
    }
    mailer.is_served();
    mailer.sends_everything();
}

int main() {
    std::string base = directory_of(USER);
    const struct { const char *name; void (*run)(const std::string &); } cases[] = {
        {"unwritable", unwritable}, {"loose", loose}, {"vanishes", vanishes},
        {"becomes_a_link", becomes_a_link}, {"its_files_become_links", its_files_become_links},
    };
    for (const auto &each : cases)
        CHECK_EQUAL(0, end_of(start_child([&] {
            be_a_user(USER);
            each.run(base + "/" + each.name);
            return 0;
        })));
    remove_tree(base);
    return 0;
}
