//! A small world round the engine: transports and stores that record what they are called with and answer
//! from a script, other processes that are a number, and a clock moved by hand.
//!
//! Whatever happens is one line in the log: `A lock m1`, `T submit m1`, `T CANCEL m1`, `A released`. A
//! callback whose line was given to [`World::hold`] does not return until [`World::let_go`]; one that was
//! given to [`World::inside`] does something before it returns.

use crate::engine::mapi::*;
use crate::engine::*;
use crate::presence::Open;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

/// The calling thread of most tests; it is nowhere inside a callback.
pub const ME: Caller = Caller {
    thread: 1,
    in_callback: false,
    inline: true,
};
/// Another thread.
pub const OTHER: Caller = Caller { thread: 2, ..ME };
/// A thread of a self-driven transport.
pub const PROVIDER: Caller = Caller { thread: 3, ..ME };
/// A thread of the spooler, inside a callback.
pub const CALLBACK: Caller = Caller {
    thread: 4,
    in_callback: true,
    inline: true,
};

pub const COMPLETE: Status = Status::COMPLETE;
pub const IN: Status = Status::INBOUND;
pub const OUT: Status = Status::OUTBOUND;
pub const QUEUE: Status = Status::OUTBOUND_QUEUE;

/// How a test's transports and stores answer.
pub fn says(result: i32) -> Performed {
    Performed::Sent {
        result: HResult(result),
        retry_seconds: 0,
        end: (result >= 0).then_some((HResult::OK, 0)),
    }
}

pub fn ends(flags: u32) -> Performed {
    Performed::Sent {
        result: HResult::OK,
        retry_seconds: 0,
        end: Some((HResult::OK, flags)),
    }
}

pub fn seconds(result: i32, retry_seconds: u32) -> Performed {
    Performed::Sent {
        result: HResult(result),
        retry_seconds,
        end: None,
    }
}

pub fn id(name: &str) -> EntryId {
    name.as_bytes().into()
}

fn text(id: &EntryId) -> String {
    String::from_utf8_lossy(id).into_owned()
}

/// A call that waits in another thread.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    pub call: CallKey,
    pub deadline: Option<Time>,
}

type Opens = Arc<Mutex<HashMap<EntryId, usize>>>;
type Inside = Box<dyn FnOnce(&mut World)>;

/// This spooler's open of a store, as the other processes see it.
struct Registered {
    store: EntryId,
    counts: bool,
    opens: Opens,
}

impl Open for Registered {
    fn leave_if_shared(&mut self) -> bool {
        if !self.counts {
            return true;
        }
        let shared = self.opens.lock().unwrap()[&self.store] > 1;
        if shared {
            self.leave();
        }
        shared
    }

    fn leave(&mut self) {
        if std::mem::take(&mut self.counts) {
            *self.opens.lock().unwrap().get_mut(&self.store).unwrap() -= 1;
        }
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.leave();
    }
}

pub struct World {
    pub engine: Engine,
    pub now: Time,
    pub released: HashMap<LogonKey, Status>,
    log: Vec<String>,
    logons: HashMap<LogonKey, String>,
    transports: HashMap<TransportKey, String>,
    answers: HashMap<String, VecDeque<Performed>>,
    holds: Vec<String>,
    running: Vec<(String, Desk, Task)>,
    insides: Vec<(String, Inside)>,
    opens: Opens,
}

impl World {
    pub fn new() -> World {
        World::with(Limits::default())
    }

    pub fn with(limits: Limits) -> World {
        World {
            engine: Engine::new(limits, Some(Level::Debug)),
            now: 0,
            released: HashMap::new(),
            log: Vec::new(),
            logons: HashMap::new(),
            transports: HashMap::new(),
            answers: HashMap::new(),
            holds: Vec::new(),
            running: Vec::new(),
            insides: Vec::new(),
            opens: Opens::default(),
        }
    }

    // Setting the stage.

    /// A driven transport with every callback.
    pub fn driven(&mut self, name: &str) -> TransportKey {
        self.transport(name, None, true)
    }

    /// A self-driven transport with every callback.
    pub fn self_driven(&mut self, name: &str) -> TransportKey {
        self.transport(name, None, false)
    }

    pub fn transport(&mut self, name: &str, own_store: Option<&str>, submit: bool) -> TransportKey {
        let wants = TransportWants {
            submit,
            notify: true,
            flush: true,
            logoff: true,
        };
        self.transport_that(name, own_store, wants)
    }

