#include "harness/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace bench {

double quantile(std::vector<double> values, double part)
{
    if (values.empty())
        throw std::invalid_argument("no values, no quantile");
    std::sort(values.begin(), values.end());
    const double place = part * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (values[above] - values[below]) * (place - std::floor(place));
}

Spread spread_of(const std::vector<double> &values)
{
    return {quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75)};
}

Comparison comparison_of(const std::vector<double> &ours, const std::vector<double> &baseline)
{
    if (ours.size() != baseline.size())
        throw std::invalid_argument("a round has two halves");
    std::vector<double> ratios;
    for (std::size_t round = 0; round < ours.size(); ++round)
        ratios.push_back(ours[round] / baseline[round]);
    return {spread_of(ours), spread_of(baseline), spread_of(ratios)};
}

} // namespace bench
