//! The rules of logging off a message store, as a deterministic state machine.
//!
//! An event is a call of one of [`Engine`]'s methods; it changes the state and leaves what is to be done:
//! tasks for the desks at which callbacks run ([`Engine::next_task`]), answers to calls that wait
//! ([`Engine::collect`]), and whom to wake ([`Engine::take_effects`]). Time is what [`Engine::advance`] was
//! last told. No thread, lock, clock or I/O is in here: the one thing asked of outside is
//! [`Open::leave_if_shared`](crate::presence::Open::leave_if_shared), whether somebody else has a store open.
//!
//! Where a rule lives:
//!
//! | rule | file |
//! | --- | --- |
//! | the five instructions, their outcomes, release | `logoff.rs` |
//! | all stores with one deadline; closing | `close.rs` |
//! | opening, submitting, status, the final release | `store.rs` |
//! | which message goes to which transport | `dispatch.rs` |
//! | what SubmitMessage's answers mean; cancelling | `transfer.rs` |
//! | a store's callbacks one at a time | `desk.rs` |
//! | messages that come in while nobody asks | `reception.rs` |
//! | a long queue through one transport, in short | `relay.rs` |
//! | adding, removing, telling transports | `transport.rs` |

mod close;
mod desk;
mod dispatch;
mod error;
mod ids;
mod logoff;
pub mod mapi;
mod queue;
mod reception;
mod relay;
mod store;
mod timers;
mod transfer;
mod transport;

#[cfg(test)]
mod tests;

pub use desk::{Desk, Message as MessageAbout, Performed, Task};
pub use error::{Busy, Error};
pub use ids::*;
pub use mapi::{HResult, Instruction, Status};
pub use reception::{Admission, Inbound, Reception, Ticket};
pub use store::{Counts, StoreWants};
pub use transport::TransportWants;

use crate::faults::{self, Room};
use desk::Desks;
use queue::Message;
use slotmap::SlotMap;
use std::collections::{BTreeSet, VecDeque};
use store::{Logon, Store, StoreIndex};
use timers::{Due, Timers};
use transfer::Transfer;
use transport::Transport;

/// The limits and pauses of a spooler, in milliseconds. `None` is no limit.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub abort: Option<Time>,
    pub purge: Option<Time>,
    pub retry_pause: Time,
    pub declined_pause: Time,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            abort: Some(15_000),
            purge: None,
            retry_pause: 5_000,
            declined_pause: 300_000,
        }
    }
}

/// How long the final release waits in LOGOFF_PURGE where there is no purge limit.
const RELEASE_PURGE_LIMIT: Time = 60_000;
/// How often what is cancelled is told so again: one known transport clears its cancel flag when it enters
/// SubmitMessage.
const CANCEL_REPEAT: Time = 1_000;
/// The pause after MAPI_E_BUSY, if the retry pause is not shorter.
const BUSY_PAUSE: Time = 100;
/// The pause grows with errors up to the retry pause times two to this power.
const MOST_DOUBLINGS: u8 = 6;
/// With this many END_RESEND_NOW, or MAPI_E_BUSY while a logoff is under way, in a row the last counts as LATER.
const TOO_OFTEN: u8 = 4;

/// Who calls.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The calling thread, as a number of the driver's choice.
    pub thread: u64,
    /// The call comes from inside a callback of this spooler.
    pub in_callback: bool,
    /// The store's callbacks that this call needs may run on the calling thread: manual mode, and threads
    /// of the spooler.
    pub inline: bool,
}

/// How a call that may wait starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// It is answered.
    Done(T),
    /// It waits; see [`Engine::collect`] and [`Engine::expire`]. The limit, from now, is counted by whoever
    /// waits; `None` is no limit.
    Wait(CallKey, Option<Time>),
}

/// The answer to a call that waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A logoff: S_OK with these flags.
    Status(Status),
    /// A message was handed out.
    Transfer(TransferKey),
    /// How many stores were not logged off.
    Incomplete(u32),
    /// Whatever was waited for has come about.
    Done,
    Failed(Error),
}

/// A call that waits for something.
#[cfg_attr(test, derive(Clone))]
struct Call {
    what: CallFor,
    answer: Option<Answer>,
}

/// What a call waits for.
#[derive(Clone, Copy, Debug)]
enum CallFor {
    Logoff(StoreKey),
    LogoffStores(Group),
    Take(TransportKey),
    Begin(TransferKey),
    Remove(TransportKey),
    Release(LogonKey),
    Close,
}

/// `LogoffStores` under way.
#[derive(Clone, Copy, Debug)]
struct Group {
    instruction: Instruction,
    caller: Caller,
    pending: u32,
    incomplete: u32,
}

/// How important a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warning,
    Info,
    Debug,
}

/// What an event left for the driver, beside tasks.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub struct Effects {
    /// Desks that have work.
    pub wake: Vec<Desk>,
    /// Calls that have their answer.
    pub answered: Vec<CallKey>,
    /// Lines for the log.
    pub log: Vec<(Level, String)>,
}

