// A World is a spooler with scripted transports and stores around it, for tests in C++11.
//
//     World w;                                   // manual mode, MAPISPOOL_LOCAL
//     Transport &smtp = w.transport("smtp");
//     Store &s = w.store("s");
//     w.forget();                                // the log of what came so far
//     smtp.on("m1", {MAPI_E_NOT_ME, S_OK});      // what SubmitMessage answers; then S_OK for ever
//     s.submit("m1");
//     w.run();
//     w.expect({"s: lock m1", "smtp: submit m1", "s: unlock m1"});
//     CHECK_IS("COMPLETE QUEUE", s.logoff(LOGOFF_ORDERLY));
//
// Every callback leaves a line. The end of a World releases what is left, closes the spooler, and fails the
// test where a finalizer did not run exactly once, a callback came after it, callbacks that must not overlap
// did, or a message got lost: each is finished once, aborted by the test, or reported as queued at the end.
//
// Callbacks may come on any thread; what a test sets (hooks, scripts) it sets before they can.

#ifndef WORLD_HPP
#define WORLD_HPP

#include "check.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#define CHECK_IS(expected, actual) check_is(__FILE__, __LINE__, #actual, (expected), (actual))

inline void check_is(
    const char *file, int line, const char *what, const std::string &expected, const std::string &actual) {
    check_text(file, line, what, expected.c_str(), actual.c_str());
}

inline const char *result_name(HRESULT hr) {
    switch (static_cast<ULONG>(hr)) {
    case 0: return "S_OK";
    case 0x00040580: return "MAPI_W_CANCEL_MESSAGE";
    case 0x80004005: return "MAPI_E_CALL_FAILED";
    case 0x80070057: return "MAPI_E_INVALID_PARAMETER";
    case 0x80070005: return "MAPI_E_NO_ACCESS";
    case 0x80040102: return "MAPI_E_NO_SUPPORT";
    case 0x80040106: return "MAPI_E_UNKNOWN_FLAGS";
    case 0x80040107: return "MAPI_E_INVALID_ENTRYID";
    case 0x80040108: return "MAPI_E_INVALID_OBJECT";
    case 0x8004010B: return "MAPI_E_BUSY";
    case 0x8004010E: return "MAPI_E_NOT_ENOUGH_RESOURCES";
    case 0x8004010F: return "MAPI_E_NOT_FOUND";
    case 0x80040110: return "MAPI_E_VERSION";
    case 0x80040114: return "MAPI_E_UNABLE_TO_ABORT";
    case 0x80040200: return "MAPI_E_END_OF_SESSION";
    case 0x80040401: return "MAPI_E_TIMEOUT";
    case 0x80040601: return "MAPI_E_NOT_IN_QUEUE";
    case 0x80040604: return "MAPI_E_COLLISION";
    case 0x80040608: return "MAPI_E_SUBMITTED";
    default: return "another result";
    }
}

/** The output flags in words: "COMPLETE INBOUND OUTBOUND QUEUE"; "-" for none. */
inline std::string flags_text(ULONG flags) {
    static const struct { ULONG bit; const char *name; } names[] = {
        {LOGOFF_COMPLETE, "COMPLETE"}, {LOGOFF_INBOUND, "INBOUND"},
        {LOGOFF_OUTBOUND, "OUTBOUND"}, {LOGOFF_OUTBOUND_QUEUE, "QUEUE"},
    };
    std::string text;
    for (const auto &name : names)
        if ((flags & name.bit) != 0) {
            text += (text.empty() ? "" : " ") + std::string(name.name);
            flags &= ~name.bit;
        }
    if (flags != 0) {
        std::ostringstream rest;
        rest << " and 0x" << std::hex << flags;
        text += rest.str();
    }
    return text.empty() ? "-" : text;
}

inline std::string notify_text(ULONG flags) {
    switch (flags) {
    case NOTIFY_BEGIN_INBOUND: return "BEGIN_INBOUND";
    case NOTIFY_END_INBOUND: return "END_INBOUND";
    case NOTIFY_BEGIN_OUTBOUND: return "BEGIN_OUTBOUND";
    case NOTIFY_END_OUTBOUND: return "END_OUTBOUND";
    case NOTIFY_BEGIN_OUTBOUND_FLUSH: return "BEGIN_OUTBOUND_FLUSH";
    case NOTIFY_END_OUTBOUND_FLUSH: return "END_OUTBOUND_FLUSH";
    case NOTIFY_ABORT_DEFERRED: return "ABORT_DEFERRED";
    case NOTIFY_CANCEL_MESSAGE: return "CANCEL_MESSAGE";
    case NOTIFY_ABORT_DEFERRED | NOTIFY_CANCEL_MESSAGE: return "ABORT_DEFERRED|CANCEL_MESSAGE";
    default: return "another notification";
    }
}

