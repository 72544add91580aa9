// How fast is it, and compared with what?
//
//   bench [--quick] [--only TEXT]
//
//   --quick       fewer rounds and smaller numbers: some ten seconds, for whoever works on the library
//   --only TEXT   the rows and plots in whose name TEXT stands
//
// How to read it: each row is one promise. Both sides of it run in this process and in turn, ours, the baseline,
// ours, the baseline, for many rounds. "ours" and "baseline" are medians over the rounds. "result" is what is held
// against "to reach": the median of the rounds' ratios, so that a machine that is slower for a second slows down both
// sides of a round, with the quartiles of it: wide ones say that the machine had other work to do. Rows without
// "to reach" are there for comparison. Times are those of one operation, memory is that of one thing.
//
// The baselines are what somebody would write who needs nothing but this row. They are in baselines/, and deserve to
// be made faster.
#include <cstdio>
#include <filesystem>
#include <string>

#include "bench.hpp"

namespace {

int usage()
{
    std::fprintf(stderr, "usage: bench [--quick] [--only TEXT]\n");
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    bool quick = false;
    std::string only;
    for (int index = 1; index < argc; ++index) {
        const std::string argument = argv[index];
        if (argument == "--quick")
            quick = true;
        else if (argument == "--only" && index + 1 < argc)
            only = argv[++index];
        else
            return usage();
    }

    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
    bench::Bench bench{bench::Report(only), quick, program.parent_path().string()};
    bench::bench_memory(bench); // first: its children inherit the heap
    bench::bench_load(bench);
    bench::bench_inbound(bench);
    bench::bench_purge(bench);
    bench::bench_logoff(bench);
    bench::bench_abort(bench);
#if defined(BENCH_HAS_SMTP)
    bench::bench_smtp(bench);
#else
    std::printf("Left out: mails by SMTP, for which libcurl was missing when this was built.\n");
#endif
    bench.report.close();
    return 0;
}
