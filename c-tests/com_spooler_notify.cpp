// SpoolerNotify has two flags for stores: NOTIFY_READYTOSEND ends the waits for a message's lock, and nobody else's;
// NOTIFY_NEWMAIL_RECEIVED is accepted. IMAPISupport::SpoolerNotify.

#include "support_object.hpp"

static void locks_are_tried_again() {
    World w;
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    Store &other = w.store("other");
    LPMAPISUP support = support_of(s);
    smtp.on("slow", {Answer(MAPI_E_WAIT, 60)});
    s.lock_answers["m1"] = {MAPI_E_NO_ACCESS, MAPI_E_NO_ACCESS};
    other.lock_answers["m2"] = {MAPI_E_NO_ACCESS};
    s.submit("slow");
    s.submit("m1");
    other.submit("m2");
    w.run();
    CHECK_IS("QUEUE: waiting 2", s.status());
    w.forget();
    CHECK_HR(S_OK, support->SpoolerNotify(NOTIFY_NEWMAIL_RECEIVED, nullptr));
    w.run();
    EXPECT(w, {});
    CHECK_HR(S_OK, support->SpoolerNotify(NOTIFY_READYTOSEND, nullptr));
    w.run();
    EXPECT(w, {"s: lock m1"});
    CHECK_HR(S_OK, support->SpoolerNotify(NOTIFY_READYTOSEND | NOTIFY_NEWMAIL_RECEIVED, &w));
    w.run();
    EXPECT(w, {"s: lock m1", "smtp: submit m1", "smtp: end m1", "s: finished m1"});
    CHECK_HR(S_OK, support->SpoolerNotify(NOTIFY_READYTOSEND, nullptr)); // nothing waits for a lock
    w.run();
    EXPECT(w, {});
    CHECK_IS("QUEUE: waiting 1, finished 1", s.status());
    CHECK_EQUAL(0, support->Release());
}

static void what_is_not_a_stores() {
    World w;
    Store &s = w.store("s");
    LPMAPISUP support = support_of(s, host);
    recorded.name = nullptr;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, support->SpoolerNotify(0, nullptr));
    for (ULONG bit = 1; bit != 0; bit <<= 1)
        if (bit != NOTIFY_READYTOSEND && bit != NOTIFY_NEWMAIL_RECEIVED)
            CHECK_HR(MAPI_E_UNKNOWN_FLAGS, support->SpoolerNotify(bit | NOTIFY_READYTOSEND, nullptr));
    CHECK(recorded.name == nullptr);
    CHECK_EQUAL(0, support->Release());
}

int main() {
    locks_are_tried_again();
    what_is_not_a_stores();
}
