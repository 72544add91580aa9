// LOGOFF_ABORT with many messages in process, by transports that stop as soon as they are told.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "baselines/stopped_threads.hpp"
#include "bench.hpp"
#include "session.hpp"

namespace bench {

namespace {

// Before the clock starts: whoever has just begun to wait is asleep by then, as in a program that has waited long.
const std::chrono::microseconds SETTLING{500};

const std::size_t TRANSPORTS = 8, MESSAGES_EACH = 8, MESSAGES = TRANSPORTS * MESSAGES_EACH;

// Counts up to an expected number, again and again.
class Tally {
public:
    explicit Tally(std::size_t expected) : expected_(expected) {}

    void add()
    {
        const std::lock_guard<std::mutex> hold(mutex_);
        if (++number_ == expected_)
            full_.notify_all();
    }

    void wait()
    {
        std::unique_lock<std::mutex> hold(mutex_);
        full_.wait(hold, [this] { return number_ == expected_; });
        number_ = 0;
    }

private:
    const std::size_t expected_;
    std::mutex mutex_;
    std::condition_variable full_;
    std::size_t number_ = 0;
};

// Who ends a transfer that is to stop: the thread that sends it, which has to be woken; or TransportNotify itself.
enum class Ends { BY_ITS_THREAD, WHEN_TOLD };

// A self-driven transport with a thread that takes its messages and holds them until they are cancelled.
//
// It is told of each message. Where its thread ends them, that is woken with the first, as the baseline's threads are
// woken once, and asks of each message whether it is to stop.
class HoldingTransport {
public:
    HoldingTransport(Spooler &spooler, Ends ends, Tally &taken)
        : ends_(ends), wakes_(ends == Ends::BY_ITS_THREAD ? 1 : MESSAGES_EACH), taken_(taken)
    {
        MAPITRANSPORTOPS ops = {};
        ops.TransportNotify = transport_notify;
        ops.TransportLogoff = transport_logoff;
        handle_ = spooler.add_transport(ops, this);
        thread_ = std::thread(&HoldingTransport::run, this);
    }

private:
    static HRESULT transport_notify(void *self, ULONG flags, const MAPISPOOLMESSAGE *message)
    {
        if (flags == NOTIFY_CANCEL_MESSAGE)
            static_cast<HoldingTransport *>(self)->cancel(message->hTransfer);
        return S_OK;
    }

    static HRESULT transport_logoff(void *self, ULONG)
    {
        static_cast<HoldingTransport *>(self)->thread_.join();
        return S_OK;
    }

    static void end(HMAPITRANSFER transfer)
    {
        must(MapiTransferEnd(transfer, MAPI_E_USER_CANCEL, 0, 0), "MapiTransferEnd");
    }

    void cancel(HMAPITRANSFER transfer)
    {
        if (ends_ == Ends::WHEN_TOLD)
            end(transfer);
        {
            const std::lock_guard<std::mutex> hold(mutex_);
            if (++told_ < wakes_)
                return;
        }
        changed_.notify_one(); // whoever is woken finds the mutex free
    }

    void run()
    {
        while (take()) {
            taken_.add();
            while (!held_.empty()) {
                wait_until_told();
                stop();
            }
        }
    }

    bool take()
    {
        while (held_.size() < MESSAGES_EACH) {
            const MAPISPOOLMESSAGE *message = nullptr;
            const HRESULT result = MapiTransportTakeMessage(handle_, MAPISPOOL_INFINITE, &message);
            if (result == MAPI_E_END_OF_SESSION)
                return false;
            must(result, "MapiTransportTakeMessage");
            held_.push_back(message->hTransfer);
        }
        return true;
    }

    void wait_until_told()
    {
        std::unique_lock<std::mutex> hold(mutex_);
        changed_.wait(hold, [this] { return told_ >= wakes_; });
        told_ = 0;
    }

    void stop()
    {
        const auto has_ended = [this](HMAPITRANSFER transfer) {
            if (ends_ == Ends::WHEN_TOLD)
                return true;
            if (MapiTransferSpoolerYield(transfer) != MAPI_W_CANCEL_MESSAGE)
                return false;
            end(transfer);
            return true;
        };
        held_.erase(std::remove_if(held_.begin(), held_.end(), has_ended), held_.end());
    }

    const Ends ends_;
    const std::size_t wakes_; // so many cancels wake the thread
    Tally &taken_;
    HMAPITRANSPORT handle_ = nullptr;
    std::vector<HMAPITRANSFER> held_; // the thread's own
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t told_ = 0;
    std::thread thread_;
};

class Site {
public:
    explicit Site(Ends ends)
    {
        for (std::size_t number = 0; number < TRANSPORTS; ++number)
            transports_.push_back(std::make_unique<HoldingTransport>(*spooler_, ends, taken_));
    }
    ~Site() { spooler_.reset(); } // its transports' threads end with it

    Trial trial()
    {
        return [this](std::size_t aborts) {
            double taken = 0;
            for (; aborts > 0; --aborts)
                taken += abort();
            return taken;
        };
    }

private:
    double abort()
    {
        const HMAPISTORE store = spooler_->open_store(0);
        for (std::size_t message = 0; message < MESSAGES; ++message)
            submit(store, message);
        taken_.wait();
        std::this_thread::sleep_for(SETTLING);
        ULONG flags = LOGOFF_ABORT;
        const double taken = time([&] { must(StoreLogoffTransports(store, &flags), "StoreLogoffTransports"); });
        if (flags != (LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE))
            fail("the abort did not put everything back");
        must(MapiStoreRelease(store), "MapiStoreRelease");
        return taken;
    }

    Tally taken_{TRANSPORTS};
    std::vector<std::unique_ptr<HoldingTransport>> transports_;
    std::unique_ptr<Spooler> spooler_ = std::make_unique<Spooler>();
};

Trial baseline_trial(StoppedThreads &threads)
{
    return [&](std::size_t aborts) {
        double taken = 0;
        for (; aborts > 0; --aborts) {
            threads.begin();
            std::this_thread::sleep_for(SETTLING);
            taken += time([&] { threads.abort(); });
        }
        return taken;
    };
}

void row(Bench &bench, const char *what, Ends ends, std::optional<Target> target)
{
    if (!bench.report.wants(what))
        return;
    Site ours(ends);
    StoppedThreads baseline(TRANSPORTS, MESSAGES_EACH);
    const std::size_t rounds = bench.full_or_quick<std::size_t>(201, 51);
    bench.report.add(ratio_row(what, compare_fixed(rounds, 1, ours.trial(), baseline_trial(baseline)), target));
}

} // namespace

void bench_abort(Bench &bench)
{
    row(bench, "ABORT of 64 messages over 8 transports' threads", Ends::BY_ITS_THREAD, Target{Target::AT_MOST, 3});
    row(bench, "ABORT of 64 messages that end inside TransportNotify", Ends::WHEN_TOLD, {});
}

} // namespace bench
