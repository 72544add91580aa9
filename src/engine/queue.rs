//! A store's outbound queue: its messages, and the lines in which the ready ones stand.

use super::ids::*;
use hashbrown::{DefaultHashBuilder, HashTable};
use slotmap::SlotMap;
use std::collections::{BTreeMap, VecDeque};
use std::hash::BuildHasher;

/// A submitted message that is not finished.
#[cfg_attr(test, derive(Clone))]
pub struct Message {
    pub id: EntryId,
    pub store: StoreKey,
    /// Where it stands: by submission, or before all others after END_RESEND_NOW.
    pub order: i64,
    pub state: State,
    /// Nearly all messages are sent the first time, and have none.
    record: Option<Box<Record>>,
}

/// What has come of a message so far.
#[derive(Clone, Debug)]
pub struct Record {
    /// Transports that answered MAPI_E_NOT_ME; forgotten after the declined pause.
    pub declined: TransportSet,
    pub declined_until: Time,
    /// Transports that answered MAPI_W_PARTIAL_COMPLETION: their recipients are done.
    pub served: TransportSet,
    /// Set while only this transport may take it: it asked for a pause, or had it deferred.
    pub only: Option<Seat>,
    /// It was deferred by `only` and goes there with BEGIN_DEFERRED.
    pub begin_deferred: bool,
    /// END_RESEND_NOW, and MAPI_E_BUSY while a logoff is under way, in a row.
    pub at_once_again: u8,
    /// Errors in a row: the pause grows with them.
    pub failures: u8,
    /// Locks in a row that could not be had.
    pub lock_failures: u8,
    /// Number of its latest timer; an older one that comes due means nothing.
    pub timer: u32,
}

impl Record {
    const BLANK: Record = Record {
        declined: TransportSet::NONE,
        declined_until: 0,
        served: TransportSet::NONE,
        only: None,
        begin_deferred: false,
        at_once_again: 0,
        failures: 0,
        lock_failures: 0,
        timer: 0,
    };
}

/// Where a message is on its way. See semantics.md section 4. Transports are named by their seats, which are small: a
/// message has one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In one of the store's lines: ready while some transport may take it, else waiting.
    Lined,
    /// Ready, and promised to a driven transport whose thread has not yet come for it.
    Promised(Seat),
    /// Ready, but its transport said MAPI_E_BUSY a moment ago.
    Paused(Seat),
    /// Waiting for a time; which transport asked for it, if one did.
    Waiting(Option<Seat>),
    /// Waiting for its transport's NOTIFY_SENTDEFERRED.
    Deferred(Seat),
    /// A transfer has it.
    InProcess,
}

impl Message {
    pub fn new(id: EntryId, store: StoreKey, order: i64) -> Message {
        Message {
            id,
            store,
            order,
            state: State::Lined,
            record: None,
        }
    }

    pub fn record(&self) -> &Record {
        self.record.as_deref().unwrap_or(&Record::BLANK)
    }

    /// The record, to be written in.
    pub fn note(&mut self) -> &mut Record {
        self.record.get_or_insert_with(|| Box::new(Record::BLANK))
    }

    /// The record, to have something crossed out.
    pub fn noted(&mut self) -> Option<&mut Record> {
        self.record.as_deref_mut()
    }

    /// The transports that may take it, including ones still to come.
    pub fn allowed(&self) -> TransportSet {
        let record = self.record();
        match record.only {
            Some(seat) => TransportSet::only(seat),
            None => TransportSet::ALL.without(record.declined.with(record.served)),
        }
    }
}

/// What is empty again keeps room for so many messages, and gives back the memory for more.
const KEPT: usize = 1_000;

/// Messages that stand one behind the other. Nearly all come in order and leave at the head, which costs nothing.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
struct Line {
    /// By order. The place of one that left from the middle stays, empty; the first and the last are never empty.
    run: VecDeque<(i64, Option<MessageKey>)>,
    empty: usize,
    /// Those that came back to where they stood before, or for whom the run has no memory.
    back: BTreeMap<i64, MessageKey>,
}

impl Line {
    fn len(&self) -> usize {
        self.run.len() - self.empty + self.back.len()
    }

    fn insert(&mut self, order: i64, message: MessageKey) {
        let place = (order, Some(message));
        if self.run.try_reserve(1).is_err() {
            self.back.insert(order, message); // in small pieces
        } else if self.run.back().is_none_or(|(last, _)| *last < order) {
            self.run.push_back(place);
        } else if self.run.front().is_some_and(|(first, _)| order < *first) {
            self.run.push_front(place);
        } else {
            self.back.insert(order, message);
        }
    }

    fn remove(&mut self, order: i64) {
        if self.run.front().is_some_and(|(first, _)| *first == order) {
            self.run.pop_front();
        } else if self.back.remove(&order).is_some() {
            return;
        } else if let Ok(place) = self.run.binary_search_by_key(&order, |(order, _)| *order)
            && self.run[place].1.take().is_some()
        {
            self.empty += 1;
        }
        if self.empty > 0 {
            self.close_gaps();
        }
        if self.run.is_empty() {
            self.run.shrink_to(KEPT);
        }
    }

    /// The first and the last place of the run are not empty, and most others are not.
    fn close_gaps(&mut self) {
        let is_empty = |place: Option<&(i64, Option<MessageKey>)>| {
            place.is_some_and(|(_, message)| message.is_none())
        };
        while is_empty(self.run.front()) {
            self.run.pop_front();
            self.empty -= 1;
        }
        while is_empty(self.run.back()) {
            self.run.pop_back();
            self.empty -= 1;
        }
        if self.empty * 2 > self.run.len() {
            self.run.retain(|(_, message)| message.is_some());
            self.empty = 0;
        }
    }

