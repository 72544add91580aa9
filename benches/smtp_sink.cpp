#include "smtp_sink.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/process.hpp"

namespace bench {

namespace {

// A connection's lines, one after the other. Empty at its end.
class Lines {
public:
    explicit Lines(int connection) : connection_(connection) {}

    std::string next()
    {
        std::size_t end;
        while ((end = received_.find('\n', begin_)) == std::string::npos)
            if (!receive())
                return "";
        const std::string line = received_.substr(begin_, end + 1 - begin_);
        begin_ = end + 1;
        return line;
    }

private:
    bool receive()
    {
        received_.erase(0, begin_);
        begin_ = 0;
        char buffer[16384];
        const ssize_t size = read(connection_, buffer, sizeof buffer);
        if (size > 0)
            received_.append(buffer, static_cast<std::size_t>(size));
        return size > 0;
    }

    const int connection_;
    std::string received_;
    std::size_t begin_ = 0;
};

bool says(int connection, const std::string &answer)
{
    return write(connection, answer.data(), answer.size()) == static_cast<ssize_t>(answer.size());
}

bool begins(const std::string &line, const char *word)
{
    return line.rfind(word, 0) == 0;
}

} // namespace

SmtpSink::SmtpSink() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    sockaddr *const name = reinterpret_cast<sockaddr *>(&address);
    if (bind(listener_, name, size) != 0 || listen(listener_, 8) != 0 || getsockname(listener_, name, &size) != 0)
        fail("no port to listen on");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread(&SmtpSink::run, this);
}

// No client may be connected any more.
SmtpSink::~SmtpSink()
{
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
}

void SmtpSink::run()
{
    int connection;
    while ((connection = accept(listener_, nullptr, nullptr)) >= 0) {
        const int yes = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        serve(connection);
        close(connection);
    }
}

void SmtpSink::serve(int connection)
{
    Lines lines(connection);
    bool is_open = says(connection, "220 sink\r\n");
    for (std::string line; is_open && !(line = lines.next()).empty();) {
        if (begins(line, "DATA")) {
            is_open = says(connection, "354 Go on\r\n");
            while (is_open && line != ".\r\n")
                is_open = !(line = lines.next()).empty();
            ++mails_;
        }
        is_open = is_open && says(connection, begins(line, "QUIT") ? "221 Bye\r\n" : "250 Ok\r\n");
    }
}

} // namespace bench
