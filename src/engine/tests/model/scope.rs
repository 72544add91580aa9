//! Small worlds: who is there, and what may happen.

use crate::engine::mapi::*;
use crate::engine::tests::storm::{Event, STORES, Said, Storm};
use crate::engine::transfer::{Verdict, verdict};
use crate::engine::transport::Transport;
use crate::engine::*;

/// What a transport is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Driven, and called for nothing but messages.
    Plain,
    /// Driven, with every callback.
    Driven,
    /// Self-driven, and called for nothing.
    Asking,
    /// Self-driven, with every callback.
    SelfDriven,
    /// Driven, with every callback, and coupled with store A.
    Coupled,
}

/// What else may happen, beside submitting, logging off, answering, and the passing of time and limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum May {
    Cancel,
    Release,
    Save(Instruction),
    Open,
    Elsewhere,
    AbortSubmit,
    Receive,
    /// To receive without the engine.
    ComeIn,
    BeginOutbound,
    Tell(u32),
    StoreIsReady,
    Remove,
    Add,
    LogoffStores(Instruction),
    Wait,
    Close(bool),
}

/// A store of the scope.
#[derive(Clone, Copy, Debug)]
pub struct StoreScope {
    pub name: &'static str,
    pub logons: usize,
    /// How many messages it has at the same time.
    pub messages: usize,
}

/// One small world.
#[derive(Clone, Debug)]
pub struct Scope {
    pub name: &'static str,
    pub transports: &'static [Kind],
    pub stores: &'static [StoreScope],
    /// What StoreLogoffTransports is called with.
    pub instructions: &'static [Instruction],
    /// How SubmitMessage answers and transfers end.
    pub answers: &'static [Said],
    /// How SetLockState(MSG_LOCKED) answers.
    pub locks: &'static [Said],
    pub may: &'static [May],
    /// What breaks a rule after each event, in a test of the checker itself.
    pub sabotage: Option<fn(&mut Engine)>,
}

/// Errors in a row that a message meets; more only lengthen its pause.
const MOST_ERRORS: u8 = 2;

/// How many messages come in at the same time.
const MOST_INBOUND: usize = 2;

/// Nobody calls while this many notices are undelivered: callers that are faster than the control thread could pile
/// up any number of them.
const BACKLOG: usize = 2;

impl Scope {
    /// The world at the beginning: everybody there, told, and at rest.
    pub fn start(&self, log: Option<Level>) -> Storm {
        // As long as another pause there is: the fewer differences, the fewer states.
        let busy = self.answers.contains(&Said::Is(MAPI_E_BUSY));
        let pause = if busy { BUSY_PAUSE } else { CANCEL_REPEAT };
        let limits = Limits {
            retry_pause: pause,
            declined_pause: pause,
            ..Limits::default()
        };
        let mut world = Storm::new(limits, log);
        world.receptions = self.may.contains(&May::ComeIn);
        for kind in self.transports {
            world.add_transport_that(kind.wants(), *kind == Kind::Coupled);
        }
        for store in self.stores {
            for _ in 0..store.logons {
                world.happens(&open(store));
            }
        }
        world.happens(&Event::Run);
        world
    }

    pub fn happens(&self, world: &mut Storm, event: &Event) {
        world.happens(event);
        if let Some(sabotage) = self.sabotage {
            sabotage(&mut world.engine);
        }
    }

    /// Everything that may happen now.
    pub fn events(&self, world: &mut Storm) -> Vec<Event> {
        let mut events = self.work(world);
        events.extend(all(world.calls.len(), Event::Expire));
        if world.engine.desks.control.len() < BACKLOG {
            events.extend(self.calls_of_clients(world));
            events.extend(
                all(world.transports.len(), Event::Take).filter(|take| may_take(world, take)),
            );
            events.extend(self.may.iter().flat_map(|may| self.further(*may, world)));
        }
        events
    }

    fn calls_of_clients(&self, world: &Storm) -> Vec<Event> {
        let mut events = Vec::new();
        for store in self.stores {
            let logons = live(world);
            let first = logons.iter().find(|logon| is_of(world, **logon, store));
            if let Some(logon) = first.filter(|logon| self.has_room(world, **logon)) {
                events.push(Event::Submit(*logon));
            }
        }
        for logon in live(world) {
            let calls = self.instructions.iter();
            events.extend(calls.map(|what| Event::Logoff(logon, *what)));
        }
        events
    }

