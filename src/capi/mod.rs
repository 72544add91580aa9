//! The C interface: checks arguments and handles, fences panics, translates, calls the spooler.
//!
//! No decision is made here. The functions stand in the order of the header; cbindgen reads this room.

// MAPI's own naming, as the header shows it.
#![allow(non_snake_case, clippy::upper_case_acronyms)]
// Every function documents its pointers for C, in doxygen's words.
#![allow(clippy::missing_safety_doc)]

mod args;
mod callbacks;
mod spooler;
mod store;
#[cfg(test)]
mod tests;
mod transport;
mod types;

use crate::engine::{Error, mapi};
use crate::faults::{self, Room};
use crate::spooler::last_error;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use spooler::*;
pub use store::*;
pub use transport::*;
pub use types::*;

/// Runs a call: a panic stays inside, an error becomes a result and this thread's last error.
fn fence(call: impl FnOnce() -> Result<(), Error>) -> HRESULT {
    fence_with(|| call().map(|()| mapi::S_OK))
}

/// The same for a call whose success has more than one value.
fn fence_with(call: impl FnOnce() -> Result<HRESULT, Error>) -> HRESULT {
    let call = || {
        faults::point(Room::Spooler);
        call()
    };
    let result = catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|panic| Err(Error::Defect(message_of(panic))));
    result.unwrap_or_else(|error| {
        // Who asks for the reason with too small a buffer asks again, and wants that reason.
        if error != Error::BufferTooSmall {
            let _ = catch_unwind(AssertUnwindSafe(|| last_error::set(error.to_string())));
        }
        error.hresult().0
    })
}

/// What a panic says. The panic's own payload is forgotten: dropping it could panic again.
fn message_of(panic: Box<dyn Any + Send>) -> String {
    let message = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "a panic".to_owned(),
    };
    std::mem::forget(panic);
    message
}
