//! Who runs callbacks, and the rule that those of one store never overlap.

use super::mapi::NOTIFY_CANCEL_MESSAGE;
use super::*;

/// A place where tasks are carried out, one at a time and in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Desk {
    /// The control thread.
    Control,
    /// A driven transport's own thread.
    Worker(TransportKey),
    /// Whichever thread brought it about, before it returns.
    Here,
}

/// A callback to be called, outside every lock. Report it with [`Engine::performed`].
#[derive(Clone, Debug)]
pub enum Task {
    /// SetLockState.
    SetLockState {
        store: StoreKey,
        logon: LogonKey,
        id: EntryId,
        lock: bool,
    },
    /// FinishedMsg.
    FinishedMsg {
        store: StoreKey,
        logon: LogonKey,
        id: EntryId,
    },
    /// Released: the last call with the logon's context.
    Released { logon: LogonKey, flags: Status },
    /// SubmitMessage, and EndMessage where that succeeded.
    Send {
        transport: TransportKey,
        transfer: TransferKey,
    },
    /// TransportNotify with NOTIFY_CANCEL_MESSAGE.
    Cancel {
        transport: TransportKey,
        transfer: TransferKey,
        logon: LogonKey,
    },
    /// TransportNotify with anything else. Its message, which may be gone by then, is boxed: other tasks need not be
    /// moved about with room for one.
    Notify {
        transport: TransportKey,
        flags: u32,
        message: Option<Box<Message>>,
    },
    /// FlushQueues for the purge of this store.
    Flush {
        transport: TransportKey,
        store: StoreKey,
        drain: u32,
    },
    /// TransportLogoff, then Destroy: the last calls with the transport's context.
    Logoff { transport: TransportKey },
}

impl Task {
    /// Whether it is for TransportNotify of this transport.
    pub(super) fn tells(&self, key: TransportKey) -> bool {
        match self {
            Task::Cancel { transport, .. } | Task::Notify { transport, .. } => *transport == key,
            _ => false,
        }
    }

    /// Whether nothing that follows from it, as it came out, depends on what time it is: no pause begins with it.
    pub fn is_timeless(&self, outcome: &Performed) -> bool {
        match (self, outcome) {
            (Task::SetLockState { .. } | Task::FinishedMsg { .. }, Performed::Result(result)) => {
                *result == HResult::OK
            }
            (Task::Send { .. }, Performed::Sent { result, end, .. }) => {
                *result == HResult::OK && *end == Some((HResult::OK, 0))
            }
            _ => false,
        }
    }
}

/// A message as a transport is shown it.
#[derive(Clone, Debug)]
pub struct Message {
    /// `None` for a message that is being received.
    pub id: Option<EntryId>,
    pub store_id: EntryId,
    /// Whose context goes with it; `None` where that is gone.
    pub logon: Option<LogonKey>,
    pub transfer: Option<TransferKey>,
    pub ticket: Option<Ticket>,
    pub begin_deferred: bool,
    /// Set in NOTIFY_ABORT_DEFERRED of a removal: the message that is free for others then.
    pub(super) frees: Option<MessageKey>,
}

/// What came of a task.
#[derive(Clone, Copy, Debug)]
pub enum Performed {
    /// The callback's result.
    Result(HResult),
    /// SubmitMessage's result and seconds, and EndMessage's result and flags where it was called.
    Sent {
        result: HResult,
        retry_seconds: u32,
        end: Option<(HResult, u32)>,
    },
}

/// One of a store's callbacks waiting its turn.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Turn {
    pub what: TurnFor,
    pub desk: Desk,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) enum TurnFor {
    /// Lock the message of this transfer.
    Lock(TransferKey),
    /// No callback: a driven transport is about to enter SubmitMessage. The next message is not locked
    /// before, so that messages start in order.
    Start,
    /// Give a message's lock back. Boxed: most turns are others.
    Unlock(Box<EntryId>),
    /// The message of this transfer was sent.
    Finish(TransferKey),
}

/// The tasks at each desk. Numbered, so that manual mode carries them out in the order they arose.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Desks {
    pub control: VecDeque<(u64, Task)>,
    pub here: VecDeque<(u64, Task)>,
    numbered: u64,
    /// How many tasks the control desk has ever been given.
    pub control_given: u64,
}

impl Desks {
    pub fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }
}