    pub fn transport_that(
        &mut self,
        name: &str,
        own_store: Option<&str>,
        wants: TransportWants,
    ) -> TransportKey {
        let added = self
            .engine
            .add_transport(name.to_owned(), own_store.map(id), wants);
        let key = added.expect("a transport can be added");
        self.transports.insert(key, name.to_owned());
        self.run();
        key
    }

    /// Opens a store with every callback. Its further logons are called A/2, A/3 in the log.
    pub fn open(&mut self, store: &str) -> LogonKey {
        self.try_open(store, false).expect("a store can be opened")
    }

    pub fn inbox(&mut self, store: &str) -> LogonKey {
        self.try_open(store, true).expect("an Inbox can be opened")
    }

    pub fn try_open(&mut self, store: &str, default_inbox: bool) -> Result<LogonKey, Error> {
        let wants = StoreWants {
            set_lock_state: true,
            finished_msg: true,
            released: true,
        };
        self.open_elsewhere(store);
        let open = Box::new(Registered {
            store: id(store),
            counts: true,
            opens: self.opens.clone(),
        });
        let logon = self
            .engine
            .open_store(id(store), default_inbox, wants, open)?;
        let others = self.logons.values();
        let others = others.filter(|name| name.split('/').next() == Some(store));
        let name = match others.count() {
            0 => store.to_owned(),
            others => format!("{store}/{}", others + 1),
        };
        self.logons.insert(logon, name);
        self.run();
        Ok(logon)
    }

    /// Another process opens the store.
    pub fn open_elsewhere(&mut self, store: &str) {
        *self.opens.lock().unwrap().entry(id(store)).or_default() += 1;
    }

    /// And ends, or dies.
    pub fn leave_elsewhere(&mut self, store: &str) {
        *self.opens.lock().unwrap().get_mut(&id(store)).unwrap() -= 1;
    }

    /// How many opens of the store count, of whomever.
    pub fn opens_of(&self, store: &str) -> usize {
        self.opens.lock().unwrap()[&id(store)]
    }

    pub fn submit(&mut self, logon: LogonKey, messages: &[&str]) {
        for message in messages {
            self.engine
                .submit(logon, id(message))
                .expect("it can be submitted");
            self.run();
        }
    }

    /// What callbacks with this line in the log answer, one after the other; afterwards success again.
    pub fn answers(&mut self, line: &str, answers: &[Performed]) {
        let script = self.answers.entry(line.to_owned()).or_default();
        script.extend(answers);
    }

    /// Callbacks with this line do not return until they are let go.
    pub fn hold(&mut self, line: &str) {
        self.holds.push(line.to_owned());
    }

    /// The next callback with this line does something.
    pub fn inside(&mut self, line: &str, act: impl FnOnce(&mut World) + 'static) {
        self.insides.push((line.to_owned(), Box::new(act)));
    }

    /// A held callback returns what its script says.
    pub fn let_go(&mut self, line: &str) {
        self.holds.retain(|held| held != line);
        let place = self.running.iter().position(|(found, _, _)| found == line);
        let (line, _, task) = self.running.remove(place.expect("it is held"));
        self.perform(&line, &task);
        self.run();
    }

    pub fn let_go_with(&mut self, line: &str, answer: Performed) {
        self.answers
            .entry(line.to_owned())
            .or_default()
            .push_front(answer);
        self.let_go(line);
    }

    // The passing of time, and of work.

    /// Carries out all there is to do now.
    pub fn run(&mut self) {
        while let Some(desk) = self.next_desk() {
            self.step(desk);
        }
    }

    /// Carries out the next task of a desk, if there is one.
    pub fn step(&mut self, desk: Desk) {
        let Some(task) = self.engine.next_task(desk) else {
            return;
        };
        let line = self.line(&task);
        if let Task::Released { logon, flags } = task {
            let before = self.released.insert(logon, flags);
            assert!(before.is_none(), "{line} a second time");
        }
        self.log.push(line.clone());
        if let Some(place) = self.insides.iter().position(|(found, _)| *found == line) {
            let act = self.insides.remove(place).1;
            // Whatever it does, its desk is busy meanwhile.
            self.running.push((line.clone(), desk, task.clone()));
            act(self);
            self.running.retain(|(found, _, _)| *found != line);
        }
        if self.holds.contains(&line) {
            self.running.push((line, desk, task));
        } else {
            self.perform(&line, &task);
        }
    }

