//! Once it was used, the DLL stays loaded until the process ends, as the shared library does on Linux (build.rs).
//!
//! Rust's standard library never gives Windows its thread-local indexes back. A program that loads, uses and unloads the
//! DLL again and again runs out of them, which aborts it.

use std::ptr;
use std::sync::Once;

use windows_sys::Win32::System::LibraryLoader::{
    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
};

pub(super) fn stay_loaded() {
    static STAYS: Once = Once::new();
    STAYS.call_once(|| {
        let here = (&raw const STAYS).cast();
        let mut module = ptr::null_mut();
        // SAFETY: with these flags the name is any address inside the module, and the handle need not be given back.
        unsafe {
            GetModuleHandleExW(
                GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                here,
                &raw mut module,
            )
        };
    });
}
