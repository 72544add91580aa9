// An SMTP server that takes every mail, counts it, and drops it. It is on a thread of this process and does next to
// nothing: a real server, with its milliseconds for each mail, would hide what is to be measured.
#ifndef BENCH_SMTP_SINK_HPP
#define BENCH_SMTP_SINK_HPP

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

namespace bench {

class SmtpSink {
public:
    SmtpSink();
    ~SmtpSink();
    SmtpSink(const SmtpSink &) = delete;
    SmtpSink &operator=(const SmtpSink &) = delete;

    std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_) + "/bench"; }

    // How many it has taken since it was asked last.
    std::size_t mails() { return mails_.exchange(0); }

private:
    void run();
    void serve(int connection);

    const int listener_;
    unsigned port_;
    std::atomic<std::size_t> mails_{0};
    std::thread thread_;
};

} // namespace bench

#endif