    fn next_desk(&self) -> Option<Desk> {
        let free = |desk: &Desk| !self.running.iter().any(|(_, busy, _)| busy == desk);
        if let Some(desk) = self.engine.busiest_desk()
            && free(&desk)
        {
            return Some(desk);
        }
        self.desks()
            .into_iter()
            .filter(free)
            .find(|desk| self.engine.has_task(*desk))
    }

    /// Every desk there is.
    pub fn desks(&self) -> Vec<Desk> {
        let workers = self.engine.driven().map(Desk::Worker);
        [Desk::Here, Desk::Control]
            .into_iter()
            .chain(workers)
            .collect()
    }

    fn perform(&mut self, line: &str, task: &Task) {
        let scripted = self.answers.get_mut(line).and_then(VecDeque::pop_front);
        let answer = match (scripted.unwrap_or(says(S_OK)), task) {
            (sent, Task::Send { .. }) => sent,
            (Performed::Sent { result, .. } | Performed::Result(result), _) => {
                Performed::Result(result)
            }
        };
        self.engine.performed(task, answer);
    }

    /// The line that a task has in the log.
    pub fn line(&self, task: &Task) -> String {
        line(
            &self.engine,
            task,
            |logon| self.logons[&logon].clone(),
            |transport| self.transports[&transport].clone(),
        )
    }

    /// Moves the clock, stopping wherever something comes due.
    pub fn pass(&mut self, milliseconds: Time) {
        let end = self.now + milliseconds;
        self.run();
        while let Some(due) = self.engine.next_due().filter(|due| *due <= end) {
            self.move_to(due);
        }
        self.move_to(end);
    }

    pub fn move_to(&mut self, time: Time) {
        self.now = self.now.max(time);
        self.engine.advance(self.now);
        self.run();
    }

    // Calling in.

    /// StoreLogoffTransports of a caller that lets the clock run until its limit.
    pub fn logoff(&mut self, logon: LogonKey, word: u32) -> Status {
        match self.engine.logoff(logon, word, ME).expect("S_OK") {
            Reply::Done(flags) => {
                self.run();
                flags
            }
            Reply::Wait(call, limit) => {
                let waits = self.waits(call, limit);
                self.wait(waits)
            }
        }
    }

    pub fn logoff_error(&mut self, logon: LogonKey, word: u32, caller: Caller) -> i32 {
        let error = self
            .engine
            .logoff(logon, word, caller)
            .expect_err("refused");
        error.hresult().0
    }

    /// StoreLogoffTransports in another thread that waits.
    pub fn begin_logoff(&mut self, logon: LogonKey, word: u32) -> Waits {
        match self.engine.logoff(logon, word, OTHER).expect("S_OK") {
            Reply::Done(flags) => panic!("it did not wait: {flags}"),
            Reply::Wait(call, limit) => {
                self.run();
                self.waits(call, limit)
            }
        }
    }

    fn waits(&self, call: CallKey, limit: Option<Time>) -> Waits {
        Waits {
            call,
            deadline: limit.map(|limit| self.now + limit),
        }
    }

    /// Lets time pass until a waiting logoff has its answer, by its limit at the latest.
    pub fn wait(&mut self, waits: Waits) -> Status {
        match self.wait_for(waits) {
            Answer::Status(flags) => flags,
            other => panic!("no answer to a logoff: {other:?}"),
        }
    }

    pub fn wait_for(&mut self, waits: Waits) -> Answer {
        self.run();
        while !self.engine.is_answered(waits.call) {
            let due = self.engine.next_due();
            match (due, waits.deadline) {
                (Some(due), deadline) if deadline.is_none_or(|deadline| due <= deadline) => {
                    self.move_to(due);
                }
                (_, deadline) => {
                    self.move_to(deadline.unwrap_or(self.now));
                    self.engine.expire(waits.call);
                    assert!(self.engine.is_answered(waits.call), "its limit passed");
                    self.run();
                }
            }
        }
        self.engine.collect(waits.call).expect("it is answered")
    }

    /// The flags of a logoff that may have been answered.
    pub fn answer(&mut self, waits: Waits) -> Option<Status> {
        match self.engine.collect(waits.call)? {
            Answer::Status(flags) => Some(flags),
            other => panic!("no answer to a logoff: {other:?}"),
        }
    }

