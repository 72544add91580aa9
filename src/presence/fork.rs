//! A forked child shares its parent's open file descriptions, and so would keep the parent's locks alive after the
//! parent's death. Therefore it closes them before `fork` returns, and counts itself as another generation.
//!
//! Children made by `vfork`, `posix_spawn` and `_Fork` do not run these handlers; they are about to exec, which closes
//! the descriptors (O_CLOEXEC).

use std::cell::UnsafeCell;
use std::io;
use std::path::Path;
use std::sync::MutexGuard;
use std::sync::atomic::{AtomicU32, Ordering};

use once_cell::sync::OnceCell;

use super::PresenceError;
use super::memory::{self, Registry};

static GENERATION: AtomicU32 = AtomicU32::new(0);
static WATCHING: OnceCell<()> = OnceCell::new();
static HELD: Held = Held(UnsafeCell::new(None));

/// The registry's lock while a thread is inside `fork`.
struct Held(UnsafeCell<Option<MutexGuard<'static, Registry>>>);

// SAFETY: only the owner of the registry's lock touches the cell. The handlers run in the thread that calls fork: it
// takes the lock in `prepare` and gives it back, as itself or as its image in the child, in `parent` or `child`.
unsafe impl Sync for Held {}

pub(super) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

pub(super) fn watch() -> Result<(), PresenceError> {
    let register = || {
        drop(memory::lock()); // so that the handlers find it made
        // SAFETY: the handlers are functions of this library, which is never unloaded before the process ends or
        // whose unloading removes them (pthread_atfork is linked statically into each shared object for that).
        match unsafe { libc::pthread_atfork(Some(prepare), Some(parent), Some(child)) } {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    };
    WATCHING
        .get_or_try_init(register)
        .map(|_| ())
        .map_err(|error| PresenceError::system("watch forks of", Path::new("this process"), error))
}

/// The thread that forks takes the registry with it, so that the child's copy is whole.
extern "C" fn prepare() {
    let registry = memory::lock();
    // SAFETY: this thread owns the registry's lock.
    unsafe { *HELD.0.get() = Some(registry) };
}

extern "C" fn parent() {
    // SAFETY: this thread owns the registry's lock since `prepare`.
    drop(unsafe { (*HELD.0.get()).take() });
}

/// Only what a signal handler may do, since other threads' locks (malloc's among them) may be taken for ever here:
/// close descriptors, count, and release the lock.
extern "C" fn child() {
    // SAFETY: this thread is the image of the one that took the registry's lock in `prepare`.
    if let Some(mut registry) = unsafe { (*HELD.0.get()).take() } {
        registry.abandon();
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }
}
