//! The spooler's threads under a checker that picks the thread that goes on, at every lock and bell.
//!
//! Programs of a few threads make the calls through handles, as C does. A deadlock is found by the checker, the
//! rest by [`watch::Watch`], which stands where the providers stand, and by what the programs assert.
//!
//! Shuttle runs each of the `schedules` in thousands of orders, lets limits pass at any moment, and threads run out.
//!
//! ```text
//! RUSTFLAGS="--cfg shuttle" cargo test --release --lib schedules --target-dir target/shuttle
//! ```

mod schedules;
mod watch;
mod world;
