//! What is due when.

use super::ids::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that happens when its time has come. The number is that of the timer or drain it was set for:
/// if its owner has a newer one by then, it means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// A message has waited long enough, or its NOT_ME are to be forgotten. Suspended while a logoff of its
    /// store is under way.
    Wait(MessageKey, u32),
    /// A message's transport has had its pause after MAPI_E_BUSY.
    Pause(MessageKey, u32),
    /// What a logoff cancels is told so again.
    StoreRepeat(StoreKey, u32),
    /// What the removal of a transport cancels is told so again.
    TransportRepeat(TransportKey, u32),
    /// Self-driven transports that have not asked since the drain began count as not asking.
    Grace(StoreKey, u32),
    /// The spooler is closing, and a self-driven transport has not asked for the retry pause.
    Silence(TransportKey, u32),
}

impl Due {
    /// It tells transports what they have been told before.
    pub fn is_repeat(self) -> bool {
        matches!(self, Due::StoreRepeat(..) | Due::TransportRepeat(..))
    }
}

/// A queue of [`Due`]s. Equal times keep the order in which they were set.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub struct Timers {
    heap: BinaryHeap<Reverse<(Time, u64, Due)>>,
    set: u64,
}

impl Timers {
    pub fn set(&mut self, at: Time, due: Due) {
        self.set += 1;
        self.heap.push(Reverse((at, self.set, due)));
    }

    pub fn first(&self) -> Option<(Time, Due)> {
        self.heap.peek().map(|Reverse((at, _, due))| (*at, *due))
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (Time, Due)> + '_ {
        self.heap.iter().map(|Reverse((at, _, due))| (*at, *due))
    }

    pub fn drop_first(&mut self) {
        self.heap.pop();
    }

    /// All there is, in the order in which it comes due.
    #[cfg(test)]
    pub fn all(&self) -> Vec<(Time, Due)> {
        let mut all: Vec<_> = self.heap.iter().map(|Reverse(timer)| *timer).collect();
        all.sort_unstable();
        all.into_iter().map(|(at, _, due)| (at, due)).collect()
    }
}
