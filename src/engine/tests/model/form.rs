//! The form of a world: whatever of its state can make a difference later, as plain numbers. Worlds of one form
//! have one future, so one of them is enough.
//!
//! What grows for ever is brought down to what it is asked for: keys become places, times become what is left
//! of them, stamps and orders become ranks, and the numbers of timers, drains and removals become whether they still
//! count. What can be derived from the rest is left out, and so is what only the log and the counters say. Not
//! seen is the order in which things lie in the engine's slots: no promise hangs on it. Every struct is
//! taken apart in full, so that a field that is added cannot be forgotten here.

use crate::engine::close::Closing;
use crate::engine::desk::{Desks, Turn, TurnFor};
use crate::engine::logoff::{Background, Phase, Waiter, Waiting};
use crate::engine::queue::{Message, Record, State};
use crate::engine::store::{Logon, Store};
use crate::engine::tests::doors::door;
use crate::engine::tests::storm::{Asked, Books, STORES, Storm, Transported};
use crate::engine::tests::world::id;
use crate::engine::timers::Due;
use crate::engine::transfer::Transfer;
use crate::engine::transport::{Removal, Transport, Work};
use crate::engine::*;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// The form in short. Two forms that fall together would need 2^64 of them.
pub type Print = u128;

/// The place of what is gone.
const GONE: u32 = u32::MAX;
/// How many messages, or transfers, of a store can be told apart.
const MOST: u32 = 100;

pub fn print(world: &Storm) -> Print {
    let mut hasher = SipHasher13::new();
    for number in form(world) {
        hasher.write_u32(number);
    }
    hasher.finish128().as_u128()
}

pub fn form(world: &Storm) -> Vec<u32> {
    let mut form = Form::new(world);
    form.engine();
    form.driver();
    form.numbers
}

struct Form<'a> {
    world: &'a Storm,
    engine: &'a Engine,
    /// The stores by name, where they are open; their logons; and their messages in order.
    stores: [Option<StoreKey>; STORES.len()],
    logons: Vec<LogonKey>,
    messages: [Vec<MessageKey>; STORES.len()],
    /// Stamps that are compared, in order.
    stamps: Vec<u64>,
    /// Calls that something in the engine will answer.
    calls: Vec<CallKey>,
    numbers: Vec<u32>,
}

