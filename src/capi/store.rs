//! What a store provider and its clients call, the logoff first of all.

use super::types::*;
use super::{args, fence};
use crate::com::{self, LPMAPISUP};
use crate::spooler::handles;
use std::ffi::c_void;

/// Puts a message into the store's outbound queue.
///
/// Messages of one store start in the order in which they were submitted. The library keeps the identifier,
/// not the mail.
///
/// @param[in] hStore     The store logon.
/// @param[in] cbEntryID  Length of lpEntryID in bytes, 1 to 65,535.
/// @param[in] lpEntryID  The message's entry identifier. Copied.
/// @retval S_OK                        Queued.
/// @retval MAPI_E_SUBMITTED            It is queued or in process already.
/// @retval MAPI_E_BUSY                 A purge of the store runs.
/// @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
/// @retval MAPI_E_INVALID_ENTRYID      cbEntryID is 0 or over 65,535.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES A thread cannot be started; nothing was queued.
/// @retval MAPI_E_END_OF_SESSION       The spooler is closing.
/// @par Threads
/// Any, also inside callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreSubmitMessage(
    hStore: HMAPISTORE,
    cbEntryID: ULONG,
    lpEntryID: *const c_void,
) -> HRESULT {
    fence(|| {
        // SAFETY: the caller passes cbEntryID readable bytes, or null.
        let id = unsafe { args::entry_id(cbEntryID, lpEntryID, "lpEntryID")? };
        handles::store(hStore)?.submit(id)
    })
}

/// Takes a message out of the store's outbound queue (IMsgStore::AbortSubmit).
///
/// A transport that keeps it deferred is told NOTIFY_ABORT_DEFERRED | NOTIFY_CANCEL_MESSAGE.
///
/// @param[in] hStore     A logon of the store, not necessarily the one that submitted.
/// @param[in] cbEntryID  Length of lpEntryID in bytes, 1 to 65,535.
/// @param[in] lpEntryID  The message's entry identifier.
/// @retval S_OK                      Out of the queue; it will not be sent.
/// @retval MAPI_E_NOT_IN_QUEUE       It is not queued: never submitted, sent, or aborted before.
/// @retval MAPI_E_UNABLE_TO_ABORT    It is in process.
/// @retval MAPI_E_INVALID_OBJECT     The store logon is over; the handle was inherited through fork.
/// @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle.
/// @retval MAPI_E_INVALID_ENTRYID    cbEntryID is 0 or over 65,535.
/// @par Threads
/// Any, also inside callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreAbortSubmit(
    hStore: HMAPISTORE,
    cbEntryID: ULONG,
    lpEntryID: *const c_void,
) -> HRESULT {
    fence(|| {
        // SAFETY: the caller passes cbEntryID readable bytes, or null.
        let id = unsafe { args::entry_id(cbEntryID, lpEntryID, "lpEntryID")? };
        handles::store(hStore)?.abort_submit(&id)
    })
}

/// What the store is doing: flags and counts, at any time until the logon's handle is released.
///
/// After the release of the store it keeps the last counts.
///
/// @param[in]     hStore    The store logon.
/// @param[in,out] lpStatus  Set cbSize; the rest is written.
/// @retval S_OK                      Written.
/// @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle.
/// @retval MAPI_E_VERSION            cbSize is too small, or larger than known with something set behind.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, also inside callbacks, and while another thread's logoff waits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreGetStatus(
    hStore: HMAPISTORE,
    lpStatus: *mut MAPISPOOLSTATUS,
) -> HRESULT {
    fence(|| {
        // SAFETY: the caller passes a struct of the cbSize it names, or null.
        let known: MAPISPOOLSTATUS = unsafe { args::versioned(lpStatus, "lpStatus")? };
        let status = handles::store(hStore)?.status()?;
        let answer = MAPISPOOLSTATUS {
            cbSize: known.cbSize,
            ulFlags: status.flags.bits(),
            cReady: status.ready,
            cWaiting: status.waiting,
            cOutbound: status.outbound,
            cInbound: status.inbound,
            cFinished: status.finished,
        };
        // SAFETY: lpStatus was checked by `versioned`; no more than cbSize bytes are written.
        unsafe { args::write_versioned(lpStatus, answer) };
        Ok(())
    })
}

