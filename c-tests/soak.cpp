// A mixed load for a long time: sixteen threads open and close spoolers, stores and transports, submit, send, receive,
// log off in every way, and make mistakes. Each message is sent once, or aborted, or still in its Outbox; each context
// is given back; and memory, threads and descriptors are as many in the end as in the beginning.
//
//     soak [SECONDS [SEED]]         5 seconds if not told; by hand: 1800
//
// Now and then everybody pauses: the spoolers are closed, the Outboxes are emptied, and the books are checked.
//
// ctest-long: 240 60
#include "live.hpp"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

static const unsigned THREADS = 16, BOXES = 8, STORES = 2 * BOXES, TRANSPORTS = 5;
static const ULONG SHORTLY = 2; // milliseconds

// The books.

/** Everything that was accepted and has not been given back: contexts whose finalizer has not run. */
static std::atomic<long> contexts{0};
/** What came of all messages. */
static std::atomic<unsigned long> written{0}, sent{0}, aborted{0}, logoffs{0}, calls{0};

/** A store's Outbox, which all spoolers share that have the store open. */
class Mailbox {
public:
    /** A new message; empty if there are enough. */
    std::string write() {
        std::lock_guard<std::mutex> hold(mutex);
        if (mail.size() >= 40)
            return "";
        std::string message = "message " + std::to_string(++written);
        mail[message] = nullptr;
        return message;
    }
    std::vector<std::string> unsent() {
        std::lock_guard<std::mutex> hold(mutex);
        std::vector<std::string> all;
        for (const auto &message : mail)
            all.push_back(message.first);
        return all;
    }
    /** Out of one spooler's queue; another may be sending it. */
    void take_back(const std::string &message) {
        std::lock_guard<std::mutex> hold(mutex);
        auto found = mail.find(message);
        if (found == mail.end() || found->second != nullptr)
            return;
        mail.erase(found);
        ++aborted;
    }
    HRESULT lock(const std::string &message, const void *owner) {
        std::lock_guard<std::mutex> hold(mutex);
        auto found = mail.find(message);
        if (found == mail.end())
            return MAPI_E_NOT_FOUND;
        if (found->second != nullptr)
            return MAPI_E_NO_ACCESS;
        found->second = owner;
        return S_OK;
    }
    void unlock(const std::string &message, const void *owner) {
        std::lock_guard<std::mutex> hold(mutex);
        CHECK(mail.at(message) == owner);
        mail[message] = nullptr;
    }
    void finish(const std::string &message, const void *owner) {
        std::lock_guard<std::mutex> hold(mutex);
        CHECK(mail.at(message) == owner); // it has not been sent before, and nobody else has it
        mail.erase(message);
        ++sent;
    }

private:
    std::mutex mutex;
    /** Each message with the spooler that has it locked. */
    std::map<std::string, const void *> mail;
};
static Mailbox outboxes[BOXES];

static std::string text(ULONG size, const void *bytes) { return std::string(static_cast<const char *>(bytes), size); }

/** This is one of the results that the header names for the call in such a confusion. */
static bool answers(HRESULT hr, std::initializer_list<HRESULT> others) {
    ++calls;
    if (hr == S_OK)
        return true;
    if (std::find(others.begin(), others.end(), hr) == others.end())
        fprintf(stderr, "%s\n", result_name(hr));
    CHECK(std::find(others.begin(), others.end(), hr) != others.end());
    return false;
}

/** A handle that has ended meanwhile: another thread's doing. */
static const HRESULT GONE = MAPI_E_INVALID_PARAMETER;

static thread_local std::minstd_rand dice;
static unsigned roll(unsigned sides) { return static_cast<unsigned>(dice() >> 4) % sides; }

// What the library calls.

/** What came of a message that a transport had. */
struct Fate {
    HRESULT result;
    ULONG end_flags;
};

static Fate fate() {
    static const Fate fates[] = {
        {MAPI_E_NOT_ME, 0}, {MAPI_E_BUSY, 0}, {MAPI_E_WAIT, 0}, {MAPI_E_CALL_FAILED, 0},
        {MAPI_E_USER_CANCEL, 0}, {MAPI_W_PARTIAL_COMPLETION, 0},
        {S_OK, END_RESEND_NOW}, {S_OK, END_RESEND_LATER}, {S_OK, END_DONT_RESEND},
    };
    unsigned which = roll(30);
    return which < sizeof fates / sizeof *fates ? fates[which] : Fate{S_OK, 0};
}

