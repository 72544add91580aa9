//! Who else has a store open under the same profile: another spooler of this process, or another process.
//!
//! The question is asked once in the life of a store logon, when it logs off: is this the last open of the store? Of
//! any number of opens that ask at the same moment, in any number of processes, exactly one is told that it is.
//!
//! ```text
//!   mod.rs      what the spooler sees: Presence, Open, PresenceError
//!   memory.rs   the opens of this process, counted; all that a LOCAL spooler needs
//!   unix.rs     other processes, by open-file-description locks        (Linux)
//!   windows.rs  other processes, by LockFileEx                         (Windows)
//!   fork.rs     what a forked child must forget
//! ```
//!
//! A *world* is the set of opens that can see one another: those that meet in one directory, or in this process's
//! memory. Within a world a store is known by its [`Key`]. `memory.rs` counts the opens of this process and
//! holds the world's side of it, [`Others`], once for each store and process: the first open of a store takes a hold on
//! it, the last gives it up. The system forgets the holds of a process that dies, so no entry is ever stale.

#[cfg(unix)]
mod fork;
mod memory;
#[cfg(test)]
mod tests;
#[cfg(target_os = "linux")]
mod unix;
#[cfg(windows)]
mod windows;

use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::{error, fmt, io};

use siphasher::sip128::{Hasher128, SipHasher24};

#[cfg(target_os = "linux")]
use unix as platform;
#[cfg(windows)]
use windows as platform;

/// One spooler's view: made when the spooler is opened, from its profile's name and its options.
pub trait Presence: Send + Sync {
    /// Registers this spooler's open of the store. Dropping the [`Open`], or [`Open::leave`], ends it.
    fn open(&self, store: &[u8]) -> Result<Box<dyn Open>, PresenceError>;
}

/// One open of one store. It counts from [`Presence::open`] until it leaves.
pub trait Open: Send {
    /// One atomic step: if anybody else has the store open (another `Open` of the same profile and store, here or in
    /// another process), this open stops counting and the answer is true. Otherwise it keeps counting, as the last
    /// one, and the answer is false.
    ///
    /// It takes a second at most, and that only where another process was stopped in the middle of its own decision.
    /// An open that no longer counts, and one inherited through fork, answers true.
    fn leave_if_shared(&mut self) -> bool;

    /// Stops counting. Doing it again changes nothing.
    fn leave(&mut self);

    /// For tests that copy a whole spooler: an open like this one, of the copy.
    #[cfg(test)]
    fn copy(&self) -> Box<dyn Open> {
        unreachable!("an open of a real presence is one of a kind")
    }
}

#[cfg(test)]
impl Clone for Box<dyn Open> {
    fn clone(&self) -> Self {
        self.as_ref().copy()
    }
}

/// Sees the other local spoolers of this process, and nothing else (MAPISPOOL_LOCAL).
pub fn local(profile: &str) -> Box<dyn Presence> {
    Box::new(memory::join(
        profile,
        memory::World::Local,
        Box::new(memory::Nobody),
    ))
}

/// Sees every spooler that meets in the same directory, in this process and in others.
///
/// Without a directory it is one that all processes of the user agree on; see `default_directory` of the platform.
pub fn system(profile: &str, directory: Option<&Path>) -> Result<Box<dyn Presence>, PresenceError> {
    watch_forks()?;
    #[cfg(any(target_os = "linux", windows))]
    return Ok(Box::new(platform::join(profile, directory)?));
    #[cfg(not(any(target_os = "linux", windows)))]
    {
        let _ = profile;
        Err(PresenceError::untrusted(
            directory.unwrap_or(Path::new("/")),
            "cannot be used: this system has no locks that belong to an open file",
        ))
    }
}

/// How many forks lie between this process and the one that started with the library. An object remembers it to
/// notice that it was inherited. Always 0 on Windows.
pub fn fork_generation() -> u32 {
    #[cfg(unix)]
    return fork::generation();
    #[cfg(not(unix))]
    0
}

/// From now on, for the life of the process, forks are noticed: [`fork_generation`] grows in the child, which holds
/// none of its parent's opens. [`system`] calls it; who opens only [`local`] spoolers calls it first.
pub fn watch_forks() -> Result<(), PresenceError> {
    #[cfg(unix)]
    return fork::watch();
    #[cfg(not(unix))]
    Ok(())
}

/// Why the opens of other processes cannot be seen.
#[derive(Debug)]
pub enum PresenceError {
    /// The directory, or a file in it, cannot be made or cannot be trusted.
    Untrusted { path: PathBuf, reason: String },
    /// The process or the system has no descriptors, locks or memory left.
    Exhausted { path: PathBuf, source: io::Error },
    /// Another refusal of the operating system.
    System {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The spooler was opened before a fork and belongs to the parent process.
    Inherited,
}

impl PresenceError {
    /// Whether descriptors, locks or memory ran out: the same call may succeed later.
    pub fn is_exhausted(&self) -> bool {
        matches!(self, Self::Exhausted { .. })
    }

