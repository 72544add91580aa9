// Threads that do the same at the same time.
#ifndef BENCH_TEAM_HPP
#define BENCH_TEAM_HPP

#include <cstddef>
#include <functional>

namespace bench {

// Runs work(0) to work(size - 1), each on a thread of its own that stays on one processor, and returns the
// nanoseconds from the start, which is common, to the end of the last one. If another program had one of the
// processors meanwhile, it runs them again, a few times at most.
double run_together(std::size_t size, const std::function<void(std::size_t)> &work);

} // namespace bench

#endif
