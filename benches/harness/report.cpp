#include "harness/report.hpp"

#include <cmath>
#include <cstdio>

namespace bench {

namespace {

struct Scale {
    double factor;
    const char *name;
};

// As many decimals as make three digits, and none for numbers that are counted.
std::string three_digits(double value)
{
    const double size = std::fabs(value);
    const int decimals = size >= 99.95 || value == std::floor(value) ? 0 : size >= 9.995 ? 1 : 2;
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string scaled(double value, const Scale *scales)
{
    while (std::fabs(value) >= scales[1].factor && scales[1].name != nullptr)
        ++scales;
    return three_digits(value / scales->factor) + scales->name;
}

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
    if (spread.lower == spread.upper)
        return median;
    return median + " (" + to_text(spread.lower, unit) + " - " + to_text(spread.upper, unit) + ")";
}

void print(const std::string &what, const std::string &ours, const std::string &baseline,
           const std::string &result, const std::string &target, const char *reached)
{
    std::printf("| %-66s | %9s | %9s | %-29s | %-10s | %-7s |\n", what.c_str(), ours.c_str(), baseline.c_str(),
                result.c_str(), target.c_str(), reached);
    std::fflush(stdout);
}

} // namespace

std::string to_text(double value, Unit unit)
{
    static const Scale TIMES[] = {{1, " ns"}, {1e3, " us"}, {1e6, " ms"}, {1e9, " s"}, {INFINITY, nullptr}};
    static const Scale SIZES[] = {{1, " B"}, {1e3, " KB"}, {1e6, " MB"}, {INFINITY, nullptr}};
    switch (unit) {
    case Unit::NANOSECONDS:
        return scaled(value, TIMES);
    case Unit::BYTES:
        return scaled(value, SIZES);
    case Unit::RATIO:
        return three_digits(value) + " x";
    case Unit::NUMBER:
        break;
    }
    return three_digits(value);
}

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
