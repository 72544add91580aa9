//! The types of the C interface: what cbindgen turns into the structs of `mapispool.h`.

use crate::spooler::AllocateBuffer;
use std::ffi::{c_char, c_void};

/// MAPI's `ULONG`: 32 bits everywhere. The header takes it from `<windows.h>` on Windows.
pub type ULONG = u32;
/// MAPI's `HRESULT`: 32 bits, signed. The header takes it from `<windows.h>` on Windows.
pub type HRESULT = i32;

/// A spooler: what HMAPISPOOLER points to. Opaque.
#[repr(C)]
pub struct MAPISPOOLER {
    _opaque: [u8; 0],
}
/// A transport in a spooler: what HMAPITRANSPORT points to. Opaque.
#[repr(C)]
pub struct MAPITRANSPORT {
    _opaque: [u8; 0],
}
/// A store logon: what HMAPISTORE points to. Opaque.
#[repr(C)]
pub struct MAPISTORE {
    _opaque: [u8; 0],
}
/// A transfer in process: what HMAPITRANSFER points to. Opaque.
#[repr(C)]
pub struct MAPITRANSFER {
    _opaque: [u8; 0],
}

/// Handle of a spooler; see #MapiSpoolerOpen. A number that is checked at each use, not an address.
pub type HMAPISPOOLER = *mut MAPISPOOLER;
/// Handle of a transport; see #MapiSpoolerAddTransport. A number that is checked at each use, not an address.
pub type HMAPITRANSPORT = *mut MAPITRANSPORT;
/// Handle of a store logon; see #MapiSpoolerOpenStore. A number that is checked at each use, not an address.
pub type HMAPISTORE = *mut MAPISTORE;
/// Handle of a transfer: one message being sent or received right now. A number that is checked at each
/// use, not an address. It is over when the transfer has ended.
pub type HMAPITRANSFER = *mut MAPITRANSFER;

/// mapidefs.h's pointer to MAPIAllocateBuffer.
pub type LPALLOCATEBUFFER = Option<AllocateBuffer>;

/// For every wait: no limit.
pub const MAPISPOOL_INFINITE: u32 = 0xFFFF_FFFF;

/// MAPISPOOLOPTIONS::ulFlags: no other process is looked at, and no presence directory is needed. Other
/// spoolers of this process are still seen, if they have the flag too.
pub const MAPISPOOL_LOCAL: u32 = 0x0000_0001;
/// MAPISPOOLOPTIONS::ulFlags: manual mode. No thread and no clock: all work is done on the calling thread
/// inside #MapiSpoolerRun and inside calls that wait.
pub const MAPISPOOL_MANUAL: u32 = 0x0000_0002;

/// #MapiSpoolerOpenStore: this store holds the default Inbox of the profile.
pub const MAPISPOOL_DEFAULT_INBOX: u32 = 0x0000_0001;

/// Log level: a call failed or a callback broke its contract.
pub const MAPISPOOL_LOG_ERROR: u32 = 1;
/// Log level: something went wrong that the spooler lives with, such as a transport's error.
pub const MAPISPOOL_LOG_WARNING: u32 = 2;
/// Log level: the story of each logoff, store and transport.
pub const MAPISPOOL_LOG_INFO: u32 = 3;
/// Log level: each message's way.
pub const MAPISPOOL_LOG_DEBUG: u32 = 4;

