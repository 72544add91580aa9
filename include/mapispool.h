/* Generated from src/capi. Do not edit: `cargo check --features generate-header` writes it anew. */

#ifndef MAPISPOOL_H
#define MAPISPOOL_H

/**
 * @file mapispool.h
 * @brief StoreLogoffTransports, and the MAPI spooler that it needs.
 */

/**
 * @page mapispool_manual The manual
 * @tableofcontents
 *
 * What it is
 * ----------
 * A message store provider calls StoreLogoffTransports when a client logs off from its store: may the store
 * go, while messages of it are still being sent and received? MAPI's own answer is part of its subsystem.
 * This library is that answer for everybody else: a *spooler*, which knows the *stores* and *transports* of
 * one session, moves messages between them, and lets a store go in the way its client asks for.
 *
 * | term       | meaning |
 * | ---------- | ------- |
 * | spooler    | what moves the messages of one profile, in this process; there is no daemon |
 * | transport  | sends messages from stores, receives messages into stores (IXPLogon). *Driven*: the spooler's threads call it. *Self-driven*: it has threads or an event loop of its own, and asks |
 * | store      | a message store that is open in the spooler, known by its entry identifier |
 * | store logon | one open of a store: what StoreLogoffTransports is called on |
 * | transfer   | one message being sent (until FinishedMsg has returned) or received right now: it is *in process* |
 * | queue      | the messages that were submitted and are neither sent nor in process. *Ready*: some transport may have it now; *waiting*: not now |
 * | release    | the spooler gives up a store logon. Its last callback, Released, says so |
 *
 * In the order of use:
 *
 * @code
 * MAPISPOOLOPTIONS options = {0};                     // C++: = {}
 * options.cbSize = sizeof options;
 * options.lpszProfileName = "Default";
 * HMAPISPOOLER spooler;
 * if (MapiSpoolerOpen(&options, &spooler) != S_OK)
 *     return;                                         // MapiSpoolerGetLastError says why
 *
 * MAPITRANSPORTOPS ops = {0};
 * ops.cbSize = sizeof ops;
 * ops.SubmitMessage = send_it;                        // called on a thread of the spooler
 * HMAPITRANSPORT transport;
 * MapiSpoolerAddTransport(spooler, "SMTP", 0, NULL, &ops, NULL, &transport);
 *
 * HMAPISTORE store;
 * MapiSpoolerOpenStore(spooler, 5, "store", 0, NULL, NULL, &store);
 * MapiStoreSubmitMessage(store, 7, "message");
 *
 * ULONG flags = LOGOFF_NO_WAIT;                       // "send what is ready, I do not wait for it"
 * if (StoreLogoffTransports(store, &flags) == S_OK && (flags & LOGOFF_COMPLETE) != 0)
 *     MapiStoreWait(store, 30000);                    // half a minute for what is on its way
 * MapiStoreRelease(store);
 * MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE);
 * @endcode
 *
 * Rules for all functions
 * -----------------------
 * - Every function returns an HRESULT. Results go through the last parameter and are written *only with
 *   S_OK*. The two exceptions: #MapiSpoolerVersion returns a number, and #MapiSpoolerGetLastError writes the
 *   size also when the buffer is too small.
 * - A struct that may grow begins with `cbSize`: its size as its user was compiled. A smaller size that was
 *   once right is an older caller and is served; a larger one is served if all that it adds is zero, else
 *   MAPI_E_VERSION. So fill a struct with zeros first.
 * - Handles are checked numbers. Null, one that is over, one of another kind, any other number: the answer
 *   is MAPI_E_INVALID_PARAMETER, never a crash, whatever other threads do at the same time.
 * - Strings are UTF-8 and zero-terminated. Entry identifiers are opaque bytes of at most 65,535, compared
 *   byte by byte. Both are copied.
 * - Any function may also answer MAPI_E_CALL_FAILED: a defect inside the library. No result was written, no
 *   message is sent twice and no context freed twice, and other spoolers do not notice; what else the call
 *   has done is not known. Close this spooler soon. What was not sent is in the Outbox.
 * - MAPI_E_NOT_ENOUGH_MEMORY: the queue cannot grow, and is as it was (#MapiStoreSubmitMessage,
 *   #MapiTransportBeginOutbound). Where memory for anything smaller runs out, the process is aborted.
 * - Each failing call leaves a sentence that says what was wrong, for #MapiSpoolerGetLastError and the log
 *   callback.
 * - Functions and callbacks are cdecl (#MAPISPOOL_CALL), on 32-bit Windows too.
 *
 * Threads
 * -------
 * Every function may be called on any thread, at the same time as every other. Callbacks may call anything
 * that does not wait for themselves; what would is refused with MAPI_E_BUSY. No lock of the library is held
 * while a callback runs. A driven transport is called by one thread of its own, so that a slow one holds up
 * nobody, TransportNotify excepted, which comes from the spooler's control thread. SetLockState and
 * FinishedMsg of one store never overlap, and Released comes when neither runs with its context. No callback
 * runs on a thread of the caller, but for Released and the finalizers where the call itself releases. No
 * callback may throw or jump out.
 *
 * No thread is started before it is needed; #MapiSpoolerClose joins them all. Calls that wait do not pump
 * window messages: in a single-threaded apartment use another thread, LOGOFF_NO_WAIT and #MapiStoreGetStatus,
 * or manual mode.
 *
 * *Manual mode* (#MAPISPOOL_MANUAL): no thread and no clock. All work is done on the calling thread, inside
 * #MapiSpoolerRun, which also moves the spooler's time, and inside calls that wait, which move it to the
 * next thing due and give up at once when nothing can move any more. Same rules, same results. A wait without
 * a limit tells a transport a thousand times to stop, and then counts on it no more.
 *
 * After fork() the child has no opens: handles that it inherited answer MAPI_E_INVALID_OBJECT.
 *
 * Ownership
 * ---------
 * Nothing of the caller's is kept after a call but contexts and callbacks. Each context that was accepted
 * has a finalizer (lpfnDestroy, Destroy, Released) that runs exactly once, whatever happens, as the last
 * call with this context: that is where it is freed. A call that fails keeps nothing: the context is still
 * the caller's, and no finalizer runs.
 *
 * A store logon's handle is counted (#MapiStoreAddRef, #MapiStoreRelease). A transport's is over with
 * #MapiTransportRemove, a transfer's with #MapiTransferEnd, and all are with #MapiSpoolerClose, but for
 * those of stores, which stay until they are released.
 *
 * The library keeps no mail. The durable queue is the store's Outbox: whoever opens a store submits again
 * what it holds. A message leaves the queue only as sent (FinishedMsg runs once) or through
 * #MapiStoreAbortSubmit; cancelling, limits and failing transports all lead back to the queue.
 *
 * Time
 * ----
 * Times are milliseconds: 0 does not wait, #MAPISPOOL_INFINITE is no limit; in options 0 is the default.
 * LOGOFF_ABORT waits at most ulAbortLimit (15 seconds), LOGOFF_PURGE at most ulPurgeLimit (no limit).
 * LOGOFF_NO_WAIT, LOGOFF_ORDERLY and LOGOFF_QUIET do not wait. The clock is monotonic.
 *
 * The flags of a logoff
 * ---------------------
 * In, exactly one:
 *
 * | instruction    | value      | the store goes |
 * | -------------- | ---------- | -------------- |
 * | LOGOFF_NO_WAIT | 0x00000001 | when what is in process and what is ready has been sent, in the background |
 * | LOGOFF_ORDERLY | 0x00000002 | when what is in process has finished, in the background |
 * | LOGOFF_PURGE   | 0x00000004 | when every message has had an attempt; the call waits |
 * | LOGOFF_ABORT   | 0x00000008 | when what is in process has been stopped; the call waits |
 * | LOGOFF_QUIET   | 0x00000010 | only if nothing is in process and the queue is empty |
 *
 * Out, any of:
 *
 * | flag                  | value      | meaning |
 * | --------------------- | ---------- | ------- |
 * | LOGOFF_COMPLETE       | 0x00010000 | the logoff has been or will be performed: the store logon is over |
 * | LOGOFF_INBOUND        | 0x00020000 | a message is being received |
 * | LOGOFF_OUTBOUND       | 0x00040000 | a message is being sent, or was and its FinishedMsg has not returned |
 * | LOGOFF_OUTBOUND_QUEUE | 0x00080000 | messages are queued |
 *
 * S_OK with LOGOFF_COMPLETE: over. S_OK without: the store is logged on and works as before. An error:
 * nothing has changed. #StoreLogoffTransports has the whole table.
 *
 * Other opens
 * -----------
 * While the same store is open elsewhere under the same profile (another logon of this spooler, another
 * spooler, another process), a logoff is ignored as far as the transports go: COMPLETE at once, nothing is
 * stopped or flushed, nobody waits, and sending goes on. The last one to log off performs the real logoff.
 * A process that dies is forgotten by the operating system; nothing needs cleaning. Spoolers of several
 * processes see each other through files in lpszPresenceDirectory.
 *
 * Before you exit
 * ---------------
 * COMPLETE together with LOGOFF_OUTBOUND or LOGOFF_OUTBOUND_QUEUE means that work goes on in the background,
 * on threads of this process: wait for it with #MapiStoreWait, or with #MapiSpoolerClose for all of it. Mail
 * that has not been sent when the process ends stays in the Outbox, for whoever opens the store next.
 *
 * Beside other headers
 * --------------------
 * C99 and up, C++11 and up, alone or beside `<windows.h>` and the MAPI headers, in either order: the flags
 * are spelled as there, results are defined only where they are not yet. ULONG and HRESULT come from
 * `<windows.h>` on Windows and are 32-bit integers elsewhere; define MAPISPOOL_NO_TYPES to bring your own.
 * LPMAPISUP points to mapispi.h's IMAPISupport; include that header to call its methods.
 * Programs that link the static library on Windows define MAPISPOOL_STATIC. In C++ write
 * `::StoreLogoffTransports(…)` inside a class that has a method of this name.
 */

