// Loading the library into a process that did not have it.
#include <filesystem>
#include <vector>

#include "bench.hpp"
#include "harness/process.hpp"

namespace bench {

namespace {

const double MILLISECOND = 1e6, MEGABYTE = 1e6;

// What dlopen took in nanoseconds, and how many threads there were then. See load_program.cpp.
std::vector<double> load(const char *library)
{
    return output_of({BENCH_LOAD_PROGRAM, library});
}

void time_and_threads(Bench &bench)
{
    const char *const TIME = "dlopen: longer than an empty library's by", *const THREADS = "threads after dlopen";
    if (!bench.report.wants(TIME) && !bench.report.wants(THREADS))
        return;
    std::vector<double> ours, empty, longer, threads;
    load(BENCH_LIBRARY); // into the page cache
    for (std::size_t rounds = bench.full_or_quick<std::size_t>(101, 31); rounds > 0; --rounds) {
        const std::vector<double> loaded = load(BENCH_LIBRARY), baseline = load(BENCH_EMPTY_LIBRARY);
        ours.push_back(loaded[0]);
        empty.push_back(baseline[0]);
        longer.push_back(loaded[0] - baseline[0]);
        threads.push_back(loaded[1] - baseline[1]);
    }
    bench.report.add({TIME, Unit::NANOSECONDS, spread_of(ours).median, spread_of(empty).median, spread_of(longer),
                      Unit::NANOSECONDS, Target{Target::AT_MOST, MILLISECOND}});
    const Spread more = spread_of(threads);
    bench.report.add({THREADS, Unit::NUMBER, more.median, 0, more, Unit::NUMBER, Target{Target::AT_MOST, 0}});
}

void size(Bench &bench)
{
    const auto size_of = [](const char *file) { return static_cast<double>(std::filesystem::file_size(file)); };
    const double ours = size_of(BENCH_STRIPPED_LIBRARY), empty = size_of(BENCH_STRIPPED_EMPTY_LIBRARY);
    bench.report.add({"size, stripped", Unit::BYTES, ours, empty, {ours, ours, ours}, Unit::BYTES,
                      Target{Target::AT_MOST, MEGABYTE}});
}

} // namespace

void bench_load(Bench &bench)
{
    time_and_threads(bench);
    size(bench);
}

} // namespace bench
