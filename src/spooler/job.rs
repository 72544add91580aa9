//! Tasks with all that they need, for a thread that has given up the lock.

use super::Spooler;
use super::callbacks::{Message, StoreCalls, TransportCalls};
use super::core::Core;
use super::handles::Handle;
use crate::engine::{
    EntryId, Error, HResult, LogonKey, MessageAbout, Performed, Task, TransferKey, TransportKey,
    mapi,
};
use std::sync::Arc;

/// A callback that is about to be called.
pub(super) enum Job<'a> {
    SetLockState(&'a dyn StoreCalls, &'a EntryId, bool),
    FinishedMsg(&'a dyn StoreCalls, &'a EntryId),
    Released(&'a dyn StoreCalls, u32),
    Send(&'a dyn TransportCalls, &'a Message),
    Notify(&'a dyn TransportCalls, u32, Option<Message>),
    Flush(&'a dyn TransportCalls),
    Logoff(&'a dyn TransportCalls),
    /// What it was for has gone.
    Nothing,
}

/// Whom a thread calls and what it sends. With tasks that follow from each other these are mostly the same, so that
/// it keeps them in hand.
#[derive(Default)]
pub(super) struct Hands {
    store: Option<(LogonKey, Arc<dyn StoreCalls>)>,
    transport: Option<(TransportKey, Arc<dyn TransportCalls>)>,
    message: Option<(TransferKey, Message)>,
}

impl Hands {
    fn store(&mut self, core: &Core, logon: LogonKey) -> Option<&dyn StoreCalls> {
        if self.store.as_ref().is_none_or(|(held, _)| *held != logon) {
            let found = core.stores.get(logon);
            self.store = found.map(|calls| (logon, calls.clone()));
        }
        self.store.as_ref().map(|(_, calls)| &**calls)
    }

    fn transport(&mut self, core: &Core, key: TransportKey) -> Option<&dyn TransportCalls> {
        self.take_transport(core, key);
        self.transport.as_ref().map(|(_, calls)| &**calls)
    }

    fn take_transport(&mut self, core: &Core, key: TransportKey) {
        if self.transport.as_ref().is_none_or(|(held, _)| *held != key) {
            let found = core.transports.get(key);
            self.transport = found.map(|side| (key, side.calls.clone()));
        }
    }

    /// What was sent, and is not sent any more.
    pub fn put_down(&mut self) -> Option<(TransportKey, TransferKey)> {
        let (transfer, _) = self.message.take()?;
        let (transport, _) = self.transport.as_ref()?;
        Some((*transport, transfer))
    }
}

impl Core {
    pub fn job<'a>(
        &mut self,
        spooler: &Arc<Spooler>,
        task: &'a Task,
        hands: &'a mut Hands,
    ) -> Result<Job<'a>, Error> {
        let job = match task {
            Task::SetLockState {
                logon, id, lock, ..
            } => hands
                .store(self, *logon)
                .map(|calls| Job::SetLockState(calls, id, *lock)),
            Task::FinishedMsg { logon, id, .. } => hands
                .store(self, *logon)
                .map(|calls| Job::FinishedMsg(calls, id)),
            Task::Released { logon, flags } => hands
                .store(self, *logon)
                .map(|calls| Job::Released(calls, flags.bits())),
            Task::Flush { transport, .. } => hands.transport(self, *transport).map(Job::Flush),
            Task::Logoff { transport } => hands.transport(self, *transport).map(Job::Logoff),
            Task::Send {
                transport,
                transfer,
            } => {
                hands.take_transport(self, *transport);
                self.take_message(spooler, *transport, *transfer, &mut hands.message)?;
                match (&hands.transport, &hands.message) {
                    (Some((_, calls)), Some((_, message))) => Some(Job::Send(&**calls, message)),
                    _ => None,
                }
            }
            Task::Cancel {
                transport,
                transfer,
                ..
            } => match self.engine.shown(*transfer) {
                None => None,
                shown => self.notify(
                    spooler,
                    *transport,
                    mapi::NOTIFY_CANCEL_MESSAGE,
                    shown,
                    hands,
                )?,
            },
            Task::Notify {
                transport,
                flags,
                message,
            } => {
                let shown = message.as_deref().cloned();
                self.notify(spooler, *transport, *flags, shown, hands)?
            }
        };
        Ok(job.unwrap_or(Job::Nothing))
    }

    fn notify<'a>(
        &mut self,
        spooler: &Arc<Spooler>,
        transport: TransportKey,
        flags: u32,
        shown: Option<MessageAbout>,
        hands: &'a mut Hands,
    ) -> Result<Option<Job<'a>>, Error> {
        let message = shown.map(|shown| self.message(spooler, shown));
        let message = message.transpose()?;
        let calls = hands.transport(self, transport);
        Ok(calls.map(|calls| Job::Notify(calls, flags, message)))
    }

    /// The message that a driven transport's thread is about to send. In a relay only some of it is other than it was.
    fn take_message(
        &mut self,
        spooler: &Arc<Spooler>,
        transport: TransportKey,
        transfer: TransferKey,
        held: &mut Option<(TransferKey, Message)>,
    ) -> Result<(), Error> {
        let handle = self.handle_of_sent(spooler, transport, transfer)?;
        match held {
            Some((last, message)) if *last == transfer => {
                let (id, begin_deferred) = self.engine.sends(transfer);
                message.id = id.cloned();
                message.flags = begin_flags(begin_deferred);
                message.transfer = Some(handle);
            }
            _ => {
                let shown = self.engine.shown(transfer);
                let message = shown
                    .map(|shown| self.message(spooler, shown))
                    .transpose()?;
                *held = message.map(|message| (transfer, message));
            }
        }
        Ok(())
    }

    /// A message as the provider is shown it.
    pub fn message(
        &mut self,
        spooler: &Arc<Spooler>,
        shown: MessageAbout,
    ) -> Result<Message, Error> {
        let context = shown.logon.and_then(|logon| self.stores.get(logon));
        Ok(Message {
            flags: begin_flags(shown.begin_deferred),
            id: shown.id,
            store_id: shown.store_id,
            store_context: context.map_or(0, |calls| calls.context()),
            transfer: match (shown.transfer, shown.ticket) {
                (_, Some(ticket)) => Handle::from_number(ticket),
                (Some(transfer), None) => Some(self.handle_of(spooler, transfer)?),
                (None, None) => None,
            },
        })
    }
}

