// A plot of cost against number, as SVG: what grows is seen to grow.
#ifndef BENCH_PLOT_HPP
#define BENCH_PLOT_HPP

#include <string>
#include <vector>

namespace bench {

struct Point {
    double x, y;
};

struct Line {
    std::string name;
    std::vector<Point> points;
};

// The horizontal axis is logarithmic, with the points' own numbers on it; the vertical one begins at 0, for a line
// that does not grow is a level one.
struct Plot {
    std::string title, x_axis, y_axis; // axes with their units
    std::vector<Line> lines;
};

void write_svg(const Plot &plot, const std::string &path);

} // namespace bench

#endif
