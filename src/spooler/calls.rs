//! The calls: each an event for the engine, and a wait where the engine says so.

use super::callbacks::{AllocateBuffer, Message, StoreCalls, TransportCalls};
use super::core::{Core, Guard, Seat, TransportSide};
use super::handles::{self, Handle, Object};
use super::threads::Thread;
use super::{Mode, Spooler, reception};
use crate::engine::{
    Answer, Counts, Desk, EntryId, Error, HResult, LogonKey, Reply, Status, StoreWants, Time,
    TransferKey, TransportKey, TransportWants, mapi,
};
use std::any::Any;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// A transport, by its handle.
pub struct TransportRef {
    pub(super) spooler: Arc<Spooler>,
    pub(super) key: TransportKey,
}

/// A store logon, by its handle.
pub struct StoreRef {
    pub(super) spooler: Arc<Spooler>,
    pub(super) key: LogonKey,
    pub(super) handle: Handle,
}

/// A transfer, by its handle.
pub struct TransferRef {
    pub(super) spooler: Arc<Spooler>,
    pub(super) key: TransferKey,
    pub(super) handle: Handle,
}

/// A transfer that its caller has not got yet. If he never does, nobody could end it: its message goes back.
struct Begun<'a> {
    spooler: &'a Arc<Spooler>,
    transfer: TransferKey,
}

impl Begun<'_> {
    fn hand_over(self) {
        std::mem::forget(self);
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.spooler.event(|core| {
            let result = HResult(mapi::MAPI_E_NOT_ENOUGH_RESOURCES);
            let _ = core.engine.end_transfer(self.transfer, result, 0, 0);
            core.forget_transfer(self.transfer);
        });
    }
}

/// A caller's limit in milliseconds.
fn limit(milliseconds: u32) -> Option<Time> {
    (milliseconds != u32::MAX).then_some(Time::from(milliseconds))
}

impl Spooler {
    /// Adds a transport. `calls` is called only when nothing can fail any more.
    pub fn add_transport(
        self: &Arc<Self>,
        name: String,
        own_store: Option<EntryId>,
        wants: TransportWants,
        calls: impl FnOnce() -> Arc<dyn TransportCalls>,
    ) -> Result<Handle, Error> {
        let added = self.event(|core| {
            let has_stores = !core.stores.is_empty();
            self.staff_control(core, has_stores)?;
            let handle = handles::reserve()?;
            let added = core.engine.add_transport(name.clone(), own_store, wants);
            let key = added.inspect_err(|_| handles::give_back(handle))?;
            handles::fill(handle, self, Object::Transport(key));
            let admission = reception::Admission::new(handle, self);
            core.engine.set_admission(key, Box::new(admission));
            core.transports.insert(
                key,
                TransportSide {
                    calls: calls(),
                    handle,
                    sending: None,
                    name,
                    seat: Seat::default(),
                },
            );
            Ok(handle)
        });
        added.map_err(|error| self.reported(error))
    }

    /// Starts the control thread before it is needed: with a store and a transport there are things to tell
    /// and times to keep, and later there may be no thread to be had.
    fn staff_control(self: &Arc<Self>, core: &mut Core, needed: bool) -> Result<(), Error> {
        match self.mode == Mode::Threads && needed {
            true => self.staff(core, Desk::Control),
            false => Ok(()),
        }
    }

    /// Starts the threads of the driven transports before the first message.
    fn staff_workers(self: &Arc<Self>, core: &mut Core) -> Result<(), Error> {
        if self.mode == Mode::Threads && !core.stopping {
            while let Some(key) = core.unstaffed_worker() {
                self.staff(core, Desk::Worker(key))?;
            }
        }
        Ok(())
    }

    /// Opens a store. `calls` is called only when nothing can fail any more.
    pub fn open_store(
        self: &Arc<Self>,
        id: EntryId,
        default_inbox: bool,
        wants: StoreWants,
        calls: impl FnOnce() -> Arc<dyn StoreCalls>,
    ) -> Result<Handle, Error> {
        let opened = self
            .presence
            .open(&id)
            .map_err(Error::from)
            .and_then(|open| {
                self.event(|core| {
                    let has_transports = !core.transports.is_empty();
                    self.staff_control(core, has_transports)?;
                    let handle = handles::reserve()?;
                    let reception = reception::Reception::new(handle, self);
                    let key = core.engine.open_store(id, default_inbox, wants, open)?;
                    handles::fill(handle, self, Object::Store(key));
                    core.engine.set_reception(key, Box::new(reception));
                    core.stores.insert(key, calls());
                    Ok(handle)
                })
            });
        opened.map_err(|error| self.reported(error))
    }

