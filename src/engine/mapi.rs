//! MAPI's own words: the flags and results that this library takes and gives.
//!
//! Names and values are those of Microsoft's mapidefs.h, mapispi.h and mapicode.h. The constants are
//! public because the header generator reads them; inside the library the typed forms ([`HResult`],
//! [`Instruction`], [`Status`]) are used.

/// mapidefs.h: send what is ready in the background, then release the store.
pub const LOGOFF_NO_WAIT: u32 = 0x0000_0001;
/// mapidefs.h: let what is in process finish in the background, then release.
pub const LOGOFF_ORDERLY: u32 = 0x0000_0002;
/// mapidefs.h: give every queued message one attempt, wait for it, then release.
pub const LOGOFF_PURGE: u32 = 0x0000_0004;
/// mapidefs.h: stop what is in process, wait until it has stopped, then release.
pub const LOGOFF_ABORT: u32 = 0x0000_0008;
/// mapidefs.h: release only a store at rest with an empty queue.
pub const LOGOFF_QUIET: u32 = 0x0000_0010;

/// mapidefs.h, output: the logoff has been or will be performed.
pub const LOGOFF_COMPLETE: u32 = 0x0001_0000;
/// mapidefs.h, output: a message is being received into the store.
pub const LOGOFF_INBOUND: u32 = 0x0002_0000;
/// mapidefs.h, output: a message is being sent from the store.
pub const LOGOFF_OUTBOUND: u32 = 0x0004_0000;
/// mapidefs.h, output: the store's outbound queue is not empty.
pub const LOGOFF_OUTBOUND_QUEUE: u32 = 0x0008_0000;

/// mapidefs.h: SetLockState takes the message for the spooler.
pub const MSG_LOCKED: u32 = 0x0000_0001;
/// mapidefs.h: SetLockState gives the message back.
pub const MSG_UNLOCKED: u32 = 0x0000_0000;

/// mapidefs.h: FlushQueues is asked to send.
pub const FLUSH_UPLOAD: u32 = 0x0000_0002;

/// mapispi.h: the message was deferred before and is offered again.
pub const BEGIN_DEFERRED: u32 = 0x0000_0001;

/// mapispi.h: offer the message again at once.
pub const END_RESEND_NOW: u32 = 0x0001_0000;
/// mapispi.h: offer the message again after the retry pause.
pub const END_RESEND_LATER: u32 = 0x0002_0000;
/// mapispi.h: the transport keeps the message deferred and says NOTIFY_SENTDEFERRED.
pub const END_DONT_RESEND: u32 = 0x0004_0000;

/// mapispi.h, to the spooler: the transport can send again; from a store, its messages can be locked again.
pub const NOTIFY_READYTOSEND: u32 = 0x0000_0002;
/// mapispi.h, to the spooler: a deferred message is to be offered again.
pub const NOTIFY_SENTDEFERRED: u32 = 0x0000_0004;
/// mapispi.h, to the spooler: call this transport no more.
pub const NOTIFY_CRITICAL_ERROR: u32 = 0x1000_0000;
/// mapispi.h, to the spooler, from a store with a transport of its own: a message has come in.
pub const NOTIFY_NEWMAIL_RECEIVED: u32 = 0x2000_0000;

/// mapispi.h, to a transport: the default Inbox receives.
pub const NOTIFY_BEGIN_INBOUND: u32 = 0x0000_0001;
/// mapispi.h, to a transport: some store sends.
pub const NOTIFY_BEGIN_OUTBOUND: u32 = 0x0000_0002;
/// mapispi.h, to a transport: a purge begins.
pub const NOTIFY_BEGIN_OUTBOUND_FLUSH: u32 = 0x0000_0008;
/// mapispi.h, to a transport: the default Inbox receives no more.
pub const NOTIFY_END_INBOUND: u32 = 0x0001_0000;
/// mapispi.h, to a transport: no store sends any more.
pub const NOTIFY_END_OUTBOUND: u32 = 0x0002_0000;
/// mapispi.h, to a transport: the last purge has ended.
pub const NOTIFY_END_OUTBOUND_FLUSH: u32 = 0x0008_0000;
/// mapispi.h, to a transport: a deferred message is asked back.
pub const NOTIFY_ABORT_DEFERRED: u32 = 0x4000_0000;
/// mapispi.h, to a transport: stop the transfer of this message.
pub const NOTIFY_CANCEL_MESSAGE: u32 = 0x8000_0000;

macro_rules! results {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: i32 = $value as u32 as i32;)*

        /// The MAPI name of a result, where it is one that the spooler knows.
        fn name(value: i32) -> Option<&'static str> {
            match value {
                $($name => Some(stringify!($name)),)*
                _ => None,
            }
        }
    };
}

