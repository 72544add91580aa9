//! Stores and store logons: opening, submitting, asking, the final release.

use super::desk::Turn;
use super::logoff::Phase;
use super::mapi::{NOTIFY_NEWMAIL_RECEIVED, NOTIFY_READYTOSEND};
use super::queue::{Index, Lines, State};
use super::*;
use crate::presence::Open;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// Which callbacks a store logon has.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoreWants {
    pub set_lock_state: bool,
    pub finished_msg: bool,
    pub released: bool,
}

/// What a store is doing, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The status flags; COMPLETE when the logon asked is over.
    pub flags: Status,
    pub ready: u32,
    pub waiting: u32,
    pub outbound: u32,
    pub inbound: u32,
    pub finished: u32,
}

/// A store that is open in the spooler.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Store {
    pub id: EntryId,
    /// Its logons whose Released has not run, oldest first.
    pub logons: Vec<LogonKey>,
    pub phase: Phase,
    /// Number of the drain under way, or of the last one.
    pub drain: u32,
    /// When the drain began, by the engine's stamp and clock.
    pub drain_stamp: u64,
    pub drain_grace: Time,
    /// Its registration with the presence, while it counts as open.
    pub open: Option<Box<dyn Open>>,
    pub index: Index,
    pub lines: Lines,
    /// Messages that wait for a time, in order.
    pub waits: BTreeMap<i64, MessageKey>,
    /// Order of the last message submitted, and of the last one put before all others.
    pub last: i64,
    pub front: i64,
    pub promised: u32,
    pub paused: u32,
    pub finished: u32,
    pub outbound: u32,
    pub inbound: u32,
    pub transfers: Vec<TransferKey>,
    pub turns: VecDeque<Turn>,
    pub turn: Option<Turn>,
    /// Transports in whose ring it stands: the ordinary one, and the one for logoffs under way.
    pub ringed: [TransportSet; 2],
    /// Boxed: few stores have any of it.
    pub rare: Option<Box<Rare>>,
}

/// What a store has only in a logoff that takes a while.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Rare {
    /// Waits put aside until the drain has failed.
    pub suspended: Vec<(Time, Due)>,
    /// `LogoffStores` that wait for another thread's logoff of it.
    pub groups: Vec<CallKey>,
}

/// One caller's open of a store.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Logon {
    pub store: StoreKey,
    /// Its number in the log.
    pub number: u64,
    pub wants: StoreWants,
    /// The instruction that the final release performs.
    pub saved: Option<Instruction>,
    /// An ABORT on it has failed once.
    pub abort_failed: bool,
    /// Its logoff has been decided: COMPLETE.
    pub over: bool,
    /// Its handle has had the final release.
    pub handle_gone: bool,
    /// Callbacks with its context that are running, and messages handed out with it.
    pub holds: u32,
    /// Where messages may come in without the engine.
    pub reception: Option<Box<dyn Reception>>,
    pub stage: LogonStage,
    /// Transports are being told of its release on the control desk: Released comes behind that.
    pub told_first: bool,
    /// Calls that wait for its release.
    pub waits: Vec<CallKey>,
    /// What to say once the store is gone or another logon's. Boxed: most logons are open.
    pub last: Option<Box<Counts>>,
}

/// How far a logon's release has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogonStage {
    Open,
    /// Given up by the store: Released is to run, or is running.
    Releasing,
    Released,
}

impl Logon {
    fn last_counts(&self) -> Counts {
        self.last.as_deref().copied().unwrap_or_default()
    }
}

impl Store {
    fn new(id: EntryId) -> Store {
        Store {
            id,
            logons: Vec::with_capacity(1), // it rarely has more
            phase: Phase::Open,
            drain: 0,
            drain_stamp: 0,
            drain_grace: 0,
            open: None,
            index: Index::default(),
            lines: Lines::default(),
            waits: BTreeMap::new(),
            last: 0,
            front: 0,
            promised: 0,
            paused: 0,
            finished: 0,
            outbound: 0,
            inbound: 0,
            transfers: Vec::new(),
            turns: VecDeque::new(),
            turn: None,
            ringed: [TransportSet::NONE; 2],
            rare: None,
        }
    }

    /// A logoff of it is under way, waiting or in the background.
    pub fn draining(&self) -> bool {
        !matches!(self.phase, Phase::Open)
    }

    pub fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub fn take_suspended(&mut self) -> Vec<(Time, Due)> {
        let suspended = self.rare.as_mut().map(|rare| &mut rare.suspended);
        suspended.map(std::mem::take).unwrap_or_default()
    }

    pub fn take_groups(&mut self) -> Vec<CallKey> {
        let groups = self.rare.as_mut().map(|rare| &mut rare.groups);
        groups.map(std::mem::take).unwrap_or_default()
    }

