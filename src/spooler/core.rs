//! The engine under its lock, and what is carried out outside of it.

use super::callbacks::{StoreCalls, TransportCalls};
use super::handles::{self, Handle, Object};
use super::job::{Hands, failed};
use super::threads::Thread;
use super::{Mode, Spooler, reception, threads};
use crate::engine::{
    Answer, CallKey, Desk, Engine, Error, Level, LogonKey, MAX_TRANSPORTS, Performed, Task, Time,
    TransferKey, TransportKey, mapi,
};
use crate::faults::{self, Room};
use crate::sync::{Condvar, MutexGuard};
use slotmap::SecondaryMap;
use std::any::Any;
use std::collections::VecDeque;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// The lock, held.
pub(super) type Guard<'a> = MutexGuard<'a, Core>;

/// What the lock guards.
pub(super) struct Core {
    pub engine: Engine,
    pub transports: SecondaryMap<TransportKey, TransportSide>,
    pub stores: SecondaryMap<LogonKey, Arc<dyn StoreCalls>>,
    pub transfers: SecondaryMap<TransferKey, Handle>,
    /// Handles for the next transfers: with one for each message, the table would be asked twice for each.
    spare: Vec<Handle>,
    /// Bells of the calls that sleep.
    pub waiters: SecondaryMap<CallKey, Arc<Condvar>>,
    pub control: Seat,
    /// Threads that have left their desks, to be joined, and the bell for those who wait for their ends.
    pub left: Vec<Thread>,
    pub thread_ended: Arc<Condvar>,
    /// Manual mode: the time, the thread that carries out a task now, and the bell for those who wait for it.
    pub manual_time: Time,
    pub runner: bool,
    pub runner_left: Arc<Condvar>,
    /// When the sleepers were last told to wake up for something due.
    alarm: Option<Time>,
    /// A thread could not be started: the control thread tries again.
    pub understaffed: bool,
    /// Every thread of the spooler is to leave.
    pub stopping: bool,
}

/// A transport as the threads see it.
pub(super) struct TransportSide {
    pub calls: Arc<dyn TransportCalls>,
    pub handle: Handle,
    /// The handle of the message that its thread sends, or sent last.
    pub sending: Option<Handle>,
    pub name: String,
    pub seat: Seat,
}

/// A desk's thread and its bell.
#[derive(Default)]
pub(super) struct Seat {
    pub bell: Arc<Condvar>,
    pub thread: Option<Thread>,
    /// The thread sleeps: only then is its bell worth a system call.
    pub asleep: bool,
}

impl Seat {
    pub fn ring(&mut self) {
        if std::mem::take(&mut self.asleep) {
            self.bell.notify_all();
        }
    }
}

impl Core {
    pub fn new(engine: Engine) -> Core {
        Core {
            engine,
            transports: SecondaryMap::new(),
            stores: SecondaryMap::new(),
            transfers: SecondaryMap::new(),
            spare: Vec::new(),
            waiters: SecondaryMap::new(),
            control: Seat::default(),
            left: Vec::new(),
            thread_ended: Arc::new(Condvar::new()),
            manual_time: 0,
            runner: false,
            runner_left: Arc::new(Condvar::new()),
            alarm: None,
            understaffed: false,
            stopping: false,
        }
    }

    pub fn seat(&mut self, desk: Desk) -> Option<&mut Seat> {
        match desk {
            Desk::Control => Some(&mut self.control),
            Desk::Worker(key) => self.transports.get_mut(key).map(|side| &mut side.seat),
            Desk::Here => None,
        }
    }

    /// Wakes the control thread. Whether there is one.
    pub fn wake_control(&mut self) -> bool {
        self.control.ring();
        self.control.thread.is_some()
    }

    /// A desk that has work and no thread.
    fn unstaffed(&self) -> Option<Desk> {
        let idle = |desk: Desk, seat: &Seat| seat.thread.is_none() && self.engine.has_task(desk);
        let mut workers = self
            .transports
            .iter()
            .map(|(key, side)| (Desk::Worker(key), &side.seat));
        match idle(Desk::Control, &self.control) {
            true => Some(Desk::Control),
            false => workers
                .find(|(desk, seat)| idle(*desk, seat))
                .map(|(desk, _)| desk),
        }
    }

