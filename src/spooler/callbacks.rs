//! What the spooler calls: the providers and hooks behind it, whatever language they are written in.

use super::handles::Handle;
use crate::engine::{EntryId, HResult, Level};
use std::ffi::c_void;

/// A message as a transport is shown it.
#[derive(Clone)]
pub struct Message {
    /// BEGIN_DEFERRED, or 0.
    pub flags: u32,
    /// `None` for a message that is being received.
    pub id: Option<EntryId>,
    pub store_id: EntryId,
    /// The store logon's context, as a number.
    pub store_context: usize,
    pub transfer: Option<Handle>,
}

/// A transport provider's logon: IXPLogon.
pub trait TransportCalls: Send + Sync {
    /// The result, and the seconds for MAPI_E_WAIT and MAPI_E_NETWORK_ERROR.
    fn submit_message(&self, message: &Message) -> (HResult, u32);
    /// The result and the end flags.
    fn end_message(&self, message: &Message) -> (HResult, u32);
    fn transport_notify(&self, flags: u32, message: Option<&Message>) -> HResult;
    fn flush_queues(&self, flags: u32) -> HResult;
    fn transport_logoff(&self, flags: u32) -> HResult;
    /// The last call.
    fn destroy(&self);
}

/// The spooler's own object of a message store: IMsgStore.
pub trait StoreCalls: Send + Sync {
    fn set_lock_state(&self, id: &[u8], state: u32) -> HResult;
    fn finished_msg(&self, flags: u32, id: &[u8]) -> HResult;
    /// The last call.
    fn released(&self, flags: u32);
    fn context(&self) -> usize;
}

/// What a spooler tells whoever opened it.
pub trait Hooks: Send + Sync {
    fn log(&self, level: Level, line: &str);
    /// Which lines are wanted.
    fn log_level(&self) -> Option<Level>;
    fn thread_start(&self);
    fn thread_end(&self);
    fn allocator(&self) -> Option<AllocateBuffer>;
    /// The last call.
    fn destroy(&self);
}

/// mapidefs.h's ALLOCATEBUFFER: a size in, a buffer out.
pub type AllocateBuffer = unsafe extern "system" fn(u32, *mut *mut c_void) -> i32;
