//! Transfers: how they begin, what their ends mean, and how they are cancelled.
//!
//! The reference: IXPLogon::SubmitMessage, EndMessage, TransportNotify. See the table in semantics.md
//! section 4.

use super::desk::{Message as Shown, Turn, TurnFor};
use super::mapi::*;
use super::queue::State;
use super::*;

/// One message being sent or received right now.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Transfer {
    pub store: StoreKey,
    pub transport: TransportKey,
    /// `None` for a message that is being received.
    pub message: Option<MessageKey>,
    /// Whose context went out with the message.
    pub logon: LogonKey,
    /// The thread that took or began it; `None` for a driven transport's.
    pub thread: Option<u64>,
    /// Where the store's callbacks for it run.
    pub desk: Desk,
    pub stage: Stage,
    /// A logoff, or the transport's removal, has cancelled it: sticks when that is withdrawn.
    pub told: bool,
    /// A NOTIFY_CANCEL_MESSAGE for it has not been delivered yet.
    pub cancel_queued: bool,
    /// The call that waits for it to begin.
    pub taker: Option<CallKey>,
    /// That call waits no more.
    pub abandoned: bool,
    /// That call came from inside a callback.
    pub taken_inside: bool,
    /// It began at a reception, where this was its name.
    pub ticket: Option<Ticket>,
    /// Its place among the store's transfers.
    place: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// SetLockState is due or running.
    Locking,
    /// Locked; its driven transport has not entered SubmitMessage.
    Locked,
    /// The transport has it.
    Running,
    /// Over for the transport; FinishedMsg has not returned.
    Sent,
}

/// What the end of an outbound transfer means for its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Sent,
    /// For these recipients; the next transport has the rest.
    Partly,
    ResendNow,
    /// After the retry pause, or this many seconds if that is longer.
    Later(u32),
    Deferred,
    Declined,
    Busy,
    Failed,
}

/// The table of SubmitMessage's and EndMessage's answers.
pub(super) fn verdict(
    result: HResult,
    end_flags: u32,
    retry_seconds: u32,
    begin_deferred: bool,
) -> Verdict {
    match (result.0, end_flags) {
        (S_OK, 0) => Verdict::Sent,
        (MAPI_W_PARTIAL_COMPLETION, 0) => Verdict::Partly,
        (S_OK | MAPI_W_PARTIAL_COMPLETION, END_RESEND_NOW) => Verdict::ResendNow,
        (S_OK | MAPI_W_PARTIAL_COMPLETION, END_RESEND_LATER) => Verdict::Later(0),
        (S_OK | MAPI_W_PARTIAL_COMPLETION, END_DONT_RESEND) => Verdict::Deferred,
        (MAPI_E_NOT_ME, _) => Verdict::Declined,
        (MAPI_E_BUSY, _) => Verdict::Busy,
        (MAPI_E_WAIT | MAPI_E_NETWORK_ERROR, _) => Verdict::Later(retry_seconds),
        (MAPI_E_CANCEL, _) if begin_deferred => Verdict::Deferred,
        _ => Verdict::Failed,
    }
}

const END_FLAGS: u32 = END_RESEND_NOW | END_RESEND_LATER | END_DONT_RESEND;

impl Engine {
    /// A message leaves the queue for a transport.
    pub(super) fn begin(
        &mut self,
        transport: TransportKey,
        message: MessageKey,
        thread: Option<u64>,
        desk: Desk,
    ) -> TransferKey {
        let store = self.messages[message].store;
        let transfer = self.add_transfer(transport, store, Some(message), thread, desk);
        self.messages[message].state = State::InProcess;
        self.stores[store].outbound += 1;
        self.transports[transport].outbound += 1;
        transfer
    }