/** The context of a store logon. */
struct Logon {
    Mailbox &outbox;
    const void *spooler; // whose locks these are
    explicit Logon(Mailbox &outbox, const void *spooler) : outbox(outbox), spooler(spooler) { ++contexts; }
    ~Logon() { --contexts; }

    static MAPISTOREOPS ops() {
        MAPISTOREOPS ops = store_ops();
        ops.SetLockState = [](void *logon, ULONG size, const void *id, ULONG state) -> HRESULT {
            Logon &me = *static_cast<Logon *>(logon);
            if (state == MSG_LOCKED)
                return me.outbox.lock(text(size, id), me.spooler);
            me.outbox.unlock(text(size, id), me.spooler);
            return S_OK;
        };
        ops.FinishedMsg = [](void *logon, ULONG, ULONG size, const void *id) -> HRESULT {
            Logon &me = *static_cast<Logon *>(logon);
            me.outbox.finish(text(size, id), me.spooler);
            return roll(50) == 0 ? MAPI_E_CALL_FAILED : S_OK; // it was sent all the same
        };
        ops.Released = [](void *logon, ULONG flags) {
            CHECK((flags & LOGOFF_COMPLETE) != 0);
            delete static_cast<Logon *>(logon);
        };
        return ops;
    }
};

/** The context of a transport. */
struct Provider {
    ULONG end_flags = 0;
    Provider() { ++contexts; }
    ~Provider() { --contexts; }

    static HRESULT MAPISPOOL_CALL send(void *provider, const MAPISPOOLMESSAGE *message, ULONG *) {
        for (unsigned left = roll(20); left > 0; --left) {
            if (MapiTransferSpoolerYield(message->hTransfer) == MAPI_W_CANCEL_MESSAGE)
                return MAPI_E_USER_CANCEL;
            std::this_thread::yield();
        }
        Fate end = fate();
        static_cast<Provider *>(provider)->end_flags = end.end_flags;
        return end.result;
    }
    static HRESULT MAPISPOOL_CALL send_at_once(void *provider, const MAPISPOOLMESSAGE *, ULONG *) {
        static_cast<Provider *>(provider)->end_flags = 0;
        return S_OK;
    }

    static MAPITRANSPORTOPS ops(bool driven) {
        MAPITRANSPORTOPS ops = transport_ops();
        if (driven) {
            ops.SubmitMessage = send;
            ops.EndMessage = [](void *provider, const MAPISPOOLMESSAGE *, ULONG *flags) -> HRESULT {
                *flags = static_cast<Provider *>(provider)->end_flags;
                return S_OK;
            };
        }
        ops.FlushQueues = [](void *, ULONG) -> HRESULT { return S_OK; };
        ops.TransportNotify = [](void *, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT { return S_OK; };
        ops.Destroy = [](void *provider) { delete static_cast<Provider *>(provider); };
        return ops;
    }
};

// A spooler that many use at once. Each handle is given up by whoever takes it out of its place; others may still
// hold the number, and are told that it is over.

template <typename Handle>
class Place {
public:
    Handle now() const { return handle; }
    Handle take() { return handle.exchange(nullptr); }
    /** Whether it was free. */
    bool put(Handle filled) {
        Handle empty = nullptr;
        return handle.compare_exchange_strong(empty, filled);
    }
    /** Whether it was still there. */
    bool take(Handle there) { return handle.compare_exchange_strong(there, nullptr); }

private:
    std::atomic<Handle> handle{nullptr};
};

class House {
public:
    House(const char *profile, ULONG flags) : profile(profile), flags(flags) {}

