// The table: one line for each promise, printed as soon as it is known. It is Markdown, for README.
#ifndef BENCH_REPORT_HPP
#define BENCH_REPORT_HPP

#include <optional>
#include <string>

#include "harness/numbers.hpp"
#include "harness/statistics.hpp"

namespace bench {

struct Target {
    enum Side { AT_MOST, AT_LEAST } side;
    double value;
};

struct Row {
    std::string what;
    Unit unit; // of both sides
    double ours, baseline;
    // What is held against the target: mostly the ratio of both sides.
    Spread result;
    Unit result_unit;
    std::optional<Target> target; // none: said for comparison
};

// A row whose result is the ratio of two sides in nanoseconds.
Row ratio_row(std::string what, const Comparison &found, std::optional<Target> target);

class Report {
public:
    // Rows and plots whose text does not contain `only` are left out.
    explicit Report(std::string only);

    bool wants(const std::string &what) const;
    void add(const Row &row);
    void add_file(const std::string &path);

    // What is left to say at the end.
    void close() const;

private:
    std::string only_;
    int rows_ = 0, missed_ = 0;
    std::string files_;
};

} // namespace bench

#endif
