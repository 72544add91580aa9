#include "baselines/stopped_threads.hpp"

namespace bench {

StoppedThreads::StoppedThreads(std::size_t threads, std::size_t messages_each) : messages_each_(messages_each)
{
    for (std::size_t number = 0; number < threads; ++number)
        threads_.emplace_back(&StoppedThreads::run, this);
}

StoppedThreads::~StoppedThreads()
{
    {
        const std::lock_guard<std::mutex> hold(mutex_);
        stopping_ = true;
    }
    begun_.notify_all();
    for (std::thread &thread : threads_)
        thread.join();
}

void StoppedThreads::begin()
{
    std::unique_lock<std::mutex> hold(mutex_);
    ++round_;
    begun_.notify_all();
    changed_.wait(hold, [this] { return waiting_ == threads_.size(); });
}

void StoppedThreads::abort()
{
    {
        const std::lock_guard<std::mutex> hold(mutex_);
        cancelled_round_ = round_;
        waiting_ = 0;
    }
    cancelled_.notify_all(); // whoever is woken finds the mutex free
    std::unique_lock<std::mutex> hold(mutex_);
    changed_.wait(hold, [this] { return in_process_ == 0; });
}

void StoppedThreads::run()
{
    std::unique_lock<std::mutex> hold(mutex_);
    for (std::size_t done = 0;;) {
        begun_.wait(hold, [&] { return stopping_ || round_ != done; });
        if (stopping_)
            return;
        done = round_;
        in_process_ += messages_each_;
        if (++waiting_ == threads_.size())
            changed_.notify_one();
        cancelled_.wait(hold, [&] { return cancelled_round_ == done; });
        hold.unlock();
        for (std::size_t message = 0; message < messages_each_; ++message)
            if (was_last())
                changed_.notify_one();
        hold.lock();
    }
}

// Each message ends by itself.
bool StoppedThreads::was_last()
{
    const std::lock_guard<std::mutex> hold(mutex_);
    return --in_process_ == 0;
}

} // namespace bench
