// Time is monotonic: what is done to the clock on the wall is not even seen. And where the monotonic clock is hours
// further on at once (a virtual machine that was put aside, a laptop that slept), limits end together and in order,
// what waits is tried once, and no message is lost (the header, Time; semantics.md section 6).
//
// The library's clock is this program's: clock_gettime and the futex call that sleeps until a time are defined here,
// and both are as many hours ahead of the system's as a test says.
#include "live.hpp"

#include <dlfcn.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static std::atomic<int64_t> ahead{0}; // of the monotonic clock
static std::atomic<unsigned> asked_monotonic{0}, asked_wall{0}, asleep{0};
static thread_local bool is_watched;

static const int64_t SECOND = 1000000000, HOUR = 3600 * SECOND;
static const ULONG AN_HOUR = 3600000; // in milliseconds

static int64_t nanoseconds(const timespec &time) { return time.tv_sec * SECOND + time.tv_nsec; }

static timespec timespec_of(int64_t nanoseconds) {
    timespec time;
    time.tv_sec = nanoseconds / SECOND;
    time.tv_nsec = nanoseconds % SECOND;
    return time;
}

template <typename Function>
static Function the_system_s(const char *name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

static int64_t real_monotonic() {
    static auto real = the_system_s<int (*)(clockid_t, timespec *)>("clock_gettime");
    timespec time;
    CHECK(real(CLOCK_MONOTONIC, &time) == 0);
    return nanoseconds(time);
}

extern "C" int clock_gettime(clockid_t clock, timespec *time) noexcept {
    static auto real = the_system_s<int (*)(clockid_t, timespec *)>("clock_gettime");
    if (clock != CLOCK_MONOTONIC) {
        ++asked_wall;
        return real(clock, time);
    }
    ++asked_monotonic;
    *time = timespec_of(real_monotonic() + ahead);
    return 0;
}

/** futex(2): FUTEX_WAIT_BITSET has the time at which it ends. The clock may jump meanwhile, so look now and then. */
static long sleep_on(long (*real)(long, ...), uint32_t *word, int operation, uint32_t value, const timespec *end,
                     uint32_t bits) {
    CHECK((operation & FUTEX_CLOCK_REALTIME) == 0);
    if (is_watched) {
        is_watched = false;
        ++asleep;
    }
    for (;;) {
        int64_t look_again = real_monotonic() + SECOND / 100;
        timespec until = timespec_of(std::min(look_again, nanoseconds(*end) - ahead));
        if (until.tv_sec < 0)
            until = timespec_of(0);
        long result = real(SYS_futex, word, operation, value, &until, nullptr, bits);
        if (result == 0 || errno != ETIMEDOUT || real_monotonic() + ahead >= nanoseconds(*end))
            return result;
    }
}

/** Like syscall(2), which takes as many as the call has: the others are whatever is in their places. */
extern "C" long any_syscall(long number, long a, long b, long c, long d, long e, long f) __asm__("syscall");

long any_syscall(long number, long a, long b, long c, long d, long e, long f) {
    static auto real = the_system_s<long (*)(long, ...)>("syscall");
    if (number == SYS_futex && (b & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && d != 0)
        return sleep_on(real, reinterpret_cast<uint32_t *>(a), static_cast<int>(b), static_cast<uint32_t>(c),
                        reinterpret_cast<const timespec *>(d), static_cast<uint32_t>(f));
    return real(number, a, b, c, d, e, f);
}

/** A thread that makes a call with a limit. When this returns, it sleeps. */
template <typename Call>
static Side sleeper(Call call) {
    unsigned before = asleep;
    Side side([call] {
        is_watched = true;
        call();
    });
    CHECK(eventually([before] { return asleep > before; }));
    return side;
}

/** Hours have passed, and nobody has done anything meanwhile. */
static void jump(int64_t hours) { ahead += hours * HOUR; }

static World::Options hours() {
    World::Options options = World::Options::threads();
    options.abort_limit = options.purge_limit = AN_HOUR;
    options.retry_pause = options.declined_pause = AN_HOUR;
    return options;
}

/** A transport that has a message and hears nothing until the gate opens. */
struct Deaf {
    Transport &transport;
    Gate gate;
    explicit Deaf(World &w) : transport(w.transport("smtp")) {
        transport.in_submit = [this](const MAPISPOOLMESSAGE &) { CHECK(gate.pass()); };
    }
};

/** A logoff whose limit passes in the jump: no logoff, and what was in process goes on. */
static void limit_of(ULONG instruction) {
    World w(hours());
    Deaf deaf(w);
    Store &s = w.store("s");
    s.submit("m1");
    s.submit("m2");
    w.await("smtp: submit m1");
    std::string answer;
    Side caller = sleeper([&] { answer = s.logoff(instruction); });
    jump(2);
    caller.join();
    CHECK_IS("OUTBOUND QUEUE", answer);
    CHECK(w.count("smtp: notify CANCEL_MESSAGE m1") < 100); // not one for each second of two hours
    CHECK_IS("OUTBOUND QUEUE: ready 1, outbound 1", s.status());
    deaf.gate.open();
    CHECK_IS("COMPLETE", s.logoff(LOGOFF_PURGE));
    for (const char *message : {"m1", "m2"})
        CHECK_EQUAL(1, s.box.outbox->finished[message]);
}

static void other_limits() {
    World w(hours());
    Deaf deaf(w);
    Transport &taker = w.self_driven("taker");
    Store &s = w.store("s"), &t = w.store("t");
    s.submit("m1");
    w.await("smtp: submit m1");
    Transfer none;
    HRESULT taken = S_OK, logged_off = S_OK, waited = S_OK, closed = S_OK;
    ULONG incomplete = 0;
    {
        Side take = sleeper([&] { taken = taker.try_take(AN_HOUR, none); });
        Side all = sleeper(
            [&] { logged_off = MapiSpoolerLogoffStores(w.handle, LOGOFF_ABORT, AN_HOUR, &incomplete); });
        jump(2);
    }
    CHECK_HR(MAPI_E_TIMEOUT, taken);
    CHECK_HR(S_OK, logged_off);
    CHECK_EQUAL(1, incomplete); // t has gone
    CHECK_IS("COMPLETE", t.status());
    CHECK_IS("COMPLETE OUTBOUND", s.logoff(LOGOFF_NO_WAIT));
    {
        Side wait = sleeper([&] { waited = s.wait(AN_HOUR); });
        jump(2);
    }
    CHECK_HR(MAPI_E_TIMEOUT, waited);
    {
        Side close = sleeper([&] { closed = w.close(0, AN_HOUR); });
        jump(2);
    }
    CHECK_HR(MAPI_E_TIMEOUT, closed);
    deaf.gate.open();
    CHECK_HR(S_OK, w.close());
    CHECK_EQUAL(1, s.box.outbox->finished["m1"]);
}

/** However many pauses fit into the jump, what waited is tried once. */
static void pauses() {
    World w(hours());
    Transport &smtp = w.transport("smtp");
    Store &s = w.store("s");
    smtp.otherwise = MAPI_E_WAIT;
    smtp.on("declined", {MAPI_E_NOT_ME, S_OK});
    smtp.on("later", {ends_with(END_RESEND_LATER), S_OK});
    smtp.on("failing", {MAPI_E_CALL_FAILED, S_OK});
    for (const char *message : {"declined", "later", "failing", "again"})
        s.submit(message);
    CHECK(eventually([&] { return s.status() == "QUEUE: waiting 4"; }));
    w.forget();
    jump(1000);
    CHECK(eventually([&] { return s.status() == "QUEUE: waiting 1, finished 3"; }));
    for (const char *message : {"declined", "later", "failing", "again"})
        CHECK_EQUAL(1, w.count(std::string("smtp: submit ") + message));
}

int main() {
    asked_wall = 0;
    limit_of(LOGOFF_ABORT);
    limit_of(LOGOFF_PURGE);
    other_limits();
    pauses();
    // It was the library's clock that jumped, and it has no other.
    CHECK(asked_monotonic > 0 && asleep > 0);
    CHECK_EQUAL(0, asked_wall);
    return 0;
}
