//! StoreLogoffTransports: the five instructions and what comes of them. See semantics.md section 2.
//!
//! The reference: IMAPISupport::StoreLogoffTransports and IMsgStore::StoreLogoff.

use super::*;

/// Whether, and how, a store is being logged off. Boxed is what few stores have at a time.
#[derive(Clone, Debug)]
pub(super) enum Phase {
    /// Logged on.
    Open,
    /// LOGOFF_ABORT waits until what is in process has stopped.
    Aborting(Box<Waiting>),
    /// LOGOFF_PURGE waits until every message has had its attempt.
    Purging(Box<Waiting>),
    /// COMPLETE has been said; the rest goes on in the background.
    Background(Background),
}

/// A logoff whose caller waits for it.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub logon: LogonKey,
    pub waiter: Waiter,
    /// What a failure turns into; `None`: no logoff, the store is as before.
    pub or_else: Option<Mode>,
    /// Purge: transports that have been told of the flush.
    pub told: TransportSet,
    /// Purge: transports whose FlushQueues has not returned.
    pub flushing: TransportSet,
}

/// Who waits for a logoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiter {
    Call(CallKey),
    /// `LogoffStores`.
    Group(CallKey),
}

/// A logoff that goes on by itself.
#[derive(Clone, Debug)]
pub(super) struct Background {
    pub logon: LogonKey,
    pub mode: Mode,
    /// A logoff that was waiting when the spooler closed: answered when the store is released.
    pub waiter: Option<Waiter>,
}

/// What still happens in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// What is in process finishes.
    Orderly,
    /// What is in process finishes, and what is ready is sent.
    NoWait,
    /// What is in process is cancelled.
    Abort,
}

impl Phase {
    /// Whether messages are handed to transports.
    pub fn outbound_open(&self) -> bool {
        match self {
            Phase::Open | Phase::Purging(_) => true,
            Phase::Background(background) => background.mode == Mode::NoWait,
            Phase::Aborting(_) => false,
        }
    }

    /// Whether messages may come in.
    pub fn inbound_open(&self) -> bool {
        matches!(self, Phase::Open)
    }

    /// Whether what is in process is told to stop.
    pub fn cancelling(&self) -> bool {
        match self {
            Phase::Aborting(_) => true,
            Phase::Background(background) => background.mode == Mode::Abort,
            Phase::Open | Phase::Purging(_) => false,
        }
    }
}

const INSTRUCTIONS: u32 = mapi::LOGOFF_NO_WAIT
    | mapi::LOGOFF_ORDERLY
    | mapi::LOGOFF_PURGE
    | mapi::LOGOFF_ABORT
    | mapi::LOGOFF_QUIET;

/// The instruction in a word, if there is one. Output flags that stand in it are ignored: callers reuse the
/// variable.
pub(super) fn instruction(word: u32) -> Result<Option<Instruction>, Error> {
    if word & !(INSTRUCTIONS | Status::all().bits()) != 0 {
        return Err(Error::UnknownFlags(word));
    }
    match word & INSTRUCTIONS {
        0 => Ok(None),
        bits => {
            let found = Instruction::ALL
                .into_iter()
                .find(|instruction| instruction.bits() == bits);
            found.map(Some).ok_or(Error::NotOneInstruction(word))
        }
    }
}

/// The one instruction that a word must hold.
pub(super) fn one_instruction(word: u32) -> Result<Instruction, Error> {
    instruction(word)?.ok_or(Error::NotOneInstruction(word))
}

impl Engine {
    /// StoreLogoffTransports.
    pub fn logoff(
        &mut self,
        logon: LogonKey,
        word: u32,
        caller: Caller,
    ) -> Result<Reply<Status>, Error> {
        let store = self.live(logon)?;
        let instruction = one_instruction(word)?;
        self.gather(store);
        let reply = self
            .check_busy(store, instruction, caller)
            .map(|()| self.logoff_now(logon, instruction));
        self.settle();
        reply
    }

    fn logoff_now(&mut self, logon: LogonKey, instruction: Instruction) -> Reply<Status> {
        let call = self.wait_for(CallFor::Logoff(self.logons[logon].store));
        let reply = self.perform(logon, instruction, Waiter::Call(call), None);
        if matches!(reply, Reply::Done(_)) {
            self.calls.remove(call);
        }
        reply
    }