/** A door that callbacks and threads wait at. */
class Gate {
public:
    void open() {
        std::lock_guard<std::mutex> hold(mutex);
        is_open = true;
        opened.notify_all();
    }
    /** Whether it opened within the time. */
    bool pass(std::chrono::milliseconds limit = std::chrono::seconds(30)) {
        std::unique_lock<std::mutex> hold(mutex);
        return opened.wait_for(hold, limit, [this] { return is_open; });
    }

private:
    std::mutex mutex;
    std::condition_variable opened;
    bool is_open = false;
};

/** Does this on another thread, and waits for it: a transfer belongs to the thread that took or began it. */
inline void elsewhere(const std::function<void()> &what) { std::thread(what).join(); }

/** What a transport's SubmitMessage and EndMessage answer for a message. */
struct Answer {
    HRESULT result;
    ULONG retry_seconds;
    HRESULT end_result;
    ULONG end_flags;

    Answer(HRESULT hr = S_OK, ULONG seconds = 0)
        : result(hr), retry_seconds(seconds), end_result(S_OK), end_flags(0) {}
};

/** S_OK from SubmitMessage, then these flags, or this error, from EndMessage. */
inline Answer ends_with(ULONG flags, HRESULT hr = S_OK) {
    Answer answer;
    answer.end_flags = flags;
    answer.end_result = hr;
    return answer;
}

class World;

/** The durable queue of a store. Several Worlds may share one, as processes share a store. */
struct Outbox {
    std::mutex mutex;
    std::set<std::string> mail;
    std::map<std::string, const World *> locks;
    std::map<std::string, unsigned> finished;
    bool shared = false;
};

/** A store as one World knows it, whatever its logons. */
struct Box {
    std::shared_ptr<Outbox> outbox;
    std::set<std::string> queued; // submitted to this World's spooler, neither finished nor aborted
    unsigned logons = 0;          // whose Released has not run
    std::set<ULONG> released;     // with what flags it has run for the others
    std::atomic<int> inside{0};
};

/** A transfer that a test took or began. */
struct Transfer {
    HMAPITRANSFER handle = nullptr;
    std::string message; // empty: being received
    ULONG flags = 0;

    HRESULT end(HRESULT hr = S_OK, ULONG end_flags = 0, ULONG seconds = 0) const {
        return MapiTransferEnd(handle, hr, end_flags, seconds);
    }
    bool cancelled() const {
        HRESULT hr = MapiTransferSpoolerYield(handle);
        if (hr == MAPI_W_CANCEL_MESSAGE)
            return true;
        CHECK_HR(S_OK, hr);
        return false;
    }
};

/** A store logon. */
class Store {
public:
    World &world;
    const std::string name;  // in the log
    const std::string id;    // the store's identifier
    Box &box;
    HMAPISTORE handle = nullptr;
    std::atomic<int> released{0};
    /** Answers of SetLockState(MSG_LOCKED), by message; when used up: as the Outbox says. */
    std::map<std::string, std::deque<HRESULT>> lock_answers;
    HRESULT finished_answer = S_OK;
    HRESULT unlock_answer = S_OK;
    std::function<void(const std::string &message)> in_lock, in_unlock, in_finished;
    std::function<void(ULONG flags)> in_released;

