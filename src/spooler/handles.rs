//! Handles: numbers that stand for objects, and are checked at each use.
//!
//! A handle is an index and a generation. The generation grows with each reuse of the index, and an index
//! whose generations are used up is never used again, so that a stale handle is never taken for a new one.
//! (A general-purpose slab lets generations wrap round: with a handle for each message that would not take
//! long.) The generation of forks is in it too, so that an inherited handle is known without touching a lock
//! that some other thread of the parent may have held.

use super::{Spooler, StoreRef, TransferRef, TransportRef};
use crate::engine::{Error, LogonKey, TransferKey, TransportKey};
use crate::presence::fork_generation;
use crate::sync::{AtomicUsize, Lazy, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::any::Any;
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

/// A handle as a caller holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(NonZeroUsize);

impl Handle {
    /// As the opaque pointer of the C interface.
    pub fn as_ptr<T>(self) -> *mut T {
        std::ptr::without_provenance_mut(self.0.get())
    }
}

/// What a handle stands for.
#[derive(Clone)]
enum Object {
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

#[derive(Default)]
struct Slot {
    generation: usize,
    entry: Option<Entry>,
}

#[derive(Default)]
struct Table {
    slots: Vec<Slot>,
    /// Indices to use again, the longest unused first.
    free: VecDeque<usize>,
}

// The parts of a handle, from the lowest bit: shard, index in the shard, forks, generation.
const SHARD_BITS: u32 = 4;
const INDEX_BITS: u32 = if usize::BITS == 64 { 28 } else { 14 };
const FORK_BITS: u32 = if usize::BITS == 64 { 8 } else { 2 };
const FORK_SHIFT: u32 = SHARD_BITS + INDEX_BITS;
const GENERATION_SHIFT: u32 = FORK_SHIFT + FORK_BITS;
const LAST_GENERATION: usize = usize::MAX >> GENERATION_SHIFT;

const SHARDS: usize = 1 << SHARD_BITS;

/// Several tables, so that threads seldom meet at one lock.
#[derive(Default)]
struct Tables {
    shards: [RwLock<Table>; SHARDS],
    next_shard: AtomicUsize,
}

/// A forked child gets its own: a lock that another thread of the parent held during the fork stays held for
/// ever.
static TABLES: [Lazy<Box<Tables>>; 1 << FORK_BITS] =
    [const { Lazy::new(Box::default) }; 1 << FORK_BITS];

fn fork_number() -> usize {
    fork_generation() as usize % TABLES.len()
}

fn tables() -> &'static Tables {
    Lazy::force(&TABLES[fork_number()]).as_ref()
}

fn part(handle: usize, shift: u32, bits: u32) -> usize {
    (handle >> shift) & ((1 << bits) - 1)
}

fn read(handle: usize) -> Result<RwLockReadGuard<'static, Table>, Error> {
    Ok(table(handle)?
        .read()
        .unwrap_or_else(PoisonError::into_inner))
}

fn write(handle: usize) -> Result<RwLockWriteGuard<'static, Table>, Error> {
    Ok(table(handle)?
        .write()
        .unwrap_or_else(PoisonError::into_inner))
}

/// The table that a handle would be in. A handle from before a fork is known by its number.
fn table(handle: usize) -> Result<&'static RwLock<Table>, Error> {
    let forks = part(handle, FORK_SHIFT, FORK_BITS);
    if forks < fork_number() && handle >> GENERATION_SHIFT != 0 {
        return Err(Error::Forked);
    }
    Ok(&tables().shards[part(handle, 0, SHARD_BITS)])
}

fn slot_of(handle: usize) -> usize {
    part(handle, SHARD_BITS, INDEX_BITS)
}

impl Table {
    fn find(&self, handle: usize) -> Option<&Entry> {
        let slot = self.slots.get(slot_of(handle))?;
        let ours = handle >> GENERATION_SHIFT == slot.generation
            && part(handle, FORK_SHIFT, FORK_BITS) == fork_number();
        slot.entry.as_ref().filter(|_| ours)
    }

    fn find_mut(&mut self, handle: usize) -> Option<&mut Entry> {
        self.find(handle)?;
        self.slots[slot_of(handle)].entry.as_mut()
    }

    fn insert(&mut self, shard: usize, entry: Entry) -> Result<Handle, Error> {
        let index = match self.free.pop_front() {
            Some(index) => index,
            None if self.slots.len() < 1 << INDEX_BITS => {
                self.slots.push(Slot::default());
                self.slots.len() - 1
            }
            None => return Err(Error::Exhausted("no handle is left".to_owned())),
        };
        let slot = &mut self.slots[index];
        slot.generation += 1;
        slot.entry = Some(entry);
        let handle = slot.generation << GENERATION_SHIFT
            | fork_number() << FORK_SHIFT
            | index << SHARD_BITS
            | shard;
        Ok(Handle(
            NonZeroUsize::new(handle).expect("generations begin at 1"),
        ))
    }

