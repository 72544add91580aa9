// Logoff of a store at rest, seen by other processes: alone, and among many.
#include <algorithm>
#include <vector>

#include "baselines/bare_locks.hpp"
#include "bench.hpp"
#include "session.hpp"

namespace bench {

namespace {

const std::size_t FEW_STORES = 10, MANY_STORES = 10'000, MOST_STORES = 30'000;
// Stores are opened and logged off so many at a time: one would be lost in what reading the clock takes.
const std::size_t BATCH = 16;
const std::chrono::microseconds HALF_ROUND{1000};

enum class Step { OPEN, LOG_OFF };

// A spooler with a transport and so many stores, which stay open.
class Site {
public:
    explicit Site(std::size_t stores) : spooler_(directory_.path()), stores_(open_stores(spooler_, BATCH, stores))
    {
        spooler_.add_transport();
    }
    ~Site() { log_off_all(stores_); }

    // Opens stores beyond those and logs them off, and measures one of the two.
    Trial trial(Step step)
    {
        return [this, step](std::size_t operations) {
            double taken = 0;
            for (std::size_t done = 0; done < operations; done += BATCH) {
                const std::size_t batch = std::min(BATCH, operations - done);
                std::vector<HMAPISTORE> stores;
                const double opening = time([&] { stores = open_stores(spooler_, 0, batch); });
                const double logging_off = time([&] { log_off_all(stores); });
                taken += step == Step::OPEN ? opening : logging_off;
            }
            return taken;
        };
    }

private:
    const TemporaryDirectory directory_;
    Spooler spooler_;
    const std::vector<HMAPISTORE> stores_;
};

class BareSite {
public:
    Trial trial(void (BareLocks::*log_off)(std::size_t))
    {
        return [this, log_off](std::size_t operations) {
            double taken = 0;
            for (std::size_t done = 0; done < operations; done += BATCH) {
                const std::size_t batch = std::min(BATCH, operations - done);
                for (std::size_t store = 0; store < batch; ++store)
                    locks_.open(store);
                taken += time([&] {
                    for (std::size_t store = 0; store < batch; ++store)
                        (locks_.*log_off)(store);
                });
            }
            return taken;
        };
    }

private:
    const TemporaryDirectory directory_;
    BareLocks locks_{directory_.path(), BATCH};
};

Rounds rounds_of(const Bench &bench)
{
    return {bench.full_or_quick<std::size_t>(201, 51), HALF_ROUND};
}

void at_rest(Bench &bench)
{
    const char *const CALLS = "QUIET + release at rest, against its 4 lock calls";
    const char *const FEWEST = "QUIET + release at rest, against the fewest calls (2)";
    Site ours(FEW_STORES);
    BareSite bare;
    const auto against = [&](void (BareLocks::*calls)(std::size_t)) {
        return compare(rounds_of(bench), ours.trial(Step::LOG_OFF), bare.trial(calls));
    };
    if (bench.report.wants(CALLS))
        bench.report.add(ratio_row(CALLS, against(&BareLocks::log_off), Target{Target::AT_MOST, 1.5}));
    if (bench.report.wants(FEWEST))
        bench.report.add(ratio_row(FEWEST, against(&BareLocks::log_off_with_two_calls), {}));
}

void among_many(Bench &bench)
{
    const char *const LOGOFF = "QUIET + release among 10,000 stores, against among 10";
    const char *const OPEN = "open of the 10,000th store, against the 10th";
    if (!bench.report.wants(LOGOFF) && !bench.report.wants(OPEN))
        return;
    Site few(FEW_STORES), many(MANY_STORES);
    const auto among = [&](Step step) { return compare(rounds_of(bench), many.trial(step), few.trial(step)); };
    bench.report.add(ratio_row(LOGOFF, among(Step::LOG_OFF), Target{Target::AT_MOST, 2}));
    bench.report.add(ratio_row(OPEN, among(Step::OPEN), Target{Target::AT_MOST, 2}));
}

void by_stores(Bench &bench)
{
    const char *const WHAT = "plot: stores";
    if (!bench.report.wants(WHAT))
        return;
    Line opening{"open", {}}, logging_off{"QUIET + release", {}};
    const std::size_t rounds = bench.full_or_quick<std::size_t>(51, 11);
    for (const std::size_t stores : {FEW_STORES, std::size_t{100}, std::size_t{1000}, MANY_STORES, MOST_STORES}) {
        Site site(stores);
        const auto point = [&](Line &line, Step step) {
            const Trial trial = site.trial(step);
            const Spread found = measure(rounds, calibrate(trial, HALF_ROUND), trial);
            line.points.push_back({static_cast<double>(stores), found.median});
        };
        point(opening, Step::OPEN);
        point(logging_off, Step::LOG_OFF);
    }
    bench.draw({"A store at rest is opened and logged off", "other stores open", "ns for each store",
                {opening, logging_off}},
               "stores.svg");
}

} // namespace

void bench_logoff(Bench &bench)
{
    at_rest(bench);
    among_many(bench);
    by_stores(bench);
}

} // namespace bench
