//! A driver for whatever happens in whatever order, and the judge of it: what must never happen is an assertion.
//!
//! The driver keeps its own books of messages, locks, contexts and calls, and compares them with what the
//! engine says and does. Every desk is a thread of its own: its callbacks return when an event says so.
//! `random.rs` draws its events by lot, `model/` tries all of them.

use super::doors::{Door, Pass, door, pass};
use super::model::form::form;
use super::world::{CALLBACK, COMPLETE, ME, OTHER, PROVIDER, id};
use crate::engine::logoff::Phase;
use crate::engine::mapi::*;
use crate::engine::queue::State;
use crate::engine::*;
use crate::presence::Open;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub const STORES: [&str; 3] = ["A", "B", "C"];

/// One thing that happens. Numbers choose among what there is at the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    Open(u8, bool),
    Submit(u8),
    AbortSubmit(u8, u8),
    Logoff(u8, Instruction),
    Save(u8, Instruction),
    Release(u8, bool),
    Cancel(u8),
    Wait(u8),
    /// The store says NOTIFY_READYTOSEND.
    StoreIsReady(u8),
    LogoffStores(Instruction),
    /// Another process opens or leaves the store.
    Elsewhere(u8, bool),
    AddTransport(bool, bool),
    Remove(u8),
    /// `None`: all that it has deferred.
    Tell(u8, u32, Option<u8>),
    Take(u8),
    /// `None`: a message that is not queued.
    BeginOutbound(u8, u8, Option<u8>),
    /// `None`: into the default Inbox.
    BeginInbound(u8, Option<u8>),
    End(u8, Said),
    /// A message that came in without the engine is there.
    Leave(u8),
    /// The next callback of a desk is called.
    Call(u8),
    /// A callback returns.
    Return(u8, Said),
    /// Everything is called and returns well.
    Run,
    Pass(u16),
    NextDue,
    Expire(u8),
    Close(bool),
}

/// What a callback returns, or a transfer ends with.
#[derive(Clone, Copy, PartialEq)]
pub enum Said {
    Well,
    Ends(u32),
    Is(i32),
    Wait(u8),
}

/// A call that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    Logoff(LogonKey),
    Take,
    Close,
    Other,
}

/// What a store's logoff says of its messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    #[default]
    Nothing,
    /// None starts any more.
    NoneStarts,
    /// What is ready is sent before the store goes, and this logon with it.
    ReadyAreSent(LogonKey),
}

/// What is known of a store, from its opening to its release.
#[derive(Clone, Default)]
pub struct Books {
    pub name: &'static str,
    /// Messages that are submitted and not finished, and how many were submitted before each.
    pub messages: BTreeMap<EntryId, usize>,
    pub submitted: usize,
    pub locked: BTreeSet<EntryId>,
    /// They wait because they could not be locked.
    pub not_locked: BTreeSet<EntryId>,
    /// Sent, and FinishedMsg has not been called.
    pub unfinished: BTreeSet<EntryId>,
    /// Started in the order of submission so far; `None` once something has been put off.
    pub started: Option<usize>,
    pub asked: Asked,
    pub calling: bool,
}

#[derive(Clone, Default)]
pub struct Transported {
    pub critical: bool,
    pub gone: bool,
    /// What it was told last: of outbound, inbound and flushes.
    pub told: [bool; 3],
}

/// An open of a store that another process has open too, or not.
#[derive(Clone)]
struct Registered {
    shared: bool,
}

impl Open for Registered {
    fn leave_if_shared(&mut self) -> bool {
        self.shared
    }

    fn leave(&mut self) {}

    fn copy(&self) -> Box<dyn Open> {
        Box::new(self.clone())
    }
}

#[derive(Clone)]
pub struct Storm {
    pub engine: Engine,
    pub now: Time,
    pub books: HashMap<StoreKey, Books>,
    pub logons: Vec<LogonKey>,
    /// Which of the stores each is one of.
    pub places: HashMap<LogonKey, usize>,
    pub completed: HashSet<LogonKey>,
    pub released: HashSet<LogonKey>,
    pub handles_gone: HashSet<LogonKey>,
    pub transports: Vec<TransportKey>,
    pub seen: HashMap<TransportKey, Transported>,
    /// Callbacks that have not returned.
    pub running: Vec<(Desk, Task)>,
    /// Transfers of self-driven transports and of what comes in, and whose context they hold.
    pub transfers: Vec<(TransferKey, LogonKey)>,
    /// Messages come in without the engine, where they may.
    pub receptions: bool,
    /// How many do now.
    pub guests: usize,
    pub calls: Vec<(CallKey, Waiting)>,
    /// Whether another process has the store open, for each of the names.
    pub elsewhere: [bool; STORES.len()],
    pub closing: bool,
    /// LogoffStores was called.
    pub all_stores: bool,
    /// What the engine had to say.
    pub log: Vec<String>,
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Said::Well => f.write_str("well"),
            Said::Ends(END_RESEND_NOW) => f.write_str("END_RESEND_NOW"),
            Said::Ends(END_RESEND_LATER) => f.write_str("END_RESEND_LATER"),
            Said::Ends(END_DONT_RESEND) => f.write_str("END_DONT_RESEND"),
            Said::Ends(flags) => write!(f, "end flags {flags:#x}"),
            Said::Is(result) => HResult(*result).fmt(f),
            Said::Wait(seconds) => write!(f, "MAPI_E_WAIT {seconds} s"),
        }
    }
}

