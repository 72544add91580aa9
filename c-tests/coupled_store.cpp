// A store coupled to a transport (own-store identifier) is served by that transport first; other stores are
// served in transport order. semantics.md, section 4.

#include "world.hpp"

int main() {
    World w;
    w.transport("first");
    Transport &own = w.transport("own", "coupled");
    w.transport("last");
    Store &coupled = w.store("coupled"), &other = w.store("other"), &close = w.store("coupled2"), &s = w.store("s");
    w.forget();
    coupled.submit("m1");
    w.run();
    EXPECT(w, {"coupled: lock m1", "own: submit coupled/m1", "own: end coupled/m1", "coupled: finished m1"});
    // Byte by byte: a longer identifier is another store.
    for (Store *store : {&other, &close}) {
        store->submit("m1");
        w.run();
        EXPECT(w, {store->name + ": lock m1", "first: submit " + store->id + "/m1", "first: end " + store->id + "/m1",
                   store->name + ": finished m1"});
    }

    // It serves other stores too, in its place; and what it declines goes to the others in order.
    w.forget();
    own.otherwise = MAPI_E_NOT_ME;
    coupled.submit("m2");
    w.run();
    EXPECT(w, {
        "coupled: lock m2", "own: submit coupled/m2", "coupled: unlock m2",
        "coupled: lock m2", "first: submit coupled/m2", "first: end coupled/m2", "coupled: finished m2",
    });

    // Two logons of the store: coupled is the store, not the logon.
    own.otherwise = S_OK;
    Store &again = w.store("again", "coupled");
    CHECK_IS("COMPLETE", coupled.logoff(LOGOFF_QUIET));
    w.forget();
    again.submit("m3");
    w.run();
    EXPECT(w, {"again: lock m3", "own: submit coupled/m3", "own: end coupled/m3", "again: finished m3"});

    // Gone: transport order.
    CHECK_HR(S_OK, MapiTransportRemove(own.handle));
    w.forget();
    again.submit("m4");
    w.run();
    EXPECT(w, {"again: lock m4", "first: submit coupled/m4", "first: end coupled/m4", "again: finished m4"});
    (void) s;
}
