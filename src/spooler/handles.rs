//! Handles: numbers that stand for objects, and are checked at each use.
//!
//! A handle is the index of a slot and a generation. The generation grows with each reuse of the slot, and a
//! slot whose generations are used up is never used again, so that a stale handle is never taken for a new one.
//! (A general-purpose slab lets generations wrap round: with a handle for each message that would not take
//! long.) The generation of forks is in it too, so that an inherited handle is known without touching a lock
//! that some other thread of the parent may have held.
//!
//! Slots stay where they are for ever, so that they are found without a lock.

use super::reception::{self, Counters, Place};
use super::{Spooler, StoreRef, TransferRef, TransportRef};
use crate::engine::{Error, LogonKey, TransferKey, TransportKey};
use crate::faults::{self, Room};
use crate::presence::fork_generation;
use crate::sync::{AtomicUsize, Lazy, Mutex, MutexGuard};
use std::any::Any;
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError};

/// A handle as a caller holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(NonZeroUsize);

impl Handle {
    /// What a caller says is a handle. `None`: a null pointer.
    pub(super) fn from_ptr<T>(pointer: *mut T) -> Option<Handle> {
        NonZeroUsize::new(pointer.addr()).map(Handle)
    }

    /// As the opaque pointer of the C interface.
    pub fn as_ptr<T>(self) -> *mut T {
        std::ptr::without_provenance_mut(self.0.get())
    }

    pub(super) fn from_number(number: usize) -> Option<Handle> {
        NonZeroUsize::new(number).map(Handle)
    }

    pub(super) fn number(self) -> usize {
        self.0.get()
    }

    /// The handle that the slot's next object gets, if one is left.
    pub(super) fn next(self) -> Option<Handle> {
        let last = self.generation() == LAST_GENERATION;
        (!last).then(|| Handle(self.0.saturating_add(1 << GENERATION_SHIFT)))
    }

    fn new(generation: usize, index: usize) -> Handle {
        let number = generation << GENERATION_SHIFT | fork_number() << INDEX_BITS | index;
        Handle(NonZeroUsize::new(number).expect("generations begin at 1"))
    }

    /// The first handle of an inbound transfer at a place of this store logon. `None`: no handle can say so.
    pub(super) fn inbound(self, place: Place) -> Option<Handle> {
        let fits = self.index() >> SLOT_BITS == 0 && place.number() >> PLACE_BITS == 0;
        fits.then(|| Handle::new(1, INBOUND | place.number() << SLOT_BITS | self.index()))
    }

    /// The place of an inbound transfer that began at a reception, in the slot of its store logon.
    pub(super) fn place(self) -> Option<Place> {
        let number = (self.0.get() & (INBOUND - 1)) >> SLOT_BITS;
        (self.0.get() & INBOUND != 0).then(|| Place::from_number(number))
    }

    /// The index of the slot that it would be in.
    fn index(self) -> usize {
        let bits = if self.0.get() & INBOUND == 0 {
            INDEX_BITS - 1
        } else {
            SLOT_BITS
        };
        self.0.get() & ((1 << bits) - 1)
    }

    fn forks(self) -> usize {
        (self.0.get() >> INDEX_BITS) & ((1 << FORK_BITS) - 1)
    }

    fn generation(self) -> usize {
        self.0.get() >> GENERATION_SHIFT
    }
}

/// What a handle stands for.
#[derive(Clone)]
pub(super) enum Object {
    Spooler,
    Transport(TransportKey),
    Store(LogonKey),
    Transfer(TransferKey),
}

struct Entry {
    spooler: Arc<Spooler>,
    object: Object,
    references: u32,
    /// What a caller was given a pointer to, for as long as the handle lives.
    _kept: Option<Arc<dyn Any + Send + Sync>>,
}

