// Rounds: ours, the baseline, ours, the baseline, so that whatever else the machine does hits both.
#ifndef BENCH_ROUNDS_HPP
#define BENCH_ROUNDS_HPP

#include <chrono>
#include <cstddef>
#include <functional>

#include "harness/statistics.hpp"

namespace bench {

// Nanoseconds that the work took.
template <typename Work>
double time(Work &&work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - begin;
    return taken.count();
}

// Does so many operations, and returns the nanoseconds of what is to be measured: not of what had to be prepared.
using Trial = std::function<double(std::size_t operations)>;

// How many rounds, and how long half a round is to be. Short ones fit between two interruptions, and then the median
// is one of an undisturbed round.
struct Rounds {
    std::size_t number;
    std::chrono::microseconds half;
};

// How many operations take about so long. The search warms up caches, allocators and files on its way.
std::size_t calibrate(const Trial &trial, std::chrono::microseconds wanted);

// Nanoseconds for one operation of each side. Each side has a count of its own, so that both halves of a round are
// of the same length.
Comparison compare(const Rounds &rounds, const Trial &ours, const Trial &baseline);

// The same where the number of operations is part of the question: so many, and one round before that is not counted.
Comparison compare_fixed(std::size_t rounds, std::size_t operations, const Trial &ours, const Trial &baseline);

// One side alone: a point of a plot.
Spread measure(std::size_t rounds, std::size_t operations, const Trial &trial);

} // namespace bench

#endif
