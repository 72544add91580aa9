#include "shadow.hpp"

void Shadow::start(const mapispool::Transport &transport, HMAPISTORE store)
{
    transport_ = transport;
    store_ = store;
    server_.advise(this);
}

void Shadow::wait_until_shown(const std::string &row)
{
    std::unique_lock<std::mutex> hold(mutex_);
    changed_.wait(hold, [&] { return shown_.count(row) != 0; });
    shown_.erase(row);
}

void Shadow::let_go()
{
    server_.unadvise();
    std::map<std::string, mapispool::Transfer> dropped; // their end ends them
    std::lock_guard<std::mutex> hold(mutex_);
    dropped.swap(transfers_);
}

void Shadow::row_added(const std::string &row)
{
    // Refused while a logoff has shut the store: then it is none of this session's any more.
    mapispool::ResultOf<mapispool::Transfer> begun = transport_.BeginOutbound(store_, row);
    std::lock_guard<std::mutex> hold(mutex_);
    if (begun)
        transfers_[row] = std::move(*begun);
    shown_.insert(row);
    changed_.notify_all();
}

void Shadow::row_deleted(const std::string &row, bool was_sent)
{
    mapispool::Transfer transfer;
    {
        std::lock_guard<std::mutex> hold(mutex_);
        const auto found = transfers_.find(row);
        if (found == transfers_.end())
            return;
        transfer = std::move(found->second);
        transfers_.erase(found);
    }
    // It can only fail for a session that has closed.
    static_cast<void>(transfer.End(was_sent ? S_OK : MAPI_E_USER_CANCEL));
}

HRESULT Shadow::TransportNotify(ULONG ulFlags, const mapispool::Message *lpMessage)
{
    if (ulFlags == NOTIFY_CANCEL_MESSAGE)
        server_.withdraw(lpMessage->id().str());
    return S_OK;
}