/// A place for one object after another.
#[derive(Default)]
pub(super) struct Slot {
    /// Of the latest handle. It changes under the lock, but where an object goes on under its next handle.
    generation: AtomicUsize,
    entry: Mutex<Option<Entry>>,
    /// While they may receive without the engine: a transport's handle, or a store logon's; else 0.
    admitted: AtomicUsize,
    receiving: AtomicUsize,
    /// The spooler's handle of either.
    spooler: AtomicUsize,
    /// A store logon's inbound transfers, from the first on. Stays for the slot's next store logon, so that the
    /// generations of their handles go on.
    counters: OnceLock<Box<Counters>>,
}

/// A slot with its lock held.
struct Life<'s> {
    slot: &'s Slot,
    entry: MutexGuard<'s, Option<Entry>>,
}

#[derive(Default)]
struct Table {
    /// The generation of forks.
    forks: usize,
    slots: boxcar::Vec<Slot>,
    /// Indices to use again, the longest unused first.
    free: Mutex<VecDeque<usize>>,
}

// The parts of a handle, from the lowest bit: index, forks, generation. Where the highest bit of the index is set, it
// is that of a store logon's slot, and the place there of an inbound transfer that began at the reception.
const SLOT_BITS: u32 = if usize::BITS == 64 { 20 } else { 12 };
const PLACE_BITS: u32 = if usize::BITS == 64 { 11 } else { 5 };
const INBOUND: usize = 1 << (SLOT_BITS + PLACE_BITS);
const INDEX_BITS: u32 = SLOT_BITS + PLACE_BITS + 1;
const FORK_BITS: u32 = if usize::BITS == 64 { 8 } else { 2 };
const GENERATION_SHIFT: u32 = INDEX_BITS + FORK_BITS;
const LAST_GENERATION: usize = usize::MAX >> GENERATION_SHIFT;

/// A forked child gets its own: a lock that another thread of the parent held during the fork stays held for
/// ever.
static TABLES: [Lazy<Box<Table>>; 1 << FORK_BITS] =
    [const { Lazy::new(Table::make) }; 1 << FORK_BITS];

fn fork_number() -> usize {
    fork_generation() as usize % TABLES.len()
}

fn table() -> &'static Table {
    Lazy::force(&TABLES[fork_number()]).as_ref()
}

impl Table {
    fn make() -> Box<Table> {
        Box::new(Table {
            forks: fork_number(),
            ..Table::default()
        })
    }
}

/// The slot that a handle would be in. It may be another object's by now.
pub(super) fn slot(handle: Handle) -> Option<&'static Slot> {
    let table = table();
    let ours = handle.forks() == table.forks;
    ours.then(|| table.slots.get(handle.index()))?
}

/// The same for calls that say what is wrong. A handle from before a fork is known by its number.
fn checked_slot(
    handle: Option<Handle>,
    kind: &'static str,
) -> Result<(&'static Slot, Handle), Error> {
    faults::point(Room::Spooler);
    let handle = handle.ok_or(Error::BadHandle(kind))?;
    if handle.forks() < fork_number() && handle.generation() != 0 {
        return Err(Error::Forked);
    }
    let slot = slot(handle).filter(|_| handle.place().is_none());
    Ok((slot.ok_or(Error::BadHandle(kind))?, handle))
}

