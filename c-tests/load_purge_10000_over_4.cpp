// LOGOFF_PURGE of 10,000 messages over four transports, of which one is slow and one fails each message: each
// message has had its attempt and is sent or reported as queued, and the counts are right (semantics.md section 2,
// Ruling PURGE; section 4).
#include "live.hpp"

int main() {
    const ULONG mail = 10000;
    World w(World::Options::threads());
    std::atomic<ULONG> failed{0};
    Transport &slow = w.transport("slow");
    slow.in_submit = [](const MAPISPOOLMESSAGE &) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
    Transport &fails = w.transport("fails");
    fails.otherwise = Answer(MAPI_E_NETWORK_ERROR, 3600);
    fails.in_submit = [&](const MAPISPOOLMESSAGE &) { ++failed; };
    w.transport("a");
    w.transport("b");
    Store &s = w.store("s");
    for (ULONG i = 0; i < mail; ++i)
        s.submit("m" + std::to_string(i));
    MAPISPOOLSTATUS before = s.raw_status();
    CHECK_EQUAL(mail, before.cReady + before.cWaiting + before.cOutbound + before.cFinished);

    ULONG word = LOGOFF_PURGE;
    CHECK_HR(S_OK, StoreLogoffTransports(s.handle, &word));
    CHECK_HR(S_OK, s.wait());
    MAPISPOOLSTATUS after = s.raw_status();
    CHECK_EQUAL(mail, after.cWaiting + after.cFinished);
    CHECK_EQUAL(0, after.cReady + after.cOutbound);
    CHECK_EQUAL(after.cWaiting > 0 ? LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE : LOGOFF_COMPLETE, word);
    CHECK(after.cWaiting > 0);
    CHECK(failed >= after.cWaiting); // what had failed before the purge had another attempt
    CHECK_EQUAL(after.cWaiting, s.box.outbox->mail.size());
    CHECK_EQUAL(after.cFinished, s.box.outbox->finished.size());
    const char *names[] = {"slow", "fails", "a", "b"};
    for (const char *name : names)
        CHECK_EQUAL(1, w.count(std::string(name) + ": flush"));
    return 0;
}