    /// A driven transport that has no thread.
    pub fn unstaffed_worker(&self) -> Option<TransportKey> {
        let has_none = |key: &TransportKey| {
            let side = self.transports.get(*key);
            side.is_some_and(|side| side.seat.thread.is_none())
        };
        self.engine.driven().find(has_none)
    }

    /// The next task at a desk. What taking it brings about for the same thread goes to the control desk: the
    /// callback may take its time, and a call from inside it carries out only what it brings about itself.
    pub fn next_task(&mut self, desk: Desk) -> Option<Task> {
        let task = self.engine.next_task(desk)?;
        self.engine.nobody_brought_it_about();
        Some(task)
    }

    /// Whether the thread of a desk is to end.
    pub fn has_left(&self, desk: Desk) -> bool {
        match desk {
            Desk::Worker(key) => !self.transports.contains_key(key),
            Desk::Control | Desk::Here => self.stopping,
        }
    }

    /// The handle of a transfer, made when it is first needed.
    pub fn handle_of(
        &mut self,
        spooler: &Arc<Spooler>,
        transfer: TransferKey,
    ) -> Result<Handle, Error> {
        if let Some(handle) = self.transfers.get(transfer) {
            return Ok(*handle);
        }
        let handle = match self.spare.pop() {
            Some(handle) => handle,
            None => handles::reserve()?,
        };
        handles::fill(handle, spooler, Object::Transfer(transfer));
        self.transfers.insert(transfer, handle);
        Ok(handle)
    }

    /// The handle of a message that a driven transport's thread is about to send. There is one at a time, so that they
    /// share a slot: with the next message the handle of the last one is over.
    pub fn handle_of_sent(
        &mut self,
        spooler: &Arc<Spooler>,
        transport: TransportKey,
        transfer: TransferKey,
    ) -> Result<Handle, Error> {
        let side = self
            .transports
            .get_mut(transport)
            .ok_or(Error::BadHandle("transport"))?;
        // In a relay the transfer is that of the last message.
        if let Some(last) = self.transfers.get_mut(transfer)
            && side.sending == Some(*last)
            && let Some(next) = handles::renew(*last)
        {
            (*last, side.sending) = (next, Some(next));
            return Ok(next);
        }
        let handle = match side.sending.and_then(Handle::next) {
            Some(next) => next,
            None => {
                side.sending.take().into_iter().for_each(handles::remove);
                handles::reserve()?
            }
        };
        side.sending = Some(handle);
        handles::fill(handle, spooler, Object::Transfer(transfer));
        self.transfers.insert(transfer, handle);
        Ok(handle)
    }

    /// The driven transport's thread has sent it. The engine knows it no more, whoever still asks for it.
    fn forget_sent(&mut self, transport: TransportKey, transfer: TransferKey) {
        let sending = self.transports.get(transport).and_then(|side| side.sending);
        match self.transfers.get(transfer) {
            Some(handle) if Some(*handle) == sending => drop(self.transfers.remove(transfer)),
            _ => self.forget_transfer(transfer),
        }
    }

    pub fn forget_transfer(&mut self, transfer: TransferKey) {
        if let Some(handle) = self.transfers.get(transfer) {
            self.end_transfer_handle(transfer, *handle);
        }
    }

    /// The transfer's handle is over; its slot serves another transfer.
    pub fn end_transfer_handle(&mut self, transfer: TransferKey, handle: Handle) {
        const MOST_SPARE: usize = MAX_TRANSPORTS;
        if self.transfers.remove(transfer).is_none() {
            return reception::end_gathered(handle);
        }
        handles::end(handle);
        match handle.next() {
            Some(next) if self.spare.len() < MOST_SPARE => self.spare.push(next),
            _ => handles::give_back(handle),
        }
    }

    /// The transport is gone: its handle is over and its thread ends.
    pub fn forget_transport(&mut self, key: TransportKey) {
        if let Some(mut side) = self.transports.remove(key) {
            handles::remove(side.handle);
            side.sending.into_iter().for_each(handles::remove);
            side.seat.ring();
            self.left.extend(side.seat.thread);
        }
    }