    /// The logon whose callbacks serve the store: the oldest that is not over, else the last.
    pub fn owner(&self, logons: &SlotMap<LogonKey, Logon>) -> LogonKey {
        let live = self.logons.iter().find(|logon| !logons[**logon].over);
        *live
            .or(self.logons.last())
            .expect("a store has a logon until it is released")
    }

    /// Nothing is in process, and no callback is running or due.
    pub fn quiet(&self) -> bool {
        self.transfers.is_empty() && self.turn.is_none() && self.turns.is_empty()
    }

    /// Messages submitted, not finished, and not in process.
    pub fn queued(&self) -> u32 {
        self.index.len() as u32 - self.outbound
    }
}

/// The stores by entry identifier. Keeps the keys only; the identifiers are the stores' own.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct StoreIndex {
    table: HashTable<StoreKey>,
    hasher: DefaultHashBuilder,
}

type Stores = SlotMap<StoreKey, Box<Store>>;

impl StoreIndex {
    pub fn find(&self, stores: &Stores, id: &EntryId) -> Option<StoreKey> {
        let is_it = |key: &StoreKey| stores[*key].id == *id;
        self.table.find(self.hasher.hash_one(id), is_it).copied()
    }

    pub fn insert(&mut self, stores: &Stores, store: StoreKey) {
        let hash = |key: &StoreKey| self.hasher.hash_one(&stores[*key].id);
        self.table.insert_unique(hash(&store), store, hash);
    }

    pub fn remove(&mut self, stores: &Stores, store: StoreKey) {
        let hash = self.hasher.hash_one(&stores[store].id);
        if let Ok(found) = self.table.find_entry(hash, |key| *key == store) {
            found.remove();
        }
    }
}

impl Engine {
    /// Opens a store. `open` is its registration with the presence; it is dropped where it is not needed.
    pub fn open_store(
        &mut self,
        id: EntryId,
        default_inbox: bool,
        wants: StoreWants,
        open: Box<dyn Open>,
    ) -> Result<LogonKey, Error> {
        if self.closing.is_some() {
            return Err(Error::EndOfSession);
        }
        let known = self.by_id.find(&self.stores, &id);
        if default_inbox && self.default_inbox.is_some() && self.default_inbox != known {
            return Err(Error::Collision);
        }
        let store = known.unwrap_or_else(|| {
            self.sending_stores += 1;
            let store = self.stores.insert(Box::new(Store::new(id)));
            self.by_id.insert(&self.stores, store);
            store
        });
        let logon = self.add_logon(store, wants);
        self.stores[store].open.get_or_insert(open);
        if default_inbox {
            self.default_inbox = Some(store);
        }
        self.gates_changed = true;
        if known.is_some() {
            self.reopened(store);
        }
        self.settle();
        Ok(logon)
    }

    fn add_logon(&mut self, store: StoreKey, wants: StoreWants) -> LogonKey {
        self.logons_opened += 1;
        self.unreleased += 1;
        let logon = self.logons.insert(Logon {
            store,
            number: self.logons_opened,
            wants,
            saved: None,
            abort_failed: false,
            over: false,
            handle_gone: false,
            holds: 0,
            reception: None,
            stage: LogonStage::Open,
            told_first: false,
            waits: Vec::new(),
            last: None,
        });
        self.stores[store].logons.push(logon);
        self.say(Level::Info, |engine| {
            format!("{} opened", engine.logon_name(logon))
        });
        logon
    }

    /// The name of a logon in the log.
    pub(super) fn logon_name(&self, logon: LogonKey) -> String {
        let found = &self.logons[logon];
        match self.stores.get(found.store) {
            Some(store) => format!("store {} (logon {})", show(&store.id), found.number),
            None => format!("logon {}", found.number),
        }
    }

    pub(super) fn store_name(&self, store: StoreKey) -> String {
        format!("store {}", show(&self.stores[store].id))
    }

    /// The store of a logon that is not over.
    pub(super) fn live(&self, logon: LogonKey) -> Result<StoreKey, Error> {
        let found = self
            .logons
            .get(logon)
            .ok_or(Error::BadHandle("store logon"))?;
        if found.over {
            Err(Error::Over)
        } else {
            Ok(found.store)
        }
    }

    /// Whether the logon is not over.
    pub fn check_live(&self, logon: LogonKey) -> Result<(), Error> {
        self.live(logon).map(drop)
    }

