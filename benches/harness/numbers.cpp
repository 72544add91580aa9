#include "harness/numbers.hpp"

#include <cmath>
#include <cstdio>

namespace bench {

namespace {

struct Scale {
    double factor;
    const char *name;
};

// The last one is for all that is larger.
const Scale TIMES[] = {{1, " ns"}, {1e3, " us"}, {1e6, " ms"}, {1e9, " s"}, {INFINITY, ""}};
const Scale SIZES[] = {{1, " B"}, {1e3, " KB"}, {1e6, " MB"}, {INFINITY, ""}};

// As many decimals as make three digits, and none where there is nothing behind the point.
std::string three_digits(double value)
{
    const double size = std::fabs(value);
    const int decimals = size >= 99.95 || value == std::floor(value) ? 0 : size >= 9.995 ? 1 : 2;
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string scaled(double value, const Scale *scale)
{
    while (std::fabs(value) >= scale[1].factor)
        ++scale;
    return three_digits(value / scale->factor) + scale->name;
}

} // namespace

std::string to_text(double value, Unit unit)
{
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

std::string grouped(double value)
{
    char text[32];
    if (value < 1000) {
        std::snprintf(text, sizeof text, "%g", value);
        return text;
    }
    std::snprintf(text, sizeof text, ",%03.0f", std::fmod(value, 1000));
    return grouped(std::floor(value / 1000)) + text;
}

} // namespace bench
