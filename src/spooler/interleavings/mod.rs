//! The spooler's threads under a checker that picks the thread that goes on, at every lock and bell.
//!
//! Programs of a few threads make the calls through handles, as C does. A deadlock is found by the checker, the
//! rest by [`watch::Watch`], which stands where the providers stand, and by what the programs assert.
//!
//! `models` are small, and loom runs each in every order of its threads. `schedules` are larger: shuttle runs each
//! in thousands of orders, lets limits pass at any moment, and threads run out.
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test --release --lib models --target-dir target/loom
//! RUSTFLAGS="--cfg shuttle" cargo test --release --lib schedules --target-dir target/shuttle
//! ```

#[cfg(loom)]
mod models;
#[cfg(shuttle)]
mod schedules;
#[cfg_attr(loom, allow(dead_code))] // The models do not make every call.
mod watch;
#[cfg_attr(loom, allow(dead_code))]
mod world;