/// Logs the store off: IMAPISupport::StoreLogoffTransports, the call this library exists for.
///
/// On input `*lpulFlags` holds exactly one instruction; output flags that stand in the word are ignored. On
/// output it holds LOGOFF_COMPLETE and the status flags LOGOFF_INBOUND, LOGOFF_OUTBOUND,
/// LOGOFF_OUTBOUND_QUEUE as they apply, and no instruction: set it anew for the next call.
///
/// **The one rule for callers.** S_OK with LOGOFF_COMPLETE: the store logon is over; it only answers
/// #MapiStoreGetStatus, #MapiStoreWait and #MapiStoreCancelLogoff, and wants its release. S_OK without
/// LOGOFF_COMPLETE: the store is logged on and works as before; the other flags say what is going on. An
/// error: nothing has changed and `*lpulFlags` was not written.
///
/// | in             | at rest, queue empty | at rest, messages queued | in process |
/// | -------------- | -------------------- | ------------------------ | ---------- |
/// | LOGOFF_QUIET   | released, COMPLETE | no logoff: QUEUE | no logoff: status |
/// | LOGOFF_ABORT   | released, COMPLETE | released, COMPLETE + QUEUE; the messages stay in the Outbox | what is in process is cancelled and waited for, then as at rest; not stopped within the abort limit: no logoff |
/// | LOGOFF_ORDERLY | released, COMPLETE | released, COMPLETE + QUEUE; the messages stay | COMPLETE + status at once; what is in process finishes in the background |
/// | LOGOFF_NO_WAIT | released, COMPLETE | COMPLETE + QUEUE at once; what is ready is sent in the background | COMPLETE + status at once; likewise |
/// | LOGOFF_PURGE   | flushed, released, COMPLETE | transports are flushed, every message gets one attempt, all waited for, then COMPLETE (+ QUEUE for what could not go) | the same |
///
/// LOGOFF_PURGE and LOGOFF_NO_WAIT count on a self-driven transport that asks for messages: a
/// #MapiTransportTakeMessage of it waits, or has come since the call. Any other has the retry pause
/// (ulRetryPause) to begin asking; then messages that nobody else may take stay in the Outbox.
/// #MapiTransportBeginOutbound does not ask.
///
/// If the store is open elsewhere (another logon of this spooler, another spooler, another process, same
/// profile), the call is ignored as far as transports go: COMPLETE and the status flags at once, whatever
/// the instruction. COMPLETE with LOGOFF_OUTBOUND or LOGOFF_OUTBOUND_QUEUE means: wait (#MapiStoreWait,
/// #MapiSpoolerClose) before you exit; mail that is not sent then stays in the Outbox.
///
/// @param[in]     hStore     The store logon.
/// @param[in,out] lpulFlags  The instruction in, the flags out. Written only with S_OK.
/// @retval S_OK                        See the rule above.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle; no instruction, or more than one.
/// @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
/// @retval MAPI_E_UNKNOWN_FLAGS        A bit that is neither an instruction nor an output flag.
/// @retval MAPI_E_BUSY                 Another thread's logoff of this store is waiting; or LOGOFF_PURGE or
///                                     LOGOFF_ABORT inside a callback of this spooler, or on the thread that
///                                     took or began a transfer of the store that has not ended; or
///                                     LOGOFF_PURGE on one that began to send by a transport that is to be
///                                     flushed.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES A thread that is needed cannot be started; nothing has changed.
/// @par Threads
/// Any. LOGOFF_PURGE and LOGOFF_ABORT wait, and do not pump messages.
/// @par Mirrors
/// IMAPISupport::StoreLogoffTransports (mapispi.h); LOGOFF_* are mapidefs.h's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn StoreLogoffTransports(
    hStore: HMAPISTORE,
    lpulFlags: *mut ULONG,
) -> HRESULT {
    fence(|| {
        let flags = args::out(lpulFlags, "lpulFlags")?;
        *flags = handles::store(hStore)?.logoff(*flags)?.bits();
        Ok(())
    })
}

