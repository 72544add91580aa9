//! What the providers see of an execution, in the order in which they see it, and what must hold of it.
//!
//! It is behind a lock of std, which the checkers do not know: no other thread goes on while it is held.

use crate::engine::{EntryId, Error, Status};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

#[derive(Default)]
pub struct Watch(Mutex<Seen>);

#[derive(Default)]
pub struct Seen {
    /// Counts what happens.
    now: u64,
    faults: Vec<String>,
    logons: Vec<Logon>,
    messages: BTreeMap<EntryId, Message>,
    transfers: Vec<Transfer>,
    logoffs: Vec<Logoff>,
    transports: Vec<Transport>,
    pub threads: u32,
    pub spooler_destroyed: bool,
    pub logging: bool,
    /// FlushQueues runs: the one store of the program is being purged.
    pub flushing: bool,
    pub flushed: u32,
}

struct Logon {
    store: EntryId,
    /// A callback with this context runs.
    inside: bool,
    /// The caller was told COMPLETE.
    over: bool,
    /// And that nothing is being sent any more.
    shut: bool,
    released: Option<u64>,
}

#[derive(Default)]
struct Message {
    /// By which store logon, and when it was known to be.
    submitted: Option<(usize, u64)>,
    locked: bool,
    /// Between SubmitMessage, or take, and EndMessage, or end: with which store logon's context.
    sending: Option<usize>,
    sent: u32,
    finished: Option<u64>,
}

/// A transfer as its transport knows it: it exists at least between the inner two, at most between the outer.
struct Transfer {
    store: EntryId,
    flag: Status,
    begins: u64,
    begun: Option<u64>,
    ends: Option<u64>,
    ended: Option<u64>,
}

struct Logoff {
    store: EntryId,
    called: u64,
    returned: u64,
    flags: Status,
}

#[derive(Default)]
struct Transport {
    /// A callback other than TransportNotify runs.
    inside: bool,
    logged_off: bool,
    destroyed: bool,
}

impl Watch {
    pub fn see(&self) -> MutexGuard<'_, Seen> {
        let mut seen = self.0.lock().expect("no panic while it is held");
        seen.now += 1;
        seen
    }

    pub fn fault(&self, what: String) {
        self.see().fault(what);
    }
}

impl Seen {
    /// A callback must not panic: what is wrong is kept for the end.
    pub fn fault(&mut self, what: String) {
        eprintln!("at {}: {what}", self.now);
        self.faults.push(what);
    }

    pub fn expect(&mut self, holds: bool, what: &str) {
        if !holds {
            self.fault(what.to_owned());
        }
    }

    // Store logons.

    pub fn opened(&mut self, store: EntryId) -> usize {
        self.logons.push(Logon {
            store,
            inside: false,
            over: false,
            shut: false,
            released: None,
        });
        self.logons.len() - 1
    }

    pub fn is_released(&self, logon: usize) -> bool {
        self.logons[logon].released.is_some()
    }

    pub fn is_over(&self, logon: usize) -> bool {
        self.logons[logon].over
    }

    /// A callback of a store begins: those of one store never overlap.
    pub fn enter_store(&mut self, logon: usize) {
        let store = self.logons[logon].store.clone();
        let overlaps = self.logons.iter().any(|it| it.store == store && it.inside);
        self.expect(!overlaps, "two callbacks of one store at a time");
        self.expect(!self.is_released(logon), "a callback after Released");
        self.logons[logon].inside = true;
    }

    pub fn leave_store(&mut self, logon: usize) {
        self.logons[logon].inside = false;
    }

    pub fn released(&mut self, logon: usize) {
        let one = &self.logons[logon];
        let (inside, store) = (one.inside, one.store.clone());
        let again = self.is_released(logon);
        let sending = self.messages.values().any(|it| it.sending == Some(logon));
        self.expect(!again, "Released twice");
        self.expect(!inside, "Released inside another callback of the logon");
        self.expect(!sending, "Released while a transport has its context");
        // Of the last logon: nothing is in process any more.
        let others = (0..self.logons.len())
            .any(|it| it != logon && self.logons[it].store == store && !self.is_released(it));
        let busy = self
            .transfers
            .iter()
            .any(|it| it.store == store && it.surely_runs());
        self.expect(others || !busy, "Released while something is in process");
        self.logons[logon].released = Some(self.now);
    }

