// Numbers as they are read.
#ifndef BENCH_NUMBERS_HPP
#define BENCH_NUMBERS_HPP

#include <string>

namespace bench {

enum class Unit { NANOSECONDS, BYTES, NUMBER, RATIO };

// Three digits and a unit that suits them: "31.2 ns", "1.35 s", "880 B", "1.52 x".
std::string to_text(double value, Unit unit);

// "1,000,000"; what is below a thousand is as it comes: "0.25".
std::string grouped(double value);

} // namespace bench

#endif
