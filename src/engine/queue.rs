//! A store's outbound queue: its messages, and the lines in which the ready ones stand.

use super::ids::*;
use hashbrown::{DefaultHashBuilder, HashTable};
use slotmap::SlotMap;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// A submitted message that is not finished.
pub struct Message {
    pub id: EntryId,
    pub store: StoreKey,
    /// Where it stands: by submission, or before all others after END_RESEND_NOW.
    pub order: i64,
    pub state: State,
    /// Transports that answered MAPI_E_NOT_ME; forgotten after the declined pause.
    pub declined: TransportSet,
    pub declined_until: Time,
    /// Transports that answered MAPI_W_PARTIAL_COMPLETION: their recipients are done.
    pub served: TransportSet,
    /// Set while only this transport may take it: it asked for a pause, or had it deferred.
    pub only: Option<Seat>,
    /// It was deferred by `only` and goes there with BEGIN_DEFERRED.
    pub begin_deferred: bool,
    /// END_RESEND_NOW in a row.
    pub resent: u8,
    /// MAPI_E_BUSY in a row, counted while a logoff is under way.
    pub busy: u8,
    /// Errors in a row: the pause grows with them.
    pub failures: u8,
    /// Locks in a row that could not be had.
    pub lock_failures: u8,
    /// Number of its latest timer; an older one that comes due means nothing.
    pub timer: u32,
}

/// Where a message is on its way. See semantics.md section 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In one of the store's lines: ready while some transport may take it, else waiting.
    Lined,
    /// Ready, and promised to a driven transport whose thread has not yet come for it.
    Promised(TransportKey),
    /// Ready, but its transport said MAPI_E_BUSY a moment ago.
    Paused(TransportKey),
    /// Waiting for a time; which transport asked for it, if one did.
    Waiting(Option<TransportKey>),
    /// Waiting for its transport's NOTIFY_SENTDEFERRED.
    Deferred(TransportKey),
    /// A transfer has it.
    InProcess(TransferKey),
}

impl Message {
    pub fn new(id: EntryId, store: StoreKey, order: i64) -> Message {
        Message {
            id,
            store,
            order,
            state: State::Lined,
            declined: TransportSet::NONE,
            declined_until: 0,
            served: TransportSet::NONE,
            only: None,
            begin_deferred: false,
            resent: 0,
            busy: 0,
            failures: 0,
            lock_failures: 0,
            timer: 0,
        }
    }

    /// The transports that may take it, including ones still to come.
    pub fn allowed(&self) -> TransportSet {
        match self.only {
            Some(seat) => TransportSet::only(seat),
            None => TransportSet::ALL.without(self.declined.with(self.served)),
        }
    }
}

/// Messages that the same transports may take stand in one line, in order. A store has few lines: one, and
/// one more for each different set of transports that have declined something.
#[derive(Default)]
pub struct Lines {
    lines: Vec<(TransportSet, BTreeMap<i64, MessageKey>)>,
}

impl Lines {
    pub fn insert(&mut self, allowed: TransportSet, order: i64, message: MessageKey) {
        let line = match self.lines.iter_mut().position(|(set, _)| *set == allowed) {
            Some(found) => &mut self.lines[found].1,
            None => {
                self.lines.push((allowed, BTreeMap::new()));
                &mut self.lines.last_mut().expect("just pushed").1
            }
        };
        line.insert(order, message);
    }

    pub fn remove(&mut self, allowed: TransportSet, order: i64) {
        let Some(found) = self.lines.iter().position(|(set, _)| *set == allowed) else {
            return;
        };
        self.lines[found].1.remove(&order);
        // The line that everybody may take from is kept: it is the one that fills again.
        if self.lines[found].1.is_empty() && allowed != TransportSet::ALL {
            self.lines.swap_remove(found);
        }
    }

    /// The first message in order that this transport may take.
    pub fn first_for(&self, seat: Seat) -> Option<MessageKey> {
        self.lines
            .iter()
            .filter(|(allowed, _)| allowed.contains(seat))
            .filter_map(|(_, line)| line.first_key_value())
            .min_by_key(|(order, _)| **order)
            .map(|(_, message)| *message)
    }

    /// Messages that none of `usable` may take.
    pub fn stuck(&self, usable: TransportSet) -> impl Iterator<Item = MessageKey> + '_ {
        let stuck = self
            .lines
            .iter()
            .filter(move |(allowed, _)| !allowed.meets(usable));
        stuck.flat_map(|(_, line)| line.values().copied())
    }

    /// Every transport that may take something.
    pub fn wanted(&self) -> TransportSet {
        let filled = self.lines.iter().filter(|(_, line)| !line.is_empty());
        filled.fold(TransportSet::NONE, |all, (allowed, _)| all.with(*allowed))
    }

    /// How many messages some transport of `usable` may take.
    pub fn ready(&self, usable: TransportSet) -> usize {
        let ready = self
            .lines
            .iter()
            .filter(|(allowed, _)| allowed.meets(usable));
        ready.map(|(_, line)| line.len()).sum()
    }
}

/// A store's messages by entry identifier. Keeps the keys only; the identifiers are the messages' own.
#[derive(Default)]
pub struct Index {
    table: HashTable<MessageKey>,
    hasher: DefaultHashBuilder,
}

impl Index {
    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn find(&self, messages: &SlotMap<MessageKey, Message>, id: &[u8]) -> Option<MessageKey> {
        self.table
            .find(self.hasher.hash_one(id), |key| *messages[*key].id == *id)
            .copied()
    }

    /// Room for one more. `false`: memory has run out.
    pub fn reserve(&mut self, messages: &SlotMap<MessageKey, Message>) -> bool {
        let hash = |key: &MessageKey| self.hasher.hash_one(&*messages[*key].id);
        self.table.try_reserve(1, hash).is_ok()
    }

    pub fn insert(&mut self, messages: &SlotMap<MessageKey, Message>, message: MessageKey) {
        let hash = |key: &MessageKey| self.hasher.hash_one(&*messages[*key].id);
        self.table.insert_unique(hash(&message), message, hash);
    }

    pub fn remove(&mut self, messages: &SlotMap<MessageKey, Message>, message: MessageKey) {
        let hash = self.hasher.hash_one(&*messages[message].id);
        if let Ok(found) = self.table.find_entry(hash, |key| *key == message) {
            found.remove();
        }
    }

    /// The messages in no order that means anything; sort before use where order shows.
    pub fn iter(&self) -> impl Iterator<Item = MessageKey> + '_ {
        self.table.iter().copied()
    }
}