/// Ends a logoff of this store logon before its time, from another thread.
///
/// A LOGOFF_PURGE or LOGOFF_ABORT that waits returns S_OK without LOGOFF_COMPLETE, the store as before. A
/// logoff in the background turns into an ABORT: what is in process is cancelled, nothing else is sent. With
/// no logoff under way nothing happens.
///
/// @param[in] hStore  The store logon.
/// @retval S_OK                      Done.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, also inside callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreCancelLogoff(hStore: HMAPISTORE) -> HRESULT {
    fence(|| handles::store(hStore)?.cancel_logoff())
}

/// Waits until the store logon has been logged off and its Released has returned.
///
/// @param[in] hStore     The store logon.
/// @param[in] ulTimeout  How long to wait, in milliseconds; 0 only asks, MAPISPOOL_INFINITE is no limit.
/// @retval S_OK                      Released.
/// @retval MAPI_E_TIMEOUT            Not yet. In manual mode also: nothing can move any more.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle.
/// @retval MAPI_E_BUSY               Called inside a callback of this spooler with a ulTimeout other than 0.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any. Inside callbacks only with ulTimeout 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreWait(hStore: HMAPISTORE, ulTimeout: ULONG) -> HRESULT {
    fence(|| handles::store(hStore)?.wait(ulTimeout))
}

/// For IMsgStore::StoreLogoff of a provider that logs off in its final release: saves the instruction.
///
/// A later call overwrites it. The word keeps the instruction and gets the status flags. The final
/// #MapiStoreRelease performs it. A null pointer, or a word without an instruction, saves nothing and is
/// S_OK: clients really pass these.
///
/// @param[in]     hStore     The store logon.
/// @param[in,out] lpulFlags  The instruction in; the instruction and status flags out. May be NULL.
/// @retval S_OK                      Saved, or nothing to save.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle; more than one instruction.
/// @retval MAPI_E_INVALID_OBJECT     The store logon is over; the handle was inherited through fork.
/// @retval MAPI_E_UNKNOWN_FLAGS      A bit that is neither an instruction nor an output flag.
/// @par Threads
/// Any, also inside callbacks.
/// @par Mirrors
/// IMsgStore::StoreLogoff.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreLogoff(hStore: HMAPISTORE, lpulFlags: *mut ULONG) -> HRESULT {
    fence(|| {
        let store = handles::store(hStore)?;
        // SAFETY: the caller passes a word, or null.
        match unsafe { lpulFlags.as_mut() } {
            Some(flags) => *flags = store.save_logoff(*flags)?,
            None => store.save_nothing()?,
        }
        Ok(())
    })
}

/// Adds a reference to a store logon's handle.
///
/// @param[in] hStore  The store logon.
/// @retval S_OK                      Added; wants one more #MapiStoreRelease.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES There are 4,294,967,295 references.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, also inside callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreAddRef(hStore: HMAPISTORE) -> HRESULT {
    fence(|| handles::store(hStore)?.add_ref())
}

/// Gives up a reference to a store logon's handle; the last one is the final release.
///
/// The final release of a store logon that has not been logged off performs the instruction that
/// #MapiStoreLogoff saved, LOGOFF_ABORT if none was saved. It always succeeds. It waits at most once and
/// never longer than the limits, and goes on in the background with what is left: LOGOFF_QUIET on a busy
/// store as LOGOFF_ORDERLY; LOGOFF_PURGE, after the purge limit (60 s where there is none), as
/// LOGOFF_NO_WAIT; LOGOFF_ABORT that does not stop in time, or failed before on this logon, as
/// LOGOFF_ORDERLY. Inside a callback it does not wait at all. If another thread waits in a logoff of this
/// logon, it returns at once and that logoff cannot fail any more.
///
/// @param[in] hStore  The store logon. With the last reference the handle is over.
/// @retval S_OK                      Released.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, also inside callbacks.
/// @par Mirrors
/// IUnknown::Release of a message store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreRelease(hStore: HMAPISTORE) -> HRESULT {
    fence(|| handles::store(hStore)?.release())
}

