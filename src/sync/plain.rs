//! Outside a checker: std's own.

pub use once_cell::sync::Lazy;
pub use std::sync::atomic::AtomicUsize;
pub use std::sync::{Condvar, Mutex, MutexGuard};
pub use std::thread;
pub use std::thread::JoinHandle;
pub use std::thread_local;
pub use std::time::Instant;

use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers from 1 on, each given once in the life of the process.
pub struct Numbers(AtomicU64);

impl Numbers {
    pub const fn new() -> Numbers {
        Numbers(AtomicU64::new(0))
    }

    pub fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}
