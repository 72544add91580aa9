// What somebody writes who only wants mail sent in the background: a deque, a mutex, threads.
#ifndef BENCH_MAIL_QUEUE_HPP
#define BENCH_MAIL_QUEUE_HPP

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bench {

class MailQueue {
public:
    using Callback = void (*)(void *context, const std::string &message);

    // Each message goes through all callbacks in turn, on one of so many threads.
    MailQueue(std::size_t threads, std::vector<Callback> callbacks, void *context);
    // What is still queued is dropped.
    ~MailQueue();

    void submit(std::string message);
    // Returns when everything has been sent.
    void purge();

private:
    void run();

    const std::vector<Callback> callbacks_;
    void *const context_;

    std::mutex mutex_;
    std::condition_variable filled_, drained_;
    std::deque<std::string> mail_;
    std::size_t in_process_ = 0;
    bool stopping_ = false;

    std::vector<std::thread> threads_;
};

} // namespace bench

#endif
