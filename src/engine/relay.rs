//! The usual way of a message: locked, sent, finished, and the next of its store goes the same way.
//!
//! A driven transport that sends a long queue asks the rules the same questions for each message, and gets the
//! same answers. [`Engine::relay`] is the short way to them. It is taken only where it ends where the rules end:
//! the tests hold the one against the other in every state that they come through.

use super::desk::{Turn, TurnFor};
use super::queue::State;
use super::transfer::Stage;
use super::*;

/// What goes from message to message in a relay.
struct Baton {
    transfer: TransferKey,
    message: MessageKey,
    store: StoreKey,
    transport: TransportKey,
    logon: LogonKey,
    wants: StoreWants,
}

impl Engine {
    /// A task of a driven transport's thread has been carried out; returns the one that the thread goes on with:
    /// [`Engine::performed`] and [`Engine::next_task`] in one step. `None`: this is not the usual case, and
    /// nothing has happened.
    pub fn relay(&mut self, task: &Task, outcome: Performed) -> Option<Task> {
        if !task.is_timeless(&outcome) || self.logs(Level::Debug) {
            return None;
        }
        match *task {
            Task::Send { transfer, .. } => self.relay_sent(self.baton(transfer)?),
            Task::SetLockState { store, .. } | Task::FinishedMsg { store, .. } => {
                match self.stores[store].turn.as_ref()?.what {
                    TurnFor::Lock(transfer) => Some(self.relay_locked(&self.baton(transfer)?)),
                    TurnFor::Finish(transfer) => self.pass_on(self.baton(transfer)?),
                    TurnFor::Start | TurnFor::Unlock(_) => None,
                }
            }
            _ => None,
        }
    }

    /// SetLockState has returned: the message is sent.
    fn relay_locked(&mut self, baton: &Baton) -> Task {
        self.end_relayed_turn(baton);
        if let Some(record) = self.messages[baton.message].noted() {
            record.lock_failures = 0;
        }
        self.relay_send(baton)
    }

    /// SubmitMessage and EndMessage have returned: FinishedMsg comes, where the store has it.
    fn relay_sent(&mut self, baton: Baton) -> Option<Task> {
        if self.stores[baton.store].turn.is_some() {
            return None;
        }
        if !baton.wants.finished_msg {
            return self.pass_on(baton);
        }
        self.transfers[baton.transfer].stage = Stage::Sent;
        self.begin_relayed_turn(&baton, TurnFor::Finish(baton.transfer))
    }

    /// The message is finished, and the next one is locked or sent.
    fn pass_on(&mut self, mut baton: Baton) -> Option<Task> {
        let next = self.next_in_relay(&baton)?;
        self.end_relayed_turn(&baton);
        self.stores[baton.store].finished += 1;
        self.forget(baton.message);
        self.leave_place(next);
        self.leave_empty_rings(&baton);
        self.messages[next].state = State::InProcess;
        self.transfers[baton.transfer].message = Some(next);
        self.is_latest(baton.transfer);
        baton.message = next;
        if !baton.wants.set_lock_state {
            return Some(self.relay_send(&baton));
        }
        self.transfers[baton.transfer].stage = Stage::Locking;
        self.begin_relayed_turn(&baton, TurnFor::Lock(baton.transfer))
    }

    /// `None`: the thread has something to think of beside the messages of this store.
    fn baton(&self, key: TransferKey) -> Option<Baton> {
        let transfer = &self.transfers[key];
        let store = &self.stores[transfer.store];
        let usual = transfer.desk == Desk::Worker(transfer.transport)
            && !transfer.told
            && store.turns.is_empty()
            && store.owner(&self.logons) == transfer.logon
            && self.may_begin(transfer);
        if !usual {
            return None;
        }
        Some(Baton {
            transfer: key,
            message: transfer.message?,
            store: transfer.store,
            transport: transfer.transport,
            logon: transfer.logon,
            wants: self.logons[transfer.logon].wants,
        })
    }

    /// The message that the transport gets next, if it is one of the same store, and nobody comes first.
    fn next_in_relay(&self, baton: &Baton) -> Option<MessageKey> {
        let transport = &self.transports[baton.transport];
        let store = &self.stores[baton.store];
        let [ordinary, draining] = &transport.rings;
        let is_next = match store.draining() {
            true => *draining == [baton.store],
            false => draining.is_empty() && *ordinary == [baton.store],
        };
        let usual = is_next && transport.flushes.is_empty() && store.promised == 0;
        usual.then(|| store.lines.first_for(transport.seat))?
    }

    /// A store that has nothing more for the transport does not stand in its ring.
    fn leave_empty_rings(&mut self, baton: &Baton) {
        let store = &mut self.stores[baton.store];
        let transport = &mut self.transports[baton.transport];
        if !store.lines.wanted().contains(transport.seat) {
            let ring = store.ring();
            transport.rings[ring].clear();
            store.ringed[ring].remove(transport.seat);
        }
    }

    fn begin_relayed_turn(&mut self, baton: &Baton, what: TurnFor) -> Option<Task> {
        let desk = Desk::Worker(baton.transport);
        self.begin_turn(baton.store, Turn { what, desk })
    }

    /// The store's callback has returned, if it was one.
    fn end_relayed_turn(&mut self, baton: &Baton) {
        if self.stores[baton.store].turn.take().is_some() {
            self.logons[baton.logon].holds -= 1;
        }
    }

    fn relay_send(&mut self, baton: &Baton) -> Task {
        self.transfers[baton.transfer].stage = Stage::Running;
        Task::Send {
            transport: baton.transport,
            transfer: baton.transfer,
        }
    }
}