impl Engine {
    pub(super) fn put(&mut self, desk: Desk, task: Task) {
        let number = self.desks.number();
        match desk {
            Desk::Control => {
                self.desks.control.push_back((number, task));
                self.desks.control_given += 1;
            }
            Desk::Here => self.desks.here.push_back((number, task)),
            Desk::Worker(transport) => self.transports[transport].tasks.push_back((number, task)),
        }
        self.effects.wake(desk);
    }

    /// What is left for whoever brought it about goes to the control desk: time did, and no call.
    pub fn nobody_brought_it_about(&mut self) {
        while let Some((_, task)) = self.desks.here.pop_front() {
            self.put(Desk::Control, task);
        }
    }

    /// The next task at a desk. What has lost its meaning since it was put there is passed over.
    pub fn next_task(&mut self, desk: Desk) -> Option<Task> {
        let task = loop {
            let task = match desk {
                Desk::Here => self.desks.here.pop_front().map(|(_, task)| task),
                Desk::Control => self.desks.control.pop_front().map(|(_, task)| task),
                Desk::Worker(transport) => self.next_of_worker(transport),
            };
            match task {
                Some(task) if !self.starts(&task) => self.settle(),
                _ => break task,
            }
        };
        self.settle();
        self.is_awake(desk);
        task
    }

    /// Who is at the desk looks for its next task without being woken.
    fn is_awake(&mut self, desk: Desk) {
        self.effects.wake.pop_if(|woken| *woken == desk);
    }

    fn next_of_worker(&mut self, transport: TransportKey) -> Option<Task> {
        loop {
            if let Some((_, task)) = self.transports.get_mut(transport)?.tasks.pop_front() {
                return Some(task);
            }
            if !self.start_promised(transport) {
                return None;
            }
        }
    }

    /// Manual mode: the desk whose next task arose first.
    pub fn busiest_desk(&self) -> Option<Desk> {
        let head = |tasks: &VecDeque<(u64, Task)>| tasks.front().map(|(number, _)| *number);
        let here = head(&self.desks.here).map(|number| (number, Desk::Here));
        let control = head(&self.desks.control).map(|number| (number, Desk::Control));
        let workers = self.transports.iter().filter_map(|(key, transport)| {
            let number = head(&transport.tasks).or(transport.promised_number())?;
            Some((number, Desk::Worker(key)))
        });
        here.into_iter()
            .chain(control)
            .chain(workers)
            .min_by_key(|(number, _)| *number)
            .map(|(_, desk)| desk)
    }

    /// Whether a desk has something to do.
    pub fn has_task(&self, desk: Desk) -> bool {
        match desk {
            Desk::Here => !self.desks.here.is_empty(),
            Desk::Control => !self.desks.control.is_empty(),
            Desk::Worker(transport) => self
                .transports
                .get(transport)
                .is_some_and(|t| !t.tasks.is_empty() || self.is_promise_due(transport)),
        }
    }

    /// A task is about to be carried out. `false`: its reason has gone, and what that means has been followed up.
    fn starts(&mut self, task: &Task) -> bool {
        match task {
            Task::Send { transfer, .. } => self.send_starts(*transfer),
            Task::Cancel {
                transport,
                transfer,
                logon,
            } => self.cancel_starts(*transport, *transfer, *logon),
            Task::Flush {
                transport,
                store,
                drain,
            } => self.may_flush(*transport, *store, *drain),
            _ => true,
        }
    }

    /// A task has been carried out.
    pub fn performed(&mut self, task: &Task, outcome: Performed) {
        let result = match outcome {
            Performed::Result(result) | Performed::Sent { result, .. } => result,
        };
        match task {
            Task::SetLockState { store, logon, .. } | Task::FinishedMsg { store, logon, .. } => {
                self.unhold(Some(*logon));
                if let Some(turn) = self.stores[*store].turn.take() {
                    self.turn_taken(turn, result);
                }
                self.next_turn(*store);
                self.check_soon(*store);
            }
            Task::Released { logon, .. } => self.released(*logon),
            Task::Send { transfer, .. } => self.send_returned(*transfer, outcome),
            Task::Cancel {
                transport, logon, ..
            } => {
                self.notify_returned(*transport, NOTIFY_CANCEL_MESSAGE, result);
                self.unhold(Some(*logon));
            }
            Task::Notify {
                transport,
                flags,
                message,
            } => {
                self.notify_returned(*transport, *flags, result);
                if let Some(message) = message {
                    self.asked_back(message);
                }
            }
            Task::Flush {
                transport,
                store,
                drain,
            } => self.flush_returned(*transport, *store, *drain, result),
            Task::Logoff { transport } => self.transport_logged_off(*transport, result),
        }
        self.settle();
        if let Task::Send { transport, .. } = task {
            self.is_awake(Desk::Worker(*transport));
        }
    }

