// Manual mode: all work is done inside the run call and inside calls that wait. A call that only asks does none,
// inside a callback neither: what another call has brought about is not its business. semantics.md, section 6.

#include "world.hpp"

int main() {
    World w;
    Transport &taker = w.self_driven("taker");
    Store &s = w.store("s");
    s.submit("m1");
    Transfer declined = taker.take(1);
    elsewhere([&] { CHECK_HR(S_OK, declined.end(MAPI_E_NOT_ME)); });
    w.forget();

    // The take that waits is given m2, whose lock comes as soon as SubmitMessage of m1 is entered: messages of a
    // store start in order.
    w.transport("driven", "", [&](Transport &driven) {
        driven.in_submit = [&](const MAPISPOOLMESSAGE &) {
            std::string before = s.status();
            CHECK_IS(before, s.status());
            w.say("asked");
        };
    });
    s.in_lock = [&](const std::string &message) {
        if (message == "m1")
            s.submit("m2");
    };
    Transfer m2 = taker.take(1);
    CHECK_IS("m2", m2.message);
    EXPECT(w, {"s: lock m1", "driven: notify BEGIN_OUTBOUND", "driven: submit m1", "asked", "driven: end m1",
               "s: lock m2", "s: finished m1"});

    elsewhere([&] { CHECK_HR(S_OK, m2.end()); });
    w.run();
    EXPECT(w, {"s: finished m2"});
}