    pub(super) fn add_transfer(
        &mut self,
        transport: TransportKey,
        store: StoreKey,
        message: Option<MessageKey>,
        thread: Option<u64>,
        desk: Desk,
    ) -> TransferKey {
        let logon = self.stores[store].owner(&self.logons);
        self.hold(Some(logon));
        self.transports[transport].transfers += 1;
        let stage = if message.is_some() {
            Stage::Locking
        } else {
            Stage::Running
        };
        let place = self.stores[store].transfers.len();
        let transfer = self.transfers.insert(Transfer {
            store,
            transport,
            message,
            logon,
            thread,
            desk,
            stage,
            told: false,
            cancel_queued: false,
            taker: None,
            abandoned: false,
            taken_inside: false,
            ticket: None,
            place,
        });
        let store = &mut self.stores[store];
        store.transfers.push(transfer);
        store.inbound += u32::from(message.is_none());
        transfer
    }

    /// Takes the transfer off the books. Where its message goes is the caller's to say.
    fn remove_transfer(&mut self, key: TransferKey) -> Transfer {
        self.is_latest(key);
        let transfer = self.transfers.remove(key).expect("a transfer ends once");
        self.stores[transfer.store].transfers.pop();
        let transport = &mut self.transports[transfer.transport];
        transport.transfers -= 1;
        let store = &mut self.stores[transfer.store];
        match transfer.message {
            Some(_) => {
                store.outbound -= 1;
                transport.outbound -= 1;
            }
            None => store.inbound -= 1,
        }
        self.has_asked(transfer.transport);
        self.seek_soon(transfer.transport);
        self.check_soon(transfer.store);
        transfer
    }

    /// The transfer is behind all others of its store.
    pub(super) fn is_latest(&mut self, key: TransferKey) {
        let transfer = &mut self.transfers[key];
        let all = &mut self.stores[transfer.store].transfers;
        let (place, last) = (transfer.place, all.len() - 1);
        if place < last {
            transfer.place = last;
            all.swap(place, last);
            self.transfers[all[place]].place = place;
        }
    }

    pub(super) fn message_of(&self, transfer: TransferKey) -> &EntryId {
        let message = self.transfers[transfer]
            .message
            .expect("only what is sent is locked");
        &self.messages[message].id
    }

    /// A transfer's message as its transport is shown it.
    pub fn shown(&self, key: TransferKey) -> Option<Shown> {
        let transfer = self.transfers.get(key)?;
        let (id, begin_deferred) = self.sends(key);
        Some(Shown {
            id: id.cloned(),
            store_id: self.stores[transfer.store].id.clone(),
            logon: Some(transfer.logon),
            transfer: Some(key),
            ticket: transfer.ticket,
            begin_deferred,
            frees: None,
        })
    }

    /// The message that a transfer sends, and whether it goes with BEGIN_DEFERRED.
    pub fn sends(&self, key: TransferKey) -> (Option<&EntryId>, bool) {
        let transfer = &self.transfers[key];
        let message = transfer.message.map(|message| &self.messages[message]);
        let id = message.map(|message| &message.id);
        (id, self.begins_deferred(transfer))
    }

    /// Whether the message goes with BEGIN_DEFERRED: this transport had it deferred.
    fn begins_deferred(&self, transfer: &Transfer) -> bool {
        let message = transfer.message.map(|message| &self.messages[message]);
        message.is_some_and(|message| message.record().begin_deferred)
    }

    /// Nothing begins once a gate has shut, its transport is called no more, or nobody waits for it.
    pub(super) fn may_begin(&self, transfer: &Transfer) -> bool {
        let seat = self.transports[transfer.transport].seat;
        self.stores[transfer.store].phase.outbound_open()
            && self.usable.contains(seat)
            && !transfer.abandoned
    }