/// How a spooler is to be. Fill with zeros, set cbSize and lpszProfileName, and whatever else is wanted:
/// `MAPISPOOLOPTIONS options = {}; options.cbSize = sizeof options;`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MAPISPOOLOPTIONS {
    /// Size of this struct in bytes as the caller knows it.
    pub cbSize: ULONG,
    /// MAPISPOOL_LOCAL, MAPISPOOL_MANUAL, both or 0.
    pub ulFlags: ULONG,
    /// The profile's name, UTF-8, not empty, at most 65,535 bytes. Opens of a store count as opens of the
    /// same store only under the same profile name. Copied. Required.
    pub lpszProfileName: *const c_char,
    /// How long a LOGOFF_ABORT waits for what is in process to stop, in milliseconds: 1 to 0xFFFFFFFE;
    /// 0 is the default, 15,000; MAPISPOOL_INFINITE is no limit.
    pub ulAbortLimit: ULONG,
    /// How long a LOGOFF_PURGE waits, in milliseconds: 1 to 0xFFFFFFFE; 0 is the default, no limit.
    pub ulPurgeLimit: ULONG,
    /// How long a message waits that is to be offered again later, in milliseconds: 1 to 0xFFFFFFFE;
    /// 0 is the default, 5,000. It doubles with each error in a row, up to 64 times.
    pub ulRetryPause: ULONG,
    /// How long until a message that transports declined with MAPI_E_NOT_ME is offered to them again, in
    /// milliseconds: 1 to 0xFFFFFFFE; 0 is the default, 300,000 (five minutes).
    pub ulDeclinedPause: ULONG,
    /// Directory in which processes see each other's opens, UTF-8, absolute; made if missing. Copied. NULL:
    /// `mapispool` in the user's runtime directory; on Windows in `%LOCALAPPDATA%`, where each user has one in all
    /// sessions. It must belong to this user and be closed to others; on Windows that is for the caller to see to.
    pub lpszPresenceDirectory: *const c_char,
    /// Given to the functions below. From the S_OK of #MapiSpoolerOpen to its Destroy.
    pub lpvContext: *mut c_void,
    /// Log callback, or NULL. Called on any thread, one call at a time, outside every lock of the library;
    /// lpszText is UTF-8, one line, valid during the call. What calls inside it do there and then is not logged.
    pub lpfnLog: Option<
        unsafe extern "C" fn(lpvContext: *mut c_void, ulLevel: ULONG, lpszText: *const c_char),
    >,
    /// Called as the first thing on each thread that the spooler starts, or NULL: the place for
    /// MAPIInitialize, CoInitializeEx or a virtual machine's attach.
    pub lpfnThreadStart: Option<unsafe extern "C" fn(lpvContext: *mut c_void)>,
    /// Called as the last thing on each such thread, or NULL.
    pub lpfnThreadEnd: Option<unsafe extern "C" fn(lpvContext: *mut c_void)>,
    /// Finalizer of lpvContext, or NULL. Called once, inside the #MapiSpoolerClose that succeeds, as the
    /// last call with this context.
    pub lpfnDestroy: Option<unsafe extern "C" fn(lpvContext: *mut c_void)>,
    /// MAPIAllocateBuffer, or NULL: what IMAPISupport::GetLastError allocates its answer with where
    /// #MapiStoreGetSupport is given no support object of a host. In MAPI's calling convention. Called on
    /// the caller's thread, until the last store logon is over.
    pub lpfnAllocateBuffer: LPALLOCATEBUFFER,
}

/// A message as a transport sees it. Valid until EndMessage has returned, the transfer has been ended, or
/// the TransportNotify it was given to has returned.
#[repr(C)]
pub struct MAPISPOOLMESSAGE {
    /// Size of this struct in bytes as the library knows it.
    pub cbSize: ULONG,
    /// BEGIN_DEFERRED: this transport deferred the message before and gets it again. Else 0.
    pub ulFlags: ULONG,
    /// Length of lpEntryID in bytes; 0 for a message that is being received.
    pub cbEntryID: ULONG,
    /// The message's entry identifier as it was submitted; NULL for a message that is being received.
    pub lpEntryID: *const c_void,
    /// Length of lpStoreEntryID in bytes.
    pub cbStoreEntryID: ULONG,
    /// Entry identifier of the message's store. A message's identifier alone is not unique among stores.
    pub lpStoreEntryID: *const c_void,
    /// The context of the store's logon (its oldest one when the message was handed out). Its Released
    /// does not run while this message is valid. NULL in a NOTIFY_ABORT_DEFERRED that comes after the store
    /// has been released: to a transport that recovers from a critical error.
    pub lpvStoreContext: *mut c_void,
    /// The transfer, for #MapiTransferSpoolerYield; NULL in NOTIFY_ABORT_DEFERRED.
    pub hTransfer: HMAPITRANSFER,
}

