//! Which message goes to which transport, and when. See semantics.md section 4.
//!
//! A message goes to the first transport, in transport order, that is free and may take it; a store coupled
//! to a transport is served by that one first. So between events no free transport could take a ready
//! message: [`Engine::offer`] keeps it so when a store gets something ready, [`Engine::seek`] when a
//! transport becomes free.

use super::desk::{Turn, TurnFor};
use super::queue::State;
use super::transport::Work;
use super::*;

/// A transport's rings: stores that have, or had, something for it. The second is for logoffs under way.
const ORDINARY: usize = 0;
const DRAINING: usize = 1;

impl Store {
    /// The ring that it is to stand in.
    pub(super) fn ring(&self) -> usize {
        if self.draining() { DRAINING } else { ORDINARY }
    }
}

impl Engine {
    /// The transports that a store's messages may go to now. While a logoff is under way a self-driven
    /// transport counts only if a take waits, has come since the drain began, or may still come within the
    /// retry pause: a program with one thread must not wait for itself for ever. While the spooler closes, each
    /// pause counts anew: nothing but what has begun may hold that up.
    pub(super) fn usable_for(&self, store: StoreKey) -> TransportSet {
        let found = &self.stores[store];
        if !found.draining() || self.now < found.drain_grace {
            return self.usable;
        }
        let mut usable = self.usable;
        for seat in self.usable.iter() {
            if let Some(transport) = self.seats[seat.index()].map(|key| &self.transports[key])
                && !transport.wants.submit
                && transport.takes.is_empty()
                && (transport.last_take < found.drain_stamp || self.is_silent(transport))
            {
                usable.remove(seat);
            }
        }
        usable
    }

    /// Whether a closing spooler counts on this self-driven transport no more.
    fn is_silent(&self, transport: &Transport) -> bool {
        self.closing.is_some()
            && transport.outbound == 0
            && self.now >= transport.asked.0 + self.limits.retry_pause
    }

    /// A self-driven transport has asked, or ended something.
    pub(super) fn has_asked(&mut self, key: TransportKey) {
        let now = self.now;
        let Some(transport) = self.transports.get_mut(key) else {
            return;
        };
        transport.asked = (now, transport.asked.1 + 1);
        if self.closing.is_some() && !transport.wants.submit {
            let asked = transport.asked.1;
            self.timers
                .set(now + self.limits.retry_pause, Due::Silence(key, asked));
        }
    }

    /// Whether a transport would take a message this moment.
    fn is_free(&self, key: TransportKey) -> bool {
        let transport = &self.transports[key];
        self.usable.contains(transport.seat)
            && transport.flushes.is_empty()
            && match transport.wants.submit {
                true => transport.work == Work::Idle && transport.flushing.is_none(),
                false => !transport.takes.is_empty(),
            }
    }

    /// A store's messages go to free transports; where none is free, the store queues up at those that may
    /// take them.
    pub(super) fn offer(&mut self, store: StoreKey) {
        if !self
            .stores
            .get(store)
            .is_some_and(|found| found.phase.outbound_open())
        {
            return;
        }
        let coupled = self.coupled_to(store);
        for place in 0..=self.order.len() {
            let next = match place {
                0 => coupled,
                _ => Some(self.order[place - 1]),
            };
            if let Some(transport) = next {
                while self.is_free(transport) && self.hand_out(store, transport) {}
            }
        }
        let wanted = self.stores[store].lines.wanted();
        for place in 0..self.order.len() {
            let transport = self.order[place];
            if wanted.contains(self.transports[transport].seat) {
                self.enter_ring(store, transport);
            }
        }
    }

    /// The transport that is tightly coupled with this store.
    fn coupled_to(&self, store: StoreKey) -> Option<TransportKey> {
        let id = &self.stores[store].id;
        self.order
            .iter()
            .copied()
            .find(|key| self.transports[*key].own_store.as_ref() == Some(id))
    }

    fn enter_ring(&mut self, store: StoreKey, transport: TransportKey) {
        let found = &mut self.stores[store];
        let ring = found.ring();
        let transport = &mut self.transports[transport];
        if !found.ringed[ring].contains(transport.seat) {
            found.ringed[ring].insert(transport.seat);
            transport.rings[ring].push_back(store);
        }
    }