    /// SetLockState(MSG_LOCKED) has answered. A success with a remark is a lock too, to be given back.
    pub(super) fn lock_returned(&mut self, key: TransferKey, result: HResult) {
        let transfer = &self.transfers[key];
        match result.0 {
            S_OK.. if self.may_begin(transfer) => self.locked(key),
            S_OK.. => {
                self.unsent(key, Error::Busy(Busy::GatesShut));
            }
            MAPI_E_NOT_FOUND => {
                self.say(Level::Info, |engine| {
                    format!(
                        "message {} is no longer submitted: somebody else finished it",
                        show(engine.message_of(key))
                    )
                });
                let transfer = self.remove_transfer(key);
                if let Some(message) = transfer.message {
                    self.forget(message);
                }
                self.turn_away(
                    transfer,
                    Error::NotFound(
                        "the message is no longer submitted: somebody else finished it",
                    ),
                );
            }
            _ => {
                self.say(Level::Debug, |engine| {
                    format!(
                        "message {} is locked by somebody else: {result}",
                        show(engine.message_of(key))
                    )
                });
                let transfer = self.remove_transfer(key);
                if let Some(message) = transfer.message {
                    let record = self.messages[message].note();
                    record.lock_failures = record.lock_failures.saturating_add(1);
                    let failures = record.lock_failures;
                    let pause = self.growing_pause(failures);
                    self.wait_for_time(message, None, pause);
                }
                self.turn_away(transfer, Error::Busy(Busy::Locked(result)));
            }
        }
    }

    pub(super) fn locked(&mut self, key: TransferKey) {
        let transfer = &mut self.transfers[key];
        let (transport, transfer_store) = (transfer.transport, transfer.store);
        if let Some(message) = transfer.message
            && let Some(record) = self.messages[message].noted()
        {
            record.lock_failures = 0;
        }
        if self.transports[transport].wants.submit {
            transfer.stage = Stage::Locked;
            self.stores[transfer_store].turn = Some(Turn {
                what: TurnFor::Start,
                desk: Desk::Worker(transport),
            });
            self.put(
                Desk::Worker(transport),
                Task::Send {
                    transport,
                    transfer: key,
                },
            );
            return;
        }
        transfer.stage = Stage::Running;
        if transfer.taken_inside {
            // Whoever ends it need not be inside a callback any more.
            transfer.desk = Desk::Control;
        }
        if let Some(call) = transfer.taker.take() {
            self.answer(call, Answer::Transfer(key));
        }
        self.say_begun(key);
    }

    fn say_begun(&mut self, key: TransferKey) {
        self.say(Level::Debug, |engine| {
            let transfer = &engine.transfers[key];
            let name = &engine.transports[transfer.transport].name;
            format!(
                "message {} goes out by {name}",
                show(engine.message_of(key))
            )
        });
    }

    /// A locked message goes back as it came: nothing was begun with it.
    fn unsent(&mut self, key: TransferKey, error: Error) {
        let transfer = self.remove_transfer(key);
        if let Some(message) = transfer.message {
            self.line_up(message);
            self.unlock(message, &transfer);
        }
        // The worker is free when the lock has been given back.
        self.turn_away_taker(&transfer, error);
        self.unhold(Some(transfer.logon));
    }

    /// A transfer that did not even come to SetLockState: the message is where it was.
    pub(super) fn not_begun(&mut self, key: TransferKey) {
        let transfer = self.remove_transfer(key);
        if let Some(message) = transfer.message {
            self.line_up(message);
        }
        self.unhold(Some(transfer.logon));
    }

    /// A message could not be had: whoever was to have it is free again.
    fn turn_away(&mut self, transfer: Transfer, error: Error) {
        self.desk_is_free(transfer.desk);
        self.turn_away_taker(&transfer, error);
        self.unhold(Some(transfer.logon));
    }

    /// A take goes on waiting for another message; a begin fails.
    fn turn_away_taker(&mut self, transfer: &Transfer, error: Error) {
        let Some(call) = transfer.taker else { return };
        match self.calls.get(call).map(|call| call.what) {
            Some(CallFor::Take(key)) => {
                let caller = Caller {
                    thread: transfer.thread.unwrap_or_default(),
                    in_callback: false,
                    inline: transfer.desk == Desk::Here,
                };
                let ends = self.nothing_can_come();
                let transport = &mut self.transports[key];
                if ends || transport.removal.is_some() {
                    self.answer(call, Answer::Failed(Error::EndOfSession));
                } else if transport.critical {
                    self.answer(call, Answer::Failed(Error::Busy(Busy::CriticalError)));
                } else {
                    transport.takes.push_front((call, caller));
                    self.seek_soon(key);
                }
            }
            _ => self.answer(call, Answer::Failed(error)),
        }
    }

