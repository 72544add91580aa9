//! Outside a checker: std's own.

pub use once_cell::sync::Lazy;
pub use std::sync::atomic::AtomicUsize;
pub use std::sync::{Condvar, Mutex, MutexGuard};
pub use std::thread;
pub use std::thread::JoinHandle;
pub use std::thread_local;
pub use std::time::Instant;