    /// MapiSpoolerLogoffStores.
    pub fn logoff_stores(self: &Arc<Self>, word: u32, milliseconds: u32) -> Result<u32, Error> {
        let caller = self.caller();
        let reply = self.event(|core| {
            if word & mapi::LOGOFF_PURGE != 0 {
                self.staff_workers(core)?;
            }
            core.engine.logoff_stores(word, caller)
        });
        match reply.map_err(|error| self.reported(error))? {
            Reply::Done(incomplete) => Ok(incomplete),
            Reply::Wait(call, _) => match self.wait(call, limit(milliseconds)) {
                Answer::Incomplete(incomplete) => Ok(incomplete),
                other => Err(self.unexpected(other)),
            },
        }
    }

    /// MapiSpoolerClose.
    pub fn close(self: &Arc<Self>, flags: u32, milliseconds: u32) -> Result<(), Error> {
        if flags & !mapi::LOGOFF_ABORT != 0 {
            return Err(self.reported(Error::UnknownFlags(flags)));
        }
        let caller = self.caller();
        let until = self.deadline(limit(milliseconds));
        let call = self.event(|core| core.engine.close(flags != 0, caller));
        match self.wait(
            call.map_err(|error| self.reported(error))?,
            limit(milliseconds),
        ) {
            Answer::Done if self.shut_down(until) => Ok(()),
            Answer::Done => Err(self.reported(Error::Timeout(
                "the log callback or a thread's hook has not returned yet; the spooler stays closing",
            ))),
            other => Err(self.unexpected(other)),
        }
    }

    /// When a limit that begins now has passed, by the real time since the spooler was opened.
    fn deadline(&self, limit: Option<Time>) -> Option<Duration> {
        limit.map(|limit| self.opened.elapsed() + Duration::from_millis(limit))
    }

    /// The same, but not before what the spooler's own threads need to end: a limit of 0 allows for that.
    fn moments_left(&self, until: Option<Duration>) -> Option<Duration> {
        const MOMENTS: Duration = Duration::from_secs(1);
        until.map(|until| until.max(self.opened.elapsed() + MOMENTS))
    }

    /// Everything has ended: joins the threads and gives up the handles, once. `false`: the log callback or a
    /// thread's hook has not returned until then.
    fn shut_down(&self, until: Option<Duration>) -> bool {
        let until = self.moments_left(until);
        let mut core = self.lock();
        core.stopping = true;
        core.control.ring();
        let gone: Vec<TransportKey> = core.transports.keys().collect();
        for key in gone {
            core.forget_transport(key);
        }
        let control = core.control.thread.take();
        core.left.extend(control);
        drop(core);
        if !self.join_left(until) || !self.end_log(until) {
            return false;
        }
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if !*closed {
            if let Some(handle) = self.handle.get() {
                handles::remove(*handle);
            }
            *closed = true;
            self.hooks.destroy();
        }
        true
    }

    /// The error in an answer; another answer than the call can have is a defect.
    fn unexpected(&self, answer: Answer) -> Error {
        let error = match answer {
            Answer::Failed(error) => error,
            other => Error::Defect(format!("a call was answered {other:?}")),
        };
        self.reported(error)
    }

    /// Waits for the threads that have left their desks. `false`: one has not ended until then.
    fn join_left(&self, until: Option<Duration>) -> bool {
        let mut waiting = Some(self.lock());
        let run = |core: &mut Guard| !core.left.iter().all(Thread::has_ended);
        while let Some(core) = waiting.take_if(run) {
            let bell = core.thread_ended.clone();
            waiting = self.wait_until_bell(&bell, core, until);
        }
        drop(waiting);
        // A close that comes meanwhile waits here: when it returns, no thread is left.
        let _joining = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut core = self.lock();
        let ended = core.left.extract_if(.., |thread| thread.has_ended());
        let ended: Vec<Thread> = ended.collect();
        let all = core.left.is_empty();
        drop(core);
        ended.into_iter().for_each(Thread::join);
        all
    }
}