    void open() {
        MAPISPOOLOPTIONS options = {};
        options.cbSize = sizeof options;
        options.ulFlags = flags;
        options.lpszProfileName = profile;
        options.ulAbortLimit = options.ulPurgeLimit = 50;
        options.ulRetryPause = options.ulDeclinedPause = SHORTLY;
        options.lpvContext = this;
        options.lpfnLog = [](void *, ULONG, const char *line) { CHECK(line[0] != '\0'); };
        options.lpfnDestroy = [](void *) { --contexts; };
        HMAPISPOOLER opened = nullptr;
        ++contexts;
        CHECK_HR(S_OK, MapiSpoolerOpen(&options, &opened));
        if (!spooler.put(opened))
            close(opened, 0);
    }

    /** Closes the spooler, if nobody else is at it, and releases its stores. */
    void close() {
        if (HMAPISPOOLER closing = spooler.take())
            close(closing, roll(2) == 0 ? LOGOFF_ABORT : 0);
        for (auto &store : stores)
            release(store);
        for (auto &transport : transports)
            transport.take();
    }

    void do_anything() {
        static const struct { unsigned weight; void (House::*act)(); } deeds[] = {
            {20, &House::open_a_store}, {40, &House::submit_message}, {3, &House::abort_submit},
            {12, &House::log_off}, {4, &House::save_and_release}, {4, &House::wait}, {10, &House::ask},
            {2, &House::cancel_logoff}, {6, &House::add_a_transport}, {3, &House::remove_transport},
            {10, &House::notify}, {20, &House::take_message}, {5, &House::begin_outbound},
            {10, &House::receive}, {1, &House::logoff_stores}, {4, &House::make_mistakes}, {1, &House::reopen},
        };
        unsigned all = 0;
        for (const auto &deed : deeds)
            all += deed.weight;
        unsigned at = roll(all);
        const auto *deed = deeds;
        for (; at >= deed->weight; ++deed)
            at -= deed->weight;
        (this->*deed->act)();
    }

    /** Opens each store and sends what its Outbox holds. */
    void send_everything() {
        open();
        MAPITRANSPORTOPS ops = Provider::ops(true);
        ops.SubmitMessage = Provider::send_at_once;
        add_transport(0, ops);
        for (unsigned box = 0; box < BOXES; ++box) {
            open_store(box);
            HMAPISTORE store = stores[box].now();
            CHECK(eventually([&] { return status_of(store).ulFlags == 0; }));
            // Its limit is short, and may pass on a machine that has other work.
            CHECK(eventually([&] { return logoff(store, LOGOFF_PURGE) == LOGOFF_COMPLETE; }));
            CHECK(outboxes[box].unsent().empty());
        }
        close();
    }

private:
    const char *const profile;
    const ULONG flags;
    Place<HMAPISPOOLER> spooler;
    Place<HMAPISTORE> stores[STORES]; // two logons of each
    Place<HMAPITRANSPORT> transports[TRANSPORTS];

    static unsigned a_store() { return roll(STORES); }
    static Mailbox &outbox_of(unsigned store) { return outboxes[store % BOXES]; }
    HMAPITRANSPORT a_transport() const { return transports[roll(TRANSPORTS)].now(); }

    static void close(HMAPISPOOLER closing, ULONG instruction) {
        CHECK(eventually([&] { return answers(MapiSpoolerClose(closing, instruction, 100), {MAPI_E_TIMEOUT}); }));
    }

    void reopen() {
        close();
        open();
    }

    // Stores.

    void open_a_store() { open_store(a_store()); }

    /** Opens a store, unless it is open, and submits what its Outbox holds. */
    void open_store(unsigned which) {
        if (stores[which].now() != nullptr)
            return;
        HMAPISPOOLER where = spooler.now();
        Logon *logon = new Logon(outbox_of(which), where);
        MAPISTOREOPS ops = Logon::ops();
        std::string id = "store " + std::to_string(which % BOXES);
        HMAPISTORE store = nullptr;
        HRESULT hr = MapiSpoolerOpenStore(where, static_cast<ULONG>(id.size()), id.data(),
                                          which % BOXES == 0 ? MAPISPOOL_DEFAULT_INBOX : 0, &ops, logon, &store);
        if (!answers(hr, {GONE, MAPI_E_END_OF_SESSION})) {
            delete logon;
            return;
        }
        for (const std::string &message : outbox_of(which).unsent())
            submit_to(store, message);
        if (!stores[which].put(store))
            answers(MapiStoreRelease(store), {});
    }

