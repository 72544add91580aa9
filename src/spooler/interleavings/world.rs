//! A spooler with providers that watch it, and the calls as the programs make them: through handles, as C does.

use super::watch::Watch;
use crate::engine::{
    Counts, EntryId, Error, HResult, Level, Limits, Status, StoreWants, TransportWants, mapi,
};
use crate::spooler::handles::{self, Handle};
use crate::spooler::{
    self, AllocateBuffer, Hooks, Message, Mode, Options, Spooler, StoreCalls, StoreRef,
    TransportCalls, TransportRef,
};
use crate::sync::{Condvar, JoinHandle, Mutex, moment, thread};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub const FOR_EVER: u32 = u32::MAX;

/// Runs something on a thread of its own.
pub fn go<R: Send + 'static>(act: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R> {
    thread::spawn(act)
}

/// Waits for a thread. It has not panicked: that ends the execution.
pub fn join<R>(thread: JoinHandle<R>) -> R {
    thread.join().expect("a thread that returns")
}

#[derive(Clone)]
pub struct World {
    pub handle: Handle,
    pub watch: Arc<Watch>,
    /// How many store logons have been released.
    released: Arc<(Mutex<u32>, Condvar)>,
}

impl World {
    pub fn new() -> World {
        World::with(Mode::Threads, None)
    }

    pub fn with(mode: Mode, log_level: Option<Level>) -> World {
        let watch = Arc::new(Watch::default());
        let hooks = Watcher {
            watch: watch.clone(),
            log_level,
        };
        let options = Options {
            // Tests of other threads see nothing of it.
            profile: format!("{:?}", std::thread::current().id()),
            limits: Limits::default(),
            mode,
            local: true,
            presence_directory: None,
        };
        let handle = Spooler::open(options, || Box::new(hooks)).expect("a spooler");
        World {
            handle,
            watch,
            released: Arc::default(),
        }
    }

    pub fn spooler(&self) -> Result<Arc<Spooler>, Error> {
        handles::spooler(self.handle.as_ptr::<()>())
    }

    pub fn open(&self, id: &str) -> Result<Store, Error> {
        let id = entry_id(id);
        let mut logon = 0;
        let calls = || -> Arc<dyn StoreCalls> {
            logon = self.watch.see().opened(id.clone());
            Arc::new(WatchedStore {
                watch: self.watch.clone(),
                logon,
                count: self.released.clone(),
            })
        };
        let wants = StoreWants {
            set_lock_state: true,
            finished_msg: true,
            released: true,
        };
        let handle = self
            .spooler()?
            .open_store(id.clone(), false, wants, calls)?;
        Ok(Store {
            handle,
            id,
            logon,
            watch: self.watch.clone(),
        })
    }

    /// A transport that the spooler's threads call.
    pub fn driven(&self, manner: Manner) -> Result<Transport, Error> {
        self.add(manner, true)
    }

    /// A transport with threads of its own.
    pub fn self_driven(&self) -> Result<Transport, Error> {
        self.add(Manner::default(), false)
    }

    fn add(&self, manner: Manner, submit: bool) -> Result<Transport, Error> {
        let mut number = 0;
        let calls = || -> Arc<dyn TransportCalls> {
            number = self.watch.see().added();
            Arc::new(WatchedTransport {
                watch: self.watch.clone(),
                number,
                manner,
                asked: AtomicUsize::default(),
                transfer: AtomicUsize::default(),
            })
        };
        let wants = TransportWants {
            submit,
            notify: true,
            flush: submit,
            logoff: true,
        };
        let name = "transport".to_owned();
        let handle = self.spooler()?.add_transport(name, None, wants, calls)?;
        Ok(Transport {
            handle,
            number,
            watch: self.watch.clone(),
        })
    }

    pub fn logoff_stores(&self, word: u32) -> Result<u32, Error> {
        self.spooler()?.logoff_stores(word, FOR_EVER)
    }

    pub fn close(&self, flags: u32) -> Result<(), Error> {
        self.spooler()?.close(flags, FOR_EVER)?;
        self.watch.see().closed();
        Ok(())
    }

