#include "baselines/counter.hpp"

namespace bench {

void TransferCounter::begin()
{
    const std::lock_guard<std::mutex> hold(mutex_);
    ++in_process_;
}

void TransferCounter::end()
{
    const std::lock_guard<std::mutex> hold(mutex_);
    if (--in_process_ == 0)
        idle_.notify_all();
}

void TransferCounter::wait_until_idle()
{
    std::unique_lock<std::mutex> hold(mutex_);
    idle_.wait(hold, [this] { return in_process_ == 0; });
}

void AtomicCounter::begin()
{
    in_process_.fetch_add(1);
}

void AtomicCounter::end()
{
    in_process_.fetch_sub(1);
}

} // namespace bench
