#ifndef MAPISPOOL_HPP
#define MAPISPOOL_HPP

/**
 * @file mapispool.hpp
 * @brief mapispool.h for C++11 and up: handles that close themselves, callbacks as classes, results that can be
 *        tested or thrown.
 *
 * @code
 * mapispool::Spooler spooler = mapispool::Spooler::Open("Default").or_throw();
 * spooler.AddTransport("SMTP", [](const mapispool::Message &message) { return send_it(message); }).or_throw();
 * mapispool::Store store = spooler.OpenStore("store").or_throw();
 * store.SubmitMessage("message").or_throw();
 *
 * ULONG ulFlags = LOGOFF_PURGE;                       // send everything; I wait for it
 * store.StoreLogoffTransports(&ulFlags).or_throw();
 * @endcode
 *
 * Nothing but a header: each function calls the one of the same name in mapispool.h, which is the manual for what
 * it does, for its errors and for the threads it may be called on. What is said here is what C++ adds.
 *
 * Ownership
 * ---------
 * | class     | is                                | its end |
 * | --------- | --------------------------------- | ------- |
 * | Spooler   | the owner of an open spooler      | closes it, and waits for that without limit |
 * | Store     | one reference to a store logon    | releases it: the final release logs off, with LOGOFF_ABORT if nothing else was saved |
 * | Transfer  | the owner of a transfer           | ends it with MAPI_E_CALL_FAILED: the message is queued again |
 * | Transport | the name of a transport           | nothing: the spooler has it until Remove or Close |
 *
 * Owners can be moved and not copied. One that was moved from, closed, released or ended is null: its functions
 * answer MAPI_E_INVALID_PARAMETER, and its end does nothing.
 *
 * Callback objects (StoreOps, DrivenTransportOps, SelfDrivenTransportOps) are given as shared_ptr, or as unique_ptr
 * that converts to it. The spooler shares them from the call that succeeds until their finalizer (Released, Destroy)
 * has run, so that one which nobody else has is destroyed exactly once, after its last callback. That may be after
 * the end of the Store: what callbacks use outlives the Spooler. A call that fails shares nothing.
 *
 * Exceptions
 * ----------
 * Functions throw nothing of their own but what or_throw says; where there is no memory for a callback's context,
 * std::bad_alloc. No exception leaves a callback: one that comes out of it becomes MAPI_E_CALL_FAILED, and
 * Options::Threw hears of it. A message is then kept, and tried again later; where FinishedMsg throws, it has been
 * sent and is not sent again.
 *
 * Threads
 * -------
 * As in mapispool.h. An object of these classes may be used by several threads at a time as long as none of them
 * moves, closes, releases or ends it, or assigns to it.
 */

#include "mapispool.h"

#include <atomic>
#include <chrono>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

/* The attribute is C++17's; these compilers have it before, each in its way. */
#if defined(__clang__)
#  define MAPISPOOL_NODISCARD [[clang::warn_unused_result]]
#elif defined(__GNUC__) || __cplusplus >= 201703L || (defined(_MSVC_LANG) && _MSVC_LANG >= 201703L)
#  define MAPISPOOL_NODISCARD [[nodiscard]]
#else
#  define MAPISPOOL_NODISCARD
#endif

/* How methods of COM interfaces are called. */
#if defined(_WIN32)
#  define MAPISPOOL_METHOD __stdcall
#else
#  define MAPISPOOL_METHOD
#endif

/** All of mapispool.h, for C++. */
namespace mapispool {

/* -------------------------------------------------------------------------------------------------- */
/* Values: identifiers, limits, flags. */

/**
 * An entry identifier, wherever one is wanted: text, a container of bytes, or length and address as everywhere in
 * MAPI. Owns nothing; what it was made from has to outlive the call.
 */
class EntryID {
public:
    /** None: empty. */
    EntryID() noexcept : cb_(0), lp_(nullptr) {}
    /** Length and address. */
    EntryID(ULONG cbEntryID, const void *lpEntryID) noexcept : cb_(cbEntryID), lp_(lpEntryID) {}
    /** Text, without the terminator. */
    EntryID(const char *lpszText) noexcept : cb_(saturated(lpszText ? std::strlen(lpszText) : 0)), lp_(lpszText) {}
    /** std::string, std::vector<unsigned char> and the like. */
    template <class Bytes,
              class = typename std::enable_if<sizeof(*std::declval<const Bytes &>().data()) == 1>::type>
    EntryID(const Bytes &bytes) noexcept : cb_(saturated(bytes.size())), lp_(bytes.data()) {}

    /** The length in bytes. */
    ULONG cb() const noexcept { return cb_; }
    /** The address; perhaps null where the length is 0. */
    const void *lp() const noexcept { return lp_; }
    /** A copy of the bytes. */
    std::string str() const { return cb_ == 0 ? std::string() : std::string(static_cast<const char *>(lp_), cb_); }

private:
    /* An identifier of 4 GB must not become a short one. The library refuses all over 65,535. */
    static ULONG saturated(unsigned long long size) noexcept {
        return size < 0xFFFFFFFFu ? static_cast<ULONG>(size) : 0xFFFFFFFFu;
    }

    ULONG cb_;
    const void *lp_;
};

///@{
/** Byte by byte, as the library compares. */
inline bool operator==(const EntryID &left, const EntryID &right) noexcept {
    return left.cb() == right.cb() && (left.cb() == 0 || std::memcmp(left.lp(), right.lp(), left.cb()) == 0);
}
inline bool operator!=(const EntryID &left, const EntryID &right) noexcept { return !(left == right); }
///@}

/**
 * How long to wait: any std::chrono::duration, or mapispool::infinite.
 *
 * Parts of a millisecond count as a whole one. Below 0 is 0, which does not wait. The longest is 0xFFFFFFFE
 * milliseconds, 49 days; what is longer becomes that, and never infinite.
 */
class Limit {
public:
    /** Of any duration: `std::chrono::seconds(30)`. */
    template <class Rep, class Period>
    Limit(std::chrono::duration<Rep, Period> time) noexcept
        : milliseconds_(saturated(std::chrono::duration<double, std::milli>(time).count())) {}

    /** mapispool::infinite. */
    static constexpr Limit Infinite() noexcept { return Limit(MAPISPOOL_INFINITE); }
    /** As the C functions want it. */
    constexpr ULONG milliseconds() const noexcept { return milliseconds_; }

private:
    explicit constexpr Limit(ULONG milliseconds) noexcept : milliseconds_(milliseconds) {}