    /// Waits for a Released without a call into the library: what is to come comes by itself.
    pub fn await_released(&self) {
        let (count, bell) = &*self.released;
        let guard = count.lock().expect("no panic");
        drop(bell.wait_while(guard, |count| *count == 0));
    }

    /// Closes the spooler and judges what was seen.
    pub fn finish(&self) {
        self.close(0).expect("a close without limit");
        self.judge();
    }

    pub fn judge(&self) {
        assert!(self.spooler().is_err(), "closing ends the handle");
        self.watch.see().judge();
    }
}

pub fn entry_id(id: &str) -> EntryId {
    id.as_bytes().into()
}

/// A store logon's handle.
#[derive(Clone)]
pub struct Store {
    pub handle: Handle,
    id: EntryId,
    pub logon: usize,
    watch: Arc<Watch>,
}

impl Store {
    pub fn found(&self) -> Result<StoreRef, Error> {
        handles::store(self.handle.as_ptr::<()>())
    }

    /// A call that a logon which is over refuses.
    fn live<R>(&self, call: impl FnOnce() -> Result<R, Error>) -> Result<R, Error> {
        let over = self.watch.see().is_over(self.logon);
        let result = call();
        let fits = !over || result.is_err();
        self.watch
            .see()
            .expect(fits, "a logon works after COMPLETE");
        result
    }

    pub fn submit(&self, id: &str) -> Result<(), Error> {
        let id = entry_id(id);
        self.live(|| self.found()?.submit(id.clone()))?;
        self.watch.see().submitted(&id, self.logon);
        Ok(())
    }

    /// StoreLogoffTransports.
    pub fn logoff(&self, word: u32) -> Result<Status, Error> {
        let called = self.watch.see().now();
        let flags = self.live(|| self.found()?.logoff(word))?;
        self.watch.see().logged_off(self.logon, called, flags);
        Ok(flags)
    }

    pub fn status(&self) -> Result<Counts, Error> {
        let over = self.watch.see().is_over(self.logon);
        let counts = self.found()?.status()?;
        let fits = !over || counts.flags.contains(Status::COMPLETE);
        self.watch
            .see()
            .expect(fits, "no COMPLETE in the status of a logon that is over");
        Ok(counts)
    }

    pub fn cancel(&self) -> Result<(), Error> {
        self.found()?.cancel_logoff()
    }

    pub fn wait(&self) -> Result<(), Error> {
        self.found()?.wait(FOR_EVER)?;
        let mut seen = self.watch.see();
        let released = seen.is_released(self.logon);
        seen.expect(released, "waited for Released in vain");
        Ok(())
    }

    pub fn release(&self) -> Result<(), Error> {
        self.found()?.release()
    }
}

/// A transport's handle.
#[derive(Clone)]
pub struct Transport {
    pub handle: Handle,
    number: usize,
    watch: Arc<Watch>,
}

impl Transport {
    pub fn found(&self) -> Result<TransportRef, Error> {
        handles::transport(self.handle.as_ptr::<()>())
    }

    pub fn notify(&self, flags: u32) -> Result<(), Error> {
        self.found()?.spooler_notify(flags, None)
    }

    pub fn remove(&self) -> Result<(), Error> {
        self.found()?.remove()?;
        let mut seen = self.watch.see();
        let destroyed = seen.is_destroyed(self.number);
        seen.expect(destroyed, "removed before Destroy has run");
        Ok(())
    }

    /// Receives a message into the store: begin, yield, end.
    pub fn receive(&self, store: &Store) -> Result<(), Error> {
        let transfer = self.watch.see().begins(&store.id, Status::INBOUND);
        let closed = self.watch.see().reception_is_off(self.number);
        let (transport, to) = (self.handle.as_ptr::<()>(), store.handle.as_ptr::<()>());
        let begun = store.live(|| spooler::begin_inbound(transport, to));
        let Ok(handle) = begun else {
            self.watch.see().ended(transfer);
            return begun.map(drop);
        };
        {
            let mut seen = self.watch.see();
            seen.begun(transfer);
            let fits = !closed || !seen.reception_is_off(self.number);
            seen.expect(fits, "a reception begins while that is off");
        }
        moment();
        self.watch.is_cancelled(handle);
        self.watch.see().ends(transfer);
        self.watch.end(handle, mapi::S_OK);
        self.watch.see().ended(transfer);
        Ok(())
    }

