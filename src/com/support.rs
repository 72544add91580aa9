//! The support object: its place in memory, its references, and the way in.
//!
//! A provider holds the object's address, and no check can be made before the first look at it. So a place never goes
//! away: a pointer that was released once too often finds an object without references, or much later another one,
//! and never a foreign thing.

use super::methods::{IMAPISupport, IMAPISupportVtbl, LPMAPISUP, METHODS};
use crate::capi::{HMAPISTORE, HRESULT, MAPISTORE};
use crate::engine::{Error, mapi};
use crate::fence::fence_with;
use crate::presence::fork_generation;
use crate::spooler::{StoreRef, handles};
use std::collections::VecDeque;
use std::ptr;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicPtr, AtomicU64};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// A support object. What its holders see comes first: that is its address.
#[repr(C)]
pub struct Support {
    interface: IMAPISupport,
    /// How many references there are, and how many calls are inside.
    uses: AtomicU64,
    /// The store logon, of which it holds a reference as long as it has any itself.
    logon: AtomicPtr<MAPISTORE>,
    /// The host's object, or null. Held until the last call has left.
    inner: AtomicPtr<IMAPISupport>,
    failure: Mutex<Failure>,
}

/// Result and reason of an object's last call that failed, if the failure was the spooler's.
type Failure = Option<(HRESULT, String)>;

// SAFETY: the table is never written; a host's object is used as its host has it in mind, on the caller's thread.
unsafe impl Sync for Support {}

// The parts of `uses`.
const REFERENCE: u64 = 1;
const CALL: u64 = 1 << 32;

fn references(uses: u64) -> u32 {
    uses as u32
}

/// Places without an object: the longest unused is used first, and none before so many others wait. A forked child
/// begins anew, because a lock that another thread of its parent held stays held for ever.
static UNUSED: [Mutex<VecDeque<&Support>>; 16] = [const { Mutex::new(VecDeque::new()) }; 16];
const UNUSED_AT_LEAST: usize = 256;

fn unused() -> MutexGuard<'static, VecDeque<&'static Support>> {
    let forks = fork_generation() as usize % UNUSED.len();
    UNUSED[forks].lock().unwrap_or_else(PoisonError::into_inner)
}

/// MapiStoreGetSupport: an object for this logon, with one reference. Each has a host's object of its own, so that two
/// calls make two objects.
///
/// # Safety
/// `inner` is null or an `IMAPISupport`.
pub unsafe fn get_support(logon: HMAPISTORE, inner: LPMAPISUP) -> Result<LPMAPISUP, Error> {
    let store = handles::store(logon)?;
    store.check_live()?;
    store.add_ref()?;
    // SAFETY: as the caller says.
    if let Some(inner) = unsafe { inner.as_ref() } {
        // SAFETY: the host's method, with the host's object.
        unsafe { ((*inner.lpVtbl).AddRef)(ptr::from_ref(inner).cast_mut()) };
    }
    Ok(Support::make(logon, inner))
}

impl Support {
    fn make(logon: HMAPISTORE, inner: LPMAPISUP) -> LPMAPISUP {
        let place = Support::place();
        place.logon.store(logon, Relaxed);
        place.inner.store(inner, Relaxed);
        place.uses.store(REFERENCE, Release);
        ptr::from_ref(place).cast_mut().cast()
    }

