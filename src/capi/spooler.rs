//! Opening, running and closing a spooler; the last error; the version.

use super::types::*;
use super::{args, callbacks, fence};
use crate::engine::Error;
use crate::spooler::{Spooler, handles, last_error};
use std::ffi::{c_char, c_void};

/// Opens a spooler: what moves messages between the stores and transports of one MAPI session.
///
/// Starts no thread. Close it with #MapiSpoolerClose, always: mail that is still on its way is sent only
/// while the process lives.
///
/// @param[in]  lpOptions   How it is to be; see #MAPISPOOLOPTIONS. Copied. With S_OK the spooler owns
///                         lpvContext until lpfnDestroy has run; a call that fails leaves it to the caller.
/// @param[out] lphSpooler  The spooler's handle.
/// @retval S_OK                        Open.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, an empty profile name, a name of over 65,535 bytes.
/// @retval MAPI_E_BAD_CHARWIDTH        A string is not UTF-8.
/// @retval MAPI_E_UNKNOWN_FLAGS        A bit of ulFlags that is not known.
/// @retval MAPI_E_VERSION              cbSize is too small, or larger than known with something set behind.
/// @retval MAPI_E_NO_ACCESS            The presence directory cannot be made or trusted; MAPISPOOL_LOCAL does
///                                     without one.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES No file descriptor or handle is left.
/// @par Threads
/// Any; not inside a lock that the log callback takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiSpoolerOpen(
    lpOptions: *const MAPISPOOLOPTIONS,
    lphSpooler: *mut HMAPISPOOLER,
) -> HRESULT {
    fence(|| {
        let out = args::out(lphSpooler, "lphSpooler")?;
        // SAFETY: the caller passes a struct of the cbSize it names, or null.
        let raw: MAPISPOOLOPTIONS = unsafe { args::versioned(lpOptions, "lpOptions")? };
        // SAFETY: the strings are null or terminated, as the header says.
        let options = unsafe { args::options(&raw)? };
        #[cfg(windows)]
        super::stay::stay_loaded();
        let spooler = Spooler::open(options, || callbacks::hooks(&raw))?;
        *out = spooler.as_ptr();
        Ok(())
    })
}

/// Logs off every store of the spooler with one instruction and one deadline.
///
/// Each store is logged off as by #StoreLogoffTransports, the deadline standing in for the abort and purge
/// limits; a store that is busy with another logoff is waited for; of several logons of a store all end.
/// What did not complete stays logged on and works as before.
///
/// @param[in]  hSpooler       The spooler.
/// @param[in]  ulFlags        Exactly one of LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT,
///                            LOGOFF_QUIET; the output flags are ignored.
/// @param[in]  ulTimeout      The deadline in milliseconds from now; 0 does not wait, MAPISPOOL_INFINITE is
///                            no limit.
/// @param[out] lpcIncomplete  How many stores were not logged off.
/// @retval S_OK                      Done; *lpcIncomplete says how far.
/// @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle, no instruction or more than one.
/// @retval MAPI_E_UNKNOWN_FLAGS      A bit that is neither an instruction nor an output flag.
/// @retval MAPI_E_BUSY               LOGOFF_PURGE or LOGOFF_ABORT inside a callback of this spooler.
/// @retval MAPI_E_END_OF_SESSION     The spooler is closing.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES A thread that LOGOFF_PURGE needs cannot be started; nothing has changed.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any; inside a callback not with LOGOFF_PURGE or LOGOFF_ABORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiSpoolerLogoffStores(
    hSpooler: HMAPISPOOLER,
    ulFlags: ULONG,
    ulTimeout: ULONG,
    lpcIncomplete: *mut ULONG,
) -> HRESULT {
    fence(|| {
        let out = args::out(lpcIncomplete, "lpcIncomplete")?;
        let spooler = handles::spooler(hSpooler)?;
        *out = spooler.logoff_stores(ulFlags, ulTimeout)?;
        Ok(())
    })
}

/// Closes the spooler: logs off the stores that are still open, finishes what goes on in the background,
/// logs off the transports, joins every thread.
///
/// Stores still open are logged off as with LOGOFF_ORDERLY, or with LOGOFF_ABORT if ulFlags says so; their
/// handles stay until released and answer MAPI_E_INVALID_OBJECT. Logoffs in the background go on, those
/// of LOGOFF_NO_WAIT too (with LOGOFF_ABORT they are stopped). With S_OK the spooler and its transports are
/// gone, and their handles with them. Only a callback that does not return and a transfer that is not
/// ended can hold it up.
///
/// @param[in] hSpooler   The spooler.
/// @param[in] ulFlags    0 or LOGOFF_ABORT.
/// @param[in] ulTimeout  How long to wait, in milliseconds; 0 does not wait, MAPISPOOL_INFINITE is no limit.
/// @retval S_OK                      Closed.
/// @retval MAPI_E_TIMEOUT            Not yet: it stays closing, nothing is freed. Call again.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle.
/// @retval MAPI_E_UNKNOWN_FLAGS      A bit other than LOGOFF_ABORT.
/// @retval MAPI_E_BUSY               Called inside a callback of this spooler.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, but not inside a callback. Several may call it: a second one waits with the first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiSpoolerClose(
    hSpooler: HMAPISPOOLER,
    ulFlags: ULONG,
    ulTimeout: ULONG,
) -> HRESULT {
    fence(|| handles::spooler(hSpooler)?.close(ulFlags, ulTimeout))
}