impl<'a> Form<'a> {
    fn new(world: &'a Storm) -> Form<'a> {
        let engine = &world.engine;
        let stores = STORES.map(|name| engine.by_id.find(&engine.stores, &id(name)));
        let messages = stores.map(|store| {
            let of_store = |message: &MessageKey| Some(engine.messages[*message].store) == store;
            let mut messages: Vec<MessageKey> = engine.messages.keys().filter(of_store).collect();
            messages.sort_by_key(|message| engine.messages[*message].order);
            messages
        });
        let mut logons = world.logons.clone();
        logons.retain(|logon| engine.logons.contains_key(*logon));
        logons.sort_by_key(|logon| world.places[logon]);
        let drains = engine.stores.values().filter(|store| store.draining());
        let mut stamps: Vec<u64> = drains.map(|store| store.drain_stamp).collect();
        if !stamps.is_empty() {
            stamps.push(engine.latest_drain);
        }
        stamps.extend(engine.transports.values().map(|t| t.last_take));
        stamps.sort_unstable();
        stamps.dedup();
        Form {
            world,
            engine,
            stores,
            logons,
            messages,
            stamps,
            calls: Vec::new(),
            numbers: Vec::with_capacity(512),
        }
    }

    // Plain numbers.

    fn put(&mut self, number: impl Into<u32>) {
        self.numbers.push(number.into());
    }

    fn put_all(&mut self, numbers: impl IntoIterator<Item = u32>) {
        let start = self.numbers.len();
        self.numbers.push(0);
        self.numbers.extend(numbers);
        self.numbers[start] = (self.numbers.len() - start) as u32;
    }

    fn bits(&mut self, bits: &[bool]) {
        let bits = bits.iter().fold(1, |all, bit| all << 1 | u32::from(*bit));
        self.put(bits);
    }

    fn set(&mut self, set: TransportSet) {
        self.put_all(
            set.iter()
                .take_while(|seat| seat.index() < 8)
                .map(|seat| seat.index() as u32),
        );
    }

    /// What is left until then.
    fn time(&mut self, at: Time) {
        self.put(at.saturating_sub(self.engine.now) as u32);
    }

    fn stamp(&mut self, stamp: u64) {
        let rank = self.stamps.binary_search(&stamp);
        self.put(rank.expect("it is compared") as u32);
    }

    // Places.

    fn place_of_transport(&self, key: TransportKey) -> u32 {
        place(&self.engine.order, key)
    }

    fn place_of_seat(&self, seat: Seat) -> u32 {
        self.engine.seats[seat.index()].map_or(GONE, |key| self.place_of_transport(key))
    }

    fn place_of_store(&self, key: StoreKey) -> u32 {
        place(&self.stores, Some(key))
    }

    fn place_of_logon(&self, key: LogonKey) -> u32 {
        place(&self.logons, key)
    }

    fn place_of_message(&self, key: MessageKey) -> u32 {
        let places = self.messages.iter().zip(0..);
        let found = places.map(|(messages, store)| (place(messages, key), store));
        let mut found = found.filter(|(place, _)| *place != GONE);
        found
            .next()
            .map_or(GONE, |(place, store)| store * MOST + place)
    }

    fn place_of_transfer(&self, key: TransferKey) -> u32 {
        let Some(transfer) = self.engine.transfers.get(key) else {
            return GONE;
        };
        let store = &self.engine.stores[transfer.store];
        self.place_of_store(transfer.store) * MOST + place(&store.transfers, key)
    }

    /// A message by its identifier: its place, or the identifier if it is not there any more.
    fn put_message(&mut self, store: Option<StoreKey>, message: &EntryId) {
        let found = store.and_then(|store| self.engine.stores.get(store));
        let key = found.and_then(|store| store.index.find(&self.engine.messages, message));
        match key {
            Some(key) => self.put(self.place_of_message(key)),
            None => self.put_all(message.iter().map(|byte| u32::from(*byte))),
        }
    }

    fn put_call(&mut self, call: CallKey) {
        use crate::engine::tests::storm::Waiting::*;
        self.calls.push(call);
        let found = self.world.calls.iter().find(|(key, _)| *key == call);
        self.put(match found {
            Some((_, Logoff(_))) => 1u32,
            Some((_, Take)) => 2,
            Some((_, Other)) => 3,
            Some((_, Close)) => 4,
            None => 0,
        });
        if let Some(CallFor::LogoffStores(group)) = self.engine.calls.get(call).map(|c| c.what) {
            let Group {
                instruction,
                caller: _,
                pending,
                incomplete,
            } = group;
            self.put_all([instruction.bits(), pending, incomplete]);
        }
    }

    // The engine.

    fn engine(&mut self) {
        let Engine {
            transports: _,
            order,
            seats: _,
            usable,
            stores: _,
            default_inbox,
            logons: _,
            transfers: _,
            timers: _,
            desks: Desks { control, here, .. },
            sending_stores,
            unreleased,
            closing,
            leaving,
            // Found through the rest.
            messages: _,
            calls: _,
            by_id: _,
            drains: _,
            latest_drain: _,
            // The driver takes or chooses them.
            limits: _,
            now: _,
            effects: _,
            log_level: _,
            // What is counted by them is.
            stamp: _,
            logons_opened: _,
            // Empty between events.
            offers: _,
            seekers: _,
            checks: _,
            gates_changed: _,
            gathered: _,
        } = self.engine;
        self.set(*usable);
        self.put(default_inbox.map_or(GONE, |store| self.place_of_store(store)));
        self.put_all([*sending_stores as u32, *unreleased as u32]);
        self.put_all(
            leaving
                .iter()
                .map(|key| self.place_of_transport(*key))
                .collect::<Vec<_>>(),
        );
        if let Some(Closing {
            calls,
            transports,
            closed,
        }) = closing
        {
            self.bits(&[*transports, *closed]);
            calls.iter().for_each(|call| self.put_call(*call));
        }
        self.tasks(control);
        self.tasks(here);
        order
            .iter()
            .for_each(|key| self.transport(&self.engine.transports[*key]));
        for (place, key) in self.stores.into_iter().enumerate() {
            match key {
                Some(key) => self.store(place, &self.engine.stores[key]),
                None => self.put(GONE),
            }
        }
        for key in self.logons.clone() {
            self.logon(key, &self.engine.logons[key]);
        }
        self.timers();
    }

    fn transport(&mut self, transport: &Transport) {
        let Transport {
            name: _,
            seat,
            wants,
            own_store,
            critical,
            removal,
            // As the driver checks: who may begin.
            admission: _,
            told_outbound,
            told_inbound,
            told_flush,
            notices,
            recalls,
            deferred,
            tasks,
            work,
            takes,
            last_take,
            asked,
            rings,
            outbound,
            transfers,
            purges,
            flushes,
            flushing,
        } = transport;
        let TransportWants {
            submit,
            notify,
            flush,
            logoff,
        } = *wants;
        self.bits(&[submit, notify, flush, logoff, own_store.is_some()]);
        self.bits(&[*critical, *told_outbound, *told_inbound, *told_flush]);
        self.put_all([
            seat.index() as u32,
            *notices,
            *outbound,
            *transfers,
            *purges,
        ]);
        if let Some(Removal {
            calls,
            number: _,
            logging_off,
        }) = removal
        {
            self.bits(&[*logging_off]);
            calls.iter().for_each(|call| self.put_call(*call));
        }
        for (flags, message, store) in recalls {
            self.put(*flags);
            self.put_message(self.engine.by_id.find(&self.engine.stores, store), message);
        }
        self.put_all(sorted(
            deferred
                .iter()
                .map(|message| self.place_of_message(*message)),
        ));
        self.tasks(tasks);
        self.work(*work);
        for (
            call,
            Caller {
                thread,
                in_callback,
                inline,
            },
        ) in takes
        {
            self.put_call(*call);
            self.put(*thread as u32);
            self.bits(&[*in_callback, *inline]);
        }
        self.stamp(*last_take);
        // Asked for only of those that drive themselves, while the spooler closes.
        let silent = self.engine.now - asked.0;
        let silent = silent.min(self.engine.limits.retry_pause) as u32;
        self.put(if self.engine.closing.is_some() && !submit {
            silent
        } else {
            0
        });
        for stores in rings.iter().chain([flushes]) {
            let places = stores.iter().map(|store| self.place_of_store(*store));
            let places: Vec<u32> = places.filter(|place| *place != GONE).collect();
            self.put_all(places);
        }
        self.put(flushing.map_or(GONE, |store| self.place_of_store(store)));
    }

    fn work(&mut self, work: Work) {
        match work {
            Work::Idle => self.put(0u32),
            Work::Busy => self.put(1u32),
            Work::Promised(message, number) => {
                let promised = self.engine.transports.values();
                let numbers = promised.filter_map(Transport::promised_number);
                let rank = numbers.filter(|other| *other < number).count() as u32;
                self.put_all([2, self.place_of_message(message), rank]);
            }
        }
    }

    fn store(&mut self, place: usize, store: &Store) {
        let Store {
            id: _,
            logons,
            phase,
            drain_stamp,
            drain_grace,
            open,
            transfers,
            turns,
            turn,
            ringed,
            rare,
            // Told by the messages.
            index: _,
            lines: _,
            waits: _,
            promised: _,
            paused: _,
            outbound: _,
            inbound: _,
            // Told by the timers.
            drain: _,
            // Beyond every order there is.
            last: _,
            front: _,
            // Counted for the caller.
            finished: _,
        } = store;
        self.put_all(
            logons
                .iter()
                .map(|logon| self.place_of_logon(*logon))
                .collect::<Vec<_>>(),
        );
        self.phase(phase);
        if store.draining() {
            self.stamp(*drain_stamp);
            self.time(*drain_grace);
        }
        self.bits(&[open.is_some()]);
        for message in self.messages[place].clone() {
            self.message(&self.engine.messages[message]);
        }
        for transfer in transfers {
            self.transfer(&self.engine.transfers[*transfer]);
        }
        self.put(turn.is_some());
        for turn in turn.iter().chain(turns) {
            self.turn(turn);
        }
        ringed.iter().for_each(|set| self.set(*set));
        // What it has suspended is told by the timers.
        let groups = rare.iter().flat_map(|rare| &rare.groups);
        groups.for_each(|call| self.put_call(*call));
    }

    fn phase(&mut self, phase: &Phase) {
        match phase {
            Phase::Open => self.put(0u32),
            Phase::Aborting(waiting) => {
                self.put(1u32);
                self.waiting(waiting);
            }
            Phase::Purging(waiting) => {
                self.put(2u32);
                self.waiting(waiting);
            }
            Phase::Background(Background {
                logon,
                mode,
                waiter,
            }) => {
                self.put_all([3, self.place_of_logon(*logon), *mode as u32]);
                self.waiter(*waiter);
            }
        }
    }

    fn waiting(&mut self, waiting: &Waiting) {
        let Waiting {
            logon,
            waiter,
            or_else,
            told,
            flushing,
        } = waiting;
        self.put(self.place_of_logon(*logon));
        self.waiter(Some(*waiter));
        self.put(or_else.map_or(GONE, |mode| mode as u32));
        self.set(*told);
        self.set(*flushing);
    }

    fn waiter(&mut self, waiter: Option<Waiter>) {
        match waiter {
            None => self.put(0u32),
            Some(Waiter::Call(call) | Waiter::Group(call)) => self.put_call(call),
        }
    }

    fn message(&mut self, message: &Message) {
        let Message {
            id: _,
            store: _,
            order: _,
            state,
            ..
        } = message;
        let Record {
            declined,
            declined_until,
            served,
            only,
            begin_deferred,
            at_once_again,
            failures,
            lock_failures,
            timer: _,
        } = message.record();
        let (kind, by) = match *state {
            State::Lined => (0, GONE),
            State::Promised(seat) => (1, self.place_of_seat(seat)),
            State::Paused(seat) => (2, self.place_of_seat(seat)),
            State::Waiting(None) => (3, GONE),
            State::Waiting(Some(seat)) => (4, self.place_of_seat(seat)),
            State::Deferred(seat) => (5, self.place_of_seat(seat)),
            State::InProcess => (6, GONE),
        };
        self.put_all([kind, by, only.map_or(GONE, |seat| seat.index() as u32)]);
        self.set(*declined);
        self.set(*served);
        if !declined.is_empty() {
            self.time(*declined_until);
        }
        let in_a_row = [at_once_again, failures, lock_failures];
        self.put_all(in_a_row.map(|number| u32::from(*number)));
        self.bits(&[*begin_deferred]);
    }

    fn transfer(&mut self, transfer: &Transfer) {
        let Transfer {
            store: _,
            transport,
            message,
            logon,
            thread,
            desk,
            stage,
            told,
            cancel_queued,
            taker,
            abandoned,
            taken_inside,
            ..
        } = transfer;
        self.put(self.place_of_transport(*transport));
        self.put(message.map_or(GONE, |message| self.place_of_message(message)));
        self.put(self.place_of_logon(*logon));
        self.put(thread.map_or(GONE, |thread| thread as u32));
        self.desk(*desk);
        self.put(*stage as u32);
        self.bits(&[*told, *cancel_queued, *abandoned, *taken_inside]);
        match taker {
            Some(call) => self.put_call(*call),
            None => self.put(GONE),
        }
    }

    fn turn(&mut self, Turn { what, desk }: &Turn) {
        self.desk(*desk);
        match what {
            TurnFor::Lock(transfer) => self.put_all([0, self.place_of_transfer(*transfer)]),
            TurnFor::Start => self.put(1u32),
            TurnFor::Unlock(message) => self.put_all(message.iter().map(|byte| u32::from(*byte))),
            TurnFor::Finish(transfer) => self.put_all([2, self.place_of_transfer(*transfer)]),
        }
    }

    fn desk(&mut self, desk: Desk) {
        match desk {
            Desk::Here => self.put(0u32),
            Desk::Control => self.put(1u32),
            Desk::Worker(transport) => self.put(2 + self.place_of_transport(transport)),
        }
    }

    fn logon(&mut self, key: LogonKey, logon: &Logon) {
        let Logon {
            store,
            number: _,
            wants: _,
            saved,
            abort_failed,
            over,
            handle_gone,
            holds,
            stage,
            reception,
            told_first,
            waits,
            // What it says once it is over.
            last: _,
        } = logon;
        let opened = place(&self.world.logons, key);
        let earlier = self
            .logons
            .iter()
            .filter(|other| place(&self.world.logons, **other) < opened);
        let rank = earlier.count() as u32;
        self.put(self.world.places[&key] as u32);
        self.put_all([rank, self.place_of_store(*store), *holds, *stage as u32]);
        self.put(saved.map_or(0, Instruction::bits));
        self.bits(&[*abort_failed, *over, *handle_gone, *told_first]);
        let (completed, released) = (&self.world.completed, &self.world.released);
        self.bits(&[completed.contains(&key), released.contains(&key)]);
        waits.iter().for_each(|call| self.put_call(*call));
        // Whether it is open is told by the store.
        if let Some(reception) = reception.as_deref() {
            let guests = door(reception).guests.borrow();
            let transports = guests.iter().map(|guest| guest.transport);
            self.put_all(sorted(transports.map(|key| self.place_of_transport(key))));
        }
    }

    fn timers(&mut self) {
        let mut suspended = Vec::new();
        for (at, due) in self.engine.timers.all() {
            match due {
                Due::Wait(message, _) if self.is_suspended(message) => suspended.push((at, due)),
                _ => self.due(at, due),
            }
        }
        for store in self.engine.stores.values() {
            suspended.extend(store.rare.iter().flat_map(|rare| &rare.suspended));
        }
        suspended.sort_by_key(|(at, due)| match due {
            Due::Wait(message, _) => (*at, self.place_of_message(*message)),
            _ => (*at, GONE),
        });
        self.put(GONE);
        for (at, due) in suspended {
            self.due(at, due);
        }
    }

    fn is_suspended(&self, message: MessageKey) -> bool {
        let message = self.engine.messages.get(message);
        message.is_some_and(|message| self.engine.stores[message.store].draining())
    }

    /// A timer, if it still counts.
    fn due(&mut self, at: Time, due: Due) {
        let engine = self.engine;
        let (kind, whose) = match due {
            Due::Wait(message, number) | Due::Pause(message, number) => {
                match engine.messages.get(message) {
                    Some(found) if found.record().timer == number => {
                        (0, self.place_of_message(message))
                    }
                    _ => return,
                }
            }
            Due::StoreRepeat(store, drain) | Due::Grace(store, drain) => {
                let kind = if matches!(due, Due::Grace(..)) { 1 } else { 2 };
                match engine.stores.get(store) {
                    Some(found) if found.drain == drain => (kind, self.place_of_store(store)),
                    _ => return,
                }
            }
            Due::TransportRepeat(transport, removal) => match engine.transports.get(transport) {
                Some(found) if found.is_removal(removal) => (3, self.place_of_transport(transport)),
                _ => return,
            },
            Due::Silence(transport, asked) => match engine.transports.get(transport) {
                Some(found) if found.asked.1 == asked => (4, self.place_of_transport(transport)),
                _ => return,
            },
        };
        self.put_all([kind, whose]);
        self.time(at);
    }

    fn tasks<'t>(&mut self, tasks: impl IntoIterator<Item = &'t (u64, Task)>) {
        for (_, task) in tasks {
            self.task(task);
        }
        self.put(GONE);
    }

