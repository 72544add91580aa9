// A process that dies, also by SIGKILL at any instant, has its opens forgotten by the operating system: no stale
// entry makes a later logoff be ignored (semantics.md section 2, Other opens).
#include "live.hpp"

/** Opens and logs off at random until it is killed. */
static int live(unsigned seed, const Pipe &alive) {
    std::minstd_rand random(seed);
    HMAPISPOOLER spooler = open_spooler(0, "shared");
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    add_transport(spooler, "smtp", ops);
    HMAPISTORE stores[4] = {};
    alive.tell('a');
    for (;;) {
        unsigned which = random() % 4;
        if (stores[which] == nullptr)
            stores[which] = open_store(spooler, "s" + std::to_string(which));
        else {
            const ULONG instructions[] = {LOGOFF_ABORT, LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_QUIET};
            (void) submit(stores[which], "m");
            ULONG word = instructions[random() % 5];
            CHECK_HR(S_OK, StoreLogoffTransports(stores[which], &word));
            CHECK_HR(S_OK, MapiStoreRelease(stores[which]));
            stores[which] = nullptr;
        }
    }
}

/** With the others gone, a logoff of each store is real: FlushQueues is called. */
static void the_only_one() {
    static int flushes;
    flushes = 0;
    HMAPISPOOLER spooler = open_spooler(0, "shared");
    MAPITRANSPORTOPS ops = transport_ops();
    ops.FlushQueues = [](void *, ULONG) -> HRESULT { ++flushes; return S_OK; };
    add_transport(spooler, "smtp", ops);
    for (int i = 0; i < 4; ++i) {
        HMAPISTORE store = open_store(spooler, "s" + std::to_string(i));
        CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
        CHECK_EQUAL(i + 1, flushes);
        CHECK_HR(S_OK, MapiStoreRelease(store));
    }
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
}

int main() {
    std::string directory = own_runtime_directory();
    std::minstd_rand random(7);
    for (unsigned round = 0; round < 100; ++round) {
        Pipe alive;
        pid_t children[3];
        for (unsigned i = 0; i < 3; ++i)
            children[i] = start_child([&alive, round, i] { return live(round * 10 + i, alive); });
        for (int i = 0; i < 3; ++i)
            CHECK_EQUAL('a', alive.hear());
        // Any instant will do.
        for (volatile unsigned spin = random() % 300000; spin > 0; --spin) {
        }
        for (pid_t child : children) {
            CHECK(kill(child, SIGKILL) == 0);
            if (random() % 2)
                sched_yield();
        }
        for (pid_t child : children)
            CHECK_EQUAL(-SIGKILL, end_of(child));
        // In a process of its own: this one shall have no threads when it forks.
        CHECK_EQUAL(0, end_of(start_child([] { the_only_one(); return 0; })));
    }
    remove_tree(directory);
    return 0;
}
