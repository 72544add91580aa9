// Of N opens that log off at the same time, in any number of processes, exactly one, the last, performs the real
// logoff (semantics.md section 2, Other opens). The real one is seen by its FlushQueues.
#include "live.hpp"

static const int PROCESSES = 4, ROUNDS = 300;

/** One of them. */
static int log_off_when_told() {
    static std::atomic<int> flushes{0};
    HMAPISPOOLER spooler = open_spooler(0, "shared");
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
    ops.FlushQueues = [](void *, ULONG) -> HRESULT { ++flushes; return S_OK; };
    add_transport(spooler, "smtp", ops);
    for (int round = 0; round < ROUNDS; ++round) {
        CHECK_EQUAL('o', hear_parent()); // nobody opens while others still log off
        HMAPISTORE store = open_store(spooler, "store");
        int before = flushes;
        tell_parent('r');
        CHECK_EQUAL('l', hear_parent());
        CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
        CHECK_HR(S_OK, MapiStoreWait(store, MAPISPOOL_INFINITE));
        CHECK_HR(S_OK, MapiStoreRelease(store));
        tell_parent(flushes == before ? 'i' : 'f'); // ignored, or flushed
    }
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}

int main(int count, char **) {
    if (count > 1)
        return log_off_when_told();
    std::string directory = own_runtime_directory();
    std::vector<std::unique_ptr<Child>> children;
    for (int i = 0; i < PROCESSES; ++i)
        children.emplace_back(new Child({"log off when told"}));
    for (int round = 0; round < ROUNDS; ++round) {
        for (auto &child : children)
            child->tell('o');
        for (auto &child : children)
            CHECK_EQUAL('r', child->hear());
        for (auto &child : children)
            child->tell('l');
        int real = 0;
        for (auto &child : children)
            real += child->hear() == 'f';
        CHECK_EQUAL(1, real);
    }
    for (auto &child : children)
        CHECK_EQUAL(0, child->end());
    remove_tree(directory);
    return 0;
}
