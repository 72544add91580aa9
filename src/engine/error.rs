//! Everything that can go wrong in a call, and the one place that turns it into an HRESULT and a sentence.

use super::mapi::*;

/// Why a call failed. Whatever the reason: nothing has changed, no output was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A required pointer is null; which one.
    NullPointer(&'static str),
    /// A handle is null, released, of another kind, or never was one; which kind was wanted.
    BadHandle(&'static str),
    /// A parameter has a value outside its range; which, and what is allowed.
    BadParameter(&'static str),
    /// A string is not UTF-8; which one.
    NotUtf8(&'static str),
    /// An entry identifier is empty or too long; its parameter and length.
    BadEntryId(&'static str, u32),
    /// A struct's cbSize is too small, or it holds something that this version does not know.
    BadStruct(&'static str, u32),
    /// Bits that are not known; the whole word.
    UnknownFlags(u32),
    /// No instruction, or more than one; the whole word.
    NotOneInstruction(u32),
    /// A transfer's result and end flags do not go together.
    EndFlags(HResult, u32),
    /// The transport is driven where a self-driven one is wanted.
    NotSelfDriven,
    /// The transfer is ended by its driven transport's callbacks.
    NotYours,
    /// Two handles of different spoolers in one call.
    OtherSpooler,
    /// The store logon is over.
    Over,
    /// The COM object has been released for the last time.
    Released,
    /// The COM object does not have this interface.
    NoInterface,
    /// The support object has nobody to do this for it; what is missing.
    NoSupport(&'static str),
    /// The handle was made before a fork, in the parent.
    Forked,
    /// Something else holds the object just now, or the call would wait for its own thread; which.
    Busy(Busy),
    /// The message is queued or in process already.
    Submitted,
    /// The message is not in the queue.
    NotInQueue,
    /// The message is in process.
    UnableToAbort,
    /// There is no such message any more, or the transport has not deferred it.
    NotFound(&'static str),
    /// Another store is the default Inbox.
    Collision,
    /// The spooler is closing, or the transport is being removed.
    EndOfSession,
    /// A limit passed.
    Timeout(&'static str),
    /// The spooler is of the other kind (threads or manual mode).
    WrongMode,
    /// The caller's buffer is too small.
    BufferTooSmall,
    /// No more handles, threads or transports; which.
    Exhausted(String),
    /// Opens of other processes cannot be seen; why.
    Presence(String),
    /// Memory ran out.
    Memory,
    /// A defect inside the library; the panic's message.
    Defect(String),
}

/// What a caller met that answers `MAPI_E_BUSY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    AnotherLogoff,
    InCallback,
    OwnTransfer,
    Purge,
    GatesShut,
    ReceptionOff,
    CriticalError,
    Removing,
    DeferredElsewhere,
    Locked(HResult),
}

impl Error {
    /// The result that the C interface returns.
    pub fn hresult(&self) -> HResult {
        HResult(match self {
            Error::NullPointer(_)
            | Error::BadHandle(_)
            | Error::BadParameter(_)
            | Error::NotOneInstruction(_)
            | Error::EndFlags(..)
            | Error::NotSelfDriven
            | Error::NotYours
            | Error::OtherSpooler => MAPI_E_INVALID_PARAMETER,
            Error::NotUtf8(_) => MAPI_E_BAD_CHARWIDTH,
            Error::BadEntryId(..) => MAPI_E_INVALID_ENTRYID,
            Error::BadStruct(..) => MAPI_E_VERSION,
            Error::UnknownFlags(_) => MAPI_E_UNKNOWN_FLAGS,
            Error::Over | Error::Released | Error::Forked => MAPI_E_INVALID_OBJECT,
            Error::NoInterface => MAPI_E_INTERFACE_NOT_SUPPORTED,
            Error::Busy(_) => MAPI_E_BUSY,
            Error::Submitted => MAPI_E_SUBMITTED,
            Error::NotInQueue => MAPI_E_NOT_IN_QUEUE,
            Error::UnableToAbort => MAPI_E_UNABLE_TO_ABORT,
            Error::NotFound(_) => MAPI_E_NOT_FOUND,
            Error::Collision => MAPI_E_COLLISION,
            Error::EndOfSession => MAPI_E_END_OF_SESSION,
            Error::Timeout(_) => MAPI_E_TIMEOUT,
            Error::WrongMode | Error::NoSupport(_) => MAPI_E_NO_SUPPORT,
            Error::BufferTooSmall => MAPI_E_TOO_BIG,
            Error::Exhausted(_) => MAPI_E_NOT_ENOUGH_RESOURCES,
            Error::Presence(_) => MAPI_E_NO_ACCESS,
            Error::Memory => MAPI_E_NOT_ENOUGH_MEMORY,
            Error::Defect(_) => MAPI_E_CALL_FAILED,
        })
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::NullPointer(name) => write!(f, "{name} is a null pointer"),
            Error::BadHandle(kind) => {
                write!(f, "the handle is not that of a {kind}: null, released, of another kind, or never was one")
            }
            Error::BadParameter(what) | Error::NoSupport(what) => f.write_str(what),
            Error::NotUtf8(name) => write!(f, "{name} is not UTF-8"),
            Error::BadEntryId(name, length) => {
                write!(f, "{name} has {length} bytes; an entry identifier has 1 to 65,535")
            }
            Error::BadStruct(name, size) => write!(
                f,
                "{name}->cbSize is {size}: too small, or the struct holds something this version does not know"
            ),
            Error::UnknownFlags(word) => write!(f, "the flags {word:#010x} hold an unknown bit"),
            Error::NotOneInstruction(word) => write!(
                f,
                "the flags {word:#010x} hold not exactly one of LOGOFF_NO_WAIT, LOGOFF_ORDERLY, LOGOFF_PURGE, LOGOFF_ABORT, LOGOFF_QUIET"
            ),
            Error::EndFlags(result, flags) => {
                write!(f, "end flags {flags:#010x} do not go with the result {result}")
            }
            Error::NotSelfDriven => f.write_str("the transport has SubmitMessage: the spooler drives it"),
            Error::NotYours => {
                f.write_str("the transfer belongs to a driven transport: its SubmitMessage and EndMessage end it")
            }
            Error::OtherSpooler => f.write_str("the handles belong to different spoolers"),
            Error::Over => f.write_str("the store logon is over: it has been logged off"),
            Error::Released => f.write_str("the support object has been released"),
            Error::NoInterface => f.write_str("a support object is an IMAPISupport, and nothing else"),
            Error::Forked => f.write_str("the handle was made before a fork, and belongs to the parent process"),
            Error::Busy(busy) => busy.fmt(f),
            Error::Submitted => f.write_str("the message is queued or in process already"),
            Error::NotInQueue => f.write_str("the message is not in the store's queue"),
            Error::UnableToAbort => f.write_str("the message is in process"),
            Error::NotFound(what) => f.write_str(what),
            Error::Collision => f.write_str("another store of the spooler is the default Inbox"),
            Error::EndOfSession => f.write_str("the spooler is closing, or the transport is being removed"),
            Error::Timeout(what) => f.write_str(what),
            Error::WrongMode => f.write_str("the spooler was not opened with MAPISPOOL_MANUAL"),
            Error::BufferTooSmall => f.write_str("the buffer is too small for the text"),
            Error::Exhausted(what) | Error::Presence(what) => f.write_str(what),
            Error::Memory => f.write_str("out of memory"),
            Error::Defect(what) => write!(f, "a defect inside mapispool: {what}"),
        }
    }
}

impl std::fmt::Display for Busy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Busy::AnotherLogoff => f.write_str("another thread's logoff of the store is waiting"),
            Busy::InCallback => {
                f.write_str("inside a callback of the spooler this call would wait for itself")
            }
            Busy::OwnTransfer => f.write_str(
                "this thread began a transfer that has not ended, and would wait for itself",
            ),
            Busy::Purge => f.write_str("a purge of the store runs"),
            Busy::GatesShut => f.write_str("a logoff has shut the store's outbound gate"),
            Busy::ReceptionOff => f.write_str(
                "reception is off: a logoff has shut the gate, or there is no default Inbox",
            ),
            Busy::CriticalError => {
                f.write_str("the transport reported a critical error and not yet that it is ready")
            }
            Busy::Removing => f.write_str("the transport is being removed"),
            Busy::DeferredElsewhere => f.write_str("another transport keeps the message deferred"),
            Busy::Locked(result) => write!(
                f,
                "the message's lock could not be had (SetLockState: {result})"
            ),
        }
    }
}