#include <stddef.h>

#if defined(_WIN32)
#  include <windows.h>
#endif

/** The calling convention of functions and callbacks. */
#if defined(_WIN32)
#  define MAPISPOOL_CALL __cdecl
#else
#  define MAPISPOOL_CALL
#endif

/* MAPI's types. They are declared at the end of this file, which includes itself for that: there it can call
 * itself a system header, and only so does C99 accept that other headers declare them too. */
#define MAPISPOOL_TYPES
#include "mapispool.h"
#undef MAPISPOOL_TYPES

/** Stands before each function. */
#if defined(_WIN32) && !defined(MAPISPOOL_STATIC)
#  define MAPISPOOL_API __declspec(dllimport)
#else
#  define MAPISPOOL_API
#endif

/** The first number of the header's version. */
#define MAPISPOOL_VERSION_MAJOR 0
/** The second number of the header's version. */
#define MAPISPOOL_VERSION_MINOR 1
/** The third number of the header's version. */
#define MAPISPOOL_VERSION_PATCH 0
/** The header's version, major << 16 | minor << 8 | patch; compare with #MapiSpoolerVersion. */
#define MAPISPOOL_VERSION 0x000100u

#ifdef __cplusplus
extern "C" {
#endif

/** ULONG has 32 bits here as in MAPI, whoever declared it. */
enum { MAPISPOOL_ULONG_BITS = 32 / (sizeof(ULONG) == 4) };

/* -------------------------------------------------------------------------------------------------- */
/**
 * @defgroup mapispool_spooler The spooler
 * Opened first, closed last.
 * @{
 */

typedef struct MAPISPOOLER MAPISPOOLER;
/** Handle of a spooler; see #MapiSpoolerOpen. A number that is checked at each use, not an address. */
typedef MAPISPOOLER *HMAPISPOOLER;

/** For every wait: no limit. */
#define MAPISPOOL_INFINITE ((ULONG) 0xFFFFFFFF)

/**
 * MAPISPOOLOPTIONS::ulFlags: no other process is looked at, and no presence directory is needed. Other
 * spoolers of this process are still seen, if they have the flag too.
 */
#define MAPISPOOL_LOCAL ((ULONG) 0x00000001)
/**
 * MAPISPOOLOPTIONS::ulFlags: manual mode. No thread and no clock: all work is done on the calling thread
 * inside #MapiSpoolerRun and inside calls that wait.
 */
#define MAPISPOOL_MANUAL ((ULONG) 0x00000002)

/** Log level: a call failed or a callback broke its contract. */
#define MAPISPOOL_LOG_ERROR ((ULONG) 0x00000001)
/** Log level: something went wrong that the spooler lives with, such as a transport's error. */
#define MAPISPOOL_LOG_WARNING ((ULONG) 0x00000002)
/** Log level: the story of each logoff, store and transport. */
#define MAPISPOOL_LOG_INFO ((ULONG) 0x00000003)
/** Log level: each message's way. */
#define MAPISPOOL_LOG_DEBUG ((ULONG) 0x00000004)

/**
 * How a spooler is to be. Fill with zeros, set cbSize and lpszProfileName, and whatever else is wanted:
 * `MAPISPOOLOPTIONS options = {}; options.cbSize = sizeof options;`
 */
typedef struct MAPISPOOLOPTIONS {
    /** Size of this struct in bytes as the caller knows it. */
    ULONG cbSize;
    /** MAPISPOOL_LOCAL, MAPISPOOL_MANUAL, both or 0. */
    ULONG ulFlags;
    /**
     * The profile's name, UTF-8, not empty, at most 65,535 bytes. Opens of a store count as opens of the
     * same store only under the same profile name. Copied. Required.
     */
    const char *lpszProfileName;
    /**
     * How long a LOGOFF_ABORT waits for what is in process to stop, in milliseconds: 1 to 0xFFFFFFFE;
     * 0 is the default, 15,000; MAPISPOOL_INFINITE is no limit.
     */
    ULONG ulAbortLimit;
    /** How long a LOGOFF_PURGE waits, in milliseconds: 1 to 0xFFFFFFFE; 0 is the default, no limit. */
    ULONG ulPurgeLimit;
    /**
     * How long a message waits that is to be offered again later, in milliseconds: 1 to 0xFFFFFFFE;
     * 0 is the default, 5,000. It doubles with each error in a row, up to 64 times.
     */
    ULONG ulRetryPause;
    /**
     * How long until a message that transports declined with MAPI_E_NOT_ME is offered to them again, in
     * milliseconds: 1 to 0xFFFFFFFE; 0 is the default, 300,000 (five minutes).
     */
    ULONG ulDeclinedPause;
    /**
     * Directory in which processes see each other's opens, UTF-8, absolute; made if missing. Copied. NULL:
     * `mapispool` in the user's runtime directory; on Windows in `%LOCALAPPDATA%`, where each user has one in all
     * sessions. It must belong to this user and be closed to others; on Windows that is for the caller to see to.
     */
    const char *lpszPresenceDirectory;
    /** Given to the functions below. From the S_OK of #MapiSpoolerOpen to its Destroy. */
    void *lpvContext;
    /**
     * Log callback, or NULL. Called on any thread, one call at a time, outside every lock of the library;
     * lpszText is UTF-8, one line, valid during the call. What calls inside it do there and then is not logged.
     */
    void (MAPISPOOL_CALL *lpfnLog)(void *lpvContext, ULONG ulLevel, const char *lpszText);
    /**
     * Called as the first thing on each thread that the spooler starts, or NULL: the place for
     * MAPIInitialize, CoInitializeEx or a virtual machine's attach.
     */
    void (MAPISPOOL_CALL *lpfnThreadStart)(void *lpvContext);
    /** Called as the last thing on each such thread, or NULL. */
    void (MAPISPOOL_CALL *lpfnThreadEnd)(void *lpvContext);
    /**
     * Finalizer of lpvContext, or NULL. Called once, inside the #MapiSpoolerClose that succeeds, as the
     * last call with this context.
     */
    void (MAPISPOOL_CALL *lpfnDestroy)(void *lpvContext);
    /**
     * MAPIAllocateBuffer, or NULL: what IMAPISupport::GetLastError allocates its answer with where
     * #MapiStoreGetSupport is given no support object of a host. In MAPI's calling convention. Called on
     * the caller's thread, until the last store logon is over.
     */
    LPALLOCATEBUFFER lpfnAllocateBuffer;
} MAPISPOOLOPTIONS;

/**
 * Opens a spooler: what moves messages between the stores and transports of one MAPI session.
 *
 * Starts no thread. Close it with #MapiSpoolerClose, always: mail that is still on its way is sent only
 * while the process lives.
 *
 * @param[in]  lpOptions   How it is to be; see #MAPISPOOLOPTIONS. Copied. With S_OK the spooler owns
 *                         lpvContext until lpfnDestroy has run; a call that fails leaves it to the caller.
 * @param[out] lphSpooler  The spooler's handle.
 * @retval S_OK                        Open.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, an empty profile name, a name of over 65,535 bytes.
 * @retval MAPI_E_BAD_CHARWIDTH        A string is not UTF-8.
 * @retval MAPI_E_UNKNOWN_FLAGS        A bit of ulFlags that is not known.
 * @retval MAPI_E_VERSION              cbSize is too small, or larger than known with something set behind.
 * @retval MAPI_E_NO_ACCESS            The presence directory cannot be made or trusted; MAPISPOOL_LOCAL does
 *                                     without one.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES No file descriptor or handle is left.
 * @par Threads
 * Any; not inside a lock that the log callback takes.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiSpoolerOpen(
    const MAPISPOOLOPTIONS *lpOptions,
    HMAPISPOOLER *lphSpooler);

/**
 * Manual mode: does all work that is due, on the calling thread, and moves the spooler's time.
 *
 * @param[in] hSpooler        A spooler opened with MAPISPOOL_MANUAL.
 * @param[in] ulMilliseconds  How far the spooler's own time moves; what comes due on the way is done then.
 *                            0: only what is due now.
 * @retval S_OK                      Done.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle.
 * @retval MAPI_E_NO_SUPPORT         The spooler has threads.
 * @retval MAPI_E_BUSY               Called inside a callback of this spooler.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, but not inside a callback.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiSpoolerRun(HMAPISPOOLER hSpooler, ULONG ulMilliseconds);

/**
 * Closes the spooler: logs off the stores that are still open, finishes what goes on in the background,
 * logs off the transports, joins every thread.
 *
 * Stores still open are logged off as with LOGOFF_ORDERLY, or with LOGOFF_ABORT if ulFlags says so; their
 * handles stay until released and answer MAPI_E_INVALID_OBJECT. Logoffs in the background go on, those
 * of LOGOFF_NO_WAIT too (with LOGOFF_ABORT they are stopped). With S_OK the spooler and its transports are
 * gone, and their handles with them. Only a callback that does not return and a transfer that is not
 * ended can hold it up.
 *
 * @param[in] hSpooler   The spooler.
 * @param[in] ulFlags    0 or LOGOFF_ABORT.
 * @param[in] ulTimeout  How long to wait, in milliseconds; 0 does not wait, MAPISPOOL_INFINITE is no limit.
 * @retval S_OK                      Closed.
 * @retval MAPI_E_TIMEOUT            Not yet: it stays closing, nothing is freed. Call again.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle.
 * @retval MAPI_E_UNKNOWN_FLAGS      A bit other than LOGOFF_ABORT.
 * @retval MAPI_E_BUSY               Called inside a callback of this spooler.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, but not inside a callback. Several may call it: a second one waits with the first.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiSpoolerClose(
    HMAPISPOOLER hSpooler,
    ULONG ulFlags,
    ULONG ulTimeout);

/** @} */

/* -------------------------------------------------------------------------------------------------- */
/**
 * @defgroup mapispool_store The store
 * For the store provider: opening a store, its queue, its status.
 * @{
 */

typedef struct MAPISTORE MAPISTORE;
/** Handle of a store logon; see #MapiSpoolerOpenStore. A number that is checked at each use, not an address. */
typedef MAPISTORE *HMAPISTORE;

/** #MapiSpoolerOpenStore: this store holds the default Inbox of the profile. */
#define MAPISPOOL_DEFAULT_INBOX ((ULONG) 0x00000001)

/** mapidefs.h: SetLockState takes the message for the spooler. */
#define MSG_LOCKED ((ULONG) 0x00000001)
/** mapidefs.h: SetLockState gives the message back. */
#define MSG_UNLOCKED ((ULONG) 0x00000000)

/**
 * The callbacks of a store: the spooler's own IMsgStore object of it (IMSProvider::SpoolerLogon), not the
 * client's. Each may be NULL. SetLockState and FinishedMsg of one store never overlap, and Released comes when
 * neither runs with its context. No lock of the library is held in any callback. None may unwind (throw)
 * into the library.
 */
typedef struct MAPISTOREOPS {
    /** Size of this struct in bytes as the caller knows it. */
    ULONG cbSize;
    /**
     * Locks a message before it is sent, or unlocks it when it goes back to the queue
     * (IMsgStore::SetLockState): ulLockState is MSG_LOCKED or MSG_UNLOCKED. Must fail with
     * MAPI_E_NOT_FOUND for a message that is no longer submitted (it leaves the queue), and with another
     * error where somebody else has it (it is tried again later). Not called for a message that was sent.
     */
    HRESULT (MAPISPOOL_CALL *SetLockState)(
        void *lpvContext,
        ULONG cbEntryID,
        const void *lpEntryID,
        ULONG ulLockState);
    /**
     * The message has been sent (IMsgStore::FinishedMsg): take it out of the Outbox and drop its lock.
     * Once for each message. ulFlags is 0. An error is logged; the message is not sent again.
     */
    HRESULT (MAPISPOOL_CALL *FinishedMsg)(
        void *lpvContext,
        ULONG ulFlags,
        ULONG cbEntryID,
        const void *lpEntryID);
    /**
     * The spooler has given up this store logon: the last call with this context, exactly once for each
     * open that succeeded, and the place to free it. ulFlags: LOGOFF_COMPLETE and the status flags as
     * they then were. Runs on a thread of the spooler, or inside the call that releases.
     */
    void (MAPISPOOL_CALL *Released)(void *lpvContext, ULONG ulFlags);
} MAPISTOREOPS;

/**
 * Opens a store in the spooler: a store logon.
 *
 * The logon's callbacks serve the store while it is the oldest one; then the next one's take over. Opening
 * a store whose last logon is still logging off (in the background, or waiting in ABORT or PURGE) is
 * allowed: that logoff then counts as ignored. The library keeps no mail: whoever opens a store submits
 * again what its Outbox holds.
 *
 * @param[in]  hSpooler    The spooler.
 * @param[in]  cbEntryID   Length of lpEntryID in bytes, 1 to 65,535.
 * @param[in]  lpEntryID   The store's entry identifier, compared byte by byte. Copied.
 * @param[in]  ulFlags     MAPISPOOL_DEFAULT_INBOX or 0. The flag stays with the store until it is released.
 * @param[in]  lpOps       Its callbacks; see #MAPISTOREOPS. NULL: none. Copied.
 * @param[in]  lpvContext  Given to each callback. With S_OK the spooler owns it until Released has run; a
 *                         call that fails leaves it to the caller.
 * @param[out] lphStore    The store logon's handle with one reference, for #MapiStoreRelease.
 * @retval S_OK                        Open.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
 * @retval MAPI_E_INVALID_ENTRYID      cbEntryID is 0 or over 65,535.
 * @retval MAPI_E_UNKNOWN_FLAGS        A bit of ulFlags that is not known.
 * @retval MAPI_E_VERSION              cbSize is too small, or larger than known with something set behind.
 * @retval MAPI_E_COLLISION            Another store is the default Inbox.
 * @retval MAPI_E_NO_ACCESS            The presence files cannot be opened or trusted.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES No file descriptor, thread or handle is left.
 * @retval MAPI_E_END_OF_SESSION       The spooler is closing.
 * @retval MAPI_E_INVALID_OBJECT       The handle was inherited through fork.
 * @par Threads
 * Any.
 * @par Mirrors
 * IMSProvider::Logon and IMSProvider::SpoolerLogon.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiSpoolerOpenStore(
    HMAPISPOOLER hSpooler,
    ULONG cbEntryID,
    const void *lpEntryID,
    ULONG ulFlags,
    const MAPISTOREOPS *lpOps,
    void *lpvContext,
    HMAPISTORE *lphStore);

/**
 * Puts a message into the store's outbound queue.
 *
 * Messages of one store start in the order in which they were submitted. The library keeps the identifier,
 * not the mail.
 *
 * @param[in] hStore     The store logon.
 * @param[in] cbEntryID  Length of lpEntryID in bytes, 1 to 65,535.
 * @param[in] lpEntryID  The message's entry identifier. Copied.
 * @retval S_OK                        Queued.
 * @retval MAPI_E_SUBMITTED            It is queued or in process already.
 * @retval MAPI_E_BUSY                 A purge of the store runs.
 * @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
 * @retval MAPI_E_INVALID_ENTRYID      cbEntryID is 0 or over 65,535.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES A thread cannot be started; nothing was queued.
 * @retval MAPI_E_END_OF_SESSION       The spooler is closing.
 * @par Threads
 * Any, also inside callbacks.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreSubmitMessage(
    HMAPISTORE hStore,
    ULONG cbEntryID,
    const void *lpEntryID);

/**
 * Takes a message out of the store's outbound queue (IMsgStore::AbortSubmit).
 *
 * A transport that keeps it deferred is told NOTIFY_ABORT_DEFERRED | NOTIFY_CANCEL_MESSAGE.
 *
 * @param[in] hStore     A logon of the store, not necessarily the one that submitted.
 * @param[in] cbEntryID  Length of lpEntryID in bytes, 1 to 65,535.
 * @param[in] lpEntryID  The message's entry identifier.
 * @retval S_OK                      Out of the queue; it will not be sent.
 * @retval MAPI_E_NOT_IN_QUEUE       It is not queued: never submitted, sent, or aborted before.
 * @retval MAPI_E_UNABLE_TO_ABORT    It is in process.
 * @retval MAPI_E_INVALID_OBJECT     The store logon is over; the handle was inherited through fork.
 * @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle.
 * @retval MAPI_E_INVALID_ENTRYID    cbEntryID is 0 or over 65,535.
 * @par Threads
 * Any, also inside callbacks.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreAbortSubmit(
    HMAPISTORE hStore,
    ULONG cbEntryID,
    const void *lpEntryID);

/** What a store is doing; see #MapiStoreGetStatus. */
typedef struct MAPISPOOLSTATUS {
    /** Size of this struct in bytes as the caller knows it. Set before the call. */
    ULONG cbSize;
    /**
     * LOGOFF_INBOUND, LOGOFF_OUTBOUND, LOGOFF_OUTBOUND_QUEUE as they apply, and LOGOFF_COMPLETE when this
     * store logon is over.
     */
    ULONG ulFlags;
    /** Messages queued that some transport may take now. */
    ULONG cReady;
    /** Messages queued that wait: for a time, a lock, a transport, or as deferred. */
    ULONG cWaiting;
    /** Messages being sent, each until its FinishedMsg has returned. */
    ULONG cOutbound;
    /** Messages being received. */
    ULONG cInbound;
    /** Messages sent since the store was opened in this spooler. */
    ULONG cFinished;
} MAPISPOOLSTATUS;

/**
 * What the store is doing: flags and counts, at any time until the logon's handle is released.
 *
 * After the release of the store it keeps the last counts.
 *
 * @param[in]     hStore    The store logon.
 * @param[in,out] lpStatus  Set cbSize; the rest is written.
 * @retval S_OK                      Written.
 * @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle.
 * @retval MAPI_E_VERSION            cbSize is too small, or larger than known with something set behind.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, also inside callbacks, and while another thread's logoff waits.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreGetStatus(
    HMAPISTORE hStore,
    MAPISPOOLSTATUS *lpStatus);

/**
 * Adds a reference to a store logon's handle.
 *
 * @param[in] hStore  The store logon.
 * @retval S_OK                      Added; wants one more #MapiStoreRelease.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES There are 4,294,967,295 references.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, also inside callbacks.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreAddRef(HMAPISTORE hStore);

/**
 * Gives up a reference to a store logon's handle; the last one is the final release.
 *
 * The final release of a store logon that has not been logged off performs the instruction that
 * #MapiStoreLogoff saved, LOGOFF_ABORT if none was saved. It always succeeds. It waits at most once and
 * never longer than the limits, and goes on in the background with what is left: LOGOFF_QUIET on a busy
 * store as LOGOFF_ORDERLY; LOGOFF_PURGE, after the purge limit (60 s where there is none), as
 * LOGOFF_NO_WAIT; LOGOFF_ABORT that does not stop in time, or failed before on this logon, as
 * LOGOFF_ORDERLY. Inside a callback it does not wait at all. If another thread waits in a logoff of this
 * logon, it returns at once and that logoff cannot fail any more.
 *
 * @param[in] hStore  The store logon. With the last reference the handle is over.
 * @retval S_OK                      Released.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, also inside callbacks.
 * @par Mirrors
 * IUnknown::Release of a message store.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreRelease(HMAPISTORE hStore);

/** @} */

/* -------------------------------------------------------------------------------------------------- */
/**
 * @defgroup mapispool_logoff The logoff
 * Letting a store go.
 * @{
 */

/** mapidefs.h: send what is ready in the background, then release the store. */
#define LOGOFF_NO_WAIT ((ULONG) 0x00000001)
/** mapidefs.h: let what is in process finish in the background, then release. */
#define LOGOFF_ORDERLY ((ULONG) 0x00000002)
/** mapidefs.h: give every queued message one attempt, wait for it, then release. */
#define LOGOFF_PURGE ((ULONG) 0x00000004)
/** mapidefs.h: stop what is in process, wait until it has stopped, then release. */
#define LOGOFF_ABORT ((ULONG) 0x00000008)
/** mapidefs.h: release only a store at rest with an empty queue. */
#define LOGOFF_QUIET ((ULONG) 0x00000010)

/** mapidefs.h, output: the logoff has been or will be performed. */
#define LOGOFF_COMPLETE ((ULONG) 0x00010000)
/** mapidefs.h, output: a message is being received into the store. */
#define LOGOFF_INBOUND ((ULONG) 0x00020000)
/** mapidefs.h, output: a message is being sent from the store. */
#define LOGOFF_OUTBOUND ((ULONG) 0x00040000)
/** mapidefs.h, output: the store's outbound queue is not empty. */
#define LOGOFF_OUTBOUND_QUEUE ((ULONG) 0x00080000)

/**
 * Logs the store off: IMAPISupport::StoreLogoffTransports, the call this library exists for.
 *
 * On input `*lpulFlags` holds exactly one instruction; output flags that stand in the word are ignored. On
 * output it holds LOGOFF_COMPLETE and the status flags LOGOFF_INBOUND, LOGOFF_OUTBOUND,
 * LOGOFF_OUTBOUND_QUEUE as they apply, and no instruction: set it anew for the next call.
 *
 * **The one rule for callers.** S_OK with LOGOFF_COMPLETE: the store logon is over; it only answers
 * #MapiStoreGetStatus, #MapiStoreWait and #MapiStoreCancelLogoff, and wants its release. S_OK without
 * LOGOFF_COMPLETE: the store is logged on and works as before; the other flags say what is going on. An
 * error: nothing has changed and `*lpulFlags` was not written.
 *
 * | in             | at rest, queue empty | at rest, messages queued | in process |
 * | -------------- | -------------------- | ------------------------ | ---------- |
 * | LOGOFF_QUIET   | released, COMPLETE | no logoff: QUEUE | no logoff: status |
 * | LOGOFF_ABORT   | released, COMPLETE | released, COMPLETE + QUEUE; the messages stay in the Outbox | what is in process is cancelled and waited for, then as at rest; not stopped within the abort limit: no logoff |
 * | LOGOFF_ORDERLY | released, COMPLETE | released, COMPLETE + QUEUE; the messages stay | COMPLETE + status at once; what is in process finishes in the background |
 * | LOGOFF_NO_WAIT | released, COMPLETE | COMPLETE + QUEUE at once; what is ready is sent in the background | COMPLETE + status at once; likewise |
 * | LOGOFF_PURGE   | flushed, released, COMPLETE | transports are flushed, every message gets one attempt, all waited for, then COMPLETE (+ QUEUE for what could not go) | the same |
 *
 * LOGOFF_PURGE and LOGOFF_NO_WAIT count on a self-driven transport that asks for messages: a
 * #MapiTransportTakeMessage of it waits, or has come since the call. Any other has the retry pause
 * (ulRetryPause) to begin asking; then messages that nobody else may take stay in the Outbox.
 * #MapiTransportBeginOutbound does not ask.
 *
 * If the store is open elsewhere (another logon of this spooler, another spooler, another process, same
 * profile), the call is ignored as far as transports go: COMPLETE and the status flags at once, whatever
 * the instruction. COMPLETE with LOGOFF_OUTBOUND or LOGOFF_OUTBOUND_QUEUE means: wait (#MapiStoreWait,
 * #MapiSpoolerClose) before you exit; mail that is not sent then stays in the Outbox.
 *
 * @param[in]     hStore     The store logon.
 * @param[in,out] lpulFlags  The instruction in, the flags out. Written only with S_OK.
 * @retval S_OK                        See the rule above.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle; no instruction, or more than one.
 * @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
 * @retval MAPI_E_UNKNOWN_FLAGS        A bit that is neither an instruction nor an output flag.
 * @retval MAPI_E_BUSY                 Another thread's logoff of this store is waiting; or LOGOFF_PURGE or
 *                                     LOGOFF_ABORT inside a callback of this spooler, or on the thread that
 *                                     took or began a transfer of the store that has not ended; or
 *                                     LOGOFF_PURGE on one that began to send by a transport that is to be
 *                                     flushed.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES A thread that is needed cannot be started; nothing has changed.
 * @par Threads
 * Any. LOGOFF_PURGE and LOGOFF_ABORT wait, and do not pump messages.
 * @par Mirrors
 * IMAPISupport::StoreLogoffTransports (mapispi.h); LOGOFF_* are mapidefs.h's.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL StoreLogoffTransports(HMAPISTORE hStore, ULONG *lpulFlags);

/**
 * Waits until the store logon has been logged off and its Released has returned.
 *
 * @param[in] hStore     The store logon.
 * @param[in] ulTimeout  How long to wait, in milliseconds; 0 only asks, MAPISPOOL_INFINITE is no limit.
 * @retval S_OK                      Released.
 * @retval MAPI_E_TIMEOUT            Not yet. In manual mode also: nothing can move any more.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle.
 * @retval MAPI_E_BUSY               Called inside a callback of this spooler with a ulTimeout other than 0.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any. Inside callbacks only with ulTimeout 0.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreWait(HMAPISTORE hStore, ULONG ulTimeout);

/**
 * Ends a logoff of this store logon before its time, from another thread.
 *
 * A LOGOFF_PURGE or LOGOFF_ABORT that waits returns S_OK without LOGOFF_COMPLETE, the store as before. A
 * logoff in the background turns into an ABORT: what is in process is cancelled, nothing else is sent. With
 * no logoff under way nothing happens.
 *
 * @param[in] hStore  The store logon.
 * @retval S_OK                      Done.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, also inside callbacks.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreCancelLogoff(HMAPISTORE hStore);

/**
 * For IMsgStore::StoreLogoff of a provider that logs off in its final release: saves the instruction.
 *
 * A later call overwrites it. The word keeps the instruction and gets the status flags. The final
 * #MapiStoreRelease performs it. A null pointer, or a word without an instruction, saves nothing and is
 * S_OK: clients really pass these.
 *
 * @param[in]     hStore     The store logon.
 * @param[in,out] lpulFlags  The instruction in; the instruction and status flags out. May be NULL.
 * @retval S_OK                      Saved, or nothing to save.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle; more than one instruction.
 * @retval MAPI_E_INVALID_OBJECT     The store logon is over; the handle was inherited through fork.
 * @retval MAPI_E_UNKNOWN_FLAGS      A bit that is neither an instruction nor an output flag.
 * @par Threads
 * Any, also inside callbacks.
 * @par Mirrors
 * IMsgStore::StoreLogoff.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreLogoff(HMAPISTORE hStore, ULONG *lpulFlags);

/**
 * Logs off every store of the spooler with one instruction and one deadline.
 *
 * Each store is logged off as by #StoreLogoffTransports, the deadline standing in for the abort and purge
 * limits; a store that is busy with another logoff is waited for; of several logons of a store all end.
 * What did not complete stays logged on and works as before.
 *
 * @param[in]  hSpooler       The spooler.
 * @param[in]  ulFlags        Exactly one of LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT,
 *                            LOGOFF_QUIET; the output flags are ignored.
 * @param[in]  ulTimeout      The deadline in milliseconds from now; 0 does not wait, MAPISPOOL_INFINITE is
 *                            no limit.
 * @param[out] lpcIncomplete  How many stores were not logged off.
 * @retval S_OK                      Done; *lpcIncomplete says how far.
 * @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle, no instruction or more than one.
 * @retval MAPI_E_UNKNOWN_FLAGS      A bit that is neither an instruction nor an output flag.
 * @retval MAPI_E_BUSY               LOGOFF_PURGE or LOGOFF_ABORT inside a callback of this spooler.
 * @retval MAPI_E_END_OF_SESSION     The spooler is closing.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES A thread that LOGOFF_PURGE needs cannot be started; nothing has changed.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any; inside a callback not with LOGOFF_PURGE or LOGOFF_ABORT.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiSpoolerLogoffStores(
    HMAPISPOOLER hSpooler,
    ULONG ulFlags,
    ULONG ulTimeout,
    ULONG *lpcIncomplete);

/** @} */

/* -------------------------------------------------------------------------------------------------- */
/**
 * @defgroup mapispool_support The support object
 * For store providers that know mapispi.h, and nothing of this library.
 * @{
 */

/** mapispi.h, to the spooler, from a store with a transport of its own: a message has come in. */
#define NOTIFY_NEWMAIL_RECEIVED ((ULONG) 0x20000000)

/**
 * The store logon as the IMAPISupport of mapispi.h: what a store provider that knows nothing of this library
 * gets in IMSProvider::Logon, and calls StoreLogoffTransports on.
 *
 * The object holds a reference to the store logon. Its final release is a #MapiStoreRelease: if it is the
 * last one of the logon, what that one says. Its methods:
 *
 * | method | what it does |
 * | ------ | ------------ |
 * | QueryInterface | IID_IUnknown and IID_IMAPISup; any other: MAPI_E_INTERFACE_NOT_SUPPORTED |
 * | AddRef, Release | COM's, with the number of references that there are then; 0 on an object that has none |
 * | StoreLogoffTransports | #StoreLogoffTransports, with the same results |
 * | SpoolerNotify | NOTIFY_READYTOSEND: messages that could not be locked are tried again now; NOTIFY_NEWMAIL_RECEIVED: nothing. lpvData is not looked at. Any other bit: MAPI_E_UNKNOWN_FLAGS; none: MAPI_E_INVALID_PARAMETER |
 * | GetLastError | why the object's last call failed, if hResult is what it returned and it was not the host's: a MAPIERROR from the host's MAPIAllocateBuffer, else from lpfnAllocateBuffer of the options, without either MAPI_E_NO_SUPPORT. MAPI_UNICODE: in UTF-16, else in ASCII; any other bit: MAPI_E_UNKNOWN_FLAGS. Any other hResult: the host's answer; without a host S_OK and a null pointer. No memory: MAPI_E_NOT_ENOUGH_MEMORY. The caller frees it with MAPIFreeBuffer, in one piece |
 * | all others | the host's: forwarded to lpInnerMAPISup with all arguments as they are; without one MAPI_E_NO_SUPPORT, and no result is written |
 *
 * When the store logon is over, QueryInterface, StoreLogoffTransports, SpoolerNotify and GetLastError answer
 * MAPI_E_INVALID_OBJECT; AddRef, Release and the host's methods go on. The pointer stays valid until it is
 * released, also after #MapiSpoolerClose. A method that is called on an object without references answers
 * MAPI_E_INVALID_OBJECT, as long as its memory can be told: until at least 256 other objects have been
 * released. Each call of MapiStoreGetSupport makes an object of its own, with a host's object of its own.
 *
 * @param[in]  hStore          The store logon.
 * @param[in]  lpInnerMAPISup  The support object that the host itself would give to the provider, for the
 *                             methods that are the host's; NULL: none. It gets a reference, which is given
 *                             back when the object is released and no call is inside any more.
 * @param[out] lppMAPISup      The object, with one reference. Wants a Release.
 * @retval S_OK                        Written.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
 * @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES Too many references to the store logon.
 * @par Threads
 * Any, also inside callbacks; likewise the object's methods. Those of lpInnerMAPISup are called on the
 * thread that calls the object's, so that a host's rule for its threads is its provider's. LOGOFF_PURGE,
 * LOGOFF_ABORT and the final release wait, as the functions do.
 * @par Mirrors
 * The support object of IMSProvider::Logon (mapispi.h).
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiStoreGetSupport(
    HMAPISTORE hStore,
    LPMAPISUP lpInnerMAPISup,
    LPMAPISUP *lppMAPISup);

/** @} */

/* -------------------------------------------------------------------------------------------------- */
/**
 * @defgroup mapispool_transport The transport
 * For the transport provider: what it is called with, and what it calls.
 * @{
 */

typedef struct MAPITRANSPORT MAPITRANSPORT;
/** Handle of a transport; see #MapiSpoolerAddTransport. A number that is checked at each use, not an address. */
typedef MAPITRANSPORT *HMAPITRANSPORT;

typedef struct MAPITRANSFER MAPITRANSFER;
/**
 * Handle of a transfer: one message being sent or received right now. A number that is checked at each
 * use, not an address. It is over when the transfer has ended.
 */
typedef MAPITRANSFER *HMAPITRANSFER;

/** mapispi.h: the message was deferred before and is offered again. */
#define BEGIN_DEFERRED ((ULONG) 0x00000001)

/**
 * A message as a transport sees it. Valid until EndMessage has returned, the transfer has been ended, or
 * the TransportNotify it was given to has returned.
 */
typedef struct MAPISPOOLMESSAGE {
    /** Size of this struct in bytes as the library knows it. */
    ULONG cbSize;
    /** BEGIN_DEFERRED: this transport deferred the message before and gets it again. Else 0. */
    ULONG ulFlags;
    /** Length of lpEntryID in bytes; 0 for a message that is being received. */
    ULONG cbEntryID;
    /** The message's entry identifier as it was submitted; NULL for a message that is being received. */
    const void *lpEntryID;
    /** Length of lpStoreEntryID in bytes. */
    ULONG cbStoreEntryID;
    /** Entry identifier of the message's store. A message's identifier alone is not unique among stores. */
    const void *lpStoreEntryID;
    /**
     * The context of the store's logon (its oldest one when the message was handed out). Its Released
     * does not run while this message is valid. NULL in a NOTIFY_ABORT_DEFERRED that comes after the store
     * has been released: to a transport that recovers from a critical error.
     */
    void *lpvStoreContext;
    /** The transfer, for #MapiTransferSpoolerYield; NULL in NOTIFY_ABORT_DEFERRED. */
    HMAPITRANSFER hTransfer;
} MAPISPOOLMESSAGE;

/** mapispi.h: offer the message again at once. */
#define END_RESEND_NOW ((ULONG) 0x00010000)
/** mapispi.h: offer the message again after the retry pause. */
#define END_RESEND_LATER ((ULONG) 0x00020000)
/** mapispi.h: the transport keeps the message deferred and says NOTIFY_SENTDEFERRED. */
#define END_DONT_RESEND ((ULONG) 0x00040000)

/** mapispi.h, to a transport: the default Inbox receives. */
#define NOTIFY_BEGIN_INBOUND ((ULONG) 0x00000001)
/** mapispi.h, to a transport: the default Inbox receives no more. */
#define NOTIFY_END_INBOUND ((ULONG) 0x00010000)
/** mapispi.h, to a transport: some store sends. */
#define NOTIFY_BEGIN_OUTBOUND ((ULONG) 0x00000002)
/** mapispi.h, to a transport: no store sends any more. */
#define NOTIFY_END_OUTBOUND ((ULONG) 0x00020000)
/** mapispi.h, to a transport: a purge begins. */
#define NOTIFY_BEGIN_OUTBOUND_FLUSH ((ULONG) 0x00000008)
/** mapispi.h, to a transport: the last purge has ended. */
#define NOTIFY_END_OUTBOUND_FLUSH ((ULONG) 0x00080000)
/** mapispi.h, to a transport: a deferred message is asked back. */
#define NOTIFY_ABORT_DEFERRED ((ULONG) 0x40000000)
/** mapispi.h, to a transport: stop the transfer of this message. */
#define NOTIFY_CANCEL_MESSAGE ((ULONG) 0x80000000)

/** mapidefs.h: FlushQueues is asked to send. */
#define FLUSH_UPLOAD ((ULONG) 0x00000002)

/**
 * The callbacks of a transport: its IXPLogon. Each may be NULL; without SubmitMessage the transport is
 * self-driven: it asks for messages with #MapiTransportTakeMessage or begins its own.
 *
 * A driven transport is called by one thread of its own, TransportNotify excepted. No lock of the library
 * is held in any callback. None may unwind (throw) into the library.
 */
typedef struct MAPITRANSPORTOPS {
    /** Size of this struct in bytes as the caller knows it. */
    ULONG cbSize;
    /**
     * Sends a message (IXPLogon::SubmitMessage). Returns S_OK: EndMessage decides;
     * MAPI_W_PARTIAL_COMPLETION: its recipients are done, others are left; MAPI_E_NOT_ME: not for this
     * transport; MAPI_E_BUSY: not now, ask again shortly; MAPI_E_WAIT or MAPI_E_NETWORK_ERROR: not before
     * *lpulRetrySeconds seconds; MAPI_E_CANCEL: after BEGIN_DEFERRED, keep it deferred; anything else,
     * MAPI_W_CANCEL_MESSAGE too: later, after a growing pause. A permanent failure is reported by the
     * transport's own means (a report message), and then S_OK. *lpulRetrySeconds is 0 on entry.
     */
    HRESULT (MAPISPOOL_CALL *SubmitMessage)(
        void *lpvContext,
        const MAPISPOOLMESSAGE *lpMessage,
        ULONG *lpulRetrySeconds);
    /**
     * Follows each SubmitMessage that returned S_OK or another success (IXPLogon::EndMessage).
     * *lpulEndFlags is 0 on entry: the message has been sent, after S_OK. Or one of END_RESEND_NOW,
     * END_RESEND_LATER, END_DONT_RESEND. NULL: sent. An error keeps the message in the queue.
     */
    HRESULT (MAPISPOOL_CALL *EndMessage)(
        void *lpvContext,
        const MAPISPOOLMESSAGE *lpMessage,
        ULONG *lpulEndFlags);
    /**
     * Tells the transport something (IXPLogon::TransportNotify): one of the NOTIFY_* flags, or
     * NOTIFY_ABORT_DEFERRED with NOTIFY_CANCEL_MESSAGE for a deferred message whose submission is
     * aborted. lpMessage is NULL but for NOTIFY_CANCEL_MESSAGE and NOTIFY_ABORT_DEFERRED. Comes from the
     * spooler's control thread, also while SubmitMessage runs. The result is logged and changes nothing.
     */
    HRESULT (MAPISPOOL_CALL *TransportNotify)(
        void *lpvContext,
        ULONG ulFlags,
        const MAPISPOOLMESSAGE *lpMessage);
    /**
     * Sends what the transport holds (IXPLogon::FlushQueues), once for each LOGOFF_PURGE, with
     * FLUSH_UPLOAD. The purge waits for its return. Of a driven transport it comes from the transport's own
     * thread, of a self-driven one from the control thread, where all notifications wait behind it. The
     * result is logged and changes nothing.
     */
    HRESULT (MAPISPOOL_CALL *FlushQueues)(void *lpvContext, ULONG ulFlags);
    /**
     * The last call but Destroy (IXPLogon::TransportLogoff). ulFlags is 0. The place to join threads of
     * the transport's own. The result is logged and changes nothing.
     */
    HRESULT (MAPISPOOL_CALL *TransportLogoff)(void *lpvContext, ULONG ulFlags);
    /** Finalizer of the context: runs exactly once for each transport that was added. */
    void (MAPISPOOL_CALL *Destroy)(void *lpvContext);
} MAPITRANSPORTOPS;

/**
 * Adds a transport at the end of the transport order.
 *
 * @param[in]  hSpooler     The spooler.
 * @param[in]  lpszName     Its name in the log, UTF-8, at most 65,535 bytes. Copied.
 * @param[in]  cbOwnStore   Length of lpOwnStore in bytes, 0 to 65,535.
 * @param[in]  lpOwnStore   Entry identifier of the store that is tightly coupled with this transport: its
 *                          messages are offered to this transport first. NULL with cbOwnStore 0. Copied.
 * @param[in]  lpOps        Its callbacks; see #MAPITRANSPORTOPS. Copied.
 * @param[in]  lpvContext   Given to each callback. With S_OK the spooler owns it until Destroy has run; a
 *                          call that fails leaves it to the caller.
 * @param[out] lphTransport The transport's handle, until #MapiTransportRemove or #MapiSpoolerClose.
 * @retval S_OK                        Added.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
 * @retval MAPI_E_INVALID_ENTRYID      cbOwnStore is over 65,535.
 * @retval MAPI_E_BAD_CHARWIDTH        The name is not UTF-8.
 * @retval MAPI_E_VERSION              cbSize is too small, or larger than known with something set behind.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES The spooler has 64 transports, a thread cannot be started, or no
 *                                     handle is left.
 * @retval MAPI_E_END_OF_SESSION       The spooler is closing.
 * @retval MAPI_E_INVALID_OBJECT       The handle was inherited through fork.
 * @par Threads
 * Any.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiSpoolerAddTransport(
    HMAPISPOOLER hSpooler,
    const char *lpszName,
    ULONG cbOwnStore,
    const void *lpOwnStore,
    const MAPITRANSPORTOPS *lpOps,
    void *lpvContext,
    HMAPITRANSPORT *lphTransport);

/**
 * Removes a transport: cancels what it has in process as LOGOFF_ABORT does, asks back what it deferred,
 * logs it off and runs its Destroy.
 *
 * From the call on no message goes to it. Waits up to the abort limit.
 *
 * @param[in] hTransport  The transport. With S_OK the handle is over.
 * @retval S_OK                      Gone; TransportLogoff and Destroy have returned.
 * @retval MAPI_E_TIMEOUT            Something did not stop in time: the transport stays and works as
 *                                   before. If TransportLogoff was already being called, it goes on; call
 *                                   again to wait for it.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle.
 * @retval MAPI_E_BUSY               Called inside a callback of this spooler, on a thread that began a
 *                                   transfer of this transport, or while it is being removed.
 * @retval MAPI_E_END_OF_SESSION     The spooler is closing, which removes it.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, but not inside a callback.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiTransportRemove(HMAPITRANSPORT hTransport);

/** mapispi.h, to the spooler: the transport can send again; from a store, its messages can be locked again. */
#define NOTIFY_READYTOSEND ((ULONG) 0x00000002)
/** mapispi.h, to the spooler: a deferred message is to be offered again. */
#define NOTIFY_SENTDEFERRED ((ULONG) 0x00000004)
/** mapispi.h, to the spooler: call this transport no more. */
#define NOTIFY_CRITICAL_ERROR ((ULONG) 0x10000000)

/**
 * The transport tells the spooler something.
 *
 * @param[in] hTransport  The transport.
 * @param[in] ulFlags     One or more of NOTIFY_READYTOSEND (ends this transport's waits, pauses and
 *                        MAPI_E_NOT_ME, and a critical error), NOTIFY_SENTDEFERRED (a message it deferred
 *                        is offered to it again, with BEGIN_DEFERRED), NOTIFY_CRITICAL_ERROR (it is called
 *                        no more until NOTIFY_READYTOSEND, but for TransportLogoff).
 * @param[in] cbEntryID   Length of lpEntryID in bytes; 0 for all messages that it deferred.
 * @param[in] lpEntryID   For NOTIFY_SENTDEFERRED: the message, in whichever store. NULL with cbEntryID 0.
 * @retval S_OK                      Done.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle, no flag, a null pointer with a cbEntryID other than 0,
 *                                   NOTIFY_READYTOSEND together with NOTIFY_CRITICAL_ERROR.
 * @retval MAPI_E_UNKNOWN_FLAGS      Another bit.
 * @retval MAPI_E_INVALID_ENTRYID    cbEntryID is over 65,535.
 * @retval MAPI_E_NOT_FOUND          This transport has not deferred that message.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, also inside callbacks.
 * @par Mirrors
 * IMAPISupport::SpoolerNotify.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiTransportSpoolerNotify(
    HMAPITRANSPORT hTransport,
    ULONG ulFlags,
    ULONG cbEntryID,
    const void *lpEntryID);

/**
 * A self-driven transport asks for its next message, of whatever store.
 *
 * The message is locked (SetLockState) when it is handed out, and in process until #MapiTransferEnd.
 *
 * @param[in]  hTransport  A transport without SubmitMessage.
 * @param[in]  ulTimeout   How long to wait for one, in milliseconds; 0 does not wait, MAPISPOOL_INFINITE is
 *                         no limit. A SetLockState under way is waited for, up to the abort limit.
 * @param[out] lppMessage  The message. Owned by the library, valid until its transfer has been ended.
 * @retval S_OK                      A transfer has begun.
 * @retval MAPI_E_TIMEOUT            None yet.
 * @retval MAPI_E_END_OF_SESSION     None can come any more: the spooler is closing, or the transport is
 *                                   being removed.
 * @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle, a transport with SubmitMessage.
 * @retval MAPI_E_BUSY               The transport reported NOTIFY_CRITICAL_ERROR; or called inside a
 *                                   callback of this spooler with a ulTimeout other than 0.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES No thread can be started, or no handle is left; the message stays.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, several at a time. Inside callbacks only with ulTimeout 0.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiTransportTakeMessage(
    HMAPITRANSPORT hTransport,
    ULONG ulTimeout,
    const MAPISPOOLMESSAGE **lppMessage);

/**
 * A self-driven transport starts to send this message of this store: what a tightly coupled provider does,
 * and what mirrors a queue kept elsewhere.
 *
 * A message that is not queued is queued first, so that a failure keeps it.
 *
 * LOGOFF_PURGE and LOGOFF_NO_WAIT wait for a message that was begun, and for queued ones only as long as
 * somebody asks for messages. Who only begins them does not: after the retry pause the queued ones stay in
 * the Outbox. So let a #MapiTransportTakeMessage wait too; see #StoreLogoffTransports.
 *
 * @param[in]  hTransport   A transport without SubmitMessage.
 * @param[in]  hStore       The store logon.
 * @param[in]  cbEntryID    Length of lpEntryID in bytes, 1 to 65,535.
 * @param[in]  lpEntryID    The message's entry identifier. Copied.
 * @param[out] lphTransfer  The transfer, until #MapiTransferEnd.
 * @retval S_OK                        A transfer has begun.
 * @retval MAPI_E_SUBMITTED            The message is in process already.
 * @retval MAPI_E_BUSY                 The store's gates are shut by a logoff; a purge runs and the message is
 *                                     not queued; the transport reported NOTIFY_CRITICAL_ERROR or is being
 *                                     removed; another transport keeps the message deferred; or its lock
 *                                     could not be had, and it waits in the queue.
 * @retval MAPI_E_NOT_FOUND            SetLockState said so: somebody else finished it.
 * @retval MAPI_E_TIMEOUT              SetLockState did not return within the abort limit; inside a callback: it
 *                                     has to wait for another callback of the store. It is queued.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle, handles of two spoolers, a transport with
 *                                     SubmitMessage.
 * @retval MAPI_E_INVALID_ENTRYID      cbEntryID is 0 or over 65,535.
 * @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
 * @retval MAPI_E_END_OF_SESSION       The spooler is closing.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES No thread can be started, or no handle is left.
 * @par Threads
 * Any.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiTransportBeginOutbound(
    HMAPITRANSPORT hTransport,
    HMAPISTORE hStore,
    ULONG cbEntryID,
    const void *lpEntryID,
    HMAPITRANSFER *lphTransfer);

/**
 * A message starts to come in.
 *
 * @param[in]  hTransport   The transport that receives it, of either kind.
 * @param[in]  hStore       The store it goes to, or NULL for the default Inbox.
 * @param[out] lphTransfer  The transfer, until #MapiTransferEnd.
 * @retval S_OK                        A transfer has begun.
 * @retval MAPI_E_BUSY                 Reception is off: the store's gate is shut by a logoff, there is no
 *                                     default Inbox, or the transport reported NOTIFY_CRITICAL_ERROR or is
 *                                     being removed.
 * @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle, handles of two spoolers.
 * @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
 * @retval MAPI_E_NOT_ENOUGH_RESOURCES No handle is left.
 * @par Threads
 * Any, also inside callbacks.
 * @par Mirrors
 * IXPLogon::StartMessage.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiTransportBeginInbound(
    HMAPITRANSPORT hTransport,
    HMAPISTORE hStore,
    HMAPITRANSFER *lphTransfer);

/**
 * Asks, from time to time during a transfer, whether it is to be stopped.
 *
 * @param[in] hTransfer  The transfer; a driven transport finds it in its message.
 * @retval S_OK                      Go on.
 * @retval MAPI_W_CANCEL_MESSAGE     Stop as soon as possible; end it with MAPI_E_USER_CANCEL, or with what
 *                                   it came to: a message that was sent all the same ends with S_OK.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle; the transfer has ended.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, also inside callbacks.
 * @par Mirrors
 * IMAPISupport::SpoolerYield.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiTransferSpoolerYield(HMAPITRANSFER hTransfer);

/**
 * Ends a transfer that was taken or begun.
 *
 * @param[in] hTransfer       The transfer. With S_OK the handle is over.
 * @param[in] hrResult        How it ended: what SubmitMessage would return (see #MAPITRANSPORTOPS). For a
 *                            message that was received, any value.
 * @param[in] ulEndFlags      With hrResult S_OK of a message that was sent: 0, END_RESEND_NOW,
 *                            END_RESEND_LATER or END_DONT_RESEND. Else 0.
 * @param[in] ulRetrySeconds  With MAPI_E_WAIT and MAPI_E_NETWORK_ERROR: not before this many seconds.
 *                            Else ignored.
 * @retval S_OK                      Ended.
 * @retval MAPI_E_INVALID_PARAMETER  A bad handle; a driven transport's transfer; end flags that do not fit
 *                                   hrResult, or several. The transfer stays.
 * @retval MAPI_E_UNKNOWN_FLAGS      Another bit in ulEndFlags. The transfer stays.
 * @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
 * @par Threads
 * Any, also inside callbacks. If the store is only waiting for this transfer to be released, its Released
 * runs inside this call.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiTransferEnd(
    HMAPITRANSFER hTransfer,
    HRESULT hrResult,
    ULONG ulEndFlags,
    ULONG ulRetrySeconds);

/** @} */

/* -------------------------------------------------------------------------------------------------- */
/**
 * @defgroup mapispool_errors Results, the last error, the version
 * @{
 */

/* A result that another header has not defined, and may still define: Microsoft and others spell their
 * macros differently, so these are none. In C++ an enumerator would not do in `ok ? S_OK : MAPI_E_BUSY`. */
#ifdef __cplusplus
#  define MAPISPOOL_RESULT(name, value) static const HRESULT name = static_cast<HRESULT>(value)
#else
#  define MAPISPOOL_RESULT(name, value) enum { name = (int) (value) }
#endif

#ifndef S_OK
/** winerror.h: success. */
MAPISPOOL_RESULT(S_OK, 0x00000000);
#endif

/* What was given is wrong. */

#ifndef MAPI_E_INVALID_PARAMETER
/** mapicode.h: a null pointer, a bad handle, or a value that does not fit. */
MAPISPOOL_RESULT(MAPI_E_INVALID_PARAMETER, 0x80070057);
#endif
#ifndef MAPI_E_UNKNOWN_FLAGS
/** mapicode.h: a bit that is not known. */
MAPISPOOL_RESULT(MAPI_E_UNKNOWN_FLAGS, 0x80040106);
#endif
#ifndef MAPI_E_INVALID_ENTRYID
/** mapicode.h: an entry identifier that is empty or too long. */
MAPISPOOL_RESULT(MAPI_E_INVALID_ENTRYID, 0x80040107);
#endif
#ifndef MAPI_E_BAD_CHARWIDTH
/** mapicode.h: a string that is not UTF-8. */
MAPISPOOL_RESULT(MAPI_E_BAD_CHARWIDTH, 0x80040103);
#endif
#ifndef MAPI_E_VERSION
/** mapicode.h: a cbSize that cannot be served. */
MAPISPOOL_RESULT(MAPI_E_VERSION, 0x80040110);
#endif
#ifndef MAPI_E_TOO_BIG
/** mapicode.h: the buffer is too small. */
MAPISPOOL_RESULT(MAPI_E_TOO_BIG, 0x80040305);
#endif

/* Not now, or not any more. */

#ifndef MAPI_E_BUSY
/** mapicode.h: not now; the function says why. */
MAPISPOOL_RESULT(MAPI_E_BUSY, 0x8004010B);
#endif
#ifndef MAPI_E_TIMEOUT
/** mapicode.h: the time is up. */
MAPISPOOL_RESULT(MAPI_E_TIMEOUT, 0x80040401);
#endif
#ifndef MAPI_E_INVALID_OBJECT
/** mapicode.h: a store logon that is over, or a handle inherited through fork. */
MAPISPOOL_RESULT(MAPI_E_INVALID_OBJECT, 0x80040108);
#endif
#ifndef MAPI_E_END_OF_SESSION
/** mapicode.h: the spooler is closing. */
MAPISPOOL_RESULT(MAPI_E_END_OF_SESSION, 0x80040200);
#endif
#ifndef MAPI_E_NO_SUPPORT
/** mapicode.h: not in this mode; a method of a support object that nobody is there for. */
MAPISPOOL_RESULT(MAPI_E_NO_SUPPORT, 0x80040102);
#endif
#ifndef MAPI_E_SUBMITTED
/** mapicode.h: the message is queued or in process already. */
MAPISPOOL_RESULT(MAPI_E_SUBMITTED, 0x80040608);
#endif
#ifndef MAPI_E_NOT_IN_QUEUE
/** mapicode.h: the message is not queued. */
MAPISPOOL_RESULT(MAPI_E_NOT_IN_QUEUE, 0x80040601);
#endif
#ifndef MAPI_E_UNABLE_TO_ABORT
/** mapicode.h: the message is in process. */
MAPISPOOL_RESULT(MAPI_E_UNABLE_TO_ABORT, 0x80040114);
#endif
#ifndef MAPI_E_NOT_FOUND
/** mapicode.h: there is no such message. */
MAPISPOOL_RESULT(MAPI_E_NOT_FOUND, 0x8004010F);
#endif
#ifndef MAPI_E_COLLISION
/** mapicode.h: there is one already. */
MAPISPOOL_RESULT(MAPI_E_COLLISION, 0x80040604);
#endif

/* It cannot be had. */

#ifndef MAPI_E_INTERFACE_NOT_SUPPORTED
/** mapicode.h: the object does not have the interface that was asked for. */
MAPISPOOL_RESULT(MAPI_E_INTERFACE_NOT_SUPPORTED, 0x80004002);
#endif
#ifndef MAPI_E_NO_ACCESS
/** mapicode.h: files or directories that cannot be opened or trusted. */
MAPISPOOL_RESULT(MAPI_E_NO_ACCESS, 0x80070005);
#endif
#ifndef MAPI_E_NOT_ENOUGH_RESOURCES
/** mapicode.h: no thread, handle or file descriptor is left. */
MAPISPOOL_RESULT(MAPI_E_NOT_ENOUGH_RESOURCES, 0x8004010E);
#endif
#ifndef MAPI_E_NOT_ENOUGH_MEMORY
/** mapicode.h: out of memory, where it can be seen. */
MAPISPOOL_RESULT(MAPI_E_NOT_ENOUGH_MEMORY, 0x8007000E);
#endif
#ifndef MAPI_E_CALL_FAILED
/** mapicode.h: a defect inside the library. */
MAPISPOOL_RESULT(MAPI_E_CALL_FAILED, 0x80004005);
#endif

/* Between the spooler and a transport. */

#ifndef MAPI_W_CANCEL_MESSAGE
/** mapicode.h, to a transport: stop this transfer. */
MAPISPOOL_RESULT(MAPI_W_CANCEL_MESSAGE, 0x00040580);
#endif
#ifndef MAPI_W_PARTIAL_COMPLETION
/** mapicode.h, from a transport: its recipients are done, others are left. */
MAPISPOOL_RESULT(MAPI_W_PARTIAL_COMPLETION, 0x00040680);
#endif
#ifndef MAPI_E_NOT_ME
/** mapicode.h, from a transport: the message is not for it. */
MAPISPOOL_RESULT(MAPI_E_NOT_ME, 0x80040502);
#endif
#ifndef MAPI_E_WAIT
/** mapicode.h, from a transport: later, after the seconds it gives. */
MAPISPOOL_RESULT(MAPI_E_WAIT, 0x80040500);
#endif
#ifndef MAPI_E_NETWORK_ERROR
/** mapicode.h, from a transport: later, after the seconds it gives. */
MAPISPOOL_RESULT(MAPI_E_NETWORK_ERROR, 0x80040115);
#endif
#ifndef MAPI_E_CANCEL
/** mapicode.h, from a transport: it keeps the deferred message. */
MAPISPOOL_RESULT(MAPI_E_CANCEL, 0x80040501);
#endif
#ifndef MAPI_E_USER_CANCEL
/** mapicode.h, from a transport: it stopped because it was told to. */
MAPISPOOL_RESULT(MAPI_E_USER_CANCEL, 0x80040113);
#endif

#undef MAPISPOOL_RESULT

/**
 * The reason of this thread's last failing call, as one line of text.
 *
 * A call that succeeds, or answers MAPI_E_TOO_BIG, does not change it.
 *
 * @param[out] lpszBuffer  Receives the text, UTF-8, terminated. NULL with cbBuffer 0: only asks the size.
 * @param[in]  cbBuffer    Size of the buffer in bytes.
 * @param[out] lpcbNeeded  Receives the size in bytes that the text needs, terminator included; written
 *                         also with MAPI_E_TOO_BIG. 1 when no call has failed on this thread.
 * @retval S_OK                      Written.
 * @retval MAPI_E_TOO_BIG            The buffer is too small; it was not written.
 * @retval MAPI_E_INVALID_PARAMETER  lpcbNeeded is null, or lpszBuffer is null with a cbBuffer other than 0.
 * @par Threads
 * Any; the text is the calling thread's own.
 */
MAPISPOOL_API HRESULT MAPISPOOL_CALL MapiSpoolerGetLastError(
    char *lpszBuffer,
    ULONG cbBuffer,
    ULONG *lpcbNeeded);

/**
 * The library's version, as MAPISPOOL_VERSION of the header it came with.
 *
 * @return major << 16 | minor << 8 | patch.
 * @par Threads
 * Any.
 */
MAPISPOOL_API ULONG MAPISPOOL_CALL MapiSpoolerVersion(void);

/** @} */

#ifdef __cplusplus
}
#endif

#elif defined(MAPISPOOL_TYPES) /* it includes itself */
#  if defined(__GNUC__)
#    pragma GCC system_header
#  endif
#  if defined(_WIN32)
#    define MAPISPOOL_WINAPI __stdcall
#  else
#    define MAPISPOOL_WINAPI
#    if !defined(MAPISPOOL_NO_TYPES)
/** MAPI's ULONG: 32 bits. */
typedef unsigned int ULONG;
/** MAPI's HRESULT: negative is an error, 0 is S_OK, positive is a success with a remark. */
typedef int HRESULT;
#    endif
#  endif
/** mapispi.h's support object, in the form that this program uses: C++, C, or C with MAPI_IF. */
#  if defined(MAPI_IF) && (!defined(__cplusplus) || defined(CINTERFACE))
typedef struct IMAPISupportVtbl **LPMAPISUP;
#  else
typedef struct IMAPISupport *LPMAPISUP;
#  endif
/** mapidefs.h's MAPIAllocateBuffer: a size in, a buffer out. */
typedef HRESULT (MAPISPOOL_WINAPI *LPALLOCATEBUFFER)(ULONG cbSize, void **lppBuffer);
#  undef MAPISPOOL_WINAPI
#endif