    /// Sends this message of this store: begin, a moment, end.
    pub fn send(&self, store: &Store, id: &str) -> Result<(), Error> {
        let id = entry_id(id);
        let begin = || self.found()?.begin_outbound(&store.found()?, id.clone());
        let handle = store.live(begin)?;
        self.send_begun(handle, &id, store.logon);
        Ok(())
    }

    /// Takes the next message and sends it.
    pub fn take(&self, milliseconds: u32) -> Result<(), Error> {
        let message = self.found()?.take(milliseconds, |message| message)?;
        let handle = message
            .transfer
            .expect("a message in process has a transfer");
        let id = message.id.clone().expect("a message has an identifier");
        self.send_begun(handle, &id, message.store_context);
        Ok(())
    }

    /// Takes and sends until no message can come any more.
    pub fn serve(&self) {
        loop {
            match self.take(FOR_EVER) {
                Ok(()) => {}
                Err(Error::EndOfSession | Error::BadHandle(_)) => return,
                Err(error) => return self.watch.fault(format!("a take without limit: {error}")),
            }
        }
    }

    fn send_begun(&self, handle: Handle, id: &EntryId, logon: usize) {
        let transfer = self.watch.see().sending(id, logon);
        moment();
        let cancelled = self.watch.is_cancelled(handle);
        self.watch.see().sent(transfer, id, !cancelled);
        let result = match cancelled {
            true => mapi::MAPI_E_USER_CANCEL,
            false => mapi::S_OK,
        };
        self.watch.end(handle, result);
    }
}

/// What is true of a transfer until it has been ended, whatever others do.
impl Watch {
    fn is_cancelled(&self, transfer: Handle) -> bool {
        match spooler::spooler_yield(transfer.as_ptr::<()>()) {
            Ok(answer) => answer != HResult::OK,
            Err(error) => {
                self.fault(format!("a yield in a transfer: {error}"));
                true
            }
        }
    }

    fn end(&self, transfer: Handle, result: i32) {
        let ended = spooler::end_transfer(transfer.as_ptr::<()>(), HResult(result), 0, 0);
        if let Err(error) = ended {
            self.fault(format!("the end of a transfer: {error}"));
        }
    }
}

/// How a driven transport sends.
#[derive(Clone, Copy)]
pub struct Manner {
    /// How long it takes.
    pub moments: usize,
    pub heeds_cancel: bool,
    /// What SubmitMessage answers in turn; S_OK when they are used up.
    pub answers: &'static [i32],
}

impl Default for Manner {
    fn default() -> Manner {
        Manner {
            moments: 1,
            heeds_cancel: true,
            answers: &[],
        }
    }
}

struct WatchedTransport {
    watch: Arc<Watch>,
    number: usize,
    manner: Manner,
    asked: AtomicUsize,
    /// The transfer that its SubmitMessage has, as the watch numbers it.
    transfer: AtomicUsize,
}

impl WatchedTransport {
    fn result(&self, message: &Message) -> i32 {
        for _ in 0..self.manner.moments {
            moment();
            let transfer = message
                .transfer
                .expect("a message in process has a transfer");
            if self.manner.heeds_cancel && self.watch.is_cancelled(transfer) {
                return mapi::MAPI_E_USER_CANCEL;
            }
        }
        let turn = self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.manner.answers.get(turn);
        answer.copied().unwrap_or(mapi::S_OK)
    }
}

impl TransportCalls for WatchedTransport {
    fn submit_message(&self, message: &Message) -> (HResult, u32) {
        let id = message.id.as_ref().expect("a message has an identifier");
        {
            let mut seen = self.watch.see();
            seen.enter_transport(self.number);
            let transfer = seen.sending(id, message.store_context);
            self.transfer.store(transfer, Ordering::Relaxed);
        }
        let result = HResult(self.result(message));
        let mut seen = self.watch.see();
        seen.leave_transport(self.number);
        if !result.succeeded() {
            seen.sent(self.transfer.load(Ordering::Relaxed), id, false);
        }
        (result, 0)
    }