    void submit(const std::string &message);
    HRESULT try_submit(const std::string &message);
    void abort(const std::string &message);
    HRESULT try_abort(const std::string &message);
    /** StoreLogoffTransports: the output flags in words, or the error's name. */
    std::string logoff(ULONG instruction) {
        ULONG word = instruction;
        HRESULT hr = StoreLogoffTransports(handle, &word);
        if (hr == S_OK)
            return flags_text(word);
        CHECK_EQUAL(instruction, word);
        return result_name(hr);
    }
    /** MapiStoreLogoff: the word's output flags in words. */
    std::string save(ULONG instruction) {
        ULONG word = instruction;
        CHECK_HR(S_OK, MapiStoreLogoff(handle, &word));
        CHECK_EQUAL(instruction & 0x1F, word & 0xFFFF);
        return flags_text(word & ~0x1Fu);
    }
    /** The final release of the handle. */
    void release() {
        CHECK(!handle_gone);
        handle_gone = true;
        CHECK_HR(S_OK, MapiStoreRelease(handle));
    }
    HRESULT wait(ULONG milliseconds = MAPISPOOL_INFINITE) { return MapiStoreWait(handle, milliseconds); }
    MAPISPOOLSTATUS raw_status() const {
        MAPISPOOLSTATUS status = {};
        status.cbSize = sizeof status;
        CHECK_HR(S_OK, MapiStoreGetStatus(handle, &status));
        return status;
    }
    /** "QUEUE: ready 1, waiting 2", counts of 0 left out; "-" for no flags. */
    std::string status() const {
        MAPISPOOLSTATUS status = raw_status();
        const struct { ULONG count; const char *name; } counts[] = {
            {status.cReady, "ready"}, {status.cWaiting, "waiting"}, {status.cOutbound, "outbound"},
            {status.cInbound, "inbound"}, {status.cFinished, "finished"},
        };
        std::string text = flags_text(status.ulFlags);
        const char *before = ": ";
        for (const auto &count : counts)
            if (count.count != 0) {
                text += before + std::string(count.name) + " " + std::to_string(count.count);
                before = ", ";
            }
        return text;
    }

private:
    friend class World;
    Store(World &world, const std::string &name, const std::string &id, Box &box)
        : world(world), name(name), id(id), box(box) {}
    bool handle_gone = false;

    static HRESULT MAPISPOOL_CALL set_lock_state(void *, ULONG, const void *, ULONG);
    static HRESULT MAPISPOOL_CALL finished_msg(void *, ULONG, ULONG, const void *);
    static void MAPISPOOL_CALL has_been_released(void *, ULONG);
};

/** A transport, driven or self-driven. */
class Transport {
public:
    World &world;
    const std::string name;
    HMAPITRANSPORT handle = nullptr;
    std::atomic<int> destroyed{0};
    Answer otherwise; // what messages without a script get
    HRESULT notify_answer = S_OK, flush_answer = S_OK, logoff_answer = S_OK;
    std::function<void(const MAPISPOOLMESSAGE &)> in_submit, in_end;
    std::function<void(ULONG flags, const MAPISPOOLMESSAGE *)> in_notify;
    std::function<void()> in_flush, in_logoff, in_destroy;

    /** The answers for a message, of one store or of any. */
    void on(const std::string &message, const std::vector<Answer> &answers) {
        std::lock_guard<std::mutex> hold(mutex);
        script[message].assign(answers.begin(), answers.end());
    }
    HRESULT notify(ULONG flags, const std::string &message = "") {
        return MapiTransportSpoolerNotify(
            handle, flags, static_cast<ULONG>(message.size()), message.empty() ? nullptr : message.data());
    }
    /** Takes a message. */
    Transfer take(ULONG milliseconds = 0);
    HRESULT try_take(ULONG milliseconds, Transfer &transfer);
    Transfer begin(Store &store, const std::string &message);
    HRESULT try_begin(Store &store, const std::string &message, Transfer &transfer);
    /** Begins to receive into the store; nullptr: into the default Inbox. */
    Transfer receive(Store *store) {
        Transfer transfer;
        CHECK_HR(S_OK, MapiTransportBeginInbound(handle, store ? store->handle : nullptr, &transfer.handle));
        return transfer;
    }

private:
    friend class World;
    Transport(World &world, const std::string &name) : world(world), name(name) {}
    std::mutex mutex;
    std::map<std::string, std::deque<Answer>> script;
    std::deque<Answer> current;
    bool driven = true;
    std::atomic<int> inside{0};

    static HRESULT MAPISPOOL_CALL submit_message(void *, const MAPISPOOLMESSAGE *, ULONG *);
    static HRESULT MAPISPOOL_CALL end_message(void *, const MAPISPOOLMESSAGE *, ULONG *);
    static HRESULT MAPISPOOL_CALL transport_notify(void *, ULONG, const MAPISPOOLMESSAGE *);
    static HRESULT MAPISPOOL_CALL flush_queues(void *, ULONG);
    static HRESULT MAPISPOOL_CALL transport_logoff(void *, ULONG);
    static void MAPISPOOL_CALL destroy(void *);
};

/** How a World is opened. */
struct WorldOptions {
    bool manual = true;
    ULONG flags = MAPISPOOL_LOCAL;
    std::string profile = "test";
    ULONG abort_limit = 0, purge_limit = 0, retry_pause = 0, declined_pause = 0;
    std::string directory; // empty: the default

    static WorldOptions threads() {
        WorldOptions options;
        options.manual = false;
        return options;
    }
};

