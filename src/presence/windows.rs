//! Other processes, by byte-range locks on empty files in a directory of the user's profile.
//!
//! The files and their bytes are those of `unix.rs`; the locks are LockFileEx's, which belong to a file handle and are
//! dropped by the system when the process ends, however it ends.
//!
//! Windows cannot be asked who has a lock, so the question is an attempt: let go of the own shared lock and try an
//! exclusive one. That is why `hold` may have to try again: an exclusive lock on a store's byte is a question that
//! somebody is asking at this moment.
//!
//! Whoever may write to the directory could keep a lock there for ever. The default one is closed to other users by
//! the access list of the user's profile; one that is named in the options is not examined.

use std::fs::{self, File, OpenOptions};
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, io, mem, thread};

use windows_sys::Win32::Foundation::ERROR_LOCK_VIOLATION;
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT,
    FILE_LIST_DIRECTORY, FILE_READ_ATTRIBUTES, FILE_SHARE_MODE, FILE_SHARE_READ, FILE_SHARE_WRITE,
    GetFileInformationByHandle, LOCK_FILE_FLAGS, LOCKFILE_EXCLUSIVE_LOCK,
    LOCKFILE_FAIL_IMMEDIATELY, LockFileEx, UnlockFileEx,
};
use windows_sys::Win32::System::IO::OVERLAPPED;

use super::memory::{self, World};
use super::{Key, Others, Presence, PresenceError};

/// How many files the stores are spread over. Part of version 1, as on Unix.
const FILES: usize = 256;

/// Nobody removes or renames what is open: else others would meet in another place of the same name meanwhile.
const STAYS: FILE_SHARE_MODE = FILE_SHARE_READ | FILE_SHARE_WRITE;

const SHARED: LOCK_FILE_FLAGS = LOCKFILE_FAIL_IMMEDIATELY;
const EXCLUSIVE: LOCK_FILE_FLAGS = LOCKFILE_FAIL_IMMEDIATELY | LOCKFILE_EXCLUSIVE_LOCK;

/// How long a new open waits for the end of another process's question.
const PATIENCE: Duration = Duration::from_secs(1);

/// A spooler enters the world of a directory.
pub(super) fn join(
    profile: &str,
    directory: Option<&Path>,
) -> Result<impl Presence + use<>, PresenceError> {
    let path = match directory {
        Some(path) if path.is_absolute() => path.components().collect(), // no slash at the end: it would follow a link
        Some(path) => return Err(PresenceError::untrusted(path, "is not an absolute path")),
        None => default_directory()?,
    };
    let (world, directory) = Directory::open(path)?;
    Ok(memory::join(profile, world, Box::new(directory)))
}

/// In the local part of the user's profile: the same for all processes of the user, closed to other users, and not
/// copied to other machines.
fn default_directory() -> Result<PathBuf, PresenceError> {
    match env::var_os("LOCALAPPDATA").map(PathBuf::from) {
        Some(local) if local.is_absolute() => Ok(local.join("mapispool")),
        _ => Err(PresenceError::untrusted(
            Path::new("%LOCALAPPDATA%"),
            "is not set to an absolute path",
        )),
    }
}

/// An open directory and the files of it that were needed so far. They stay open until the process's last spooler
/// leaves.
struct Directory {
    path: PathBuf,
    _directory: File,
    decisions: Option<File>,
    opens: [Option<File>; FILES],
}

impl Directory {
    fn open(path: PathBuf) -> Result<(World, Self), PresenceError> {
        if let Err(error) = fs::create_dir(&path)
            && error.kind() != io::ErrorKind::AlreadyExists
        {
            return Err(PresenceError::directory("made", &path, error));
        }
        let directory = OpenOptions::new()
            .access_mode(FILE_READ_ATTRIBUTES | FILE_LIST_DIRECTORY) // the first alone would not keep it there
            .share_mode(STAYS)
            .custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)
            .open(&path)
            .map_err(|error| PresenceError::directory("opened", &path, error))?;
        let found = directory
            .metadata()
            .map_err(|error| PresenceError::system("examine", &path, error))?;
        if !found.is_dir() || found.is_symlink() {
            return Err(PresenceError::untrusted(
                &path,
                "is not a directory, or only a link to one",
            ));
        }
        let world = identify(&directory)
            .map_err(|error| PresenceError::system("identify", &path, error))?;
        Ok((
            world,
            Self {
                path,
                _directory: directory,
                decisions: None,
                opens: [const { None }; FILES],
            },
        ))
    }

    fn file(&self, name: &str) -> Result<File, PresenceError> {
        let path = self.path.join(name);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .share_mode(STAYS)
            .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
            .open(&path)
            .map_err(|error| PresenceError::system("open or make", &path, error))?;
        let found = file
            .metadata()
            .map_err(|error| PresenceError::system("examine", &path, error))?;
        if !found.is_file() {
            return Err(PresenceError::untrusted(&path, "is not a plain file"));
        }
        Ok(file)
    }

    fn open_files(&mut self, key: Key) -> Result<&File, PresenceError> {
        if self.decisions.is_none() {
            self.decisions = Some(self.file("decisions-v1")?);
        }
        let index = key.file(FILES);
        if self.opens[index].is_none() {
            self.opens[index] = Some(self.file(&format!("opens-v1-{index:02x}"))?);
        }
        self.opens[index].as_ref().ok_or(PresenceError::Inherited)
    }
}

