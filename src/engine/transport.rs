//! Transports: adding and removing them, and what they are told. See semantics.md section 5.

use super::desk::Message as Shown;
use super::mapi::*;
use super::queue::State;
use super::*;

/// Which callbacks a transport has.
#[derive(Clone, Copy, Debug, Default)]
pub struct TransportWants {
    /// It is driven: the spooler's thread calls its SubmitMessage. Else it is self-driven.
    pub submit: bool,
    pub notify: bool,
    pub flush: bool,
    /// TransportLogoff or Destroy.
    pub logoff: bool,
}

/// A transport provider's logon in the spooler.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Transport {
    pub name: String,
    pub seat: Seat,
    pub wants: TransportWants,
    /// The store that is tightly coupled with it.
    pub own_store: Option<EntryId>,
    /// It reported NOTIFY_CRITICAL_ERROR, and not yet NOTIFY_READYTOSEND.
    pub critical: bool,
    pub removal: Option<Removal>,
    /// Whether it may begin to receive without the engine.
    pub admission: Option<Box<dyn Admission>>,
    /// What it was last told: whether any store sends, whether the default Inbox receives.
    pub told_outbound: bool,
    pub told_inbound: bool,
    /// It was told NOTIFY_BEGIN_OUTBOUND_FLUSH, and not yet the end of it.
    pub told_flush: bool,
    /// Notifications that are queued or running.
    pub notices: u32,
    /// What to tell it once it has recovered: of deferred messages that were aborted or whose store is gone.
    pub recalls: Vec<(u32, EntryId, EntryId)>,
    pub deferred: BTreeSet<MessageKey>,
    /// A driven transport's desk.
    pub tasks: VecDeque<(u64, Task)>,
    pub work: Work,
    /// A self-driven transport's waiting takes, and the stamp of the last one.
    pub takes: VecDeque<(CallKey, Caller)>,
    pub last_take: u64,
    /// When it last asked, or ended something; and how often it did.
    pub asked: (Time, u32),
    pub rings: [VecDeque<StoreKey>; 2],
    /// Transfers in process: outbound ones, and all.
    pub outbound: u32,
    pub transfers: u32,
    /// Purges that run and have told it so; those that wait for its flush; the one it is flushed for.
    pub purges: u32,
    pub flushes: VecDeque<StoreKey>,
    pub flushing: Option<StoreKey>,
}

/// What a driven transport's thread is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Idle,
    /// A message is its next, from the moment with this number.
    Promised(MessageKey, u64),
    Busy,
}

/// A removal under way.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Removal {
    pub calls: Vec<CallKey>,
    /// Tells a removal's timers from an earlier one's.
    pub number: u32,
    /// TransportLogoff has been put on its desk: there is no way back.
    pub logging_off: bool,
}

impl Transport {
    pub fn is_removal(&self, number: u32) -> bool {
        self.removal
            .as_ref()
            .is_some_and(|removal| removal.number == number)
    }

    /// TransportLogoff is on its way: the last call.
    fn is_logging_off(&self) -> bool {
        self.removal
            .as_ref()
            .is_some_and(|removal| removal.logging_off)
    }

    pub fn promised(&self) -> Option<MessageKey> {
        match self.work {
            Work::Promised(message, _) => Some(message),
            Work::Idle | Work::Busy => None,
        }
    }

    pub fn promised_number(&self) -> Option<u64> {
        match self.work {
            Work::Promised(_, number) => Some(number),
            Work::Idle | Work::Busy => None,
        }
    }

    fn desk(&self, key: TransportKey) -> Desk {
        if self.wants.submit {
            Desk::Worker(key)
        } else {
            Desk::Control
        }
    }

    /// Nothing of it is running, queued or in process.
    fn at_rest(&self) -> bool {
        self.transfers == 0
            && self.notices == 0
            && self.work == Work::Idle
            && self.flushing.is_none()
            && self.tasks.is_empty()
    }
}