    static ULONG saturated(double milliseconds) noexcept {
        if (!(milliseconds > 0)) // no number is not, either
            return 0;
        if (milliseconds > 4294967294.0)
            return 0xFFFFFFFEu;
        const ULONG whole = static_cast<ULONG>(milliseconds);
        return whole < milliseconds ? whole + 1 : whole;
    }

    ULONG milliseconds_;
};

/** For every wait: no limit. */
constexpr Limit infinite = Limit::Infinite();

/** What StoreLogoffTransports is asked to do: mapidefs.h's LOGOFF_*, and a ULONG where one is wanted. */
struct Logoff {
    /** One of mapidefs.h's five. */
    enum Instruction : ULONG {
        /** Send what is ready in the background, then release the store. */
        NoWait = LOGOFF_NO_WAIT,
        /** Let what is in process finish in the background, then release. */
        Orderly = LOGOFF_ORDERLY,
        /** Give every queued message one attempt, wait for it, then release. */
        Purge = LOGOFF_PURGE,
        /** Stop what is in process, wait until it has stopped, then release. */
        Abort = LOGOFF_ABORT,
        /** Release only a store at rest with an empty queue. */
        Quiet = LOGOFF_QUIET
    };
};

/** What StoreLogoffTransports answers: the flags of its word, and a ULONG where one is wanted. */
class LogoffFlags {
public:
    /** Of the word that ::StoreLogoffTransports wrote. */
    LogoffFlags(ULONG ulFlags = 0) noexcept : flags_(ulFlags) {}

    /** LOGOFF_COMPLETE: the store logon is over. Without it the store is logged on and works as before. */
    bool complete() const noexcept { return (flags_ & LOGOFF_COMPLETE) != 0; }
    /** LOGOFF_INBOUND: a message is being received. */
    bool inbound() const noexcept { return (flags_ & LOGOFF_INBOUND) != 0; }
    /** LOGOFF_OUTBOUND: a message is being sent. */
    bool outbound() const noexcept { return (flags_ & LOGOFF_OUTBOUND) != 0; }
    /** LOGOFF_OUTBOUND_QUEUE: messages are queued. */
    bool outbound_queue() const noexcept { return (flags_ & LOGOFF_OUTBOUND_QUEUE) != 0; }

    /** The word itself. */
    operator ULONG() const noexcept { return flags_; }

private:
    ULONG flags_;
};

/** The version of the library that is loaded, as MAPISPOOL_VERSION is this header's. */
inline ULONG Version() noexcept { return MapiSpoolerVersion(); }

/* -------------------------------------------------------------------------------------------------- */
/* Results. */

namespace detail {

/** The name of a result as mapicode.h has it; null for one that this library does not know. */
inline const char *name_of(HRESULT hr) noexcept {
    static const struct {
        HRESULT hr;
        const char *name;
    } names[] = {
        {S_OK, "S_OK"},
        {MAPI_E_INVALID_PARAMETER, "MAPI_E_INVALID_PARAMETER"},
        {MAPI_E_UNKNOWN_FLAGS, "MAPI_E_UNKNOWN_FLAGS"},
        {MAPI_E_INVALID_ENTRYID, "MAPI_E_INVALID_ENTRYID"},
        {MAPI_E_BAD_CHARWIDTH, "MAPI_E_BAD_CHARWIDTH"},
        {MAPI_E_VERSION, "MAPI_E_VERSION"},
        {MAPI_E_TOO_BIG, "MAPI_E_TOO_BIG"},
        {MAPI_E_BUSY, "MAPI_E_BUSY"},
        {MAPI_E_TIMEOUT, "MAPI_E_TIMEOUT"},
        {MAPI_E_INVALID_OBJECT, "MAPI_E_INVALID_OBJECT"},
        {MAPI_E_END_OF_SESSION, "MAPI_E_END_OF_SESSION"},
        {MAPI_E_NO_SUPPORT, "MAPI_E_NO_SUPPORT"},
        {MAPI_E_SUBMITTED, "MAPI_E_SUBMITTED"},
        {MAPI_E_NOT_IN_QUEUE, "MAPI_E_NOT_IN_QUEUE"},
        {MAPI_E_UNABLE_TO_ABORT, "MAPI_E_UNABLE_TO_ABORT"},
        {MAPI_E_NOT_FOUND, "MAPI_E_NOT_FOUND"},
        {MAPI_E_COLLISION, "MAPI_E_COLLISION"},
        {MAPI_E_NO_ACCESS, "MAPI_E_NO_ACCESS"},
        {MAPI_E_NOT_ENOUGH_RESOURCES, "MAPI_E_NOT_ENOUGH_RESOURCES"},
        {MAPI_E_NOT_ENOUGH_MEMORY, "MAPI_E_NOT_ENOUGH_MEMORY"},
        {MAPI_E_CALL_FAILED, "MAPI_E_CALL_FAILED"},
        {MAPI_E_INTERFACE_NOT_SUPPORTED, "MAPI_E_INTERFACE_NOT_SUPPORTED"},
        {MAPI_W_CANCEL_MESSAGE, "MAPI_W_CANCEL_MESSAGE"},
        {MAPI_W_PARTIAL_COMPLETION, "MAPI_W_PARTIAL_COMPLETION"},
        {MAPI_E_NOT_ME, "MAPI_E_NOT_ME"},
        {MAPI_E_WAIT, "MAPI_E_WAIT"},
        {MAPI_E_NETWORK_ERROR, "MAPI_E_NETWORK_ERROR"},
        {MAPI_E_CANCEL, "MAPI_E_CANCEL"},
        {MAPI_E_USER_CANCEL, "MAPI_E_USER_CANCEL"},
    };
    for (const auto &known : names)
        if (known.hr == hr)
            return known.name;
    return nullptr;
}

/** HRESULT as a kind of std::error_code. */
class Category : public std::error_category {
public:
    const char *name() const noexcept override { return "mapi"; }

    std::string message(int value) const override {
        if (const char *known = name_of(value))
            return known;
        std::string text = "HRESULT 0x";
        for (int shift = 28; shift >= 0; shift -= 4)
            text += "0123456789ABCDEF"[static_cast<unsigned>(value) >> shift & 15u];
        return text;
    }

