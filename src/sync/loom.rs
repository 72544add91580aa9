//! Under loom: its own. Limits of waits never pass, and the clock stands still.

pub use loom::sync::atomic::AtomicUsize;
pub use loom::sync::{Mutex, MutexGuard};
pub use loom::thread::{self, JoinHandle};

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LockResult, PoisonError};
use std::time::Duration;

/// Loom changes threads where they meet, and nowhere else.
pub fn moment() {}

/// Loom's, for values that are written as constants.
macro_rules! constant_thread_local {
    ($($(#[$about:meta])* static $name:ident: $of:ty = const { $value:expr };)*) => {
        loom::thread_local! { $($(#[$about])* static $name: $of = $value;)* }
    };
}
pub(crate) use constant_thread_local as thread_local;

/// A static that each execution makes anew.
pub struct Lazy<T>(loom::lazy_static::Lazy<T>);

impl<T: 'static> Lazy<T> {
    pub const fn new(make: fn() -> T) -> Lazy<T> {
        Lazy(loom::lazy_static::Lazy {
            init: make,
            _p: PhantomData,
        })
    }

    pub fn force(this: &'static Lazy<T>) -> &'static T {
        this.0.get()
    }
}

/// Numbers from 1 on in each execution: that one is like the next.
pub struct Numbers(Lazy<AtomicU64>);

impl Numbers {
    pub const fn new() -> Numbers {
        Numbers(Lazy::new(AtomicU64::default))
    }

    pub fn next(&'static self) -> u64 {
        Lazy::force(&self.0).fetch_add(1, Ordering::Relaxed) + 1
    }
}

#[derive(Clone, Copy)]
pub struct Instant;

impl Instant {
    pub fn now() -> Instant {
        Instant
    }

    pub fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

#[derive(Default)]
pub struct Condvar(loom::sync::Condvar);

impl Condvar {
    pub fn new() -> Condvar {
        Condvar::default()
    }

    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        self.0.wait(guard)
    }

    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        _: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, bool)> {
        match self.wait(guard) {
            Ok(guard) => Ok((guard, false)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), false))),
        }
    }

    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}
