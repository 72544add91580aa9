// LOGOFF_QUIET on a busy store is no logoff and says what is going on; polled while mail goes, it completes when
// the last message has gone (semantics.md section 2, Outcomes).
#include "live.hpp"

int main() {
    const ULONG mail = 500;
    World w(World::Options::threads());
    Gate go;
    for (const char *name : {"a", "b"})
        w.transport(name).in_submit = [&](const MAPISPOOLMESSAGE &) { CHECK(go.pass()); };
    Store &s = w.store("s");
    for (ULONG i = 0; i < mail; ++i)
        s.submit("m" + std::to_string(i));
    CHECK(eventually([&] { return s.raw_status().cOutbound == 2; }));
    CHECK_IS("OUTBOUND QUEUE", s.logoff(LOGOFF_QUIET));
    go.open();
    ULONG word, sent = 0;
    do {
        MAPISPOOLSTATUS status = s.raw_status();
        CHECK(status.cFinished >= sent);
        sent = status.cFinished;
        word = LOGOFF_QUIET;
        CHECK_HR(S_OK, StoreLogoffTransports(s.handle, &word));
        CHECK(word != 0);
        CHECK(word == LOGOFF_COMPLETE || (word & LOGOFF_COMPLETE) == 0);
    } while (word != LOGOFF_COMPLETE);
    CHECK_HR(S_OK, s.wait());
    CHECK_IS("COMPLETE: finished 500", s.status());
    return 0;
}