impl Effects {
    pub fn is_empty(&self) -> bool {
        self.wake.is_empty() && self.answered.is_empty() && self.log.is_empty()
    }

    fn wake(&mut self, desk: Desk) {
        if self.wake.last() != Some(&desk) {
            self.wake.push(desk);
        }
    }
}

/// One spooler's state and rules.
#[cfg_attr(test, derive(Clone))]
pub struct Engine {
    limits: Limits,
    now: Time,
    /// Counts takes and drains, so that it can be told which came first.
    stamp: u64,
    transports: SlotMap<TransportKey, Transport>,
    /// Transport order.
    order: Vec<TransportKey>,
    seats: [Option<TransportKey>; MAX_TRANSPORTS],
    /// Transports that messages may go to: not in a critical error, not being removed.
    usable: TransportSet,
    /// Boxed: their table grows by half of itself.
    stores: SlotMap<StoreKey, Box<Store>>,
    by_id: StoreIndex,
    default_inbox: Option<StoreKey>,
    logons: SlotMap<LogonKey, Logon>,
    logons_opened: u64,
    messages: SlotMap<MessageKey, Message>,
    transfers: SlotMap<TransferKey, Transfer>,
    calls: SlotMap<CallKey, Call>,
    timers: Timers,
    desks: Desks,
    effects: Effects,
    log_level: Option<Level>,
    /// Stores whose outbound gate is open.
    sending_stores: usize,
    /// Stores whose logoff is under way, and the stamp of the latest one that began.
    drains: BTreeSet<StoreKey>,
    latest_drain: u64,
    /// Logons whose Released has not returned.
    unreleased: usize,
    closing: Option<close::Closing>,
    /// Transports that are being removed and not yet logged off.
    leaving: Vec<TransportKey>,
    // Work that an event leaves for `settle`.
    offers: VecDeque<StoreKey>,
    seekers: VecDeque<TransportKey>,
    checks: VecDeque<StoreKey>,
    gates_changed: bool,
    /// Stores whose receptions are shut until the event is over, or were until now.
    gathered: Vec<StoreKey>,
}

impl Engine {
    /// `log_level`: which lines of the log are wanted.
    pub fn new(limits: Limits, log_level: Option<Level>) -> Engine {
        Engine {
            limits,
            now: 0,
            stamp: 0,
            transports: SlotMap::with_key(),
            order: Vec::new(),
            seats: [None; MAX_TRANSPORTS],
            usable: TransportSet::NONE,
            stores: SlotMap::with_key(),
            by_id: StoreIndex::default(),
            default_inbox: None,
            logons: SlotMap::with_key(),
            logons_opened: 0,
            messages: SlotMap::with_key(),
            transfers: SlotMap::with_key(),
            calls: SlotMap::with_key(),
            timers: Timers::default(),
            desks: Desks::default(),
            effects: Effects::default(),
            log_level,
            sending_stores: 0,
            drains: BTreeSet::new(),
            latest_drain: 0,
            unreleased: 0,
            closing: None,
            leaving: Vec::new(),
            offers: VecDeque::new(),
            seekers: VecDeque::new(),
            checks: VecDeque::new(),
            gates_changed: false,
            gathered: Vec::new(),
        }
    }

    /// Takes what the events since the last time left for the driver.
    pub fn take_effects(&mut self) -> &mut Effects {
        &mut self.effects
    }

    /// Time goes on: carries out what has come due. Time that goes back is taken as standing still.
    pub fn advance(&mut self, now: Time) {
        self.now = self.now.max(now);
        while let Some((at, due)) = self.timers.first()
            && at <= self.now
        {
            self.timers.drop_first();
            if self.still_counts(at, due) {
                self.fire(due);
                self.settle();
            }
        }
    }

    /// When something comes due by itself, if anything does.
    pub fn next_due(&mut self) -> Option<Time> {
        while let Some((at, due)) = self.timers.first() {
            if self.still_counts(at, due) {
                return Some(at);
            }
            self.timers.drop_first();
        }
        None
    }

    /// When something comes due by itself at the earliest: it may have lost its meaning.
    pub fn earliest(&self) -> Option<Time> {
        self.timers.first().map(|(at, _)| at)
    }

    /// Whether what comes due next tells transports once more to stop.
    pub fn repeats_next(&mut self) -> bool {
        self.next_due().is_some() && self.timers.first().is_some_and(|(_, due)| due.is_repeat())
    }

    /// When something else comes due than that.
    pub fn next_move(&self) -> Option<Time> {
        let moves = |due: Due| !due.is_repeat() && self.means_something(due);
        let timers = self.timers.iter().filter(|(_, due)| moves(*due));
        timers.map(|(at, _)| at).min()
    }

