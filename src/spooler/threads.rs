//! Threads: which one this is, what it is inside of, and the spooler's own.

use super::Spooler;
use super::core::Guard;
use crate::engine::{Desk, Error, Time};
use crate::sync::{JoinHandle, Numbers, thread, thread_local};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};

thread_local! {
    static NUMBER: Cell<u64> = const { Cell::new(0) };
    /// The spoolers whose callbacks run on this thread, innermost last.
    static INSIDE: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// This thread's number: unlike the system's, never used again.
pub fn number() -> u64 {
    static NUMBERS: Numbers = Numbers::new();
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(NUMBERS.next());
        }
        number.get()
    })
}

/// Whether this thread is inside a callback of the spooler.
pub fn is_inside(spooler: u64) -> bool {
    INSIDE
        .try_with(|inside| inside.borrow().contains(&spooler))
        .unwrap_or(false)
}

/// Runs a callback of the spooler.
pub fn inside<R>(spooler: u64, callback: impl FnOnce() -> R) -> R {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            let _ = INSIDE.try_with(|inside| inside.borrow_mut().pop());
        }
    }
    let _ = INSIDE.try_with(|inside| inside.borrow_mut().push(spooler));
    let _leave = Leave;
    callback()
}

/// A thread of the spooler that has not been joined.
pub(super) struct Thread {
    handle: JoinHandle<()>,
    /// Given up by the thread when it has nothing left to do.
    life: Weak<()>,
}

impl Thread {
    /// Whether the thread has come to its end, its last hook included: to join it is no wait then. Asked under the
    /// spooler's lock.
    pub fn has_ended(&self) -> bool {
        self.life.strong_count() == 0
    }

    pub fn join(self) {
        let _ = self.handle.join();
    }
}

/// What a thread holds until it ends.
struct Life<'s> {
    spooler: &'s Spooler,
    life: Option<Arc<()>>,
}

impl Drop for Life<'_> {
    fn drop(&mut self) {
        let core = self.spooler.lock();
        self.life = None;
        core.thread_ended.notify_all();
    }
}

impl Spooler {
    /// Starts the thread of a desk.
    pub(super) fn spawn(
        self: &Arc<Self>,
        desk: Desk,
        transport: Option<String>,
    ) -> Result<Thread, Error> {
        let spooler = self.clone();
        let life = Arc::new(());
        let seen = Arc::downgrade(&life);
        let name = transport.map_or("mapispool".to_owned(), |name| format!("mapispool {name}"));
        let thread = thread::Builder::new().name(name).spawn(move || {
            let _life = Life {
                spooler: &spooler,
                life: Some(life),
            };
            inside(spooler.number, || spooler.hooks.thread_start());
            spooler.serve_on(desk);
            inside(spooler.number, || spooler.hooks.thread_end());
        });
        match thread {
            Ok(handle) => Ok(Thread { handle, life: seen }),
            Err(error) => Err(Error::Exhausted(format!(
                "a thread of the spooler cannot be started: {error}"
            ))),
        }
    }

    /// Serves a desk to its end. A defect that panics here must not leave the desk without its thread: the
    /// others would wait for it for ever.
    fn serve_on(self: &Arc<Self>, desk: Desk) {
        const MOST_DEFECTS: u32 = 1_000;
        for _ in 0..MOST_DEFECTS {
            match catch_unwind(AssertUnwindSafe(|| self.serve(desk))) {
                Ok(()) => return,
                Err(panic) => self.note_defect(panic, format_args!("on the thread of {desk:?}")),
            }
        }
    }

    /// The life of a thread of the spooler: tasks, and waiting for tasks.
    fn serve(self: &Arc<Self>, desk: Desk) {
        let mut core = self.lock();
        loop {
            core = self.follow_up(core);
            if let Some(task) = core.next_task(desk) {
                core = self.perform_in_relay(core, task);
            } else if core.has_left(desk) {
                return;
            } else if !core.engine.take_effects().is_empty() {
                // Looking for a task has moved something.
            } else if self.log_waits() {
                core = self.log_outside(core);
            } else {
                core = self.sleep(core, desk);
                core = self.keep_time(core);
                self.staff_again(&mut core);
            }
        }
    }

    fn sleep<'a>(&'a self, mut core: Guard<'a>, desk: Desk) -> Guard<'a> {
        /// How long until a thread that could not be started is asked for again.
        const TRY_AGAIN: Time = 1_000;
        let again = (core.understaffed && desk == Desk::Control)
            .then(|| self.time(&core).saturating_add(TRY_AGAIN));
        let Some(seat) = core.seat(desk) else {
            return core;
        };
        seat.asleep = true;
        let bell = seat.bell.clone();
        core = self.pause(core, &bell, again);
        if let Some(seat) = core.seat(desk) {
            seat.asleep = false;
        }
        core
    }
}