    fn first(&self) -> Option<(i64, MessageKey)> {
        let run = self
            .run
            .front()
            .and_then(|(order, message)| Some((*order, (*message)?)));
        let back = self
            .back
            .first_key_value()
            .map(|(order, message)| (*order, *message));
        run.into_iter().chain(back).min_by_key(|(order, _)| *order)
    }

    fn messages(&self) -> impl Iterator<Item = MessageKey> + '_ {
        let run = self.run.iter().filter_map(|(_, message)| *message);
        run.chain(self.back.values().copied())
    }
}

/// Messages that the same transports may take stand in one line, in order. A store has few lines: one, and
/// one more for each different set of transports that have declined something.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub struct Lines {
    lines: Vec<(TransportSet, Line)>,
}

impl Lines {
    pub fn insert(&mut self, allowed: TransportSet, order: i64, message: MessageKey) {
        let line = match self.lines.iter_mut().position(|(set, _)| *set == allowed) {
            Some(found) => &mut self.lines[found].1,
            None => {
                self.lines.push((allowed, Line::default()));
                &mut self.lines.last_mut().expect("just pushed").1
            }
        };
        line.insert(order, message);
    }

    pub fn remove(&mut self, allowed: TransportSet, order: i64) {
        let Some(found) = self.lines.iter().position(|(set, _)| *set == allowed) else {
            return;
        };
        self.lines[found].1.remove(order);
        // The line that everybody may take from is kept: it is the one that fills again.
        if self.lines[found].1.len() == 0 && allowed != TransportSet::ALL {
            self.lines.swap_remove(found);
        }
    }

    /// The first message in order that this transport may take.
    pub fn first_for(&self, seat: Seat) -> Option<MessageKey> {
        self.lines
            .iter()
            .filter(|(allowed, _)| allowed.contains(seat))
            .filter_map(|(_, line)| line.first())
            .min_by_key(|(order, _)| *order)
            .map(|(_, message)| message)
    }

    /// Messages that none of `usable` may take.
    pub fn stuck(&self, usable: TransportSet) -> impl Iterator<Item = MessageKey> + '_ {
        let stuck = self
            .lines
            .iter()
            .filter(move |(allowed, _)| !allowed.meets(usable));
        stuck.flat_map(|(_, line)| line.messages())
    }

    /// Every transport that may take something.
    pub fn wanted(&self) -> TransportSet {
        let filled = self.lines.iter().filter(|(_, line)| line.len() > 0);
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
///
/// A message that is gone stays in the table until its place is wanted: to look for one in a table of a million
/// costs more than everything else that is done for a message.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub struct Index {
    table: HashTable<MessageKey>,
    gone: usize,
    hasher: DefaultHashBuilder,
}

impl Index {
    pub fn len(&self) -> usize {
        self.table.len() - self.gone
    }

    pub fn find(&self, messages: &SlotMap<MessageKey, Message>, id: &[u8]) -> Option<MessageKey> {
        let is_it = |key: &MessageKey| messages.get(*key).is_some_and(|found| *found.id == *id);
        self.table.find(self.hasher.hash_one(id), is_it).copied()
    }

    /// Room for one more. `false`: memory has run out.
    pub fn reserve(&mut self, messages: &SlotMap<MessageKey, Message>) -> bool {
        let mut more = 1;
        if self.table.len() == self.table.capacity() {
            // A table that is nearly all in use grows, else it would be swept again for each of a few messages.
            if self.gone < self.table.len() / 2 {
                more += self.table.len() / 2;
            }
            self.sweep(messages);
        }
        let hash = |key: &MessageKey| self.hasher.hash_one(&*messages[*key].id);
        self.table.try_reserve(more, hash).is_ok()
    }

    pub fn insert(&mut self, messages: &SlotMap<MessageKey, Message>, message: MessageKey) {
        let hash = |key: &MessageKey| self.hasher.hash_one(&*messages[*key].id);
        self.table.insert_unique(hash(&message), message, hash);
    }

    /// One of the messages has gone.
    pub fn lost_one(&mut self) {
        self.gone += 1;
        if self.len() == 0 {
            match self.table.capacity() > KEPT {
                true => self.table = HashTable::new(),
                false => self.table.clear(),
            }
            self.gone = 0;
        }
    }

    fn sweep(&mut self, messages: &SlotMap<MessageKey, Message>) {
        self.table.retain(|key| messages.contains_key(*key));
        self.gone = 0;
    }

    /// The messages, and keys of some that are gone, in no order that means anything.
    pub fn into_messages(self) -> impl Iterator<Item = MessageKey> {
        self.table.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue that stays as long as it is costs no sweep of all its messages for each one that comes.
    #[test]
    fn a_full_index_makes_room_for_many_more_at_once() {
        // The table grows by itself where the place of the one that is gone cannot be used again, which is chance.
        (0..50).for_each(|_| fill_and_exchange_one());
    }

    fn fill_and_exchange_one() {
        let (mut messages, mut index) = (SlotMap::with_key(), Index::default());
        let mut order = 0;
        let mut submit = |index: &mut Index, messages: &mut SlotMap<MessageKey, Message>| {
            assert!(index.reserve(messages));
            order += 1;
            let id = EntryId::from(&i64::to_le_bytes(order)[..]);
            let message = messages.insert(Message::new(id, StoreKey::default(), order));
            index.insert(messages, message);
            message
        };
        let mut last = submit(&mut index, &mut messages);
        while index.table.len() < 100 || index.table.len() < index.table.capacity() {
            last = submit(&mut index, &mut messages);
        }
        messages.remove(last);
        index.lost_one();
        submit(&mut index, &mut messages);
        let room = index.table.capacity() - index.table.len();
        assert!(room > index.len() / 4, "room for {room} more");
    }
}