impl TransportRef {
    /// MapiTransportRemove.
    pub fn remove(&self) -> Result<(), Error> {
        let spooler = &self.spooler;
        let caller = spooler.caller();
        let until = spooler.deadline(spooler.limits.abort);
        let reply = spooler.event(|core| core.engine.remove_transport(self.key, caller));
        let answer = match reply.map_err(|error| spooler.reported(error))? {
            Reply::Done(()) => Answer::Done,
            Reply::Wait(call, limit) => spooler.wait(call, limit),
        };
        match answer {
            Answer::Done => {
                spooler.lock().forget_transport(self.key);
                // A thread that has not ended until then is the close's to join.
                spooler.join_left(spooler.moments_left(until));
                Ok(())
            }
            other => Err(spooler.unexpected(other)),
        }
    }

    /// MapiTransportSpoolerNotify.
    pub fn spooler_notify(&self, flags: u32, id: Option<EntryId>) -> Result<(), Error> {
        let told = self
            .spooler
            .event(|core| core.engine.spooler_notify(self.key, flags, id.as_deref()));
        told.map_err(|error| self.spooler.reported(error))
    }

    /// MapiTransportTakeMessage. `show` makes what the caller gets a pointer to.
    pub fn take<M: Any + Send + Sync>(
        &self,
        milliseconds: u32,
        show: impl FnOnce(Message) -> M,
    ) -> Result<Arc<M>, Error> {
        let taken = self
            .take_transfer(milliseconds)
            .and_then(|transfer| self.show(transfer, show));
        taken.map_err(|error| self.spooler.reported(error))
    }

    fn take_transfer(&self, milliseconds: u32) -> Result<TransferKey, Error> {
        let spooler = &self.spooler;
        let caller = spooler.caller();
        if milliseconds > 0 {
            spooler.refuse_in_callback()?;
        }
        let call = spooler.event(|core| core.engine.take(self.key, caller))?;
        spooler.wait_until(call, limit(milliseconds));
        // A message whose SetLockState is under way is as good as there.
        if !caller.in_callback && spooler.lock().engine.take_is_locking(call) {
            spooler.wait_until(call, spooler.limits.abort);
        }
        match spooler.wait(call, Some(0)) {
            Answer::Transfer(transfer) => Ok(transfer),
            Answer::Failed(error) => Err(error),
            other => Err(Error::Defect(format!("a take was answered {other:?}"))),
        }
    }

    /// Shows a message that was handed out.
    fn show<M: Any + Send + Sync>(
        &self,
        transfer: TransferKey,
        show: impl FnOnce(Message) -> M,
    ) -> Result<Arc<M>, Error> {
        let spooler = &self.spooler;
        let begun = Begun { spooler, transfer };
        let message = spooler.event(|core| {
            let shown = core
                .engine
                .shown(transfer)
                .ok_or(Error::BadHandle("transfer"))?;
            core.message(spooler, shown)
        })?;
        let handle = message.transfer;
        let shown = Arc::new(show(message));
        if let Some(handle) = handle {
            handles::keep(handle, shown.clone());
        }
        begun.hand_over();
        Ok(shown)
    }

    /// MapiTransportBeginOutbound.
    pub fn begin_outbound(&self, store: &StoreRef, id: EntryId) -> Result<Handle, Error> {
        let begun = self.begin_transfer(store, id);
        begun.map_err(|error| self.spooler.reported(error))
    }

    fn begin_transfer(&self, store: &StoreRef, id: EntryId) -> Result<Handle, Error> {
        let spooler = &self.spooler;
        self.check_same_spooler(store)?;
        let caller = spooler.caller();
        let call =
            spooler.event(|core| core.engine.begin_outbound(self.key, store.key, id, caller))?;
        let limit = if caller.in_callback {
            Some(0)
        } else {
            spooler.limits.abort
        };
        match spooler.wait(call, limit) {
            Answer::Transfer(transfer) => {
                let begun = Begun { spooler, transfer };
                let handle = spooler.event(|core| core.handle_of(spooler, transfer))?;
                begun.hand_over();
                Ok(handle)
            }
            Answer::Failed(error) => Err(error),
            other => Err(Error::Defect(format!("a begin was answered {other:?}"))),
        }
    }

