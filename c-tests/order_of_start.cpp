// Messages of one store start in the order in which they were submitted; one that waits holds up nobody.
// Between stores in turn, those whose logoff is under way first. semantics.md, sections 4 and 7, "Fairness".

#include "world.hpp"

static std::string name_of(const MAPISPOOLMESSAGE &message) {
    return std::string(static_cast<const char *>(message.lpStoreEntryID), message.cbStoreEntryID) + "/" +
           std::string(static_cast<const char *>(message.lpEntryID), message.cbEntryID);
}

// Records in which order messages come to SubmitMessage.
static void record(Transport &transport, std::vector<std::string> &order) {
    transport.in_submit = [&](const MAPISPOOLMESSAGE &message) { order.push_back(name_of(message)); };
}

static void check(const std::vector<std::string> &expected, std::vector<std::string> &is) {
    if (is != expected) {
        for (const auto &line : is)
            fprintf(stderr, "  is %s\n", line.c_str());
        check_failed(__FILE__, __LINE__, "the order expected");
    }
    is.clear();
}

static void in_the_order_of_submission() {
    World w;
    std::vector<std::string> order;
    record(w.transport("smtp"), order);
    Store &s = w.store("s");
    std::vector<std::string> expected;
    for (int i = 0; i < 300; ++i) {
        s.submit("m" + std::to_string(i));
        expected.push_back("s/m" + std::to_string(i));
    }
    w.run();
    check(expected, order);
}

static void one_that_waits_holds_up_nobody() {
    World w;
    Transport &smtp = w.transport("smtp");
    std::vector<std::string> order;
    record(smtp, order);
    Store &s = w.store("s");
    smtp.on("later", {ends_with(END_RESEND_LATER)});
    smtp.on("declined", {MAPI_E_NOT_ME});
    smtp.on("deferred", {ends_with(END_DONT_RESEND)});
    s.lock_answers["locked"] = {MAPI_E_NO_ACCESS};
    for (const char *message : {"later", "declined", "deferred", "locked", "m1", "m2"})
        s.submit(message);
    w.run();
    check({"s/later", "s/declined", "s/deferred", "s/m1", "s/m2"}, order);
    // Ready again, each keeps its place before what was submitted later.
    CHECK_HR(S_OK, smtp.notify(NOTIFY_READYTOSEND | NOTIFY_SENTDEFERRED));
    s.submit("m3");
    w.run(4999);
    check({"s/later", "s/declined", "s/deferred", "s/m3"}, order);
    w.run(1);
    check({"s/locked"}, order);
}

// What comes back stands where it was submitted, RESEND_NOW before all others.
static void what_comes_back() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &s = w.store("s");
    for (const char *message : {"m1", "m2", "m3", "m4"})
        s.submit(message);
    Transfer m1 = imap.take(), m2 = imap.take(), m3 = imap.take();
    CHECK_HR(S_OK, m2.end(S_OK, END_RESEND_LATER));
    CHECK_HR(S_OK, m1.end(S_OK, END_RESEND_LATER));
    w.run(5000);
    CHECK_HR(S_OK, m3.end(S_OK, END_RESEND_NOW));
    for (const char *message : {"m3", "m1", "m2", "m4"}) {
        Transfer next = imap.take();
        CHECK_IS(message, next.message);
        CHECK_HR(S_OK, next.end());
    }
}

// Several transports: they start in order too, whichever takes them.
static void several_transports() {
    World w;
    std::vector<std::string> order;
    Transport *transports[] = {&w.transport("a"), &w.transport("b"), &w.transport("c")};
    for (Transport *transport : transports)
        record(*transport, order);
    Store &s = w.store("s");
    std::vector<std::string> expected;
    for (int i = 0; i < 50; ++i) {
        s.submit("m" + std::to_string(i));
        expected.push_back("s/m" + std::to_string(i));
    }
    w.run();
    check(expected, order);
}

static void stores_in_turn() {
    World w;
    std::vector<std::string> order;
    record(w.transport("smtp"), order);
    Store &a = w.store("a"), &b = w.store("b"), &c = w.store("c"), &first = w.store("first");
    first.in_lock = [&](const std::string &) { // while the transport is not free
        for (const char *message : {"1", "2", "3", "4"})
            a.submit(message);
        for (const char *message : {"1", "2"})
            b.submit(message);
        c.submit("1");
    };
    first.submit("0");
    w.run();
    check({"first/0", "a/1", "b/1", "c/1", "a/2", "b/2", "a/3", "a/4"}, order);
}

static void a_logoff_under_way_comes_first() {
    World w;
    std::vector<std::string> order;
    record(w.transport("smtp"), order);
    Store &a = w.store("a"), &b = w.store("b");
    a.submit("0");
    w.run();
    check({"a/0"}, order);
    for (const char *message : {"1", "2", "3"})
        a.submit(message);
    for (const char *message : {"1", "2", "3"})
        b.submit(message);
    CHECK_IS("COMPLETE QUEUE", b.logoff(LOGOFF_NO_WAIT));
    w.run();
    // a/1 may have been promised to the transport before.
    if (order.front() == "a/1")
        check({"a/1", "b/1", "b/2", "b/3", "a/2", "a/3"}, order);
    else
        check({"b/1", "b/2", "b/3", "a/1", "a/2", "a/3"}, order);
}

int main() {
    in_the_order_of_submission();
    one_that_waits_holds_up_nobody();
    what_comes_back();
    several_transports();
    stores_in_turn();
    a_logoff_under_way_comes_first();
}
