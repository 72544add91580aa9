// Uses all of mapispool.hpp. Compiled in every standard, never run, with the headers given by -include in some order.

#include <vector>

namespace {

struct Outbox : mapispool::StoreOps {
    HRESULT SetLockState(const mapispool::EntryID &message, ULONG ulLockState) override {
        return ulLockState == MSG_LOCKED && message == "gone" ? MAPI_E_NOT_FOUND : S_OK;
    }
    HRESULT FinishedMsg(const mapispool::EntryID &) override { return S_OK; }
    void Released(mapispool::LogoffFlags) override {}
};

struct Smtp : mapispool::DrivenTransportOps {
    HRESULT SubmitMessage(const mapispool::Message &message, std::chrono::seconds &retry) override {
        if (message.SpoolerYield() == MAPI_W_CANCEL_MESSAGE)
            return MAPI_E_USER_CANCEL;
        retry = std::chrono::minutes(1);
        return message.deferred() ? MAPI_E_WAIT : S_OK;
    }
    HRESULT EndMessage(const mapispool::Message &, ULONG *lpulEndFlags) override {
        *lpulEndFlags = END_RESEND_LATER;
        return S_OK;
    }
};

struct Fax : mapispool::SelfDrivenTransportOps {
    HRESULT TransportNotify(ULONG, const mapispool::Message *) override { return S_OK; }
    HRESULT FlushQueues(ULONG) override { return S_OK; }
    HRESULT TransportLogoff(ULONG) override { return S_OK; }
};

void spooler() {
    mapispool::Options options("profile");
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.AbortLimit = std::chrono::seconds(1);
    options.PurgeLimit = mapispool::infinite;
    options.Log = [](ULONG, const char *) {};
    options.ThreadStart = options.ThreadEnd = [] {};
    options.AllocateBuffer = nullptr;
    options.Threw = [](const char *, const char *) {};
    mapispool::Spooler opened = mapispool::Spooler::Open(options).or_throw();
    const mapispool::Transport smtp = opened.AddTransport("SMTP", std::make_shared<Smtp>()).or_throw();
    const mapispool::Transport fax = opened.AddTransport("fax", std::unique_ptr<Fax>(new Fax), "own").or_throw();
    opened.AddTransport("none", [](const mapispool::Message &) { return MAPI_E_NOT_ME; }).or_throw();
    mapispool::Store store = opened.OpenStore("s", std::make_shared<Outbox>(), MAPISPOOL_DEFAULT_INBOX).or_throw();
    std::vector<mapispool::Store> stores;
    stores.push_back(store.AddRef().or_throw());

    if (store.GetSupport().or_throw() == nullptr)
        return;
    ULONG ulFlags = LOGOFF_PURGE;
    store.StoreLogoffTransports(&ulFlags).or_throw();
    if (!store.StoreLogoffTransports(mapispool::Logoff::Abort)->complete())
        store.CancelLogoff().or_throw();
    if (mapispool::ResultOf<MAPISPOOLSTATUS> status = store.GetStatus())
        ulFlags = status->ulFlags;
    smtp.SpoolerNotify(NOTIFY_SENTDEFERRED, std::string("m")).or_throw();
    while (mapispool::ResultOf<mapispool::Transfer> taken = fax.TakeMessage(mapispool::infinite)) {
        mapispool::Transfer transfer = std::move(*taken);
        transfer.End(MAPI_E_WAIT, 0, std::chrono::seconds(3)).or_throw();
    }
    fax.BeginOutbound(store, "m").or_throw().End(S_OK).or_throw();
    fax.BeginInbound().or_throw().End(S_OK).or_throw();
    opened.Run(std::chrono::milliseconds(10)).or_throw();
    opened.LogoffStores(mapispool::Logoff::Orderly, std::chrono::hours(1)).or_throw();
    opened.Close(std::chrono::minutes(1), LOGOFF_ABORT).or_throw();
}

struct Unknown {
    virtual ~Unknown() {}
};
struct Support : virtual Unknown {
    virtual HRESULT MAPISPOOL_METHOD StoreLogoffTransports(ULONG *lpulFlags) = 0;
};

} // namespace

int main() {
    try {
        spooler();
    } catch (const mapispool::Error &error) {
        return error.code() == std::errc::timed_out ? 2 : 1;
    }
    mapispool::StoreLogoffSupport<Support> support;
    support.AttachStore(mapispool::Store());
    return support.StoreLogoffTransports(nullptr) == MAPI_E_NO_SUPPORT ? 0 : 1;
}