impl Said {
    /// The result, the end flags and the seconds.
    pub fn words(self) -> (i32, u32, u32) {
        match self {
            Said::Well => (S_OK, 0, 0),
            Said::Ends(flags) => (S_OK, flags, 0),
            Said::Is(result) => (result, 0, 0),
            Said::Wait(seconds) => (MAPI_E_WAIT, 0, u32::from(seconds)),
        }
    }
}

fn pick<T: Copy>(all: &[T], number: u8) -> Option<T> {
    (!all.is_empty()).then(|| all[usize::from(number) % all.len()])
}

impl Storm {
    pub fn new(limits: Limits, log_level: Option<Level>) -> Storm {
        Storm {
            engine: Engine::new(limits, log_level),
            now: 0,
            books: HashMap::new(),
            logons: Vec::new(),
            places: HashMap::new(),
            completed: HashSet::new(),
            released: HashSet::new(),
            handles_gone: HashSet::new(),
            transports: Vec::new(),
            seen: HashMap::new(),
            running: Vec::new(),
            transfers: Vec::new(),
            receptions: false,
            guests: 0,
            calls: Vec::new(),
            elsewhere: Default::default(),
            closing: false,
            all_stores: false,
            log: Vec::new(),
        }
    }

    pub fn happens(&mut self, event: &Event) {
        match *event {
            Event::Open(store, inbox) => self.open(usize::from(store) % STORES.len(), inbox),
            Event::Submit(logon) => self.submit(logon),
            Event::AbortSubmit(logon, message) => self.abort_submit(logon, message),
            Event::Logoff(logon, what) => self.logoff(logon, what),
            Event::Save(logon, what) => {
                if let Some(logon) = self.logon(logon) {
                    let _ = self.engine.save_logoff(logon, what.bits());
                }
            }
            Event::Release(logon, inside) => self.release(logon, inside),
            Event::Cancel(logon) => {
                if let Some(logon) = self.logon(logon) {
                    self.engine.cancel_logoff(logon).unwrap();
                }
                self.put_off_all();
                self.perhaps_not_sent();
            }
            Event::Wait(logon) => {
                let reply = self.logon(logon).map(|l| self.engine.wait_released(l));
                if let Some(Ok(Reply::Wait(call, _))) = reply {
                    self.calls.push((call, Waiting::Other));
                }
            }
            Event::StoreIsReady(logon) => self.store_is_ready(logon),
            Event::LogoffStores(what) => self.logoff_stores(what),
            Event::Elsewhere(store, opens) => {
                self.elsewhere(usize::from(store) % STORES.len(), opens)
            }
            Event::AddTransport(submit, own) => self.add_transport(submit, own),
            Event::Remove(transport) => self.remove(transport),
            Event::Tell(transport, flags, message) => self.tell(transport, flags, message),
            Event::Take(transport) => self.take(transport),
            Event::BeginOutbound(t, logon, message) => self.begin_outbound(t, logon, message),
            Event::BeginInbound(t, logon) => self.begin_inbound(t, logon),
            Event::End(transfer, how) => self.end(transfer, how),
            Event::Leave(guest) => self.leave(guest),
            Event::Call(desk) => {
                let free = self.free_desks();
                if let Some(desk) = pick(&free, desk) {
                    self.call(desk);
                }
            }
            Event::Return(task, how) => {
                if !self.running.is_empty() {
                    let task = usize::from(task) % self.running.len();
                    self.return_from(task, how);
                }
            }
            Event::Run => self.run(),
            Event::Pass(milliseconds) => self.move_to(self.now + Time::from(milliseconds)),
            Event::NextDue => {
                if let Some(due) = self.engine.next_due() {
                    self.move_to(due);
                }
            }
            Event::Expire(call) => {
                if let Some((call, _)) = pick(&self.calls, call) {
                    self.put_off_all();
                    self.expire(call);
                }
            }
            Event::Close(abort) => self.close(abort),
        }
        self.collect();
        self.check();
    }

    // What callers do.

    /// A logon whose handle has not been released.
    fn logon(&self, number: u8) -> Option<LogonKey> {
        pick(&self.held(), number)
    }

    pub fn held(&self) -> Vec<LogonKey> {
        let held = self.logons.iter().copied();
        held.filter(|l| !self.handles_gone.contains(l)).collect()
    }

    fn store_of(&self, logon: LogonKey) -> StoreKey {
        self.engine.logons[logon].store
    }

    pub fn is_live(&self, logon: LogonKey) -> bool {
        self.engine.live(logon).is_ok()
    }

    /// The order in which messages start is nobody's promise any more.
    fn put_off_all(&mut self) {
        for books in self.books.values_mut() {
            books.started = None;
        }
    }

    fn open(&mut self, place: usize, inbox: bool) {
        let wants = StoreWants {
            set_lock_state: place != 2,
            finished_msg: place != 2,
            released: true,
        };
        let open = Box::new(Registered {
            shared: self.elsewhere[place],
        });
        let opened = self
            .engine
            .open_store(id(STORES[place]), inbox, wants, open);
        let Ok(logon) = opened else {
            assert!(
                self.closing || inbox,
                "nothing else keeps it from being opened"
            );
            return;
        };
        if self.receptions {
            self.engine.set_reception(logon, Box::<Door>::default());
        }
        self.logons.push(logon);
        self.places.insert(logon, place);
        let store = self.store_of(logon);
        let books = self.books.entry(store).or_insert_with(|| Books {
            name: STORES[place],
            started: (place != 2).then_some(0),
            ..Books::default()
        });
        books.asked = Asked::Nothing;
    }