/// What the directory is, however its path was written.
fn identify(directory: &File) -> io::Result<World> {
    // SAFETY: the structure is plain numbers, and all zeros are one.
    let mut found: BY_HANDLE_FILE_INFORMATION = unsafe { mem::zeroed() };
    // SAFETY: the handle is open and the structure is ours to write.
    if unsafe { GetFileInformationByHandle(directory.as_raw_handle(), &raw mut found) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let index = u64::from(found.nFileIndexHigh) << 32 | u64::from(found.nFileIndexLow);
    Ok(World::Directory {
        device: found.dwVolumeSerialNumber.into(),
        index,
    })
}

impl Others for Directory {
    fn hold(&mut self, key: Key) -> Result<(), PresenceError> {
        let file = self.open_files(key)?;
        let held = lock_when_free(file, key);
        held.map_err(|error| PresenceError::system("lock a byte in a file of", &self.path, error))
    }

    fn release(&mut self, key: Key) {
        if let Some(file) = &self.opens[key.file(FILES)] {
            unlock(file, key);
        }
    }

    fn release_if_shared(&mut self, key: Key) -> Option<bool> {
        lock(self.decisions.as_ref()?, EXCLUSIVE, key).ok()?;
        let shared = self.release_if_shared_out_of_turn(key);
        unlock(self.decisions.as_ref()?, key);
        Some(shared)
    }

    /// Let go, and try to have the byte alone. If that succeeds, the shared lock is taken again before the exclusive
    /// one ends: the same handle may have both, and the first unlock ends the exclusive one (LockFileEx). If it cannot
    /// be found out, nobody else has it, as on Unix.
    fn release_if_shared_out_of_turn(&mut self, key: Key) -> bool {
        let Some(file) = &self.opens[key.file(FILES)] else {
            return false;
        };
        unlock(file, key);
        match lock(file, EXCLUSIVE, key) {
            Ok(()) => {
                if lock(file, SHARED, key).is_ok() {
                    unlock(file, key);
                }
                false // else the exclusive lock stays: `leave` ends it, and until then others see it too
            }
            Err(error) if is_taken(&error) => true,
            Err(_) => {
                let _ = lock_when_free(file, key);
                false
            }
        }
    }
}

/// Takes the shared lock, as soon as nobody asks about the store any more.
fn lock_when_free(file: &File, key: Key) -> io::Result<()> {
    let begin = Instant::now();
    loop {
        match lock(file, SHARED, key) {
            Err(error) if is_taken(&error) && begin.elapsed() < PATIENCE => pause(begin.elapsed()),
            result => return result,
        }
    }
}

/// A question takes microseconds, and the shortest sleep is many of them.
fn pause(waited: Duration) {
    match waited < Duration::from_millis(1) {
        true => thread::yield_now(),
        false => thread::sleep(Duration::from_millis(1)),
    }
}

fn is_taken(error: &io::Error) -> bool {
    error.raw_os_error() == Some(ERROR_LOCK_VIOLATION as i32)
}

/// The store's byte, in the form in which LockFileEx takes an offset.
fn place(key: Key) -> OVERLAPPED {
    // SAFETY: an OVERLAPPED is numbers and a null handle, and all zeros are one.
    let mut place: OVERLAPPED = unsafe { mem::zeroed() };
    place.Anonymous.Anonymous.Offset = key.byte() as u32;
    place.Anonymous.Anonymous.OffsetHigh = (key.byte() >> 32) as u32;
    place
}

/// Locks the store's byte in this file if that can be done at once.
fn lock(file: &File, flags: LOCK_FILE_FLAGS, key: Key) -> io::Result<()> {
    let mut place = place(key);
    // SAFETY: the handle is open, and was not opened for overlapped I/O: the call has ended when it returns.
    match unsafe { LockFileEx(file.as_raw_handle(), flags, 0, 1, 0, &raw mut place) } {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// There is nobody who could do anything about an error here. (Wine 8 reports one although it unlocks.)
fn unlock(file: &File, key: Key) {
    let mut place = place(key);
    // SAFETY: as in `lock`.
    unsafe { UnlockFileEx(file.as_raw_handle(), 0, 1, 0, &raw mut place) };
}
