// A process that dies, also by SIGKILL or TerminateProcess at any instant, has its opens forgotten by the operating system: no stale
// open makes a later logoff be ignored, of several that log off exactly the last one is told so, and no lock stays
// (semantics.md section 2, Other opens).
//
//     process_sigkill [KILLS [SEED]]         500 kills if not told; 10000 by hand
//
// Eight processes open and log off fifty stores of one profile. Each is killed and replaced, at any instant, or by
// itself before or after one of the system calls that ask for a lock: that is the inside of an open and of the
// decision who is last. What each did is written to memory that outlives it, with the times; afterwards there must
// be an order of events in which every answer was right.
#include "history.hpp"
#include "live.hpp"

#include <set>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <cstdarg>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

static const unsigned PROCESSES = 8, STORES = 50, KILLS_PER_EPISODE = 50, MOST_OPEN = 8;
/** No call takes longer, however busy the machine: something hung. */
static const int64_t HANGS = 20 * INT64_C(1000000000);
/** The end of a call that a death has cut off. */
static const int64_t CUT_OFF = 0;

// What outlives a process.

/** A call that others can see the effect of, or the death of the process. */
struct Call {
    enum What { OPEN, LOGOFF, DEATH };
    enum Told { NOTHING, LAST, NOT_LAST, LAST_AND_STAYS };
    uint16_t store;
    uint8_t what, told;
    int64_t begin, end;
};

/** The calls of one process, and then of the one that replaced it. Each is written by whoever made it. */
struct Book {
    static const uint32_t SIZE = 1 << 16;
    std::atomic<uint32_t> begun, ended;
    Call calls[SIZE];
};
static Book *books;

static void read_books(const std::string &path) {
    books = static_cast<Book *>(shared_memory(path, PROCESSES * sizeof *books));
}

/** But for deaths. */
static bool is_full(const Book &book) { return book.begun >= Book::SIZE - KILLS_PER_EPISODE; }

