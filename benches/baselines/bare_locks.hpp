// The system calls of a logoff and nothing round them: byte locks on files, one byte for each store. A read lock on
// the store's byte says "open here"; whoever logs off finds out under a write lock on the decision byte whether
// another process has one too.
#ifndef BENCH_BARE_LOCKS_HPP
#define BENCH_BARE_LOCKS_HPP

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

class BareLocks {
public:
    // A file for each store, so that no call has to walk through other stores' locks.
    BareLocks(const std::string &directory, std::size_t stores);
    ~BareLocks();
    BareLocks(const BareLocks &) = delete;
    BareLocks &operator=(const BareLocks &) = delete;

    void open(std::size_t store);
    // Four calls: take the decision, ask, give it back, give up the store.
    void log_off(std::size_t store);
    // The fewest that can do it: the only reader may become the writer, and is the last then. Two calls.
    void log_off_with_two_calls(std::size_t store);

private:
    int decisions_;
    std::vector<int> files_;
};

} // namespace bench

#endif