    fn check_busy(
        &self,
        store: StoreKey,
        instruction: Instruction,
        caller: Caller,
    ) -> Result<(), Error> {
        if matches!(
            self.stores[store].phase,
            Phase::Aborting(_) | Phase::Purging(_)
        ) {
            return Err(Error::Busy(Busy::AnotherLogoff));
        }
        if !instruction.waits() {
            return Ok(());
        }
        if caller.in_callback {
            return Err(Error::Busy(Busy::InCallback));
        }
        if self.would_wait_for(store, instruction, caller.thread) {
            return Err(Error::Busy(Busy::OwnTransfer));
        }
        Ok(())
    }

    /// Whether the instruction would wait for something that this thread took or began and has not ended: a
    /// transfer of the store, or, in a purge, one that keeps a transport from being flushed.
    pub(super) fn would_wait_for(
        &self,
        store: StoreKey,
        instruction: Instruction,
        thread: u64,
    ) -> bool {
        let own = |transfer: &TransferKey| self.transfers[*transfer].thread == Some(thread);
        self.stores[store].transfers.iter().any(own)
            || instruction == Instruction::Purge
                && self.transfers.values().any(|transfer| {
                    let transport = &self.transports[transfer.transport];
                    transfer.thread == Some(thread)
                        && transfer.message.is_some()
                        && transport.wants.flush
                        && self.usable.contains(transport.seat)
                })
    }

    /// Carries out an instruction on an open store. What waits is answered through `waiter`.
    pub(super) fn perform(
        &mut self,
        logon: LogonKey,
        instruction: Instruction,
        waiter: Waiter,
        or_else: Option<Mode>,
    ) -> Reply<Status> {
        let store = self.logons[logon].store;
        self.say(Level::Info, |engine| {
            let status = engine.status_flags(store);
            format!(
                "{}: logoff {} begins; going on: {status}",
                engine.logon_name(logon),
                instruction.name()
            )
        });
        if self.others_here(store, logon) {
            return Reply::Done(self.ignore(logon));
        }
        if self.open_elsewhere(store) {
            self.say(Level::Info, |engine| {
                format!(
                    "{} is open elsewhere: the logoff is ignored",
                    engine.store_name(store)
                )
            });
            return Reply::Done(self.go_on_in_background(store, logon, Mode::NoWait));
        }
        let at_rest = self.stores[store].transfers.is_empty();
        match instruction {
            Instruction::Quiet if !self.status_flags(store).is_empty() => {
                Reply::Done(self.no_logoff(store, logon))
            }
            Instruction::Quiet | Instruction::Orderly => {
                Reply::Done(self.go_on_in_background(store, logon, Mode::Orderly))
            }
            Instruction::NoWait => {
                Reply::Done(self.go_on_in_background(store, logon, Mode::NoWait))
            }
            Instruction::Abort if at_rest => {
                Reply::Done(self.go_on_in_background(store, logon, Mode::Orderly))
            }
            Instruction::Abort => self.begin_abort(store, Waiting::new(logon, waiter, or_else)),
            Instruction::Purge => self.begin_purge(store, Waiting::new(logon, waiter, or_else)),
        }
    }

    /// Whether the store has another logon in this spooler that is not over.
    pub(super) fn others_here(&self, store: StoreKey, logon: LogonKey) -> bool {
        let mut logons = self.stores[store].logons.iter();
        logons.any(|other| *other != logon && !self.logons[*other].over)
    }

    /// The one question to the outside: is the store open in another spooler or process? If so, this open
    /// stops counting with the answer, so that of several that log off together the last one finds nobody.
    fn open_elsewhere(&mut self, store: StoreKey) -> bool {
        let open = &mut self.stores[store].open;
        let shared = open.as_mut().is_some_and(|open| open.leave_if_shared());
        if shared {
            *open = None;
        }
        shared
    }

    /// Another logon of the store lives on here: this one ends, and nothing else changes.
    pub(super) fn ignore(&mut self, logon: LogonKey) -> Status {
        let store = self.logons[logon].store;
        let flags = self.status_flags(store) | Status::COMPLETE;
        self.say(Level::Info, |engine| {
            format!(
                "{}: the store has another logon: ignored, {flags}",
                engine.logon_name(logon)
            )
        });
        self.end_logon(logon);
        self.try_release(logon);
        flags
    }

    fn no_logoff(&mut self, store: StoreKey, logon: LogonKey) -> Status {
        let flags = self.status_flags(store);
        self.say(Level::Info, |engine| {
            format!("{}: no logoff, going on: {flags}", engine.logon_name(logon))
        });
        flags
    }