class World {
public:
    typedef WorldOptions Options;

    HMAPISPOOLER handle = nullptr;
    const Options options;
    std::atomic<int> destroyed{0}, threads_started{0}, threads_ended{0};

    explicit World(const Options &options = Options()) : options(options) {
        MAPISPOOLOPTIONS raw = {};
        raw.cbSize = sizeof raw;
        raw.ulFlags = options.flags | (options.manual ? MAPISPOOL_MANUAL : 0);
        raw.lpszProfileName = options.profile.c_str();
        raw.ulAbortLimit = options.abort_limit;
        raw.ulPurgeLimit = options.purge_limit;
        raw.ulRetryPause = options.retry_pause;
        raw.ulDeclinedPause = options.declined_pause;
        raw.lpszPresenceDirectory = options.directory.empty() ? nullptr : options.directory.c_str();
        raw.lpvContext = this;
        raw.lpfnLog = log_line;
        raw.lpfnThreadStart = [](void *world) { ++static_cast<World *>(world)->threads_started; };
        raw.lpfnThreadEnd = [](void *world) { ++static_cast<World *>(world)->threads_ended; };
        raw.lpfnDestroy = [](void *world) { ++static_cast<World *>(world)->destroyed; };
        CHECK_HR(S_OK, MapiSpoolerOpen(&raw, &handle));
        last() = this;
        check_also = print_last;
    }

    ~World() { finish(); }
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    typedef std::function<void(Transport &)> Prepare;

    /** A driven transport; coupled to a store if one is named. `prepare` sets it up before it can be called. */
    Transport &transport(const std::string &name, const std::string &own_store = "",
                         const Prepare &prepare = nullptr) {
        return add(name, own_store, true, prepare);
    }
    Transport &self_driven(const std::string &name, const std::string &own_store = "",
                           const Prepare &prepare = nullptr) {
        return add(name, own_store, false, prepare);
    }

    /** Opens a store: a new logon of the store `id` (default: its name in the log). */
    Store &store(const std::string &name, const std::string &id = "", ULONG flags = 0,
                 std::shared_ptr<Outbox> outbox = nullptr) {
        const std::string &store_id = id.empty() ? name : id;
        Store *store;
        {
            std::lock_guard<std::mutex> hold(mutex);
            Box &box = boxes[store_id];
            if (outbox) {
                outbox->shared = true;
                box.outbox = outbox;
            }
            if (!box.outbox)
                box.outbox = std::make_shared<Outbox>();
            ++box.logons;
            store = new Store(*this, name, store_id, box);
            stores.emplace_back(store);
        }
        MAPISTOREOPS ops = {};
        ops.cbSize = sizeof ops;
        ops.SetLockState = Store::set_lock_state;
        ops.FinishedMsg = Store::finished_msg;
        ops.Released = Store::has_been_released;
        CHECK_HR(S_OK, MapiSpoolerOpenStore(handle, static_cast<ULONG>(store_id.size()), store_id.data(),
                                            flags, &ops, store, &store->handle));
        return *store;
    }

    /** Manual mode: time goes on. */
    void run(ULONG milliseconds = 0) { CHECK_HR(S_OK, MapiSpoolerRun(handle, milliseconds)); }

