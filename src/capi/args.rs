//! Arguments from C, checked.

use super::types::*;
use crate::engine::{EntryId, Error, Limits};
use crate::spooler::{Mode, Options};
use std::ffi::{CStr, c_char, c_void};
use std::mem::{MaybeUninit, offset_of};
use std::path::PathBuf;
use std::{ptr, slice};

/// Entry identifiers and names have at most this many bytes.
const MOST: usize = 65_535;

/// A struct that begins with its size, and holds nothing but numbers and pointers that may be null.
///
/// # Safety
/// All-zero bytes are a value, and the first field is `cbSize`.
pub unsafe trait Versioned: Copy {
    /// Sizes that were once right.
    const OLDER: &[usize] = &[];
}

// SAFETY: numbers, pointers and optional functions; cbSize first.
unsafe impl Versioned for MAPISPOOLOPTIONS {
    const OLDER: &[usize] = &[offset_of!(MAPISPOOLOPTIONS, lpfnAllocateBuffer)];
}
// SAFETY: as above.
unsafe impl Versioned for MAPITRANSPORTOPS {}
// SAFETY: as above.
unsafe impl Versioned for MAPISTOREOPS {}
// SAFETY: as above.
unsafe impl Versioned for MAPISPOOLSTATUS {}

/// An output pointer.
pub fn out<'a, T>(pointer: *mut T, name: &'static str) -> Result<&'a mut T, Error> {
    // SAFETY: the caller passes a writable place of this type, or null.
    unsafe { pointer.as_mut() }.ok_or(Error::NullPointer(name))
}

/// A struct as this version knows it. A newer caller's is served if what it adds is zero, an older one's with zeros for
/// what it does not know.
///
/// # Safety
/// `pointer` is null or points to as many readable bytes as its first 32-bit word says.
pub unsafe fn versioned<T: Versioned>(pointer: *const T, name: &'static str) -> Result<T, Error> {
    if pointer.is_null() {
        return Err(Error::NullPointer(name));
    }
    // SAFETY: the struct begins with its size.
    let size = unsafe { pointer.cast::<u32>().read_unaligned() } as usize;
    let bad = Error::BadStruct(name, size as u32);
    let once_right = size >= size_of::<T>() || T::OLDER.contains(&size);
    if !once_right || size > MOST {
        return Err(bad);
    }
    // SAFETY: the struct has `size` bytes.
    let bytes = unsafe { slice::from_raw_parts(pointer.cast::<u8>(), size) };
    let (known, added) = bytes.split_at(size.min(size_of::<T>()));
    if added.iter().any(|byte| *byte != 0) {
        return Err(bad);
    }
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: no more is known than a T has; every bit pattern of the fields is a value, zeros too.
    Ok(unsafe {
        ptr::copy_nonoverlapping(known.as_ptr(), value.as_mut_ptr().cast(), known.len());
        value.assume_init()
    })
}

/// The same where null stands for a struct of zeros.
///
/// # Safety
/// As for [`versioned`].
pub unsafe fn versioned_or_none(pointer: *const MAPISTOREOPS) -> Result<MAPISTOREOPS, Error> {
    if pointer.is_null() {
        let cbSize = size_of::<MAPISTOREOPS>() as u32;
        return Ok(MAPISTOREOPS {
            cbSize,
            SetLockState: None,
            FinishedMsg: None,
            Released: None,
        });
    }
    // SAFETY: as the caller says.
    unsafe { versioned(pointer, "lpOps") }
}

/// Writes an answer over a struct that [`versioned`] has accepted.
///
/// # Safety
/// `pointer` was accepted by [`versioned`], and its bytes are writable.
pub unsafe fn write_versioned<T: Versioned>(pointer: *mut T, answer: T) {
    // SAFETY: as the caller says.
    unsafe { pointer.write_unaligned(answer) };
}

/// An entry identifier.
///
/// # Safety
/// `bytes` is null or points to `length` readable bytes.
pub unsafe fn entry_id(
    length: u32,
    bytes: *const c_void,
    name: &'static str,
) -> Result<EntryId, Error> {
    if bytes.is_null() {
        return Err(Error::NullPointer(name));
    }
    if length == 0 || length as usize > MOST {
        return Err(Error::BadEntryId(name, length));
    }
    // SAFETY: as the caller says.
    Ok(unsafe { slice::from_raw_parts(bytes.cast::<u8>(), length as usize) }.into())
}

/// A text; `None` for null.
///
/// # Safety
/// `text` is null or terminated.
pub unsafe fn string(text: *const c_char, name: &'static str) -> Result<Option<String>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller says.
    let text = unsafe { CStr::from_ptr(text) };
    if text.count_bytes() > MOST {
        return Err(Error::BadParameter("a name has more than 65,535 bytes"));
    }
    text.to_str()
        .map(|text| Some(text.to_owned()))
        .map_err(|_| Error::NotUtf8(name))
}

/// A buffer to write to; empty for null and size 0.
///
/// # Safety
/// `buffer` is null or points to `size` writable bytes.
pub unsafe fn buffer<'a>(
    buffer: *mut c_char,
    size: u32,
    name: &'static str,
) -> Result<&'a mut [u8], Error> {
    match (buffer.is_null(), size) {
        (true, 0) => Ok(&mut []),
        (true, _) => Err(Error::NullPointer(name)),
        // SAFETY: as the caller says.
        (false, _) => Ok(unsafe { slice::from_raw_parts_mut(buffer.cast(), size as usize) }),
    }
}

/// Whether the one known flag is set.
pub fn flag(word: u32, known: u32) -> Result<bool, Error> {
    if word & !known != 0 {
        Err(Error::UnknownFlags(word))
    } else {
        Ok(word & known != 0)
    }
}

/// A limit in options: 0 is the default, 0xFFFFFFFF none.
fn limit(value: u32, default: Option<u64>) -> Option<u64> {
    match value {
        0 => default,
        MAPISPOOL_INFINITE => None,
        milliseconds => Some(milliseconds.into()),
    }
}

/// The options of a spooler, but for the hooks.
///
/// # Safety
/// The strings are null or terminated.
pub unsafe fn options(raw: &MAPISPOOLOPTIONS) -> Result<Options, Error> {
    const KNOWN: u32 = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    if raw.ulFlags & !KNOWN != 0 {
        return Err(Error::UnknownFlags(raw.ulFlags));
    }
    // SAFETY: as the caller says.
    let profile = unsafe { string(raw.lpszProfileName, "lpszProfileName")? };
    let profile = profile.ok_or(Error::NullPointer("lpszProfileName"))?;
    if profile.is_empty() {
        return Err(Error::BadParameter("lpszProfileName is empty"));
    }
    // SAFETY: as the caller says.
    let directory = unsafe { string(raw.lpszPresenceDirectory, "lpszPresenceDirectory")? };
    let default = Limits::default();
    let pause =
        |value: u32, default: u64| limit(value, Some(default)).unwrap_or(u64::from(u32::MAX));
    Ok(Options {
        profile,
        limits: Limits {
            abort: limit(raw.ulAbortLimit, default.abort),
            purge: limit(raw.ulPurgeLimit, default.purge),
            retry_pause: pause(raw.ulRetryPause, default.retry_pause),
            declined_pause: pause(raw.ulDeclinedPause, default.declined_pause),
        },
        mode: if raw.ulFlags & MAPISPOOL_MANUAL != 0 {
            Mode::Manual
        } else {
            Mode::Threads
        },
        local: raw.ulFlags & MAPISPOOL_LOCAL != 0,
        presence_directory: directory.map(PathBuf::from),
    })
}