    /// A worker is about to enter SubmitMessage. `false`: it must not any more; the message has gone back.
    pub(super) fn send_starts(&mut self, key: TransferKey) -> bool {
        let Some(transfer) = self.transfers.get(key) else {
            return false;
        };
        let store = transfer.store;
        let begins = self.may_begin(transfer);
        self.stores[store].turn = None;
        if !begins {
            self.unsent(key, Error::Busy(Busy::GatesShut));
            return false;
        }
        self.transfers[key].stage = Stage::Running;
        self.say_begun(key);
        self.next_turn(store);
        true
    }

    /// SubmitMessage, and EndMessage where it was called, have returned.
    pub(super) fn send_returned(&mut self, key: TransferKey, outcome: Performed) {
        let Performed::Sent {
            result,
            retry_seconds,
            end,
        } = outcome
        else {
            return;
        };
        let begin_deferred = self.begins_deferred(&self.transfers[key]);
        let verdict = match end {
            Some((end, _)) if !end.succeeded() => Verdict::Failed,
            Some((_, flags)) => verdict(result, flags, 0, begin_deferred),
            None => verdict(result, 0, retry_seconds, begin_deferred),
        };
        self.say(Level::Debug, |engine| {
            let message = show(engine.message_of(key));
            let name = &engine.transports[engine.transfers[key].transport].name;
            let end = end
                .map(|(hr, flags)| format!(", EndMessage {hr} with {flags:#x}"))
                .unwrap_or_default();
            format!("message {message}: {name} answered {result}{end}: {verdict:?}")
        });
        self.conclude(key, verdict);
    }

    /// TransferEnd: the end of a transfer that was taken or begun.
    pub fn end_transfer(
        &mut self,
        key: TransferKey,
        result: HResult,
        end_flags: u32,
        retry_seconds: u32,
    ) -> Result<(), Error> {
        let transfer = self.running(key)?;
        if end_flags & !END_FLAGS != 0 {
            return Err(Error::UnknownFlags(end_flags));
        }
        let fits = end_flags == 0
            || (end_flags.count_ones() == 1 && result == HResult::OK && transfer.message.is_some());
        if !fits {
            return Err(Error::EndFlags(result, end_flags));
        }
        if transfer.message.is_none() {
            let transfer = self.remove_transfer(key);
            self.unhold(Some(transfer.logon));
        } else if self.transports[transfer.transport].wants.submit {
            return Err(Error::NotYours);
        } else {
            let begin_deferred = self.begins_deferred(transfer);
            let verdict = verdict(result, end_flags, retry_seconds, begin_deferred);
            self.say(Level::Debug, |engine| {
                format!(
                    "message {} ended with {result}: {verdict:?}",
                    show(engine.message_of(key))
                )
            });
            self.conclude(key, verdict);
        }
        self.settle();
        Ok(())
    }

    /// An outbound transfer is over: its message has been sent, or goes back to the queue.
    fn conclude(&mut self, key: TransferKey, verdict: Verdict) {
        if verdict == Verdict::Sent {
            return self.sent(key);
        }
        let transfer = self.remove_transfer(key);
        let Some(message) = transfer.message else {
            return;
        };
        self.goes_back(message, &transfer, verdict);
        self.unlock(message, &transfer);
        self.unhold(Some(transfer.logon));
    }