    /// Another process opens or leaves the store.
    fn elsewhere(&mut self, place: usize, opens: bool) {
        self.elsewhere[place] = opens;
        let store = self
            .engine
            .by_id
            .find(&self.engine.stores, &id(STORES[place]));
        let open = store.and_then(|store| self.engine.stores[store].open.as_mut());
        if let Some(open) = open {
            *open = Box::new(Registered { shared: opens });
        }
    }

    fn submit(&mut self, logon: u8) {
        let Some(logon) = self.logon(logon) else {
            return;
        };
        let message = self.new_message(logon);
        if self.engine.submit(logon, message.clone()).is_ok() {
            self.queued(logon, message);
        }
    }

    /// The first identifier that the store does not have: few names, and used again.
    fn new_message(&self, logon: LogonKey) -> EntryId {
        let has = |message: &EntryId| {
            let books = self.books.get(&self.store_of(logon));
            books.is_some_and(|books| books.messages.contains_key(message))
        };
        let mut names = (1..).map(|number| id(&format!("m{number}")));
        names
            .find(|message| !has(message))
            .expect("numbers do not end")
    }

    fn queued(&mut self, logon: LogonKey, message: EntryId) {
        let store = self.store_of(logon);
        let books = self.books.get_mut(&store).unwrap();
        books.submitted += 1;
        books.messages.insert(message, books.submitted);
    }

    /// How many messages the store of this logon has.
    pub fn messages_of(&self, logon: LogonKey) -> usize {
        let books = self.books.get(&self.store_of(logon));
        books.map_or(0, |books| books.messages.len())
    }

    /// A message that the store of this logon has.
    fn message(&self, logon: LogonKey, number: u8) -> Option<EntryId> {
        let books = self.books.get(&self.store_of(logon))?;
        let all: Vec<&EntryId> = books.messages.keys().collect();
        pick(&all, number).cloned()
    }

    fn abort_submit(&mut self, logon: u8, message: u8) {
        let Some(logon) = self.logon(logon) else {
            return;
        };
        let Some(message) = self.message(logon, message) else {
            return;
        };
        if self.engine.abort_submit(logon, &message).is_ok() {
            let store = self.store_of(logon);
            let books = self.books.get_mut(&store).unwrap();
            assert!(books.messages.remove(&message).is_some());
        }
    }

    /// Locks are tried again; no other wait is over.
    fn store_is_ready(&mut self, logon: u8) {
        let Some(logon) = self.logon(logon) else {
            return;
        };
        self.put_off_all();
        let waited = self.waiting(logon);
        if self.engine.store_notify(logon, NOTIFY_READYTOSEND).is_err() {
            return;
        }
        let not_locked = &self.books[&self.store_of(logon)].not_locked;
        let waited: Vec<EntryId> = waited.difference(not_locked).cloned().collect();
        let waits: Vec<EntryId> = self.waiting(logon).into_iter().collect();
        assert_eq!(waits, waited, "waiting, with locks to be tried again");
    }

    /// The messages of the store of this logon that wait for a time.
    fn waiting(&self, logon: LogonKey) -> BTreeSet<EntryId> {
        let store = self.store_of(logon);
        let messages = self.engine.messages.values();
        let waiting = messages
            .filter(|found| found.store == store && matches!(found.state, State::Waiting(_)));
        waiting.map(|found| found.id.clone()).collect()
    }

    fn logoff(&mut self, logon: u8, what: Instruction) {
        let Some(logon) = self.logon(logon) else {
            return;
        };
        let before = self.status(logon);
        let asks = self.asks(logon, what);
        match self.engine.logoff(logon, what.bits(), ME) {
            Ok(Reply::Done(flags)) => {
                self.put_off_all();
                let there = before
                    .as_ref()
                    .map(|counts| counts.flags | (flags & COMPLETE));
                assert_eq!(there, Ok(flags), "the store as it is");
                self.answered(logon, flags);
                if flags.contains(COMPLETE) {
                    self.asked(logon, asks);
                } else {
                    assert_eq!(what, Instruction::Quiet);
                    assert_eq!(self.status(logon), before, "as before");
                }
            }
            Ok(Reply::Wait(call, _)) => {
                self.put_off_all();
                self.asked(logon, asks);
                self.calls.push((call, Waiting::Logoff(logon)));
            }
            Err(_) => assert_eq!(self.status(logon), before, "nothing has changed"),
        }
    }

    /// Who asks has what comes in gathered: so of a copy.
    fn status(&mut self, logon: LogonKey) -> Result<Counts, Error> {
        match self.guests {
            0 => self.engine.status(logon),
            _ => self.engine.clone().status(logon),
        }
    }

    /// What this logoff says of the store's messages: something new only where the logon is the last one.
    fn asks(&self, logon: LogonKey, what: Instruction) -> Asked {
        let store = self.engine.stores.get(self.store_of(logon));
        let alone = |other: &LogonKey| *other == logon || !self.is_live(*other);
        let is_last = store.is_some_and(|store| {
            matches!(store.phase, Phase::Open) && store.logons.iter().all(alone)
        });
        match what {
            _ if !is_last => Asked::Nothing,
            _ if self.elsewhere[self.places[&logon]] => Asked::ReadyAreSent(logon),
            Instruction::NoWait => Asked::ReadyAreSent(logon),
            Instruction::Purge => Asked::Nothing,
            Instruction::Orderly | Instruction::Abort | Instruction::Quiet => Asked::NoneStarts,
        }
    }