    fn task(&mut self, task: &Task) {
        match task {
            Task::SetLockState {
                store,
                logon,
                id,
                lock,
            } => {
                self.put_all([0, self.place_of_store(*store), self.place_of_logon(*logon)]);
                self.put(*lock);
                self.put_message(Some(*store), id);
            }
            Task::FinishedMsg { store, logon, id } => {
                self.put_all([1, self.place_of_store(*store), self.place_of_logon(*logon)]);
                self.put_message(Some(*store), id);
            }
            Task::Released { logon, flags: _ } => self.put_all([2, self.place_of_logon(*logon)]),
            Task::Send {
                transport,
                transfer,
            } => self.put_all([
                3,
                self.place_of_transport(*transport),
                self.place_of_transfer(*transfer),
            ]),
            Task::Cancel {
                transport,
                transfer,
                logon,
            } => self.put_all([
                7,
                self.place_of_transport(*transport),
                self.place_of_transfer(*transfer),
                self.place_of_logon(*logon),
            ]),
            Task::Notify {
                transport,
                flags,
                message,
            } => {
                self.put_all([4, self.place_of_transport(*transport), *flags]);
                message.iter().for_each(|message| self.shown(message));
            }
            Task::Flush {
                transport,
                store,
                drain,
            } => {
                let found = self.engine.stores.get(*store);
                let counts = found.is_some_and(|store| store.drain == *drain);
                self.put_all([
                    5,
                    self.place_of_transport(*transport),
                    self.place_of_store(*store),
                ]);
                self.put(counts);
            }
            Task::Logoff { transport } => self.put_all([6, self.place_of_transport(*transport)]),
        }
    }