    /** What a program that knows no MAPI compares with: `error.code() == std::errc::timed_out`. */
    std::error_condition default_error_condition(int value) const noexcept override {
        const HRESULT hr = value;
        if (hr == MAPI_E_INVALID_PARAMETER)
            return std::errc::invalid_argument;
        if (hr == MAPI_E_BUSY)
            return std::errc::device_or_resource_busy;
        if (hr == MAPI_E_TIMEOUT)
            return std::errc::timed_out;
        if (hr == MAPI_E_NO_ACCESS)
            return std::errc::permission_denied;
        if (hr == MAPI_E_NO_SUPPORT)
            return std::errc::not_supported;
        if (hr == MAPI_E_NOT_ENOUGH_MEMORY)
            return std::errc::not_enough_memory;
        return std::error_condition(value, *this);
    }
};

/** MapiSpoolerGetLastError; empty where there is no memory for it. */
inline std::string last_error() noexcept {
    std::string text;
    try {
        ULONG needed = 0;
        MapiSpoolerGetLastError(nullptr, 0, &needed);
        text.resize(needed);
        if (MapiSpoolerGetLastError(&text[0], needed, &needed) == S_OK)
            text.resize(needed - 1); // the terminator
        else
            text.clear();
    } catch (...) {
        text.clear();
    }
    return text;
}

} // namespace detail

/** The category of std::error_codes that are HRESULTs. */
inline const std::error_category &category() noexcept {
    static const detail::Category only;
    return only;
}

/** What or_throw throws: code() is the HRESULT in category(), what() the library's sentence and the HRESULT's name. */
class Error : public std::system_error {
public:
    /** Of a call that returned hr, for this reason. */
    Error(HRESULT hr, const std::string &reason) : std::system_error(hr, category(), reason) {}
    /** What the call returned. */
    HRESULT hr() const noexcept { return code().value(); }
};

/**
 * How a call ended. Must be looked at: tested, compared with a result, or thrown.
 *
 * @code
 * if (store.Wait(std::chrono::seconds(30)) == MAPI_E_TIMEOUT)     // compared
 * if (!store.SubmitMessage(id)) return;                           // tested: true is S_OK or another success
 * store.SubmitMessage(id).or_throw();                             // thrown: mapispool::Error
 * @endcode
 */
class MAPISPOOL_NODISCARD Result {
public:
    /** Of a call that has just returned this on this thread. */
    explicit Result(HRESULT hr = S_OK) noexcept : hr_(hr), reason_(hr < 0 ? detail::last_error() : std::string()) {}

    /** What the call returned. */
    HRESULT hr() const noexcept { return hr_; }
    ///@{
    /** S_OK or another success. */
    bool ok() const noexcept { return hr_ >= 0; }
    explicit operator bool() const noexcept { return ok(); }
    ///@}

    /** Why it failed, as one sentence: what #MapiSpoolerGetLastError said then. Empty where it did not. */
    const std::string &reason() const noexcept { return reason_; }
    /** hr() in category(), for code that knows no MAPI. */
    std::error_code code() const noexcept { return std::error_code(hr_, category()); }

    /** @throws Error if the call failed. */
    void or_throw() const {
        if (!ok())
            throw Error(hr_, reason_);
    }

private:
    HRESULT hr_;
    std::string reason_;
};

///@{
/** Of what the call returned. */
inline bool operator==(const Result &result, HRESULT hr) noexcept { return result.hr() == hr; }
inline bool operator!=(const Result &result, HRESULT hr) noexcept { return result.hr() != hr; }
///@}

/** How a call ended, and what it gave: with a call that failed, a null handle or zero. */
template <class T>
class MAPISPOOL_NODISCARD ResultOf : public Result {
public:
    /** Of a call that has just returned this on this thread, and given this. */
    ResultOf(HRESULT hr, T value) : Result(hr), value_(std::move(value)) {}

    ///@{
    /** What the call gave, whether it failed or not. */
    T &operator*() & noexcept { return value_; }
    const T &operator*() const & noexcept { return value_; }
    T &&operator*() && noexcept { return std::move(value_); }
    T *operator->() noexcept { return &value_; }
    const T *operator->() const noexcept { return &value_; }
    ///@}

    ///@{
    /** What the call gave. @throws Error if it failed. */
    T or_throw() && {
        Result::or_throw();
        return std::move(value_);
    }
    T &or_throw() & {
        Result::or_throw();
        return value_;
    }
    ///@}

private:
    T value_;
};

/* -------------------------------------------------------------------------------------------------- */
/* Callbacks. */

class Message;

/**
 * The callbacks of a store (MAPISTOREOPS): derive from it what the spooler uses as its own IMsgStore object. By
 * itself it says yes to everything.
 *
 * SetLockState and FinishedMsg never overlap, and Released comes after both. Each may throw; see the file's
 * manual.
 */
class StoreOps {
public:
    virtual ~StoreOps() = default;

    /**
     * Locks a message before it is sent (MSG_LOCKED), or unlocks it when it goes back to the queue (MSG_UNLOCKED).
     * Must answer MAPI_E_NOT_FOUND for a message that is no longer submitted, and another error where somebody
     * else has it.
     */
    virtual HRESULT SetLockState(const EntryID &message, ULONG ulLockState) {
        return static_cast<void>(message), static_cast<void>(ulLockState), S_OK;
    }
    /** The message has been sent: take it out of the Outbox and drop its lock. Once for each message. */
    virtual HRESULT FinishedMsg(const EntryID &message) { return static_cast<void>(message), S_OK; }
    /** The spooler has given up this store logon: the last call, exactly once for each open that succeeded. */
    virtual void Released(LogoffFlags flags) { static_cast<void>(flags); }
};

/** What both kinds of transport are told (MAPITRANSPORTOPS). Not to be derived from: take one of the two below. */
class TransportOps {
public:
    virtual ~TransportOps() = default;

