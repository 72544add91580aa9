#include "baselines/mail_queue.hpp"

#include <utility>

namespace bench {

MailQueue::MailQueue(std::size_t threads, std::vector<Callback> callbacks, void *context)
    : callbacks_(std::move(callbacks)), context_(context)
{
    for (std::size_t number = 0; number < threads; ++number)
        threads_.emplace_back(&MailQueue::run, this);
}

MailQueue::~MailQueue()
{
    {
        const std::lock_guard<std::mutex> hold(mutex_);
        stopping_ = true;
    }
    filled_.notify_all();
    for (std::thread &thread : threads_)
        thread.join();
}

void MailQueue::submit(std::string message)
{
    {
        const std::lock_guard<std::mutex> hold(mutex_);
        mail_.push_back(std::move(message));
    }
    filled_.notify_one();
}

void MailQueue::purge()
{
    std::unique_lock<std::mutex> hold(mutex_);
    drained_.wait(hold, [this] { return mail_.empty() && in_process_ == 0; });
}

void MailQueue::run()
{
    std::unique_lock<std::mutex> hold(mutex_);
    for (;;) {
        filled_.wait(hold, [this] { return stopping_ || !mail_.empty(); });
        if (stopping_)
            return;
        const std::string message = std::move(mail_.front());
        mail_.pop_front();
        ++in_process_;
        hold.unlock();
        for (const Callback callback : callbacks_)
            callback(context_, message);
        hold.lock();
        --in_process_;
        if (mail_.empty() && in_process_ == 0)
            drained_.notify_all();
    }
}

} // namespace bench
