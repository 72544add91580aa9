// A shadow transport. It sends nothing: mail leaves by the server's own process. It shows the spooler what happens
// there, so that a logoff waits for the messages in the server's queue as it would for its own.
#ifndef M4L_SHADOW_HPP
#define M4L_SHADOW_HPP

#include <condition_variable>
#include <map>
#include <mapispool.hpp>
#include <mutex>
#include <set>
#include <string>

#include "server.hpp"

class Shadow : public mapispool::SelfDrivenTransportOps, public RowSink {
public:
    explicit Shadow(Server &server) : server_(server) {}

    // What it casts on what. The store logon belongs to the support object.
    void start(const mapispool::Transport &transport, HMAPISTORE store);

    // Until the row's message has begun. Who submits waits for it: a logoff right afterwards has to see the message.
    void wait_until_shown(const std::string &row);

    // The session ends, and does not wait for the server's process: what is in the queue there is safe.
    void let_go();

    // The message is in process as long as it has its row.
    void row_added(const std::string &row) override;
    void row_deleted(const std::string &row, bool was_sent) override;

    // The logoff is LOGOFF_ABORT: the message is to come back. Its row goes, sent or not, and row_deleted says which.
    HRESULT TransportNotify(ULONG ulFlags, const mapispool::Message *lpMessage) override;

private:
    Server &server_;
    mapispool::Transport transport_;
    HMAPISTORE store_ = nullptr;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> shown_;
    std::map<std::string, mapispool::Transfer> transfers_;
};

#endif