    /** One of the NOTIFY_* flags; lpMessage is null but for NOTIFY_CANCEL_MESSAGE and NOTIFY_ABORT_DEFERRED. */
    virtual HRESULT TransportNotify(ULONG ulFlags, const Message *lpMessage) {
        return static_cast<void>(ulFlags), static_cast<void>(lpMessage), S_OK;
    }
    /** Sends what the transport holds, once for each LOGOFF_PURGE. */
    virtual HRESULT FlushQueues(ULONG ulFlags) { return static_cast<void>(ulFlags), S_OK; }
    /** The last call: the place to join threads of the transport's own. */
    virtual HRESULT TransportLogoff(ULONG ulFlags) { return static_cast<void>(ulFlags), S_OK; }

private:
    friend class DrivenTransportOps;
    friend class SelfDrivenTransportOps;
    TransportOps() = default;
};

/** A transport that the spooler calls, on one thread of its own. */
class DrivenTransportOps : public TransportOps {
public:
    /**
     * Sends a message. What may be returned, and what follows: see MAPITRANSPORTOPS. With MAPI_E_WAIT and
     * MAPI_E_NETWORK_ERROR the message waits for `retry`, which is 0 on entry.
     */
    virtual HRESULT SubmitMessage(const Message &message, std::chrono::seconds &retry) = 0;
    /** Follows each success. *lpulEndFlags is 0 on entry: sent. Or one of END_RESEND_NOW, _LATER, END_DONT_RESEND. */
    virtual HRESULT EndMessage(const Message &message, ULONG *lpulEndFlags) {
        return static_cast<void>(message), static_cast<void>(lpulEndFlags), S_OK;
    }
};

/** A transport with threads or an event loop of its own, which asks for messages or begins them: see Transport. */
class SelfDrivenTransportOps : public TransportOps {};

/** A transport that is nothing but a function: the SubmitMessage of a driven one. */
typedef std::function<HRESULT(const Message &message)> SubmitFunction;

namespace detail {

/** The callbacks of a spooler's options, shared by all that may call them. */
struct Hooks {
    std::function<void(ULONG, const char *)> Log;
    std::function<void()> ThreadStart, ThreadEnd;
    std::function<void(const char *, const char *)> Threw;
};

/** What the library is given as context: shares the callback object until its finalizer has run. */
template <class Ops>
struct Context {
    std::shared_ptr<Ops> ops;
    std::shared_ptr<const Hooks> hooks;

    static Context &of(void *lpvContext) noexcept { return *static_cast<Context *>(lpvContext); }
};

inline void tell_of_exception(const Hooks *hooks, const char *callback, const char *what) noexcept {
    try {
        if (hooks != nullptr && hooks->Threw)
            hooks->Threw(callback, what);
    } catch (...) { // there is nobody left to tell
    }
}

/** Where every exception of a callback ends. */
template <class Call>
HRESULT fenced(const Hooks *hooks, const char *callback, Call call) noexcept {
    try {
        return call();
    } catch (const std::exception &exception) {
        tell_of_exception(hooks, callback, exception.what());
    } catch (...) {
        tell_of_exception(hooks, callback, "not a std::exception");
    }
    return MAPI_E_CALL_FAILED;
}

template <class Call>
void fenced_void(const Hooks *hooks, const char *callback, Call call) noexcept {
    fenced(hooks, callback, [&call]() -> HRESULT { return call(), S_OK; });
}

inline ULONG saturated_seconds(std::chrono::seconds time) noexcept {
    return time.count() <= 0 ? 0 : time.count() < 0xFFFFFFFFLL ? static_cast<ULONG>(time.count()) : 0xFFFFFFFFu;
}

} // namespace detail

/* -------------------------------------------------------------------------------------------------- */
/* Owners. */

/**
 * What Spooler, Store and Transfer have in common: owns a handle and gives it up once, at its own end or when it is
 * assigned to, and not after it was moved from.
 */
template <class Handle, void (*GiveUp)(Handle)>
class Owner {
public:
    /** Null. */
    Owner() noexcept : handle_(nullptr) {}
    /** Takes over a handle of the C functions. */
    explicit Owner(Handle handle) noexcept : handle_(handle) {}
    /** Takes over what other owned, which is null afterwards. */
    Owner(Owner &&other) noexcept : handle_(other.detach()) {}
    /** The same; gives up what this one owned before. */
    Owner &operator=(Owner &&other) noexcept {
        Owner moved(std::move(other));
        std::swap(handle_, moved.handle_);
        return *this;
    }
    Owner(const Owner &) = delete;
    Owner &operator=(const Owner &) = delete;

    /** For the C functions; stays owned. */
    Handle get() const noexcept { return handle_; }
    /** For the C functions; the caller owns it now. */
    Handle detach() noexcept {
        const Handle handle = handle_;
        handle_ = nullptr;
        return handle;
    }
    /** Not null: it has a handle to give up. */
    explicit operator bool() const noexcept { return handle_ != nullptr; }

protected:
    /** Gives up the handle. */
    ~Owner() {
        if (handle_ != nullptr)
            GiveUp(handle_);
    }
    /** The result of a call that ends the handle when it succeeds. */
    Result ended(HRESULT hr) noexcept {
        if (hr == S_OK)
            handle_ = nullptr;
        return Result(hr);
    }

private:
    Handle handle_;
};

namespace detail {

inline void close(HMAPISPOOLER spooler) { MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE); }
inline void release(HMAPISTORE store) { MapiStoreRelease(store); }
inline void end(HMAPITRANSFER transfer) { MapiTransferEnd(transfer, MAPI_E_CALL_FAILED, 0, 0); }

} // namespace detail

/* -------------------------------------------------------------------------------------------------- */
/* The store. */

/**
 * One reference to a store logon.
 *
 * Its end is MapiStoreRelease. If it is the last reference and the store was not logged off, that logs off with what
 * StoreLogoff saved, or else stops what is in process as LOGOFF_ABORT does, and may wait for it: call
 * StoreLogoffTransports before.
 */
class Store : public Owner<HMAPISTORE, detail::release> {
public:
    using Owner::Owner;
    Store() = default;

    /** #MapiStoreSubmitMessage: puts a message into the outbound queue. */
    Result SubmitMessage(const EntryID &message) const {
        return Result(MapiStoreSubmitMessage(get(), message.cb(), message.lp()));
    }
    /** #MapiStoreAbortSubmit: takes a message out of the outbound queue. */
    Result AbortSubmit(const EntryID &message) const {
        return Result(MapiStoreAbortSubmit(get(), message.cb(), message.lp()));
    }
    /** #MapiStoreGetStatus: what the store is doing, at any time until the logon is released. */
    ResultOf<MAPISPOOLSTATUS> GetStatus() const {
        MAPISPOOLSTATUS status = {};
        status.cbSize = sizeof status;
        const HRESULT hr = MapiStoreGetStatus(get(), &status);
        return ResultOf<MAPISPOOLSTATUS>(hr, status);
    }

