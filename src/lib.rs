//! mapispool: the MAPI spooler's side of logging off a message store, behind a C interface.
//!
//! Data flows one way: a C caller → `capi` (or `com`) → `spooler` → `engine`, and what is to be done comes back as tasks.
//! The manual is `include/mapispool.h`; the rules are in `engine`.

// Public for the fuzzing crate and the tests of this one alone: everybody else calls through the header.
#[doc(hidden)]
pub mod capi;
#[doc(hidden)]
pub mod com;
#[forbid(unsafe_code)]
mod engine;
mod faults;
mod fence;
mod presence;
#[forbid(unsafe_code)]
mod spooler;
mod sync;
