// MapiSpoolerLogoffStores: each store with the one instruction, one deadline in place of the limits, all logons of
// a store end, what did not complete is counted and stays. semantics.md, section 7, "LogoffStores".

#include "world.hpp"

static ULONG logoff_all(World &w, ULONG instruction, ULONG timeout = MAPISPOOL_INFINITE) {
    ULONG incomplete = 77;
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(w.handle, instruction, timeout, &incomplete));
    return incomplete;
}

static const ULONG instructions[] = {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET};

static void all_at_rest() {
    for (ULONG instruction : instructions) {
        World w;
        CHECK_EQUAL(0, logoff_all(w, instruction)); // none
        w.transport("smtp");
        for (int i = 0; i < 50; ++i)
            w.store("s" + std::to_string(i));
        Store &twice = w.store("twice", "s0"); // several logons of a store are all ended
        CHECK_EQUAL(0, logoff_all(w, instruction | LOGOFF_COMPLETE)); // output flags are ignored
        w.run();
        CHECK_IS("COMPLETE", twice.status());
        for (int i = 0; i < 50; ++i)
            CHECK_EQUAL(1, w.count("s" + std::to_string(i) + ": released COMPLETE"));
        CHECK_EQUAL(1, w.count("smtp: notify END_OUTBOUND"));
        CHECK_EQUAL(0, logoff_all(w, instruction)); // over
    }
}

static void quiet_and_a_queue() {
    World w;
    Store &a = w.store("a"), &b = w.store("b"), &c = w.store("c");
    a.submit("m1");
    c.submit("m1");
    CHECK_EQUAL(2, logoff_all(w, LOGOFF_QUIET));
    CHECK_IS("COMPLETE", b.status());
    CHECK_IS("QUEUE: waiting 1", a.status());
    a.submit("m2"); // stays and works
    CHECK_EQUAL(0, logoff_all(w, LOGOFF_ORDERLY));
}

static void purge_sends_everything() {
    World w;
    Transport &smtp = w.transport("smtp");
    std::vector<Store *> stores;
    for (int i = 0; i < 5; ++i) {
        stores.push_back(&w.store("s" + std::to_string(i)));
        for (const char *message : {"m1", "m2", "m3"})
            stores.back()->submit(message);
    }
    smtp.on("s3/m2", {ends_with(END_RESEND_LATER)});
    CHECK_EQUAL(0, logoff_all(w, LOGOFF_PURGE));
    for (Store *store : stores)
        CHECK_IS(store == stores[3] ? "COMPLETE QUEUE: waiting 1, finished 2" : "COMPLETE: finished 3", store->status());
}

// The deadline stands in for the abort and purge limits; what is not done by then stays.
static void the_deadline() {
    for (ULONG instruction : {LOGOFF_ABORT, LOGOFF_PURGE})
        for (ULONG deadline : {3500u, 0u}) {
            WorldOptions options;
            options.abort_limit = 1;
            options.purge_limit = 1;
            World w(options);
            Transport &imap = w.self_driven("imap");
            Store &busy = w.store("busy"), &idle = w.store("idle");
            Transfer out;
            elsewhere([&] { out = imap.begin(busy, "m1"); });
            w.forget();
            // A transport is flushed when it has nothing in process, so the idle store's purge waits for it too.
            bool neither = instruction == LOGOFF_PURGE;
            CHECK_EQUAL(neither ? 2 : 1, logoff_all(w, instruction, deadline));
            w.run();
            if (instruction == LOGOFF_ABORT && deadline != 0)
                CHECK_EQUAL(4, w.count("imap: notify CANCEL_MESSAGE busy/m1"));
            CHECK_IS("OUTBOUND: outbound 1", busy.status());
            CHECK(!out.cancelled());
            CHECK_IS(neither ? "-" : "COMPLETE", idle.status());
            busy.submit("m2");
            CHECK_HR(S_OK, out.end());
            CHECK_HR(S_OK, imap.take().end());
        }
}

// A store whose transfer is this thread's own would wait for itself: it is counted, the others go. In a purge
// they wait too, for the flush of that transport.
static void own_transfer() {
    for (ULONG instruction : {LOGOFF_ABORT, LOGOFF_PURGE}) {
        World w;
        Transport &imap = w.self_driven("imap");
        Store &mine = w.store("mine"), &idle = w.store("idle");
        Transfer out = imap.begin(mine, "m1");
        bool purge = instruction == LOGOFF_PURGE;
        CHECK_EQUAL(purge ? 2 : 1, logoff_all(w, instruction));
        CHECK(!out.cancelled());
        CHECK_IS("OUTBOUND: outbound 1", mine.status());
        CHECK_IS(purge ? "-" : "COMPLETE", idle.status());
        CHECK_HR(S_OK, out.end());
    }
}

static void background_ones_are_done() {
    World w;
    Transport &imap = w.self_driven("imap");
    Store &a = w.store("a"), &b = w.store("b");
    Transfer out_a = imap.begin(a, "m1"), out_b = imap.begin(b, "m1");
    CHECK_IS("COMPLETE OUTBOUND", a.logoff(LOGOFF_ORDERLY));
    CHECK_EQUAL(1, logoff_all(w, LOGOFF_QUIET)); // b
    CHECK_EQUAL(0, logoff_all(w, LOGOFF_NO_WAIT));
    CHECK_IS("COMPLETE OUTBOUND: outbound 1", b.status());
    CHECK_HR(S_OK, out_a.end());
    CHECK_HR(S_OK, out_b.end());
}

static void bad_words() {
    World w;
    Store &s = w.store("s");
    ULONG incomplete = 77;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerLogoffStores(w.handle, 0, 0, &incomplete));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerLogoffStores(w.handle, LOGOFF_COMPLETE, 0, &incomplete));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerLogoffStores(w.handle, LOGOFF_QUIET | LOGOFF_ABORT, 0, &incomplete));
    CHECK_HR(MAPI_E_UNKNOWN_FLAGS, MapiSpoolerLogoffStores(w.handle, LOGOFF_QUIET | 0x40, 0, &incomplete));
    CHECK_HR(MAPI_E_INVALID_PARAMETER, MapiSpoolerLogoffStores(w.handle, LOGOFF_QUIET, 0, nullptr));
    CHECK_EQUAL(77, incomplete);
    CHECK_IS("-", s.status());
}

int main() {
    all_at_rest();
    quiet_and_a_queue();
    purge_sends_everything();
    the_deadline();
    own_transfer();
    background_ones_are_done();
    bad_words();
}
