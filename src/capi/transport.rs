//! What a transport calls.

use super::types::*;
use super::{args, callbacks, fence};
use crate::engine::HResult;
use crate::spooler::{self, handles};
use std::ffi::c_void;

/// Removes a transport: cancels what it has in process as LOGOFF_ABORT does, asks back what it deferred,
/// logs it off and runs its Destroy.
///
/// From the call on no message goes to it. Waits up to the abort limit.
///
/// @param[in] hTransport  The transport. With S_OK the handle is over.
/// @retval S_OK                      Gone; TransportLogoff and Destroy have returned.
/// @retval MAPI_E_TIMEOUT            Something did not stop in time: the transport stays and works as
///                                   before. If TransportLogoff was already being called, it goes on; call
///                                   again to wait for it.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle.
/// @retval MAPI_E_BUSY               Called inside a callback of this spooler, on a thread that began a
///                                   transfer of this transport, or while it is being removed.
/// @retval MAPI_E_END_OF_SESSION     The spooler is closing, which removes it.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, but not inside a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiTransportRemove(hTransport: HMAPITRANSPORT) -> HRESULT {
    fence(|| handles::transport(hTransport)?.remove())
}

/// The transport tells the spooler something.
///
/// @param[in] hTransport  The transport.
/// @param[in] ulFlags     One or more of NOTIFY_READYTOSEND (ends this transport's waits, pauses and
///                        MAPI_E_NOT_ME, and a critical error), NOTIFY_SENTDEFERRED (a message it deferred
///                        is offered to it again, with BEGIN_DEFERRED), NOTIFY_CRITICAL_ERROR (it is called
///                        no more until NOTIFY_READYTOSEND, but for TransportLogoff).
/// @param[in] cbEntryID   Length of lpEntryID in bytes; 0 for all messages that it deferred.
/// @param[in] lpEntryID   For NOTIFY_SENTDEFERRED: the message, in whichever store. NULL with cbEntryID 0.
/// @retval S_OK                      Done.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle, no flag, a null pointer with a cbEntryID other than 0,
///                                   NOTIFY_READYTOSEND together with NOTIFY_CRITICAL_ERROR.
/// @retval MAPI_E_UNKNOWN_FLAGS      Another bit.
/// @retval MAPI_E_INVALID_ENTRYID    cbEntryID is over 65,535.
/// @retval MAPI_E_NOT_FOUND          This transport has not deferred that message.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, also inside callbacks.
/// @par Mirrors
/// IMAPISupport::SpoolerNotify.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiTransportSpoolerNotify(
    hTransport: HMAPITRANSPORT,
    ulFlags: ULONG,
    cbEntryID: ULONG,
    lpEntryID: *const c_void,
) -> HRESULT {
    fence(|| {
        let id = match cbEntryID {
            0 => None,
            // SAFETY: the caller passes cbEntryID readable bytes, or null.
            _ => Some(unsafe { args::entry_id(cbEntryID, lpEntryID, "lpEntryID")? }),
        };
        handles::transport(hTransport)?.spooler_notify(ulFlags, id)
    })
}

/// A self-driven transport asks for its next message, of whatever store.
///
/// The message is locked (SetLockState) when it is handed out, and in process until #MapiTransferEnd.
///
/// @param[in]  hTransport  A transport without SubmitMessage.
/// @param[in]  ulTimeout   How long to wait for one, in milliseconds; 0 does not wait, MAPISPOOL_INFINITE is
///                         no limit. A SetLockState under way is waited for, up to the abort limit.
/// @param[out] lppMessage  The message. Owned by the library, valid until its transfer has been ended.
/// @retval S_OK                      A transfer has begun.
/// @retval MAPI_E_TIMEOUT            None yet.
/// @retval MAPI_E_END_OF_SESSION     None can come any more: the spooler is closing, or the transport is
///                                   being removed.
/// @retval MAPI_E_INVALID_PARAMETER  A null pointer, a bad handle, a transport with SubmitMessage.
/// @retval MAPI_E_BUSY               The transport reported NOTIFY_CRITICAL_ERROR; or called inside a
///                                   callback of this spooler with a ulTimeout other than 0.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES No thread can be started, or no handle is left; the message stays.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, several at a time. Inside callbacks only with ulTimeout 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiTransportTakeMessage(
    hTransport: HMAPITRANSPORT,
    ulTimeout: ULONG,
    lppMessage: *mut *const MAPISPOOLMESSAGE,
) -> HRESULT {
    fence(|| {
        let out = args::out(lppMessage, "lppMessage")?;
        *out = handles::transport(hTransport)?
            .take(ulTimeout, callbacks::HandedOut::new)?
            .as_ptr();
        Ok(())
    })
}

