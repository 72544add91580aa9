// Loads a library, and prints the nanoseconds that took and the number of threads afterwards. A process of its own,
// with the C++ runtime that every user has: only what the library itself needs is loaded.
#include <dlfcn.h>

#include <cstdio>
#include <filesystem>
#include <iterator>

#include "harness/rounds.hpp"

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    void *library = nullptr;
    const double taken = bench::time([&] { library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL); });
    if (library == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    const std::filesystem::directory_iterator threads("/proc/self/task"), end;
    std::printf("%.0f %td\n", taken, std::distance(threads, end));
    return 0;
}