    /**
     * ::StoreLogoffTransports, spelled as in MAPI: the instruction in the word, and with S_OK the flags there.
     * S_OK with LOGOFF_COMPLETE: over. S_OK without: the store is logged on and works as before.
     */
    Result StoreLogoffTransports(ULONG *lpulFlags) const { return Result(::StoreLogoffTransports(get(), lpulFlags)); }
    /** The same with types. */
    ResultOf<LogoffFlags> StoreLogoffTransports(Logoff::Instruction instruction) const {
        ULONG word = instruction;
        const HRESULT hr = ::StoreLogoffTransports(get(), &word);
        return ResultOf<LogoffFlags>(hr, hr == S_OK ? word : 0);
    }
    /** #MapiStoreLogoff, for IMsgStore::StoreLogoff: saves the instruction for the final release. */
    Result StoreLogoff(ULONG *lpulFlags) const { return Result(MapiStoreLogoff(get(), lpulFlags)); }
    /** #MapiStoreWait: until the store has been logged off and its Released has returned. */
    Result Wait(Limit limit) const { return Result(MapiStoreWait(get(), limit.milliseconds())); }
    /** #MapiStoreCancelLogoff: ends a logoff before its time, from another thread. */
    Result CancelLogoff() const { return Result(MapiStoreCancelLogoff(get())); }

    /**
     * #MapiStoreGetSupport: the logon as the IMAPISupport of mapispi.h, with one reference, which wants a Release.
     * It forwards to inner, the host's own, what is no matter of the spooler. Never for a runtime whose IMAPISupport
     * is a C++ class: see StoreLogoffSupport.
     */
    ResultOf<LPMAPISUP> GetSupport(LPMAPISUP inner = nullptr) const {
        LPMAPISUP support = nullptr;
        const HRESULT hr = MapiStoreGetSupport(get(), inner, &support);
        return ResultOf<LPMAPISUP>(hr, support);
    }

    /** #MapiStoreAddRef: one more reference to the same logon. */
    ResultOf<Store> AddRef() const {
        const HRESULT hr = MapiStoreAddRef(get());
        return ResultOf<Store>(hr, Store(hr == S_OK ? get() : nullptr));
    }
    /** #MapiStoreRelease, now and with its result. */
    Result Release() { return ended(MapiStoreRelease(get())); }
};

/* -------------------------------------------------------------------------------------------------- */
/* The transport. */

/** A message as a transport sees it (MAPISPOOLMESSAGE), and valid as long as that is. */
class Message {
public:
    /** None: no identifier, no store, no transfer. */
    Message() noexcept : message_(nullptr) {}
    /** As a callback of the C functions was given it; null is none. */
    explicit Message(const MAPISPOOLMESSAGE *lpMessage) noexcept : message_(lpMessage) {}

    /** The message's entry identifier; empty for one that is being received. */
    EntryID id() const noexcept {
        return message_ ? EntryID(message_->cbEntryID, message_->lpEntryID) : EntryID();
    }
    /** Its store's. A message's identifier alone is not unique among stores. */
    EntryID store_id() const noexcept {
        return message_ ? EntryID(message_->cbStoreEntryID, message_->lpStoreEntryID) : EntryID();
    }
    /**
     * The callback object that the store was opened with through Spooler::OpenStore; null if it had none. Not for
     * stores that were opened with #MapiSpoolerOpenStore: their context is something else.
     */
    StoreOps *store() const noexcept {
        if (message_ == nullptr || message_->lpvStoreContext == nullptr)
            return nullptr;
        return detail::Context<StoreOps>::of(message_->lpvStoreContext).ops.get();
    }
    /** BEGIN_DEFERRED: this transport deferred it before. */
    bool deferred() const noexcept { return message_ != nullptr && (message_->ulFlags & BEGIN_DEFERRED) != 0; }

    /**
     * #MapiTransferSpoolerYield: S_OK, or MAPI_W_CANCEL_MESSAGE: stop, and end with MAPI_E_USER_CANCEL. That is a
     * success too, so compare with it.
     */
    Result SpoolerYield() const { return Result(MapiTransferSpoolerYield(message_ ? message_->hTransfer : nullptr)); }

    /** For the C functions; null for none. */
    const MAPISPOOLMESSAGE *get() const noexcept { return message_; }

private:
    const MAPISPOOLMESSAGE *message_;
};

/**
 * A transfer of a self-driven transport, or one that is being received.
 *
 * Its end is MapiTransferEnd with MAPI_E_CALL_FAILED: what was not ended otherwise goes back to the queue.
 */
class Transfer : public Owner<HMAPITRANSFER, detail::end> {
public:
    Transfer() = default;
    /** Takes over a transfer of the C functions. */
    explicit Transfer(HMAPITRANSFER handle) noexcept : Owner(handle) {}
    /** And its message, for one that was taken. */
    explicit Transfer(const MAPISPOOLMESSAGE *lpMessage) noexcept : Owner(lpMessage->hTransfer), message_(lpMessage) {}

    /** The message of a transfer that was taken, until it is ended; none for one that was begun. */
    const Message &message() const noexcept { return message_; }

    /** #MapiTransferSpoolerYield: S_OK or MAPI_W_CANCEL_MESSAGE; see Message::SpoolerYield. */
    Result SpoolerYield() const { return Result(MapiTransferSpoolerYield(get())); }
    /**
     * #MapiTransferEnd: how it ended, as SubmitMessage would return it. With S_OK the transfer is over; with an error
     * it stays.
     */
    Result End(HRESULT hrResult, ULONG ulEndFlags = 0, std::chrono::seconds retry = std::chrono::seconds(0)) {
        Result result = ended(MapiTransferEnd(get(), hrResult, ulEndFlags, detail::saturated_seconds(retry)));
        if (result.ok())
            message_ = Message();
        return result;
    }

private:
    Message message_;
};

/**
 * The name of a transport in its spooler, which has it until Remove or Spooler::Close. Can be copied; of a transport
 * that is gone its functions answer MAPI_E_INVALID_PARAMETER.
 */
class Transport {
public:
    /** None. */
    Transport() noexcept : handle_(nullptr) {}
    /** One of the C functions. */
    explicit Transport(HMAPITRANSPORT handle) noexcept : handle_(handle) {}

    /** #MapiTransportRemove: stops what it has in process, logs it off, gives up its callback object. */
    Result Remove() const { return Result(MapiTransportRemove(handle_)); }
    /** #MapiTransportSpoolerNotify: the transport tells the spooler something. No identifier: all that it deferred. */
    Result SpoolerNotify(ULONG ulFlags, const EntryID &deferred = EntryID()) const {
        return Result(MapiTransportSpoolerNotify(handle_, ulFlags, deferred.cb(), deferred.lp()));
    }