    fn place() -> &'static Support {
        let mut unused = unused();
        let enough = unused.len() > UNUSED_AT_LEAST;
        match enough.then(|| unused.pop_front()).flatten() {
            Some(place) => place,
            None => Box::leak(Box::new(Support {
                interface: IMAPISupport { lpVtbl: &METHODS },
                uses: AtomicU64::new(0),
                logon: AtomicPtr::default(),
                inner: AtomicPtr::default(),
                failure: Mutex::new(None),
            })),
        }
    }

    /// The object behind a pointer that one of our own methods was called with.
    pub fn of(this: LPMAPISUP) -> &'static Support {
        // SAFETY: our methods are only in objects that were made here, and their places never go away.
        unsafe { &*this.cast::<Support>() }
    }

    /// One reference more; how many there are now. None: it had none left.
    pub fn add_ref(&self) -> u32 {
        let added = self.uses.fetch_update(AcqRel, Acquire, |uses| {
            (references(uses) > 0).then_some(uses + REFERENCE)
        });
        added.map_or(0, |before| references(before) + 1)
    }

    /// One reference less; how many are left. The last one is the logon's release.
    pub fn release(&'static self) -> u32 {
        // The logon's release is a call inside, so that the object stays for it.
        let taken = self
            .uses
            .fetch_update(AcqRel, Acquire, |uses| match references(uses) {
                0 => None,
                1 => Some(uses - REFERENCE + CALL),
                _ => Some(uses - REFERENCE),
            });
        let left = taken.map_or(0, |before| references(before) - 1);
        if taken.is_ok() && left == 0 {
            let _inside = Call(self);
            let logon = self.logon.load(Relaxed);
            // After a fork it is the parent's to release.
            let _ = handles::store(logon).and_then(|store| store.release());
        }
        left
    }

    /// Begins a call, during which the object stays.
    fn enter(&'static self) -> Result<Call, Error> {
        let entered = self.uses.fetch_update(AcqRel, Acquire, |uses| {
            (references(uses) > 0).then_some(uses + CALL)
        });
        entered.map(|_| Call(self)).map_err(|_| Error::Released)
    }

    /// Without references and calls: gives up the host's object, and the place.
    fn end(&'static self) {
        let inner = self.inner.swap(ptr::null_mut(), Relaxed);
        // SAFETY: null, or the host's object, of which we hold a reference.
        if let Some(host) = unsafe { inner.as_ref() } {
            // SAFETY: the host's method, with the host's object.
            unsafe { ((*host.lpVtbl).Release)(inner) };
        }
        self.set_failure(None);
        unused().push_back(self);
    }

    /// `None`: another thread is at it, or was when the process was forked. Then there is no reason to tell.
    fn failure(&self) -> Option<MutexGuard<'_, Failure>> {
        match self.failure.try_lock() {
            Ok(failure) => Some(failure),
            Err(TryLockError::Poisoned(failure)) => Some(failure.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn set_failure(&self, new: Failure) {
        if let Some(mut failure) = self.failure() {
            *failure = new;
        }
    }
}

/// A call that is inside an object: object and host stay until it has left.
pub struct Call(&'static Support);

impl Drop for Call {
    fn drop(&mut self) {
        if self.0.uses.fetch_sub(CALL, AcqRel) == CALL {
            self.0.end();
        }
    }
}

impl Call {
    /// The store logon. Its handle is over where somebody has given up this object's reference to it.
    pub fn store(&self) -> Result<StoreRef, Error> {
        let store = handles::store(self.0.logon.load(Relaxed));
        store.map_err(|error| match error {
            Error::BadHandle(_) => Error::Over,
            other => other,
        })
    }

    /// The host's object, if there is one.
    pub fn inner(&self) -> Option<(LPMAPISUP, &IMAPISupportVtbl)> {
        let inner = self.0.inner.load(Relaxed);
        // SAFETY: null, or the host's object, of which we hold a reference.
        let host = unsafe { inner.as_ref() };
        // SAFETY: a host's object has a table.
        host.map(|host| (inner, unsafe { &*host.lpVtbl }))
    }

    /// Why the object's last call failed, if that was this result and the spooler's.
    pub fn reason(&self, result: HRESULT) -> Option<String> {
        let failure = self.0.failure()?;
        let (of, reason) = failure.as_ref()?;
        (*of == result).then(|| reason.clone())
    }

    /// Keeps the reason of a failure. The host's own are the host's to explain.
    fn note(&self, outcome: &Result<HRESULT, Error>) {
        match outcome {
            Err(error) => {
                let failure = (error.hresult().0, error.to_string());
                self.0.set_failure(Some(failure));
            }
            Ok(mapi::S_OK..) => {}
            Ok(_) => self.0.set_failure(None),
        }
    }
}

/// A call of one of our methods that leaves no reason behind.
pub fn inside(this: LPMAPISUP, body: impl FnOnce(&Call) -> Result<HRESULT, Error>) -> HRESULT {
    fence_with(|| body(&Support::of(this).enter()?))
}

/// A call of one of our methods.
pub fn method(this: LPMAPISUP, body: impl FnOnce(&Call) -> Result<HRESULT, Error>) -> HRESULT {
    inside(this, |call| {
        let outcome = body(call);
        call.note(&outcome);
        outcome
    })
}

/// A method that is the host's.
pub fn forward(
    this: LPMAPISUP,
    call_inner: impl FnOnce(LPMAPISUP, &IMAPISupportVtbl) -> HRESULT,
) -> HRESULT {
    method(this, |call| {
        let (inner, methods) = call.inner().ok_or(Error::NoSupport(
            "this method is the host's, and MapiStoreGetSupport was given no support object of a host",
        ))?;
        Ok(call_inner(inner, methods))
    })
}