    fn asked(&mut self, logon: LogonKey, asked: Asked) {
        if asked != Asked::Nothing
            && let Some(books) = self.books.get_mut(&self.store_of(logon))
        {
            books.asked = asked;
        }
    }

    /// A logoff in the background may have become an ABORT.
    fn perhaps_not_sent(&mut self) {
        for books in self.books.values_mut() {
            if matches!(books.asked, Asked::ReadyAreSent(_)) {
                books.asked = Asked::Nothing;
            }
        }
    }

    /// S_OK of a logoff: COMPLETE is said once.
    fn answered(&mut self, logon: LogonKey, flags: Status) {
        if flags.contains(COMPLETE) {
            assert!(self.completed.insert(logon), "COMPLETE a second time");
            return;
        }
        let store = self.engine.stores.get(self.store_of(logon));
        let open = store.is_some_and(|store| matches!(store.phase, Phase::Open));
        // LogoffStores may have waited for this one to fail.
        let as_before = self.is_live(logon) && open || self.all_stores;
        assert!(as_before, "no COMPLETE: still logged on");
        if let Some(books) = self.books.get_mut(&self.store_of(logon)) {
            books.asked = Asked::Nothing;
        }
    }

    fn release(&mut self, logon: u8, inside: bool) {
        let Some(logon) = self.logon(logon) else {
            return;
        };
        self.put_off_all();
        self.handles_gone.insert(logon);
        if let Some(found) = self.engine.logons.get(logon) {
            let asks = self.asks(logon, found.saved.unwrap_or(Instruction::Abort));
            self.asked(logon, asks);
        }
        let caller = if inside { CALLBACK } else { ME };
        let reply = self.engine.release(logon, caller).unwrap();
        if let Reply::Wait(call, limit) = reply {
            assert!(!inside && limit.is_some());
            self.calls.push((call, Waiting::Other));
        }
    }

    fn logoff_stores(&mut self, what: Instruction) {
        self.put_off_all();
        self.all_stores = true;
        if let Ok(Reply::Wait(call, _)) = self.engine.logoff_stores(what.bits(), OTHER) {
            self.calls.push((call, Waiting::Other));
        }
    }

    fn close(&mut self, abort: bool) {
        self.put_off_all();
        self.closing = true;
        if abort {
            self.perhaps_not_sent();
        }
        let call = self.engine.close(abort, OTHER).unwrap();
        self.calls.push((call, Waiting::Close));
        for logon in &self.logons {
            assert!(!self.is_live(*logon));
        }
    }

    fn expire(&mut self, call: CallKey) {
        self.engine.expire(call);
        assert!(self.engine.is_answered(call), "its limit has passed");
    }

    // What transports do.

    fn add_transport(&mut self, submit: bool, own: bool) {
        let living = self.engine.transports.len();
        if living < 4 {
            let wants = TransportWants {
                submit,
                notify: living != 2,
                flush: living != 1,
                logoff: living != 2,
            };
            self.add_transport_that(wants, own);
        }
        self.transports
            .retain(|key| self.engine.transports.contains_key(*key));
    }

    pub fn add_transport_that(&mut self, wants: TransportWants, own: bool) {
        let own = own.then(|| id(STORES[0]));
        if let Ok(key) = self.engine.add_transport(String::from("T"), own, wants) {
            if self.receptions {
                self.engine.set_admission(key, Box::<Pass>::default());
            }
            self.transports.push(key);
            self.seen.insert(key, Transported::default());
        }
    }

    fn remove(&mut self, transport: u8) {
        let Some(key) = pick(&self.transports, transport) else {
            return;
        };
        self.put_off_all();
        if let Ok(Reply::Wait(call, _)) = self.engine.remove_transport(key, OTHER) {
            self.calls.push((call, Waiting::Other));
        }
    }

    fn tell(&mut self, transport: u8, flags: u32, message: Option<u8>) {
        let Some(key) = pick(&self.transports, transport) else {
            return;
        };
        let Some(found) = self.engine.transports.get(key) else {
            return;
        };
        let kept: Vec<MessageKey> = found.deferred.iter().copied().collect();
        let message = message.and_then(|message| pick(&kept, message));
        let message = message.map(|message| self.engine.messages[message].id.clone());
        self.put_off_all();
        let told = self.engine.spooler_notify(key, flags, message.as_deref());
        told.unwrap();
        let seen = self.seen.get_mut(&key).unwrap();
        if flags & NOTIFY_CRITICAL_ERROR != 0 {
            seen.critical = true;
        } else if flags & NOTIFY_READYTOSEND != 0 {
            seen.critical = false;
        }
    }

    fn take(&mut self, transport: u8) {
        if let Some(key) = pick(&self.transports, transport)
            && let Ok(call) = self.engine.take(key, PROVIDER)
        {
            self.calls.push((call, Waiting::Take));
        }
    }

    fn begin_outbound(&mut self, transport: u8, logon: u8, message: Option<u8>) {
        let Some(key) = pick(&self.transports, transport) else {
            return;
        };
        let Some(logon) = self.logon(logon) else {
            return;
        };
        let known = message.and_then(|message| self.message(logon, message));
        let message = known.unwrap_or_else(|| self.new_message(logon));
        let begun = self
            .engine
            .begin_outbound(key, logon, message.clone(), PROVIDER);
        let store = self.store_of(logon);
        if let Ok(call) = begun {
            self.put_off_all();
            self.calls.push((call, Waiting::Take));
            if !self.books[&store].messages.contains_key(&message) {
                self.queued(logon, message);
            }
        }
    }