/// A self-driven transport starts to send this message of this store: what a tightly coupled provider does,
/// and what mirrors a queue kept elsewhere.
///
/// A message that is not queued is queued first, so that a failure keeps it.
///
/// LOGOFF_PURGE and LOGOFF_NO_WAIT wait for a message that was begun, and for queued ones only as long as
/// somebody asks for messages. Who only begins them does not: after the retry pause the queued ones stay in
/// the Outbox. So let a #MapiTransportTakeMessage wait too; see #StoreLogoffTransports.
///
/// @param[in]  hTransport   A transport without SubmitMessage.
/// @param[in]  hStore       The store logon.
/// @param[in]  cbEntryID    Length of lpEntryID in bytes, 1 to 65,535.
/// @param[in]  lpEntryID    The message's entry identifier. Copied.
/// @param[out] lphTransfer  The transfer, until #MapiTransferEnd.
/// @retval S_OK                        A transfer has begun.
/// @retval MAPI_E_SUBMITTED            The message is in process already.
/// @retval MAPI_E_BUSY                 The store's gates are shut by a logoff; a purge runs and the message is
///                                     not queued; the transport reported NOTIFY_CRITICAL_ERROR or is being
///                                     removed; another transport keeps the message deferred; or its lock
///                                     could not be had, and it waits in the queue.
/// @retval MAPI_E_NOT_FOUND            SetLockState said so: somebody else finished it.
/// @retval MAPI_E_TIMEOUT              SetLockState did not return within the abort limit; inside a callback: it
///                                     has to wait for another callback of the store. It is queued.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle, handles of two spoolers, a transport with
///                                     SubmitMessage.
/// @retval MAPI_E_INVALID_ENTRYID      cbEntryID is 0 or over 65,535.
/// @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
/// @retval MAPI_E_END_OF_SESSION       The spooler is closing.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES No thread can be started, or no handle is left.
/// @par Threads
/// Any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiTransportBeginOutbound(
    hTransport: HMAPITRANSPORT,
    hStore: HMAPISTORE,
    cbEntryID: ULONG,
    lpEntryID: *const c_void,
    lphTransfer: *mut HMAPITRANSFER,
) -> HRESULT {
    fence(|| {
        let out = args::out(lphTransfer, "lphTransfer")?;
        // SAFETY: the caller passes cbEntryID readable bytes, or null.
        let id = unsafe { args::entry_id(cbEntryID, lpEntryID, "lpEntryID")? };
        let store = handles::store(hStore)?;
        *out = handles::transport(hTransport)?
            .begin_outbound(&store, id)?
            .as_ptr();
        Ok(())
    })
}

/// A message starts to come in.
///
/// @param[in]  hTransport   The transport that receives it, of either kind.
/// @param[in]  hStore       The store it goes to, or NULL for the default Inbox.
/// @param[out] lphTransfer  The transfer, until #MapiTransferEnd.
/// @retval S_OK                        A transfer has begun.
/// @retval MAPI_E_BUSY                 Reception is off: the store's gate is shut by a logoff, there is no
///                                     default Inbox, or the transport reported NOTIFY_CRITICAL_ERROR or is
///                                     being removed.
/// @retval MAPI_E_INVALID_PARAMETER    A null pointer, a bad handle, handles of two spoolers.
/// @retval MAPI_E_INVALID_OBJECT       The store logon is over; the handle was inherited through fork.
/// @retval MAPI_E_NOT_ENOUGH_RESOURCES No handle is left.
/// @par Threads
/// Any, also inside callbacks.
/// @par Mirrors
/// IXPLogon::StartMessage.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiTransportBeginInbound(
    hTransport: HMAPITRANSPORT,
    hStore: HMAPISTORE,
    lphTransfer: *mut HMAPITRANSFER,
) -> HRESULT {
    fence(|| {
        let out = args::out(lphTransfer, "lphTransfer")?;
        *out = spooler::begin_inbound(hTransport, hStore)?.as_ptr();
        Ok(())
    })
}

/// Asks, from time to time during a transfer, whether it is to be stopped.
///
/// @param[in] hTransfer  The transfer; a driven transport finds it in its message.
/// @retval S_OK                      Go on.
/// @retval MAPI_W_CANCEL_MESSAGE     Stop as soon as possible; end it with MAPI_E_USER_CANCEL, or with what
///                                   it came to: a message that was sent all the same ends with S_OK.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle; the transfer has ended.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, also inside callbacks.
/// @par Mirrors
/// IMAPISupport::SpoolerYield.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiTransferSpoolerYield(hTransfer: HMAPITRANSFER) -> HRESULT {
    super::fence_with(|| Ok(spooler::spooler_yield(hTransfer)?.0))
}

/// Ends a transfer that was taken or begun.
///
/// @param[in] hTransfer       The transfer. With S_OK the handle is over.
/// @param[in] hrResult        How it ended: what SubmitMessage would return (see #MAPITRANSPORTOPS). For a
///                            message that was received, any value.
/// @param[in] ulEndFlags      With hrResult S_OK of a message that was sent: 0, END_RESEND_NOW,
///                            END_RESEND_LATER or END_DONT_RESEND. Else 0.
/// @param[in] ulRetrySeconds  With MAPI_E_WAIT and MAPI_E_NETWORK_ERROR: not before this many seconds.
///                            Else ignored.
/// @retval S_OK                      Ended.
/// @retval MAPI_E_INVALID_PARAMETER  A bad handle; a driven transport's transfer; end flags that do not fit
///                                   hrResult, or several. The transfer stays.
/// @retval MAPI_E_UNKNOWN_FLAGS      Another bit in ulEndFlags. The transfer stays.
/// @retval MAPI_E_INVALID_OBJECT     The handle was inherited through fork.
/// @par Threads
/// Any, also inside callbacks. If the store is only waiting for this transfer to be released, its Released
/// runs inside this call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MapiTransferEnd(
    hTransfer: HMAPITRANSFER,
    hrResult: HRESULT,
    ulEndFlags: ULONG,
    ulRetrySeconds: ULONG,
) -> HRESULT {
    fence(|| spooler::end_transfer(hTransfer, HResult(hrResult), ulEndFlags, ulRetrySeconds))
}
