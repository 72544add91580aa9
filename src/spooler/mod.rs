//! A spooler: the engine under a lock, the threads that carry out what it says, and calls that wait.
//!
//! No rule about logoff is made here. Every call is an event for the engine; what the engine leaves is
//! carried out outside the lock: by the spooler's threads (`threads.rs`), or in manual mode by whoever runs
//! it (`manual.rs`).

mod callbacks;
mod calls;
mod core;
pub mod handles;
#[cfg(all(test, any(shuttle, loom)))]
mod interleavings;
mod job;
pub mod last_error;
mod manual;
mod reception;
mod threads;

pub use callbacks::{AllocateBuffer, Hooks, Message, StoreCalls, TransportCalls};
pub use calls::{StoreRef, TransferRef, TransportRef, begin_inbound, end_transfer, spooler_yield};

use self::core::Core;
use crate::engine::{Caller, Engine, Error, Level, Limits};
use crate::faults::{self, Room};
use crate::presence::{self, Presence};
use crate::sync::{Condvar, Instant, Mutex, MutexGuard, Numbers};
use handles::Handle;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Duration;

/// How a spooler is to be.
pub struct Options {
    pub profile: String,
    pub limits: Limits,
    pub mode: Mode,
    /// No other process is looked at.
    pub local: bool,
    pub presence_directory: Option<PathBuf>,
}

/// Who carries out the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Threads,
    Manual,
}

/// A spooler, shared by its handle, its objects' handles and its threads.
pub struct Spooler {
    /// Tells it from every other spooler of the process.
    number: u64,
    mode: Mode,
    limits: Limits,
    opened: Instant,
    presence: Box<dyn Presence>,
    hooks: Box<dyn Hooks>,
    handle: OnceLock<Handle>,
    core: Mutex<Core>,
    log: Mutex<Log>,
    log_delivered: Condvar,
    /// Held while threads are joined.
    closed: Mutex<bool>,
}

/// Lines for the log callback, which is called outside every lock, one line at a time and in order.
#[derive(Default)]
struct Log {
    lines: VecDeque<(Level, String)>,
    /// The thread that calls the callback now.
    deliverer: Option<u64>,
    /// The spooler is closed: no line comes any more.
    over: bool,
}

impl Spooler {
    /// Opens a spooler. `hooks` is called only when nothing can fail any more.
    pub fn open(options: Options, hooks: impl FnOnce() -> Box<dyn Hooks>) -> Result<Handle, Error> {
        static NUMBERS: Numbers = Numbers::new();
        presence::watch_forks()?;
        let presence = match options.local {
            true => presence::local(&options.profile),
            false => presence::system(&options.profile, options.presence_directory.as_deref())?,
        };
        let hooks = hooks();
        let spooler = Arc::new(Spooler {
            number: NUMBERS.next(),
            mode: options.mode,
            limits: options.limits,
            opened: Instant::now(),
            presence,
            core: Mutex::new(Core::new(Engine::new(options.limits, hooks.log_level()))),
            hooks,
            handle: OnceLock::new(),
            log: Mutex::default(),
            log_delivered: Condvar::new(),
            closed: Mutex::new(false),
        });
        let handle = handles::add(&spooler, handles::Object::Spooler)?;
        Ok(*spooler.handle.get_or_init(|| handle))
    }

    /// The number of its handle: like no other spooler's.
    fn handle_number(&self) -> usize {
        self.handle.get().map_or(0, |handle| handle.number())
    }

    fn caller(&self) -> Caller {
        let in_callback = threads::is_inside(self.number);
        Caller {
            thread: threads::number(),
            in_callback,
            inline: in_callback || self.mode == Mode::Manual,
        }
    }

    fn refuse_in_callback(&self) -> Result<(), Error> {
        match threads::is_inside(self.number) {
            true => Err(Error::Busy(crate::engine::Busy::InCallback)),
            false => Ok(()),
        }
    }

    // The log.