    /** Exactly these lines since the last time; then forgets them. */
    void expect(const std::vector<std::string> &lines) { expect_at(nullptr, 0, lines); }
    void expect_at(const char *file, int line, const std::vector<std::string> &lines) {
        std::unique_lock<std::mutex> hold(mutex);
        if (lines != events) {
            std::vector<std::string> is = events;
            hold.unlock();
            fprintf(stderr, "%s:%d: what happened is not what was expected\n", file ? file : "?", line);
            for (size_t i = 0; i < is.size() || i < lines.size(); ++i) {
                const char *left = i < is.size() ? is[i].c_str() : "";
                const char *right = i < lines.size() ? lines[i].c_str() : "";
                fprintf(stderr, "  %c %-44s %s\n", strcmp(left, right) == 0 ? ' ' : '!', left, right);
            }
            check_end();
        }
        events.clear();
    }
    /** The same in any order. */
    void expect_all_at(const char *file, int line, std::vector<std::string> lines) {
        {
            std::lock_guard<std::mutex> hold(mutex);
            std::sort(events.begin(), events.end());
        }
        std::sort(lines.begin(), lines.end());
        expect_at(file, line, lines);
    }
    /** Manual mode: does what is due, then forgets the lines so far. Threads: only forgets. */
    void forget() {
        if (options.manual)
            run();
        std::lock_guard<std::mutex> hold(mutex);
        events.clear();
    }
    std::vector<std::string> lines() {
        std::lock_guard<std::mutex> hold(mutex);
        return events;
    }
    /** The lines of the log callback so far: "1 text" with the level. */
    std::vector<std::string> log_lines() {
        std::lock_guard<std::mutex> hold(mutex);
        return log;
    }
    /** A line of the test's own. */
    void say(const std::string &line) {
        std::lock_guard<std::mutex> hold(mutex);
        events.push_back(line);
        history.push_back(line);
        changed.notify_all();
    }
    /** Threads: until this line has come (since the last forget) so many times. */
    void await(const std::string &line, size_t times = 1, std::chrono::seconds limit = std::chrono::seconds(30)) {
        std::unique_lock<std::mutex> hold(mutex);
        bool came = changed.wait_for(hold, limit, [&] {
            size_t found = 0;
            for (const auto &event : events)
                found += event == line;
            return found >= times;
        });
        hold.unlock();
        if (!came) {
            fprintf(stderr, "this did not come: %s\n", line.c_str());
            check_end();
        }
    }
    size_t count(const std::string &line) {
        std::lock_guard<std::mutex> hold(mutex);
        size_t found = 0;
        for (const auto &event : events)
            found += event == line;
        return found;
    }

    /** MapiSpoolerClose; with S_OK, everything has been given back. */
    HRESULT close(ULONG flags = 0, ULONG milliseconds = MAPISPOOL_INFINITE) {
        HRESULT hr = MapiSpoolerClose(handle, flags, milliseconds);
        if (hr == S_OK)
            check_all();
        return hr;
    }
    /** What the destructor does, and may be done earlier: releases the stores, closes, checks. */
    void finish() {
        for (auto &store : stores)
            if (!store->handle_gone)
                store->release();
        if (!closed)
            CHECK_HR(S_OK, close());
        World *self = this;
        if (last() == self)
            last() = nullptr;
    }

private:
    friend class Store;
    friend class Transport;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> events, history, log;
    std::map<std::string, Box> boxes;
    std::vector<std::unique_ptr<Store>> stores;
    std::vector<std::unique_ptr<Transport>> transports;
    bool closed = false;

    Transport &add(const std::string &name, const std::string &own_store, bool driven, const Prepare &prepare) {
        Transport *transport = new Transport(*this, name);
        transport->driven = driven;
        if (prepare)
            prepare(*transport);
        {
            std::lock_guard<std::mutex> hold(mutex);
            transports.emplace_back(transport);
        }
        MAPITRANSPORTOPS ops = {};
        ops.cbSize = sizeof ops;
        if (driven) {
            ops.SubmitMessage = Transport::submit_message;
            ops.EndMessage = Transport::end_message;
        }
        ops.TransportNotify = Transport::transport_notify;
        ops.FlushQueues = Transport::flush_queues;
        ops.TransportLogoff = Transport::transport_logoff;
        ops.Destroy = Transport::destroy;
        CHECK_HR(S_OK, MapiSpoolerAddTransport(
            handle, name.c_str(), static_cast<ULONG>(own_store.size()),
            own_store.empty() ? nullptr : own_store.data(), &ops, transport, &transport->handle));
        return *transport;
    }

    /** A message's name in the log: its store's identifier stands before it unless that is "s". */
    static std::string name_of(const MAPISPOOLMESSAGE &message) {
        CHECK_EQUAL(sizeof message, message.cbSize);
        std::string store(static_cast<const char *>(message.lpStoreEntryID), message.cbStoreEntryID);
        std::string id = message.lpEntryID == nullptr
            ? "(inbound)"
            : std::string(static_cast<const char *>(message.lpEntryID), message.cbEntryID);
        Store *logon = static_cast<Store *>(message.lpvStoreContext);
        if (logon != nullptr) { // null: a recall after the release, when a transport recovers
            CHECK_IS(store, logon->id);
            CHECK_EQUAL(0, logon->released);
        }
        return (store == "s" ? "" : store + "/") + id;
    }

