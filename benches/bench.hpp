// What all groups of rows share.
#ifndef BENCH_BENCH_HPP
#define BENCH_BENCH_HPP

#include <string>

#include "harness/plot.hpp"
#include "harness/report.hpp"
#include "harness/rounds.hpp"

namespace bench {

struct Bench {
    Report report;
    bool quick; // fewer rounds and smaller numbers, for whoever works on the library
    std::string output; // directory of the plots

    template <typename Number>
    Number full_or_quick(Number full, Number quick_one) const
    {
        return quick ? quick_one : full;
    }

    void draw(const Plot &plot, const std::string &file)
    {
        write_svg(plot, output + "/" + file);
        report.add_file(output + "/" + file);
    }
};

// The groups, each in a file of its name.
void bench_memory(Bench &bench);
void bench_load(Bench &bench);
void bench_inbound(Bench &bench);
void bench_purge(Bench &bench);
void bench_logoff(Bench &bench);
void bench_abort(Bench &bench);
void bench_smtp(Bench &bench);

} // namespace bench

#endif
