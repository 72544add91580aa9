//! What has to be true: whose each context is, which handles are over, where each message is.
//!
//! The books are kept from outside, by what calls answered and which callbacks came. They know no rule of
//! logging off; that the library's counts agree with them after every call is the proof that no message was
//! lost or sent twice on the way.

use super::program::Program;
use mapispool::capi::*;
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub struct Books {
    pub program: Program,
    /// Calls and callbacks are shown: for whoever looks for the cause of a failure.
    pub traced: bool,
    /// How many callbacks this is inside of.
    pub depth: u32,
    /// Counts calls and callbacks, so that it shows whether anything came between.
    pub events: u64,
    contexts: Vec<Context>,
    handles: Vec<Known>,
    stores: BTreeMap<StoreName, Store>,
    messages: BTreeMap<(StoreName, Vec<u8>), Message>,
}

/// A store's entry identifier, in the spooler with this context.
pub type StoreName = (usize, Vec<u8>);

/// A context: whose it is, and what its callbacks may do.
pub struct Context {
    pub whose: Whose,
    state: Ownership,
    /// A callback that must not overlap with itself is running.
    busy: bool,
    /// What SubmitMessage came to, for the EndMessage that follows.
    submitted: HRESULT,
}

#[derive(Clone, Debug)]
pub enum Whose {
    Spooler,
    Transport { spooler: usize, ends_messages: bool },
    Store { name: StoreName, finishes: bool },
}

/// Whose the context is: the library's from the call that hands it over until its finalizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ownership {
    /// The call that hands it over has not returned.
    Offered,
    Accepted,
    Refused,
    /// The finalizer came before that call returned, or after it.
    Finalized,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Spooler,
    Transport,
    Store,
    Transfer,
}

/// A handle that was once right.
pub struct Known {
    pub number: usize,
    pub kind: Kind,
    pub context: usize,
    /// The spooler's context.
    pub spooler: usize,
    /// 0: it is over.
    pub references: u32,
    /// Of a transfer.
    pub transfer: Option<Transfer>,
}

#[derive(Clone)]
pub struct Transfer {
    /// `None` for a message that is received.
    pub message: Option<(StoreName, Vec<u8>)>,
    /// The store logon's context that went out with the message, if one did.
    pub store_context: Option<usize>,
    /// Address of what MapiTransportTakeMessage showed, for as long as the transfer lasts.
    pub shown: Option<usize>,
    pub self_driven: bool,
    /// A MapiTransferEnd of it has not returned.
    pub ending: bool,
}

#[derive(Default)]
struct Store {
    /// FinishedMsg is not seen: nothing is known of its messages.
    blind: bool,
    /// One of its callbacks is running.
    busy: bool,
    finished: u32,
    /// When it is released its queue must be empty.
    must_be_empty: bool,
}

#[derive(Default)]
struct Message {
    /// Times it got into the queue, less the times it left it.
    queued: i32,
    /// Calls under way that may put it into the queue.
    submitting: i32,
    in_process: bool,
    /// A transport has sent it; FinishedMsg is to come.
    sent: bool,
}

static BOOKS: Mutex<Option<Books>> = Mutex::new(None);