    /// Whether there is nothing to do for what events have left.
    fn is_followed_up(&mut self) -> bool {
        self.engine.take_effects().is_empty()
            && !self.engine.has_task(Desk::Here)
            && self.alarm == self.engine.earliest()
    }

    /// What is over with a task.
    fn clean_up(&mut self, task: &Task, hands: &mut Hands) {
        if let Some((transport, transfer)) = hands.put_down() {
            self.forget_sent(transport, transfer);
        }
        if let Task::Logoff { transport } = task {
            self.forget_transport(*transport);
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.spare.drain(..).for_each(handles::give_back);
    }
}

impl Spooler {
    pub(super) fn lock(&self) -> Guard<'_> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The spooler's time: monotonic milliseconds since it was opened, or moved by hand.
    pub(super) fn time(&self, core: &Core) -> Time {
        match self.mode {
            Mode::Manual => core.manual_time,
            Mode::Threads => self.opened.elapsed().as_millis() as Time,
        }
    }

    /// Time goes on, and what is due is carried out.
    pub(super) fn keep_time<'a>(self: &'a Arc<Self>, mut core: Guard<'a>) -> Guard<'a> {
        let now = self.time(&core);
        core.engine.advance(now);
        self.follow_up(core)
    }

    /// An event that needs no time, and nothing that takes any follows from.
    pub(super) fn brief_event<R>(self: &Arc<Self>, change: impl FnOnce(&mut Core) -> R) -> R {
        let mut core = self.lock();
        let result = change(&mut core);
        // The call has done what it is for: it does not fail any more.
        self.shielded(|| drop(self.follow_up(core)));
        self.shielded(|| self.deliver_log());
        result
    }

