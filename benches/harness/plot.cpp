#include "harness/plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>

#include "harness/numbers.hpp"
#include "harness/process.hpp"

namespace bench {

namespace {

// Pixels.
const double WIDTH = 640, HEIGHT = 340;
const double LEFT = 70, RIGHT = 170, TOP = 44, BOTTOM = 52; // of the drawing, to the edges
const double LABEL_DISTANCE = 15;

// Told apart by their colours also by those who see few, on white and on black.
const char *const COLOURS[] = {"#2a7fd4", "#d55e00", "#009e73", "#cc79a7"};

// The reader's own background shows through; only the ink follows it.
const char STYLE[] = "<style>text{font:12px sans-serif;fill:#333}.title{font-size:14px;font-weight:bold}"
                     ".axis,.grid{stroke:#888}.grid{stroke-opacity:.3}.line{fill:none;stroke-width:2}"
                     "@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>\n";

// 1, 2 or 5 times a power of ten: so that some five of them reach up to `highest`.
double step_for(double highest)
{
    const double rough = highest / 5, power = std::pow(10, std::floor(std::log10(rough)));
    for (double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough)
            return factor * power;
    return 10 * power;
}

class Drawing {
public:
    explicit Drawing(const Plot &plot) : plot_(plot)
    {
        double highest = 0;
        for (const Line &line : plot.lines)
            for (const Point &point : line.points) {
                numbers_.insert(point.x);
                highest = std::max(highest, point.y);
            }
        step_ = step_for(highest);
        top_ = std::ceil(highest / step_) * step_;
    }

    std::string svg()
    {
        char head[160];
        std::snprintf(head, sizeof head,
                      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\">\n",
                      WIDTH, HEIGHT, WIDTH, HEIGHT);
        axes();
        for (std::size_t index = 0; index < plot_.lines.size(); ++index)
            line(plot_.lines[index], COLOURS[index % std::size(COLOURS)]);
        labels();
        return head + (STYLE + body_) + "</svg>\n";
    }

private:
    double x_of(double value) const
    {
        const double first = std::log(*numbers_.begin()), last = std::log(*numbers_.rbegin());
        return LEFT + (WIDTH - LEFT - RIGHT) * (last > first ? (std::log(value) - first) / (last - first) : 0.5);
    }

    double y_of(double value) const { return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top_; }

    void text(double x, double y, const std::string &attributes, const std::string &words)
    {
        char place[64];
        std::snprintf(place, sizeof place, "<text x=\"%.0f\" y=\"%.0f\" ", x, y);
        body_ += place + attributes + ">" + words + "</text>\n";
    }

    void rule(const char *kind, double x1, double y1, double x2, double y2)
    {
        char line[160];
        std::snprintf(line, sizeof line, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", kind, x1, y1, x2, y2);
        body_ += line;
    }

    void axes()
    {
        text(LEFT, 22, "class=\"title\"", plot_.title);
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "text-anchor=\"middle\"", plot_.x_axis);
        text(-y_of(top_ / 2), 16, "text-anchor=\"middle\" transform=\"rotate(-90)\"", plot_.y_axis);
        for (double value = 0; value < top_ + step_ / 2; value += step_) {
            rule(value == 0 ? "axis" : "grid", LEFT, y_of(value), WIDTH - RIGHT, y_of(value));
            text(LEFT - 8, y_of(value) + 4, "text-anchor=\"end\"", grouped(value));
        }
        for (double value : numbers_) {
            rule("axis", x_of(value), y_of(0), x_of(value), y_of(0) + 5);
            text(x_of(value), y_of(0) + 19, "text-anchor=\"middle\"", grouped(value));
        }
    }

    void line(const Line &line, const std::string &colour)
    {
        std::string path, dots;
        for (const Point &point : line.points) {
            char place[64], dot[96];
            std::snprintf(place, sizeof place, "%c%.1f %.1f", path.empty() ? 'M' : 'L', x_of(point.x), y_of(point.y));
            std::snprintf(dot, sizeof dot, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x_of(point.x),
                          y_of(point.y), colour.c_str());
            path += place;
            dots += dot;
        }
        body_ += "<path class=\"line\" stroke=\"" + colour + "\" d=\"" + path + "\"/>\n" + dots;
    }

    // Each line has its name at its end, in its colour; names of lines that end close together move apart.
    void labels()
    {
        std::vector<std::size_t> order;
        for (std::size_t index = 0; index < plot_.lines.size(); ++index)
            order.push_back(index);
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return plot_.lines[a].points.back().y < plot_.lines[b].points.back().y;
        });
        double lowest_free = HEIGHT;
        for (std::size_t index : order) {
            const Line &line = plot_.lines[index];
            const double y = std::min(y_of(line.points.back().y) + 4, lowest_free);
            lowest_free = y - LABEL_DISTANCE;
            const std::string colour = COLOURS[index % std::size(COLOURS)];
            text(WIDTH - RIGHT + 10, y, "style=\"fill:" + colour + "\"", line.name);
        }
    }

    const Plot &plot_;
    std::set<double> numbers_;
    double step_, top_;
    std::string body_;
};

} // namespace

void write_svg(const Plot &plot, const std::string &path)
{
    std::ofstream file(path);
    file << Drawing(plot).svg();
    if (!file.flush())
        fail("cannot write " + path);
}

} // namespace bench