    fn begin_inbound(&mut self, transport: u8, logon: Option<u8>) {
        let Some(key) = pick(&self.transports, transport) else {
            return;
        };
        let logon = logon.and_then(|logon| self.logon(logon));
        if let Some(logon) = logon.filter(|_| self.receptions) {
            return self.come_in(key, logon);
        }
        if let Ok(transfer) = self.engine.begin_inbound(key, logon, PROVIDER) {
            let found = &self.engine.transfers[transfer];
            let phase = &self.engine.stores[found.store].phase;
            assert!(matches!(phase, Phase::Open), "it receives no more");
            self.transfers.push((transfer, found.logon));
        }
    }

    /// A message comes in at a reception; where that is shut, the engine refuses it too.
    fn come_in(&mut self, transport: TransportKey, logon: LogonKey) {
        let found = self.engine.logons.get(logon);
        let reception = found.and_then(|found| found.reception.as_deref().map(door));
        let welcome = reception.filter(|door| door.is_open && self.admits(transport));
        let Some(reception) = welcome else {
            let begun = self.engine.begin_inbound(transport, Some(logon), PROVIDER);
            return assert!(begun.is_err(), "the reception is shut");
        };
        reception.guests.borrow_mut().push(Inbound {
            transport,
            thread: PROVIDER.thread,
            ticket: 0,
        });
        self.guests += 1;
    }

    fn admits(&self, transport: TransportKey) -> bool {
        let found = self.engine.transports.get(transport);
        let admission = found.and_then(|found| found.admission.as_deref());
        admission.is_some_and(|admission| pass(admission).is_admitted)
    }

    fn doors(&self) -> impl Iterator<Item = (LogonKey, &Door)> {
        let logons = self.engine.logons.iter();
        logons.filter_map(|(key, logon)| Some((key, door(logon.reception.as_deref()?))))
    }

    fn leave(&mut self, guest: u8) {
        let doors = self.doors().map(|(_, door)| door);
        let places =
            doors.flat_map(|door| (0..door.guests.borrow().len()).map(move |at| (door, at)));
        let places: Vec<(&Door, usize)> = places.collect();
        if let Some((door, at)) = pick(&places, guest) {
            door.guests.borrow_mut().remove(at);
            self.guests -= 1;
        }
    }

    fn end(&mut self, transfer: u8, how: Said) {
        if self.transfers.is_empty() {
            return;
        }
        let place = usize::from(transfer) % self.transfers.len();
        self.end_transfer(place, how);
    }

    fn end_transfer(&mut self, place: usize, how: Said) {
        let (key, _) = self.transfers.swap_remove(place);
        let transfer = &self.engine.transfers[key];
        let store = transfer.store;
        let outbound = transfer.message;
        let (result, mut flags, seconds) = how.words();
        if outbound.is_none() {
            flags = 0;
        }
        if let Some(message) = outbound {
            let message = self.engine.messages[message].id.clone();
            self.concluded(store, &message, result == S_OK && flags == 0);
        }
        self.engine
            .end_transfer(key, HResult(result), flags, seconds)
            .unwrap();
    }

    /// A transfer is over.
    fn concluded(&mut self, store: StoreKey, message: &EntryId, sent: bool) {
        let books = self.books.get_mut(&store).expect("its store is there");
        assert!(books.messages.contains_key(message), "it was not finished");
        let has_callbacks = books.name != STORES[2];
        match (sent, has_callbacks) {
            (true, true) => drop(books.unfinished.insert(message.clone())),
            (true, false) => drop(books.messages.remove(message)),
            (false, _) => books.started = None,
        }
    }

    /// A transport has a message: for the first time in order, while nothing is put off.
    fn started(&mut self, store: StoreKey, message: &EntryId) {
        let found = &self.engine.stores[store];
        assert!(found.phase.outbound_open(), "the gate is shut");
        let books = self.books.get_mut(&store).unwrap();
        let may = books.asked != Asked::NoneStarts;
        assert!(may, "{message:?} starts after the logoff");
        assert!(books.locked.contains(message) || books.name == STORES[2]);
        let place = books.messages[message];
        if let Some(last) = books.started.replace(place) {
            assert!(last < place, "{message:?} starts too late");
        } else {
            books.started = None;
        }
    }

    // Desks.

    fn desks(&self) -> Vec<Desk> {
        let workers = self.engine.driven().map(Desk::Worker);
        [Desk::Here, Desk::Control]
            .into_iter()
            .chain(workers)
            .collect()
    }

    /// Desks with something to do at which nothing runs; at `Here` any number of threads work.
    pub fn free_desks(&self) -> Vec<Desk> {
        let free =
            |desk: &Desk| *desk == Desk::Here || !self.running.iter().any(|(busy, _)| busy == desk);
        let has_task = |desk: &Desk| self.engine.has_task(*desk);
        self.desks()
            .into_iter()
            .filter(has_task)
            .filter(free)
            .collect()
    }

    fn call(&mut self, desk: Desk) {
        let Some(task) = self.engine.next_task(desk) else {
            return;
        };
        self.called(&task);
        self.running.push((desk, task));
    }

    fn context_of(&self, task: &Task) -> Option<LogonKey> {
        match task {
            Task::SetLockState { logon, .. }
            | Task::FinishedMsg { logon, .. }
            | Task::Released { logon, .. }
            | Task::Cancel { logon, .. } => Some(*logon),
            Task::Send { transfer, .. } => Some(self.engine.transfers[*transfer].logon),
            Task::Notify { message, .. } => message.as_ref()?.logon,
            Task::Flush { .. } | Task::Logoff { .. } => None,
        }
    }