/// Manual mode: does all work that is due, on the calling thread, and moves the spooler's time.
///
/// @param[in] hSpooler        A spooler opened with MAPISPOOL_MANUAL.
/// @param[in] ulMilliseconds  How far the spooler's own time moves; what comes due on the way is done then.
///                            0: only what is due now.
/// @retval S_OK                      Done.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle.
/// @retval MAPI_E_NO_SUPPORT         The spooler has threads.
/// @retval MAPI_E_BUSY               Called inside a callback of this spooler.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, but not inside a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiSpoolerRun(hSpooler: HMAPISPOOLER, ulMilliseconds: ULONG) -> HRESULT {
    fence(|| handles::spooler(hSpooler)?.run(ulMilliseconds))
}

/// Adds a transport at the end of the transport order.
///
/// @param[in]  hSpooler     The spooler.
/// @param[in]  lpszName     Its name in the log, UTF-8, at most 65,535 bytes. Copied.
/// @param[in]  cbOwnStore   Length of lpOwnStore in bytes, 0 to 65,535.
/// @param[in]  lpOwnStore   Entry identifier of the store that is tightly coupled with this transport: its
///                          messages are offered to this transport first. NULL with cbOwnStore 0. Copied.
/// @param[in]  lpOps        Its callbacks; see #MAPITRANSPORTOPS. Copied.
/// @param[in]  lpvContext   Given to each callback. With S_OK the spooler owns it until Destroy has run; a
///                          call that fails leaves it to the caller.
/// @param[out] lphTransport The transport's handle, until #MapiTransportRemove or #MapiSpoolerClose.
/// @retval S_OK                        Added.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
/// @retval MAPI_E_INVALID_ENTRYID      cbOwnStore is over 65,535.
/// @retval MAPI_E_BAD_CHARWIDTH        The name is not UTF-8.
/// @retval MAPI_E_VERSION              cbSize is too small, or larger than known with something set behind.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES The spooler has 64 transports, a thread cannot be started, or no
///                                     handle is left.
/// @retval MAPI_E_END_OF_SESSION       The spooler is closing.
/// @retval MAPI_E_INVALID_OBJECT       The handle was inherited through fork.
/// @par Threads
/// Any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiSpoolerAddTransport(
    hSpooler: HMAPISPOOLER,
    lpszName: *const c_char,
    cbOwnStore: ULONG,
    lpOwnStore: *const c_void,
    lpOps: *const MAPITRANSPORTOPS,
    lpvContext: *mut c_void,
    lphTransport: *mut HMAPITRANSPORT,
) -> HRESULT {
    fence(|| {
        let out = args::out(lphTransport, "lphTransport")?;
        // SAFETY: the name is null or terminated, as the header says.
        let name =
            unsafe { args::string(lpszName, "lpszName")? }.ok_or(Error::NullPointer("lpszName"))?;
        let own_store = match cbOwnStore {
            0 => None,
            // SAFETY: the caller passes cbOwnStore readable bytes, or null.
            _ => Some(unsafe { args::entry_id(cbOwnStore, lpOwnStore, "lpOwnStore")? }),
        };
        // SAFETY: the caller passes a struct of the cbSize it names, or null.
        let ops: MAPITRANSPORTOPS = unsafe { args::versioned(lpOps, "lpOps")? };
        let transport = handles::spooler(hSpooler)?.add_transport(
            name,
            own_store,
            callbacks::transport_wants(&ops),
            || callbacks::transport(ops, lpvContext),
        )?;
        *out = transport.as_ptr();
        Ok(())
    })
}

