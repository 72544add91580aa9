// A full queue, and LOGOFF_PURGE: what sending costs apart from the transport's own work.
//
// The transport's threads stand at a gate with their first messages while the queue is filled, so that PURGE alone
// is measured, and all of it.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "baselines/mail_queue.hpp"
#include "bench.hpp"
#include "session.hpp"

namespace bench {

namespace {

const std::size_t MANY_MESSAGES = 1'000'000, MANY_MESSAGES_QUICKLY = 200'000;
const std::size_t SLOW_MESSAGES = 2'000, SLOW_MESSAGES_QUICKLY = 400;
const std::size_t SLOW_TRANSPORTS = 4;
const std::chrono::milliseconds SLOW_SENDING{1};

// Shut until it is opened for good.
class Gate {
public:
    void pass()
    {
        if (is_open_.load(std::memory_order_acquire))
            return;
        std::unique_lock<std::mutex> hold(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(hold, [this] { return is_open_.load(); });
    }

    void wait_for(std::size_t threads)
    {
        std::unique_lock<std::mutex> hold(mutex_);
        changed_.wait(hold, [&] { return waiting_ == threads; });
    }

    void open()
    {
        const std::lock_guard<std::mutex> hold(mutex_);
        is_open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> is_open_{false};
    std::size_t waiting_ = 0;
};

// How a message is sent, on both sides.
struct Job {
    std::size_t transports;
    std::chrono::milliseconds sending; // what the transport itself takes for a message
    bool store_callbacks;              // SetLockState and FinishedMsg too
};

struct Work {
    Gate gate;
    std::chrono::milliseconds sending;

    void send()
    {
        gate.pass();
        if (sending.count() > 0)
            std::this_thread::sleep_for(sending);
    }
};

// Nanoseconds of each step, for all messages.
struct Taken {
    double submit, purge;
};

HRESULT submit_message(void *work, const MAPISPOOLMESSAGE *, ULONG *)
{
    static_cast<Work *>(work)->send();
    return S_OK;
}

HRESULT end_message(void *, const MAPISPOOLMESSAGE *, ULONG *)
{
    return S_OK;
}

HRESULT set_lock_state(void *, ULONG, const void *, ULONG)
{
    return S_OK;
}

HRESULT finished_msg(void *, ULONG, ULONG, const void *)
{
    return S_OK;
}

Taken send_with_ours(const Job &job, std::size_t messages)
{
    Work work{{}, job.sending};
    Spooler spooler;
    MAPITRANSPORTOPS ops = {};
    ops.SubmitMessage = submit_message;
    ops.EndMessage = end_message;
    for (std::size_t transport = 0; transport < job.transports; ++transport)
        spooler.add_transport(ops, &work);
    MAPISTOREOPS store_ops = {};
    if (job.store_callbacks) {
        store_ops.SetLockState = set_lock_state;
        store_ops.FinishedMsg = finished_msg;
    }
    const HMAPISTORE store = spooler.open_store(0, store_ops);

    Taken taken = {};
    taken.submit = time([&] {
        for (std::size_t message = 0; message < messages; ++message)
            submit(store, message);
    });
    work.gate.wait_for(job.transports);
    taken.purge = time([&] {
        work.gate.open();
        ULONG flags = LOGOFF_PURGE;
        must(StoreLogoffTransports(store, &flags), "StoreLogoffTransports");
        if (flags != LOGOFF_COMPLETE)
            fail("the purge left something");
    });
    must(MapiStoreRelease(store), "MapiStoreRelease");
    return taken;
}

void call_send(void *work, const std::string &)
{
    static_cast<Work *>(work)->send();
}

void call_nothing(void *, const std::string &)
{
}

Taken send_with_baseline(const Job &job, std::size_t messages)
{
    Work work{{}, job.sending};
    std::vector<MailQueue::Callback> callbacks{call_send, call_nothing};
    if (job.store_callbacks)
        callbacks = {call_nothing, call_send, call_nothing, call_nothing};
    MailQueue queue(job.transports, callbacks, &work);

    Taken taken = {};
    taken.submit = time([&] {
        for (std::size_t message = 0; message < messages; ++message) {
            const EntryId id = entry_id(message);
            queue.submit(std::string(id.data(), id.size()));
        }
    });
    work.gate.wait_for(job.transports);
    taken.purge = time([&] {
        work.gate.open();
        queue.purge();
    });
    return taken;
}

struct Comparisons {
    Comparison submit, purge; // nanoseconds for each message
};

Comparisons compare_sending(const Job &job, std::size_t messages, std::size_t rounds)
{
    std::vector<double> submit[2], purge[2];
    const auto note = [&](std::size_t side, const Taken &taken) {
        submit[side].push_back(taken.submit / static_cast<double>(messages));
        purge[side].push_back(taken.purge / static_cast<double>(messages));
    };
    for (std::size_t round = 0; round < rounds; ++round) {
        note(0, send_with_ours(job, messages));
        note(1, send_with_baseline(job, messages));
    }
    return {comparison_of(submit[0], submit[1]), comparison_of(purge[0], purge[1])};
}

void fast(Bench &bench)
{
    const std::size_t messages = bench.full_or_quick(MANY_MESSAGES, MANY_MESSAGES_QUICKLY);
    const std::size_t rounds = bench.full_or_quick<std::size_t>(7, 3);
    const std::string queued = grouped(static_cast<double>(messages)) + " queued messages: ";
    const std::string purge = queued + "PURGE, each", submit = queued + "submit, each";
    const std::string all = queued + "PURGE, all store callbacks, each";
    if (bench.report.wants(purge) || bench.report.wants(submit)) {
        const Comparisons found = compare_sending({1, {}, false}, messages, rounds);
        bench.report.add(ratio_row(purge, found.purge, Target{Target::AT_MOST, 3}));
        bench.report.add(ratio_row(submit, found.submit, {}));
    }
    if (bench.report.wants(all)) {
        const Comparisons found = compare_sending({1, {}, true}, messages, rounds);
        bench.report.add(ratio_row(all, found.purge, Target{Target::AT_MOST, 3}));
    }
}

void slow(Bench &bench)
{
    const std::size_t messages = bench.full_or_quick(SLOW_MESSAGES, SLOW_MESSAGES_QUICKLY);
    const std::string what = grouped(static_cast<double>(messages)) + " messages of 1 ms, 4 transports: PURGE, each";
    if (!bench.report.wants(what))
        return;
    const Job job{SLOW_TRANSPORTS, SLOW_SENDING, false};
    const Comparisons found = compare_sending(job, messages, bench.full_or_quick<std::size_t>(9, 3));
    bench.report.add(ratio_row(what, found.purge, Target{Target::AT_MOST, 1.05}));
}

void by_messages(Bench &bench)
{
    const char *const WHAT = "plot: messages";
    if (!bench.report.wants(WHAT))
        return;
    Line purge{"PURGE", {}}, submit{"submit", {}}, baseline{"deque + thread", {}}, pushes{"push_back", {}};
    const std::size_t most = bench.full_or_quick(MANY_MESSAGES, MANY_MESSAGES_QUICKLY);
    for (std::size_t messages = 1000; messages <= most; messages *= 10) {
        const auto point = [&](Line &line, const Spread &spread) {
            line.points.push_back({static_cast<double>(messages), spread.median});
        };
        const std::size_t rounds = messages < MANY_MESSAGES ? 11 : 3;
        const Comparisons found = compare_sending({1, {}, false}, messages, rounds);
        point(purge, found.purge.ours);
        point(submit, found.submit.ours);
        point(baseline, found.purge.baseline);
        point(pushes, found.submit.baseline);
    }
    bench.draw({"A queue is filled and purged", "messages", "ns for each message", {purge, submit, baseline, pushes}},
               "messages.svg");
}

} // namespace

void bench_purge(Bench &bench)
{
    fast(bench);
    slow(bench);
    by_messages(bench);
}

} // namespace bench