    fn transport_of(task: &Task) -> Option<TransportKey> {
        match task {
            Task::Send { transport, .. }
            | Task::Cancel { transport, .. }
            | Task::Notify { transport, .. }
            | Task::Flush { transport, .. }
            | Task::Logoff { transport } => Some(*transport),
            _ => None,
        }
    }

    fn called(&mut self, task: &Task) {
        if let Some(logon) = self.context_of(task) {
            assert!(!self.released.contains(&logon), "{task:?} after Released");
        }
        if let Some(key) = Storm::transport_of(task) {
            let seen = self.seen.get_mut(&key).unwrap();
            let logoff = matches!(task, Task::Logoff { .. });
            assert!(!seen.gone, "{task:?} after TransportLogoff");
            assert!(logoff || !seen.critical, "{task:?} after CRITICAL_ERROR");
            seen.gone = logoff;
        }
        match task {
            Task::SetLockState {
                store, id, lock, ..
            } => {
                let books = self.store_is_called(*store);
                assert_ne!(books.locked.contains(id), *lock);
            }
            Task::FinishedMsg { store, id, .. } => {
                let books = self.store_is_called(*store);
                assert!(books.unfinished.remove(id), "FinishedMsg a second time");
                assert!(books.locked.remove(id));
            }
            Task::Released { logon, .. } => self.released_is_called(*logon),
            Task::Send { transfer, .. } => {
                let (store, id) = self.sent_by(*transfer);
                self.started(store, &id);
            }
            Task::Notify {
                transport,
                flags,
                message,
            } => self.notify_is_called(*transport, *flags, message.is_some()),
            Task::Logoff { transport } => {
                let calls =
                    |(_, task): &(Desk, Task)| Storm::transport_of(task) == Some(*transport);
                assert!(!self.running.iter().any(calls), "not the last call");
            }
            Task::Cancel { .. } | Task::Flush { .. } => {}
        }
    }

    fn sent_by(&self, transfer: TransferKey) -> (StoreKey, EntryId) {
        let shown = self.engine.shown(transfer).unwrap();
        (self.engine.transfers[transfer].store, shown.id.unwrap())
    }

    fn store_is_called(&mut self, store: StoreKey) -> &mut Books {
        let books = self.books.get_mut(&store).unwrap();
        assert!(!books.calling, "two callbacks of one store at a time");
        books.calling = true;
        books
    }

    fn released_is_called(&mut self, logon: LogonKey) {
        assert!(self.released.insert(logon), "Released a second time");
        assert!(!self.is_live(logon));
        let holds = |(_, task): &(Desk, Task)| self.context_of(task) == Some(logon);
        assert!(!self.running.iter().any(holds), "its context is in use");
        let lent = self.transfers.iter().any(|(_, context)| *context == logon);
        assert!(!lent, "its context is in a transfer");
    }

    /// BEGIN and END take turns.
    fn notify_is_called(&mut self, key: TransportKey, flags: u32, message: bool) {
        let (what, begins) = match flags {
            NOTIFY_BEGIN_OUTBOUND | NOTIFY_END_OUTBOUND => (0, flags == NOTIFY_BEGIN_OUTBOUND),
            NOTIFY_BEGIN_INBOUND | NOTIFY_END_INBOUND => (1, flags == NOTIFY_BEGIN_INBOUND),
            NOTIFY_BEGIN_OUTBOUND_FLUSH | NOTIFY_END_OUTBOUND_FLUSH => {
                (2, flags == NOTIFY_BEGIN_OUTBOUND_FLUSH)
            }
            _ => return assert!(message),
        };
        let told = &mut self.seen.get_mut(&key).unwrap().told[what];
        assert_ne!(*told, begins, "{flags:#x} changes nothing");
        *told = begins;
    }

    fn return_from(&mut self, place: usize, how: Said) {
        let (desk, task) = self.running.remove(place);
        let (result, flags, seconds) = how.words();
        let result = HResult(result);
        match &task {
            Task::SetLockState {
                store, id, lock, ..
            } => {
                let books = self.books.get_mut(store).unwrap();
                books.calling = false;
                match (lock, result.0) {
                    (true, S_OK..) => drop(books.locked.insert(id.clone())),
                    (true, MAPI_E_NOT_FOUND) => drop(books.messages.remove(id)),
                    (true, _) => {
                        books.not_locked.insert(id.clone());
                        books.started = None;
                    }
                    (false, _) => drop(books.locked.remove(id)),
                }
            }
            Task::FinishedMsg { store, id, .. } => {
                let books = self.books.get_mut(store).unwrap();
                books.calling = false;
                books.messages.remove(id);
            }
            Task::Send { transfer, .. } => {
                let (store, id) = self.sent_by(*transfer);
                let sent = result == HResult::OK && flags == 0;
                self.concluded(store, &id, sent);
            }
            _ => {}
        }
        let outcome = match &task {
            Task::Send { .. } => Performed::Sent {
                result,
                retry_seconds: seconds,
                end: result.succeeded().then_some((HResult::OK, flags)),
            },
            _ => Performed::Result(result),
        };
        let relayed = self.relayed(&task, outcome);
        self.engine.performed(&task, outcome);
        if let Some((short, next)) = relayed {
            self.check_relay(&short, &next, desk);
        }
        self.collect();
    }