    /// Whether a timer still counts. A wait whose store is logging off is put aside until the logoff has failed:
    /// nothing is put off again and again so that a drain would never end.
    fn still_counts(&mut self, at: Time, due: Due) -> bool {
        if let Due::Wait(message, number) = due
            && let Some(found) = self.messages.get(message)
            && found.record().timer == number
            && self.stores[found.store].draining()
        {
            self.stores[found.store].rare().suspended.push((at, due));
        }
        self.means_something(due)
    }

    fn means_something(&self, due: Due) -> bool {
        match due {
            Due::Wait(message, number) => self
                .messages
                .get(message)
                .is_some_and(|m| m.record().timer == number && !self.stores[m.store].draining()),
            Due::Pause(message, number) => self
                .messages
                .get(message)
                .is_some_and(|m| m.record().timer == number),
            Due::StoreRepeat(store, drain) | Due::Grace(store, drain) => {
                self.stores.get(store).is_some_and(|s| s.drain == drain)
            }
            Due::TransportRepeat(transport, removal) => self
                .transports
                .get(transport)
                .is_some_and(|t| t.is_removal(removal)),
            Due::Silence(transport, asked) => self
                .transports
                .get(transport)
                .is_some_and(|t| t.asked.1 == asked),
        }
    }

    fn fire(&mut self, due: Due) {
        match due {
            Due::Wait(message, _) | Due::Pause(message, _) => self.wait_is_over(message),
            Due::StoreRepeat(store, drain) => {
                self.tell_cancelled_of_store(store);
                self.timers
                    .set(self.now + CANCEL_REPEAT, Due::StoreRepeat(store, drain));
            }
            Due::TransportRepeat(transport, removal) => {
                self.tell_cancelled_of_transport(transport);
                self.timers.set(
                    self.now + CANCEL_REPEAT,
                    Due::TransportRepeat(transport, removal),
                );
            }
            Due::Grace(store, _) => self.check_soon(store),
            Due::Silence(..) => self.checks.extend(self.drains.iter()),
        }
    }

    /// Follows up what an event has changed, until nothing moves any more.
    fn settle(&mut self) {
        loop {
            faults::point(Room::Engine);
            if let Some(store) = self.offers.pop_front() {
                self.offer(store);
            } else if let Some(transport) = self.seekers.pop_front() {
                self.seek(transport);
            } else if let Some(store) = self.checks.pop_front() {
                self.check(store);
            } else if std::mem::take(&mut self.gates_changed) {
                self.tell_gates();
            } else if !self.check_closing() {
                return self.open_receptions();
            }
        }
    }

    /// A new call that waits.
    fn wait_for(&mut self, what: CallFor) -> CallKey {
        self.calls.insert(Call { what, answer: None })
    }

    fn answer(&mut self, call: CallKey, answer: Answer) {
        if let Some(waiting) = self.calls.get_mut(call)
            && waiting.answer.is_none()
        {
            waiting.answer = Some(answer);
            self.effects.answered.push(call);
        }
    }

    /// The answer to a call, once it has come; the call is then over.
    pub fn collect(&mut self, call: CallKey) -> Option<Answer> {
        self.calls.get(call)?.answer.as_ref()?;
        self.calls.remove(call)?.answer
    }

    /// Whether the call has its answer.
    pub fn is_answered(&self, call: CallKey) -> bool {
        self.calls
            .get(call)
            .is_none_or(|call| call.answer.is_some())
    }

    /// A call's limit has passed, or nothing can move any more: it is answered now.
    pub fn expire(&mut self, call: CallKey) {
        let Some(what) = self
            .calls
            .get(call)
            .filter(|call| call.answer.is_none())
            .map(|call| call.what)
        else {
            return;
        };
        match what {
            CallFor::Logoff(store) => self.expire_logoff(store),
            CallFor::LogoffStores(_) => self.expire_group(call),
            CallFor::Take(transport) => self.expire_take(call, transport),
            CallFor::Begin(transfer) => self.expire_begin(call, transfer),
            CallFor::Remove(transport) => self.expire_removal(call, transport),
            CallFor::Release(logon) => {
                if let Some(found) = self.logons.get_mut(logon) {
                    found.waits.retain(|other| *other != call);
                }
                self.answer(
                    call,
                    Answer::Failed(Error::Timeout("the store is not released yet")),
                );
            }
            CallFor::Close => self.expire_close(call),
        }
        self.settle();
    }

    fn logs(&self, level: Level) -> bool {
        self.log_level.is_some_and(|most| level <= most)
    }

    fn say(&mut self, level: Level, line: impl FnOnce(&Engine) -> String) {
        if self.logs(level) {
            let line = line(self);
            self.effects.log.push((level, line));
        }
    }
}

/// An identifier in the log: hexadecimal, shortened; as text where it is printable.
fn show(id: &[u8]) -> String {
    const MOST: usize = 16;
    let head = &id[..id.len().min(MOST)];
    let tail = if id.len() > MOST { "…" } else { "" };
    if !head.is_empty() && head.iter().all(|byte| byte.is_ascii_graphic()) {
        return format!("{}{tail}", String::from_utf8_lossy(head));
    }
    let hex: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}{tail}")
}