    // Messages.

    pub fn submitted(&mut self, id: &EntryId, logon: usize) {
        let now = self.now;
        self.message(id).submitted = Some((logon, now));
    }

    fn message(&mut self, id: &[u8]) -> &mut Message {
        self.messages.entry(id.into()).or_default()
    }

    pub fn set_lock_state(&mut self, id: &[u8], lock: bool) {
        let message = self.message(id);
        let (was, gone) = (message.locked, message.sent > 0);
        message.locked = lock;
        self.expect(was != lock, "SetLockState to what it was");
        self.expect(!gone, "SetLockState after the message was sent");
    }

    pub fn finished(&mut self, id: &[u8]) {
        let now = self.now;
        let message = self.message(id);
        let again = message.finished.replace(now).is_some();
        let fits = message.locked && message.sent == 1 && !again;
        self.expect(fits, "FinishedMsg of a message not sent, or again");
    }

    /// A transport has the message. Returns the number of the transfer.
    pub fn sending(&mut self, id: &[u8], logon: usize) -> usize {
        let message = self.message(id);
        let fits = message.locked && message.sending.is_none() && message.sent == 0;
        message.sending = Some(logon);
        self.expect(
            fits,
            "sending a message unlocked, twice at a time, or again",
        );
        self.expect(
            !self.is_released(logon),
            "sending with a context after its Released",
        );
        let shut = self.logons[logon].shut;
        self.expect(!shut, "sending although that was over");
        let store = self.logons[logon].store.clone();
        let transfer = self.begins(&store, Status::OUTBOUND);
        self.begun(transfer);
        transfer
    }

    pub fn sent(&mut self, transfer: usize, id: &[u8], sent: bool) {
        self.ends(transfer);
        let message = self.message(id);
        message.sending = None;
        message.sent += u32::from(sent);
    }

    // Transfers.

    pub fn begins(&mut self, store: &EntryId, flag: Status) -> usize {
        self.transfers.push(Transfer {
            store: store.clone(),
            flag,
            begins: self.now,
            begun: None,
            ends: None,
            ended: None,
        });
        self.transfers.len() - 1
    }

    pub fn begun(&mut self, transfer: usize) {
        self.transfers[transfer].begun = Some(self.now);
    }

    pub fn ends(&mut self, transfer: usize) {
        self.transfers[transfer].ends = Some(self.now);
    }

    pub fn ended(&mut self, transfer: usize) {
        self.transfers[transfer].ended = Some(self.now);
    }

    // Logoffs.

    pub fn now(&self) -> u64 {
        self.now
    }

    pub fn logged_off(&mut self, logon: usize, called: u64, flags: Status) {
        if flags.contains(Status::COMPLETE) {
            let again = std::mem::replace(&mut self.logons[logon].over, true);
            self.expect(!again, "COMPLETE twice for one logon");
        }
        self.logoffs.push(Logoff {
            store: self.logons[logon].store.clone(),
            called,
            returned: self.now,
            flags,
        });
    }

    /// A logoff has answered COMPLETE, without OUTBOUND, where nothing is sent in the background.
    pub fn shut(&mut self, logon: usize) {
        self.logons[logon].shut = true;
    }

    // Transports.

    pub fn added(&mut self) -> usize {
        self.transports.push(Transport::default());
        self.transports.len() - 1
    }

    pub fn enter_transport(&mut self, transport: usize) {
        let was = std::mem::replace(&mut self.transports[transport].inside, true);
        self.expect(!was, "two callbacks of a driven transport at a time");
        self.notified(transport);
    }

    pub fn leave_transport(&mut self, transport: usize) {
        self.transports[transport].inside = false;
    }

    pub fn notified(&mut self, transport: usize) {
        let logged_off = self.transports[transport].logged_off;
        self.expect(!logged_off, "a callback after TransportLogoff");
    }

    pub fn transport_logged_off(&mut self, transport: usize) {
        self.notified(transport);
        self.transports[transport].logged_off = true;
    }

    pub fn destroyed(&mut self, transport: usize) {
        let one = &mut self.transports[transport];
        let fits = one.logged_off && !std::mem::replace(&mut one.destroyed, true);
        self.expect(fits, "Destroy before TransportLogoff, or again");
    }

    pub fn is_destroyed(&self, transport: usize) -> bool {
        self.transports[transport].destroyed
    }

