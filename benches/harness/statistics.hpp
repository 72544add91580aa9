// What a handful of noisy measurements come to.
#ifndef BENCH_STATISTICS_HPP
#define BENCH_STATISTICS_HPP

#include <vector>

namespace bench {

// The middle value, and the two between which the middle half of the values lies.
struct Spread {
    double median = 0, lower = 0, upper = 0;
};

// The value that `part` of the values (0 to 1) do not exceed. Between two values it is in proportion.
double quantile(std::vector<double> values, double part);

Spread spread_of(const std::vector<double> &values);

// What two sides came to, and the spread of their ratios: formed round by round, since the two halves of a round
// see the same machine.
struct Comparison {
    Spread ours, baseline, ratio;
};

Comparison comparison_of(const std::vector<double> &ours, const std::vector<double> &baseline);

} // namespace bench

#endif
