// No callback runs on a thread of the caller, but Released and finalizers where the call itself releases
// (semantics.md section 6): a call that has nothing to do with a logoff never runs another's Released.
#include "live.hpp"

enum Doing { NOTHING_THAT_RELEASES, RELEASING, SPOOLERS };
static thread_local Doing doing = SPOOLERS; // on the spooler's threads nobody changes it
static std::atomic<int> released{0};

int main() {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.ulRetryPause = 2; // a logoff gives up on a self-driven transport after this
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    doing = NOTHING_THAT_RELEASES;
    MAPITRANSPORTOPS driven = transport_ops();
    driven.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT {
        CHECK_EQUAL(SPOOLERS, doing);
        return S_OK;
    };
    driven.TransportNotify = [](void *, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT {
        CHECK_EQUAL(SPOOLERS, doing);
        return S_OK;
    };
    MAPISTOREOPS ops = store_ops();
    ops.SetLockState = [](void *, ULONG, const void *, ULONG) -> HRESULT { CHECK_EQUAL(SPOOLERS, doing); return S_OK; };
    ops.FinishedMsg = [](void *, ULONG, ULONG, const void *) -> HRESULT { CHECK_EQUAL(SPOOLERS, doing); return S_OK; };
    ops.Released = [](void *, ULONG) {
        CHECK(doing != NOTHING_THAT_RELEASES);
        ++released;
        std::this_thread::yield(); // time for another thread to come by
    };
    HMAPISTORE bystander = open_store(spooler, "bystander");
    HMAPITRANSPORT self = add_transport(spooler, "self", transport_ops());

    std::atomic<bool> over{false};
    std::vector<std::thread> others;
    for (int i = 0; i < 2; ++i)
        others.emplace_back([&, i] {
            doing = NOTHING_THAT_RELEASES;
            for (int n = 0; !over; ++n) {
                (void) status_of(bystander);
                std::string id = std::to_string(i) + "." + std::to_string(n);
                HRESULT hr = submit(bystander, id); // in the end it is logged off too
                CHECK(hr == S_OK || hr == MAPI_E_INVALID_OBJECT);
                hr = MapiStoreAbortSubmit(bystander, static_cast<ULONG>(id.size()), id.data());
                CHECK(hr == S_OK || hr == MAPI_E_INVALID_OBJECT);
                (void) MapiStoreWait(bystander, 0);
            }
        });

    // Many at once, on this thread.
    const int many = 200;
    HMAPISTORE stores[many];
    for (int i = 0; i < many; ++i)
        stores[i] = open_store(spooler, "q" + std::to_string(i), &ops);
    ULONG incomplete = 0;
    doing = RELEASING;
    for (int i = 0; i < many; ++i)
        CHECK_EQUAL(LOGOFF_COMPLETE, logoff(stores[i], LOGOFF_QUIET));
    doing = NOTHING_THAT_RELEASES;
    for (int i = 0; i < many; ++i) {
        CHECK_HR(S_OK, MapiStoreRelease(stores[i]));
        stores[i] = open_store(spooler, "q" + std::to_string(i), &ops);
    }
    doing = RELEASING;
    CHECK_HR(S_OK, MapiSpoolerLogoffStores(spooler, LOGOFF_ORDERLY, MAPISPOOL_INFINITE, &incomplete));
    doing = NOTHING_THAT_RELEASES;
    CHECK_EQUAL(0, incomplete);
    over = true;
    for (auto &other : others)
        other.join();
    others.clear();
    CHECK(eventually([many] { return released == 2 * many; }));

    // Time that passes releases on the spooler's threads, whoever calls when it has passed.
    bystander = open_store(spooler, "another");
    for (int i = 0; i < many; ++i) {
        CHECK_HR(S_OK, MapiStoreRelease(stores[i]));
        stores[i] = open_store(spooler, "t" + std::to_string(i), &ops);
        CHECK_HR(S_OK, submit(stores[i], "m"));
        CHECK((logoff(stores[i], LOGOFF_NO_WAIT) & LOGOFF_COMPLETE) != 0);
    }
    while (released < 3 * many)
        (void) status_of(bystander);
    (void) self;

    // In the background of a driven transport.
    add_transport(spooler, "driven", driven);
    for (int i = 0; i < many; ++i) {
        CHECK_HR(S_OK, MapiStoreRelease(stores[i]));
        stores[i] = open_store(spooler, "d" + std::to_string(i), &ops);
        CHECK_HR(S_OK, submit(stores[i], "m"));
        doing = RELEASING; // it may have been sent by then
        CHECK((logoff(stores[i], LOGOFF_NO_WAIT) & LOGOFF_COMPLETE) != 0);
        doing = NOTHING_THAT_RELEASES;
    }
    for (int i = 0; i < many; ++i) {
        CHECK_HR(S_OK, MapiStoreWait(stores[i], MAPISPOOL_INFINITE));
        CHECK_HR(S_OK, MapiStoreRelease(stores[i]));
    }
    CHECK_EQUAL(4 * many, released);
    doing = RELEASING;
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}
