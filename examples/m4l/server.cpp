#include "server.hpp"

#include <algorithm>

Server::Server(std::chrono::milliseconds per_message)
    : per_message_(per_message), process_(&Server::work, this)
{
}

Server::~Server()
{
    {
        std::lock_guard<std::mutex> hold(mutex_);
        ended_ = true;
        changed_.notify_all();
    }
    process_.join();
}

void Server::submit(const std::string &row)
{
    std::lock_guard<std::mutex> hold(mutex_);
    outbox_.erase(row);
    queue_.push_back(row);
    events_.push_back(Event{row, true, false});
    changed_.notify_all();
}

bool Server::withdraw(const std::string &row)
{
    std::lock_guard<std::mutex> hold(mutex_);
    const auto found = std::find(queue_.begin(), queue_.end(), row);
    if (found == queue_.end())
        return false;
    queue_.erase(found);
    outbox_.insert(row);
    events_.push_back(Event{row, false, false});
    changed_.notify_all();
    return true;
}

void Server::advise(RowSink *sink)
{
    std::lock_guard<std::mutex> hold(mutex_);
    sink_ = sink;
}

void Server::unadvise()
{
    std::unique_lock<std::mutex> hold(mutex_);
    sink_ = nullptr;
    changed_.wait(hold, [this] { return !is_notifying_; });
}

std::size_t Server::sent() const
{
    std::lock_guard<std::mutex> hold(mutex_);
    return sent_;
}

std::size_t Server::in_outbox() const
{
    std::lock_guard<std::mutex> hold(mutex_);
    return outbox_.size();
}

// Sends a message now and then; tells of everything at once.
void Server::work()
{
    auto next = std::chrono::steady_clock::now() + per_message_;
    std::unique_lock<std::mutex> hold(mutex_);
    while (!ended_) {
        if (!events_.empty())
            notify_first(hold);
        else if (!changed_.wait_until(hold, next, [this] { return ended_ || !events_.empty(); })) {
            next += per_message_;
            send_first();
        }
    }
}

void Server::send_first()
{
    if (queue_.empty())
        return;
    events_.push_back(Event{queue_.front(), false, true});
    queue_.pop_front();
    ++sent_;
}

void Server::notify_first(std::unique_lock<std::mutex> &hold)
{
    const Event event = events_.front();
    events_.pop_front();
    RowSink *const sink = sink_;
    if (sink == nullptr)
        return;
    is_notifying_ = true;
    hold.unlock();
    if (event.added)
        sink->row_added(event.row);
    else
        sink->row_deleted(event.row, event.was_sent);
    hold.lock();
    is_notifying_ = false;
    changed_.notify_all();
}