static int64_t now() {
    // All processes have the same.
    auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

// A process.

/** How many lock calls this process makes before it kills itself; negative: somebody else does it. */
static std::atomic<int> lock_calls_to_live{-1};
static std::atomic<bool> dies_after{false};

/** Makes one of the library's calls for locks, where an open and a decision can be caught in the middle. */
template <typename Call>
static auto make_lock_call(Call call) -> decltype(call()) {
    bool dies = lock_calls_to_live >= 0 && lock_calls_to_live-- == 0;
    if (dies && !dies_after)
        kill_this_process();
    auto result = call();
    if (dies)
        kill_this_process();
    return result;
}

#ifdef _WIN32
static BOOL WINAPI lock(HANDLE file, DWORD flags, DWORD reserved, DWORD low, DWORD high, OVERLAPPED *place) {
    return make_lock_call([&] { return LockFileEx(file, flags, reserved, low, high, place); });
}

static BOOL WINAPI unlock(HANDLE file, DWORD reserved, DWORD low, DWORD high, OVERLAPPED *place) {
    return make_lock_call([&] { return UnlockFileEx(file, reserved, low, high, place); });
}

static void take_over_lock_calls() {
    replace_import("mapispool.dll", "LockFileEx", reinterpret_cast<void *>(lock));
    replace_import("mapispool.dll", "UnlockFileEx", reinterpret_cast<void *>(unlock));
}
#else
/** The library calls this program's. */
extern "C" int fcntl(int descriptor, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    auto call = [&] { return static_cast<int>(syscall(SYS_fcntl, descriptor, command, argument)); };
    return command == F_OFD_SETLK || command == F_OFD_GETLK ? make_lock_call(call) : call();
}

static void take_over_lock_calls() {}
#endif

class Process {
public:
    Process(Book &book, unsigned seed, bool manual) : book(book), random(seed), manual(manual) {
        spooler = open_spooler(manual ? MAPISPOOL_MANUAL : 0, "shared");
        MAPITRANSPORTOPS ops = transport_ops();
        ops.SubmitMessage = manual ? send : put_off;
        ops.FlushQueues = [](void *context, ULONG) -> HRESULT {
            ++static_cast<Process *>(context)->flushes;
            return S_OK;
        };
        add_transport(spooler, "smtp", ops, this);
    }

    void live() {
        for (;;) {
            // Few stores are in demand: there decisions meet.
            unsigned which = random() % 2 == 0 ? random() % 3 : random() % STORES;
            if (stores[which] != nullptr)
                leave(which);
            else if (random() % MOST_OPEN >= open)
                enter(which);
        }
    }

private:
    Book &book;
    std::minstd_rand random;
    const bool manual;
    HMAPISPOOLER spooler = nullptr;
    HMAPISTORE stores[STORES] = {};
    unsigned open = 0, submitted = 0;
    std::atomic<unsigned> flushes{0}, sent{0};

    static HRESULT MAPISPOOL_CALL send(void *context, const MAPISPOOLMESSAGE *, ULONG *) {
        ++static_cast<Process *>(context)->sent;
        return S_OK;
    }
    static HRESULT MAPISPOOL_CALL put_off(void *, const MAPISPOOLMESSAGE *, ULONG *) { return MAPI_E_WAIT; }

    /** Writes down that a call begins, makes it, and writes down what it told. */
    template <typename Make>
    void note(Call::What what, unsigned store, Make make) {
        if (is_full(book))
            kill_this_process();
        uint32_t at = book.begun;
        Call &call = book.calls[at];
        call.what = what;
        call.store = static_cast<uint16_t>(store);
        call.begin = now();
        book.begun = at + 1;
        call.told = static_cast<uint8_t>(make(call.end));
        book.ended = at + 1;
    }

    void enter(unsigned which) {
        note(Call::OPEN, which, [&](int64_t &end) {
            stores[which] = open_store(spooler, "store " + std::to_string(which));
            end = now();
            return Call::NOTHING;
        });
        ++open;
    }

    void leave(unsigned which) {
        CHECK_HR(S_OK, submit(stores[which], "m" + std::to_string(++submitted)));
        bool stays = false;
        note(Call::LOGOFF, which, [&](int64_t &end) {
            Call::Told told = random() % 8 == 0 ? release(which, end) : log_off(which, end);
            stays = told == Call::LAST_AND_STAYS;
            return told;
        });
        if (stays)
            return;
        stores[which] = nullptr;
        --open;
    }

    /** The final release of a store that was not logged off. */
    Call::Told release(unsigned which, int64_t &end) {
        CHECK_HR(S_OK, MapiStoreRelease(stores[which]));
        end = now();
        return Call::NOTHING;
    }

    /** Each instruction shows in its own way whether it was the real one. A message is queued. */
    Call::Told log_off(unsigned which, int64_t &end) {
        static const ULONG instructions[] = {
            LOGOFF_ABORT, LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_QUIET};
        ULONG instruction = instructions[random() % 5];
        unsigned flushes_before = flushes, sent_before = sent;
        ULONG answer = logoff(stores[which], instruction);
        end = now();
        if (instruction == LOGOFF_QUIET && (answer & LOGOFF_COMPLETE) == 0)
            return Call::LAST_AND_STAYS;
        CHECK((answer & LOGOFF_COMPLETE) != 0);
        CHECK_HR(S_OK, MapiStoreWait(stores[which], MAPISPOOL_INFINITE));
        CHECK_HR(S_OK, MapiStoreRelease(stores[which]));
        switch (instruction) {
        case LOGOFF_QUIET: return Call::NOT_LAST;
        case LOGOFF_PURGE: return flushes != flushes_before ? Call::LAST : Call::NOT_LAST;
        case LOGOFF_NO_WAIT: return Call::NOTHING;
        default:
            // What is ready stays, or, where the logoff is ignored, is sent. On threads it may be gone before.
            return !manual ? Call::NOTHING : sent == sent_before ? Call::LAST : Call::NOT_LAST;
        }
    }
};

/** With the others gone, each store has nobody else: a logoff that would have been ignored is not. */
static int find_nobody() {
    HMAPISPOOLER spooler = open_spooler(MAPISPOOL_MANUAL, "shared");
    for (unsigned i = 0; i < STORES; ++i) {
        HMAPISTORE store = open_store(spooler, "store " + std::to_string(i));
        CHECK_HR(S_OK, submit(store, "m"));
        CHECK_EQUAL(LOGOFF_OUTBOUND_QUEUE, logoff(store, LOGOFF_QUIET));
        CHECK_HR(S_OK, MapiStoreRelease(store));
    }
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    return 0;
}

// The supervisor.

/** What happened, over all episodes. */
static struct {
    unsigned long kills, in_open, in_logoff, by_themselves, opens, last, not_last;
    int64_t longest;
} tally;

class Supervisor {
public:
    Supervisor(const std::string &memory, unsigned seed) : memory(memory), random(seed) {}

    /** Kills so many; everybody is dead afterwards. */
    void episode(unsigned kills) {
        for (unsigned i = 0; i < PROCESSES; ++i) {
            books[i].begun = books[i].ended = 0;
            start(i);
        }
        for (unsigned left = kills; left > 0; --left) {
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 4000)); // any instant will do
            unsigned which = random() % PROCESSES;
            end(which);
            if (left > PROCESSES)
                start(which);
        }
        for (unsigned i = 0; i < PROCESSES; ++i)
            end(i);
    }

