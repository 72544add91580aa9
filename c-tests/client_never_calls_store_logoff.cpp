// A client that never calls StoreLogoff: the provider's final release is an ABORT, nothing is lost, nothing hangs.
// Which instruction the default is: semantics.md, section 3; whose mail it stays: section 4.

#include "world.hpp"

int main() {
    auto outbox = std::make_shared<Outbox>();
    {
        World w;
        Transport &imap = w.self_driven("imap");
        Store &s = w.store("s", "", 0, outbox);
        w.forget();
        s.submit("m1");
        s.submit("m2");
        Transfer out;
        elsewhere([&] { out = imap.take(); });
        imap.in_notify = [&](ULONG flags, const MAPISPOOLMESSAGE *) {
            if (flags == NOTIFY_CANCEL_MESSAGE)
                CHECK_HR(S_OK, out.end(MAPI_E_USER_CANCEL));
        };
        s.release();
        w.run();
        EXPECT_ALL(w, {
            "s: lock m1", "imap: notify CANCEL_MESSAGE m1", "s: unlock m1", "imap: notify END_OUTBOUND",
            "s: released COMPLETE QUEUE",
        });
    }
    CHECK_EQUAL(2, outbox->mail.size());
    CHECK(outbox->locks.empty());
    {
        // Whoever opens the store next submits again what its Outbox holds.
        World w;
        w.transport("smtp");
        Store &s = w.store("s", "", 0, outbox);
        for (const std::string &message : std::set<std::string>(outbox->mail))
            s.submit(message);
        w.run();
        CHECK(outbox->mail.empty());
        s.release();
    }
}
