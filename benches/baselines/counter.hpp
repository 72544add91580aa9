// What somebody writes who only wants to know whether anything is in process: a count under a mutex, and a condition
// variable for those who wait until nothing is. In a shared library, as ours is.
#ifndef BENCH_COUNTER_HPP
#define BENCH_COUNTER_HPP

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace bench {

class alignas(64) TransferCounter {
public:
    void begin();
    void end();
    void wait_until_idle();

private:
    std::mutex mutex_;
    std::condition_variable idle_;
    unsigned long in_process_ = 0;
};

// The floor: nobody can wait for it.
class alignas(64) AtomicCounter {
public:
    void begin();
    void end();

private:
    std::atomic<unsigned long> in_process_{0};
};

} // namespace bench

#endif