private:
    const std::string memory;
    std::minstd_rand random;
    std::unique_ptr<Child> children[PROCESSES];
    bool kills_itself[PROCESSES];

    void start(unsigned which) {
        kills_itself[which] = random() % 2 == 0;
        std::string calls = std::to_string(kills_itself[which] ? static_cast<int>(random() % 200) : -1);
        children[which].reset(new Child({"live", memory, std::to_string(which), std::to_string(random()), calls,
                                         random() % 2 == 0 ? "after" : "before"}));
    }

    void end(unsigned which) {
        if (!children[which])
            return;
        int64_t begin = now();
        if (!kills_itself[which])
            children[which]->kill();
        CHECK_EQUAL(Child::KILLED, children[which]->end());
        children[which].reset();
        ++tally.kills;
        tally.by_themselves += kills_itself[which];
        note_death(books[which], begin, kills_itself[which]);
    }

    static void note_death(Book &book, int64_t begin, bool killed_itself) {
        uint32_t at = book.begun;
        if (at > 0) {
            Call &last = book.calls[at - 1];
            bool inside = at != book.ended;
            if (killed_itself || is_full(book))
                begin = std::min(begin, inside ? last.begin : last.end);
            if (inside) {
                last.end = CUT_OFF;
                tally.in_open += last.what == Call::OPEN;
                tally.in_logoff += last.what == Call::LOGOFF;
            }
        }
        book.calls[at] = Call{0, Call::DEATH, Call::NOTHING, begin, now()};
        book.begun = book.ended = at + 1;
    }
};

