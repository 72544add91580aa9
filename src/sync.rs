//! What the threads of a spooler share and wait with, all from here, so that a checker of interleavings can put
//! its own in the place of std's: it then decides at each of them which thread goes on.
//!
//! Here are locks, bells, atomics, threads, what belongs to one thread, statics, and the clock. `Arc` and `OnceLock`
//! stay std's: no thread waits at them, and what they hold does not depend on who comes first.

#[cfg(not(all(test, any(shuttle, loom))))]
mod plain;
#[cfg(not(all(test, any(shuttle, loom))))]
pub use plain::*;

#[cfg(all(test, shuttle))]
mod shuttle;
#[cfg(all(test, shuttle))]
pub use self::shuttle::*;

#[cfg(all(test, loom))]
mod loom;
#[cfg(all(test, loom))]
pub use self::loom::*;
