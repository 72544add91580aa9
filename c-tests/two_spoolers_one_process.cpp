// Another open in another spooler of this process, under the same profile: this logoff is ignored, sending goes on
// as in the background of NO_WAIT, reception ends; other profiles and other stores do not count.
// semantics.md, section 2, "Other opens"; section 7, "Locks between processes".

#include "world.hpp"

static WorldOptions profile(const std::string &name, bool local) {
    WorldOptions options;
    options.profile = name;
    options.flags = local ? MAPISPOOL_LOCAL : 0;
    return options;
}

static void ignored(ULONG instruction, bool local) {
    auto outbox = std::make_shared<Outbox>();
    World w(profile("one", local)), other(profile("one", local));
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s", "", MAPISPOOL_DEFAULT_INBOX, outbox);
    Store &elsewhere_too = other.store("s", "", 0, outbox);
    s.submit("m1");
    s.submit("m2");
    Transfer out, in;
    elsewhere([&] {
        out = imap.take();
        in = imap.receive(&s);
    });
    w.forget();
    CHECK_IS("COMPLETE INBOUND OUTBOUND QUEUE", s.logoff(instruction)); // at once, whatever the flag
    CHECK(!out.cancelled());
    CHECK(!in.cancelled());
    w.run();
    EXPECT(w, {"imap: notify END_INBOUND"}); // nothing is flushed or stopped; sending goes on
    CHECK_HR(S_OK, imap.take().end());
    CHECK_HR(S_OK, out.end());
    CHECK_HR(MAPI_E_TIMEOUT, s.wait(0));
    CHECK_HR(S_OK, in.end());
    w.run();
    EXPECT(w, {"s: lock m2", "s: finished m2", "s: finished m1", "imap: notify END_OUTBOUND", "s: released COMPLETE"});

    // The last one performs the real logoff: w's open stopped counting in the step that said COMPLETE.
    other.transport("smtp");
    elsewhere_too.submit("m3");
    other.run();
    other.forget();
    elsewhere_too.submit("m4");
    CHECK_IS("QUEUE", elsewhere_too.logoff(LOGOFF_QUIET));
    CHECK_IS("COMPLETE", elsewhere_too.logoff(LOGOFF_PURGE));
    other.run();
    CHECK_EQUAL(1, other.count("smtp: flush"));
    CHECK_EQUAL(1, other.count("smtp: notify END_OUTBOUND"));
}

// An open stops counting with COMPLETE, not with Released.
static void stops_counting_with_complete() {
    World w(profile("two", true)), other(profile("two", true));
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s"), &t = other.store("s");
    Transfer out = imap.begin(s, "m1");
    CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_ORDERLY));
    t.submit("m9");
    CHECK_IS("QUEUE", t.logoff(LOGOFF_QUIET)); // alone: a real one
    t.abort("m9");
    CHECK_HR(S_OK, out.end());
}

// A waiting PURGE still counts.
static void a_waiting_logoff_counts() {
    World w(profile("three", true)), other(profile("three", true));
    Transport &smtp = w.transport("smtp");
    other.transport("other");
    Store &s = w.store("s");
    other.forget();
    smtp.in_flush = [&] {
        Store &t = other.store("s");
        CHECK_IS("COMPLETE", t.logoff(LOGOFF_PURGE)); // ignored
        other.run();
        CHECK_EQUAL(0, other.count("other: flush"));
    };
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    w.run();
    CHECK_EQUAL(1, w.count("smtp: flush"));
}

// Several spoolers, logging off in turn: only the last logoff is a real one.
static void the_last_of_several(ULONG instruction) {
    std::vector<std::unique_ptr<World>> worlds;
    std::vector<Store *> stores;
    for (int i = 0; i < 5; ++i) {
        worlds.emplace_back(new World(profile("four", i % 2 == 0 || true)));
        worlds.back()->transport("smtp");
        stores.push_back(&worlds.back()->store("s"));
        worlds.back()->forget();
    }
    for (int i = 0; i < 5; ++i) {
        CHECK_IS("COMPLETE", stores[i]->logoff(instruction));
        worlds[i]->run();
        CHECK_EQUAL(instruction == LOGOFF_PURGE && i == 4, worlds[i]->count("smtp: flush"));
    }
}

// Another profile, another store, another spooler that looks at no other process: not the same store.
static void not_the_same() {
    World w(profile("five", true)), other_profile(profile("six", true)), not_local(profile("five", false));
    w.transport("smtp");
    Store &s = w.store("s");
    other_profile.store("s");
    not_local.store("s");
    World same(profile("five", true));
    same.store("s2");
    w.forget();
    s.submit("m1");
    CHECK_IS("QUEUE", s.logoff(LOGOFF_QUIET));
    CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ABORT));
    w.run();
    EXPECT(w, {"smtp: notify END_OUTBOUND", "s: released COMPLETE QUEUE"});
}

// Two spoolers hold one Outbox: a lock that fails means that somebody else has the message, MAPI_E_NOT_FOUND that
// somebody else finished it. Nothing is sent twice.
static void one_outbox() {
    auto outbox = std::make_shared<Outbox>();
    World w(profile("seven", true)), other(profile("seven", true));
    Transport &imap = w.self_driven("imap");
    other.transport("smtp");
    Store &s = w.store("s", "", 0, outbox), &t = other.store("s", "", 0, outbox);
    other.forget();
    s.submit("m1");
    s.submit("m2");
    t.submit("m1");
    t.submit("m2");
    Transfer m1 = imap.take();
    other.run();
    EXPECT(other, {"s: lock m1", "s: lock m2", "smtp: submit m2", "smtp: end m2", "s: finished m2"});
    CHECK_HR(S_OK, m1.end());
    Transfer none;
    CHECK_HR(MAPI_E_TIMEOUT, imap.try_take(0, none)); // m2 is gone
    CHECK_IS("-: finished 1", s.status());
    other.run(5000);
    EXPECT(other, {"s: lock m1"});
    CHECK_IS("-: finished 1", t.status());
    CHECK(outbox->mail.empty());
}

// Reopened while the ignored logoff goes on in the background: it counts again.
static void opened_again() {
    World w(profile("eight", true)), other(profile("eight", true));
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s"), &t = other.store("s");
    Transfer out = imap.begin(s, "m1");
    CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_ORDERLY)); // ignored
    Store &again = w.store("again", "s");
    t.submit("m1");
    CHECK_IS("COMPLETE QUEUE", t.logoff(LOGOFF_QUIET)); // ignored too: `again` counts
    CHECK_HR(S_OK, out.end());
    w.run();
    CHECK_IS("-: finished 1", again.status());
}

int main() {
    for (ULONG instruction : {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET}) {
        ignored(instruction, true);
        ignored(instruction, false);
        the_last_of_several(instruction);
    }
    stops_counting_with_complete();
    a_waiting_logoff_counts();
    not_the_same();
    one_outbox();
    opened_again();
}