    /** What is refused stays in the Outbox, for the next who opens the store. */
    static void submit_to(HMAPISTORE store, const std::string &message) {
        answers(submit(store, message),
                {GONE, MAPI_E_SUBMITTED, MAPI_E_BUSY, MAPI_E_INVALID_OBJECT, MAPI_E_END_OF_SESSION});
    }

    static void release(Place<HMAPISTORE> &place) {
        if (HMAPISTORE store = place.take())
            answers(MapiStoreRelease(store), {});
    }

    void submit_message() {
        unsigned which = a_store();
        std::string message = outbox_of(which).write();
        if (!message.empty())
            submit_to(stores[which].now(), message);
    }

    void abort_submit() {
        unsigned which = a_store();
        std::vector<std::string> all = outbox_of(which).unsent();
        if (all.empty())
            return;
        const std::string &message = all[roll(static_cast<unsigned>(all.size()))];
        HRESULT hr = MapiStoreAbortSubmit(stores[which].now(), static_cast<ULONG>(message.size()), message.data());
        if (answers(hr, {GONE, MAPI_E_INVALID_OBJECT, MAPI_E_NOT_IN_QUEUE, MAPI_E_UNABLE_TO_ABORT}))
            outbox_of(which).take_back(message);
    }

    static ULONG an_instruction() {
        static const ULONG all[] = {LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET};
        return all[roll(5)];
    }

    void log_off() {
        Place<HMAPISTORE> &place = stores[a_store()];
        HMAPISTORE store = place.now();
        ULONG word = an_instruction();
        if (!answers(StoreLogoffTransports(store, &word), {GONE, MAPI_E_INVALID_OBJECT, MAPI_E_BUSY}) ||
            (word & LOGOFF_COMPLETE) == 0)
            return;
        ++logoffs;
        if (roll(2) == 0)
            answers(MapiStoreWait(store, SHORTLY), {GONE, MAPI_E_TIMEOUT});
        if (place.take(store))
            answers(MapiStoreRelease(store), {});
    }

    void save_and_release() {
        Place<HMAPISTORE> &place = stores[a_store()];
        ULONG word = an_instruction();
        answers(MapiStoreLogoff(place.now(), &word), {GONE, MAPI_E_INVALID_OBJECT});
        release(place);
    }

    void wait() { answers(MapiStoreWait(stores[a_store()].now(), roll(SHORTLY)), {GONE, MAPI_E_TIMEOUT}); }

    void ask() {
        MAPISPOOLSTATUS status = {};
        status.cbSize = sizeof status;
        answers(MapiStoreGetStatus(stores[a_store()].now(), &status), {GONE});
    }

    void cancel_logoff() { answers(MapiStoreCancelLogoff(stores[a_store()].now()), {GONE}); }

    void logoff_stores() {
        ULONG incomplete = 0;
        answers(MapiSpoolerLogoffStores(spooler.now(), an_instruction(), 20, &incomplete),
                {GONE, MAPI_E_END_OF_SESSION});
    }

    // Transports. The first ones are driven.

    void add_a_transport() {
        unsigned which = roll(TRANSPORTS);
        add_transport(which, Provider::ops(which < TRANSPORTS / 2));
    }

    void add_transport(unsigned which, const MAPITRANSPORTOPS &ops) {
        if (transports[which].now() != nullptr)
            return;
        Provider *provider = new Provider;
        HMAPITRANSPORT transport = nullptr;
        HRESULT hr = MapiSpoolerAddTransport(spooler.now(), "a transport", 0, nullptr, &ops, provider, &transport);
        if (!answers(hr, {GONE, MAPI_E_END_OF_SESSION}))
            delete provider;
        else if (!transports[which].put(transport))
            remove(transport);
    }

    void remove_transport() {
        if (HMAPITRANSPORT transport = transports[roll(TRANSPORTS)].take())
            remove(transport);
    }

    static void remove(HMAPITRANSPORT transport) {
        CHECK(eventually([&] {
            HRESULT hr = MapiTransportRemove(transport);
            answers(hr, {GONE, MAPI_E_TIMEOUT, MAPI_E_END_OF_SESSION});
            return hr != MAPI_E_TIMEOUT;
        }));
    }