    /// The world where the thread goes on by the short way, and its next task there, if there is one.
    fn relayed(&self, task: &Task, outcome: Performed) -> Option<(Storm, Task)> {
        let mut short = self.clone();
        short.engine.log_level = None; // lines of the log are not said on the short way
        let next = short.engine.relay(task, outcome)?;
        Some((short, next))
    }

    /// The short way has led where the rules lead.
    fn check_relay(&self, short: &Storm, next: &Task, desk: Desk) {
        let mut long = self.clone();
        let task = long
            .engine
            .next_task(desk)
            .expect("a thread in a relay goes on");
        assert_eq!(
            short.name(next),
            long.name(&task),
            "the next task of a relay"
        );
        assert_eq!(form(short), form(&long), "a relay is not like the rules");
        for store in long.engine.stores.keys() {
            assert_eq!(short.engine.counts(store), long.engine.counts(store));
        }
    }

    /// What a task in a relay is for.
    fn name(&self, task: &Task) -> (std::mem::Discriminant<Task>, EntryId) {
        let message = match task {
            Task::Send { transfer, .. } => self.sent_by(*transfer).1,
            Task::SetLockState { id, .. } | Task::FinishedMsg { id, .. } => id.clone(),
            _ => panic!("{task:?} is no task of a relay"),
        };
        (std::mem::discriminant(task), message)
    }

    /// Everything that can happen now happens, and well.
    fn run(&mut self) {
        for _ in 0..10_000 {
            while !self.running.is_empty() {
                self.return_from(0, Said::Well);
            }
            self.collect();
            let Some(desk) = self.engine.busiest_desk() else {
                return;
            };
            assert!(self.engine.has_task(desk));
            self.call(desk);
        }
        panic!("there is always more to do");
    }

    fn move_to(&mut self, time: Time) {
        self.now = self.now.max(time);
        self.engine.advance(self.now);
        let due = self.engine.next_due();
        assert!(
            due.is_none_or(|due| due > self.now),
            "what is due has happened"
        );
    }

    // Looking.

    /// Calls that have their answer return: logoffs first, whose answer may be why others have theirs.
    fn collect(&mut self) {
        self.collect_gathered();
        let effects = std::mem::take(self.engine.take_effects());
        self.log
            .extend(effects.log.into_iter().map(|(_, line)| line));
        let (mut logoffs, mut others) = (Vec::new(), Vec::new());
        let engine = &mut self.engine;
        self.calls.retain(|(call, what)| {
            let answer = engine.collect(*call);
            let waits = answer.is_none();
            let returning = match what {
                Waiting::Logoff(_) => &mut logoffs,
                Waiting::Take | Waiting::Close | Waiting::Other => &mut others,
            };
            returning.extend(answer.map(|answer| (answer, *what)));
            waits
        });
        for (answer, what) in logoffs.into_iter().chain(others) {
            self.returns(answer, what);
        }
    }

    /// What came in and the engine has taken over.
    fn collect_gathered(&mut self) {
        let gathered = self.doors().flat_map(|(_, door)| door.gathered.take());
        let owned = |transfer| (transfer, self.engine.transfers[transfer].logon);
        let gathered: Vec<(TransferKey, LogonKey)> = gathered.map(owned).collect();
        self.guests -= gathered.len();
        self.transfers.extend(gathered);
    }

    fn returns(&mut self, answer: Answer, what: Waiting) {
        match (answer, what) {
            (Answer::Status(flags), Waiting::Logoff(logon)) => self.answered(logon, flags),
            (Answer::Transfer(transfer), Waiting::Take) => {
                let found = &self.engine.transfers[transfer];
                let (store, owner) = (found.store, found.logon);
                self.transfers.push((transfer, owner));
                let message = self.engine.shown(transfer).unwrap().id.unwrap();
                self.started(store, &message);
            }
            (Answer::Done, Waiting::Close) => {
                assert_eq!(self.released.len(), self.logons.len(), "closed too early");
                assert!(self.engine.stores.is_empty() && self.engine.transports.is_empty());
            }
            (Answer::Failed(_), Waiting::Take | Waiting::Close) => {}
            (_, Waiting::Other) => {}
            (answer, what) => panic!("{answer:?} to {what:?}"),
        }
    }

    fn check(&mut self) {
        let engine = &self.engine;
        let waits = |store: &Store, message: &EntryId| {
            let found = store.index.find(&engine.messages, message);
            let found = found.map(|message| engine.messages[message].state);
            matches!(found, Some(State::Waiting(_)))
        };
        self.books.retain(|store, books| {
            let found = engine.stores.get(*store);
            books
                .not_locked
                .retain(|message| found.is_some_and(|store| waits(store, message)));
            let lives = found.is_some();
            if !lives {
                assert!(books.unfinished.is_empty(), "FinishedMsg was not called");
                assert!(books.locked.is_empty(), "a lock was not given back");
                assert!(!books.calling);
                if let Asked::ReadyAreSent(logon) = books.asked {
                    let left = engine
                        .logons
                        .get(logon)
                        .map_or(0, |logon| logon.last.as_ref().map_or(0, |last| last.ready));
                    assert_eq!(left, 0, "what was ready was not sent");
                }
            }
            lives
        });
        for (store, books) in &self.books {
            let counts = engine.counts(*store);
            let all = counts.ready + counts.waiting + counts.outbound;
            assert_eq!(
                all as usize,
                books.messages.len(),
                "messages of {}",
                books.name
            );
            assert_eq!(counts.flags.contains(Status::OUTBOUND), counts.outbound > 0);
            let queued = counts.ready + counts.waiting > 0;
            assert_eq!(counts.flags.contains(Status::OUTBOUND_QUEUE), queued);
        }
        for store in engine.stores.values() {
            let goes = matches!(store.phase, Phase::Background(_));
            assert_ne!(store.open.is_some(), goes, "an open that counts");
        }
        self.check_receptions();
        let engine = &self.engine;
        let mut stores = engine.stores.values();
        if self.closing && !stores.any(|store| store.phase.outbound_open()) {
            let mut transports = engine.transports.values();
            let takes = transports.any(|transport| !transport.takes.is_empty());
            assert!(!takes, "a take to which nothing can come");
        }
    }

