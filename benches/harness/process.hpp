// Directories and processes that are gone afterwards.
#ifndef BENCH_PROCESS_HPP
#define BENCH_PROCESS_HPP

#include <functional>
#include <string>
#include <vector>

namespace bench {

// A directory for this user alone, removed with all that is in it.
class TemporaryDirectory {
public:
    // In the usual place, or in this one if it is there.
    explicit TemporaryDirectory(const std::string &parent = "");
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory &) = delete;
    TemporaryDirectory &operator=(const TemporaryDirectory &) = delete;

    const std::string &path() const { return path_; }

private:
    std::string path_;
};

// What `work` found out in a child of this process, whose heap nobody sees afterwards.
std::vector<double> in_child(const std::function<std::vector<double>()> &work);

// The numbers that a program prints, in a process of its own.
std::vector<double> output_of(const std::vector<std::string> &command);

// Ends the program with a message: a benchmark that went wrong has no figures.
[[noreturn]] void fail(const std::string &what);

} // namespace bench

#endif
