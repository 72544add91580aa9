//! Bad input: bytes become a program of C calls, and whatever they say, the header's promises hold.
//!
//! A program opens spoolers, transports and stores, submits, logs off, lets time pass, with any handle, flag,
//! size and pointer that the header allows or says it survives. The callbacks read on in the same program: what
//! they return, what they write, and which functions they call in turn. Everything is in manual mode, so that a
//! program always does the same. Once its bytes are used up, every callback says yes, and what is left has to
//! end well.
//!
//! | file | what |
//! | --- | --- |
//! | `program.rs` | bytes as choices: small numbers, flags, identifiers, texts, structs |
//! | `calls.rs` | each function with chosen arguments, and how a program ends |
//! | `callbacks.rs` | what the library calls back |
//! | `books.rs` | what has to be true: who owns which context, where each message is |
//! | `results.rs` | the results that the header documents for each function |

// MAPI's own naming, as the header shows it.
#![allow(non_snake_case)]

mod books;
mod callbacks;
mod calls;
mod program;
mod results;

use std::sync::Mutex;

/// Runs a program. Panics where the library breaks a promise.
pub fn run(bytes: &[u8]) {
    // The books are one for the process; tests run in parallel.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(|broken| broken.into_inner());
    books::open(bytes);
    calls::run();
    books::close();
}