impl Engine {
    /// Adds a transport at the end of the transport order.
    pub fn add_transport(
        &mut self,
        name: String,
        own_store: Option<EntryId>,
        wants: TransportWants,
    ) -> Result<TransportKey, Error> {
        if self.closing.is_some() {
            return Err(Error::EndOfSession);
        }
        let place = self.seats.iter().position(Option::is_none);
        let place = place.ok_or_else(|| {
            Error::Exhausted(format!("a spooler has at most {MAX_TRANSPORTS} transports"))
        })?;
        let seat = Seat::new(place);
        let key = self.transports.insert(Transport {
            name,
            seat,
            wants,
            own_store,
            critical: false,
            removal: None,
            admission: None,
            told_outbound: false,
            told_inbound: false,
            told_flush: false,
            notices: 0,
            recalls: Vec::new(),
            deferred: BTreeSet::new(),
            tasks: VecDeque::new(),
            work: Work::Idle,
            takes: VecDeque::new(),
            last_take: 0,
            asked: (0, 0),
            rings: [VecDeque::new(), VecDeque::new()],
            outbound: 0,
            transfers: 0,
            purges: 0,
            flushes: VecDeque::new(),
            flushing: None,
        });
        self.seats[place] = Some(key);
        self.order.push(key);
        self.set_usable(key, true);
        self.say(Level::Info, |engine| {
            format!("transport {} added", engine.transports[key].name)
        });
        self.gates_changed = true;
        self.offer_all();
        self.settle();
        Ok(key)
    }