    void notify() {
        static const ULONG all[] = {NOTIFY_READYTOSEND, NOTIFY_READYTOSEND, NOTIFY_SENTDEFERRED, NOTIFY_SENTDEFERRED,
                                    NOTIFY_CRITICAL_ERROR};
        answers(MapiTransportSpoolerNotify(a_transport(), all[roll(5)], 0, nullptr), {GONE});
    }

    /** A transfer that was begun can always be ended: nothing goes away under it. */
    static void end(HMAPITRANSFER transfer, Fate fate) {
        for (unsigned left = roll(10); left > 0; --left)
            if (MapiTransferSpoolerYield(transfer) == MAPI_W_CANCEL_MESSAGE)
                fate = Fate{MAPI_E_USER_CANCEL, 0};
        CHECK_HR(S_OK, MapiTransferEnd(transfer, fate.result, fate.end_flags, 0));
        ++calls;
    }

    void take_message() {
        const MAPISPOOLMESSAGE *message = nullptr;
        HRESULT hr = MapiTransportTakeMessage(a_transport(), roll(SHORTLY), &message);
        if (answers(hr, {GONE, MAPI_E_TIMEOUT, MAPI_E_END_OF_SESSION, MAPI_E_BUSY}))
            end(message->hTransfer, fate());
    }

    void begin_outbound() {
        unsigned which = a_store();
        std::string message = outbox_of(which).write();
        if (message.empty())
            return;
        HMAPITRANSFER transfer = nullptr;
        HRESULT hr = MapiTransportBeginOutbound(a_transport(), stores[which].now(),
                                                static_cast<ULONG>(message.size()), message.data(), &transfer);
        if (answers(hr, {GONE, MAPI_E_SUBMITTED, MAPI_E_BUSY, MAPI_E_NOT_FOUND, MAPI_E_TIMEOUT, MAPI_E_INVALID_OBJECT,
                         MAPI_E_END_OF_SESSION}))
            end(transfer, fate());
    }

    void receive() {
        HMAPISTORE into = roll(2) == 0 ? nullptr : stores[a_store()].now();
        HMAPITRANSFER transfer = nullptr;
        if (answers(MapiTransportBeginInbound(a_transport(), into, &transfer),
                    {GONE, MAPI_E_BUSY, MAPI_E_INVALID_OBJECT}))
            end(transfer, Fate{S_OK, 0});
    }

    // Mistakes.

