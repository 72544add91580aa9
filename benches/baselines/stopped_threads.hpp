// What somebody writes who only wants threads stopped: one condition variable that wakes them all, another for the
// one who waits until their work has ended.
#ifndef BENCH_STOPPED_THREADS_HPP
#define BENCH_STOPPED_THREADS_HPP

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace bench {

class StoppedThreads {
public:
    StoppedThreads(std::size_t threads, std::size_t messages_each);
    ~StoppedThreads();

    // Every thread takes its messages and waits to be told.
    void begin();
    // Tells them, and waits until the last message has ended.
    void abort();

private:
    void run();
    bool was_last();

    const std::size_t messages_each_;

    std::mutex mutex_;
    std::condition_variable begun_, cancelled_, changed_;
    std::size_t round_ = 0, cancelled_round_ = 0;
    std::size_t waiting_ = 0, in_process_ = 0;
    bool stopping_ = false;

    std::vector<std::thread> threads_;
};

} // namespace bench

#endif