    /// A transport has become free: it is flushed if a purge wants that, or gets a message of the store whose
    /// turn it is; stores whose logoff is under way come first.
    pub(super) fn seek(&mut self, key: TransportKey) {
        if !self.transports.contains_key(key) {
            return;
        }
        self.start_flush(key);
        while self.is_free(key) {
            let Some(store) = self.next_in_rings(key) else {
                return;
            };
            if self.hand_out(store, key) {
                let wanted = self.stores[store].lines.wanted();
                if wanted.contains(self.transports[key].seat) {
                    self.enter_ring(store, key);
                }
            }
        }
    }

    fn next_in_rings(&mut self, key: TransportKey) -> Option<StoreKey> {
        for ring in [DRAINING, ORDINARY] {
            while let Some(store) = self.transports[key].rings[ring].pop_front() {
                let seat = self.transports[key].seat;
                let Some(found) = self.stores.get_mut(store) else {
                    continue;
                };
                found.ringed[ring].remove(seat);
                if found.phase.outbound_open() {
                    return Some(store);
                }
            }
        }
        None
    }

    /// Gives the first message of the store that the transport may take to it, if there is one.
    fn hand_out(&mut self, store: StoreKey, key: TransportKey) -> bool {
        let transport = &self.transports[key];
        if !self.usable_for(store).contains(transport.seat) {
            return false;
        }
        let Some(mut message) = self.stores[store].lines.first_for(transport.seat) else {
            return false;
        };
        if !transport.wants.submit {
            message = self.first_promised(store, transport.seat, message);
        }
        self.leave_place(message);
        if self.transports[key].wants.submit {
            let number = self.desks.number();
            self.messages[message].state = State::Promised(self.transports[key].seat);
            self.stores[store].promised += 1;
            self.transports[key].work = Work::Promised(message, number);
            self.effects.wake(Desk::Worker(key));
        } else if let Some((take, caller)) = self.transports[key].takes.pop_front() {
            self.begin_taken(key, message, take, caller);
            self.one_take_less(key);
        }
        true
    }

    /// A take starts at once: it gets a message promised to a thread that has not come yet, if that is
    /// to start before its own.
    fn first_promised(&self, store: StoreKey, seat: Seat, own: MessageKey) -> MessageKey {
        if self.stores[store].promised == 0 {
            return own;
        }
        let promised = self.order.iter();
        promised
            .filter_map(|key| self.transports[*key].promised())
            .filter(|message| {
                let found = &self.messages[*message];
                found.store == store && found.allowed().contains(seat)
            })
            .chain([own])
            .min_by_key(|message| self.messages[*message].order)
            .unwrap_or(own)
    }

    fn begin_taken(
        &mut self,
        key: TransportKey,
        message: MessageKey,
        take: CallKey,
        caller: Caller,
    ) {
        let desk = if caller.inline {
            Desk::Here
        } else {
            Desk::Control
        };
        let transfer = self.begin(key, message, Some(caller.thread), desk);
        self.transfers[transfer].taker = Some(take);
        self.transfers[transfer].taken_inside = caller.in_callback;
        self.lock(transfer);
    }

    /// Whether a driven transport's thread may start what was promised to it. Messages of one store start in
    /// order, whichever thread comes first.
    pub(super) fn is_promise_due(&self, key: TransportKey) -> bool {
        let Work::Promised(message, number) = self.transports[key].work else {
            return false;
        };
        let mine = &self.messages[message];
        let goes_before = |other: &TransportKey| match self.transports[*other].work {
            Work::Promised(message, earlier) => {
                let other = &self.messages[message];
                earlier < number && other.store == mine.store && other.order < mine.order
            }
            Work::Idle | Work::Busy => false,
        };
        self.stores[mine.store].promised == 1 || !self.order.iter().any(goes_before)
    }

    /// A driven transport's thread has come for what was promised to it. `false`: nothing was, or not yet.
    pub(super) fn start_promised(&mut self, key: TransportKey) -> bool {
        if !self.is_promise_due(key) {
            return false;
        }
        let Work::Promised(message, _) = self.transports[key].work else {
            return false;
        };
        self.transports[key].work = Work::Busy;
        self.promise_is_over(message);
        let transfer = self.begin(key, message, None, Desk::Worker(key));
        self.lock(transfer);
        true
    }

