//! A provider's C callbacks, as the spooler calls them.

use super::types::*;
use crate::engine::{HResult, Level, StoreWants, TransportWants, mapi};
use crate::spooler::last_error::one_line;
use crate::spooler::{AllocateBuffer, Hooks, Message, StoreCalls, TransportCalls};
use std::ffi::{CString, c_void};
use std::ptr;
use std::sync::{Arc, OnceLock};

/// A provider's context. The header makes the provider answer for its use on any thread.
#[derive(Clone, Copy)]
struct Context(*mut c_void);

// SAFETY: the library only hands it back; the header says on which threads.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

/// Which callbacks a transport has.
pub fn transport_wants(ops: &MAPITRANSPORTOPS) -> TransportWants {
    TransportWants {
        submit: ops.SubmitMessage.is_some(),
        notify: ops.TransportNotify.is_some(),
        flush: ops.FlushQueues.is_some(),
        logoff: ops.TransportLogoff.is_some() || ops.Destroy.is_some(),
    }
}

/// A transport of C callbacks.
pub fn transport(ops: MAPITRANSPORTOPS, context: *mut c_void) -> Arc<dyn TransportCalls> {
    Arc::new(Transport {
        ops,
        context: Context(context),
    })
}

struct Transport {
    ops: MAPITRANSPORTOPS,
    context: Context,
}

impl TransportCalls for Transport {
    fn submit_message(&self, message: &Message) -> (HResult, u32) {
        let Some(submit) = self.ops.SubmitMessage else {
            return (HResult(mapi::MAPI_E_NOT_ME), 0);
        };
        let mut seconds = 0;
        // SAFETY: the provider's function, with its context and a message that lives during the call.
        let result = unsafe { submit(self.context.0, &shown(message), &mut seconds) };
        (HResult(result), seconds)
    }

    fn end_message(&self, message: &Message) -> (HResult, u32) {
        let Some(end) = self.ops.EndMessage else {
            return (HResult::OK, 0);
        };
        let mut flags = 0;
        // SAFETY: the provider's function, with its context and a message that lives during the call.
        let result = unsafe { end(self.context.0, &shown(message), &mut flags) };
        (HResult(result), flags)
    }

    fn transport_notify(&self, flags: u32, message: Option<&Message>) -> HResult {
        let Some(notify) = self.ops.TransportNotify else {
            return HResult::OK;
        };
        let message = message.map(shown);
        let pointer = message.as_ref().map_or(ptr::null(), ptr::from_ref);
        // SAFETY: the provider's function, with its context and a message that lives during the call.
        HResult(unsafe { notify(self.context.0, flags, pointer) })
    }

    fn flush_queues(&self, flags: u32) -> HResult {
        // SAFETY: the provider's function, with its context.
        HResult(
            self.ops
                .FlushQueues
                .map_or(mapi::S_OK, |flush| unsafe { flush(self.context.0, flags) }),
        )
    }

    fn transport_logoff(&self, flags: u32) -> HResult {
        // SAFETY: the provider's function, with its context.
        HResult(
            self.ops
                .TransportLogoff
                .map_or(mapi::S_OK, |logoff| unsafe {
                    logoff(self.context.0, flags)
                }),
        )
    }

    fn destroy(&self) {
        if let Some(destroy) = self.ops.Destroy {
            // SAFETY: the provider's function, with its context, for the last time.
            unsafe { destroy(self.context.0) };
        }
    }
}

/// A message as C sees it. It points into `message`, which must outlive it.
fn shown(message: &Message) -> MAPISPOOLMESSAGE {
    let id = message.id.as_deref();
    MAPISPOOLMESSAGE {
        cbSize: size_of::<MAPISPOOLMESSAGE>() as u32,
        ulFlags: message.flags,
        cbEntryID: id.map_or(0, |id| id.len() as u32),
        lpEntryID: id.map_or(ptr::null(), |id| id.as_ptr().cast()),
        cbStoreEntryID: message.store_id.len() as u32,
        lpStoreEntryID: message.store_id.as_ptr().cast(),
        lpvStoreContext: ptr::with_exposed_provenance_mut(message.store_context),
        hTransfer: message
            .transfer
            .map_or(ptr::null_mut(), |transfer| transfer.as_ptr()),
    }
}

/// A message that a self-driven transport has been handed, and what C sees of it once it stays in its place.
pub struct HandedOut {
    message: Message,
    shown: OnceLock<MAPISPOOLMESSAGE>,
}