    /// What a store provider tells the spooler. Of SpoolerNotify's flags these two are for stores, says the
    /// reference. There is nothing to do for NOTIFY_NEWMAIL_RECEIVED: the message is where it belongs.
    pub fn store_notify(&mut self, logon: LogonKey, flags: u32) -> Result<(), Error> {
        let store = self.live(logon)?;
        if flags & !(NOTIFY_READYTOSEND | NOTIFY_NEWMAIL_RECEIVED) != 0 {
            return Err(Error::UnknownFlags(flags));
        }
        if flags == 0 {
            return Err(Error::BadParameter("ulFlags is 0: nothing to notify of"));
        }
        if flags & NOTIFY_READYTOSEND != 0 {
            self.lock_again(store);
            self.settle();
        }
        Ok(())
    }

    /// Messages whose lock could not be had wait no longer for it.
    fn lock_again(&mut self, store: StoreKey) {
        let waits = self.stores[store].waits.values().copied();
        let locked_elsewhere: Vec<MessageKey> = waits
            .filter(|message| self.messages[*message].record().lock_failures > 0)
            .collect();
        for message in locked_elsewhere {
            self.line_up_anew(message);
        }
    }

    /// Puts a message into the store's queue.
    pub fn submit(&mut self, logon: LogonKey, id: EntryId) -> Result<(), Error> {
        let store = self.queue_of(logon)?;
        if self.stores[store].index.find(&self.messages, &id).is_some() {
            return Err(Error::Submitted);
        }
        self.enqueue(store, id)?;
        self.settle();
        Ok(())
    }

    /// The store of a logon that may queue messages.
    pub(super) fn queue_of(&self, logon: LogonKey) -> Result<StoreKey, Error> {
        let store = self.live(logon);
        match store {
            // Every logon is over then: the reason is worth more than the fact.
            Err(Error::Over) if self.closing.as_ref().is_some_and(|closing| !closing.closed) => {
                Err(Error::EndOfSession)
            }
            _ => store,
        }
    }

    /// A new message at the end of the store's line.
    pub(super) fn enqueue(&mut self, store: StoreKey, id: EntryId) -> Result<MessageKey, Error> {
        let found = &mut self.stores[store];
        if matches!(found.phase, Phase::Purging(_)) {
            return Err(Error::Busy(Busy::Purge));
        }
        let room = found.index.reserve(&self.messages) && self.messages.try_reserve(1).is_ok();
        if !room {
            return Err(Error::Memory);
        }
        found.last += 1;
        let new = queue::Message::new(id, store, found.last);
        let message = self.messages.insert(new);
        found.index.insert(&self.messages, message);
        self.say(Level::Debug, |engine| {
            format!(
                "message {} submitted to {}",
                show(&engine.messages[message].id),
                engine.store_name(store)
            )
        });
        self.line_up(message);
        Ok(message)
    }

    /// Takes a message out of the store's queue.
    pub fn abort_submit(&mut self, logon: LogonKey, id: &[u8]) -> Result<(), Error> {
        let store = self.live(logon)?;
        let message = self.stores[store]
            .index
            .find(&self.messages, id)
            .ok_or(Error::NotInQueue)?;
        match self.messages[message].state {
            State::InProcess => return Err(Error::UnableToAbort),
            State::Deferred(seat) => {
                self.ask_back(
                    message,
                    self.seated(seat),
                    mapi::NOTIFY_ABORT_DEFERRED | mapi::NOTIFY_CANCEL_MESSAGE,
                );
            }
            _ => {}
        }
        self.leave_place(message);
        self.say(Level::Debug, |engine| {
            format!(
                "message {} aborted in {}",
                show(id),
                engine.store_name(store)
            )
        });
        self.forget(message);
        self.check_soon(store);
        self.settle();
        Ok(())
    }

    /// Removes a message that stands nowhere any more.
    pub(super) fn forget(&mut self, message: MessageKey) {
        if let Some(gone) = self.messages.remove(message) {
            self.stores[gone.store].index.lost_one();
        }
    }

    /// The output flags as they are now, without COMPLETE.
    pub(super) fn status_flags(&self, store: StoreKey) -> Status {
        let store = &self.stores[store];
        let mut flags = Status::empty();
        flags.set(Status::INBOUND, store.inbound > 0);
        flags.set(Status::OUTBOUND, store.outbound > 0);
        flags.set(Status::OUTBOUND_QUEUE, store.queued() > 0);
        flags
    }

    /// Messages of the store that some transport may take now, or after its pause.
    pub(super) fn ready(&self, store: StoreKey) -> u32 {
        let found = &self.stores[store];
        found.lines.ready(self.usable_for(store)) as u32 + found.promised + found.paused
    }

    pub(super) fn has_ready(&self, store: StoreKey) -> bool {
        let found = &self.stores[store];
        found.promised > 0 || found.paused > 0 || self.ready(store) > 0
    }