    /// Open while the store's gate is, and to transports that may begin; and whoever came in is there.
    fn check_receptions(&self) {
        let mut guests = 0;
        for (key, door) in self.doors() {
            let logon = &self.engine.logons[key];
            let store = self.engine.stores.get(logon.store);
            let receives = store.is_some_and(|store| store.phase.inbound_open()) && !logon.over;
            assert_eq!(door.is_open, receives, "a reception that is open");
            let inside = door.guests.borrow();
            let known = |guest: &Inbound| self.engine.transports.contains_key(guest.transport);
            assert!(inside.iter().all(known), "its transport is gone");
            guests += inside.len();
        }
        assert_eq!(guests, self.guests, "messages that come in");
        for (key, transport) in &self.engine.transports {
            let begins = transport.removal.is_none() && !transport.critical;
            assert_eq!(self.admits(key), begins && self.receptions, "who may begin");
        }
    }

    /// Transports answer, transfers end, limits pass, time goes by: everything comes to rest.
    fn comes_to_rest(&mut self) {
        self.time_goes_by();
        self.check();
        self.check_rest();
        for (call, _) in self.calls.clone() {
            self.engine.expire(call);
            assert!(self.engine.is_answered(call));
        }
        self.collect();
    }

    /// Nothing can move any more by itself: what was to end has ended.
    pub fn check_rest(&self) {
        for (store, found) in &self.engine.stores {
            let phase = &found.phase;
            let mut transports = self.engine.transports.values();
            // It has asked once since the logoff began, and may ask again.
            let may_ask = transports.any(|t| !t.wants.submit && t.last_take > found.drain_stamp);
            let ends = matches!(phase, Phase::Open) || may_ask;
            assert!(ends, "{store:?} still logs off: {phase:?}");
        }
        for (key, transport) in &self.engine.transports {
            let told = &self.seen[&key].told;
            let stays = transport.wants.notify && !transport.critical;
            if stays && transport.removal.is_none() {
                let mut stores = self.engine.stores.values();
                let inbox = self
                    .engine
                    .default_inbox
                    .map(|store| &self.engine.stores[store]);
                let inbound = inbox.is_some_and(|store| store.phase.inbound_open());
                let outbound = stores.any(|store| store.phase.outbound_open());
                assert_eq!(told[..2], [outbound, inbound], "what it was told of gates");
            }
        }
        for logon in &self.completed {
            let store = self.engine.logons.get(*logon).map(|logon| logon.store);
            let store = store.and_then(|store| self.engine.stores.get(store));
            let goes = store.is_some_and(|store| store.draining());
            let released = self.released.contains(logon);
            assert!(released || goes, "COMPLETE, and never released");
        }
        let driven = self.engine.driven().map(|key| &self.engine.transports[key]);
        let driven: Vec<Seat> = driven
            .filter(|transport| !transport.critical)
            .map(|transport| transport.seat)
            .collect();
        for message in self.engine.messages.values() {
            let deferred = match message.state {
                State::Deferred(holder) => self.engine.seats[holder.index()].is_some(),
                _ => false,
            };
            let sendable = driven.iter().any(|seat| message.allowed().contains(*seat));
            let phase = &self.engine.stores[message.store].phase;
            let waits = deferred || !sendable || !matches!(phase, Phase::Open);
            assert!(waits, "{:?} in {phase:?}: forgotten", message.state);
        }
        for (_, what) in &self.calls {
            let waits = match what {
                Waiting::Logoff(logon) => {
                    let phase = &self.engine.stores[self.store_of(*logon)].phase;
                    matches!(phase, Phase::Purging(_))
                }
                Waiting::Close => false,
                Waiting::Take | Waiting::Other => true,
            };
            assert!(waits, "{what:?} is not answered");
        }
    }

    fn time_goes_by(&mut self) {
        for _ in 0..4 {
            self.run();
            while self.guests > 0 {
                self.leave(0);
            }
            while !self.transfers.is_empty() {
                self.end_transfer(0, Said::Well);
                self.run();
            }
            self.move_to(self.now + 3_600_000);
        }
        self.run();
        self.collect();
    }

    pub fn ends(&mut self, abort: bool) {
        self.comes_to_rest();
        self.close(abort);
        self.collect();
        self.time_goes_by();
        self.check();
        assert!(self.calls.is_empty(), "the spooler is closed");
        assert_eq!(self.released.len(), self.logons.len());
        assert!(self.engine.stores.is_empty() && self.engine.transports.is_empty());
        assert!(self.engine.messages.is_empty() && self.engine.transfers.is_empty());
        assert!(self.engine.calls.is_empty() && self.engine.next_due().is_none());
        let handles = self.logons.len() - self.handles_gone.len();
        assert_eq!(self.engine.logons.len(), handles, "no handle, nothing kept");
    }
}