/// The store logon as the IMAPISupport of mapispi.h: what a store provider that knows nothing of this library
/// gets in IMSProvider::Logon, and calls StoreLogoffTransports on.
///
/// The object holds a reference to the store logon. Its final release is a #MapiStoreRelease: if it is the
/// last one of the logon, what that one says. Its methods:
///
/// | method | what it does |
/// | ------ | ------------ |
/// | QueryInterface | IID_IUnknown and IID_IMAPISup; any other: MAPI_E_INTERFACE_NOT_SUPPORTED |
/// | AddRef, Release | COM's, with the number of references that there are then; 0 on an object that has none |
/// | StoreLogoffTransports | #StoreLogoffTransports, with the same results |
/// | SpoolerNotify | NOTIFY_READYTOSEND: messages that could not be locked are tried again now; NOTIFY_NEWMAIL_RECEIVED: nothing. lpvData is not looked at. Any other bit: MAPI_E_UNKNOWN_FLAGS; none: MAPI_E_INVALID_PARAMETER |
/// | GetLastError | why the object's last call failed, if hResult is what it returned and it was not the host's: a MAPIERROR from the host's MAPIAllocateBuffer, else from lpfnAllocateBuffer of the options, without either MAPI_E_NO_SUPPORT. MAPI_UNICODE: in UTF-16, else in ASCII; any other bit: MAPI_E_UNKNOWN_FLAGS. Any other hResult: the host's answer; without a host S_OK and a null pointer. No memory: MAPI_E_NOT_ENOUGH_MEMORY. The caller frees it with MAPIFreeBuffer, in one piece |
/// | all others | the host's: forwarded to lpInnerMAPISup with all arguments as they are; without one MAPI_E_NO_SUPPORT, and no result is written |
///
/// When the store logon is over, QueryInterface, StoreLogoffTransports, SpoolerNotify and GetLastError answer
/// MAPI_E_INVALID_OBJECT; AddRef, Release and the host's methods go on. The pointer stays valid until it is
/// released, also after #MapiSpoolerClose. A method that is called on an object without references answers
/// MAPI_E_INVALID_OBJECT, as long as its memory can be told: until at least 256 other objects have been
/// released. Each call of MapiStoreGetSupport makes an object of its own, with a host's object of its own.
///
/// @param[in]  hStore          The store logon.
/// @param[in]  lpInnerMAPISup  The support object that the host itself would give to the provider, for the
///                             methods that are the host's; NULL: none. It gets a reference, which is given
///                             back when the object is released and no call is inside any more.
/// @param[out] lppMAPISup      The object, with one reference. Wants a Release.
/// @retval S_OK                        Written.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
/// @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES Too many references to the store logon.
/// @par Threads
/// Any, also inside callbacks; likewise the object's methods. Those of lpInnerMAPISup are called on the
/// thread that calls the object's, so that a host's rule for its threads is its provider's. LOGOFF_PURGE,
/// LOGOFF_ABORT and the final release wait, as the functions do.
/// @par Mirrors
/// The support object of IMSProvider::Logon (mapispi.h).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiStoreGetSupport(
    hStore: HMAPISTORE,
    lpInnerMAPISup: LPMAPISUP,
    lppMAPISup: *mut LPMAPISUP,
) -> HRESULT {
    fence(|| {
        let out = args::out(lppMAPISup, "lppMAPISup")?;
        // SAFETY: the caller passes a support object, or null.
        *out = unsafe { com::get_support(hStore, lpInnerMAPISup)? };
        Ok(())
    })
}
