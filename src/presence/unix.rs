//! Other processes, by byte-range locks on empty files in a directory that belongs to the user alone.
//!
//! The locks are open file description locks (fcntl(2), "Open file description locks"): unlike the older ones that
//! belong to a process, they survive that some other library opens and closes the same file, and unlike flock(2) they
//! lock single bytes, of which a file has enough for all stores, whether written or not. The system drops them with
//! the last descriptor, also after SIGKILL.
//!
//! | file | byte of the store | means |
//! | --- | --- | --- |
//! | `opens-v1-00` to `opens-v1-ff` | read lock | this process has the store open |
//! | `decisions-v1` | write lock | this process is finding out whether it is the last |
//!
//! The decision lock makes "does anybody else hold it? then I let go" one step: without it, two last opens would see
//! each other and both let go.
//!
//! The kernel keeps the locks of one file in a list that each call walks through, so the stores are spread over
//! [`FILES`] files; and decisions have a file of their own, whose list is all but empty.

use std::ffi::{CStr, CString};
use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::{env, io};

use libc::c_int;
#[cfg(not(all(target_env = "gnu", target_pointer_width = "32")))]
use libc::{fcntl as fcntl64, flock as flock64};

#[cfg(all(target_env = "gnu", target_pointer_width = "32"))]
use libc::flock64;
#[cfg(all(target_env = "gnu", target_pointer_width = "32"))]
unsafe extern "C" {
    // With plain fcntl glibc's 32-bit programs have 32-bit offsets only.
    fn fcntl64(descriptor: c_int, command: c_int, ...) -> c_int;
}

use super::memory::{self, World};
use super::{Key, Others, Presence, PresenceError};

/// How many files the stores are spread over. A logoff and an open among 10,000 stores then cost less than twice what
/// they cost among 10, and a process has at most 258 descriptors for any number of stores. Part of version 1.
pub(super) const FILES: usize = 256;

const DECISIONS: &CStr = c"decisions-v1";

/// A spooler enters the world of a directory.
pub(super) fn join(
    profile: &str,
    directory: Option<&Path>,
) -> Result<impl Presence + use<>, PresenceError> {
    let path = match directory {
        Some(path) if path.is_absolute() => path.components().collect(), // no slash at the end: it would follow a link
        Some(path) => return Err(PresenceError::untrusted(path, "is not an absolute path")),
        None => default_directory(env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from)),
    };
    let (world, directory) = Directory::open(path)?;
    Ok(memory::join(profile, world, Box::new(directory)))
}

/// The directory on which all processes of a user agree: below the user's run-time directory, else in `/tmp`.
///
/// `$XDG_RUNTIME_DIR` counts only if it is this user's: after `su` it may still be somebody else's. Where it is not
/// set (cron, a service) `/run/user/<uid>` is the same directory as a rule. `$TMPDIR` is not asked: it differs from
/// process to process, and they would not meet.
pub(super) fn default_directory(runtime: Option<PathBuf>) -> PathBuf {
    let user = user();
    let ours = |path: &PathBuf| {
        let metadata = path.metadata();
        path.is_absolute()
            && metadata.is_ok_and(|found| {
                found.is_dir() && found.uid() == user && found.mode() & 0o022 == 0
            })
    };
    let usual = PathBuf::from(format!("/run/user/{user}"));
    match runtime.into_iter().chain([usual]).find(ours) {
        Some(parent) => parent.join("mapispool"),
        None => PathBuf::from(format!("/tmp/mapispool-{user}")),
    }
}

fn user() -> u32 {
    // SAFETY: takes no arguments and cannot fail.
    unsafe { libc::geteuid() }
}

/// An open directory and the files of it that were needed so far. They stay open until the process's last spooler
/// leaves: at most 258 descriptors, and no open of a store is refused for a descriptor that an earlier one had.
struct Directory {
    path: PathBuf,
    directory: Option<File>,
    decisions: Option<File>,
    opens: [Option<File>; FILES],
}