    fn further(&self, may: May, world: &Storm) -> Vec<Event> {
        match may {
            May::Cancel => {
                let held = all(world.held().len(), |logon| logon);
                let logging_off = held.filter(|logon| draining(world, *logon));
                logging_off.map(Event::Cancel).collect()
            }
            May::Release => {
                let inside = live(world)
                    .into_iter()
                    .map(|logon| Event::Release(logon, true));
                let outside = all(world.held().len(), |logon| Event::Release(logon, false));
                outside.chain(inside).collect()
            }
            May::Save(what) => {
                let saved = |logon: &u8| world.engine.logons[held(world, *logon)].saved;
                let logons = live(world).into_iter();
                let others = logons.filter(|logon| saved(logon) != Some(what));
                others.map(|logon| Event::Save(logon, what)).collect()
            }
            May::Open => self.opens(world),
            May::Elsewhere => {
                let places = self.stores.iter().map(place);
                let changes = places
                    .map(|place| Event::Elsewhere(place, !world.elsewhere[usize::from(place)]));
                changes.collect()
            }
            May::AbortSubmit => {
                let logons = live(world).into_iter();
                let messages = logons.flat_map(|logon| {
                    let messages = world.messages_of(held(world, logon));
                    all(messages, move |message| Event::AbortSubmit(logon, message))
                });
                messages.collect()
            }
            May::Receive => {
                let mut transfers = world.engine.transfers.values();
                let receives = transfers.any(|transfer| transfer.message.is_none());
                let transports = in_use(world).into_iter().filter(|_| !receives);
                transports
                    .map(|transport| Event::BeginInbound(transport, None))
                    .collect()
            }
            May::ComeIn => self.comes_in(world),
            May::BeginOutbound => self.begins(world),
            May::Tell(flags) => {
                let transports = in_use(world).into_iter();
                transports
                    .map(|transport| Event::Tell(transport, flags, None))
                    .collect()
            }
            May::StoreIsReady => {
                let logons = live(world).into_iter();
                logons.map(Event::StoreIsReady).collect()
            }
            May::LogoffStores(what) => {
                let mut calls = world.engine.calls.values();
                let busy = calls.any(|call| matches!(call.what, CallFor::LogoffStores(_)));
                Vec::from_iter((!busy).then_some(Event::LogoffStores(what)))
            }
            May::Wait => {
                let waits = |logon: &u8| !world.engine.logons[held(world, *logon)].waits.is_empty();
                let logons = live(world).into_iter().filter(|logon| !waits(logon));
                logons.map(Event::Wait).collect()
            }
            May::Remove | May::Add | May::Close(_) if world.closing => Vec::new(),
            May::Remove => in_use(world).into_iter().map(Event::Remove).collect(),
            May::Add => {
                let room = world.engine.transports.len() < self.transports.len();
                Vec::from_iter(room.then_some(Event::AddTransport(true, false)))
            }
            May::Close(abort) => vec![Event::Close(abort)],
        }
    }

    /// A store is opened again once a logon's release has made room.
    fn opens(&self, world: &Storm) -> Vec<Event> {
        let known = |logon: &&LogonKey| world.engine.logons.contains_key(**logon);
        let stores = self.stores.iter().filter(|store| {
            let logons = world.logons.iter().filter(known);
            let logons = logons.filter(|logon| world.places[logon] == usize::from(place(store)));
            !world.closing && logons.count() < store.logons
        });
        stores.map(open).collect()
    }

    /// Each transport, also one that is refused, begins a message for each store logon.
    fn comes_in(&self, world: &Storm) -> Vec<Event> {
        let transfers = world.engine.transfers.values();
        let gathered = transfers.filter(|transfer| transfer.message.is_none());
        if gathered.count() + world.guests >= MOST_INBOUND {
            return Vec::new();
        }
        let transports = all(world.transports.len(), |transport| transport);
        let begins = transports.flat_map(|transport| {
            let logons = live(world).into_iter();
            logons.map(move |logon| Event::BeginInbound(transport, Some(logon)))
        });
        begins.collect()
    }

    /// A self-driven transport begins each message that is queued, and one that is not.
    fn begins(&self, world: &Storm) -> Vec<Event> {
        let mut begins = Vec::new();
        for transport in in_use(world) {
            let found = &world.engine.transports[world.transports[usize::from(transport)]];
            if found.wants.submit || found.outbound > 0 {
                continue;
            }
            for logon in live(world) {
                let known = all(world.messages_of(held(world, logon)), Some);
                let fresh = self.has_room(world, logon).then_some(None);
                let messages = known.chain(fresh);
                begins.extend(
                    messages.map(|message| Event::BeginOutbound(transport, logon, message)),
                );
            }
        }
        begins
    }

    fn has_room(&self, world: &Storm, logon: u8) -> bool {
        let mut stores = self.stores.iter();
        let store = stores.find(|store| is_of(world, logon, store));
        store.is_some_and(|store| world.messages_of(held(world, logon)) < store.messages)
    }

    /// What threads, transports, stores and time do.
    fn work(&self, world: &mut Storm) -> Vec<Event> {
        let mut events: Vec<Event> = all(world.free_desks().len(), Event::Call).collect();
        for (place, (_, task)) in (0..).zip(&world.running) {
            let answers = self.answers_to(world, task).into_iter();
            events.extend(answers.map(|said| Event::Return(place, said)));
        }
        for (place, (transfer, _)) in (0..).zip(&world.transfers) {
            let answers = self.sayings(world, *transfer).into_iter();
            events.extend(answers.map(|said| Event::End(place, said)));
        }
        events.extend(all(world.guests, Event::Leave));
        if world.engine.next_due().is_some() {
            events.push(Event::NextDue);
        }
        events
    }