    fn shown(&mut self, message: &MessageAbout) {
        let MessageAbout {
            id,
            store_id,
            logon,
            transfer,
            ticket: _,
            begin_deferred,
            frees,
        } = message;
        let store = self.engine.by_id.find(&self.engine.stores, store_id);
        self.put(store.map_or(GONE, |store| self.place_of_store(store)));
        match id {
            Some(message) => self.put_message(store, message),
            None => self.put(GONE),
        }
        self.put(logon.map_or(GONE, |logon| self.place_of_logon(logon)));
        self.put(transfer.map_or(GONE, |transfer| self.place_of_transfer(transfer)));
        self.put(frees.map_or(GONE, |message| self.place_of_message(message)));
        self.bits(&[*begin_deferred]);
    }

    // The driver.

    fn driver(&mut self) {
        let Storm {
            books,
            running,
            elsewhere,
            seen,
            closing,
            all_stores,
            // The engine's are the same.
            engine: _,
            now: _,
            handles_gone: _,
            transfers: _,
            guests: _,
            // The scope's.
            receptions: _,
            // Found through the rest.
            logons: _,
            places: _,
            completed: _,
            released: _,
            transports: _,
            calls: _,
            // Told to nobody.
            log: _,
        } = self.world;
        self.bits(elsewhere);
        self.bits(&[*closing, *all_stores]);
        for key in &self.engine.order {
            let Transported {
                critical,
                gone,
                told,
            } = &seen[key];
            self.bits(&[*critical, *gone, told[0], told[1], told[2]]);
        }
        for store in self.stores.into_iter().flatten() {
            self.books(store, &books[&store]);
        }
        self.running(running);
        self.every_call_has_somebody();
    }