    fn untrusted(path: &Path, reason: impl Into<String>) -> Self {
        Self::Untrusted {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }

    /// The operating system's refusal to do `action` with `path`.
    fn system(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if ran_out(&source) {
            Self::Exhausted { path, source }
        } else {
            Self::System {
                action,
                path,
                source,
            }
        }
    }

    /// The same where the directory itself cannot be had, which another directory would cure.
    fn directory(action: &'static str, path: &Path, source: io::Error) -> Self {
        match Self::system(action, path, source) {
            Self::System { source, .. } => {
                Self::untrusted(path, format!("cannot be {action}: {source}"))
            }
            exhausted => exhausted,
        }
    }
}

#[cfg(unix)]
fn ran_out(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::EMFILE | libc::ENFILE | libc::ENOLCK | libc::ENOMEM)
    )
}

#[cfg(windows)]
fn ran_out(error: &io::Error) -> bool {
    use windows_sys::Win32::Foundation::{
        ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY,
        ERROR_TOO_MANY_OPEN_FILES,
    };
    let code = error.raw_os_error().map(|code| code as u32);
    matches!(
        code,
        Some(
            ERROR_TOO_MANY_OPEN_FILES
                | ERROR_NO_SYSTEM_RESOURCES
                | ERROR_NOT_ENOUGH_MEMORY
                | ERROR_OUTOFMEMORY
        )
    )
}

impl fmt::Display for PresenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted { path, reason } => write!(
                f,
                "{}, where programs see who else has a store open, {reason}; choose another directory, or open the \
                 spooler with MAPISPOOL_LOCAL to do without",
                path.display()
            ),
            Self::Exhausted { path, source } => {
                write!(f, "no descriptors, locks or memory left for {}: {source}", path.display())
            }
            Self::System { action, path, source } => write!(f, "cannot {action} {}: {source}", path.display()),
            Self::Inherited => {
                f.write_str("the spooler was opened before fork and belongs to the parent process; open a new one")
            }
        }
    }
}

impl error::Error for PresenceError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Exhausted { source, .. } | Self::System { source, .. } => Some(source),
            Self::Untrusted { .. } | Self::Inherited => None,
        }
    }
}

/// Profile and store in 128 bits, the same in every process and release: files of version 1 depend on it. Bytes,
/// because a `u128` has room left beside it where there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key([u8; 16]);

impl Key {
    fn new(profile: &str, store: &[u8]) -> Self {
        let mut hasher = SipHasher24::new_with_keys(
            u64::from_le_bytes(*b"mapispoo"),
            u64::from_le_bytes(*b"l opens1"),
        );
        // The length keeps profile "ab", store "c" apart from profile "a", store "bc".
        hasher.write(&(profile.len() as u64).to_le_bytes());
        hasher.write(profile.as_bytes());
        hasher.write(store);
        Self(hasher.finish128().as_u128().to_le_bytes())
    }

    #[cfg(any(target_os = "linux", windows))]
    fn number(self) -> u128 {
        u128::from_le_bytes(self.0)
    }

    /// Which of a power of two of files the store's byte is in.
    #[cfg(any(target_os = "linux", windows))]
    fn file(self, files: usize) -> usize {
        self.number() as usize & (files - 1)
    }

    /// The store's byte in that file. 62 bits, so that it and the byte after it fit a signed 64-bit offset.
    #[cfg(any(target_os = "linux", windows))]
    fn byte(self) -> u64 {
        (self.number() >> 66) as u64
    }
}

/// A world as the operating system keeps it: this process's holds on stores, and the question for those of others.
/// Every call is made under the registry's lock.
trait Others: Send {
    /// Lets other processes see that this one has the store open.
    fn hold(&mut self, key: Key) -> Result<(), PresenceError>;

    /// Ends that.
    fn release(&mut self, key: Key);

    /// Releases the store and answers true if another process holds it; else keeps it and answers false. `None`:
    /// another process is deciding about this store right now, ask again.
    fn release_if_shared(&mut self, key: Key) -> Option<bool>;

    /// The same without waiting for one's turn, when a process that was stopped in the middle of its decision blocks
    /// it.
    fn release_if_shared_out_of_turn(&mut self, key: Key) -> bool;

    /// In a forked child: closes what was inherited without touching the parent's holds. Must be async-signal-safe.
    #[cfg(unix)]
    fn abandon(&mut self);
}