    /// COMPLETE is decided: the logon ends, and the store is released when the background has finished, at
    /// once if there is nothing to finish.
    pub(super) fn go_on_in_background(
        &mut self,
        store: StoreKey,
        logon: LogonKey,
        mode: Mode,
    ) -> Status {
        let flags = self.status_flags(store) | Status::COMPLETE;
        self.say(Level::Info, |engine| {
            format!("{}: {flags}; {}", engine.logon_name(logon), mode.story())
        });
        self.end_logon(logon);
        self.set_phase(
            store,
            Phase::Background(Background {
                logon,
                mode,
                waiter: None,
            }),
        );
        self.stores[store].open = None;
        if mode == Mode::Abort {
            self.cancel_all(store);
        }
        self.check_soon(store);
        flags
    }

    fn begin_abort(&mut self, store: StoreKey, waiting: Box<Waiting>) -> Reply<Status> {
        let call = waiting.waiter.call();
        self.set_phase(store, Phase::Aborting(waiting));
        self.cancel_all(store);
        self.check_soon(store);
        Reply::Wait(call, self.limits.abort)
    }

    /// Ruling, PURGE: each transport is flushed, and every message gets one attempt.
    fn begin_purge(&mut self, store: StoreKey, waiting: Box<Waiting>) -> Reply<Status> {
        let call = waiting.waiter.call();
        self.set_phase(store, Phase::Purging(waiting));
        self.end_waits(store);
        self.flush_for(store);
        self.check_soon(store);
        Reply::Wait(call, self.limits.purge)
    }

    /// A purge makes every wait ready once, those for NOT_ME and for a failed lock too.
    fn end_waits(&mut self, store: StoreKey) {
        let found = &self.stores[store];
        let mut messages: Vec<MessageKey> = found.waits.values().copied().collect();
        messages.extend(found.lines.stuck(self.usable));
        for message in messages {
            if let Some(record) = self.messages[message].noted() {
                record.at_once_again = 0;
            }
            self.line_up_anew(message);
        }
    }

    /// Changes the phase: the gates with it, what was promised, and the waits that were put aside.
    pub(super) fn set_phase(&mut self, store: StoreKey, phase: Phase) {
        self.stamp += 1;
        let (stamp, grace) = (self.stamp, self.now + self.limits.retry_pause);
        let found = &mut self.stores[store];
        let (was_draining, was_open) = (found.draining(), found.phase.outbound_open());
        found.phase = phase;
        found.drain += 1;
        let (drain, draining, is_open) =
            (found.drain, found.draining(), found.phase.outbound_open());
        if draining && !was_draining {
            (found.drain_stamp, found.drain_grace) = (stamp, grace);
            self.drains.insert(store);
            self.latest_drain = stamp;
        }
        if draining && is_open {
            self.timers.set(found.drain_grace, Due::Grace(store, drain));
        }
        if !draining {
            self.drains.remove(&store);
            for (at, due) in found.take_suspended() {
                self.timers.set(at, due);
            }
        }
        match (was_open, is_open) {
            (true, false) => {
                self.sending_stores -= 1;
                self.break_promises(store);
            }
            (false, true) => self.sending_stores += 1,
            _ => {}
        }
        self.gates_changed = true;
        self.offers.push_back(store);
        self.gathered.push(store);
    }

    /// The store is looked at before the event is over: its logoff may have come to its end.
    pub(super) fn check_soon(&mut self, store: StoreKey) {
        if self.checks.back() != Some(&store) {
            self.checks.push_back(store);
        }
    }

    /// Whether a logoff under way has come to its end, or a store's work to nothing.
    pub(super) fn check(&mut self, store: StoreKey) {
        let Some(found) = self.stores.get(store) else {
            return;
        };
        if !found.draining() || !found.quiet() {
            return;
        }
        match &found.phase {
            Phase::Open => {}
            Phase::Aborting(waiting) => {
                let (logon, waiter) = (waiting.logon, waiting.waiter);
                self.complete(store, logon, waiter);
            }
            Phase::Purging(waiting) => {
                if waiting.flushing.is_empty() && !self.has_ready(store) {
                    let (logon, waiter) = (waiting.logon, waiting.waiter);
                    self.complete(store, logon, waiter);
                }
            }
            Phase::Background(background) => {
                if background.mode != Mode::NoWait || !self.has_ready(store) {
                    self.release_store(store);
                }
            }
        }
    }

    /// A logoff that was waited for has been performed.
    fn complete(&mut self, store: StoreKey, logon: LogonKey, waiter: Waiter) {
        let flags = self.status_flags(store) | Status::COMPLETE;
        self.say(Level::Info, |engine| {
            format!("{}: {flags}", engine.logon_name(logon))
        });
        self.end_logon(logon);
        self.answer_waiter(waiter, flags);
        self.release_store(store);
    }