    /// The store gets a message's lock back. The message may be gone before its turn comes: the turn has its name.
    fn unlock(&mut self, message: MessageKey, transfer: &Transfer) {
        match self.at_once(transfer.store) {
            Some(wants) if !wants.set_lock_state => self.desk_is_free(transfer.desk),
            _ => {
                let id = Box::new(self.messages[message].id.clone());
                self.take_turn(transfer.store, TurnFor::Unlock(id), transfer.desk);
            }
        }
    }

    /// The message has been sent. It stays in process until FinishedMsg has returned: a program that sees
    /// nothing in process may exit, and what is still in the Outbox then is sent once more.
    fn sent(&mut self, key: TransferKey) {
        let transfer = &mut self.transfers[key];
        transfer.stage = Stage::Sent;
        transfer.thread = None;
        let (store, desk) = (transfer.store, transfer.desk);
        match self.at_once(store) {
            Some(wants) if !wants.finished_msg => self.finished(key, HResult::OK),
            _ => self.take_turn(store, TurnFor::Finish(key), desk),
        }
    }

    /// FinishedMsg has returned: the message is finished, whatever the answer.
    pub(super) fn finished(&mut self, key: TransferKey, result: HResult) {
        if !result.succeeded() {
            self.say(Level::Error, |engine| {
                let message = show(engine.message_of(key));
                format!("FinishedMsg of message {message} answered {result}; it was sent and is not sent again")
            });
        }
        let transfer = self.remove_transfer(key);
        self.stores[transfer.store].finished += 1;
        if let Some(message) = transfer.message {
            self.forget(message);
        }
        self.unhold(Some(transfer.logon));
        self.desk_is_free(transfer.desk);
    }

    fn goes_back(&mut self, message: MessageKey, transfer: &Transfer, verdict: Verdict) {
        let verdict = self.often_enough(message, verdict);
        let seat = self.transports[transfer.transport].seat;
        if verdict != Verdict::Busy {
            self.unpin(message);
        }
        if verdict != Verdict::Failed
            && let Some(record) = self.messages[message].noted()
        {
            record.failures = 0;
        }
        match verdict {
            Verdict::Sent => {}
            Verdict::Partly => {
                self.messages[message].note().served.insert(seat);
                self.line_up(message);
            }
            Verdict::Declined => {
                let record = self.messages[message].note();
                if record.declined.is_empty() {
                    record.declined_until = self.now + self.limits.declined_pause;
                }
                record.declined.insert(seat);
                self.line_up(message);
            }
            Verdict::ResendNow => {
                let store = &mut self.stores[transfer.store];
                store.front -= 1;
                self.messages[message].order = store.front;
                self.line_up(message);
            }
            Verdict::Busy => self.pause(message, transfer.transport),
            Verdict::Deferred => self.defer(message, transfer.transport),
            Verdict::Later(seconds) => {
                let pause = self.limits.retry_pause.max(Time::from(seconds) * 1_000);
                self.wait_for_time(message, Some(transfer.transport), pause);
            }
            Verdict::Failed if transfer.told => self.line_up(message),
            Verdict::Failed => {
                let record = self.messages[message].note();
                record.failures = record.failures.saturating_add(1);
                let failures = record.failures;
                let pause = self.growing_pause(failures);
                self.wait_for_time(message, Some(transfer.transport), pause);
            }
        }
    }

    /// END_RESEND_NOW too often in a row is LATER; MAPI_E_BUSY likewise while a logoff is under way, which
    /// would else never end. So they are counted together: a transport may answer now the one, now the other.
    fn often_enough(&mut self, message: MessageKey, verdict: Verdict) -> Verdict {
        let found = &mut self.messages[message];
        let counts = match verdict {
            Verdict::ResendNow => true,
            Verdict::Busy => self.stores[found.store].draining(),
            _ => false,
        };
        let before = found
            .noted()
            .map(|record| std::mem::take(&mut record.at_once_again));
        if !counts {
            return verdict;
        }
        let in_a_row = before.unwrap_or(0) + 1;
        if in_a_row >= TOO_OFTEN {
            return Verdict::Later(0);
        }
        found.note().at_once_again = in_a_row;
        verdict
    }