    fn remove(&mut self, handle: usize) -> Option<Entry> {
        self.find(handle)?;
        let index = slot_of(handle);
        let slot = &mut self.slots[index];
        if slot.generation < LAST_GENERATION {
            self.free.push_back(index);
        }
        slot.entry.take()
    }
}

fn insert(
    spooler: &Arc<Spooler>,
    object: Object,
    kept: Option<Arc<dyn Any + Send + Sync>>,
) -> Result<Handle, Error> {
    let tables = tables();
    let shard = tables.next_shard.fetch_add(1, Ordering::Relaxed) % SHARDS;
    let entry = Entry {
        spooler: spooler.clone(),
        object,
        references: 1,
        _kept: kept,
    };
    let mut table = tables.shards[shard]
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    table.insert(shard, entry)
}

pub(super) fn add_spooler(spooler: &Arc<Spooler>) -> Result<Handle, Error> {
    insert(spooler, Object::Spooler, None)
}

pub(super) fn add_transport(spooler: &Arc<Spooler>, key: TransportKey) -> Result<Handle, Error> {
    insert(spooler, Object::Transport(key), None)
}

pub(super) fn add_store(spooler: &Arc<Spooler>, key: LogonKey) -> Result<Handle, Error> {
    insert(spooler, Object::Store(key), None)
}

pub(super) fn add_transfer(spooler: &Arc<Spooler>, key: TransferKey) -> Result<Handle, Error> {
    insert(spooler, Object::Transfer(key), None)
}

/// Keeps what a caller was given a pointer to for as long as the handle lives.
pub(super) fn keep(handle: Handle, kept: Arc<dyn Any + Send + Sync>) {
    if let Ok(mut table) = write(handle.0.get())
        && let Some(entry) = table.find_mut(handle.0.get())
    {
        entry._kept = Some(kept);
    }
}

/// The handle is over. What it stood for is dropped outside the table's lock.
pub(super) fn remove(handle: Handle) {
    let removed = write(handle.0.get())
        .ok()
        .and_then(|mut table| table.remove(handle.0.get()));
    drop(removed);
}

fn find(handle: usize, kind: &'static str) -> Result<(Arc<Spooler>, Object), Error> {
    let table = read(handle)?;
    let entry = table.find(handle).ok_or(Error::BadHandle(kind))?;
    Ok((entry.spooler.clone(), entry.object.clone()))
}

/// The spooler that a handle stands for.
pub fn spooler<T>(handle: *mut T) -> Result<Arc<Spooler>, Error> {
    match find(handle.addr(), "spooler")? {
        (spooler, Object::Spooler) => Ok(spooler),
        _ => Err(Error::BadHandle("spooler")),
    }
}

/// The transport that a handle stands for.
pub fn transport<T>(handle: *mut T) -> Result<TransportRef, Error> {
    match find(handle.addr(), "transport")? {
        (spooler, Object::Transport(key)) => Ok(TransportRef { spooler, key }),
        _ => Err(Error::BadHandle("transport")),
    }
}

/// The store logon that a handle stands for.
pub fn store<T>(handle: *mut T) -> Result<StoreRef, Error> {
    match find(handle.addr(), "store logon")? {
        (spooler, Object::Store(key)) => Ok(StoreRef {
            spooler,
            key,
            handle: handle.addr(),
        }),
        _ => Err(Error::BadHandle("store logon")),
    }
}

/// The transfer that a handle stands for.
pub fn transfer<T>(handle: *mut T) -> Result<TransferRef, Error> {
    match find(handle.addr(), "transfer")? {
        (spooler, Object::Transfer(key)) => Ok(TransferRef { spooler, key }),
        _ => Err(Error::BadHandle("transfer")),
    }
}

/// One more reference to a store logon's handle.
pub(super) fn add_reference(handle: usize) -> Result<(), Error> {
    let mut table = write(handle)?;
    let entry = table
        .find_mut(handle)
        .ok_or(Error::BadHandle("store logon"))?;
    entry.references = entry
        .references
        .checked_add(1)
        .ok_or_else(|| Error::Exhausted("too many references to the store logon".to_owned()))?;
    Ok(())
}

/// One reference less. `true`: it was the last, and the handle is over.
pub(super) fn drop_reference(handle: usize) -> Result<bool, Error> {
    let mut table = write(handle)?;
    let entry = table
        .find_mut(handle)
        .ok_or(Error::BadHandle("store logon"))?;
    entry.references -= 1;
    if entry.references > 0 {
        return Ok(false);
    }
    let removed = table.remove(handle);
    drop(table);
    drop(removed);
    Ok(true)
}
