// Of N opens that log off at the same time, in any number of processes, exactly one, the last, performs the real
// logoff (semantics.md section 2, Other opens). The real one is seen by its FlushQueues.
#include "live.hpp"

#include <memory>

int main() {
    const int processes = 4, rounds = 300;
    std::string directory = own_runtime_directory();
    std::vector<std::unique_ptr<Pipe>> go;
    std::vector<pid_t> children;
    Pipe ready, done;
    for (int i = 0; i < processes; ++i)
        go.emplace_back(new Pipe);
    for (int i = 0; i < processes; ++i) {
        Pipe &mine = *go[i];
        children.push_back(start_child([&ready, &done, &mine] {
            static std::atomic<int> flushes{0};
            HMAPISPOOLER spooler = open_spooler(0, "shared");
            MAPITRANSPORTOPS ops = transport_ops();
            ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { return S_OK; };
            ops.FlushQueues = [](void *, ULONG) -> HRESULT { ++flushes; return S_OK; };
            add_transport(spooler, "smtp", ops);
            for (int round = 0; round < rounds; ++round) {
                CHECK_EQUAL('o', mine.hear()); // nobody opens while others still log off
                HMAPISTORE store = open_store(spooler, "store");
                int before = flushes;
                ready.tell('r');
                CHECK_EQUAL('l', mine.hear());
                CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
                CHECK_HR(S_OK, MapiStoreWait(store, MAPISPOOL_INFINITE));
                CHECK_HR(S_OK, MapiStoreRelease(store));
                done.tell(flushes == before ? 'i' : 'f'); // ignored, or flushed
            }
            CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
            return 0;
        }));
    }
    ready.only_hear();
    done.only_hear();
    for (int round = 0; round < rounds; ++round) {
        for (auto &pipe : go)
            pipe->tell('o');
        for (int i = 0; i < processes; ++i)
            CHECK_EQUAL('r', ready.hear());
        for (auto &pipe : go)
            pipe->tell('l');
        int real = 0;
        for (int i = 0; i < processes; ++i)
            real += done.hear() == 'f';
        CHECK_EQUAL(1, real);
    }
    for (pid_t child : children)
        CHECK_EQUAL(0, end_of(child));
    remove_tree(directory);
    return 0;
}
