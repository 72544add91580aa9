// Where spoolers meet: a directory that is missing is made, one that cannot be had is a clear error that names it and
// MAPISPOOL_LOCAL, and paths to one directory lead to one place (the header, lpszPresenceDirectory). What is about
// modes, owners and links is in process_presence_directory.cpp.
#include "presence.hpp"

static void made_or_refused(const std::string &base) {
    CHECK_HR(S_OK, open_in(base + "/made"));
    CHECK_EQUAL(2, names_in(base + "/made").size()); // the decisions, and the store's file
    CHECK_HR(S_OK, open_in(base + "/made/"));
    is_refused(base + "/missing/below", "MAPISPOOL_LOCAL");
    CHECK(!exists(base + "/missing"));
    is_refused("relative", "is not an absolute path");
    CHECK(make_file(base + "/file"));
    is_refused(base + "/file", "directory");
}

/** Two spoolers of this process that name it in different ways see each other. */
static void one_place(const std::string &base) {
    World::Options options = World::Options::threads();
    options.flags = 0;
    options.directory = base + "/made";
    World one(options);
    options.directory = base + "/./made/../made/";
    World two(options);
    Store &first = one.store("s"), &second = two.store("s");
    one.transport("smtp");
    two.transport("smtp");
    CHECK_IS("COMPLETE", first.logoff(LOGOFF_PURGE));
    CHECK_IS("COMPLETE", second.logoff(LOGOFF_PURGE));
    CHECK_EQUAL(0, one.count("smtp: flush"));
    CHECK_EQUAL(1, two.count("smtp: flush"));
}

/** Windows can keep a directory where it is while it is open; else others would meet in a new one of its name. */
static void stays(const std::string &base) {
    Mailer mailer(base + "/kept");
#ifdef _WIN32
    remove_tree(base + "/kept");
    CHECK_EQUAL(2, names_in(base + "/kept").size());
    CHECK(!rename_to(base + "/kept", base + "/elsewhere"));
#endif
    mailer.is_served();
    mailer.sends_everything();
}

int main() {
    std::string base = make_directory();
    made_or_refused(base);
    one_place(base);
    stays(base);
    remove_tree(base);
    return 0;
}