    /** #MapiTransportTakeMessage: a self-driven transport asks for its next message, of whatever store. */
    ResultOf<Transfer> TakeMessage(Limit limit) const {
        const MAPISPOOLMESSAGE *message = nullptr;
        const HRESULT hr = MapiTransportTakeMessage(handle_, limit.milliseconds(), &message);
        return ResultOf<Transfer>(hr, hr == S_OK ? Transfer(message) : Transfer());
    }
    /** #MapiTransportBeginOutbound: a self-driven transport starts to send this message of this store. */
    ResultOf<Transfer> BeginOutbound(const Store &store, const EntryID &message) const {
        return BeginOutbound(store.get(), message);
    }
    /** The same for a store logon that somebody else owns: one that is over is refused. */
    ResultOf<Transfer> BeginOutbound(HMAPISTORE store, const EntryID &message) const {
        HMAPITRANSFER transfer = nullptr;
        const HRESULT hr = MapiTransportBeginOutbound(handle_, store, message.cb(), message.lp(), &transfer);
        return ResultOf<Transfer>(hr, Transfer(transfer));
    }
    /** #MapiTransportBeginInbound: a message starts to come in, for the default Inbox. */
    ResultOf<Transfer> BeginInbound() const { return begin_inbound(nullptr); }
    /** For this store. */
    ResultOf<Transfer> BeginInbound(const Store &store) const {
        // A null store would be the default Inbox; so another function says what is wrong with it.
        return store ? begin_inbound(store.get()) : ResultOf<Transfer>(MapiStoreAddRef(nullptr), Transfer());
    }

    /** For the C functions. */
    HMAPITRANSPORT get() const noexcept { return handle_; }
    /** Not null. The transport may be gone all the same. */
    explicit operator bool() const noexcept { return handle_ != nullptr; }

private:
    ResultOf<Transfer> begin_inbound(HMAPISTORE store) const {
        HMAPITRANSFER transfer = nullptr;
        const HRESULT hr = MapiTransportBeginInbound(handle_, store, &transfer);
        return ResultOf<Transfer>(hr, Transfer(transfer));
    }

    HMAPITRANSPORT handle_;
};

namespace detail {

/* The C callbacks: each finds its object, and lets no exception out. */

struct StoreThunks {
    typedef Context<StoreOps> Self;

    static HRESULT MAPISPOOL_CALL set_lock_state(void *context, ULONG cb, const void *lp, ULONG ulLockState) {
        const Self &self = Self::of(context);
        return fenced(self.hooks.get(), "SetLockState",
                      [&] { return self.ops->SetLockState(EntryID(cb, lp), ulLockState); });
    }
    static HRESULT MAPISPOOL_CALL finished_msg(void *context, ULONG, ULONG cb, const void *lp) {
        const Self &self = Self::of(context);
        return fenced(self.hooks.get(), "FinishedMsg", [&] { return self.ops->FinishedMsg(EntryID(cb, lp)); });
    }
    static void MAPISPOOL_CALL released(void *context, ULONG ulFlags) {
        const std::unique_ptr<Self> self(&Self::of(context));
        fenced_void(self->hooks.get(), "Released", [&] { self->ops->Released(ulFlags); });
    }
    static MAPISTOREOPS ops() noexcept {
        MAPISTOREOPS ops = {};
        ops.cbSize = sizeof ops;
        ops.SetLockState = set_lock_state;
        ops.FinishedMsg = finished_msg;
        ops.Released = released;
        return ops;
    }
};

template <class Ops>
struct TransportThunks {
    typedef Context<Ops> Self;

    static HRESULT MAPISPOOL_CALL transport_notify(void *context, ULONG ulFlags, const MAPISPOOLMESSAGE *lpMessage) {
        const Self &self = Self::of(context);
        const Message message(lpMessage);
        return fenced(self.hooks.get(), "TransportNotify",
                      [&] { return self.ops->TransportNotify(ulFlags, lpMessage ? &message : nullptr); });
    }
    static HRESULT MAPISPOOL_CALL flush_queues(void *context, ULONG ulFlags) {
        const Self &self = Self::of(context);
        return fenced(self.hooks.get(), "FlushQueues", [&] { return self.ops->FlushQueues(ulFlags); });
    }
    static HRESULT MAPISPOOL_CALL transport_logoff(void *context, ULONG ulFlags) {
        const Self &self = Self::of(context);
        return fenced(self.hooks.get(), "TransportLogoff", [&] { return self.ops->TransportLogoff(ulFlags); });
    }
    static void MAPISPOOL_CALL destroy(void *context) { delete &Self::of(context); }

    static MAPITRANSPORTOPS ops() noexcept {
        MAPITRANSPORTOPS ops = {};
        ops.cbSize = sizeof ops;
        ops.TransportNotify = transport_notify;
        ops.FlushQueues = flush_queues;
        ops.TransportLogoff = transport_logoff;
        ops.Destroy = destroy;
        return ops;
    }
};

struct DrivenTransportThunks : TransportThunks<DrivenTransportOps> {
    static HRESULT MAPISPOOL_CALL submit_message(
        void *context, const MAPISPOOLMESSAGE *lpMessage, ULONG *lpulRetrySeconds) {
        const Self &self = Self::of(context);
        std::chrono::seconds retry(0);
        const HRESULT hr = fenced(self.hooks.get(), "SubmitMessage",
                                  [&] { return self.ops->SubmitMessage(Message(lpMessage), retry); });
        *lpulRetrySeconds = saturated_seconds(retry);
        return hr;
    }
    static HRESULT MAPISPOOL_CALL end_message(
        void *context, const MAPISPOOLMESSAGE *lpMessage, ULONG *lpulEndFlags) {
        const Self &self = Self::of(context);
        return fenced(self.hooks.get(), "EndMessage",
                      [&] { return self.ops->EndMessage(Message(lpMessage), lpulEndFlags); });
    }
    static MAPITRANSPORTOPS ops() noexcept {
        MAPITRANSPORTOPS ops = TransportThunks::ops();
        ops.SubmitMessage = submit_message;
        ops.EndMessage = end_message;
        return ops;
    }
};

struct SpoolerThunks {
    typedef std::shared_ptr<const Hooks> Self;