    /// Ends a logoff that waits before it has been performed: its limit has passed, or it was cancelled.
    fn fail(&mut self, store: StoreKey) {
        let waiting = match &self.stores[store].phase {
            Phase::Aborting(waiting) => {
                self.logons[waiting.logon].abort_failed = true;
                waiting.clone()
            }
            Phase::Purging(waiting) => {
                let waiting = waiting.clone();
                self.end_flush(store, &waiting);
                waiting
            }
            Phase::Open | Phase::Background(_) => return,
        };
        if let Some(mode) = waiting.or_else {
            let flags = self.go_on_in_background(store, waiting.logon, mode);
            self.answer_waiter(waiting.waiter, flags);
            return;
        }
        self.set_phase(store, Phase::Open);
        let flags = self.no_logoff(store, waiting.logon);
        self.answer_waiter(waiting.waiter, flags);
        for group in self.stores[store].take_groups() {
            self.group_goes_on(group, store);
        }
    }

    pub(super) fn answer_waiter(&mut self, waiter: Waiter, flags: Status) {
        match waiter {
            Waiter::Call(call) => self.answer(call, Answer::Status(flags)),
            Waiter::Group(call) => self.group_has(call, flags),
        }
    }

    /// The limit of a logoff has passed.
    pub(super) fn expire_logoff(&mut self, store: StoreKey) {
        if self.stores.contains_key(store) {
            self.wait_no_more(store);
        }
    }

    /// Whoever waits for the logoff of this store waits no more.
    fn wait_no_more(&mut self, store: StoreKey) {
        let Phase::Background(background) = &mut self.stores[store].phase else {
            return self.fail(store);
        };
        // It waited when the spooler began to close: it will be performed, and need not be waited for.
        if let Some(waiter) = background.waiter.take() {
            let flags = self.status_flags(store) | Status::COMPLETE;
            self.answer_waiter(waiter, flags);
        }
    }

    /// Ends the logoff of a store that `LogoffStores` waits for, its deadline being over.
    pub(super) fn fail_for_group(&mut self, group: CallKey) {
        let group = Waiter::Group(group);
        let waits = |phase: &Phase| match phase {
            Phase::Aborting(waiting) | Phase::Purging(waiting) => waiting.waiter == group,
            Phase::Background(background) => background.waiter == Some(group),
            Phase::Open => false,
        };
        let stores: Vec<StoreKey> = self
            .stores
            .iter()
            .filter(|(_, store)| waits(&store.phase))
            .map(|(key, _)| key)
            .collect();
        for store in stores {
            self.wait_no_more(store);
        }
    }

    /// MapiStoreCancelLogoff.
    pub fn cancel_logoff(&mut self, logon: LogonKey) -> Result<(), Error> {
        let found = self
            .logons
            .get(logon)
            .ok_or(Error::BadHandle("store logon"))?;
        let store = found.store;
        match self.stores.get(store).map(|store| &store.phase) {
            Some(Phase::Aborting(waiting) | Phase::Purging(waiting)) if waiting.logon == logon => {
                self.say(Level::Info, |engine| {
                    format!("{}: logoff cancelled", engine.logon_name(logon))
                });
                self.fail(store);
            }
            Some(Phase::Background(background)) if background.logon == logon => {
                self.abort_background(store)
            }
            _ => {}
        }
        self.settle();
        Ok(())
    }

    /// A logoff in the background turns into an ABORT.
    pub(super) fn abort_background(&mut self, store: StoreKey) {
        let Phase::Background(background) = &self.stores[store].phase else {
            return;
        };
        if background.mode == Mode::Abort {
            return;
        }
        let background = Background {
            mode: Mode::Abort,
            ..background.clone()
        };
        self.say(Level::Info, |engine| {
            format!(
                "{}: {}",
                engine.logon_name(background.logon),
                Mode::Abort.story()
            )
        });
        self.set_phase(store, Phase::Background(background));
        self.cancel_all(store);
        self.check_soon(store);
    }

    /// A store that is logging off was opened again: gates open, the logoff counts as ignored.
    pub(super) fn reopened(&mut self, store: StoreKey) {
        match self.stores[store].phase.clone() {
            Phase::Open => {}
            Phase::Background(background) => {
                self.set_phase(store, Phase::Open);
                let flags = self.status_flags(store) | Status::COMPLETE;
                self.groups_have(store, flags);
                self.try_release(background.logon);
            }
            Phase::Aborting(waiting) | Phase::Purging(waiting) => {
                self.end_flush(store, &waiting);
                self.set_phase(store, Phase::Open);
                let flags = self.ignore(waiting.logon);
                self.answer_waiter(waiting.waiter, flags);
                self.groups_have(store, flags);
            }
        }
    }

