//! Bytes as choices.

use std::ffi::{CString, c_char, c_void};

/// The rest of a program. Past its end it reads zeros, which are the friendly choice everywhere.
#[derive(Default)]
pub struct Program {
    bytes: Vec<u8>,
    at: usize,
}

impl Program {
    pub fn new(bytes: &[u8]) -> Program {
        Program {
            bytes: bytes.to_vec(),
            at: 0,
        }
    }

    pub fn is_over(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Yes once in so many times; never past the end.
    pub fn once_in(&mut self, times: u8) -> bool {
        self.byte() % times == times - 1
    }

    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    /// One of these flags; or two; or any bit; or anything.
    pub fn flags(&mut self, known: &[u32]) -> u32 {
        match self.byte() {
            0..160 => self.one_of(known),
            160..208 => self.one_of(known) | self.one_of(known),
            208..240 => self.one_of(known) | 1 << self.below(32),
            240.. => self.word(),
        }
    }

    pub fn milliseconds(&mut self) -> u32 {
        self.one_of(&[0, 1, 100, 1_000, 5_000, 15_000, 60_000, 300_000, 10_000_000])
    }

    /// A limit of a call that waits: in manual mode it gives up when nothing can move any more.
    pub fn timeout(&mut self) -> u32 {
        match self.once_in(8) {
            true => u32::MAX,
            false => self.milliseconds(),
        }
    }

    /// A limit or pause in the options: 0 is the default.
    pub fn limit(&mut self) -> u32 {
        self.one_of(&[0, 1, 100, 5_000, 1_000_000, u32::MAX - 1, u32::MAX])
    }

    /// An entry identifier, mostly one of a few.
    pub fn entry_id(&mut self) -> EntryId {
        const FEW: u8 = 6;
        let number = self.byte();
        match number {
            0..232 => EntryId::of(vec![b'a' + number % FEW; 1 + usize::from(number % FEW)]),
            232..236 => EntryId::of(vec![number; 65_535]),
            236..240 => EntryId::of(vec![number; 65_536]),
            240..244 => EntryId::of(vec![]),
            244..248 => EntryId {
                bytes: None,
                length: self.word(),
            },
            // Too long to be read: nothing of it is there.
            248..252 => EntryId {
                bytes: Some(vec![]),
                length: u32::MAX,
            },
            252.. => EntryId {
                bytes: None,
                length: 0,
            },
        }
    }

    /// A zero-terminated text, mostly a good one.
    pub fn text(&mut self) -> Option<CString> {
        let bytes = match self.byte() {
            0..200 => b"Default".to_vec(),
            200..216 => b"another".to_vec(),
            216..224 => vec![],
            224..230 => vec![b'x'; 65_535],
            230..236 => vec![b'x'; 65_536],
            236..246 => b"\xFF\xC3".to_vec(),
            246.. => return None,
        };
        Some(CString::new(bytes).expect("there is no zero in it"))
    }

    /// A struct that begins with its size: as large as that says, and no byte larger.
    pub fn structure<T: Copy>(&mut self, filled: T) -> Structure {
        let known = size_of::<T>();
        let size = match self.byte() {
            0..200 => known as u32,
            200..210 => known as u32 + 8,
            210..216 => 65_535,
            216..226 => known as u32 - 1,
            226..232 => 4,
            232..238 => 0,
            238..244 => u32::MAX,
            244.. => {
                return Structure {
                    bytes: vec![],
                    null: true,
                };
            }
        };
        // A size that must be refused unread has the word that says it, and nothing behind.
        let length = if size > 65_535 {
            4
        } else {
            size.max(4) as usize
        };
        let mut bytes = vec![0; length];
        // SAFETY: both have as many bytes; `T` is one of the header's structs, which are plain data.
        unsafe {
            std::ptr::copy_nonoverlapping(
                (&raw const filled).cast::<u8>(),
                bytes.as_mut_ptr(),
                known.min(length),
            );
        }
        bytes[..4].copy_from_slice(&size.to_ne_bytes());
        if length > known && self.once_in(2) {
            *bytes.last_mut().expect("it is not empty") = 1;
        }
        Structure { bytes, null: false }
    }
}

/// An entry identifier as it is passed: the length may be a lie where the library must not believe it.
pub struct EntryId {
    bytes: Option<Vec<u8>>,
    pub length: u32,
}

impl EntryId {
    pub fn of(bytes: Vec<u8>) -> EntryId {
        EntryId {
            length: bytes.len() as u32,
            bytes: Some(bytes),
        }
    }

    pub fn as_ptr(&self) -> *const c_void {
        self.bytes
            .as_ref()
            .map_or(std::ptr::null(), |bytes| bytes.as_ptr().cast())
    }

    /// What it says, if it is one.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or_default()
    }
}

pub fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
}

/// A struct in a block of memory of exactly its size.
pub struct Structure {
    pub bytes: Vec<u8>,
    null: bool,
}

impl Structure {
    /// One as it should be.
    pub fn exact<T: Copy>(filled: T) -> Structure {
        Program::default().structure(filled)
    }

    pub fn is_null(&self) -> bool {
        self.null
    }

    pub fn as_ptr<T>(&mut self) -> *mut T {
        match self.null {
            true => std::ptr::null_mut(),
            false => self.bytes.as_mut_ptr().cast(),
        }
    }
}