    static const Hooks *of(void *context) noexcept { return static_cast<Self *>(context)->get(); }
    static void MAPISPOOL_CALL log(void *context, ULONG ulLevel, const char *lpszText) {
        fenced_void(of(context), "Log", [&] { of(context)->Log(ulLevel, lpszText); });
    }
    static void MAPISPOOL_CALL thread_start(void *context) {
        fenced_void(of(context), "ThreadStart", [&] { of(context)->ThreadStart(); });
    }
    static void MAPISPOOL_CALL thread_end(void *context) {
        fenced_void(of(context), "ThreadEnd", [&] { of(context)->ThreadEnd(); });
    }
    static void MAPISPOOL_CALL destroy(void *context) { delete static_cast<Self *>(context); }
};

class SubmitFunctionOps : public DrivenTransportOps {
public:
    explicit SubmitFunctionOps(SubmitFunction submit) : submit_(std::move(submit)) {}
    HRESULT SubmitMessage(const Message &message, std::chrono::seconds &) override { return submit_(message); }

private:
    const SubmitFunction submit_;
};

} // namespace detail

/* -------------------------------------------------------------------------------------------------- */
/* The spooler. */

/**
 * A limit or pause in Options; the library's default if nothing is set. 0 milliseconds count as 1, for in C a 0 there
 * stands for the default.
 */
class OptionLimit {
public:
    /** The library's default. */
    OptionLimit() noexcept : milliseconds_(0) {}
    ///@{
    /** This long. */
    OptionLimit(Limit limit) noexcept : milliseconds_(limit.milliseconds() == 0 ? 1 : limit.milliseconds()) {}
    template <class Rep, class Period>
    OptionLimit(std::chrono::duration<Rep, Period> time) noexcept : OptionLimit(Limit(time)) {}
    ///@}

    /** As MAPISPOOLOPTIONS wants it. */
    ULONG milliseconds() const noexcept { return milliseconds_; }

private:
    ULONG milliseconds_;
};

/** How a spooler is to be (MAPISPOOLOPTIONS). Only the name is required, and a name alone converts to it. */
struct Options {
    ///@{
    /** The defaults, for the profile of this name. */
    Options(std::string name) : ProfileName(std::move(name)) {}
    Options(const char *lpszName) : ProfileName(lpszName ? lpszName : "") {}
    ///@}

    /** UTF-8. Opens of a store count as opens of the same store only under the same profile name. */
    std::string ProfileName;
    /** MAPISPOOL_LOCAL, MAPISPOOL_MANUAL, both or 0. */
    ULONG ulFlags = 0;
    /** How long LOGOFF_ABORT waits for what is in process to stop: 15 seconds if not set. */
    OptionLimit AbortLimit;
    /** How long LOGOFF_PURGE waits: without limit if not set. */
    OptionLimit PurgeLimit;
    /** How long a message waits that is to be offered again later: 5 seconds if not set. */
    OptionLimit RetryPause;
    /** How long until a message that every transport declined is offered again: 5 minutes if not set. */
    OptionLimit DeclinedPause;
    /** Where processes see each other's opens; empty: the user's runtime directory. */
    std::string PresenceDirectory;

    /** MAPIAllocateBuffer, for the GetLastError of support objects without a host; see MAPISPOOLOPTIONS. */
    LPALLOCATEBUFFER AllocateBuffer = nullptr;

    /** Hears the spooler's story: a MAPISPOOL_LOG_* level and one line. On any thread, one call at a time. */
    std::function<void(ULONG ulLevel, const char *lpszText)> Log;
    /** The first thing on each thread that the spooler starts. */
    std::function<void()> ThreadStart;
    /** The last thing on each such thread. */
    std::function<void()> ThreadEnd;
    /**
     * Hears that a callback threw: the callback's name and the exception's what(). On the callback's thread, several
     * at a time. Nobody hears of what is thrown here.
     */
    std::function<void(const char *lpszCallback, const char *lpszWhat)> Threw;
};

/**
 * A spooler: what moves messages between the stores and transports of one MAPI session.
 *
 * Its end is MapiSpoolerClose without limit: stores still open are logged off as with LOGOFF_ORDERLY, what is in
 * process finishes. Only a callback that does not return and a transfer that is not ended can hold it up; Close
 * before for a limit or LOGOFF_ABORT. Inside a callback it cannot be closed, and would stay open.
 */
class Spooler : public Owner<HMAPISPOOLER, detail::close> {
public:
    Spooler() = default;
    /** Takes over a spooler of the C functions. Options::Threw does not exist for it. */
    explicit Spooler(HMAPISPOOLER handle) noexcept : Owner(handle) {}

    /** #MapiSpoolerOpen. */
    static ResultOf<Spooler> Open(Options options) {
        auto hooks = std::make_shared<detail::Hooks>();
        hooks->Log = std::move(options.Log);
        hooks->ThreadStart = std::move(options.ThreadStart);
        hooks->ThreadEnd = std::move(options.ThreadEnd);
        hooks->Threw = std::move(options.Threw);
        return open(options, std::move(hooks));
    }

    /** #MapiSpoolerClose. ulFlags is 0 or LOGOFF_ABORT. MAPI_E_TIMEOUT: it stays closing; call again. */
    Result Close(Limit limit = infinite, ULONG ulFlags = 0) {
        Result result = ended(MapiSpoolerClose(get(), ulFlags, limit.milliseconds()));
        if (result.ok())
            hooks_.reset();
        return result;
    }
    /** #MapiSpoolerRun, in manual mode: does all work that is due, and moves the spooler's time so far. */
    Result Run(Limit time = std::chrono::milliseconds(0)) const {
        return Result(MapiSpoolerRun(get(), time.milliseconds()));
    }
    /** #MapiSpoolerLogoffStores: every store, with one deadline. Gives how many were not logged off. */
    ResultOf<ULONG> LogoffStores(Logoff::Instruction instruction, Limit deadline) const {
        ULONG incomplete = 0;
        const HRESULT hr = MapiSpoolerLogoffStores(get(), instruction, deadline.milliseconds(), &incomplete);
        return ResultOf<ULONG>(hr, incomplete);
    }

