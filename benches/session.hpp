// The library's C interface for benchmarks: everything has to succeed, and is gone at the end of its scope.
#ifndef BENCH_SESSION_HPP
#define BENCH_SESSION_HPP

#include <array>
#include <string>
#include <vector>

#include "harness/process.hpp"
#include "mapispool.h"

namespace bench {

// A call that fails has no figures.
inline void must(HRESULT result, const char *call)
{
    if (result != S_OK)
        fail(std::string(call) + " did not succeed");
}

// Entry identifiers as stores make them: the provider's 16 bytes, and a number.
using EntryId = std::array<char, 24>;
EntryId entry_id(unsigned long number);

class Spooler {
public:
    // With a presence directory it looks at other processes, without one it is local.
    explicit Spooler(const std::string &presence_directory = "");
    ~Spooler();
    Spooler(const Spooler &) = delete;
    Spooler &operator=(const Spooler &) = delete;

    HMAPISPOOLER handle() const { return handle_; }

    // Without callbacks it is a self-driven transport.
    HMAPITRANSPORT add_transport(MAPITRANSPORTOPS ops = {}, void *context = nullptr);
    HMAPISTORE open_store(unsigned long number, MAPISTOREOPS ops = {}, void *context = nullptr);

private:
    HMAPISPOOLER handle_ = nullptr;
};

void submit(HMAPISTORE store, unsigned long number);

// Logs off, which has to be done at once, and releases the handle.
void log_off(HMAPISTORE store, ULONG instruction);

// Stores with numbers from `first` on, opened in one go and logged off in one go.
std::vector<HMAPISTORE> open_stores(Spooler &spooler, unsigned long first, std::size_t number);
void log_off_all(const std::vector<HMAPISTORE> &stores);

} // namespace bench

#endif
