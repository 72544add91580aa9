//! The way into the library, of the C functions and of the COM methods: errors become results, and no panic gets out.

use crate::engine::{Error, mapi};
use crate::faults::{self, Room};
use crate::spooler::last_error;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a call: a panic stays inside, an error becomes a result and this thread's last error.
pub fn fence(call: impl FnOnce() -> Result<(), Error>) -> i32 {
    fence_with(|| call().map(|()| mapi::S_OK))
}

/// The same for a call whose success has more than one value.
pub fn fence_with(call: impl FnOnce() -> Result<i32, Error>) -> i32 {
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