/// The callbacks of a transport: its IXPLogon. Each may be NULL; without SubmitMessage the transport is
/// self-driven: it asks for messages with #MapiTransportTakeMessage or begins its own.
///
/// A driven transport is called by one thread of its own, TransportNotify excepted. No lock of the library
/// is held in any callback. None may unwind (throw) into the library.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MAPITRANSPORTOPS {
    /// Size of this struct in bytes as the caller knows it.
    pub cbSize: ULONG,
    /// Sends a message (IXPLogon::SubmitMessage). Returns S_OK: EndMessage decides;
    /// MAPI_W_PARTIAL_COMPLETION: its recipients are done, others are left; MAPI_E_NOT_ME: not for this
    /// transport; MAPI_E_BUSY: not now, ask again shortly; MAPI_E_WAIT or MAPI_E_NETWORK_ERROR: not before
    /// *lpulRetrySeconds seconds; MAPI_E_CANCEL: after BEGIN_DEFERRED, keep it deferred; anything else,
    /// MAPI_W_CANCEL_MESSAGE too: later, after a growing pause. A permanent failure is reported by the
    /// transport's own means (a report message), and then S_OK. *lpulRetrySeconds is 0 on entry.
    pub SubmitMessage: Option<
        unsafe extern "C" fn(
            lpvContext: *mut c_void,
            lpMessage: *const MAPISPOOLMESSAGE,
            lpulRetrySeconds: *mut ULONG,
        ) -> HRESULT,
    >,
    /// Follows each SubmitMessage that returned S_OK or another success (IXPLogon::EndMessage).
    /// *lpulEndFlags is 0 on entry: the message has been sent, after S_OK. Or one of END_RESEND_NOW,
    /// END_RESEND_LATER, END_DONT_RESEND. NULL: sent. An error keeps the message in the queue.
    pub EndMessage: Option<
        unsafe extern "C" fn(
            lpvContext: *mut c_void,
            lpMessage: *const MAPISPOOLMESSAGE,
            lpulEndFlags: *mut ULONG,
        ) -> HRESULT,
    >,
    /// Tells the transport something (IXPLogon::TransportNotify): one of the NOTIFY_* flags, or
    /// NOTIFY_ABORT_DEFERRED with NOTIFY_CANCEL_MESSAGE for a deferred message whose submission is
    /// aborted. lpMessage is NULL but for NOTIFY_CANCEL_MESSAGE and NOTIFY_ABORT_DEFERRED. Comes from the
    /// spooler's control thread, also while SubmitMessage runs. The result is logged and changes nothing.
    pub TransportNotify: Option<
        unsafe extern "C" fn(
            lpvContext: *mut c_void,
            ulFlags: ULONG,
            lpMessage: *const MAPISPOOLMESSAGE,
        ) -> HRESULT,
    >,
    /// Sends what the transport holds (IXPLogon::FlushQueues), once for each LOGOFF_PURGE, with
    /// FLUSH_UPLOAD. The purge waits for its return. Of a driven transport it comes from the transport's own
    /// thread, of a self-driven one from the control thread, where all notifications wait behind it. The
    /// result is logged and changes nothing.
    pub FlushQueues:
        Option<unsafe extern "C" fn(lpvContext: *mut c_void, ulFlags: ULONG) -> HRESULT>,
    /// The last call but Destroy (IXPLogon::TransportLogoff). ulFlags is 0. The place to join threads of
    /// the transport's own. The result is logged and changes nothing.
    pub TransportLogoff:
        Option<unsafe extern "C" fn(lpvContext: *mut c_void, ulFlags: ULONG) -> HRESULT>,
    /// Finalizer of the context: runs exactly once for each transport that was added.
    pub Destroy: Option<unsafe extern "C" fn(lpvContext: *mut c_void)>,
}

/// The callbacks of a store: the spooler's own IMsgStore object of it (IMSProvider::SpoolerLogon), not the
/// client's. Each may be NULL. SetLockState and FinishedMsg of one store never overlap, and Released comes when
/// neither runs with its context. No lock of the library is held in any callback. None may unwind (throw)
/// into the library.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MAPISTOREOPS {
    /// Size of this struct in bytes as the caller knows it.
    pub cbSize: ULONG,
    /// Locks a message before it is sent, or unlocks it when it goes back to the queue
    /// (IMsgStore::SetLockState): ulLockState is MSG_LOCKED or MSG_UNLOCKED. Must fail with
    /// MAPI_E_NOT_FOUND for a message that is no longer submitted (it leaves the queue), and with another
    /// error where somebody else has it (it is tried again later). Not called for a message that was sent.
    pub SetLockState: Option<
        unsafe extern "C" fn(
            lpvContext: *mut c_void,
            cbEntryID: ULONG,
            lpEntryID: *const c_void,
            ulLockState: ULONG,
        ) -> HRESULT,
    >,
    /// The message has been sent (IMsgStore::FinishedMsg): take it out of the Outbox and drop its lock.
    /// Once for each message. ulFlags is 0. An error is logged; the message is not sent again.
    pub FinishedMsg: Option<
        unsafe extern "C" fn(
            lpvContext: *mut c_void,
            ulFlags: ULONG,
            cbEntryID: ULONG,
            lpEntryID: *const c_void,
        ) -> HRESULT,
    >,
    /// The spooler has given up this store logon: the last call with this context, exactly once for each
    /// open that succeeded, and the place to free it. ulFlags: LOGOFF_COMPLETE and the status flags as
    /// they then were. Runs on a thread of the spooler, or inside the call that releases.
    pub Released: Option<unsafe extern "C" fn(lpvContext: *mut c_void, ulFlags: ULONG)>,
}

/// What a store is doing; see #MapiStoreGetStatus.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MAPISPOOLSTATUS {
    /// Size of this struct in bytes as the caller knows it. Set before the call.
    pub cbSize: ULONG,
    /// LOGOFF_INBOUND, LOGOFF_OUTBOUND, LOGOFF_OUTBOUND_QUEUE as they apply, and LOGOFF_COMPLETE when this
    /// store logon is over.
    pub ulFlags: ULONG,
    /// Messages queued that some transport may take now.
    pub cReady: ULONG,
    /// Messages queued that wait: for a time, a lock, a transport, or as deferred.
    pub cWaiting: ULONG,
    /// Messages being sent, each until its FinishedMsg has returned.
    pub cOutbound: ULONG,
    /// Messages being received.
    pub cInbound: ULONG,
    /// Messages sent since the store was opened in this spooler.
    pub cFinished: ULONG,
}