    fn answers_to(&self, world: &Storm, task: &Task) -> Vec<Said> {
        match task {
            Task::SetLockState {
                store,
                id,
                lock: true,
                ..
            } => {
                let (store, messages) = (&world.engine.stores[*store], &world.engine.messages);
                let message = store.index.find(messages, id);
                let failures =
                    message.map_or(0, |message| messages[message].record().lock_failures);
                let fails = |said: &Said| *said == Said::Is(MAPI_E_CALL_FAILED);
                let answers = self.locks.iter().copied();
                answers
                    .filter(|said| failures < MOST_ERRORS || !fails(said))
                    .collect()
            }
            Task::Send { transfer, .. } => self.sayings(world, *transfer),
            _ => vec![Said::Well],
        }
    }

    fn sayings(&self, world: &Storm, key: TransferKey) -> Vec<Said> {
        let transfer = &world.engine.transfers[key];
        let Some(message) = transfer
            .message
            .map(|message| &world.engine.messages[message])
        else {
            return vec![Said::Well];
        };
        let record = message.record();
        let enough = record.failures >= MOST_ERRORS;
        let said_again = |said: &Said| {
            let (result, flags, _) = said.words();
            let verdict = verdict(HResult(result), flags, 0, record.begin_deferred);
            // USER_CANCEL of one that was not told would be an error like others.
            let is_error = verdict == Verdict::Failed;
            let is_cancel = *said == Said::Is(MAPI_E_USER_CANCEL);
            !is_error || transfer.told || !(enough || is_cancel)
        };
        let sayings = self.answers.iter().copied();
        sayings.filter(said_again).collect()
    }

    /// Whether the event is one that comes of itself: callbacks are called and return, transfers end, time goes
    /// by. Transports and stores may be as they like, as long as they answer; only with messages of stores that stay
    /// logged on all ends well, else it would begin again for ever.
    pub fn comes_of_itself(&self, world: &Storm, event: &Event) -> bool {
        let ends_well =
            |store: StoreKey, said| said == Said::Well || world.engine.stores[store].draining();
        let of_transfer = |transfer: TransferKey| world.engine.transfers[transfer].store;
        match *event {
            Event::Return(place, said) => match &world.running[usize::from(place)].1 {
                Task::SetLockState { store, .. } => ends_well(*store, said),
                Task::Send { transfer, .. } => ends_well(of_transfer(*transfer), said),
                _ => true,
            },
            Event::End(place, said) => {
                let (transfer, _) = world.transfers[usize::from(place)];
                ends_well(of_transfer(transfer), said)
            }
            Event::Call(_) | Event::Leave(_) | Event::NextDue => true,
            _ => false,
        }
    }
}

impl Kind {
    pub fn wants(self) -> TransportWants {
        let all = matches!(self, Kind::Driven | Kind::SelfDriven | Kind::Coupled);
        TransportWants {
            submit: !matches!(self, Kind::Asking | Kind::SelfDriven),
            notify: all,
            flush: all,
            logoff: all,
        }
    }
}

/// The events of so many numbers.
fn all<T>(count: usize, event: impl Fn(u8) -> T) -> impl Iterator<Item = T> {
    (0..count as u8).map(event)
}

/// The place of a store in the driver's names.
fn place(store: &StoreScope) -> u8 {
    let place = STORES.iter().position(|name| *name == store.name);
    place.expect("a store of the driver's") as u8
}

fn open(store: &StoreScope) -> Event {
    let default_inbox = store.name == STORES[0];
    Event::Open(place(store), default_inbox)
}

// Logons are numbered as the driver does: those whose handles have not been released.

fn held(world: &Storm, logon: u8) -> LogonKey {
    world.held()[usize::from(logon)]
}

fn live(world: &Storm) -> Vec<u8> {
    let held = world.held();
    let numbers = all(held.len(), |logon| logon);
    numbers
        .filter(|logon| world.is_live(held[usize::from(*logon)]))
        .collect()
}

fn is_of(world: &Storm, logon: u8, store: &StoreScope) -> bool {
    world.places[&held(world, logon)] == usize::from(place(store))
}

fn draining(world: &Storm, logon: u8) -> bool {
    let logon = world.engine.logons.get(held(world, logon));
    let store = logon.and_then(|logon| world.engine.stores.get(logon.store));
    store.is_some_and(|store| store.draining())
}

/// Transports that are not being removed.
fn in_use(world: &Storm) -> Vec<u8> {
    let numbers = all(world.transports.len(), |transport| transport);
    let stays = |transport: &u8| {
        let key = world.transports[usize::from(*transport)];
        let found = world.engine.transports.get(key);
        found.is_some_and(|transport| transport.removal.is_none())
    };
    numbers.filter(stays).collect()
}

/// A self-driven transport asks in one thread, and again when it has ended what it got.
fn may_take(world: &Storm, take: &Event) -> bool {
    let Event::Take(place) = take else {
        return false;
    };
    let key = world.transports[usize::from(*place)];
    let may = |transport: &Transport| {
        let asks = !transport.wants.submit && transport.removal.is_none() && !transport.critical;
        asks && transport.takes.is_empty() && transport.outbound == 0
    };
    world.engine.transports.get(key).is_some_and(may)
}