impl Slot {
    fn life(&self) -> Life<'_> {
        Life {
            slot: self,
            entry: self.entry.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    fn generation(&self) -> usize {
        self.generation.load(Ordering::Acquire)
    }

    fn set_generation(&self, generation: usize) {
        self.generation.store(generation, Ordering::Release);
    }

    /// The spooler of the transport with this handle, if it is admitted.
    pub(super) fn admits(&self, transport: Handle) -> Option<usize> {
        // What is read between two looks at the handle belongs to it.
        let is_it = || self.admitted.load(Ordering::Acquire) == transport.number();
        let before = is_it();
        let spooler = self.spooler.load(Ordering::Acquire);
        (before && is_it()).then_some(spooler)
    }

    pub(super) fn admit(&self, transport: Handle, spooler: usize, admitted: bool) {
        self.spooler.store(spooler, Ordering::Release);
        let admitted = if admitted { transport.number() } else { 0 };
        self.admitted.store(admitted, Ordering::Release);
    }

    /// The spooler of the store logon with this handle, if its reception is open. Asked with a counter held: who
    /// shuts a reception holds each of them after that.
    pub(super) fn receives(&self, store: Handle) -> Option<usize> {
        let open = self.receiving.load(Ordering::Acquire) == store.number();
        open.then(|| self.spooler.load(Ordering::Acquire))
    }

    /// The store logon whose reception is open.
    pub(super) fn receiving(&self) -> Option<Handle> {
        Handle::from_number(self.receiving.load(Ordering::Acquire))
    }

    pub(super) fn receive(&self, store: Option<Handle>, spooler: usize) {
        self.spooler.store(spooler, Ordering::Release);
        self.receiving
            .store(store.map_or(0, Handle::number), Ordering::Release);
    }

    /// A store logon's counters, if it has ever received.
    pub(super) fn counters_if_any(&self) -> Option<&Counters> {
        self.counters.get().map(|counters| &**counters)
    }

    /// A store logon's inbound transfers.
    pub(super) fn counters(&self) -> &Counters {
        self.counters.get_or_init(Box::default)
    }
}

impl Life<'_> {
    fn entry(&mut self, handle: Handle) -> Option<&mut Entry> {
        let ours = handle.generation() == self.slot.generation();
        self.entry.as_mut().filter(|_| ours)
    }
}

/// A slot for an object that is about to be made.
pub(super) fn reserve() -> Result<Handle, Error> {
    let table = table();
    let free = free_slots(table).pop_front();
    let index = free.unwrap_or_else(|| table.slots.push(Slot::default()));
    if index & INBOUND != 0 {
        return Err(Error::Exhausted("no handle is left".to_owned()));
    }
    let slot = &table.slots[index];
    let generation = slot.generation() + 1; // the slot is nobody else's
    slot.set_generation(generation);
    Ok(Handle::new(generation, index))
}

fn free_slots(table: &Table) -> MutexGuard<'_, VecDeque<usize>> {
    table.free.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on the handle stands for the object.
pub(super) fn fill(handle: Handle, spooler: &Arc<Spooler>, object: Object) {
    let Some(slot) = slot(handle) else {
        return;
    };
    let mut life = slot.life();
    slot.set_generation(handle.generation());
    match &mut *life.entry {
        // Another of the spooler's objects, which is over.
        Some(entry) => entry.object = object,
        None => {
            *life.entry = Some(Entry {
                spooler: spooler.clone(),
                object,
                references: 1,
                _kept: None,
            });
        }
    }
}

/// The object goes on under the slot's next handle; the one so far is over. Who has found the object by it just now
/// may still be about to use it. `None`: there is no next one.
pub(super) fn renew(handle: Handle) -> Option<Handle> {
    let next = handle.next()?;
    slot(handle)?.set_generation(next.generation());
    Some(next)
}

pub(super) fn add(spooler: &Arc<Spooler>, object: Object) -> Result<Handle, Error> {
    let handle = reserve()?;
    fill(handle, spooler, object);
    Ok(handle)
}

/// Keeps what a caller was given a pointer to for as long as the handle lives.
pub(super) fn keep(handle: Handle, kept: Arc<dyn Any + Send + Sync>) {
    if let Some(slot) = slot(handle)
        && let Some(entry) = slot.life().entry(handle)
    {
        entry._kept = Some(kept);
    }
}

/// The handle is over, and its slot free.
pub(super) fn remove(handle: Handle) {
    end(handle);
    give_back(handle);
}

