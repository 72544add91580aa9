#include "harness/report.hpp"

#include <cstdio>

namespace bench {

namespace {

std::string spelled(const Target &target, Unit unit)
{
    return (target.side == Target::AT_MOST ? "<= " : ">= ") + to_text(target.value, unit);
}

bool is_reached(const Target &target, double found)
{
    return target.side == Target::AT_MOST ? found <= target.value : found >= target.value;
}

std::string spelled(const Spread &spread, Unit unit)
{
    const std::string median = to_text(spread.median, unit);
    const std::string lower = to_text(spread.lower, unit), upper = to_text(spread.upper, unit);
    return lower == upper ? median : median + " (" + lower + " - " + upper + ")";
}

void print(const std::string &what, const std::string &ours, const std::string &baseline,
           const std::string &result, const std::string &target, const char *reached)
{
    std::printf("| %-66s | %9s | %9s | %-29s | %-10s | %-7s |\n", what.c_str(), ours.c_str(), baseline.c_str(),
                result.c_str(), target.c_str(), reached);
    std::fflush(stdout);
}

} // namespace

Row ratio_row(std::string what, const Comparison &found, std::optional<Target> target)
{
    return {std::move(what), Unit::NANOSECONDS, found.ours.median, found.baseline.median,
            found.ratio,     Unit::RATIO,       target};
}

Report::Report(std::string only) : only_(std::move(only))
{
    print("what", "ours", "baseline", "result (its quartiles)", "to reach", "reached");
    print(":--", "--:", "--:", ":--", ":--", ":--");
}

bool Report::wants(const std::string &what) const
{
    return what.find(only_) != std::string::npos;
}

void Report::add(const Row &row)
{
    if (!wants(row.what))
        return;
    const bool reached = !row.target || is_reached(*row.target, row.result.median);
    print(row.what, to_text(row.ours, row.unit), to_text(row.baseline, row.unit),
          spelled(row.result, row.result_unit), row.target ? spelled(*row.target, row.result_unit) : "",
          row.target ? reached ? "yes" : "no" : "");
    rows_ += row.target ? 1 : 0;
    missed_ += reached ? 0 : 1;
}

void Report::add_file(const std::string &path)
{
    files_ += "\n  " + path;
}

void Report::close() const
{
    std::printf("\n%d of %d rows reach their target.\n", rows_ - missed_, rows_);
    if (!files_.empty())
        std::printf("Plots:%s\n", files_.c_str());
}

} // namespace bench
