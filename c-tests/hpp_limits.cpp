// mapispool.hpp: a time limit is any std::chrono::duration; it saturates, rounds up, and is infinite only where it
// was said to be.

#include "check.h"

#include <mapispool.hpp>

#include <limits>

using mapispool::Limit;
using mapispool::OptionLimit;
using namespace std::chrono;

static ULONG ms(Limit limit) { return limit.milliseconds(); }
static ULONG option_ms(OptionLimit limit) { return limit.milliseconds(); }

static const ULONG LONGEST = 0xFFFFFFFE;

static void every_unit() {
    CHECK_EQUAL(0, ms(seconds(0)));
    CHECK_EQUAL(1, ms(milliseconds(1)));
    CHECK_EQUAL(30000, ms(seconds(30)));
    CHECK_EQUAL(60000, ms(minutes(1)));
    CHECK_EQUAL(3600000, ms(hours(1)));
    CHECK_EQUAL(1500, ms(duration<double>(1.5)));
    CHECK_EQUAL(100, ms(duration<int, std::ratio<1, 10>>(1)));
}

// A wait of some microseconds is not one of none.
static void parts_count_as_a_whole() {
    CHECK_EQUAL(1, ms(nanoseconds(1)));
    CHECK_EQUAL(1, ms(microseconds(999)));
    CHECK_EQUAL(1, ms(microseconds(1000)));
    CHECK_EQUAL(2, ms(microseconds(1001)));
    CHECK_EQUAL(3, ms(duration<float, std::milli>(2.25f)));
    for (long long exact : {7LL, 1009LL, 86400000LL, 4294967293LL})
        CHECK_EQUAL(static_cast<ULONG>(exact), ms(nanoseconds(exact * 1000000)));
}

static void nothing_wraps() {
    CHECK_EQUAL(0, ms(milliseconds(-1)));
    CHECK_EQUAL(0, ms(hours::min()));
    CHECK_EQUAL(0, ms(duration<double>(-std::numeric_limits<double>::infinity())));
    CHECK_EQUAL(0, ms(duration<double>(std::numeric_limits<double>::quiet_NaN())));
    CHECK_EQUAL(LONGEST - 1, ms(milliseconds(LONGEST - 1)));
    CHECK_EQUAL(LONGEST, ms(milliseconds(LONGEST)));
    CHECK_EQUAL(LONGEST, ms(milliseconds(0xFFFFFFFFLL)));
    CHECK_EQUAL(LONGEST, ms(milliseconds(0x100000000LL)));
    CHECK_EQUAL(LONGEST, ms(hours::max()));
    CHECK_EQUAL(LONGEST, ms(nanoseconds::max()));
    CHECK_EQUAL(LONGEST, ms(duration<double>(std::numeric_limits<double>::infinity())));
}

static void infinite_is_a_constant() {
    static_assert(mapispool::infinite.milliseconds() == MAPISPOOL_INFINITE, "known when it is compiled");
    CHECK_EQUAL(MAPISPOOL_INFINITE, ms(mapispool::infinite));
}

// In options 0 is the default, which nobody means who writes a duration of 0.
static void options() {
    CHECK_EQUAL(0, option_ms(OptionLimit()));
    CHECK_EQUAL(1, option_ms(milliseconds(0)));
    CHECK_EQUAL(1, option_ms(seconds(-5)));
    CHECK_EQUAL(15000, option_ms(seconds(15)));
    CHECK_EQUAL(LONGEST, option_ms(hours::max()));
    CHECK_EQUAL(MAPISPOOL_INFINITE, option_ms(mapispool::infinite));
}

int main() {
    every_unit();
    parts_count_as_a_whole();
    nothing_wraps();
    infinite_is_a_constant();
    options();
}