results! {
    /// winerror.h: success.
    S_OK = 0;
    /// mapicode.h: the object does not have the interface that was asked for.
    MAPI_E_INTERFACE_NOT_SUPPORTED = 0x8000_4002u32;
    /// mapicode.h: a defect inside the library.
    MAPI_E_CALL_FAILED = 0x8000_4005u32;
    /// mapicode.h: out of memory, where it can be seen.
    MAPI_E_NOT_ENOUGH_MEMORY = 0x8007_000Eu32;
    /// mapicode.h: a null pointer, a bad handle, or a value that does not fit.
    MAPI_E_INVALID_PARAMETER = 0x8007_0057u32;
    /// mapicode.h: files or directories that cannot be opened or trusted.
    MAPI_E_NO_ACCESS = 0x8007_0005u32;
    /// mapicode.h: not in this mode; a method of a support object that nobody is there for.
    MAPI_E_NO_SUPPORT = 0x8004_0102u32;
    /// mapicode.h: a string that is not UTF-8.
    MAPI_E_BAD_CHARWIDTH = 0x8004_0103u32;
    /// mapicode.h: a bit that is not known.
    MAPI_E_UNKNOWN_FLAGS = 0x8004_0106u32;
    /// mapicode.h: an entry identifier that is empty or too long.
    MAPI_E_INVALID_ENTRYID = 0x8004_0107u32;
    /// mapicode.h: a store logon that is over, or a handle inherited through fork.
    MAPI_E_INVALID_OBJECT = 0x8004_0108u32;
    /// mapicode.h: not now; the function says why.
    MAPI_E_BUSY = 0x8004_010Bu32;
    /// mapicode.h: no thread, handle or file descriptor is left.
    MAPI_E_NOT_ENOUGH_RESOURCES = 0x8004_010Eu32;
    /// mapicode.h: there is no such message.
    MAPI_E_NOT_FOUND = 0x8004_010Fu32;
    /// mapicode.h: a cbSize that cannot be served.
    MAPI_E_VERSION = 0x8004_0110u32;
    /// mapicode.h, from a transport: it stopped because it was told to.
    MAPI_E_USER_CANCEL = 0x8004_0113u32;
    /// mapicode.h: the message is in process.
    MAPI_E_UNABLE_TO_ABORT = 0x8004_0114u32;
    /// mapicode.h, from a transport: later, after the seconds it gives.
    MAPI_E_NETWORK_ERROR = 0x8004_0115u32;
    /// mapicode.h: the spooler is closing.
    MAPI_E_END_OF_SESSION = 0x8004_0200u32;
    /// mapicode.h: the buffer is too small.
    MAPI_E_TOO_BIG = 0x8004_0305u32;
    /// mapicode.h: the time is up.
    MAPI_E_TIMEOUT = 0x8004_0401u32;
    /// mapicode.h, from a transport: later, after the seconds it gives.
    MAPI_E_WAIT = 0x8004_0500u32;
    /// mapicode.h, from a transport: it keeps the deferred message.
    MAPI_E_CANCEL = 0x8004_0501u32;
    /// mapicode.h, from a transport: the message is not for it.
    MAPI_E_NOT_ME = 0x8004_0502u32;
    /// mapicode.h, to a transport: stop this transfer.
    MAPI_W_CANCEL_MESSAGE = 0x0004_0580u32;
    /// mapicode.h: the message is not queued.
    MAPI_E_NOT_IN_QUEUE = 0x8004_0601u32;
    /// mapicode.h: there is one already.
    MAPI_E_COLLISION = 0x8004_0604u32;
    /// mapicode.h: the message is queued or in process already.
    MAPI_E_SUBMITTED = 0x8004_0608u32;
    /// mapicode.h, from a transport: its recipients are done, others are left.
    MAPI_W_PARTIAL_COMPLETION = 0x0004_0680u32;
}

/// A result as MAPI spells it: negative is an error, zero `S_OK`, positive a success with a remark.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HResult(pub i32);

impl HResult {
    pub const OK: HResult = HResult(S_OK);

    /// `SUCCEEDED(hr)`.
    pub fn succeeded(self) -> bool {
        self.0 >= 0
    }
}

impl std::fmt::Display for HResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match name(self.0) {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#010x}", self.0),
        }
    }
}

impl std::fmt::Debug for HResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// What a caller asks of a logoff: exactly one of the five input flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Instruction {
    NoWait,
    Orderly,
    Purge,
    Abort,
    Quiet,
}

impl Instruction {
    pub const ALL: [Instruction; 5] = [
        Instruction::NoWait,
        Instruction::Orderly,
        Instruction::Purge,
        Instruction::Abort,
        Instruction::Quiet,
    ];

    /// The flag as it stands in `*lpulFlags`.
    pub fn bits(self) -> u32 {
        match self {
            Instruction::NoWait => LOGOFF_NO_WAIT,
            Instruction::Orderly => LOGOFF_ORDERLY,
            Instruction::Purge => LOGOFF_PURGE,
            Instruction::Abort => LOGOFF_ABORT,
            Instruction::Quiet => LOGOFF_QUIET,
        }
    }

    /// Whether the call waits until the store has been logged off.
    pub fn waits(self) -> bool {
        matches!(self, Instruction::Purge | Instruction::Abort)
    }

    /// The name without its prefix, for the log.
    pub fn name(self) -> &'static str {
        match self {
            Instruction::NoWait => "NO_WAIT",
            Instruction::Orderly => "ORDERLY",
            Instruction::Purge => "PURGE",
            Instruction::Abort => "ABORT",
            Instruction::Quiet => "QUIET",
        }
    }
}

bitflags::bitflags! {
    /// The output flags of a logoff: COMPLETE and the status flags.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Status: u32 {
        const COMPLETE = LOGOFF_COMPLETE;
        const INBOUND = LOGOFF_INBOUND;
        const OUTBOUND = LOGOFF_OUTBOUND;
        const OUTBOUND_QUEUE = LOGOFF_OUTBOUND_QUEUE;
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing");
        }
        let mut separator = "";
        for (name, _) in self.iter_names() {
            write!(f, "{separator}{name}")?;
            separator = " + ";
        }
        Ok(())
    }
}