fn begin_flags(begin_deferred: bool) -> u32 {
    match begin_deferred {
        true => mapi::BEGIN_DEFERRED,
        false => 0,
    }
}

impl Job<'_> {
    pub fn run(&self) -> Performed {
        Performed::Result(match self {
            Job::SetLockState(store, id, lock) => store.set_lock_state(
                id,
                if *lock {
                    mapi::MSG_LOCKED
                } else {
                    mapi::MSG_UNLOCKED
                },
            ),
            Job::FinishedMsg(store, id) => store.finished_msg(0, id),
            Job::Released(store, flags) => {
                store.released(*flags);
                HResult::OK
            }
            Job::Notify(transport, flags, message) => {
                transport.transport_notify(*flags, message.as_ref())
            }
            Job::Flush(transport) => transport.flush_queues(mapi::FLUSH_UPLOAD),
            Job::Logoff(transport) => {
                let result = transport.transport_logoff(0);
                transport.destroy();
                result
            }
            Job::Send(transport, message) => {
                let (result, retry_seconds) = transport.submit_message(message);
                let end = result.succeeded().then(|| transport.end_message(message));
                return Performed::Sent {
                    result,
                    retry_seconds,
                    end,
                };
            }
            Job::Nothing => HResult::OK,
        })
    }
}

/// What came of a task whose callback could not be called, or panicked.
pub(super) fn failed(task: &Task, result: i32) -> Performed {
    let result = HResult(result);
    match task {
        Task::Send { .. } => Performed::Sent {
            result,
            retry_seconds: 0,
            end: None,
        },
        _ => Performed::Result(result),
    }
}
