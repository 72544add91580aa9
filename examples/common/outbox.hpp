// The Outbox of a message store, in memory: what the spooler asks of a store, in as few lines as will do. One on disk,
// which the next program finds as it was left: mail/mail_folder.hpp.
#ifndef EXAMPLES_OUTBOX_HPP
#define EXAMPLES_OUTBOX_HPP

#include <cstddef>
#include <map>
#include <mapispool.hpp>
#include <mutex>
#include <string>
#include <vector>

class Outbox : public mapispool::StoreOps {
public:
    Outbox() : sent_(0) {}

    // To be called before the message is submitted.
    void add(const std::string &id)
    {
        std::lock_guard<std::mutex> hold(mutex_);
        is_locked_[id] = false;
    }

    // What has not been sent. A store on disk submits it again when it is opened the next time.
    std::vector<std::string> content() const
    {
        std::lock_guard<std::mutex> hold(mutex_);
        std::vector<std::string> ids;
        for (const auto &mail : is_locked_)
            ids.push_back(mail.first);
        return ids;
    }

    std::size_t sent() const
    {
        std::lock_guard<std::mutex> hold(mutex_);
        return sent_;
    }

    // The spooler takes a message before a transport gets it, and gives it back if it was not sent.
    HRESULT SetLockState(const mapispool::EntryID &message, ULONG ulLockState) override
    {
        std::lock_guard<std::mutex> hold(mutex_);
        const auto mail = is_locked_.find(message.str());
        if (mail == is_locked_.end())
            return MAPI_E_NOT_FOUND; // somebody else has sent it
        if (ulLockState == MSG_LOCKED && mail->second)
            return MAPI_E_NO_ACCESS; // somebody else has it right now
        mail->second = ulLockState == MSG_LOCKED;
        return S_OK;
    }

    // It has been sent. A real store moves it to Sent Items.
    HRESULT FinishedMsg(const mapispool::EntryID &message) override
    {
        std::lock_guard<std::mutex> hold(mutex_);
        sent_ += is_locked_.erase(message.str());
        return S_OK;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, bool> is_locked_; // by identifier
    std::size_t sent_;
};

#endif