    /// The final release of a logon that has not been logged off. It cannot fail: where waiting is not
    /// possible or not long enough, the rest goes on in the background. See semantics.md section 3.
    pub(super) fn final_logoff(&mut self, logon: LogonKey, caller: Caller) -> Reply<()> {
        let store = self.logons[logon].store;
        // Another thread waits in a logoff of this logon: should that fail, it goes on by itself.
        match &mut self.stores[store].phase {
            Phase::Purging(waiting) => {
                waiting.or_else = Some(Mode::NoWait);
                return Reply::Done(());
            }
            Phase::Aborting(waiting) => {
                waiting.or_else = Some(Mode::Orderly);
                return Reply::Done(());
            }
            Phase::Open | Phase::Background(_) => {}
        }
        let instruction = self.logons[logon].saved.unwrap_or(Instruction::Abort);
        let may_wait =
            !caller.in_callback && !self.would_wait_for(store, instruction, caller.thread);
        let abort_failed = self.logons[logon].abort_failed;
        let (instruction, fallback) = match instruction {
            Instruction::Abort if may_wait && !abort_failed => {
                (Instruction::Abort, Some(Mode::Orderly))
            }
            Instruction::Purge if may_wait => (Instruction::Purge, Some(Mode::NoWait)),
            Instruction::Purge => (Instruction::NoWait, None),
            Instruction::NoWait => (Instruction::NoWait, None),
            Instruction::Abort | Instruction::Quiet | Instruction::Orderly => {
                (Instruction::Orderly, None)
            }
        };
        let call = self.wait_for(CallFor::Logoff(store));
        match self.perform(logon, instruction, Waiter::Call(call), fallback) {
            Reply::Done(_) => {
                self.calls.remove(call);
                Reply::Done(())
            }
            Reply::Wait(call, None) if instruction == Instruction::Purge => {
                Reply::Wait(call, Some(RELEASE_PURGE_LIMIT))
            }
            Reply::Wait(call, limit) => Reply::Wait(call, limit),
        }
    }

    /// The spooler gives up the store: gates closed, transports told, deferred messages asked back, Released.
    fn release_store(&mut self, store: StoreKey) {
        let given = self.desks.control_given;
        let flags = self.status_flags(store) | Status::COMPLETE;
        let phase = self.close_gates(store);
        match &phase {
            Phase::Background(Background {
                waiter: Some(waiter),
                ..
            }) => self.answer_waiter(*waiter, flags),
            Phase::Purging(waiting) => self.end_flush(store, waiting),
            _ => {}
        }
        self.tell_gates();
        self.ask_all_back(store);
        let counts = self.counts(store);
        self.by_id.remove(&self.stores, store);
        let Some(found) = self.stores.remove(store) else {
            return;
        };
        for message in found.index.into_messages() {
            self.messages.remove(message);
        }
        let told_first = self.desks.control_given > given;
        self.drains.remove(&store);
        if self.default_inbox == Some(store) {
            self.default_inbox = None;
        }
        for logon in found.logons {
            self.logons[logon].last = Some(Box::new(counts));
            self.logons[logon].told_first = told_first;
            self.try_release(logon);
        }
        for group in found.rare.map_or(Vec::new(), |rare| rare.groups) {
            self.group_has(group, flags);
        }
    }

    /// The gates of a store that is being released close for good. Returns the phase it was in.
    fn close_gates(&mut self, store: StoreKey) -> Phase {
        let found = &mut self.stores[store];
        if found.phase.outbound_open() {
            self.sending_stores -= 1;
        }
        let logon = found.owner(&self.logons);
        let closed = Phase::Background(Background {
            logon,
            mode: Mode::Orderly,
            waiter: None,
        });
        std::mem::replace(&mut found.phase, closed)
    }
}

impl Waiting {
    fn new(logon: LogonKey, waiter: Waiter, or_else: Option<Mode>) -> Box<Waiting> {
        Box::new(Waiting {
            logon,
            waiter,
            or_else,
            told: TransportSet::NONE,
            flushing: TransportSet::NONE,
        })
    }
}

impl Waiter {
    pub fn call(self) -> CallKey {
        match self {
            Waiter::Call(call) | Waiter::Group(call) => call,
        }
    }
}

impl Mode {
    /// For the log: what goes on.
    fn story(self) -> &'static str {
        match self {
            Mode::Orderly => "what is in process finishes, nothing new begins",
            Mode::NoWait => "what is in process finishes, what is ready is sent",
            Mode::Abort => "what is in process is cancelled",
        }
    }
}