    /// One of a store's callbacks is due: it runs when those before it have returned.
    pub(super) fn take_turn(&mut self, store: StoreKey, what: TurnFor, desk: Desk) {
        self.stores[store].turns.push_back(Turn { what, desk });
        self.next_turn(store);
    }

    /// Which callbacks the store has that none is before, so that there is no turn to wait for. `None`: one is.
    pub(super) fn at_once(&self, store: StoreKey) -> Option<StoreWants> {
        let found = &self.stores[store];
        let free = found.turn.is_none() && found.turns.is_empty();
        free.then(|| self.logons[found.owner(&self.logons)].wants)
    }

    /// Whether the store has the callback; one that it does not have is as good as done.
    fn has_callback(&self, store: StoreKey, turn: &Turn) -> bool {
        let wants = self.logons[self.stores[store].owner(&self.logons)].wants;
        match turn.what {
            TurnFor::Lock(_) | TurnFor::Unlock(_) => wants.set_lock_state,
            TurnFor::Finish(_) => wants.finished_msg,
            TurnFor::Start => false,
        }
    }

    /// Starts the callbacks of the store that are due, up to the first that has to be waited for.
    pub(super) fn next_turn(&mut self, store: StoreKey) {
        while let Some(found) = self.stores.get_mut(store)
            && found.turn.is_none()
            && let Some(turn) = found.turns.pop_front()
        {
            match self.has_callback(store, &turn) {
                true => self.start_turn(store, turn),
                false => self.turn_taken(turn, HResult::OK),
            }
        }
    }

    fn start_turn(&mut self, store: StoreKey, turn: Turn) {
        let desk = turn.desk;
        if let Some(task) = self.begin_turn(store, turn) {
            self.put(desk, task);
        }
    }

    /// The turn is the store's from now on. What it is for, where that is a callback.
    pub(super) fn begin_turn(&mut self, store: StoreKey, turn: Turn) -> Option<Task> {
        let logon = self.stores[store].owner(&self.logons);
        let task = match &turn.what {
            TurnFor::Lock(transfer) => Task::SetLockState {
                store,
                logon,
                id: self.message_of(*transfer).clone(),
                lock: true,
            },
            TurnFor::Unlock(id) => Task::SetLockState {
                store,
                logon,
                id: EntryId::clone(id),
                lock: false,
            },
            TurnFor::Finish(transfer) => Task::FinishedMsg {
                store,
                logon,
                id: self.message_of(*transfer).clone(),
            },
            TurnFor::Start => return None,
        };
        self.stores[store].turn = Some(turn);
        self.hold(Some(logon));
        Some(task)
    }

    fn turn_taken(&mut self, turn: Turn, result: HResult) {
        match turn.what {
            TurnFor::Lock(transfer) => self.lock_returned(transfer, result),
            TurnFor::Unlock(id) => self.unlocked(&id, turn.desk, result),
            TurnFor::Finish(transfer) => self.finished(transfer, result),
            TurnFor::Start => {}
        }
    }

    fn unlocked(&mut self, id: &EntryId, desk: Desk, result: HResult) {
        if !result.succeeded() {
            self.say(Level::Warning, |_| {
                format!(
                    "SetLockState(MSG_UNLOCKED) of message {} answered {result}",
                    show(id)
                )
            });
        }
        self.desk_is_free(desk);
    }

    /// A callback that was given a logon's context is about to run: its Released must wait.
    pub(super) fn hold(&mut self, logon: Option<LogonKey>) {
        if let Some(logon) = logon.and_then(|logon| self.logons.get_mut(logon)) {
            logon.holds += 1;
        }
    }

    pub(super) fn unhold(&mut self, logon: Option<LogonKey>) {
        if let Some(key) = logon
            && let Some(logon) = self.logons.get_mut(key)
        {
            logon.holds -= 1;
            self.try_release(key);
        }
    }
}