    fn growing_pause(&self, in_a_row: u8) -> Time {
        self.limits.retry_pause << in_a_row.saturating_sub(1).min(MOST_DOUBLINGS)
    }

    fn wait_for_time(&mut self, message: MessageKey, by: Option<TransportKey>, pause: Time) {
        let found = &mut self.messages[message];
        found.state = State::Waiting(by.map(|key| self.transports[key].seat));
        let (store, order) = (found.store, found.order);
        self.stores[store].waits.insert(order, message);
        self.set_timer(message, self.now.saturating_add(pause), Due::Wait);
    }

    /// MAPI_E_BUSY: the same transport gets it again shortly, while it is one that is called.
    fn pause(&mut self, message: MessageKey, transport: TransportKey) {
        let seat = self.transports[transport].seat;
        if !self.usable.contains(seat) {
            self.unpin(message);
            return self.line_up(message);
        }
        let found = &mut self.messages[message];
        found.state = State::Paused(seat);
        found.note().only = Some(seat);
        let store = found.store;
        self.stores[store].paused += 1;
        let at = self.now + BUSY_PAUSE.min(self.limits.retry_pause);
        self.set_timer(message, at, Due::Pause);
    }

    /// The message is for whichever transport takes it.
    pub(super) fn unpin(&mut self, message: MessageKey) {
        if let Some(record) = self.messages[message].noted() {
            record.only = None;
            record.begin_deferred = false;
        }
    }

    /// END_DONT_RESEND: the transport keeps it until NOTIFY_SENTDEFERRED, unless it is on its way out.
    fn defer(&mut self, message: MessageKey, key: TransportKey) {
        if self.transports[key].removal.is_some() {
            return self.line_up(message);
        }
        self.messages[message].state = State::Deferred(self.transports[key].seat);
        self.transports[key].deferred.insert(message);
    }

    /// MapiTransportBeginOutbound: this message of this store, queued or not.
    pub fn begin_outbound(
        &mut self,
        key: TransportKey,
        logon: LogonKey,
        id: EntryId,
        caller: Caller,
    ) -> Result<CallKey, Error> {
        let transport = self
            .transports
            .get(key)
            .ok_or(Error::BadHandle("transport"))?;
        if transport.wants.submit {
            return Err(Error::NotSelfDriven);
        }
        let store = self.queue_of(logon)?;
        self.check_transport(key)?;
        if !self.stores[store].phase.outbound_open() {
            return Err(Error::Busy(Busy::GatesShut));
        }
        let message = match self.stores[store].index.find(&self.messages, &id) {
            None => self.enqueue(store, id)?,
            Some(message) => match self.messages[message].state {
                State::InProcess => return Err(Error::Submitted),
                State::Deferred(holder) if holder != transport.seat => {
                    return Err(Error::Busy(Busy::DeferredElsewhere));
                }
                _ => message,
            },
        };
        self.leave_place(message);
        let desk = if caller.inline {
            Desk::Here
        } else {
            Desk::Control
        };
        let transfer = self.begin(key, message, Some(caller.thread), desk);
        let call = self.wait_for(CallFor::Begin(transfer));
        self.transfers[transfer].taker = Some(call);
        self.transfers[transfer].taken_inside = caller.in_callback;
        self.take_turn(store, TurnFor::Lock(transfer), desk);
        self.settle();
        Ok(call)
    }

    pub(super) fn expire_begin(&mut self, call: CallKey, _: TransferKey) {
        self.give_up_waiting_for_lock(call);
        self.answer(
            call,
            Answer::Failed(Error::Timeout(
                "SetLockState has not returned; the message stays in the queue",
            )),
        );
    }