    /// The final release, by a caller that waits as long as it is told to.
    pub fn release(&mut self, logon: LogonKey) {
        self.release_by(logon, ME);
    }

    pub fn release_by(&mut self, logon: LogonKey, caller: Caller) {
        let reply = self.engine.release(logon, caller);
        if let Reply::Wait(call, limit) = reply.expect("a release always succeeds") {
            let waits = self.waits(call, limit);
            self.wait_for(waits);
        }
        self.run();
    }

    pub fn is_released(&self, logon: LogonKey) -> bool {
        self.released.contains_key(&logon)
    }

    pub fn status(&mut self, logon: LogonKey) -> Status {
        self.engine.status(logon).expect("a status").flags
    }

    /// How many messages are ready, waiting and in process.
    pub fn counts(&mut self, logon: LogonKey) -> (u32, u32, u32) {
        let counts = self.engine.status(logon).expect("a status");
        (counts.ready, counts.waiting, counts.outbound)
    }

    pub fn finished(&mut self, logon: LogonKey) -> u32 {
        self.engine.status(logon).expect("a status").finished
    }

    /// A self-driven transport asks, in a thread that goes on waiting if nothing is there.
    pub fn begin_take(&mut self, transport: TransportKey) -> CallKey {
        let call = self.engine.take(transport, PROVIDER).expect("it may ask");
        self.run();
        call
    }

    /// What a take has brought, if it has been answered.
    pub fn taken(&mut self, call: CallKey) -> Option<TransferKey> {
        match self.engine.collect(call)? {
            Answer::Transfer(transfer) => Some(transfer),
            other => panic!("no message: {other:?}"),
        }
    }

    /// A self-driven transport takes a message that is there.
    pub fn take(&mut self, transport: TransportKey) -> TransferKey {
        let call = self.begin_take(transport);
        self.taken(call).expect("a message is there")
    }

    /// The identifier of a transfer's message.
    pub fn message_of(&self, transfer: TransferKey) -> String {
        let message = self.engine.shown(transfer).expect("it has not ended");
        shown(&message)
    }

    pub fn end(&mut self, transfer: TransferKey, result: i32, end_flags: u32) {
        self.engine
            .end_transfer(transfer, HResult(result), end_flags, 0)
            .expect("it can be ended");
        self.run();
    }

    pub fn receive(&mut self, transport: TransportKey, logon: Option<LogonKey>) -> TransferKey {
        let transfer = self.engine.begin_inbound(transport, logon, PROVIDER);
        transfer.expect("reception is on")
    }

    pub fn notify(&mut self, transport: TransportKey, flags: u32, message: Option<&str>) {
        self.engine
            .spooler_notify(transport, flags, message.map(str::as_bytes))
            .expect("S_OK");
        self.run();
    }

    /// MapiTransportRemove by another thread, which waits.
    pub fn begin_remove(&mut self, transport: TransportKey) -> Waits {
        match self.engine.remove_transport(transport, OTHER) {
            Ok(Reply::Wait(call, limit)) => {
                self.run();
                self.waits(call, limit)
            }
            other => panic!("it did not wait: {other:?}"),
        }
    }

    pub fn remove(&mut self, transport: TransportKey) -> Result<(), Error> {
        let waits = self.begin_remove(transport);
        match self.wait_for(waits) {
            Answer::Done => Ok(()),
            Answer::Failed(error) => Err(error),
            other => panic!("no answer to a removal: {other:?}"),
        }
    }

    /// MapiSpoolerClose by another thread, which waits.
    pub fn begin_close(&mut self, abort: bool, limit: Option<Time>) -> Waits {
        let call = self.engine.close(abort, OTHER).expect("it may close");
        self.run();
        self.waits(call, limit)
    }

    pub fn close(&mut self, abort: bool) -> Result<(), Error> {
        let waits = self.begin_close(abort, Some(60_000));
        match self.wait_for(waits) {
            Answer::Done => Ok(()),
            Answer::Failed(error) => Err(error),
            other => panic!("no answer to a close: {other:?}"),
        }
    }

    /// Everything has ended: no store, no transport, no callback to come.
    pub fn is_closed(&self) -> bool {
        let engine = &self.engine;
        engine.closing.is_some()
            && engine.stores.is_empty()
            && engine.unreleased == 0
            && engine.transports.is_empty()
    }