    fn lock(&mut self, transfer: TransferKey) {
        let found = &self.transfers[transfer];
        let (store, desk) = (found.store, found.desk);
        match self.at_once(store) {
            Some(wants) if !wants.set_lock_state => self.locked(transfer),
            _ => self.take_turn(store, TurnFor::Lock(transfer), desk),
        }
    }

    /// A self-driven transport asks for its next message.
    pub fn take(&mut self, key: TransportKey, caller: Caller) -> Result<CallKey, Error> {
        let transport = self
            .transports
            .get(key)
            .ok_or(Error::BadHandle("transport"))?;
        if transport.wants.submit {
            return Err(Error::NotSelfDriven);
        }
        if transport.removal.is_some() || self.nothing_can_come() {
            return Err(Error::EndOfSession);
        }
        if transport.critical {
            return Err(Error::Busy(Busy::CriticalError));
        }
        self.stamp += 1;
        let call = self.wait_for(CallFor::Take(key));
        let transport = &mut self.transports[key];
        transport.last_take = self.stamp;
        transport.takes.push_back((call, caller));
        self.has_asked(key);
        self.seek_soon(key);
        self.settle();
        Ok(call)
    }

    /// Whether a take has been promised a message whose SetLockState is under way.
    pub fn take_is_locking(&self, call: CallKey) -> bool {
        self.calls.get(call).is_some_and(|found| match found.what {
            CallFor::Take(transport) => {
                found.answer.is_none()
                    && self
                        .transports
                        .get(transport)
                        .is_some_and(|t| !t.takes.iter().any(|(take, _)| *take == call))
            }
            _ => false,
        })
    }

    pub(super) fn expire_take(&mut self, call: CallKey, key: TransportKey) {
        if let Some(transport) = self.transports.get_mut(key) {
            transport.takes.retain(|(take, _)| *take != call);
        }
        self.has_asked(key);
        self.one_take_less(key);
        self.give_up_waiting_for_lock(call);
        self.answer(
            call,
            Answer::Failed(Error::Timeout("no message for this transport yet")),
        );
    }

    /// Logoffs that counted on a take because it was waiting, not because it had come since they began, are
    /// to look again.
    fn one_take_less(&mut self, key: TransportKey) {
        let only_waited = |transport: &Transport| {
            transport.takes.is_empty() && transport.last_take < self.latest_drain
        };
        if self.transports.get(key).is_some_and(only_waited) {
            self.checks.extend(self.drains.iter());
        }
    }

    /// The call that waits for a lock waits no more: the message goes back when the lock's answer is there.
    pub(super) fn give_up_waiting_for_lock(&mut self, call: CallKey) {
        let mut transfers = self.transfers.iter_mut();
        let Some((key, transfer)) = transfers.find(|(_, found)| found.taker == Some(call)) else {
            return;
        };
        transfer.taker = None;
        transfer.thread = None;
        transfer.abandoned = true;
        let store = transfer.store;
        // Where SetLockState has not had its turn it is not called: a provider that takes from inside its
        // callbacks would else be called for ever, each take bringing about the callbacks for the next.
        let turns = &mut self.stores[store].turns;
        let own = |turn: &Turn| matches!(turn.what, TurnFor::Lock(transfer) if transfer == key);
        if let Some(place) = turns.iter().position(own) {
            turns.remove(place);
            self.not_begun(key);
        }
    }

    /// The transport is looked at before the event is over: it may have become free.
    pub(super) fn seek_soon(&mut self, key: TransportKey) {
        if self.seekers.back() != Some(&key) {
            self.seekers.push_back(key);
        }
    }

    /// Looks at every store: which transports there are has changed.
    pub(super) fn offer_all(&mut self) {
        let all: Vec<StoreKey> = self.stores.keys().collect();
        self.offers.extend(all.iter());
        self.checks.extend(all);
    }