/** The calls of one lane of processes, as steps of the stores that they are about. */
static void read_book(size_t lane, std::vector<History<PROCESSES>> &histories) {
    std::set<unsigned> open;
    const Book &book = books[lane];
    for (uint32_t at = 0; at < book.ended; ++at) {
        const Call &call = book.calls[at];
        if (call.what == Call::DEATH) {
            for (unsigned store : open)
                histories[store].add(lane, Step::GOES, call.begin, call.end);
            open.clear();
            continue;
        }
        History<PROCESSES> &history = histories[call.store];
        bool cut_off = call.end == CUT_OFF;
        int64_t end = cut_off ? book.calls[at + 1].end : call.end; // the death's
        if (call.what == Call::OPEN) {
            history.add(lane, Step::OPENS, call.begin, end);
            open.insert(call.store);
            ++tally.opens;
            continue;
        }
        if (!cut_off)
            tally.longest = std::max(tally.longest, end - call.begin);
        Call::Told told = cut_off ? Call::NOTHING : static_cast<Call::Told>(call.told);
        tally.last += told == Call::LAST || told == Call::LAST_AND_STAYS;
        tally.not_last += told == Call::NOT_LAST;
        if (told == Call::LAST || told == Call::LAST_AND_STAYS)
            history.add(lane, Step::IS_LAST, call.begin, end);
        if (told == Call::LAST_AND_STAYS)
            continue;
        history.add(lane, told == Call::NOT_LAST ? Step::IS_NOT : Step::GOES, call.begin, end);
        open.erase(call.store);
    }
}

/** Every answer was right: nobody was told of an open that was not there, and of the last ones each was told so. */
static void check_histories() {
    std::vector<History<PROCESSES>> histories(STORES);
    for (size_t lane = 0; lane < PROCESSES; ++lane)
        read_book(lane, histories);
    CHECK(tally.longest < HANGS);
    for (unsigned store = 0; store < STORES; ++store)
        if (!histories[store].can_be_explained()) {
            fprintf(stderr, "store %u: no order of events explains the answers; about here:\n", store);
            histories[store].print();
            CHECK(!"every answer was right");
        }
}

/** Nobody holds a lock on anything in the presence directory. */
static void check_no_lock(const std::string &directory) {
    CHECK(!is_locked(directory));
    std::vector<std::string> files = names_in(directory);
    CHECK(files.size() > 1);
    for (const std::string &file : files)
        CHECK(!is_locked(directory + "/" + file));
}

static int supervise(unsigned long kills, unsigned seed) {
    printf("seed %u\n", seed);
    std::string directory = own_runtime_directory(), memory = directory + "/books";
    read_books(memory);
    Supervisor supervisor(memory, seed);
    while (tally.kills < kills) {
        supervisor.episode(KILLS_PER_EPISODE);
        check_histories();
        check_no_lock(directory + "/mapispool");
        CHECK_EQUAL(0, Child({"find nobody"}).end());
    }
    printf("%lu kills: %lu inside an open, %lu inside a logoff, %lu of them at a lock\n"
           "%lu opens; %lu logoffs were told that they are the last, %lu that they are not; the longest took %.1f ms\n",
           tally.kills, tally.in_open, tally.in_logoff, tally.by_themselves, tally.opens, tally.last, tally.not_last,
           static_cast<double>(tally.longest) / 1e6);
    CHECK(tally.in_open > 0 && tally.in_logoff > 0 && tally.by_themselves > 0);
    CHECK(tally.last > 0 && tally.not_last > 0);
    remove_tree(directory);
    return 0;
}

/** A process that is killed. */
static int live(char **arguments) {
    unsigned which = static_cast<unsigned>(strtoul(arguments[1], nullptr, 10));
    unsigned seed = static_cast<unsigned>(strtoul(arguments[2], nullptr, 10));
    lock_calls_to_live = atoi(arguments[3]);
    dies_after = std::string(arguments[4]) == "after";
    read_books(arguments[0]);
    take_over_lock_calls();
    Process(books[which], seed, which % 2 == 0).live();
    return 0;
}

int main(int count, char **arguments) {
    std::string what = count > 1 ? arguments[1] : "";
    if (what == "live")
        return live(arguments + 2);
    if (what == "find nobody")
        return find_nobody();
    unsigned long kills = count > 1 ? strtoul(arguments[1], nullptr, 10) : 500;
    return supervise(kills, count > 2 ? static_cast<unsigned>(strtoul(arguments[2], nullptr, 10)) : 1);
}