    /// The driven transports, in transport order.
    pub fn driven(&self) -> impl Iterator<Item = TransportKey> + '_ {
        self.order
            .iter()
            .copied()
            .filter(|key| self.transports[*key].wants.submit)
    }

    /// The transport on a seat that is taken.
    pub(super) fn seated(&self, seat: Seat) -> TransportKey {
        self.seats[seat.index()].expect("a seat is given up after all that names it")
    }

    /// Tells a transport something on the control desk. `false`: it is not one that is told.
    pub(super) fn notify(&mut self, key: TransportKey, flags: u32, message: Option<Shown>) -> bool {
        let message = message.map(Box::new);
        self.tell(
            key,
            Task::Notify {
                transport: key,
                flags,
                message,
            },
        )
    }

    /// Tells a transport that a transfer is to stop. `false`: it is not one that is told.
    pub(super) fn cancel(&mut self, transfer: TransferKey) -> bool {
        let found = &self.transfers[transfer];
        let (transport, logon) = (found.transport, found.logon);
        self.tell(
            transport,
            Task::Cancel {
                transport,
                transfer,
                logon,
            },
        )
    }

    fn tell(&mut self, key: TransportKey, task: Task) -> bool {
        let transport = &mut self.transports[key];
        if !transport.wants.notify || transport.critical || transport.is_logging_off() {
            return false;
        }
        transport.notices += 1;
        self.put(Desk::Control, task);
        true
    }

    /// Whether a cancel that is about to be delivered still has a reason.
    pub(super) fn cancel_starts(
        &mut self,
        key: TransportKey,
        transfer: TransferKey,
        logon: LogonKey,
    ) -> bool {
        if !self.still_cancelled(transfer) {
            self.notice_is_over(key);
            return false;
        }
        self.transfers[transfer].cancel_queued = false;
        self.hold(Some(logon));
        true
    }

    fn notice_is_over(&mut self, key: TransportKey) {
        let transport = &mut self.transports[key];
        transport.notices -= 1;
        // It may have been what a flush waited for.
        if !transport.flushes.is_empty() {
            self.seek_soon(key);
        }
    }

    /// What a transport has not been told yet is not told: it is called no more. The latest first, so that
    /// in the end it is known what was told last.
    fn withdraw_notices(&mut self, key: TransportKey) {
        let (withdrawn, kept): (VecDeque<_>, _) = std::mem::take(&mut self.desks.control)
            .into_iter()
            .partition(|(_, task)| task.tells(key));
        self.desks.control = kept;
        for (_, task) in withdrawn.into_iter().rev() {
            self.notice_is_over(key);
            match task {
                Task::Cancel { transfer, .. } => self.cancel_is_undelivered(transfer),
                Task::Notify {
                    flags,
                    message: Some(message),
                    ..
                } => {
                    self.recall_later(key, flags, &message);
                    self.asked_back(&message);
                }
                Task::Notify { flags, .. } => self.take_back_telling(key, flags),
                _ => {}
            }
        }
    }

    /// A BEGIN or END that could not be delivered was not told.
    fn take_back_telling(&mut self, key: TransportKey, flags: u32) {
        let transport = &mut self.transports[key];
        match flags {
            NOTIFY_BEGIN_OUTBOUND | NOTIFY_END_OUTBOUND => {
                transport.told_outbound = flags == NOTIFY_END_OUTBOUND
            }
            NOTIFY_BEGIN_INBOUND | NOTIFY_END_INBOUND => {
                transport.told_inbound = flags == NOTIFY_END_INBOUND
            }
            NOTIFY_BEGIN_OUTBOUND_FLUSH | NOTIFY_END_OUTBOUND_FLUSH => {
                transport.told_flush = flags == NOTIFY_END_OUTBOUND_FLUSH;
            }
            _ => {}
        }
    }

    /// TransportNotify has returned.
    pub(super) fn notify_returned(&mut self, key: TransportKey, flags: u32, result: HResult) {
        self.notice_is_over(key);
        if !result.succeeded() {
            self.say(Level::Warning, |engine| {
                format!(
                    "TransportNotify({flags:#x}) of {} answered {result}",
                    engine.transports[key].name
                )
            });
        }
    }

    /// BEGIN and END of outbound and inbound, each only where it changes something for that transport.
    pub(super) fn tell_gates(&mut self) {
        let outbound = self.sending_stores > 0;
        let inbox = self.default_inbox.and_then(|store| self.stores.get(store));
        let inbound = inbox.is_some_and(|store| store.phase.inbound_open());
        for key in self.order.clone() {
            let transport = &mut self.transports[key];
            if !transport.wants.notify || transport.critical {
                continue;
            }
            let tell_inbound = std::mem::replace(&mut transport.told_inbound, inbound) != inbound;
            let tell_outbound =
                std::mem::replace(&mut transport.told_outbound, outbound) != outbound;
            if tell_inbound {
                self.notify(
                    key,
                    if inbound {
                        NOTIFY_BEGIN_INBOUND
                    } else {
                        NOTIFY_END_INBOUND
                    },
                    None,
                );
            }
            if tell_outbound {
                self.notify(
                    key,
                    if outbound {
                        NOTIFY_BEGIN_OUTBOUND
                    } else {
                        NOTIFY_END_OUTBOUND
                    },
                    None,
                );
            }
        }
        if self.nothing_can_come() {
            self.end_takes();
        }
    }

    /// Whether the spooler is closing and no store may hand out anything any more.
    pub(super) fn nothing_can_come(&self) -> bool {
        self.closing.is_some() && self.sending_stores == 0
    }

    fn end_takes(&mut self) {
        for key in self.order.clone() {
            self.turn_takes_away(key, &Error::EndOfSession);
        }
    }

    fn turn_takes_away(&mut self, key: TransportKey, error: &Error) {
        for (take, _) in std::mem::take(&mut self.transports[key].takes) {
            self.answer(take, Answer::Failed(error.clone()));
        }
    }

    // Flushing.

    /// A purge has begun: the transports are told, and each is flushed as soon as it has nothing in process.
    pub(super) fn flush_for(&mut self, store: StoreKey) {
        for key in self.order.clone() {
            let seat = self.transports[key].seat;
            if !self.usable.contains(seat) {
                continue;
            }
            let has_flush = self.transports[key].wants.flush;
            if let logoff::Phase::Purging(waiting) = &mut self.stores[store].phase {
                waiting.told.insert(seat);
                if has_flush {
                    waiting.flushing.insert(seat);
                }
            }
            self.transports[key].purges += 1;
            self.tell_flush(key);
            if !has_flush {
                continue;
            }
            self.transports[key].flushes.push_back(store);
            if let Some(message) = self.transports[key].promised() {
                self.break_promise(message);
            }
            self.start_flush(key);
        }
    }

    /// Flushes the transport for the next purge that waits for it, if it has nothing in process and has been
    /// told that the flush begins.
    pub(super) fn start_flush(&mut self, key: TransportKey) {
        let transport = &mut self.transports[key];
        if transport.outbound > 0
            || transport.work != Work::Idle
            || transport.flushing.is_some()
            || transport.notices > 0
        {
            return;
        }
        let Some(store) = transport.flushes.pop_front() else {
            return;
        };
        transport.flushing = Some(store);
        let desk = transport.desk(key);
        let drain = self.stores[store].drain;
        self.put(
            desk,
            Task::Flush {
                transport: key,
                store,
                drain,
            },
        );
    }

    /// Whether a flush that is about to be called is still wanted: its purge may have ended, and its
    /// transport may be called no more.
    pub(super) fn may_flush(&mut self, key: TransportKey, store: StoreKey, drain: u32) -> bool {
        let wanted = self.usable.contains(self.transports[key].seat) && self.is_drain(store, drain);
        if !wanted {
            self.flush_is_over(key, store, drain);
        }
        wanted
    }

    fn is_drain(&self, store: StoreKey, drain: u32) -> bool {
        self.stores
            .get(store)
            .is_some_and(|found| found.drain == drain)
    }

    fn flush_is_over(&mut self, key: TransportKey, store: StoreKey, drain: u32) {
        self.transports[key].flushing = None;
        if self.is_drain(store, drain) {
            self.flushed(key, store);
        }
        self.seek_soon(key);
    }

    /// FlushQueues has returned.
    pub(super) fn flush_returned(
        &mut self,
        key: TransportKey,
        store: StoreKey,
        drain: u32,
        result: HResult,
    ) {
        if !result.succeeded() {
            self.say(Level::Warning, |engine| {
                format!(
                    "FlushQueues of {} answered {result}",
                    engine.transports[key].name
                )
            });
        }
        self.flush_is_over(key, store, drain);
    }

    /// The purge of this store waits no more for this transport.
    fn flushed(&mut self, key: TransportKey, store: StoreKey) {
        let seat = self.transports[key].seat;
        if let Some(logoff::Phase::Purging(waiting)) =
            self.stores.get_mut(store).map(|found| &mut found.phase)
        {
            waiting.flushing.remove(seat);
            self.check_soon(store);
        }
    }

    /// A purge has ended, one way or the other.
    pub(super) fn end_flush(&mut self, store: StoreKey, purge: &logoff::Waiting) {
        for seat in purge.told.iter() {
            let Some(key) = self.seats[seat.index()] else {
                continue;
            };
            let transport = &mut self.transports[key];
            if purge.flushing.contains(seat) {
                transport.flushes.retain(|other| *other != store);
            }
            transport.purges -= 1;
            self.tell_flush(key);
            self.seek_soon(key);
        }
    }

    /// BEGIN and END of flushing: with the first purge, and after the last.
    fn tell_flush(&mut self, key: TransportKey) {
        let transport = &self.transports[key];
        let flush = transport.purges > 0;
        if flush != transport.told_flush {
            let flags = if flush {
                NOTIFY_BEGIN_OUTBOUND_FLUSH
            } else {
                NOTIFY_END_OUTBOUND_FLUSH
            };
            if self.notify(key, flags, None) {
                self.transports[key].told_flush = flush;
            }
        }
    }

    /// The transport is called no more for now: no purge waits for a flush that has not begun.
    fn give_up_flushes(&mut self, key: TransportKey) {
        for store in std::mem::take(&mut self.transports[key].flushes) {
            self.flushed(key, store);
        }
    }

    // Deferred messages.

    /// NOTIFY_ABORT_DEFERRED for a message that the transport keeps.
    pub(super) fn ask_back(&mut self, message: MessageKey, key: TransportKey, flags: u32) {
        let found = &self.messages[message];
        let store = &self.stores[found.store];
        let logon = store.owner(&self.logons);
        let shown = Shown {
            id: Some(found.id.clone()),
            store_id: store.id.clone(),
            logon: Some(logon),
            transfer: None,
            ticket: None,
            begin_deferred: false,
            frees: self.transports[key].removal.is_some().then_some(message),
        };
        self.hold(Some(logon));
        if !self.notify(key, flags, Some(shown.clone())) {
            self.recall_later(key, flags, &shown);
            self.asked_back(&shown);
        }
    }

    /// A transport in a critical error is told when it recovers; its messages' contexts may be gone by then.
    fn recall_later(&mut self, key: TransportKey, flags: u32, shown: &Shown) {
        let transport = &mut self.transports[key];
        if let Some(id) = &shown.id
            && transport.wants.notify
            && transport.removal.is_none()
        {
            let (id, store_id) = (id.clone(), shown.store_id.clone());
            transport.recalls.push((flags, id, store_id));
        }
    }

    /// The transport has been told: the message's context is free, and so is the message, if the transport
    /// is on its way out.
    pub(super) fn asked_back(&mut self, shown: &Shown) {
        if let Some(message) = shown.frees
            && let Some(found) = self.messages.get(message)
            && matches!(found.state, State::Deferred(_))
        {
            self.leave_place(message);
            self.line_up(message);
        }
        self.unhold(shown.logon);
    }

    /// The store goes: what transports keep of it is asked back.
    pub(super) fn ask_all_back(&mut self, store: StoreKey) {
        for key in self.order.clone() {
            let kept: Vec<MessageKey> = self.transports[key].deferred.iter().copied().collect();
            for message in kept {
                if self.messages[message].store == store {
                    self.ask_back(message, key, NOTIFY_ABORT_DEFERRED);
                    self.transports[key].deferred.remove(&message);
                }
            }
        }
    }

    // What a transport tells.

    /// MapiTransportSpoolerNotify.
    pub fn spooler_notify(
        &mut self,
        key: TransportKey,
        flags: u32,
        id: Option<&[u8]>,
    ) -> Result<(), Error> {
        let transport = self
            .transports
            .get(key)
            .ok_or(Error::BadHandle("transport"))?;
        const KNOWN: u32 = NOTIFY_READYTOSEND | NOTIFY_SENTDEFERRED | NOTIFY_CRITICAL_ERROR;
        const OPPOSITES: u32 = NOTIFY_READYTOSEND | NOTIFY_CRITICAL_ERROR;
        if flags & !KNOWN != 0 {
            return Err(Error::UnknownFlags(flags));
        }
        if flags == 0 || flags & OPPOSITES == OPPOSITES {
            return Err(Error::BadParameter(
                "ulFlags is 0, or holds READYTOSEND and CRITICAL_ERROR at once",
            ));
        }
        let offered: Vec<MessageKey> = match (flags & NOTIFY_SENTDEFERRED != 0, id) {
            (false, _) => Vec::new(),
            (true, None) => transport.deferred.iter().copied().collect(),
            (true, Some(id)) => {
                let kept = transport.deferred.iter().copied();
                let named: Vec<MessageKey> = kept
                    .filter(|message| *self.messages[*message].id == *id)
                    .collect();
                if named.is_empty() {
                    return Err(Error::NotFound(
                        "the transport has not deferred this message",
                    ));
                }
                named
            }
        };
        self.say(Level::Info, |engine| {
            format!("{} notified {flags:#x}", engine.transports[key].name)
        });
        if flags & NOTIFY_READYTOSEND != 0 {
            self.ready_to_send(key);
        }
        for message in offered {
            self.offer_deferred(message, key);
        }
        if flags & NOTIFY_CRITICAL_ERROR != 0 {
            self.critical_error(key);
        }
        self.settle();
        Ok(())
    }

    /// NOTIFY_SENTDEFERRED: the message is ready for this transport only.
    fn offer_deferred(&mut self, message: MessageKey, key: TransportKey) {
        self.leave_place(message);
        let seat = self.transports[key].seat;
        let found = &mut self.messages[message];
        let record = found.note();
        record.only = Some(seat);
        record.begin_deferred = true;
        self.line_up(message);
    }

    /// NOTIFY_READYTOSEND ends this transport's waits, pauses and NOT_ME, and a critical error.
    fn ready_to_send(&mut self, key: TransportKey) {
        let seat = self.transports[key].seat;
        let mut all: Vec<MessageKey> = Vec::new();
        for (message, found) in &mut self.messages {
            let waits = match found.state {
                State::Waiting(by) => by == Some(seat),
                State::Paused(by) => by == seat,
                State::Lined => found.record().declined.contains(seat),
                State::Promised(_) | State::Deferred(_) | State::InProcess => false,
            };
            match waits {
                true => all.push(message),
                // A line is kept by whom it is for: its messages change when they have left it.
                false => {
                    if let Some(record) = found.noted() {
                        record.declined.remove(seat);
                    }
                }
            }
        }
        for message in all {
            self.leave_place(message);
            if let Some(record) = self.messages[message].noted() {
                record.declined.remove(seat);
            }
            self.line_up(message);
        }
        if std::mem::take(&mut self.transports[key].critical) {
            self.recover(key);
        }
    }

    fn recover(&mut self, key: TransportKey) {
        if self.transports[key].removal.is_none() {
            self.set_usable(key, true);
        }
        for (flags, id, store_id) in std::mem::take(&mut self.transports[key].recalls) {
            let shown = Shown {
                id: Some(id),
                store_id,
                logon: None,
                transfer: None,
                ticket: None,
                begin_deferred: false,
                frees: None,
            };
            self.notify(key, flags, Some(shown));
        }
        self.tell_flush(key);
        self.gates_changed = true;
        self.offer_all();
        self.seek_soon(key);
    }

    /// NOTIFY_CRITICAL_ERROR: the transport is called no more, but to be logged off.
    fn critical_error(&mut self, key: TransportKey) {
        if std::mem::replace(&mut self.transports[key].critical, true) {
            return;
        }
        self.withdraw_notices(key);
        self.out_of_use(key);
        self.turn_takes_away(key, &Error::Busy(Busy::CriticalError));
    }

    /// Messages go elsewhere from now on; what this transport had been promised or was pausing with, too.
    fn out_of_use(&mut self, key: TransportKey) {
        let seat = self.transports[key].seat;
        self.set_usable(key, false);
        if let Some(message) = self.transports[key].promised() {
            self.break_promise(message);
        }
        // What it had deferred it keeps.
        self.unpin_all(seat, |found| !found.record().begin_deferred);
        self.give_up_flushes(key);
        self.offer_all();
    }

    /// Whether messages go to the transport, and may come in by it.
    fn set_usable(&mut self, key: TransportKey, usable: bool) {
        let transport = &mut self.transports[key];
        match usable {
            true => self.usable.insert(transport.seat),
            false => self.usable.remove(transport.seat),
        }
        if let Some(admission) = &mut transport.admission {
            admission.admit(usable);
        }
    }

    /// Messages that only this transport was to have are for all, where they stand in the queue.
    fn unpin_all(&mut self, seat: Seat, which: impl Fn(&Message) -> bool) {
        let pinned = self.messages.iter().filter(|(_, found)| {
            let queued = matches!(found.state, State::Lined | State::Paused(_));
            queued && found.record().only == Some(seat) && which(found)
        });
        let pinned: Vec<MessageKey> = pinned.map(|(message, _)| message).collect();
        for message in pinned {
            self.leave_place(message);
            self.unpin(message);
            self.line_up(message);
        }
    }

    // Removal.

    /// MapiTransportRemove.
    pub fn remove_transport(
        &mut self,
        key: TransportKey,
        caller: Caller,
    ) -> Result<Reply<()>, Error> {
        if !self.transports.contains_key(key) {
            return Err(Error::BadHandle("transport"));
        }
        if self.closing.is_some() {
            return Err(Error::EndOfSession);
        }
        if caller.in_callback {
            return Err(Error::Busy(Busy::InCallback));
        }
        self.gather_all();
        let call = self
            .check_removal(key, caller)
            .map(|()| self.remove_now(key));
        self.settle();
        Ok(Reply::Wait(call?, self.limits.abort))
    }

    fn check_removal(&self, key: TransportKey, caller: Caller) -> Result<(), Error> {
        let mut transfers = self.transfers.values();
        if transfers
            .any(|transfer| transfer.transport == key && transfer.thread == Some(caller.thread))
        {
            return Err(Error::Busy(Busy::OwnTransfer));
        }
        if self.transports[key]
            .removal
            .as_ref()
            .is_some_and(|removal| !removal.logging_off)
        {
            return Err(Error::Busy(Busy::Removing));
        }
        Ok(())
    }

    fn remove_now(&mut self, key: TransportKey) -> CallKey {
        let call = self.wait_for(CallFor::Remove(key));
        match &mut self.transports[key].removal {
            Some(removal) => removal.calls.push(call),
            None => self.begin_removal(key, vec![call]),
        }
        call
    }

    pub(super) fn begin_removal(&mut self, key: TransportKey, calls: Vec<CallKey>) {
        self.stamp += 1;
        let number = self.stamp as u32;
        self.transports[key].removal = Some(Removal {
            calls,
            number,
            logging_off: false,
        });
        self.say(Level::Info, |engine| {
            format!("transport {} is being removed", engine.transports[key].name)
        });
        self.out_of_use(key);
        self.turn_takes_away(key, &Error::EndOfSession);
        let kept: Vec<MessageKey> = self.transports[key].deferred.iter().copied().collect();
        for message in kept {
            self.ask_back(message, key, NOTIFY_ABORT_DEFERRED);
        }
        let seat = self.transports[key].seat;
        self.unpin_all(seat, |_| true);
        self.tell_cancelled_of_transport(key);
        self.timers
            .set(self.now + CANCEL_REPEAT, Due::TransportRepeat(key, number));
        self.leaving.push(key);
    }

    /// Logs off transports that are being removed and have come to rest. Whether anything moved.
    pub(super) fn check_leaving(&mut self) -> bool {
        let ready = self
            .leaving
            .iter()
            .position(|key| self.transports[*key].at_rest());
        let Some(key) = ready.map(|place| self.leaving.remove(place)) else {
            return false;
        };
        if let Some(removal) = &mut self.transports[key].removal {
            removal.logging_off = true;
        }
        if self.transports[key].wants.logoff {
            let desk = self.transports[key].desk(key);
            self.put(desk, Task::Logoff { transport: key });
        } else {
            self.transport_logged_off(key, HResult::OK);
        }
        true
    }

    /// TransportLogoff and Destroy have returned: the transport is gone.
    pub(super) fn transport_logged_off(&mut self, key: TransportKey, result: HResult) {
        if !result.succeeded() {
            self.say(Level::Warning, |engine| {
                format!(
                    "TransportLogoff of {} answered {result}",
                    engine.transports[key].name
                )
            });
        }
        self.say(Level::Info, |engine| {
            format!("transport {} gone", engine.transports[key].name)
        });
        let Some(transport) = self.transports.remove(key) else {
            return;
        };
        self.order.retain(|other| *other != key);
        self.seats[transport.seat.index()] = None;
        self.forget_seat(transport.seat);
        for call in transport
            .removal
            .into_iter()
            .flat_map(|removal| removal.calls)
        {
            self.answer(call, Answer::Done);
        }
    }

    /// The seat will be another transport's: what messages noted about it means nothing any more.
    fn forget_seat(&mut self, seat: Seat) {
        for found in self.messages.values_mut() {
            if found.state == State::Waiting(Some(seat)) {
                found.state = State::Waiting(None);
            }
        }
        let noted = self.messages.iter().filter(|(_, found)| {
            let record = found.record();
            let done = record.declined.contains(seat) || record.served.contains(seat);
            done || record.only == Some(seat)
        });
        let noted: Vec<MessageKey> = noted.map(|(message, _)| message).collect();
        for message in noted {
            let lined = self.messages[message].state == State::Lined;
            if lined {
                self.leave_place(message);
            }
            let record = self.messages[message].note();
            record.declined.remove(seat);
            record.served.remove(seat);
            if record.only == Some(seat) {
                self.unpin(message);
            }
            if lined {
                self.line_up(message);
            }
        }
        for store in self.stores.values_mut() {
            store.ringed[0].remove(seat);
            store.ringed[1].remove(seat);
        }
        for store in self.stores.values_mut() {
            if let logoff::Phase::Purging(waiting) = &mut store.phase {
                waiting.told.remove(seat);
                waiting.flushing.remove(seat);
            }
        }
    }

    /// The limit of a removal has passed: the transport stays, unless TransportLogoff is on its way.
    pub(super) fn expire_removal(&mut self, call: CallKey, key: TransportKey) {
        self.answer(
            call,
            Answer::Failed(Error::Timeout("the transport has not stopped in time")),
        );
        let Some(transport) = self.transports.get_mut(key) else {
            return;
        };
        match &mut transport.removal {
            // There is no way back: it is being logged off, or the spooler is.
            Some(removal) if removal.logging_off || self.closing.is_some() => {
                removal.calls.retain(|other| *other != call);
            }
            Some(_) => {
                transport.removal = None;
                let critical = transport.critical;
                self.leaving.retain(|other| *other != key);
                if !critical {
                    self.set_usable(key, true);
                }
                self.offer_all();
                self.seek_soon(key);
            }
            None => {}
        }
    }
}
