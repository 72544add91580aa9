// The harness's own arithmetic, by numbers that were worked out by hand.
#include "harness/statistics.hpp"

#include <cmath>
#include <cstdio>

using namespace bench;

namespace {

int wrong = 0;

void expect(const char *what, double expected, double found)
{
    if (std::fabs(expected - found) < 1e-9)
        return;
    std::printf("%s: expected %g, found %g\n", what, expected, found);
    ++wrong;
}

void quantiles()
{
    expect("the only value", 7, quantile({7}, 0.5));
    expect("the middle of an odd number, unsorted", 3, quantile({9, 1, 3}, 0.5));
    expect("the middle of an even number", 2.5, quantile({4, 3, 2, 1}, 0.5));
    expect("the least", 1, quantile({4, 3, 2, 1}, 0));
    expect("the greatest", 4, quantile({4, 3, 2, 1}, 1));
    expect("a quarter of the way, in proportion", 1.75, quantile({4, 3, 2, 1}, 0.25));
}

void spreads()
{
    const Spread spread = spread_of({10, 50, 30, 20, 40, 1000000, 0});
    expect("one outlier does not move the median", 30, spread.median);
    expect("nor the lower quartile", 15, spread.lower);
    expect("nor much the upper one", 45, spread.upper);
}

// Two rounds on a slow machine, one on a fast one: the ratio of the medians would be 20 / 15.
void ratios()
{
    const Comparison found = comparison_of({20, 30, 2}, {10, 15, 20});
    expect("the ratio is the median of the rounds' ratios", 2, found.ratio.median);
    expect("ours is a median", 20, found.ours.median);
    expect("the baseline is a median", 15, found.baseline.median);
}

} // namespace

int main()
{
    quantiles();
    spreads();
    ratios();
    return wrong == 0 ? 0 : 1;
}
