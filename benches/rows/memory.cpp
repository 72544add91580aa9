// Memory for each store and message: what malloc has given out, and what of it is resident. In a child process each,
// so that no earlier heap is used again.
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench.hpp"
#include "harness/process.hpp"
#include "session.hpp"

namespace bench {

namespace {

const std::size_t STORES = 10'000;
const std::size_t MESSAGES = 1'000'000, MESSAGES_QUICKLY = 200'000;
const double KILOBYTE = 1000, BYTES_FOR_A_MESSAGE = 120;
const std::size_t ROUNDS = 3;

// What the bare structs hold: what the library was given, and what it is asked for.
struct BareMessage {
    BareMessage *next;
    std::size_t size;
    EntryId id;
};

struct BareStore {
    BareStore *next;
    std::size_t size;
    EntryId id;
    MAPISTOREOPS callbacks;
    void *context;
    BareMessage *first, *last;
    unsigned int ready, waiting, outbound, inbound, finished;
};

struct Memory {
    double allocated, resident; // bytes
};

Memory memory_now()
{
    const struct mallinfo2 heap = mallinfo2();
    std::FILE *const file = std::fopen("/proc/self/statm", "r");
    unsigned long all = 0, resident = 0;
    if (file == nullptr || std::fscanf(file, "%lu %lu", &all, &resident) != 2)
        fail("cannot read /proc/self/statm");
    std::fclose(file);
    return {static_cast<double>(heap.uordblks + heap.hblkhd),
            static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE))};
}

// How much more memory there is after the work than before it, for each of so many things.
Memory grown(std::size_t things, const std::function<void()> &work)
{
    const std::vector<double> found = in_child([&]() -> std::vector<double> {
        const Memory before = memory_now();
        work();
        const Memory after = memory_now();
        if (after.allocated <= before.allocated)
            fail("malloc does not say what it has given out"); // under valgrind, for one
        const auto number = static_cast<double>(things);
        return {(after.allocated - before.allocated) / number, (after.resident - before.resident) / number};
    });
    return {found[0], found[1]};
}

// The child ends without cleaning up: what is measured stays until then.
void keep_stores(const std::string &presence_directory)
{
    Spooler *const spooler = new Spooler(presence_directory);
    open_stores(*spooler, 0, STORES);
}

void keep_messages(std::size_t messages)
{
    Spooler *const spooler = new Spooler;
    const HMAPISTORE store = spooler->open_store(0);
    for (std::size_t message = 0; message < messages; ++message)
        submit(store, message);
}

template <typename Bare>
void keep_bare(std::size_t things)
{
    static Bare *first = nullptr;
    for (std::size_t number = 0; number < things; ++number) {
        Bare *const bare = new Bare{};
        bare->id = entry_id(number);
        bare->size = bare->id.size();
        bare->next = first;
        first = bare;
    }
}

void row(Bench &bench, const std::string &what, std::size_t things, const std::function<void()> &ours,
         const std::function<void()> &baseline, std::optional<Target> target)
{
    const std::string resident = what + ", resident";
    if (!bench.report.wants(what) && !bench.report.wants(resident))
        return;
    std::vector<double> allocated[2], in_memory[2];
    for (std::size_t round = 0; round < ROUNDS; ++round)
        for (std::size_t side : {0, 1}) {
            const Memory found = grown(things, side == 0 ? ours : baseline);
            allocated[side].push_back(found.allocated);
            in_memory[side].push_back(found.resident);
        }
    const auto add = [&](const std::string &name, const std::vector<double> *found, std::optional<Target> most) {
        bench.report.add({name, Unit::BYTES, spread_of(found[0]).median, spread_of(found[1]).median,
                          spread_of(found[0]), Unit::BYTES, most});
    };
    add(what, allocated, target);
    add(resident, in_memory, {});
}

void messages_row(Bench &bench, std::size_t messages, std::optional<Target> target)
{
    row(bench, "memory for each of " + grouped(static_cast<double>(messages)) + " queued messages", messages,
        [=] { keep_messages(messages); }, [=] { keep_bare<BareMessage>(messages); }, target);
}

} // namespace

void bench_memory(Bench &bench)
{
    const TemporaryDirectory directory;
    row(bench, "memory for each of 10,000 open stores", STORES, [&] { keep_stores(directory.path()); },
        [] { keep_bare<BareStore>(STORES); }, Target{Target::AT_MOST, KILOBYTE});
    const std::size_t messages = bench.full_or_quick(MESSAGES, MESSAGES_QUICKLY);
    messages_row(bench, messages, Target{Target::AT_MOST, BYTES_FOR_A_MESSAGE});
    // Tables grow by doubling, and a million all but fills 2^20 places: a few more show the other extreme.
    messages_row(bench, messages + messages / 10, {});
}

} // namespace bench