/// Opens a store in the spooler: a store logon.
///
/// The logon's callbacks serve the store while it is the oldest one; then the next one's take over. Opening
/// a store whose last logon is still logging off (in the background, or waiting in ABORT or PURGE) is
/// allowed: that logoff then counts as ignored. The library keeps no mail: whoever opens a store submits
/// again what its Outbox holds.
///
/// @param[in]  hSpooler    The spooler.
/// @param[in]  cbEntryID   Length of lpEntryID in bytes, 1 to 65,535.
/// @param[in]  lpEntryID   The store's entry identifier, compared byte by byte. Copied.
/// @param[in]  ulFlags     MAPISPOOL_DEFAULT_INBOX or 0. The flag stays with the store until it is released.
/// @param[in]  lpOps       Its callbacks; see #MAPISTOREOPS. NULL: none. Copied.
/// @param[in]  lpvContext  Given to each callback. With S_OK the spooler owns it until Released has run; a
///                         call that fails leaves it to the caller.
/// @param[out] lphStore    The store logon's handle with one reference, for #MapiStoreRelease.
/// @retval S_OK                        Open.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle.
/// @retval MAPI_E_INVALID_ENTRYID      cbEntryID is 0 or over 65,535.
/// @retval MAPI_E_UNKNOWN_FLAGS        A bit of ulFlags that is not known.
/// @retval MAPI_E_VERSION              cbSize is too small, or larger than known with something set behind.
/// @retval MAPI_E_COLLISION            Another store is the default Inbox.
/// @retval MAPI_E_NO_ACCESS            The presence files cannot be opened or trusted.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES No file descriptor, thread or handle is left.
/// @retval MAPI_E_END_OF_SESSION       The spooler is closing.
/// @retval MAPI_E_INVALID_OBJECT       The handle was inherited through fork.
/// @par Threads
/// Any.
/// @par Mirrors
/// IMSProvider::Logon and IMSProvider::SpoolerLogon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiSpoolerOpenStore(
    hSpooler: HMAPISPOOLER,
    cbEntryID: ULONG,
    lpEntryID: *const c_void,
    ulFlags: ULONG,
    lpOps: *const MAPISTOREOPS,
    lpvContext: *mut c_void,
    lphStore: *mut HMAPISTORE,
) -> HRESULT {
    fence(|| {
        let out = args::out(lphStore, "lphStore")?;
        // SAFETY: the caller passes cbEntryID readable bytes, or null.
        let id = unsafe { args::entry_id(cbEntryID, lpEntryID, "lpEntryID")? };
        let default_inbox = args::flag(ulFlags, MAPISPOOL_DEFAULT_INBOX)?;
        // SAFETY: the caller passes a struct of the cbSize it names, or null.
        let ops = unsafe { args::versioned_or_none(lpOps)? };
        let store = handles::spooler(hSpooler)?.open_store(
            id,
            default_inbox,
            callbacks::store_wants(&ops),
            || callbacks::store(ops, lpvContext),
        )?;
        *out = store.as_ptr();
        Ok(())
    })
}

/// The reason of this thread's last failing call, as one line of text.
///
/// A call that succeeds, or answers MAPI_E_TOO_BIG, does not change it.
///
/// @param[out] lpszBuffer  Receives the text, UTF-8, terminated. NULL with cbBuffer 0: only asks the size.
/// @param[in]  cbBuffer    Size of the buffer in bytes.
/// @param[out] lpcbNeeded  Receives the size in bytes that the text needs, terminator included; written
///                         also with MAPI_E_TOO_BIG. 1 when no call has failed on this thread.
/// @retval S_OK                      Written.
/// @retval MAPI_E_TOO_BIG            The buffer is too small; it was not written.
/// @retval MAPI_E_INVALID_PARAMETER  lpcbNeeded is null, or lpszBuffer is null with a cbBuffer other than 0.
/// @par Threads
/// Any; the text is the calling thread's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiSpoolerGetLastError(
    lpszBuffer: *mut c_char,
    cbBuffer: ULONG,
    lpcbNeeded: *mut ULONG,
) -> HRESULT {
    fence(|| {
        let needed = args::out(lpcbNeeded, "lpcbNeeded")?;
        // SAFETY: the caller passes cbBuffer writable bytes, or null.
        let buffer = unsafe { args::buffer(lpszBuffer, cbBuffer, "lpszBuffer")? };
        last_error::read(|text| {
            *needed = u32::try_from(text.len() + 1).unwrap_or(u32::MAX);
            if lpszBuffer.is_null() {
                return Ok(());
            }
            let target = buffer.get_mut(..text.len() + 1);
            let target = target.ok_or(Error::BufferTooSmall)?;
            target[..text.len()].copy_from_slice(text.as_bytes());
            target[text.len()] = 0;
            Ok(())
        })
    })
}

/// The library's version, as MAPISPOOL_VERSION of the header it came with.
///
/// @return major << 16 | minor << 8 | patch.
/// @par Threads
/// Any.
#[unsafe(no_mangle)]
pub extern "C" fn MapiSpoolerVersion() -> ULONG {
    MAPISPOOL_VERSION
}

/// MAPISPOOL_VERSION of the header: Cargo's version.
const MAPISPOOL_VERSION: ULONG = number(env!("CARGO_PKG_VERSION_MAJOR")) << 16
    | number(env!("CARGO_PKG_VERSION_MINOR")) << 8
    | number(env!("CARGO_PKG_VERSION_PATCH"));

const fn number(digits: &str) -> ULONG {
    match ULONG::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a part of Cargo's version is no number"),
    }
}
