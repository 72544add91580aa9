//! The C interface: checks arguments and handles, fences panics, translates, calls the spooler.
//!
//! No decision is made here. The functions stand in the order of the header; cbindgen reads this room.

// MAPI's own naming, as the header shows it.
#![allow(non_snake_case, clippy::upper_case_acronyms)]
// Every function documents its pointers for C, in doxygen's words.
#![allow(clippy::missing_safety_doc)]

pub(crate) mod args;
mod callbacks;
mod spooler;
#[cfg(windows)]
mod stay;
mod store;
#[cfg(test)]
mod tests;
mod transport;
mod types;

use crate::fence::{fence, fence_with};

pub use spooler::*;
pub use store::*;
pub use transport::*;
pub use types::*;