    /// Does what is not the caller's own business. A defect there is logged, and the caller goes on: others wait
    /// for what it is about to do.
    pub(super) fn shielded(&self, work: impl FnOnce()) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            self.note_defect(panic, "in what follows from a call");
        }
    }

    /// A defect that no call answers with.
    pub(super) fn note_defect(&self, panic: Box<dyn Any + Send>, place: impl Display) {
        // What was thrown may panic again when it is dropped.
        std::mem::forget(panic);
        let line = format!("a defect inside mapispool {place}");
        self.queue_log(&mut vec![(Level::Error, line)]);
    }

    /// Time goes on, on a caller's thread: it is not to run what has come due.
    fn pass_time(&self, core: &mut Core) {
        let now = self.time(core);
        core.engine.advance(now);
        if self.mode == Mode::Threads {
            core.engine.nobody_brought_it_about();
        }
    }

    /// An event: time goes on, the engine changes, and what follows is followed up.
    pub(super) fn event<R>(self: &Arc<Self>, change: impl FnOnce(&mut Core) -> R) -> R {
        self.brief_event(|core| {
            self.pass_time(core);
            change(core)
        })
    }

    /// Carries out a task outside the lock, and tells the engine.
    pub(super) fn perform<'a>(self: &'a Arc<Self>, core: Guard<'a>, task: Task) -> Guard<'a> {
        let mut hands = Hands::default();
        let (core, performed) = self.carry_out(core, &task, &mut hands);
        self.performed(core, &task, performed, &mut hands)
    }

    /// The same on the thread of a desk: it goes on as long as one task follows from the other.
    pub(super) fn perform_in_relay<'a>(
        self: &'a Arc<Self>,
        mut core: Guard<'a>,
        mut task: Task,
    ) -> Guard<'a> {
        let mut hands = Hands::default();
        loop {
            let performed;
            (core, performed) = self.carry_out(core, &task, &mut hands);
            if core.is_followed_up()
                && let Some(next) = core.engine.relay(&task, performed)
            {
                task = next;
            } else {
                return self.performed(core, &task, performed, &mut hands);
            }
        }
    }

    fn performed<'a>(
        &'a self,
        mut core: Guard<'a>,
        task: &Task,
        performed: Performed,
        hands: &mut Hands,
    ) -> Guard<'a> {
        self.shielded(|| core.clean_up(task, hands));
        core.engine.performed(task, performed);
        if let Task::Released { logon, .. } = task {
            core.stores.remove(*logon);
        }
        core
    }

    fn carry_out<'a>(
        self: &'a Arc<Self>,
        mut core: Guard<'a>,
        task: &Task,
        hands: &mut Hands,
    ) -> (Guard<'a>, Performed) {
        let job = core.job(self, task, hands);
        // The callback may take its time: whoever else has work is woken first.
        if !core.is_followed_up() {
            self.shielded(|| {
                self.route(&mut core);
                self.set_alarm(&mut core);
            });
        }
        drop(core);
        self.shielded(|| self.deliver_log());
        let performed = match job {
            // Callbacks must not unwind; a panic of our own side of one must not end the thread.
            Ok(job) => catch_unwind(AssertUnwindSafe(|| {
                threads::inside(self.number, || job.run())
            }))
            .unwrap_or_else(|_| failed(task, mapi::MAPI_E_CALL_FAILED)),
            Err(error) => failed(task, error.hresult().0),
        };
        let mut core = self.lock();
        // What is due is carried out by the control thread, if it sleeps until then.
        if !(core.control.asleep && task.is_timeless(&performed)) {
            let now = self.time(&core);
            core.engine.advance(now);
        }
        (core, performed)
    }

    /// Carries out what events have left for this thread, wakes whoever has work or an answer, and sets the
    /// alarm.
    pub(super) fn follow_up<'a>(self: &'a Arc<Self>, mut core: Guard<'a>) -> Guard<'a> {
        if core.is_followed_up() {
            return core;
        }
        // Taken before the lock is given up: no other thread is to run what this one brought about.
        let mut here = VecDeque::new();
        loop {
            self.route(&mut core);
            while core.engine.has_task(Desk::Here) {
                here.extend(core.engine.next_task(Desk::Here));
            }
            match here.pop_front() {
                Some(task) => core = self.perform(core, task),
                None if core.engine.take_effects().is_empty() => break,
                None => {}
            }
        }
        self.set_alarm(&mut core);
        core
    }

    fn route(self: &Arc<Self>, core: &mut Core) {
        faults::point(Room::Spooler);
        self.queue_log(&mut core.engine.take_effects().log);
        while let Some(call) = core.engine.take_effects().answered.pop() {
            if let Some(bell) = core.waiters.remove(call) {
                bell.notify_all();
            }
        }
        while let Some(desk) = core.engine.take_effects().wake.pop() {
            if self.mode == Mode::Manual {
                continue;
            }
            match core.seat(desk) {
                Some(seat) if seat.thread.is_some() => seat.ring(),
                Some(_) => self.staff_or_stand_in(core, desk),
                None => {}
            }
        }
    }

    /// Starts the desk's thread. Where none can be had, one of those who wait stands in, and the control thread
    /// tries again.
    fn staff_or_stand_in(self: &Arc<Self>, core: &mut Core, desk: Desk) {
        if let Err(error) = self.staff(core, desk) {
            self.queue_log(&mut vec![(Level::Error, error.to_string())]);
            core.waiters.values().for_each(|bell| bell.notify_all());
            core.understaffed = true;
            core.control.ring();
        }
    }

    /// Sees to it that the desk has its thread.
    pub(super) fn staff(self: &Arc<Self>, core: &mut Core, desk: Desk) -> Result<(), Error> {
        if core.stopping || core.seat(desk).is_none_or(|seat| seat.thread.is_some()) {
            return Ok(());
        }
        let name = match desk {
            Desk::Worker(key) => core.transports.get(key).map(|side| side.name.clone()),
            Desk::Control | Desk::Here => None,
        };
        let thread = self.spawn(desk, name)?;
        if let Some(seat) = core.seat(desk) {
            seat.thread = Some(thread);
        }
        Ok(())
    }

    /// Starts the threads that could not be had before, as far as that can be done now.
    pub(super) fn staff_again(self: &Arc<Self>, core: &mut Core) {
        while core.understaffed {
            match core.unstaffed() {
                Some(desk) if self.staff(core, desk).is_err() => return,
                Some(_) => {}
                None => core.understaffed = false,
            }
        }
    }

    /// A desk has work and no thread: it gets one, or where none can be had whoever waits stands in. Better a
    /// callback on a caller's thread than a call that never returns.
    fn stand_in<'a>(self: &'a Arc<Self>, mut core: Guard<'a>, desk: Desk) -> Guard<'a> {
        if self.staff(&mut core, desk).is_ok() {
            return core;
        }
        match core.next_task(desk) {
            Some(task) => self.perform(core, task),
            None => core,
        }
    }

    /// Calls the log callback for what is queued.
    pub(super) fn log_outside<'a>(&'a self, core: Guard<'a>) -> Guard<'a> {
        drop(core);
        self.deliver_log();
        self.lock()
    }

    /// Whoever sleeps wakes up for what is due next. A thread that hangs in a callback must not keep others'
    /// time from passing: every sleeper looks at the clock.
    fn set_alarm(&self, core: &mut Core) {
        let due = core.engine.earliest();
        let earlier = due.is_some_and(|due| core.alarm.is_none_or(|alarm| due < alarm));
        core.alarm = due;
        if earlier && self.mode == Mode::Threads {
            core.control.ring();
            core.transports
                .values_mut()
                .for_each(|side| side.seat.ring());
            core.waiters.values().for_each(|bell| bell.notify_all());
        }
    }

    /// Sleeps until the bell rings, something is due, or the time has come.
    pub(super) fn pause<'a>(
        &'a self,
        mut core: Guard<'a>,
        bell: &Condvar,
        until: Option<Time>,
    ) -> Guard<'a> {
        let due = core.engine.next_due();
        core.alarm = due;
        let next = due.into_iter().chain(until).min();
        match next {
            None => bell.wait(core).unwrap_or_else(PoisonError::into_inner),
            Some(at) => {
                let left = Duration::from_millis(at.saturating_sub(self.time(&core)).max(1));
                bell.wait_timeout(core, left)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0
            }
        }
    }

    /// Waits for a call's answer; past the limit it is made to answer.
    pub(super) fn wait(self: &Arc<Self>, call: CallKey, limit: Option<Time>) -> Answer {
        let waited = catch_unwind(AssertUnwindSafe(|| self.wait_until(call, limit)));
        let (in_time, answer) = self.event(|core| {
            let in_time = core.engine.is_answered(call);
            core.engine.expire(call);
            core.waiters.remove(call);
            (in_time, core.engine.collect(call))
        });
        match waited {
            Ok(()) => {}
            Err(panic) if in_time => self.note_defect(panic, "while a call waited"),
            // It has been taken back, as nobody waits any more.
            Err(panic) => resume_unwind(panic),
        }
        answer.unwrap_or(Answer::Failed(Error::Defect(
            "a call that ended has no answer".to_owned(),
        )))
    }

    /// Waits for a call's answer, or until the limit has passed, or in manual mode until nothing can move.
    pub(super) fn wait_until(self: &Arc<Self>, call: CallKey, limit: Option<Time>) {
        match self.mode {
            Mode::Threads => self.sleep_for(call, limit),
            Mode::Manual if limit == Some(0) => {}
            Mode::Manual => self.run_for(call, limit),
        }
    }

    fn sleep_for(self: &Arc<Self>, call: CallKey, limit: Option<Time>) {
        let mut core = self.lock();
        let until = limit.map(|limit| self.time(&core).saturating_add(limit));
        loop {
            self.pass_time(&mut core);
            core = self.follow_up(core);
            if core.engine.is_answered(call) || until.is_some_and(|until| self.time(&core) >= until)
            {
                return;
            }
            if let Some(desk) = core.unstaffed() {
                core = self.stand_in(core, desk);
                continue;
            }
            if self.log_waits() {
                core = self.log_outside(core);
                continue;
            }
            let bell = match core.waiters.get(call) {
                Some(bell) => bell.clone(),
                None => {
                    let bell = Arc::new(Condvar::new());
                    core.waiters.insert(call, bell.clone());
                    bell
                }
            };
            core = self.pause(core, &bell, until);
        }
    }
}
