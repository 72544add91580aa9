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

// What is passed is as the header allows, or as it says it survives: that is the SAFETY of every call.
#![allow(clippy::undocumented_unsafe_blocks)]

mod books;
mod callbacks;
mod calls;
mod program;
mod results;

use std::sync::Mutex;

/// Programs that make each call with each choice in the usual world, with a message that is queued: what to begin
/// with where there is no corpus.
pub fn seeds() -> impl Iterator<Item = Vec<u8>> {
    /// As many zeros are read until the usual world is open.
    const USUAL_WORLD: [u8; 22] = [0; 22];
    const SUBMIT: [u8; 3] = [3, 0, 0];
    const RUN: [u8; 4] = [6, 0, 0, 1];
    let every_call = 0..calls::CALLS.len() as u8;
    let choices = || (0..=u8::MAX).step_by(8);
    every_call.flat_map(move |call| {
        choices().map(move |choice| {
            let chosen = [0, choice, choice, choice];
            [
                &USUAL_WORLD[..],
                &SUBMIT,
                &[call],
                &chosen,
                &RUN,
                &chosen,
                &chosen,
            ]
            .concat()
        })
    })
}

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