    /// A message joins the line of those that the same transports may take. While a logoff is under way no
    /// NOT_ME is forgotten, however long ago it was said: that is a wait like others.
    pub(super) fn line_up(&mut self, message: MessageKey) {
        let found = &mut self.messages[message];
        found.state = State::Lined;
        let draining = self.stores[found.store].draining();
        if let Some(record) = found.noted()
            && self.now >= record.declined_until
            && !draining
        {
            record.declined = TransportSet::NONE;
        }
        let (store, allowed, order) = (found.store, found.allowed(), found.order);
        let record = found.record();
        let (declined, until) = (!record.declined.is_empty(), record.declined_until);
        self.stores[store].lines.insert(allowed, order, message);
        if declined {
            self.set_timer(message, until, Due::Wait);
        }
        self.offers.push_back(store);
        self.check_soon(store);
    }

    /// A message joins the line as on its first day, but for the transports that are done with it.
    pub(super) fn line_up_anew(&mut self, message: MessageKey) {
        self.leave_place(message);
        if let Some(record) = self.messages[message].noted() {
            record.declined = TransportSet::NONE;
        }
        self.line_up(message);
    }

    pub(super) fn set_timer(
        &mut self,
        message: MessageKey,
        at: Time,
        due: fn(MessageKey, u32) -> Due,
    ) {
        let record = self.messages[message].note();
        record.timer += 1;
        self.timers.set(at, due(message, record.timer));
    }

    /// A message leaves wherever it stands. What its state becomes is the caller's to say.
    pub(super) fn leave_place(&mut self, message: MessageKey) {
        let found = &mut self.messages[message];
        if let Some(record) = found.noted() {
            record.timer += 1;
        }
        let store = found.store;
        match found.state {
            State::Lined => {
                let (allowed, order) = (found.allowed(), found.order);
                self.stores[store].lines.remove(allowed, order);
            }
            State::Promised(seat) => {
                self.worker_is_free(self.seated(seat));
                self.promise_is_over(message);
            }
            State::Paused(_) => self.stores[store].paused -= 1,
            State::Deferred(seat) => {
                let holder = self.seated(seat);
                self.transports[holder].deferred.remove(&message);
            }
            State::Waiting(_) => {
                let order = found.order;
                self.stores[store].waits.remove(&order);
            }
            State::InProcess => {}
        }
    }

    /// A message's time has come.
    pub(super) fn wait_is_over(&mut self, message: MessageKey) {
        match self.messages[message].state {
            State::Paused(_) | State::Waiting(_) => {
                self.leave_place(message);
                self.line_up(message);
            }
            State::Lined => self.line_up_anew(message),
            State::Promised(_) | State::Deferred(_) | State::InProcess => {}
        }
    }

    /// A closed gate: what was promised and not yet come for stays in the queue.
    pub(super) fn break_promises(&mut self, store: StoreKey) {
        if self.stores[store].promised == 0 {
            return;
        }
        let promised: Vec<MessageKey> = self
            .order
            .iter()
            .filter_map(|key| self.transports[*key].promised())
            .collect();
        for message in promised {
            if self.messages[message].store == store {
                self.break_promise(message);
            }
        }
    }

    /// A promise has been kept, or broken: the threads that were to start after it may look again.
    fn promise_is_over(&mut self, message: MessageKey) {
        let store = self.messages[message].store;
        let promised = &mut self.stores[store].promised;
        *promised -= 1;
        if *promised == 0 {
            return;
        }
        for key in &self.order {
            if let Some(message) = self.transports[*key].promised()
                && self.messages[message].store == store
            {
                self.effects.wake(Desk::Worker(*key));
            }
        }
    }

    pub(super) fn break_promise(&mut self, message: MessageKey) {
        self.leave_place(message);
        self.line_up(message);
    }

    /// A message's callbacks have all returned at this desk.
    pub(super) fn desk_is_free(&mut self, desk: Desk) {
        if let Desk::Worker(transport) = desk {
            self.worker_is_free(transport);
        }
    }

    /// A driven transport's thread has finished with a message.
    pub(super) fn worker_is_free(&mut self, key: TransportKey) {
        if let Some(transport) = self.transports.get_mut(key)
            && transport.wants.submit
        {
            transport.work = Work::Idle;
            self.seek_soon(key);
        }
    }
}