impl Directory {
    fn open(path: PathBuf) -> Result<(World, Self), PresenceError> {
        let made = DirBuilder::new().mode(0o700).create(&path);
        if let Err(error) = made
            && error.kind() != io::ErrorKind::AlreadyExists
        {
            return Err(PresenceError::directory("made", &path, error));
        }
        let directory = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_DIRECTORY | libc::O_NOFOLLOW) // std adds O_CLOEXEC
            .open(&path)
            .map_err(|error| PresenceError::directory("opened as a directory", &path, error))?;
        let found = directory
            .metadata()
            .map_err(|error| PresenceError::system("examine", &path, error))?;
        check(&path, &found, 0o077)?;
        // Cleaners of temporary files leave a directory alone while somebody has it locked (systemd-tmpfiles(8)).
        // Where that fails, nothing is lost unless such a cleaner runs.
        let _ = directory.try_lock_shared();
        let world = World::Directory {
            device: found.dev(),
            index: found.ino(),
        };
        Ok((
            world,
            Self {
                path,
                directory: Some(directory),
                decisions: None,
                opens: [const { None }; FILES],
            },
        ))
    }

    /// Opens or makes a file. Through the descriptor, so that it is in the directory that was examined.
    fn file(&self, name: &CStr) -> Result<File, PresenceError> {
        let directory = self.directory.as_ref().ok_or(PresenceError::Inherited)?;
        let path = self.path.join(name.to_string_lossy().as_ref());
        let flags =
            libc::O_RDWR | libc::O_CREAT | libc::O_NOFOLLOW | libc::O_NOCTTY | libc::O_CLOEXEC;
        let file = retry(|| {
            // SAFETY: the descriptor is open and the name ends with a NUL.
            unsafe {
                libc::openat(
                    directory.as_raw_fd(),
                    name.as_ptr(),
                    flags,
                    0o600 as libc::c_uint,
                )
            }
        });
        let file = match file {
            // SAFETY: it was opened just now and has no other owner.
            Ok(descriptor) => unsafe { File::from_raw_fd(descriptor) },
            Err(error) if error.raw_os_error() == Some(libc::ELOOP) => {
                return Err(PresenceError::untrusted(&path, "is a symbolic link"));
            }
            // Where O_CREAT finds no place, the directory itself has gone.
            Err(error) if error.raw_os_error() == Some(libc::ENOENT) => {
                return Err(PresenceError::untrusted(
                    &self.path,
                    "has been removed since this spooler was opened, and the next one that is opened makes it anew",
                ));
            }
            Err(error) => return Err(PresenceError::system("open or make", &path, error)),
        };
        let found = file
            .metadata()
            .map_err(|error| PresenceError::system("examine", &path, error))?;
        if !found.is_file() || found.nlink() != 1 {
            return Err(PresenceError::untrusted(
                &path,
                "is not a plain file with one name",
            ));
        }
        check(&path, &found, 0o022)?;
        Ok(file)
    }

    fn open_files(&mut self, key: Key) -> Result<&File, PresenceError> {
        if self.decisions.is_none() {
            self.decisions = Some(self.file(DECISIONS)?);
        }
        let index = key.file(FILES);
        if self.opens[index].is_none() {
            let name = CString::new(format!("opens-v1-{index:02x}")).unwrap_or_default();
            self.opens[index] = Some(self.file(&name)?);
        }
        self.opens[index].as_ref().ok_or(PresenceError::Inherited)
    }
}

/// Whether this user alone can do harm with it: `denied` are the permission bits that nobody may have.
fn check(path: &Path, found: &Metadata, denied: u32) -> Result<(), PresenceError> {
    if found.uid() != user() {
        let reason = format!("belongs to user {} and not to {}", found.uid(), user());
        return Err(PresenceError::untrusted(path, reason));
    }
    if found.mode() & denied != 0 {
        let reason = format!(
            "has mode {:04o}, which lets others in",
            found.mode() & 0o7777
        );
        return Err(PresenceError::untrusted(path, reason));
    }
    Ok(())
}

impl Others for Directory {
    fn hold(&mut self, key: Key) -> Result<(), PresenceError> {
        let file = self.open_files(key)?;
        let held = lock(file, libc::F_RDLCK, key);
        held.map_err(|error| PresenceError::system("lock a byte in a file of", &self.path, error))
    }

    fn release(&mut self, key: Key) {
        if let Some(file) = &self.opens[key.file(FILES)] {
            unlock(file, key);
        }
    }

    fn release_if_shared(&mut self, key: Key) -> Option<bool> {
        lock(self.decisions.as_ref()?, libc::F_WRLCK, key).ok()?;
        let shared = self.release_if_shared_out_of_turn(key);
        unlock(self.decisions.as_ref()?, key);
        Some(shared)
    }

    /// Out of turn it is not one step any more, but who looks still sees the truth of that moment: a stopped process
    /// that has the store open is somebody else, and one that has let go of it is nobody.
    fn release_if_shared_out_of_turn(&mut self, key: Key) -> bool {
        let shared = self.opens[key.file(FILES)]
            .as_ref()
            .is_some_and(|file| is_locked_elsewhere(file, key));
        if shared {
            self.release(key);
        }
        shared
    }

    /// Closing is all: to unlock would unlock the parent's bytes, for they belong to the shared descriptions.
    fn abandon(&mut self) {
        self.directory = None;
        self.decisions = None;
        self.opens.fill_with(|| None);
    }
}

/// Locks the store's byte in this file if that can be done at once.
pub(super) fn lock(file: &File, kind: c_int, key: Key) -> io::Result<()> {
    fcntl(file, libc::F_OFD_SETLK, kind, key).map(|_| ())
}

/// A range that is locked can always be unlocked; there is nobody who could do anything about an error here.
fn unlock(file: &File, key: Key) {
    let _ = fcntl(file, libc::F_OFD_SETLK, libc::F_UNLCK, key);
}

/// Whether another open file description, this process's or not, has a lock on the store's byte. If it cannot be found
/// out, no: better a store logged off by two than by none.
fn is_locked_elsewhere(file: &File, key: Key) -> bool {
    fcntl(file, libc::F_OFD_GETLK, libc::F_WRLCK, key).is_ok_and(|found| found != libc::F_UNLCK)
}

/// One lock command on the store's byte; the answer is the kind of lock that F_OFD_GETLK found.
fn fcntl(file: &File, command: c_int, kind: c_int, key: Key) -> io::Result<c_int> {
    // SAFETY: a flock is plain numbers, and all zeros are one; l_pid has to be 0 for these commands (fcntl(2)).
    let mut range: flock64 = unsafe { std::mem::zeroed() };
    range.l_type = kind as _;
    range.l_whence = libc::SEEK_SET as _;
    range.l_start = key.byte() as _; // 62 bits
    range.l_len = 1;
    // SAFETY: the descriptor is open, and these commands read and write one flock.
    retry(|| unsafe { fcntl64(file.as_raw_fd(), command, &raw mut range) })?;
    Ok(range.l_type.into())
}

/// Calls the system again while a signal interrupts it.
fn retry(mut call: impl FnMut() -> c_int) -> io::Result<c_int> {
    loop {
        match call() {
            -1 => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
            result => return Ok(result),
        }
    }
}
