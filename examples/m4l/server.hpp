// Stands in for the mail server: an outgoing queue, which a process of the server's empties, and notifications of its
// rows for the client. The process is a thread here.
#ifndef M4L_SERVER_HPP
#define M4L_SERVER_HPP

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>

// Who wants to know of rows that come and go. Called on a thread of the client library's, one call at a time.
class RowSink {
public:
    virtual ~RowSink() = default;
    virtual void row_added(const std::string &row) = 0;
    virtual void row_deleted(const std::string &row, bool was_sent) = 0;
};

class Server {
public:
    // How long it takes to send a message.
    explicit Server(std::chrono::milliseconds per_message);
    ~Server();

    void submit(const std::string &row);
    // Out of the queue and into the Outbox again; false if it has been sent.
    bool withdraw(const std::string &row);

    // One at a time. When unadvise has returned, no call comes or runs.
    void advise(RowSink *sink);
    void unadvise();

    std::size_t sent() const;
    std::size_t in_outbox() const;

private:
    struct Event {
        std::string row;
        bool added, was_sent;
    };
    void work();
    void send_first();
    void notify_first(std::unique_lock<std::mutex> &hold);

    const std::chrono::milliseconds per_message_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> queue_;
    std::set<std::string> outbox_;
    std::deque<Event> events_;
    RowSink *sink_ = nullptr;
    bool is_notifying_ = false, ended_ = false;
    std::size_t sent_ = 0;
    std::thread process_;
};

#endif
