//! What things are known by.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

slotmap::new_key_type! {
    /// A transport of the spooler.
    pub struct TransportKey;
    /// A store that is open in the spooler, whoever opened it.
    pub struct StoreKey;
    /// One caller's open of a store.
    pub struct LogonKey;
    /// A message in a store's queue or in process.
    pub struct MessageKey;
    /// A message being sent or received right now.
    pub struct TransferKey;
    /// A call that waits.
    pub struct CallKey;
}

/// An entry identifier: opaque bytes, compared byte by byte. A million queued messages have a million of them,
/// so that short ones (a personal store's have 24 bytes) want no memory of their own.
#[derive(Clone)]
pub struct EntryId(Bytes);

const SHORT: usize = 30;

#[derive(Clone)]
enum Bytes {
    Short(u8, [u8; SHORT]),
    Long(Arc<[u8]>),
}

impl From<&[u8]> for EntryId {
    fn from(bytes: &[u8]) -> EntryId {
        let mut short = [0; SHORT];
        EntryId(match short.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Bytes::Short(bytes.len() as u8, short)
            }
            None => Bytes::Long(bytes.into()),
        })
    }
}

impl Deref for EntryId {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Short(length, bytes) => &bytes[..usize::from(*length)],
            Bytes::Long(bytes) => bytes,
        }
    }
}

impl PartialEq for EntryId {
    fn eq(&self, other: &EntryId) -> bool {
        **self == **other
    }
}

impl Eq for EntryId {}

impl PartialOrd for EntryId {
    fn partial_cmp(&self, other: &EntryId) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EntryId {
    fn cmp(&self, other: &EntryId) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for EntryId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl std::fmt::Debug for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

/// The spooler's time in milliseconds: monotonic, or moved by hand in manual mode.
pub type Time = u64;

/// How many transports a spooler can hold: one bit each in a [`TransportSet`].
pub const MAX_TRANSPORTS: usize = 64;

/// A transport's place in a [`TransportSet`], reused after its removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat(u8);

impl Seat {
    pub fn new(place: usize) -> Seat {
        debug_assert!(place < MAX_TRANSPORTS);
        Seat(place as u8)
    }

    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A set of transports.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransportSet(u64);

impl TransportSet {
    pub const NONE: TransportSet = TransportSet(0);
    pub const ALL: TransportSet = TransportSet(u64::MAX);

    pub fn only(seat: Seat) -> TransportSet {
        TransportSet(1 << seat.0)
    }

    pub fn contains(self, seat: Seat) -> bool {
        self.0 & (1 << seat.0) != 0
    }

    pub fn insert(&mut self, seat: Seat) {
        self.0 |= 1 << seat.0;
    }

    pub fn remove(&mut self, seat: Seat) {
        self.0 &= !(1 << seat.0);
    }

    pub fn with(self, other: TransportSet) -> TransportSet {
        TransportSet(self.0 | other.0)
    }

    pub fn without(self, other: TransportSet) -> TransportSet {
        TransportSet(self.0 & !other.0)
    }

    pub fn meets(self, other: TransportSet) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Seat> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let next = rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
            (next < u64::BITS).then_some(Seat(next as u8))
        })
    }
}

impl std::fmt::Debug for TransportSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|seat| seat.0))
            .finish()
    }
}