    void check_all() {
        closed = true;
        CHECK_EQUAL(1, destroyed);
        CHECK_EQUAL(threads_started, threads_ended);
        if (options.manual)
            CHECK_EQUAL(0, threads_started);
        for (auto &transport : transports)
            if (transport->destroyed != 1) {
                fprintf(stderr, "transport %s\n", transport->name.c_str());
                CHECK_EQUAL(1, transport->destroyed);
            }
        for (auto &store : stores)
            if (store->released != 1) {
                fprintf(stderr, "store %s\n", store->name.c_str());
                CHECK_EQUAL(1, store->released);
            }
        for (auto &box : boxes)
            for (auto &message : box.second.outbox->finished)
                if (message.second != 1) {
                    fprintf(stderr, "message %s of %s\n", message.first.c_str(), box.first.c_str());
                    CHECK_EQUAL(1, message.second);
                }
    }

    static World *&last() {
        static World *world;
        return world;
    }
    static void print_last() {
        if (World *world = last())
            world->print();
    }
    void print() {
        std::unique_lock<std::mutex> hold(mutex, std::try_to_lock);
        fprintf(stderr, "everything that happened:\n");
        for (const auto &line : history)
            fprintf(stderr, "    %s\n", line.c_str());
    }

    static void MAPISPOOL_CALL log_line(void *context, ULONG level, const char *text) {
        World *world = static_cast<World *>(context);
        CHECK_EQUAL(0, world->destroyed);
        std::lock_guard<std::mutex> hold(world->mutex);
        world->log.push_back(std::to_string(level) + " " + text);
        world->history.push_back("        " + world->log.back());
    }

    /** Callbacks that must not overlap. */
    class Alone {
    public:
        Alone(std::atomic<int> &inside, const char *what) : inside(inside) {
            if (++inside != 1)
                check_failed(__FILE__, __LINE__, what);
        }
        ~Alone() { --inside; }

    private:
        std::atomic<int> &inside;
    };
};

#define EXPECT(world, ...) (world).expect_at(__FILE__, __LINE__, std::vector<std::string> __VA_ARGS__)

#define EXPECT_ALL(world, ...) (world).expect_all_at(__FILE__, __LINE__, std::vector<std::string> __VA_ARGS__)

inline HRESULT Store::try_submit(const std::string &message) {
    {
        std::lock_guard<std::mutex> hold(world.mutex);
        std::lock_guard<std::mutex> also(box.outbox->mutex);
        bool is_new = box.outbox->mail.insert(message).second;
        bool queued = box.queued.insert(message).second;
        if (is_new || queued)
            box.outbox->finished.erase(message); // a new message of the same name
    }
    HRESULT hr = MapiStoreSubmitMessage(handle, static_cast<ULONG>(message.size()), message.data());
    if (hr != S_OK && hr != MAPI_E_SUBMITTED) {
        std::lock_guard<std::mutex> hold(world.mutex);
        box.queued.erase(message);
    }
    return hr;
}

inline void Store::submit(const std::string &message) { CHECK_HR(S_OK, try_submit(message)); }

inline void Store::abort(const std::string &message) { CHECK_HR(S_OK, try_abort(message)); }

inline HRESULT Store::try_abort(const std::string &message) {
    HRESULT hr = MapiStoreAbortSubmit(handle, static_cast<ULONG>(message.size()), message.data());
    if (hr != S_OK)
        return hr;
    std::lock_guard<std::mutex> hold(world.mutex);
    std::lock_guard<std::mutex> also(box.outbox->mutex);
    CHECK(box.queued.erase(message) == 1);
    CHECK(box.outbox->locks.count(message) == 0 || box.outbox->locks[message] != &world);
    box.outbox->mail.erase(message);
    return S_OK;
}

inline HRESULT MAPISPOOL_CALL Store::set_lock_state(void *context, ULONG size, const void *id, ULONG state) {
    Store &store = *static_cast<Store *>(context);
    World::Alone alone(store.box.inside, "the callbacks of one store never overlap");
    CHECK_EQUAL(0, store.released);
    CHECK(state == MSG_LOCKED || state == MSG_UNLOCKED);
    std::string message(static_cast<const char *>(id), size);
    bool lock = state == MSG_LOCKED;
    store.world.say(store.name + (lock ? ": lock " : ": unlock ") + message);
    const auto &hook = lock ? store.in_lock : store.in_unlock;
    if (hook)
        hook(message);
    std::lock_guard<std::mutex> hold(store.world.mutex);
    Outbox &outbox = *store.box.outbox;
    std::lock_guard<std::mutex> also(outbox.mutex);
    auto owner = outbox.locks.find(message);
    if (!lock) {
        CHECK(owner != outbox.locks.end() && owner->second == &store.world);
        outbox.locks.erase(owner);
        return store.unlock_answer;
    }
    HRESULT hr = S_OK;
    auto scripted = store.lock_answers.find(message);
    if (scripted != store.lock_answers.end() && !scripted->second.empty()) {
        hr = scripted->second.front();
        scripted->second.pop_front();
        if (hr == MAPI_E_NOT_FOUND)
            store.box.queued.erase(message);
        if (hr < 0)
            return hr;
    }
    if (outbox.mail.count(message) == 0) {
        CHECK(outbox.shared);
        store.box.queued.erase(message);
        return MAPI_E_NOT_FOUND;
    }
    if (owner != outbox.locks.end()) {
        CHECK(owner->second != &store.world); // nobody locks twice
        return MAPI_E_NO_ACCESS;
    }
    outbox.locks[message] = &store.world;
    return hr;
}