    /// MapiTransportBeginInbound: a message starts to come in; `None` is the default Inbox.
    pub fn begin_inbound(
        &mut self,
        key: TransportKey,
        logon: Option<LogonKey>,
        caller: Caller,
    ) -> Result<TransferKey, Error> {
        if !self.transports.contains_key(key) {
            return Err(Error::BadHandle("transport"));
        }
        let store = match logon {
            Some(logon) => self.live(logon)?,
            None => self.default_inbox.ok_or(Error::Busy(Busy::ReceptionOff))?,
        };
        self.check_transport(key)?;
        if !self.stores[store].phase.inbound_open() {
            return Err(Error::Busy(Busy::ReceptionOff));
        }
        Ok(self.add_transfer(key, store, None, Some(caller.thread), Desk::Control))
    }

    /// Whether a transport may begin something.
    fn check_transport(&self, key: TransportKey) -> Result<(), Error> {
        let transport = &self.transports[key];
        match (transport.removal.is_some(), transport.critical) {
            (true, _) => Err(Error::Busy(Busy::Removing)),
            (_, true) => Err(Error::Busy(Busy::CriticalError)),
            _ => Ok(()),
        }
    }

    /// SpoolerYield: whether the transfer is to stop.
    pub fn is_cancelled(&self, key: TransferKey) -> Result<bool, Error> {
        Ok(self.cancels(self.running(key)?))
    }

    /// A transfer that has not ended.
    fn running(&self, key: TransferKey) -> Result<&Transfer, Error> {
        let transfer = self.transfers.get(key);
        transfer
            .filter(|transfer| transfer.stage == Stage::Running)
            .ok_or(Error::BadHandle("transfer"))
    }

    fn cancels(&self, transfer: &Transfer) -> bool {
        transfer.stage == Stage::Running
            && (self.stores[transfer.store].phase.cancelling()
                || self.transports[transfer.transport].removal.is_some())
    }

    /// A logoff stops what the store has in process.
    pub(super) fn cancel_all(&mut self, store: StoreKey) {
        self.tell_cancelled_of_store(store);
        let drain = self.stores[store].drain;
        self.timers
            .set(self.now + CANCEL_REPEAT, Due::StoreRepeat(store, drain));
    }

    pub(super) fn tell_cancelled_of_store(&mut self, store: StoreKey) {
        let mut transfers = self.stores[store].transfers.clone();
        transfers.sort_by_cached_key(|transfer| {
            let transport = self.transfers[*transfer].transport;
            self.order.iter().position(|key| *key == transport)
        });
        for transfer in transfers {
            self.tell_cancelled(transfer);
        }
    }

    pub(super) fn tell_cancelled_of_transport(&mut self, key: TransportKey) {
        let transfers = self
            .transfers
            .iter()
            .filter(|(_, transfer)| transfer.transport == key);
        let transfers: Vec<TransferKey> = transfers.map(|(key, _)| key).collect();
        for transfer in transfers {
            self.tell_cancelled(transfer);
        }
    }

    /// NOTIFY_CANCEL_MESSAGE, unless the last one for it is still on its way.
    fn tell_cancelled(&mut self, key: TransferKey) {
        let transfer = self.transfers.get_mut(key);
        let Some(transfer) = transfer.filter(|transfer| transfer.stage == Stage::Running) else {
            return;
        };
        transfer.told = true;
        if !transfer.cancel_queued {
            self.transfers[key].cancel_queued = self.cancel(key);
        }
    }

    /// Whether a transfer is still to stop; if not, a cancel that is on its way is not delivered.
    pub(super) fn still_cancelled(&mut self, key: TransferKey) -> bool {
        let cancelled = self
            .transfers
            .get(key)
            .is_some_and(|transfer| self.cancels(transfer));
        if !cancelled {
            self.cancel_is_undelivered(key);
        }
        cancelled
    }

    /// A NOTIFY_CANCEL_MESSAGE will not be delivered: it may be told again.
    pub(super) fn cancel_is_undelivered(&mut self, key: TransferKey) {
        if let Some(transfer) = self.transfers.get_mut(key) {
            transfer.cancel_queued = false;
        }
    }
}
