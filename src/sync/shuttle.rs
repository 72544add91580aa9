//! Under shuttle: its own, and the time that it lacks.
//!
//! Time does not pass by itself. It moves when the limit of a wait passes, to the end of that limit, and that may
//! happen at any moment of the wait: each limit is a thread that the scheduler picks early, late, or not before
//! everything else has stopped.

pub use shuttle::sync::atomic::AtomicUsize;
pub use shuttle::sync::{Mutex, MutexGuard};
pub use shuttle::thread::JoinHandle;
pub use shuttle::thread_local;

use shuttle::rand::{Rng, thread_rng};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LockResult, PoisonError};
use std::time::Duration;

/// A static that each execution makes anew.
pub struct Lazy<T: Sync>(shuttle::lazy_static::Lazy<T>);

impl<T: Sync> Lazy<T> {
    pub const fn new(make: fn() -> T) -> Lazy<T> {
        Lazy(shuttle::lazy_static::Lazy::new(make))
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

std::thread_local! {
    /// All threads of an execution are one thread of the system. The clock goes on from one execution to the next.
    static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

#[derive(Clone, Copy)]
pub struct Instant(Duration);

impl Instant {
    pub fn now() -> Instant {
        Instant(NOW.get())
    }

    pub fn elapsed(&self) -> Duration {
        NOW.get() - self.0
    }
}

#[derive(Default)]
pub struct Condvar(Arc<shuttle::sync::Condvar>);

impl Condvar {
    pub fn new() -> Condvar {
        Condvar::default()
    }

    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        self.0.wait(guard)
    }

    pub fn wait_while<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        self.0.wait_while(guard, condition)
    }

    /// With `true` if the limit has passed.
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        limit: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, bool)> {
        let deadline = NOW.get() + limit;
        let waits = Arc::new(AtomicBool::new(true));
        self.wake_at(deadline, waits.clone());
        let woken = self.wait(guard);
        waits.store(false, Ordering::Relaxed);
        let passed = NOW.get() >= deadline;
        match woken {
            Ok(guard) => Ok((guard, passed)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), passed))),
        }
    }

    /// Moves the clock to the deadline at some moment, and rings until the waiting thread has heard it: that one
    /// may not have come to its wait yet.
    fn wake_at(&self, deadline: Duration, waits: Arc<AtomicBool>) {
        let bell = self.0.clone();
        thread::spawn(move || {
            if thread_rng().r#gen() {
                thread::yield_now();
            }
            while waits.load(Ordering::Relaxed) {
                NOW.set(NOW.get().max(deadline));
                bell.notify_all();
                thread::yield_now();
            }
        });
    }

    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// A moment in which other threads may go on: for callbacks, which take their time.
pub fn moment() {
    thread::sleep(Duration::ZERO);
}

/// Threads, of which the system may have none left.
pub mod thread {
    pub use shuttle::thread::{sleep, spawn, yield_now};

    use super::{AtomicBool, JoinHandle, Lazy, Ordering, Rng, thread_rng};
    use std::io;

    static RUN_OUT: Lazy<AtomicBool> = Lazy::new(AtomicBool::default);

    /// From now on, in this execution, a thread can sometimes be had and sometimes not.
    pub fn run_out() {
        Lazy::force(&RUN_OUT).store(true, Ordering::Relaxed);
    }

    #[derive(Default)]
    pub struct Builder(shuttle::thread::Builder);

    impl Builder {
        pub fn new() -> Builder {
            Builder::default()
        }

        pub fn name(self, name: String) -> Builder {
            Builder(self.0.name(name))
        }

        pub fn spawn<R: Send + 'static>(
            self,
            act: impl FnOnce() -> R + Send + 'static,
        ) -> io::Result<JoinHandle<R>> {
            let run_out = Lazy::force(&RUN_OUT).load(Ordering::Relaxed);
            match run_out && thread_rng().r#gen() {
                true => Err(io::ErrorKind::WouldBlock.into()),
                false => self.0.spawn(act),
            }
        }
    }
}