    /// The transport is gone, or the one store of the program is being purged.
    pub fn reception_is_off(&self, transport: usize) -> bool {
        self.flushing || self.is_destroyed(transport)
    }

    pub fn all_finished(&self) -> bool {
        self.messages.values().all(|it| it.finished.is_some())
    }

    pub fn any_runs(&self) -> bool {
        self.transfers.iter().any(Transfer::surely_runs)
    }

    /// A close has returned, whichever of several.
    pub fn closed(&mut self) {
        let ended = self.threads == 0;
        self.expect(ended, "closed, and a thread has not ended");
        let destroyed = self.spooler_destroyed;
        self.expect(destroyed, "closed, and its context is not destroyed");
    }

    /// What is true of every execution in the end.
    pub fn judge(&mut self) {
        let released = (0..self.logons.len()).all(|it| self.is_released(it));
        self.expect(released, "a logon without Released");
        let destroyed = self.transports.iter().all(|it| it.destroyed);
        self.expect(destroyed, "a transport without Destroy");
        let fits = |message: &Message| {
            let finished = message.finished.is_some();
            finished == (message.sent == 1) && (finished || !message.locked)
        };
        let kept = self.messages.values().all(fits);
        self.expect(
            kept,
            "a message neither sent once and finished nor free in the Outbox",
        );
        self.judge_flags();
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }

    /// Each logoff said what was going on at some moment between its call and its return.
    fn judge_flags(&mut self) {
        let wrong: Vec<String> = self
            .logoffs
            .iter()
            .filter(|logoff| !self.is_true(logoff))
            .map(|logoff| format!("a logoff answered {}", logoff.flags))
            .collect();
        wrong.into_iter().for_each(|what| self.fault(what));
    }

    fn is_true(&self, logoff: &Logoff) -> bool {
        let sending = self.runs_in(logoff, Status::OUTBOUND);
        let receiving = self.runs_in(logoff, Status::INBOUND);
        let said = |flags| logoff.flags.intersects(flags);
        // A message is outbound before its transport has it, and until FinishedMsg has returned.
        let mail = Status::OUTBOUND | Status::OUTBOUND_QUEUE;
        (said(Status::INBOUND) || !receiving.surely)
            && (!said(Status::INBOUND) || receiving.perhaps)
            && (said(Status::OUTBOUND) || !sending.surely)
            && (said(mail) || !self.has_mail_in(logoff))
            && (!said(mail) || !self.messages.is_empty())
    }

    fn runs_in(&self, logoff: &Logoff, flag: Status) -> Runs {
        let of_it = |it: &&Transfer| it.store == logoff.store && it.flag == flag;
        let transfers = || self.transfers.iter().filter(of_it);
        let Logoff {
            called, returned, ..
        } = *logoff;
        Runs {
            surely: transfers().any(|it| it.surely_ran(called, returned)),
            perhaps: transfers().any(|it| it.may_have_run(called, returned)),
        }
    }

    /// Whether a message was in the store during the whole of the logoff.
    fn has_mail_in(&self, logoff: &Logoff) -> bool {
        self.messages.values().any(|message| {
            message.submitted.is_some_and(|(logon, submitted)| {
                let logon = &self.logons[logon];
                let later = |event: Option<u64>| event.is_none_or(|at| at > logoff.returned);
                logon.store == logoff.store
                    && submitted < logoff.called
                    && later(message.finished)
                    && later(logon.released)
            })
        })
    }
}

/// Whether something ran during the whole of a logoff, or perhaps for a moment of it.
struct Runs {
    surely: bool,
    perhaps: bool,
}

impl Transfer {
    fn surely_runs(&self) -> bool {
        self.begun.is_some() && self.ends.is_none()
    }

    fn surely_ran(&self, from: u64, until: u64) -> bool {
        self.begun.is_some_and(|begun| begun < from) && self.ends.is_none_or(|ends| ends > until)
    }

    fn may_have_run(&self, from: u64, until: u64) -> bool {
        self.begins < until && self.ended.is_none_or(|ended| ended > from)
    }
}

/// What a caller may be told of a store that another thread logs off, or of a spooler that it closes.
pub fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::Over
            | Error::Busy(_)
            | Error::EndOfSession
            | Error::BadHandle(_)
            // SetLockState did not return in time.
            | Error::Timeout(_)
    )
}
