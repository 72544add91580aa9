#include "harness/team.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

// How often work is done at most, where another program disturbs it.
const int ATTEMPTS = 10;
// By how much threads that start together may differ.
const std::chrono::microseconds LATE{20};

// The processors that this process may use.
std::vector<int> processors()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    std::vector<int> found;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        for (int processor = 0; processor < CPU_SETSIZE; ++processor)
            if (CPU_ISSET(processor, &allowed))
                found.push_back(processor);
    return found;
}

// Moving to another processor in the middle would be measured too. Where it cannot be had, so be it.
void stay_on(int processor)
{
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(processor, &only);
    pthread_setaffinity_np(pthread_self(), sizeof only, &only);
}

// Nobody starts before all have come. It spins: a thread that has to be woken starts late.
class StartingLine {
public:
    explicit StartingLine(std::size_t expected) : missing_(expected) {}

    void wait()
    {
        missing_.fetch_sub(1);
        while (missing_.load(std::memory_order_acquire) != 0)
            std::this_thread::yield();
    }

private:
    std::atomic<std::size_t> missing_;
};

// How often the kernel has taken the processor away from this thread, for somebody else.
long interruptions()
{
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nivcsw : 0;
}

struct Run {
    Clock::time_point begin, end;
    long interruptions;
};

std::vector<Run> run_once(const std::vector<int> &processors, std::size_t size,
                          const std::function<void(std::size_t)> &work)
{
    StartingLine line(size);
    std::vector<Run> runs(size);
    std::vector<std::thread> threads;
    for (std::size_t member = 0; member < size; ++member)
        threads.emplace_back([&, member] {
            if (!processors.empty())
                stay_on(processors[member % processors.size()]);
            line.wait();
            const long before = interruptions();
            const Clock::time_point begin = Clock::now();
            work(member);
            runs[member] = {begin, Clock::now(), interruptions() - before};
        });
    for (std::thread &thread : threads)
        thread.join();
    return runs;
}

// From the first start to the last end.
double duration(const std::vector<Run> &runs)
{
    Clock::time_point begin = runs[0].begin, end = runs[0].end;
    for (const Run &run : runs) {
        begin = std::min(begin, run.begin);
        end = std::max(end, run.end);
    }
    return std::chrono::duration<double, std::nano>(end - begin).count();
}

// Whether another program had a processor while its thread was to work, or to start.
bool was_disturbed(const std::vector<Run> &runs)
{
    return std::any_of(runs.begin(), runs.end(), [&](const Run &run) {
        return run.interruptions > 0 || run.begin - runs[0].begin > LATE || runs[0].begin - run.begin > LATE;
    });
}

} // namespace

double run_together(std::size_t size, const std::function<void(std::size_t)> &work)
{
    static const std::vector<int> PROCESSORS = processors();
    // More threads than processors interrupt one another: that is part of what is measured.
    int attempts = size <= PROCESSORS.size() ? ATTEMPTS : 1;
    std::vector<Run> runs;
    do
        runs = run_once(PROCESSORS, size, work);
    while (was_disturbed(runs) && --attempts > 0);
    return duration(runs);
}

} // namespace bench