/// The books. Never to be held over a call.
pub fn books() -> impl std::ops::DerefMut<Target = Books> {
    struct Open(MutexGuard<'static, Option<Books>>);
    impl std::ops::Deref for Open {
        type Target = Books;
        fn deref(&self) -> &Books {
            self.0.as_ref().expect("a program runs")
        }
    }
    impl std::ops::DerefMut for Open {
        fn deref_mut(&mut self) -> &mut Books {
            self.0.as_mut().expect("a program runs")
        }
    }
    Open(BOOKS.lock().unwrap_or_else(PoisonError::into_inner))
}

pub fn open(program: &[u8]) {
    *BOOKS.lock().unwrap_or_else(PoisonError::into_inner) = Some(Books {
        program: Program::new(program),
        traced: std::env::var_os("MAPISPOOL_TRACE").is_some(),
        ..Books::default()
    });
}

/// Everything is over: each context that was accepted has had its finalizer.
pub fn close() {
    for context in &books().contexts {
        assert!(
            matches!(context.state, Ownership::Refused | Ownership::Finalized),
            "{:?} is {:?} at the end",
            context.whose,
            context.state
        );
    }
}

/// A context as a pointer, and back.
pub fn context_pointer(context: usize) -> *mut c_void {
    std::ptr::without_provenance_mut(context + 1)
}

pub fn context_number(pointer: *mut c_void) -> usize {
    pointer
        .addr()
        .checked_sub(1)
        .expect("a context that was given")
}

impl Books {
    pub fn trace(&self, line: impl Display) {
        if self.traced {
            eprintln!("{:1$}{line}", "", 2 * self.depth as usize);
        }
    }

    // Contexts.

    pub fn offer(&mut self, whose: Whose) -> usize {
        self.contexts.push(Context {
            whose,
            state: Ownership::Offered,
            busy: false,
            submitted: 0,
        });
        self.contexts.len() - 1
    }

    pub fn accepted(&mut self, context: usize) {
        let state = &mut self.contexts[context].state;
        if *state == Ownership::Offered {
            *state = Ownership::Accepted;
        }
    }

    pub fn refused(&mut self, context: usize) {
        let context = &mut self.contexts[context];
        assert_eq!(
            context.state,
            Ownership::Offered,
            "the call failed and ran the finalizer of {:?}",
            context.whose
        );
        context.state = Ownership::Refused;
    }

    pub fn finalized(&mut self, context: usize) {
        self.contexts[context].state = Ownership::Finalized;
    }

    /// A callback with this context begins.
    pub fn called(&mut self, context: usize, callback: &str) -> Whose {
        self.events += 1;
        self.trace(format_args!("{callback} of {context}"));
        self.is_valid(context);
        self.contexts[context].whose.clone()
    }

    /// The context is the library's, and not finalized.
    pub fn is_valid(&self, context: usize) {
        let context = &self.contexts[context];
        assert!(
            matches!(context.state, Ownership::Offered | Ownership::Accepted),
            "{:?} is used, and is {:?}",
            context.whose,
            context.state
        );
    }

    /// A callback of a transport begins that no other of its callbacks may overlap.
    pub fn transport_enters(&mut self, context: usize) {
        let busy = &mut self.contexts[context].busy;
        assert!(!*busy, "two callbacks of one transport overlap");
        *busy = true;
    }

    pub fn transport_leaves(&mut self, context: usize) {
        self.contexts[context].busy = false;
    }

    pub fn submitted_with(&mut self, context: usize, result: HRESULT) {
        self.contexts[context].submitted = result;
    }

    /// What SubmitMessage of this transport came to.
    pub fn submit_result(&self, context: usize) -> HRESULT {
        self.contexts[context].submitted
    }

    pub fn spooler_of_transport(&self, context: usize) -> usize {
        match self.contexts[context].whose {
            Whose::Transport { spooler, .. } => spooler,
            ref other => unreachable!("the context of {other:?}"),
        }
    }

    /// SetLockState and FinishedMsg of one store never overlap, whichever logon's they are.
    pub fn store_enters(&mut self, context: usize, name: &StoreName) {
        let busy = &mut self.stores.entry(name.clone()).or_default().busy;
        assert!(!*busy, "two callbacks of one store overlap");
        *busy = true;
        self.contexts[context].busy = true;
    }

    pub fn store_leaves(&mut self, context: usize, name: &StoreName) {
        self.stores.entry(name.clone()).or_default().busy = false;
        self.contexts[context].busy = false;
    }

    pub fn is_busy(&self, context: usize) -> bool {
        self.contexts[context].busy
    }

    // Handles.

    pub fn add_handle(&mut self, handle: Known) {
        self.handles.push(handle);
    }

    /// What is known of a handle that is not over.
    pub fn find(&mut self, kind: Kind, number: usize) -> Option<&mut Known> {
        self.handles
            .iter_mut()
            .rev()
            .find(|known| known.kind == kind && known.number == number && known.references > 0)
    }

    pub fn live(&self, kind: Kind) -> impl Iterator<Item = &Known> {
        self.handles
            .iter()
            .filter(move |known| known.kind == kind && known.references > 0)
    }

    pub fn is_over(&mut self, kind: Kind, number: usize) {
        if let Some(known) = self.find(kind, number) {
            known.references = 0;
        }
    }

    /// A transport has been logged off for good.
    pub fn destroyed(&mut self, context: usize) {
        self.finalized(context);
        for known in &mut self.handles {
            if known.kind == Kind::Transport && known.context == context {
                known.references = 0;
            }
        }
    }

    /// A spooler has been closed, and its transports and transfers are gone with it.
    pub fn spooler_is_over(&mut self, number: usize) {
        let Some(spooler) = self.find(Kind::Spooler, number).map(|known| known.context) else {
            return;
        };
        for known in &mut self.handles {
            if known.spooler == spooler && known.kind != Kind::Store {
                known.references = 0;
            }
        }
    }

    /// A handle for a call: mostly a live one of the right kind; also one that is over, of another kind, or
    /// any number.
    pub fn choose_handle(&mut self, kind: Kind) -> usize {
        let choice = self.program.byte();
        let live: Vec<usize> = self.live(kind).map(|known| known.number).collect();
        let any = self.handles.len();
        match choice {
            0..208 if !live.is_empty() => live[usize::from(choice) % live.len()],
            208..240 if any > 0 => self.handles[self.program.below(any)].number,
            // A guess inside a callback could hit what the call around it is just making.
            240..248 if any > 0 && self.depth == 0 => {
                let near = self.handles[self.program.below(any)].number;
                near ^ (1 << self.program.below(64))
            }
            248.. if self.depth == 0 => {
                self.program.word() as usize | (self.program.word() as usize) << 32
            }
            _ => 0,
        }
    }

    // Stores and messages.

    /// A logon of a store has been opened; what the store is doing now. Unless another logon is still on, it may
    /// be a new one: the old one is gone but for its Released.
    pub fn opened(&mut self, context: usize, status: &MAPISPOOLSTATUS, another_is_on: bool) {
        let Whose::Store { name, finishes } = self.contexts[context].whose.clone() else {
            unreachable!("the context of a store");
        };
        if !another_is_on && status.cFinished == 0 && in_the_library(status) == 0 {
            self.left_in_the_outbox(&name);
        }
        let alone = self.not_released(&name) == [Ownership::Accepted];
        let store = self.stores.entry(name).or_default();
        store.blind = !finishes || (!alone && store.blind);
    }

    /// The logons of a store, and those to be, whose Released has not come.
    fn not_released(&self, name: &StoreName) -> Vec<Ownership> {
        self.contexts
            .iter()
            .filter(|other| matches!(&other.whose, Whose::Store { name: its, .. } if its == name))
            .map(|other| other.state)
            .filter(|state| matches!(state, Ownership::Offered | Ownership::Accepted))
            .collect()
    }

    /// A logon's Released has come.
    pub fn released(&mut self, context: usize, name: &StoreName) {
        let still_shown = self.live(Kind::Transfer).any(|known| {
            let transfer = known.transfer.as_ref().expect("a transfer's handle");
            transfer.store_context == Some(context) && !transfer.ending
        });
        assert!(
            !still_shown,
            "Released while a message with its context is valid"
        );
        self.finalized(context);
        let others = self.not_released(name);
        if others.is_empty() {
            let left = self.queued(name);
            let store = self.stores.entry(name.clone()).or_default();
            assert!(
                !store.must_be_empty || store.blind || left == 0,
                "{left} messages of store {:?} got lost",
                name.1
            );
            self.left_in_the_outbox(name);
        } else if others.contains(&Ownership::Offered) {
            // Whether that open found the old queue or begins a new one cannot be told from here.
            self.blinded(name);
        }
    }

    /// The store's queue is gone; its messages are where they were, in the Outbox.
    fn left_in_the_outbox(&mut self, name: &StoreName) {
        for (_, message) in self.messages_of_mut(name) {
            message.queued = 0;
            message.sent = false;
            message.in_process = false;
        }
        self.stores.entry(name.clone()).or_default().finished = 0;
    }

    fn messages_of_mut<'a>(
        &'a mut self,
        name: &'a StoreName,
    ) -> impl Iterator<Item = (&'a Vec<u8>, &'a mut Message)> {
        self.messages
            .iter_mut()
            .filter(move |((store, _), _)| store == name)
            .map(|((_, id), message)| (id, message))
    }

    fn queued(&self, name: &StoreName) -> i32 {
        let messages = self.messages.iter().filter(|((store, _), _)| store == name);
        messages.map(|(_, message)| message.queued).sum()
    }

    fn message(&mut self, name: &StoreName, id: &[u8]) -> &mut Message {
        self.messages
            .entry((name.clone(), id.to_vec()))
            .or_default()
    }

    fn is_blind(&self, name: &StoreName) -> bool {
        self.stores.get(name).is_none_or(|store| store.blind)
    }

    /// A call begins that may put a message into the queue. Which of two such calls does, one inside the other,
    /// cannot be told from here.
    pub fn submitting(&mut self, name: &StoreName, id: &[u8]) {
        let message = self.message(name, id);
        message.submitting += 1;
        if message.submitting > 1 {
            self.blinded(name);
        }
    }

    /// It has ended; whether it put the message there.
    pub fn submitted(&mut self, name: &StoreName, id: &[u8], queued: bool) {
        let message = self.message(name, id);
        message.submitting -= 1;
        message.queued += i32::from(queued);
    }

    /// A call has ended that puts the message into the queue if it is not there.
    pub fn queued_first(&mut self, name: &StoreName, id: &[u8]) {
        let message = self.message(name, id);
        let queued = message.queued <= 0;
        self.submitted(name, id, queued);
    }

    /// A call has ended, and the message is in the queue, whatever has happened to it meanwhile.
    pub fn is_queued(&mut self, name: &StoreName, id: &[u8]) {
        let message = self.message(name, id);
        message.submitting -= 1;
        message.queued = 1;
    }

    /// A call has ended whose SetLockState took the message out of the queue, into which it may have put it.
    pub fn queued_and_dropped(&mut self, name: &StoreName, id: &[u8]) {
        let queued = self.message(name, id).queued < 0;
        self.submitted(name, id, queued);
    }

    /// From here it cannot be told what the store has.
    pub fn blinded(&mut self, name: &StoreName) {
        self.stores.entry(name.clone()).or_default().blind = true;
    }

    pub fn aborted(&mut self, name: &StoreName, id: &[u8]) {
        self.message(name, id).queued -= 1;
    }

    /// SetLockState said that somebody else finished it.
    pub fn dropped(&mut self, name: &StoreName, id: &[u8]) {
        self.message(name, id).queued -= 1;
    }

    /// A transport gets the message.
    pub fn begins(&mut self, name: &StoreName, id: &[u8]) {
        if self.is_blind(name) {
            return;
        }
        let message = self.message(name, id);
        assert!(!message.in_process, "a message goes out twice at a time");
        assert!(!message.sent, "a message that was sent goes out again");
        assert!(
            message.queued + message.submitting > 0,
            "a message goes out that is not queued"
        );
        message.in_process = true;
    }

    /// A transport is done with the message.
    pub fn ends(&mut self, name: &StoreName, id: &[u8], sent: bool) {
        let message = self.message(name, id);
        message.in_process = false;
        message.sent = sent;
    }

    /// An end was refused: the transfer stays.
    pub fn goes_on(&mut self, name: &StoreName, id: &[u8]) {
        let message = self.message(name, id);
        message.in_process = true;
        message.sent = false;
    }

    pub fn finished(&mut self, name: &StoreName, id: &[u8]) {
        if !self.is_blind(name) {
            let message = self.message(name, id);
            assert!(message.sent, "FinishedMsg of a message that was not sent");
            assert!(
                message.queued + message.submitting > 0,
                "FinishedMsg of a message that is not queued"
            );
        }
        let message = self.message(name, id);
        message.sent = false;
        message.queued -= 1;
        self.stores.entry(name.clone()).or_default().finished += 1;
    }

    /// The messages of a store that this logon is of are as many as the library says.
    pub fn agree(&mut self, store: usize, status: &MAPISPOOLSTATUS) {
        let Some(name) = self.store_by_handle(store) else {
            return;
        };
        if self.is_blind(&name) {
            return;
        }
        assert_eq!(
            in_the_library(status),
            self.queued(&name),
            "messages of store {:?}",
            name.1
        );
        assert_eq!(status.cFinished, self.stores[&name].finished);
    }

    /// The store that a live handle is a logon of.
    pub fn store_by_handle(&mut self, number: usize) -> Option<StoreName> {
        let context = self.find(Kind::Store, number)?.context;
        match &self.contexts[context].whose {
            Whose::Store { name, .. } => Some(name.clone()),
            other => unreachable!("a store's handle has the context of {other:?}"),
        }
    }

    /// From now on nothing is in the way of its messages. Where it is open in another spooler too, its logoff is
    /// ignored, and those that wait need not go.
    pub fn must_be_empty(&mut self, name: &StoreName) {
        let elsewhere = self.contexts.iter().any(|context| {
            context.state == Ownership::Accepted
                && matches!(&context.whose, Whose::Store { name: other, .. }
                    if other.1 == name.1 && other.0 != name.0)
        });
        self.stores.entry(name.clone()).or_default().must_be_empty = !elsewhere;
    }
}

fn in_the_library(status: &MAPISPOOLSTATUS) -> i32 {
    (status.cReady + status.cWaiting + status.cOutbound) as i32
}