// SAFETY: read only; what it points to lives in it, but for the context, for which the provider answers.
unsafe impl Send for HandedOut {}
// SAFETY: as above.
unsafe impl Sync for HandedOut {}

impl HandedOut {
    pub fn new(message: Message) -> HandedOut {
        HandedOut {
            message,
            shown: OnceLock::new(),
        }
    }

    /// What the caller gets: valid as long as its transfer keeps this.
    pub fn as_ptr(self: &Arc<Self>) -> *const MAPISPOOLMESSAGE {
        self.shown.get_or_init(|| shown(&self.message))
    }
}

/// Which callbacks a store has.
pub fn store_wants(ops: &MAPISTOREOPS) -> StoreWants {
    StoreWants {
        set_lock_state: ops.SetLockState.is_some(),
        finished_msg: ops.FinishedMsg.is_some(),
        // Also without a callback: the spooler frees what it keeps of the logon with it.
        released: true,
    }
}

/// A store of C callbacks.
pub fn store(ops: MAPISTOREOPS, context: *mut c_void) -> Arc<dyn StoreCalls> {
    Arc::new(Store {
        ops,
        context: Context(context),
    })
}

struct Store {
    ops: MAPISTOREOPS,
    context: Context,
}

impl StoreCalls for Store {
    fn set_lock_state(&self, id: &[u8], state: u32) -> HResult {
        let Some(set_lock_state) = self.ops.SetLockState else {
            return HResult::OK;
        };
        // SAFETY: the provider's function, with its context and an identifier that lives during the call.
        HResult(unsafe {
            set_lock_state(self.context.0, id.len() as u32, id.as_ptr().cast(), state)
        })
    }

    fn finished_msg(&self, flags: u32, id: &[u8]) -> HResult {
        let Some(finished_msg) = self.ops.FinishedMsg else {
            return HResult::OK;
        };
        // SAFETY: the provider's function, with its context and an identifier that lives during the call.
        HResult(unsafe { finished_msg(self.context.0, flags, id.len() as u32, id.as_ptr().cast()) })
    }

    fn released(&self, flags: u32) {
        if let Some(released) = self.ops.Released {
            // SAFETY: the provider's function, with its context, for the last time.
            unsafe { released(self.context.0, flags) };
        }
    }

    fn context(&self) -> usize {
        self.context.0.expose_provenance()
    }
}

/// The hooks of a spooler's options.
pub fn hooks(options: &MAPISPOOLOPTIONS) -> Box<dyn Hooks> {
    Box::new(OptionHooks {
        context: Context(options.lpvContext),
        log: options.lpfnLog,
        thread_start: options.lpfnThreadStart,
        thread_end: options.lpfnThreadEnd,
        destroy: options.lpfnDestroy,
        allocate_buffer: options.lpfnAllocateBuffer,
    })
}

type ContextHook = unsafe extern "C" fn(*mut c_void);

struct OptionHooks {
    context: Context,
    log: Option<unsafe extern "C" fn(*mut c_void, ULONG, *const std::ffi::c_char)>,
    thread_start: Option<ContextHook>,
    thread_end: Option<ContextHook>,
    destroy: Option<ContextHook>,
    allocate_buffer: LPALLOCATEBUFFER,
}

impl OptionHooks {
    fn call(&self, hook: Option<ContextHook>) {
        if let Some(hook) = hook {
            // SAFETY: the caller's function, with its context.
            unsafe { hook(self.context.0) };
        }
    }
}

fn log_level(level: Level) -> u32 {
    match level {
        Level::Error => MAPISPOOL_LOG_ERROR,
        Level::Warning => MAPISPOOL_LOG_WARNING,
        Level::Info => MAPISPOOL_LOG_INFO,
        Level::Debug => MAPISPOOL_LOG_DEBUG,
    }
}

impl Hooks for OptionHooks {
    fn log(&self, level: Level, line: &str) {
        if let (Some(log), Ok(text)) = (self.log, CString::new(one_line(line))) {
            // SAFETY: the caller's function, with its context and a text that lives during the call.
            unsafe { log(self.context.0, log_level(level), text.as_ptr()) };
        }
    }

    fn log_level(&self) -> Option<Level> {
        self.log.map(|_| Level::Debug)
    }

    fn thread_start(&self) {
        self.call(self.thread_start);
    }

    fn thread_end(&self) {
        self.call(self.thread_end);
    }

    fn allocator(&self) -> Option<AllocateBuffer> {
        self.allocate_buffer
    }

    fn destroy(&self) {
        self.call(self.destroy);
    }
}