    /// MapiSpoolerLogoffStores by another thread, which waits.
    pub fn begin_logoff_stores(&mut self, word: u32, limit: Time) -> Result<u32, Waits> {
        match self.engine.logoff_stores(word, OTHER).expect("S_OK") {
            Reply::Done(incomplete) => {
                self.run();
                Ok(incomplete)
            }
            Reply::Wait(call, _) => {
                self.run();
                Err(self.waits(call, Some(limit)))
            }
        }
    }

    pub fn incomplete(&mut self, waits: Waits) -> u32 {
        match self.wait_for(waits) {
            Answer::Incomplete(incomplete) => incomplete,
            other => panic!("no answer to LogoffStores: {other:?}"),
        }
    }

    // Looking.

    /// What has happened since it was last asked, beside what was.
    pub fn forget_log(&mut self) {
        self.log.clear();
    }

    /// Everything that has happened since the last time.
    #[track_caller]
    pub fn saw(&mut self, lines: &[&str]) {
        assert_eq!(std::mem::take(&mut self.log), lines);
    }

    /// What has happened since the last time to one transport or store logon.
    #[track_caller]
    pub fn saw_of(&mut self, who: &str, lines: &[&str]) {
        let log = std::mem::take(&mut self.log);
        let mine = log.iter().filter_map(|line| {
            let (name, what) = line.split_once(' ').expect("who does what");
            (name == who).then_some(what)
        });
        assert_eq!(mine.collect::<Vec<_>>(), lines);
    }

    /// Whether something happened since the last time.
    pub fn has_seen(&self, line: &str) -> bool {
        self.log.iter().any(|found| found == line)
    }
}

/// A task in few words, by the names of logons and transports.
pub fn line(
    engine: &Engine,
    task: &Task,
    logon_name: impl Fn(LogonKey) -> String,
    name: impl Fn(TransportKey) -> String,
) -> String {
    match task {
        Task::SetLockState {
            logon, id, lock, ..
        } => {
            let what = if *lock { "lock" } else { "unlock" };
            format!("{} {what} {}", logon_name(*logon), text(id))
        }
        Task::FinishedMsg { logon, id, .. } => {
            format!("{} finished {}", logon_name(*logon), text(id))
        }
        Task::Released { logon, .. } => format!("{} released", logon_name(*logon)),
        Task::Send {
            transport,
            transfer,
        } => {
            let message = engine.shown(*transfer).expect("it has not ended");
            let deferred = if message.begin_deferred {
                " deferred"
            } else {
                ""
            };
            format!("{} submit {}{deferred}", name(*transport), shown(&message))
        }
        Task::Cancel {
            transport,
            transfer,
            ..
        } => {
            let message = engine.shown(*transfer).expect("it has not ended");
            let what = notification(NOTIFY_CANCEL_MESSAGE);
            format!("{} {what} {}", name(*transport), shown(&message))
        }
        Task::Notify {
            transport,
            flags,
            message,
        } => {
            let about = message
                .as_ref()
                .map(|message| format!(" {}", shown(message)));
            format!(
                "{} {}{}",
                name(*transport),
                notification(*flags),
                about.unwrap_or_default()
            )
        }
        Task::Flush { transport, .. } => format!("{} flush", name(*transport)),
        Task::Logoff { transport } => format!("{} logoff", name(*transport)),
    }
}

fn shown(message: &MessageAbout) -> String {
    message.id.as_ref().map_or("inbound".to_owned(), text)
}

/// The name of a notification, as far as a test wants to read it.
fn notification(flags: u32) -> &'static str {
    match flags {
        NOTIFY_BEGIN_INBOUND => "BEGIN_INBOUND",
        NOTIFY_END_INBOUND => "END_INBOUND",
        NOTIFY_BEGIN_OUTBOUND => "BEGIN_OUTBOUND",
        NOTIFY_END_OUTBOUND => "END_OUTBOUND",
        NOTIFY_BEGIN_OUTBOUND_FLUSH => "BEGIN_FLUSH",
        NOTIFY_END_OUTBOUND_FLUSH => "END_FLUSH",
        NOTIFY_CANCEL_MESSAGE => "CANCEL",
        NOTIFY_ABORT_DEFERRED => "ABORT_DEFERRED",
        flags if flags == NOTIFY_ABORT_DEFERRED | NOTIFY_CANCEL_MESSAGE => "ABORT_DEFERRED+CANCEL",
        _ => "?",
    }
}
