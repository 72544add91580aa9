//! MAPI's form of a reason.

use super::Ptr;
use crate::capi::ULONG;
use crate::engine::{Error, mapi};
use crate::spooler::AllocateBuffer;
use std::ptr;

/// mapidefs.h.
#[repr(C)]
struct MAPIERROR {
    ulVersion: ULONG,
    lpszError: Ptr,
    lpszComponent: Ptr,
    ulLowLevelError: ULONG,
    ulContext: ULONG,
}

/// A MAPIERROR in one block with its texts, so that one MAPIFreeBuffer frees it.
pub fn make(allocate_buffer: AllocateBuffer, reason: &str, unicode: bool) -> Result<Ptr, Error> {
    let error = text(reason, unicode);
    let component = text("mapispool", unicode);
    let header = size_of::<MAPIERROR>();
    let mut block: Ptr = ptr::null_mut();
    let size = (header + error.len() + component.len()) as ULONG;
    // SAFETY: the host's function, with a size and a place for the buffer.
    let result = unsafe { allocate_buffer(size, &mut block) };
    if result != mapi::S_OK || block.is_null() {
        return Err(Error::Memory);
    }
    // SAFETY: the block has room for the struct and both texts.
    unsafe {
        let lpszError = block.byte_add(header);
        let lpszComponent = lpszError.byte_add(error.len());
        lpszError.copy_from_nonoverlapping(error.as_ptr().cast(), error.len());
        lpszComponent.copy_from_nonoverlapping(component.as_ptr().cast(), component.len());
        block.cast::<MAPIERROR>().write_unaligned(MAPIERROR {
            ulVersion: 0,
            lpszError,
            lpszComponent,
            ulLowLevelError: 0,
            ulContext: 0,
        });
    }
    Ok(block)
}

/// A terminated text: UTF-16, or the part that every 8-bit code page has.
fn text(text: &str, unicode: bool) -> Vec<u8> {
    if unicode {
        let units = text.encode_utf16().chain([0]);
        return units.flat_map(u16::to_ne_bytes).collect();
    }
    let ascii = |c: char| u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'?');
    text.chars().map(ascii).chain([0]).collect()
}
