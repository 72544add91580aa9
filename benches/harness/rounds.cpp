#include "harness/rounds.hpp"

#include <algorithm>
#include <vector>

namespace bench {

namespace {

double per_operation(const Trial &trial, std::size_t operations)
{
    return trial(operations) / static_cast<double>(operations);
}

Comparison play(std::size_t rounds, std::size_t ours_operations, const Trial &ours,
                std::size_t baseline_operations, const Trial &baseline)
{
    std::vector<double> of_ours, of_baseline;
    for (std::size_t round = 0; round < rounds; ++round) {
        of_ours.push_back(per_operation(ours, ours_operations));
        of_baseline.push_back(per_operation(baseline, baseline_operations));
    }
    return comparison_of(of_ours, of_baseline);
}

} // namespace

std::size_t calibrate(const Trial &trial, std::chrono::microseconds wanted)
{
    const double nanoseconds = std::chrono::duration<double, std::nano>(wanted).count();
    std::size_t operations = 1;
    // Where preparing is what takes long, the clock sees little of it: hence an end.
    while (operations < std::size_t{1} << 30) {
        // The least of three: a trial that was held up is no measure of how many fit into a round.
        const double taken = std::min({trial(operations), trial(operations), trial(operations)});
        if (taken >= nanoseconds / 2)
            return static_cast<std::size_t>(static_cast<double>(operations) * nanoseconds / taken) + 1;
        operations *= 2;
    }
    return operations;
}

Comparison compare(const Rounds &rounds, const Trial &ours, const Trial &baseline)
{
    return play(rounds.number, calibrate(ours, rounds.half), ours, calibrate(baseline, rounds.half), baseline);
}

Comparison compare_fixed(std::size_t rounds, std::size_t operations, const Trial &ours, const Trial &baseline)
{
    ours(operations);
    baseline(operations);
    return play(rounds, operations, ours, operations, baseline);
}

Spread measure(std::size_t rounds, std::size_t operations, const Trial &trial)
{
    trial(operations);
    std::vector<double> found;
    for (std::size_t round = 0; round < rounds; ++round)
        found.push_back(per_operation(trial, operations));
    return spread_of(found);
}

} // namespace bench