    pub(super) fn counts(&self, store: StoreKey) -> Counts {
        let found = &self.stores[store];
        let ready = self.ready(store);
        Counts {
            flags: self.status_flags(store),
            ready,
            waiting: found.queued() - ready,
            outbound: found.outbound,
            inbound: found.inbound,
            finished: found.finished,
        }
    }

    /// What the store is doing; once it is released, what it last did.
    pub fn status(&mut self, logon: LogonKey) -> Result<Counts, Error> {
        let found = self
            .logons
            .get(logon)
            .ok_or(Error::BadHandle("store logon"))?;
        let (store, over) = (found.store, found.over);
        let mut counts = match self.stores.contains_key(store) && found.stage == LogonStage::Open {
            true => {
                self.gather(store);
                self.counts(store)
            }
            false => found.last_counts(),
        };
        counts.flags.set(Status::COMPLETE, over);
        self.settle();
        Ok(counts)
    }

    /// Waits until the logon's Released has returned.
    pub fn wait_released(&mut self, logon: LogonKey) -> Result<Reply<()>, Error> {
        let found = self
            .logons
            .get(logon)
            .ok_or(Error::BadHandle("store logon"))?;
        if found.stage == LogonStage::Released {
            return Ok(Reply::Done(()));
        }
        let call = self.wait_for(CallFor::Release(logon));
        self.logons[logon].waits.push(call);
        Ok(Reply::Wait(call, None))
    }

    /// MapiStoreLogoff: saves the instruction for the final release. Returns the word for the caller.
    pub fn save_logoff(&mut self, logon: LogonKey, word: u32) -> Result<u32, Error> {
        let store = self.live(logon)?;
        let saved = logoff::instruction(word)?;
        if saved.is_some() {
            self.logons[logon].saved = saved;
            self.say(Level::Info, |engine| {
                let name = saved.map_or("", Instruction::name);
                format!(
                    "{}: {name} saved for the final release",
                    engine.logon_name(logon)
                )
            });
        }
        self.gather(store);
        let status = self.status_flags(store);
        self.settle();
        Ok(saved.map_or(0, Instruction::bits) | status.bits())
    }

    /// The final release of a logon's handle: performs the saved instruction if the logon is not over.
    pub fn release(&mut self, logon: LogonKey, caller: Caller) -> Result<Reply<()>, Error> {
        let found = self
            .logons
            .get_mut(logon)
            .ok_or(Error::BadHandle("store logon"))?;
        found.handle_gone = true;
        if found.over {
            self.bury(logon);
            return Ok(Reply::Done(()));
        }
        let store = found.store;
        self.gather(store);
        let reply = self.final_logoff(logon, caller);
        self.settle();
        Ok(reply)
    }

    /// Forgets a logon that has neither a handle nor callbacks to come.
    fn bury(&mut self, logon: LogonKey) {
        let found = &self.logons[logon];
        if found.handle_gone && found.stage == LogonStage::Released && found.waits.is_empty() {
            self.logons.remove(logon);
        }
    }

    /// The logon's logoff is decided: nothing but status, wait, cancel and release any more.
    pub(super) fn end_logon(&mut self, logon: LogonKey) {
        self.logons[logon].over = true;
    }

    /// Runs a logon's Released once it is over, serves no store, and none of its callbacks is running.
    pub(super) fn try_release(&mut self, logon: LogonKey) {
        let found = &self.logons[logon];
        if !found.over || found.stage != LogonStage::Open || found.holds > 0 {
            return;
        }
        let store = found.store;
        if self.stores.contains_key(store) {
            if self.stores[store].owner(&self.logons) == logon {
                return;
            }
            self.gather(store);
            let counts = self.counts(store);
            self.logons[logon].last = Some(Box::new(counts));
            self.stores[store].logons.retain(|other| *other != logon);
        }
        let found = &mut self.logons[logon];
        found.stage = LogonStage::Releasing;
        let flags = found.last_counts().flags | Status::COMPLETE;
        match found.wants.released {
            true if found.told_first => self.put(Desk::Control, Task::Released { logon, flags }),
            true => self.put(Desk::Here, Task::Released { logon, flags }),
            false => self.released(logon),
        }
    }

    /// Released has returned.
    pub(super) fn released(&mut self, logon: LogonKey) {
        self.say(Level::Info, |engine| {
            format!("{} released", engine.logon_name(logon))
        });
        let found = &mut self.logons[logon];
        found.stage = LogonStage::Released;
        for call in std::mem::take(&mut found.waits) {
            self.answer(call, Answer::Done);
        }
        self.unreleased -= 1;
        self.bury(logon);
    }
}
