// Reception: a transfer begins and ends, and nothing else happens. What every message costs at least.
#include <memory>
#include <vector>

#include "baselines/counter.hpp"
#include "bench.hpp"
#include "harness/team.hpp"
#include "session.hpp"

namespace bench {

namespace {

const std::chrono::microseconds HALF_ROUND{1000};

void receive(HMAPITRANSPORT transport, HMAPISTORE store, std::size_t messages)
{
    for (std::size_t message = 0; message < messages; ++message) {
        HMAPITRANSFER transfer = nullptr;
        must(MapiTransportBeginInbound(transport, store, &transfer), "MapiTransportBeginInbound");
        must(MapiTransferEnd(transfer, S_OK, 0, 0), "MapiTransferEnd");
    }
}

// Threads that receive at the same time, into one store or each into its own, by one transport or each by its own.
class Receivers {
public:
    Receivers(std::size_t threads, std::size_t stores, std::size_t transports)
        : threads_(threads), stores_(open_stores(spooler_, 0, stores))
    {
        for (std::size_t number = 0; number < transports; ++number)
            transports_.push_back(spooler_.add_transport());
    }
    ~Receivers() { log_off_all(stores_); }

    // Each thread does its share of the transfers.
    Trial trial() const
    {
        return [this](std::size_t transfers) {
            return run_together(threads_, [&](std::size_t thread) {
                receive(transports_[thread % transports_.size()], stores_[thread % stores_.size()],
                        transfers / threads_);
            });
        };
    }

private:
    Spooler spooler_;
    const std::size_t threads_;
    const std::vector<HMAPISTORE> stores_;
    std::vector<HMAPITRANSPORT> transports_;
};

template <typename Counter>
class Counting {
public:
    Counting(std::size_t threads, std::size_t counters) : threads_(threads), counters_(counters) {}

    Trial trial()
    {
        return [this](std::size_t transfers) {
            return run_together(threads_, [&](std::size_t thread) {
                Counter &counter = counters_[thread % counters_.size()];
                for (std::size_t left = transfers / threads_; left > 0; --left) {
                    counter.begin();
                    counter.end();
                }
            });
        };
    }

private:
    const std::size_t threads_;
    std::vector<Counter> counters_;
};

void one_thread(Bench &bench)
{
    const char *const MUTEX = "begin + end of an inbound transfer, 1 thread";
    const char *const FLOOR = "begin + end, 1 thread, against two atomic additions";
    const Rounds rounds{bench.full_or_quick<std::size_t>(201, 51), HALF_ROUND};
    const Receivers ours(1, 1, 1);
    if (bench.report.wants(MUTEX)) {
        Counting<TransferCounter> baseline(1, 1);
        const Comparison found = compare(rounds, ours.trial(), baseline.trial());
        bench.report.add(ratio_row(MUTEX, found, Target{Target::AT_MOST, 1.5}));
    }
    if (bench.report.wants(FLOOR)) {
        Counting<AtomicCounter> floor(1, 1);
        bench.report.add(ratio_row(FLOOR, compare(rounds, ours.trial(), floor.trial()), {}));
    }
}

void two_threads_one_store(Bench &bench)
{
    const char *const WHAT = "begin + end, 2 threads, one store";
    if (!bench.report.wants(WHAT))
        return;
    const Rounds rounds{bench.full_or_quick<std::size_t>(201, 51), HALF_ROUND};
    const Receivers ours(2, 1, 1);
    Counting<TransferCounter> baseline(2, 1);
    bench.report.add(ratio_row(WHAT, compare(rounds, ours.trial(), baseline.trial()), Target{Target::AT_MOST, 1}));
}

// How many times as much two threads do as one: the ratio of one thread's nanoseconds to two threads'.
void scaling(Bench &bench, const std::string &what, const Trial &one, const Trial &two, std::optional<Target> target)
{
    if (!bench.report.wants(what))
        return;
    const Rounds rounds{bench.full_or_quick<std::size_t>(201, 51), HALF_ROUND};
    const Comparison found = compare(rounds, one, two);
    bench.report.add({what, Unit::NANOSECONDS, found.baseline.median, found.ours.median, found.ratio, Unit::RATIO,
                      target});
}

void two_threads_two_stores(Bench &bench)
{
    const Target scales{Target::AT_LEAST, 1.8};
    const Receivers one(1, 1, 1), two(2, 2, 1), two_transports(2, 2, 2);
    scaling(bench, "begin + end, 2 threads, a store each: rate of 2 to rate of 1", one.trial(), two.trial(), scales);
    scaling(bench, "begin + end, 2 threads, a store and a transport each: 2 to 1", one.trial(),
            two_transports.trial(), scales);
    // What the machine itself gives: two threads that have nothing in common.
    Counting<TransferCounter> one_counter(1, 1), two_counters(2, 2);
    scaling(bench, "begin + end of the baseline, 2 threads, one each: 2 to 1", one_counter.trial(),
            two_counters.trial(), {});
}

void by_threads(Bench &bench)
{
    const char *const WHAT = "plot: threads";
    if (!bench.report.wants(WHAT))
        return;
    const std::size_t rounds = bench.full_or_quick<std::size_t>(21, 7);
    Line one_store{"one store", {}}, own_stores{"a store each", {}}, counter{"one mutex pair", {}};
    for (const std::size_t threads : {1, 2, 4, 8}) {
        const auto point = [&](Line &line, const Trial &trial) {
            const Spread found = measure(rounds, calibrate(trial, HALF_ROUND), trial);
            line.points.push_back({static_cast<double>(threads), found.median});
        };
        const Receivers shared(threads, 1, 1), own(threads, threads, threads);
        Counting<TransferCounter> baseline(threads, 1);
        point(one_store, shared.trial());
        point(own_stores, own.trial());
        point(counter, baseline.trial());
    }
    bench.draw({"Begin and end of an inbound transfer", "threads", "ns for each transfer, all threads together",
                {one_store, own_stores, counter}},
               "threads.svg");
}

} // namespace

void bench_inbound(Bench &bench)
{
    one_thread(bench);
    two_threads_one_store(bench);
    two_threads_two_stores(bench);
    by_threads(bench);
}

} // namespace bench