    fn end_message(&self, message: &Message) -> (HResult, u32) {
        let id = message.id.as_ref().expect("a message has an identifier");
        self.watch.see().enter_transport(self.number);
        moment();
        let mut seen = self.watch.see();
        seen.leave_transport(self.number);
        seen.sent(self.transfer.load(Ordering::Relaxed), id, true);
        (HResult::OK, 0)
    }

    fn transport_notify(&self, _: u32, _: Option<&Message>) -> HResult {
        self.watch.see().notified(self.number);
        moment();
        self.watch.see().notified(self.number);
        HResult::OK
    }

    fn flush_queues(&self, _: u32) -> HResult {
        {
            let mut seen = self.watch.see();
            seen.enter_transport(self.number);
            seen.flushing = true;
        }
        moment();
        let mut seen = self.watch.see();
        seen.leave_transport(self.number);
        seen.flushing = false;
        seen.flushed += 1;
        HResult::OK
    }

    fn transport_logoff(&self, _: u32) -> HResult {
        self.watch.see().enter_transport(self.number);
        moment();
        let mut seen = self.watch.see();
        seen.leave_transport(self.number);
        seen.transport_logged_off(self.number);
        HResult::OK
    }

    fn destroy(&self) {
        self.watch.see().destroyed(self.number);
    }
}

struct WatchedStore {
    watch: Arc<Watch>,
    logon: usize,
    count: Arc<(Mutex<u32>, Condvar)>,
}

impl WatchedStore {
    fn inside(&self, act: impl FnOnce()) {
        self.watch.see().enter_store(self.logon);
        moment();
        act();
        self.watch.see().leave_store(self.logon);
    }
}

impl StoreCalls for WatchedStore {
    fn set_lock_state(&self, id: &[u8], state: u32) -> HResult {
        self.inside(|| {
            let lock = state == mapi::MSG_LOCKED;
            self.watch.see().set_lock_state(id, lock);
        });
        HResult::OK
    }

    fn finished_msg(&self, _: u32, id: &[u8]) -> HResult {
        self.inside(|| self.watch.see().finished(id));
        HResult::OK
    }

    fn released(&self, _: u32) {
        moment();
        self.watch.see().released(self.logon);
        let (count, bell) = &*self.count;
        *count.lock().expect("no panic") += 1;
        bell.notify_all();
    }

    fn context(&self) -> usize {
        self.logon
    }
}

/// Whoever opened the spooler.
struct Watcher {
    watch: Arc<Watch>,
    log_level: Option<Level>,
}

impl Hooks for Watcher {
    fn allocator(&self) -> Option<AllocateBuffer> {
        None
    }

    fn log(&self, level: Level, line: &str) {
        let mut seen = self.watch.see();
        let overlaps = std::mem::replace(&mut seen.logging, true);
        seen.expect(!overlaps, "two lines of the log at a time");
        let over = seen.spooler_destroyed;
        seen.expect(!over, "a line of the log after Destroy");
        // The only other error that a program brings about.
        let expected = level > Level::Error || line.contains("cannot be started");
        seen.expect(expected, line);
        drop(seen);
        moment();
        self.watch.see().logging = false;
    }

    fn log_level(&self) -> Option<Level> {
        self.log_level
    }

    fn thread_start(&self) {
        self.watch.see().threads += 1;
    }

    fn thread_end(&self) {
        moment();
        let mut seen = self.watch.see();
        seen.threads -= 1;
        let over = seen.spooler_destroyed;
        seen.expect(!over, "a thread ends after Destroy");
    }

    fn destroy(&self) {
        let mut seen = self.watch.see();
        let again = std::mem::replace(&mut seen.spooler_destroyed, true);
        seen.expect(!again, "the spooler's context destroyed twice");
    }
}
