// A message goes to the first transport, in transport order, that is free and has not declined it.
// semantics.md, section 4.

#include "world.hpp"

static std::vector<std::string> sent_by(World &w) {
    w.run();
    std::vector<std::string> found;
    for (const std::string &line : w.lines())
        if (line.find(": submit ") != std::string::npos)
            found.push_back(line);
    w.forget();
    return found;
}

static void check(const std::vector<std::string> &expected, World &w) {
    std::vector<std::string> is = sent_by(w);
    if (is != expected) {
        for (const auto &line : is)
            fprintf(stderr, "  is %s\n", line.c_str());
        check_failed(__FILE__, __LINE__, "the transports in the order expected");
    }
}

static void in_transport_order() {
    World w;
    Transport &a = w.transport("a"), &b = w.transport("b"), &c = w.transport("c");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    check({"a: submit m1"}, w);
    // Declined down the line; each message anew.
    a.otherwise = MAPI_E_NOT_ME;
    b.otherwise = MAPI_E_NOT_ME;
    s.submit("m2");
    check({"a: submit m2", "b: submit m2", "c: submit m2"}, w);
    s.submit("m3");
    check({"a: submit m3", "b: submit m3", "c: submit m3"}, w);
    // A removed one's place is gone, a new one stands at the end, though it may have the old one's slot.
    CHECK_HR(S_OK, MapiTransportRemove(a.handle));
    Transport &d = w.transport("d");
    w.forget();
    c.otherwise = MAPI_E_NOT_ME;
    s.submit("m4");
    check({"b: submit m4", "c: submit m4", "d: submit m4"}, w);
    // One that is called no more is passed over.
    CHECK_HR(S_OK, b.notify(NOTIFY_CRITICAL_ERROR));
    s.submit("m5");
    check({"c: submit m5", "d: submit m5"}, w);
    CHECK_HR(S_OK, b.notify(NOTIFY_READYTOSEND));
    s.submit("m6");
    check({"b: submit m6", "c: submit m6", "d: submit m6"}, w);
    // Nobody takes it: it waits. A new transport gets it alone, the others have declined it.
    d.otherwise = MAPI_E_NOT_ME;
    s.submit("m7");
    check({"b: submit m7", "c: submit m7", "d: submit m7"}, w);
    CHECK_IS("QUEUE: waiting 1, finished 6", s.status());
    w.transport("e");
    check({"e: submit m7"}, w);
}

// A message that was declined remembers transports, not slots: the newcomer in a removed one's slot is asked.
static void a_slot_that_is_used_again() {
    World w;
    Transport &a = w.transport("a");
    Store &s = w.store("s");
    a.otherwise = MAPI_E_NOT_ME;
    s.submit("m1");
    check({"a: submit m1"}, w);
    CHECK_HR(S_OK, MapiTransportRemove(a.handle));
    w.transport("b");
    check({"b: submit m1"}, w);

    World v;
    Transport &c = v.transport("c");
    Store &t = v.store("s");
    c.otherwise = MAPI_W_PARTIAL_COMPLETION;
    t.submit("m1");
    check({"c: submit m1"}, v);
    CHECK_HR(S_OK, MapiTransportRemove(c.handle));
    v.transport("d");
    check({"d: submit m1"}, v);
}

// Free: one that is busy with a message is passed over while another is free.
static void the_first_that_is_free() {
    World w;
    Transport &a = w.transport("a");
    w.transport("b");
    Store &s = w.store("s");
    w.forget();
    a.in_submit = [&](const MAPISPOOLMESSAGE &message) {
        if (std::string(static_cast<const char *>(message.lpEntryID), message.cbEntryID) == "m1")
            s.submit("m2"); // while a has m1
    };
    s.submit("m1");
    w.run();
    EXPECT(w, {
        "s: lock m1", "a: submit m1", "a: end m1", "s: finished m1", "s: lock m2",
        "b: submit m2", "b: end m2", "s: finished m2",
    });
}

// Self-driven ones are free while they take.
static void self_driven_ones() {
    World w;
    Transport &a = w.self_driven("a"), &b = w.self_driven("b");
    Store &s = w.store("s");
    w.forget();
    s.submit("m1");
    s.submit("m2");
    Transfer m1 = b.take(), m2 = a.take(), none;
    CHECK_IS("m1", m1.message);
    CHECK_IS("m2", m2.message);
    CHECK_HR(S_OK, m1.end(MAPI_E_NOT_ME));
    CHECK_HR(MAPI_E_TIMEOUT, b.try_take(0, none));
    m1 = a.take();
    CHECK_IS("m1", m1.message);
    CHECK_HR(S_OK, m1.end());
    CHECK_HR(S_OK, m2.end());
}

int main() {
    in_transport_order();
    a_slot_that_is_used_again();
    the_first_that_is_free();
    self_driven_ones();
}