    fn books(&mut self, key: StoreKey, books: &Books) {
        let Books {
            name: _,
            messages,
            submitted: _,
            locked,
            not_locked,
            unfinished,
            started,
            asked,
            calling,
        } = books;
        let place = self.place_of_store(key) as usize;
        let messages_here = self.messages[place].iter();
        let ranks: Vec<u32> = messages_here
            .map(|message| {
                let place = messages[&self.engine.messages[*message].id];
                messages.values().filter(|other| **other < place).count() as u32
            })
            .collect();
        self.put_all(ranks);
        for set in [locked, not_locked, unfinished] {
            self.put(set.len() as u32);
            let places = set.iter().map(|message| {
                let key = self.engine.stores[key]
                    .index
                    .find(&self.engine.messages, message);
                key.map_or(GONE, |key| self.place_of_message(key))
            });
            self.put_all(sorted(places));
        }
        let started = started.map(|last| messages.values().filter(|place| **place <= last).count());
        self.put(started.map_or(GONE, |count| count as u32));
        self.put(match *asked {
            Asked::Nothing => 0,
            Asked::NoneStarts => 1,
            Asked::ReadyAreSent(logon) => 2 + self.place_of_logon(logon),
        });
        self.bits(&[*calling]);
    }

    /// The callbacks that have not returned: in no order, for each desk has its own.
    fn running(&mut self, running: &[(Desk, Task)]) {
        let start = self.numbers.len();
        let forms = running.iter().map(|(desk, task)| {
            self.desk(*desk);
            self.task(task);
            self.numbers.split_off(start)
        });
        let mut forms: Vec<Vec<u32>> = forms.collect();
        forms.sort();
        self.put_all(forms.concat());
    }

    /// Not a part of the form, but seen on the way: a call that nothing would ever answer.
    fn every_call_has_somebody(&self) {
        for (call, what) in &self.world.calls {
            assert!(self.calls.contains(call), "{what:?} will never be answered");
        }
    }
}

fn place<T: PartialEq>(all: &[T], one: T) -> u32 {
    let place = all.iter().position(|other| *other == one);
    place.map_or(GONE, |place| place as u32)
}

fn sorted(numbers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    numbers
}
