// The log callback tells the story of each logoff: which store, which instruction, what went on, what came of it,
// and why it was ignored; and the reason of each failing call. semantics.md, section 2, errors; mapispool.h, log
// levels.

#include "world.hpp"

// A line of this level (or a more important one) with all these words, after the line number `from`.
static bool has_line(World &w, size_t from, char level, const std::vector<std::string> &words) {
    std::vector<std::string> lines = w.log_lines();
    for (size_t i = from; i < lines.size(); ++i) {
        bool found = lines[i][0] <= level;
        for (const std::string &word : words)
            found = found && lines[i].find(word) != std::string::npos;
        if (found)
            return true;
    }
    fprintf(stderr, "no line of level %c has", level);
    for (const std::string &word : words)
        fprintf(stderr, " \"%s\"", word.c_str());
    fprintf(stderr, "\n");
    return false;
}

static const struct { ULONG flag; const char *name; } instructions[] = {
    {LOGOFF_NO_WAIT, "NO_WAIT"}, {LOGOFF_ORDERLY, "ORDERLY"}, {LOGOFF_PURGE, "PURGE"},
    {LOGOFF_ABORT, "ABORT"}, {LOGOFF_QUIET, "QUIET"},
};

// What the log callback itself does is not logged: each line of it would bring about another, for ever.
static void callback_that_would_log() {
    struct Log {
        HMAPISTORE store = nullptr;
        int lines = 0;
    } log;
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "test";
    options.lpvContext = &log;
    options.lpfnLog = [](void *context, ULONG, const char *) {
        Log &log = *static_cast<Log *>(context);
        CHECK(++log.lines < 100);
        if (log.store != nullptr) {
            ULONG word = LOGOFF_ORDERLY;
            CHECK_HR(MAPI_E_NOT_IN_QUEUE, MapiStoreAbortSubmit(log.store, 1, "?"));
            CHECK_HR(MAPI_E_TIMEOUT, MapiStoreWait(log.store, 0));
            CHECK_HR(S_OK, MapiStoreLogoff(log.store, &word));
        }
    };
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 1, "s", 0, nullptr, nullptr, &log.store));
    CHECK_EQUAL(1, log.lines);
    CHECK_HR(S_OK, MapiStoreSubmitMessage(log.store, 1, "m"));
    CHECK_EQUAL(2, log.lines);
    CHECK_HR(MAPI_E_NOT_IN_QUEUE, MapiStoreAbortSubmit(log.store, 1, "?"));
    CHECK_EQUAL(3, log.lines); // outside it is
    HMAPISTORE store = log.store;
    log.store = nullptr;
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
}

int main() {
    callback_that_would_log();
    for (const auto &instruction : instructions) {
        // A real one.
        WorldOptions options;
        options.profile = std::string("log") + instruction.name;
        World w(options), other(options);
        w.transport("smtp");
        Store &box = w.store("mailbox");
        CHECK(has_line(w, 0, '3', {"smtp", "added"}));
        CHECK(has_line(w, 0, '3', {"mailbox", "opened"}));
        box.submit("m1");
        w.run();
        CHECK(has_line(w, 0, '4', {"m1", "mailbox"}));
        CHECK(has_line(w, 0, '4', {"m1", "smtp"}));
        size_t from = w.log_lines().size();
        CHECK_IS("COMPLETE", box.logoff(instruction.flag));
        w.run();
        CHECK(has_line(w, from, '3', {"mailbox", instruction.name, "logoff"}));
        CHECK(has_line(w, from, '3', {"mailbox", "COMPLETE"}));
        CHECK(has_line(w, from, '3', {"released"}));

        // An ignored one: another logon here, another open elsewhere; what still goes on.
        Store &first = w.store("first", "mailbox"), &second = w.store("second", "mailbox");
        first.submit("m2");
        from = w.log_lines().size();
        CHECK_IS("COMPLETE QUEUE", first.logoff(instruction.flag));
        CHECK(has_line(w, from, '3', {"mailbox", instruction.name, "OUTBOUND_QUEUE"}));
        CHECK(has_line(w, from, '3', {"mailbox", "ignored"}));
        Store &elsewhere_open = other.store("mailbox");
        from = w.log_lines().size();
        CHECK_IS("COMPLETE QUEUE", second.logoff(instruction.flag));
        CHECK(has_line(w, from, '3', {"mailbox", "elsewhere", "ignored"}));
        w.run();
        CHECK_IS("COMPLETE", elsewhere_open.logoff(LOGOFF_QUIET));
    }

    // No logoff: what was in the way. Failing calls: the reason, with the value, as the last error says it.
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("mailbox");
    Transfer out;
    elsewhere([&] { out = imap.begin(s, "m1"); });
    size_t from = w.log_lines().size();
    CHECK_IS("OUTBOUND", s.logoff(LOGOFF_ABORT));
    CHECK(has_line(w, from, '3', {"mailbox", "ABORT"}));
    CHECK(has_line(w, from, '3', {"mailbox", "no logoff", "OUTBOUND"}));
    from = w.log_lines().size();
    CHECK_IS("MAPI_E_UNKNOWN_FLAGS", s.logoff(0x4000));
    CHECK_LAST_ERROR("0x00004000");
    CHECK(has_line(w, from, '2', {"MAPI_E_UNKNOWN_FLAGS", "0x00004000"}));
    CHECK_IS("MAPI_E_INVALID_PARAMETER", s.logoff(LOGOFF_QUIET | LOGOFF_PURGE));
    CHECK(has_line(w, from, '2', {"MAPI_E_INVALID_PARAMETER", "0x00000014"}));
    CHECK_HR(S_OK, out.end());

    // Errors of callbacks.
    Transport &smtp = w.transport("smtp");
    smtp.flush_answer = MAPI_E_CALL_FAILED;
    smtp.logoff_answer = MAPI_E_NO_SUPPORT;
    s.finished_answer = MAPI_E_NO_ACCESS;
    s.submit("m2");
    from = w.log_lines().size();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    CHECK_HR(S_OK, MapiTransportRemove(smtp.handle));
    CHECK(has_line(w, from, '1', {"FinishedMsg", "m2", "MAPI_E_NO_ACCESS"}));
    CHECK(has_line(w, from, '2', {"FlushQueues", "smtp", "MAPI_E_CALL_FAILED"}));
    CHECK(has_line(w, from, '2', {"TransportLogoff", "smtp", "MAPI_E_NO_SUPPORT"}));
    // One line each, no control characters, whatever a transport is called.
    w.transport("two\nlines\x7f");
    CHECK(has_line(w, 0, '3', {"transport two lines  added"}));
    for (const std::string &line : w.log_lines())
        for (char c : line)
            CHECK(static_cast<unsigned char>(c) >= ' ' && c != 0x7f);
}
