//! The spooler as a store provider sees it that knows mapispi.h and nothing of this library: the support object, an
//! `IMAPISupport`.
//!
//! This room translates, and decides nothing. Methods that are the spooler's call it; all others are forwarded to
//! the support object of the host, untouched.

// MAPI's own naming.
#![allow(
    non_snake_case,
    non_camel_case_types,
    non_upper_case_globals,
    clippy::upper_case_acronyms
)]

mod mapi_error;
mod methods;
mod own;
mod support;

pub use methods::LPMAPISUP;
pub use support::get_support;

use std::ffi::c_void;

/// A pointer that passes through, to whatever it may point.
type Ptr = *mut c_void;
/// Pointer-sized, as Microsoft's headers have it. (mingw-w64's say ULONG: there the upper half is not looked at.)
type ULONG_PTR = usize;

/// An interface identifier.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct GUID {
    Data1: u32,
    Data2: u16,
    Data3: u16,
    Data4: [u8; 8],
}

const fn ole_guid(Data1: u32) -> GUID {
    GUID {
        Data1,
        Data2: 0,
        Data3: 0,
        Data4: [0xC0, 0, 0, 0, 0, 0, 0, 0x46],
    }
}

/// unknwn.h.
const IID_IUnknown: GUID = ole_guid(0);
/// mapiguid.h.
const IID_IMAPISup: GUID = ole_guid(0x0002_030F);