    /** #MapiSpoolerOpenStore. ulFlags is 0 or MAPISPOOL_DEFAULT_INBOX; without ops the store has no callbacks. */
    ResultOf<Store> OpenStore(
        const EntryID &store, std::shared_ptr<StoreOps> ops = nullptr, ULONG ulFlags = 0) const {
        const MAPISTOREOPS table = detail::StoreThunks::ops();
        auto context = share(std::move(ops));
        HMAPISTORE handle = nullptr;
        const HRESULT hr = MapiSpoolerOpenStore(
            get(), store.cb(), store.lp(), ulFlags, context ? &table : nullptr, context.get(), &handle);
        if (hr == S_OK)
            context.release(); // Released frees it, and perhaps has
        return ResultOf<Store>(hr, Store(handle));
    }

    /**
     * #MapiSpoolerAddTransport, at the end of the transport order. own_store is the store that is tightly coupled
     * with it, if any. Its callbacks may come before this returns.
     */
    ResultOf<Transport> AddTransport(
        const std::string &name, std::shared_ptr<DrivenTransportOps> ops, const EntryID &own_store = EntryID()) const {
        return add_transport<detail::DrivenTransportThunks>(name, std::move(ops), own_store);
    }
    /** One that is self-driven. */
    ResultOf<Transport> AddTransport(
        const std::string &name, std::shared_ptr<SelfDrivenTransportOps> ops,
        const EntryID &own_store = EntryID()) const {
        return add_transport<detail::TransportThunks<SelfDrivenTransportOps>>(name, std::move(ops), own_store);
    }
    /** One that is nothing but a function. */
    ResultOf<Transport> AddTransport(
        const std::string &name, SubmitFunction submit, const EntryID &own_store = EntryID()) const {
        std::shared_ptr<DrivenTransportOps> ops;
        if (submit)
            ops = std::make_shared<detail::SubmitFunctionOps>(std::move(submit));
        return AddTransport(name, std::move(ops), own_store);
    }

private:
    static ResultOf<Spooler> open(const Options &options, std::shared_ptr<const detail::Hooks> hooks) {
        typedef detail::SpoolerThunks Thunks;
        std::unique_ptr<Thunks::Self> context(new Thunks::Self(hooks));
        MAPISPOOLOPTIONS raw = {};
        raw.cbSize = sizeof raw;
        raw.ulFlags = options.ulFlags;
        raw.lpszProfileName = options.ProfileName.c_str();
        raw.ulAbortLimit = options.AbortLimit.milliseconds();
        raw.ulPurgeLimit = options.PurgeLimit.milliseconds();
        raw.ulRetryPause = options.RetryPause.milliseconds();
        raw.ulDeclinedPause = options.DeclinedPause.milliseconds();
        raw.lpszPresenceDirectory = options.PresenceDirectory.empty() ? nullptr : options.PresenceDirectory.c_str();
        raw.lpvContext = context.get();
        raw.lpfnLog = hooks->Log ? Thunks::log : nullptr;
        raw.lpfnThreadStart = hooks->ThreadStart ? Thunks::thread_start : nullptr;
        raw.lpfnThreadEnd = hooks->ThreadEnd ? Thunks::thread_end : nullptr;
        raw.lpfnDestroy = Thunks::destroy;
        raw.lpfnAllocateBuffer = options.AllocateBuffer;
        HMAPISPOOLER handle = nullptr;
        const HRESULT hr = MapiSpoolerOpen(&raw, &handle);
        if (hr == S_OK)
            context.release(); // Destroy frees it
        Spooler spooler(handle);
        spooler.hooks_ = std::move(hooks);
        return ResultOf<Spooler>(hr, std::move(spooler));
    }

    template <class Ops>
    std::unique_ptr<detail::Context<Ops>> share(std::shared_ptr<Ops> ops) const {
        typedef detail::Context<Ops> Context;
        return std::unique_ptr<Context>(ops ? new Context{std::move(ops), hooks_} : nullptr);
    }

    template <class Thunks, class Ops>
    ResultOf<Transport> add_transport(
        const std::string &name, std::shared_ptr<Ops> ops, const EntryID &own_store) const {
        const MAPITRANSPORTOPS table = Thunks::ops();
        auto context = share(std::move(ops));
        HMAPITRANSPORT handle = nullptr;
        const HRESULT hr = MapiSpoolerAddTransport(get(), name.c_str(), own_store.cb(), own_store.lp(),
                                                   context ? &table : nullptr, context.get(), &handle);
        if (hr == S_OK)
            context.release(); // Destroy frees it
        return ResultOf<Transport>(hr, Transport(handle));
    }

    std::shared_ptr<const detail::Hooks> hooks_;
};

/* -------------------------------------------------------------------------------------------------- */
/* The support object. */

/**
 * StoreLogoffTransports for a MAPI runtime whose own IMAPISupport is a C++ class and no COM table, such as Kopano's
 * mapi4linux: stands between its support object and IMAPISupport, and overrides that method.
 *
 * @code
 * class M4LMAPISupport : public M4LUnknown, public mapispool::StoreLogoffSupport<IMAPISupport> { ... };
 *
 * hr = lpMSProvider->Logon(lpMAPISup, ...);                       // IMSProvider, as before
 * lpMAPISup->AttachStore(session.spooler.OpenStore(...).or_throw());
 * @endcode
 *
 * The spooler belongs to the session. The end of the support object releases the store logon, which stops mail that
 * is on its way unless something else was saved: where clients are used not to log off, save LOGOFF_NO_WAIT with
 * Store::StoreLogoff before the store is attached.
 */
template <class Support>
class StoreLogoffSupport : public Support {
public:
    using Support::Support;
    StoreLogoffSupport() = default;
    StoreLogoffSupport(const StoreLogoffSupport &) = delete;
    StoreLogoffSupport &operator=(const StoreLogoffSupport &) = delete;
    ~StoreLogoffSupport() { AttachStore(Store()); }

    /** Takes over the store logon that the provider's client logs off from. One that it had before is released. */
    void AttachStore(Store store) noexcept { Store before(store_.exchange(store.detach())); }

    /**
     * IMAPISupport::StoreLogoffTransports: ::StoreLogoffTransports on the store logon. Without one, as in a provider
     * whose Logon has not returned, MAPI_E_NO_SUPPORT: what a runtime without a spooler answers. On any thread.
     */
    HRESULT MAPISPOOL_METHOD StoreLogoffTransports(ULONG *lpulFlags) override {
        const HMAPISTORE store = store_.load();
        return store == nullptr ? MAPI_E_NO_SUPPORT : ::StoreLogoffTransports(store, lpulFlags);
    }

private:
    std::atomic<HMAPISTORE> store_{nullptr};
};

} // namespace mapispool

#endif
