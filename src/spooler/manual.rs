//! Manual mode: the caller's thread does all the work, and time moves when it is told to.

use super::core::Guard;
use super::{Mode, Spooler};
use crate::engine::{CallKey, Error, Task, Time};
use crate::faults::{self, Room};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, PoisonError};

/// A transport that has not stopped when it was told so often does not when it is told for ever: it holds up no wait
/// without a limit.
const MOST_REPEATS: u32 = 1_000;

impl Spooler {
    /// MapiSpoolerRun.
    pub fn run(self: &Arc<Self>, milliseconds: u32) -> Result<(), Error> {
        if self.mode != Mode::Manual {
            return Err(self.reported(Error::WrongMode));
        }
        self.refuse_in_callback()
            .map_err(|error| self.reported(error))?;
        let mut core = self.lock();
        let until = core.manual_time.saturating_add(Time::from(milliseconds));
        loop {
            core = self.run_due(core);
            match core.engine.next_due() {
                Some(at) if at <= until => core.manual_time = core.manual_time.max(at),
                _ if core.manual_time < until => core.manual_time = until,
                _ => break,
            }
        }
        drop(core);
        self.deliver_log();
        Ok(())
    }

    /// Works until the call has its answer, moving time to the next thing due; gives up when the limit has
    /// passed or nothing can move any more.
    pub(super) fn run_for(self: &Arc<Self>, call: CallKey, limit: Option<Time>) {
        let mut core = self.lock();
        let until = limit.map(|limit| core.manual_time.saturating_add(limit));
        let mut repeats = 0;
        loop {
            core = self.run_due(core);
            if core.engine.is_answered(call) {
                break;
            }
            let mut next = core.engine.next_due();
            if until.is_none() && core.engine.repeats_next() {
                repeats += 1;
                if repeats > MOST_REPEATS {
                    next = core.engine.next_move();
                }
            }
            match (next, until) {
                (Some(at), Some(until)) if at > until => {
                    core.manual_time = core.manual_time.max(until);
                    break;
                }
                (Some(at), _) => core.manual_time = core.manual_time.max(at),
                (None, _) => break,
            }
        }
    }

    /// Carries out everything that is due now, in the order in which it arose. One thread does so at a time.
    fn run_due<'a>(self: &'a Arc<Self>, mut core: Guard<'a>) -> Guard<'a> {
        loop {
            faults::point(Room::Spooler);
            core = self.keep_time(core);
            if core.runner {
                let bell = core.runner_left.clone();
                core = bell.wait(core).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let Some(desk) = core.engine.busiest_desk() else {
                return core;
            };
            if let Some(task) = core.next_task(desk) {
                core = self.perform_alone(core, task);
            }
        }
    }

    /// Carries out a task while no other thread does. A defect in it must not keep the others waiting.
    fn perform_alone<'a>(self: &'a Arc<Self>, mut core: Guard<'a>, task: Task) -> Guard<'a> {
        core.runner = true;
        let performed = catch_unwind(AssertUnwindSafe(|| self.perform(core, task)));
        let (mut core, panic) = match performed {
            Ok(core) => (core, None),
            Err(panic) => (self.lock(), Some(panic)),
        };
        core.runner = false;
        core.runner_left.notify_all();
        if let Some(panic) = panic {
            drop(core);
            resume_unwind(panic);
        }
        core
    }
}