inline HRESULT MAPISPOOL_CALL Store::finished_msg(void *context, ULONG flags, ULONG size, const void *id) {
    Store &store = *static_cast<Store *>(context);
    World::Alone alone(store.box.inside, "the callbacks of one store never overlap");
    CHECK_EQUAL(0, store.released);
    CHECK_EQUAL(0, flags);
    std::string message(static_cast<const char *>(id), size);
    store.world.say(store.name + ": finished " + message);
    if (store.in_finished)
        store.in_finished(message);
    std::lock_guard<std::mutex> hold(store.world.mutex);
    Outbox &outbox = *store.box.outbox;
    std::lock_guard<std::mutex> also(outbox.mutex);
    CHECK(outbox.mail.erase(message) == 1);
    CHECK(outbox.locks[message] == &store.world);
    outbox.locks.erase(message);
    ++outbox.finished[message];
    CHECK(store.box.queued.erase(message) == 1);
    return store.finished_answer;
}

inline void MAPISPOOL_CALL Store::has_been_released(void *context, ULONG flags) {
    Store &store = *static_cast<Store *>(context);
    CHECK((flags & LOGOFF_COMPLETE) != 0);
    store.world.say(store.name + ": released " + flags_text(flags));
    if (store.in_released)
        store.in_released(flags);
    MAPISPOOLSTATUS status = {};
    status.cbSize = sizeof status;
    HRESULT known = MapiStoreGetStatus(store.handle, &status); // not under a lock that the log callback takes
    std::lock_guard<std::mutex> hold(store.world.mutex);
    CHECK_EQUAL(1, ++store.released); // who sees it and opens the store again waits for this lock
    store.box.released.insert(flags);
    if (--store.box.logons > 0)
        return;
    // The store is gone: what has not been finished or aborted must have been reported as queued. By the logon whose
    // logoff was the real one; where another thread ended it, that of an ignored one may be told last.
    bool is_queued = !store.box.queued.empty();
    CHECK(store.box.released.count(LOGOFF_COMPLETE | (is_queued ? LOGOFF_OUTBOUND_QUEUE : 0)) == 1);
    store.box.released.clear();
    if (known == S_OK && (flags & (LOGOFF_INBOUND | LOGOFF_OUTBOUND)) == 0)
        CHECK_EQUAL(store.box.queued.size(), status.cReady + status.cWaiting);
    std::lock_guard<std::mutex> also(store.box.outbox->mutex);
    for (const auto &lock : store.box.outbox->locks)
        CHECK(lock.second != &store.world);
    store.box.queued.clear();
}

inline HRESULT MAPISPOOL_CALL Transport::submit_message(
    void *context, const MAPISPOOLMESSAGE *message, ULONG *retry_seconds) {
    Transport &transport = *static_cast<Transport *>(context);
    World::Alone alone(transport.inside, "a transport is called by one thread");
    CHECK_EQUAL(0, transport.destroyed);
    CHECK_EQUAL(0, *retry_seconds);
    CHECK((message->ulFlags & ~BEGIN_DEFERRED) == 0);
    std::string name = World::name_of(*message);
    transport.world.say(
        transport.name + ": submit " + name + ((message->ulFlags & BEGIN_DEFERRED) != 0 ? " deferred" : ""));
    if (transport.in_submit)
        transport.in_submit(*message);
    std::lock_guard<std::mutex> hold(transport.mutex);
    Answer answer = transport.otherwise;
    auto found = transport.script.find(name);
    if (found != transport.script.end() && !found->second.empty()) {
        answer = found->second.front();
        found->second.pop_front();
    }
    transport.current.assign(1, answer);
    *retry_seconds = answer.retry_seconds;
    return answer.result;
}