    void make_mistakes() {
        HMAPISTORE store = stores[a_store()].now();
        ULONG two = LOGOFF_ABORT | LOGOFF_QUIET;
        CHECK_HR(MAPI_E_INVALID_PARAMETER, StoreLogoffTransports(nullptr, &two));
        CHECK(!answers(StoreLogoffTransports(store, &two), {GONE, MAPI_E_INVALID_OBJECT}) || store == nullptr);
        CHECK(!answers(StoreLogoffTransports(store, nullptr), {GONE}));
        CHECK(!answers(submit(store, ""), {GONE, MAPI_E_INVALID_ENTRYID}));
        CHECK(!answers(MapiSpoolerRun(spooler.now(), 1), {GONE, MAPI_E_NO_SUPPORT}));
        ULONG needed = 0;
        char reason[256];
        CHECK_HR(S_OK, MapiSpoolerGetLastError(reason, sizeof reason, &needed));
        CHECK(reason[0] != '\0');
    }
};

// The load, and the pauses in it.

static House houses[] = {
    {"one", 0}, {"one", 0}, {"two", 0}, {"one", MAPISPOOL_LOCAL}, {"two", MAPISPOOL_LOCAL},
};
static const unsigned HOUSES = sizeof houses / sizeof *houses;

/** Where the threads of the load stop between two deeds. */
class Pause {
public:
    void begin() {
        std::unique_lock<std::mutex> hold(mutex);
        wanted = true;
        changed.wait(hold, [this] { return parked == THREADS; });
    }
    void end(bool for_good) {
        std::lock_guard<std::mutex> hold(mutex);
        wanted = false;
        over = for_good;
        changed.notify_all();
    }
    /** Whether to go on. */
    bool pass() {
        if (!wanted)
            return true;
        std::unique_lock<std::mutex> hold(mutex);
        ++parked;
        changed.notify_all();
        changed.wait(hold, [this] { return !wanted; });
        --parked;
        return !over;
    }

private:
    std::mutex mutex;
    std::condition_variable changed;
    std::atomic<bool> wanted{false};
    bool over = false;
    unsigned parked = 0;
};

/** What the process has when nothing goes on. */
struct Sample {
    size_t allocated, resident; // kilobytes
};

static size_t allocated_kilobytes() {
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
    malloc_trim(0);
    struct mallinfo2 info = mallinfo2();
    return (info.uordblks + info.hblkhd) / 1024;
#endif
#endif
    return 0;
}

/** Everything is closed and the books are in order. */
static Sample take_stock(size_t threads, size_t descriptors) {
    for (House &house : houses)
        house.close();
    houses[0].send_everything();
    CHECK_EQUAL(0, contexts);
    CHECK_EQUAL(written, sent + aborted);
    CHECK(threads_become(threads));
    CHECK_EQUAL(descriptors, descriptors_here());
    size_t allocated = allocated_kilobytes();
    return Sample{allocated, resident_kilobytes()};
}

/** The middle one of some samples of a kind. */
static size_t median(const std::vector<Sample> &samples, size_t from, size_t to, size_t Sample::*kind) {
    std::vector<size_t> sorted;
    for (size_t i = from; i < to; ++i)
        sorted.push_back(samples[i].*kind);
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
}

/** The last third of the samples has no more than the middle one, but for noise that does not grow with time. */
static void check_flat(const std::vector<Sample> &samples, size_t Sample::*kind, size_t noise) {
    size_t third = samples.size() / 3;
    size_t before = median(samples, third, 2 * third, kind), after = median(samples, 2 * third, 3 * third, kind);
    if (after > before + noise) {
        fprintf(stderr, "%zu KB, then %zu KB\n", before, after);
        CHECK(!"memory is flat");
    }
}

/** In a run that is long enough: at first tables grow to the size that they keep. */
static void check_flat(const std::vector<Sample> &samples, long seconds) {
    if (seconds < 60 || is_sanitized())
        return; // a sanitizer keeps freed memory back
    check_flat(samples, &Sample::allocated, 256); // what the threads' caches happen to hold
    check_flat(samples, &Sample::resident, 2048); // how torn the allocator's pages are
}

int main(int count, char **arguments) {
    const long seconds = count > 1 ? strtol(arguments[1], nullptr, 10) : 5;
    const unsigned seed = count > 2 ? static_cast<unsigned>(strtoul(arguments[2], nullptr, 10)) : 1;
    printf("%ld seconds, seed %u\n", seconds, seed);
    std::string directory = own_runtime_directory();
    dice.seed(seed);
    const size_t threads = threads_before() + THREADS, descriptors = descriptors_here();
    Pause pause;
    std::vector<Sample> samples;
    {
        std::vector<Side> load;
        for (unsigned i = 0; i < THREADS; ++i)
            load.emplace_back([&pause, seed, i] {
                dice.seed(seed * THREADS + i);
                while (pause.pass())
                    houses[roll(HOUSES)].do_anything();
            });
        const long stretch = std::max(300L, std::min(10000L, seconds * 1000 / 24)); // milliseconds
        Watch watch;
        for (bool over = false; !over;) {
            for (House &house : houses)
                house.open();
            std::this_thread::sleep_for(std::chrono::milliseconds(stretch));
            pause.begin();
            samples.push_back(take_stock(threads, descriptors));
            over = watch.elapsed() >= seconds * 1000;
            printf("%6.1f s %9lu calls, %8lu messages sent, %6lu aborted, %7lu logoffs; %zu KB allocated, %zu KB "
                   "resident, %zu threads, %zu descriptors\n",
                   static_cast<double>(watch.elapsed()) / 1000, calls.load(), sent.load(), aborted.load(),
                   logoffs.load(), samples.back().allocated, samples.back().resident, threads, descriptors);
            fflush(stdout);
            pause.end(over);
        }
    }
    check_flat(samples, seconds);
    CHECK(sent > 0 && logoffs > 0);
    remove_tree(directory);
    return 0;
}