    fn begin_inbound(&self, store: Option<&StoreRef>) -> Result<Handle, Error> {
        let spooler = &self.spooler;
        let caller = spooler.caller();
        let begun = store
            .map_or(Ok(()), |store| self.check_same_spooler(store))
            .and_then(|()| {
                spooler.brief_event(|core| {
                    let transfer = core.engine.begin_inbound(
                        self.key,
                        store.map(|store| store.key),
                        caller,
                    )?;
                    let handle = core.handle_of(spooler, transfer);
                    if handle.is_err() {
                        core.engine.end_transfer(transfer, HResult::OK, 0, 0)?;
                    }
                    handle
                })
            });
        begun.map_err(|error| spooler.reported(error))
    }

    fn check_same_spooler(&self, store: &StoreRef) -> Result<(), Error> {
        match Arc::ptr_eq(&self.spooler, &store.spooler) {
            true => Ok(()),
            false => Err(Error::OtherSpooler),
        }
    }
}

/// MapiTransportBeginInbound, at the store's reception if that is open.
pub fn begin_inbound<T, S>(transport: *mut T, store: *mut S) -> Result<Handle, Error> {
    let handles = (Handle::from_ptr(transport), Handle::from_ptr(store));
    if let (Some(transport), Some(store)) = handles
        && let Some(transfer) = reception::begin(transport, store)
    {
        return Ok(transfer);
    }
    begin_inbound_by_engine(transport, store)
}

#[cold]
#[inline(never)] // what is rare is kept out of the way of what is not
fn begin_inbound_by_engine<T, S>(transport: *mut T, store: *mut S) -> Result<Handle, Error> {
    let store = match store.is_null() {
        true => None,
        false => Some(handles::store(store)?),
    };
    handles::transport(transport)?.begin_inbound(store.as_ref())
}

/// MapiTransferSpoolerYield.
pub fn spooler_yield<T>(transfer: *mut T) -> Result<HResult, Error> {
    match Handle::from_ptr(transfer).is_some_and(reception::goes_on) {
        true => Ok(HResult::OK),
        false => handles::transfer(transfer)?.spooler_yield(),
    }
}

/// MapiTransferEnd.
pub fn end_transfer<T>(
    transfer: *mut T,
    result: HResult,
    end_flags: u32,
    retry_seconds: u32,
) -> Result<(), Error> {
    let handle = Handle::from_ptr(transfer);
    if end_flags == 0 && handle.is_some_and(reception::end) {
        return Ok(());
    }
    end_transfer_by_engine(transfer, result, end_flags, retry_seconds)
}

#[inline(never)]
fn end_transfer_by_engine<T>(
    transfer: *mut T,
    result: HResult,
    end_flags: u32,
    retry_seconds: u32,
) -> Result<(), Error> {
    // What is wrong with the flags is for the engine to say.
    if let Some(handle) = Handle::from_ptr(transfer) {
        reception::hand_over(handle);
    }
    handles::transfer(transfer)?.end(result, end_flags, retry_seconds)
}

impl TransferRef {
    fn spooler_yield(&self) -> Result<HResult, Error> {
        let core = self.spooler.lock();
        // The transfer may go on with another message by now.
        if core
            .transfers
            .get(self.key)
            .is_some_and(|handle| *handle != self.handle)
        {
            return Err(Error::BadHandle("transfer"));
        }
        match core.engine.is_cancelled(self.key)? {
            true => Ok(HResult(mapi::MAPI_W_CANCEL_MESSAGE)),
            false => Ok(HResult::OK),
        }
    }

    fn end(&self, result: HResult, end_flags: u32, retry_seconds: u32) -> Result<(), Error> {
        let ended = self.spooler.event(|core| {
            core.engine
                .end_transfer(self.key, result, end_flags, retry_seconds)?;
            core.end_transfer_handle(self.key, self.handle);
            Ok(())
        });
        ended.map_err(|error: Error| self.spooler.reported(error))
    }
}