inline HRESULT MAPISPOOL_CALL Transport::end_message(
    void *context, const MAPISPOOLMESSAGE *message, ULONG *end_flags) {
    Transport &transport = *static_cast<Transport *>(context);
    World::Alone alone(transport.inside, "a transport is called by one thread");
    CHECK_EQUAL(0, transport.destroyed);
    CHECK_EQUAL(0, *end_flags);
    transport.world.say(transport.name + ": end " + World::name_of(*message));
    if (transport.in_end)
        transport.in_end(*message);
    std::lock_guard<std::mutex> hold(transport.mutex);
    CHECK_EQUAL(1, transport.current.size());
    *end_flags = transport.current.front().end_flags;
    return transport.current.front().end_result;
}

inline HRESULT MAPISPOOL_CALL Transport::transport_notify(
    void *context, ULONG flags, const MAPISPOOLMESSAGE *message) {
    Transport &transport = *static_cast<Transport *>(context);
    CHECK_EQUAL(0, transport.destroyed);
    bool about = (flags & (NOTIFY_CANCEL_MESSAGE | NOTIFY_ABORT_DEFERRED)) != 0;
    CHECK(about == (message != nullptr));
    transport.world.say(transport.name + ": notify " + notify_text(flags) +
                        (about ? " " + World::name_of(*message) : ""));
    if (transport.in_notify)
        transport.in_notify(flags, message);
    return transport.notify_answer;
}

inline HRESULT MAPISPOOL_CALL Transport::flush_queues(void *context, ULONG flags) {
    Transport &transport = *static_cast<Transport *>(context);
    World::Alone alone(transport.inside, "a transport is called by one thread");
    CHECK_EQUAL(0, transport.destroyed);
    CHECK_EQUAL(FLUSH_UPLOAD, flags);
    transport.world.say(transport.name + ": flush");
    if (transport.in_flush)
        transport.in_flush();
    return transport.flush_answer;
}

inline HRESULT MAPISPOOL_CALL Transport::transport_logoff(void *context, ULONG flags) {
    Transport &transport = *static_cast<Transport *>(context);
    World::Alone alone(transport.inside, "a transport is called by one thread");
    CHECK_EQUAL(0, transport.destroyed);
    CHECK_EQUAL(0, flags);
    transport.world.say(transport.name + ": logoff");
    if (transport.in_logoff)
        transport.in_logoff();
    return transport.logoff_answer;
}

inline void MAPISPOOL_CALL Transport::destroy(void *context) {
    Transport &transport = *static_cast<Transport *>(context);
    transport.world.say(transport.name + ": destroy");
    if (transport.in_destroy)
        transport.in_destroy();
    CHECK_EQUAL(1, ++transport.destroyed);
}

inline HRESULT Transport::try_take(ULONG milliseconds, Transfer &transfer) {
    const MAPISPOOLMESSAGE *message = nullptr;
    HRESULT hr = MapiTransportTakeMessage(handle, milliseconds, &message);
    if (hr == S_OK) {
        transfer.handle = message->hTransfer;
        transfer.message = World::name_of(*message);
        transfer.flags = message->ulFlags;
    } else
        CHECK(message == nullptr);
    return hr;
}

inline Transfer Transport::take(ULONG milliseconds) {
    Transfer transfer;
    CHECK_HR(S_OK, try_take(milliseconds, transfer));
    return transfer;
}

inline HRESULT Transport::try_begin(Store &store, const std::string &message, Transfer &transfer) {
    bool is_new, queued;
    {
        std::lock_guard<std::mutex> hold(world.mutex);
        std::lock_guard<std::mutex> also(store.box.outbox->mutex);
        is_new = store.box.outbox->mail.insert(message).second;
        queued = store.box.queued.insert(message).second;
        if (is_new)
            store.box.outbox->finished.erase(message);
    }
    HRESULT hr = MapiTransportBeginOutbound(
        handle, store.handle, static_cast<ULONG>(message.size()), message.data(), &transfer.handle);
    transfer.message = message;
    MAPISPOOLSTATUS status = {};
    status.cbSize = sizeof status;
    if (hr != S_OK && queued) {
        // Was it queued first? Its count says so.
        HRESULT known = MapiStoreGetStatus(store.handle, &status); // not under a lock that the log callback takes
        std::lock_guard<std::mutex> hold(world.mutex);
        if (known == S_OK &&
            status.cReady + status.cWaiting + status.cOutbound < store.box.queued.size())
            store.box.queued.erase(message);
    }
    return hr;
}

inline Transfer Transport::begin(Store &store, const std::string &message) {
    Transfer transfer;
    CHECK_HR(S_OK, try_begin(store, message, transfer));
    return transfer;
}

#endif
