// The harness's own arithmetic and spelling, by numbers that were worked out by hand.
#include "harness/numbers.hpp"
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

void expect(const std::string &expected, const std::string &found)
{
    if (expected == found)
        return;
    std::printf("expected %s, found %s\n", expected.c_str(), found.c_str());
    ++wrong;
}

void texts()
{
    expect("9.94 ns", to_text(9.94, Unit::NANOSECONDS));
    expect("31.2 ns", to_text(31.23, Unit::NANOSECONDS));
    expect("1.50 us", to_text(1500, Unit::NANOSECONDS));
    expect("-2 ms", to_text(-2e6, Unit::NANOSECONDS));
    expect("12345 s", to_text(12345e9, Unit::NANOSECONDS));
    expect("880 B", to_text(880, Unit::BYTES));
    expect("744 KB", to_text(743900, Unit::BYTES));
    expect("1.05 x", to_text(1.05, Unit::RATIO));
    expect("0", to_text(0, Unit::NUMBER));
    expect("0.25", grouped(0.25));
    expect("1,000", grouped(1000));
    expect("1,234,005", grouped(1234005));
}

} // namespace

int main()
{
    quantiles();
    spreads();
    ratios();
    texts();
    return wrong == 0 ? 0 : 1;
}
