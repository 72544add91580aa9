// A presence directory, or a file in it, that belongs to another user is refused by name: whoever owns it could keep
// a lock there for ever (the header, lpszPresenceDirectory). Only root can give things to others.
#include "posix.hpp"
#include "presence.hpp"

static const uid_t USER = 65533, STRANGER = 65532;

static void give_away(const std::string &path, mode_t mode) {
    CHECK(chmod(path.c_str(), mode) == 0 && chown(path.c_str(), STRANGER, STRANGER) == 0);
}

int main() {
    if (getuid() != 0)
        return skipped("only root can make files of other users");
    std::string base = directory_of(USER);
    std::string directory = base + "/directory", closed = base + "/closed", file = base + "/file";
    for (const std::string &path : {directory, closed, file})
        CHECK(mkdir(path.c_str(), 0700) == 0);
    give_away(directory, 0755);
    give_away(closed, 0700);
    CHECK(chown(file.c_str(), USER, USER) == 0);
    std::string decisions = file + "/decisions-v1";
    close(open(decisions.c_str(), O_CREAT | O_WRONLY, 0600));
    give_away(decisions, 0666);

    CHECK_EQUAL(0, end_of(start_child([&] {
        be_a_user(USER);
        is_refused(directory, "belongs to user 65532 and not to 65533");
        is_refused(closed, "Permission denied");
        is_refused(file, "belongs to user 65532 and not to 65533");
        return 0;
    })));

    // One that becomes somebody else's while a store is open: what is open goes on.
    std::string lost = base + "/lost";
    Pipe opened, given;
    pid_t child = start_child([&] {
        be_a_user(USER);
        Mailer mailer(lost);
        opened.tell('o');
        given.hear();
        mailer.is_refused(MAPI_E_NO_ACCESS, "Permission denied");
        is_refused(lost, "Permission denied");
        opened.tell('r');
        given.hear();
        mailer.is_served();
        mailer.sends_everything();
        return 0;
    });
    opened.hear();
    give_away(lost, 0700);
    given.tell('g');
    opened.hear();
    CHECK(chown(lost.c_str(), USER, USER) == 0);
    given.tell('b'); // and back
    CHECK_EQUAL(0, end_of(child));
    remove_tree(base);
    return 0;
}