/// The handle is over, and its slot kept for another. What it stood for is dropped outside the slot's lock.
pub(super) fn end(handle: Handle) {
    if let Some(slot) = slot(handle) {
        let mut life = slot.life();
        let entry = life.entry(handle).is_some().then(|| life.entry.take());
        drop(life);
        drop(entry);
    }
}

/// The slot is free for another object. This was the last handle it had.
pub(super) fn give_back(handle: Handle) {
    let Some(slot) = slot(handle) else {
        return;
    };
    slot.admitted.store(0, Ordering::Release);
    slot.set_generation(handle.generation());
    if handle.next().is_some() {
        free_slots(table()).push_back(handle.index());
    }
}

fn find(
    handle: Option<Handle>,
    kind: &'static str,
) -> Result<(Arc<Spooler>, Object, Handle), Error> {
    let (slot, handle) = checked_slot(handle, kind)?;
    let mut life = slot.life();
    let entry = life.entry(handle).ok_or(Error::BadHandle(kind))?;
    Ok((entry.spooler.clone(), entry.object.clone(), handle))
}

/// The spooler that a handle stands for.
pub fn spooler<T>(handle: *mut T) -> Result<Arc<Spooler>, Error> {
    match find(Handle::from_ptr(handle), "spooler")? {
        (spooler, Object::Spooler, _) => Ok(spooler),
        _ => Err(Error::BadHandle("spooler")),
    }
}

/// The transport that a handle stands for.
pub fn transport<T>(handle: *mut T) -> Result<TransportRef, Error> {
    match find(Handle::from_ptr(handle), "transport")? {
        (spooler, Object::Transport(key), _) => Ok(TransportRef { spooler, key }),
        _ => Err(Error::BadHandle("transport")),
    }
}

/// The engine's key of the transport that a handle stands for.
pub(super) fn transport_key(handle: Handle) -> Option<TransportKey> {
    match slot(handle)?.life().entry(handle)?.object {
        Object::Transport(key) => Some(key),
        _ => None,
    }
}

/// The store logon that a handle stands for.
pub fn store<T>(handle: *mut T) -> Result<StoreRef, Error> {
    match find(Handle::from_ptr(handle), "store logon")? {
        (spooler, Object::Store(key), handle) => Ok(StoreRef {
            spooler,
            key,
            handle,
        }),
        _ => Err(Error::BadHandle("store logon")),
    }
}

/// The transfer that a handle stands for.
pub fn transfer<T>(handle: *mut T) -> Result<TransferRef, Error> {
    let handle = Handle::from_ptr(handle);
    if let Some(gathered) = handle.and_then(reception::gathered) {
        return Ok(gathered);
    }
    match find(handle, "transfer")? {
        (spooler, Object::Transfer(key), handle) => Ok(TransferRef {
            spooler,
            key,
            handle,
        }),
        _ => Err(Error::BadHandle("transfer")),
    }
}

/// One more reference to a store logon's handle.
pub(super) fn add_reference(handle: Handle) -> Result<(), Error> {
    let (slot, handle) = checked_slot(Some(handle), "store logon")?;
    let mut life = slot.life();
    let entry = life.entry(handle).ok_or(Error::BadHandle("store logon"))?;
    entry.references = entry
        .references
        .checked_add(1)
        .ok_or_else(|| Error::Exhausted("too many references to the store logon".to_owned()))?;
    Ok(())
}

/// One reference less. `true`: it was the last, and the handle is over. Its slot is not free before the engine
/// has given up the logon's reception.
pub(super) fn drop_reference(handle: Handle) -> Result<bool, Error> {
    let (slot, handle) = checked_slot(Some(handle), "store logon")?;
    let mut life = slot.life();
    let entry = life.entry(handle).ok_or(Error::BadHandle("store logon"))?;
    entry.references -= 1;
    if entry.references > 0 {
        return Ok(false);
    }
    let entry = life.entry.take();
    drop(life);
    drop(entry);
    Ok(true)
}