impl StoreRef {
    /// An event of this store logon, its error reported.
    fn event<R>(&self, change: impl FnOnce(&mut Core) -> Result<R, Error>) -> Result<R, Error> {
        self.spooler
            .event(change)
            .map_err(|error| self.spooler.reported(error))
    }

    /// An error where the store logon is over.
    pub fn check_live(&self) -> Result<(), Error> {
        self.event(|core| core.engine.check_live(self.key))
    }

    /// IMAPISupport::SpoolerNotify.
    pub fn notify(&self, flags: u32) -> Result<(), Error> {
        self.event(|core| core.engine.store_notify(self.key, flags))
    }

    /// MAPIAllocateBuffer, if the spooler was given one.
    pub fn allocator(&self) -> Option<AllocateBuffer> {
        self.spooler.hooks.allocator()
    }

    /// MapiStoreSubmitMessage.
    pub fn submit(&self, id: EntryId) -> Result<(), Error> {
        self.event(|core| {
            self.spooler.staff_workers(core)?;
            core.engine.submit(self.key, id)
        })
    }

    /// MapiStoreAbortSubmit.
    pub fn abort_submit(&self, id: &[u8]) -> Result<(), Error> {
        self.event(|core| core.engine.abort_submit(self.key, id))
    }

    /// MapiStoreGetStatus.
    pub fn status(&self) -> Result<Counts, Error> {
        self.event(|core| core.engine.status(self.key))
    }

    /// The engine takes over what comes in at the reception.
    pub(super) fn gather(&self) {
        self.spooler
            .brief_event(|core| core.engine.gather_logon(self.key));
    }

    /// StoreLogoffTransports.
    pub fn logoff(&self, word: u32) -> Result<Status, Error> {
        let caller = self.spooler.caller();
        let reply = self.event(|core| {
            if word & mapi::LOGOFF_PURGE != 0 {
                self.spooler.staff_workers(core)?;
            }
            core.engine.logoff(self.key, word, caller)
        })?;
        match reply {
            Reply::Done(flags) => Ok(flags),
            Reply::Wait(call, limit) => match self.spooler.wait(call, limit) {
                Answer::Status(flags) => Ok(flags),
                other => Err(self.spooler.unexpected(other)),
            },
        }
    }

    /// MapiStoreCancelLogoff.
    pub fn cancel_logoff(&self) -> Result<(), Error> {
        self.event(|core| core.engine.cancel_logoff(self.key))
    }

    /// MapiStoreWait.
    pub fn wait(&self, milliseconds: u32) -> Result<(), Error> {
        let call = match self.event(|core| core.engine.wait_released(self.key))? {
            Reply::Done(()) => return Ok(()),
            Reply::Wait(call, _) => call,
        };
        if milliseconds > 0
            && let Err(error) = self.spooler.refuse_in_callback()
        {
            self.spooler.wait(call, Some(0));
            return Err(self.spooler.reported(error));
        }
        match self.spooler.wait(call, limit(milliseconds)) {
            Answer::Done => Ok(()),
            other => Err(self.spooler.unexpected(other)),
        }
    }

    /// MapiStoreLogoff: the word for the caller.
    pub fn save_logoff(&self, word: u32) -> Result<u32, Error> {
        self.event(|core| core.engine.save_logoff(self.key, word))
    }

    /// MapiStoreLogoff with a null pointer.
    pub fn save_nothing(&self) -> Result<(), Error> {
        self.save_logoff(0).map(drop)
    }

    /// MapiStoreAddRef.
    pub fn add_ref(&self) -> Result<(), Error> {
        handles::add_reference(self.handle).map_err(|error| self.spooler.reported(error))
    }

    /// MapiStoreRelease.
    pub fn release(&self) -> Result<(), Error> {
        if !handles::drop_reference(self.handle).map_err(|error| self.spooler.reported(error))? {
            return Ok(());
        }
        let caller = self.spooler.caller();
        match self.event(|core| core.engine.release(self.key, caller))? {
            Reply::Done(()) => {}
            Reply::Wait(call, limit) => drop(self.spooler.wait(call, limit)),
        }
        Ok(())
    }
}