    /// What is done inside the log callback is not logged: each line of it would bring about the next, without end.
    fn queue_log(&self, lines: &mut Vec<(Level, String)>) {
        if !lines.is_empty() {
            let mut log = self.log();
            let lines = lines.drain(..);
            if !log.over && log.deliverer != Some(threads::number()) {
                log.lines.extend(lines);
            }
        }
    }

    /// Delivers the last lines. What handles that are still there answer later is not logged. `false`: the callback
    /// has not returned to another thread until then.
    fn end_log(&self, until: Option<Duration>) -> bool {
        self.log().over = true;
        loop {
            self.deliver_log();
            let mut log = self.log();
            if log.deliverer.is_none() && log.lines.is_empty() {
                return true;
            }
            while log.deliverer.is_some() {
                match self.wait_until_bell(&self.log_delivered, log, until) {
                    Some(woken) => log = woken,
                    None => return false,
                }
            }
        }
    }

    /// Waits for a bell. `None`: the spooler has been open for so long.
    fn wait_until_bell<'a, T>(
        &self,
        bell: &Condvar,
        lock: MutexGuard<'a, T>,
        until: Option<Duration>,
    ) -> Option<MutexGuard<'a, T>> {
        let Some(until) = until else {
            return Some(bell.wait(lock).unwrap_or_else(PoisonError::into_inner));
        };
        let left = until.checked_sub(self.opened.elapsed())?;
        let woken = bell.wait_timeout(lock, left.max(Duration::from_millis(1)));
        Some(woken.unwrap_or_else(PoisonError::into_inner).0)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there are lines that nobody is delivering.
    fn log_waits(&self) -> bool {
        self.hooks.log_level().is_some() && {
            let log = self.log();
            !log.lines.is_empty() && log.deliverer.is_none()
        }
    }

    /// Calls the log callback for what is queued, unless another thread is at it. Not without end, where others
    /// log faster: the control thread, or whoever logs next, goes on.
    fn deliver_log(&self) {
        if self.hooks.log_level().is_none() {
            return;
        }
        while self.deliver_lines() && !self.lock().wake_control() {}
    }

    /// Delivers some lines. Whether others are left that nobody is delivering.
    fn deliver_lines(&self) -> bool {
        const AT_A_TIME: usize = 64;
        /// So many lines may wait; who logs more is slowed down by this much.
        const MOST_WAITING: usize = 10_000;
        const SLOW_DOWN: Duration = Duration::from_millis(10);
        let mut log = self.log();
        if log.deliverer.is_some() {
            if log.lines.len() > MOST_WAITING && !threads::is_inside(self.number) {
                drop(self.log_delivered.wait_timeout(log, SLOW_DOWN));
            }
            return false;
        }
        log.deliverer = Some(threads::number());
        for _ in 0..AT_A_TIME {
            let Some((level, line)) = log.lines.pop_front() else {
                break;
            };
            drop(log);
            // A defect on the way to the callback costs the line, and not all that are still to come.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                faults::point(Room::Spooler);
                threads::inside(self.number, || self.hooks.log(level, &line));
            }));
            log = self.log();
        }
        log.deliverer = None;
        self.log_delivered.notify_all();
        !log.lines.is_empty()
    }

    /// An error on its way to the caller, noted in the log.
    fn reported(&self, error: Error) -> Error {
        let level = match error {
            Error::Timeout(_) | Error::EndOfSession => Level::Debug,
            _ => Level::Warning,
        };
        if self.hooks.log_level().is_some_and(|most| level <= most) {
            self.queue_log(&mut vec![(level, format!("{}: {error}", error.hresult()))]);
            self.deliver_log();
        }
        error
    }
}

impl From<presence::PresenceError> for Error {
    fn from(error: presence::PresenceError) -> Error {
        match error {
            presence::PresenceError::Inherited => Error::Forked,
            error if error.is_exhausted() => Error::Exhausted(error.to_string()),
            error => Error::Presence(error.to_string()),
        }
    }
}
