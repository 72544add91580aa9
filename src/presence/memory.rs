//! The opens of this process, in one registry for all its spoolers.
//!
//! A local spooler's world has nobody outside this process ([`Nobody`]); the others are made by `unix.rs` and
//! `windows.rs`. The counting is the same for all.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use once_cell::sync::Lazy;

use super::{Key, Open, Others, Presence, PresenceError};

/// How long an open waits for other processes to finish their decisions about the same store. One takes a few
/// microseconds; only a process stopped in the middle of it (a debugger, SIGSTOP) can hold up the others.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which opens can see one another. The directory is known by what it is, not by how its path was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum World {
    Local,
    #[cfg_attr(not(any(target_os = "linux", windows)), expect(dead_code))]
    Directory {
        device: u64,
        index: u64,
    },
}

/// The process's worlds that have a spooler. What a forked child inherits has an older generation.
pub(super) struct Registry {
    generation: u32,
    worlds: HashMap<World, Opens>,
}

/// The opens of this process in one world.
struct Opens {
    /// Spoolers and opens that refer to this; with the last one it goes, and its descriptors with it.
    members: usize,
    counts: HashMap<Key, u32>,
    others: Box<dyn Others>,
}

static REGISTRY: Lazy<Mutex<Registry>> = Lazy::new(|| {
    Mutex::new(Registry {
        generation: super::fork_generation(),
        worlds: HashMap::new(),
    })
});

/// The registry of this process. A child's first call here frees the memory it inherited: `abandon` could not.
pub(super) fn lock() -> MutexGuard<'static, Registry> {
    let mut registry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    if registry.generation != super::fork_generation() {
        registry.generation = super::fork_generation();
        registry.worlds.clear();
    }
    registry
}

impl Registry {
    /// In a forked child: closes the inherited descriptors, so that the parent's holds are the parent's alone.
    #[cfg(unix)]
    pub(super) fn abandon(&mut self) {
        for opens in self.worlds.values_mut() {
            opens.others.abandon();
        }
    }
}

impl Opens {
    fn open(&mut self, key: Key) -> Result<(), PresenceError> {
        match self.counts.entry(key) {
            Entry::Occupied(mut count) => *count.get_mut() += 1,
            Entry::Vacant(first) => {
                self.others.hold(key)?;
                first.insert(1);
            }
        }
        Ok(())
    }

    fn leave(&mut self, key: Key) {
        if !self.leave_if_counted_twice(key) && self.counts.remove(&key).is_some() {
            self.others.release(key);
        }
    }

    /// Leaves if there is another open in this process, else if `ask` says that another process had one.
    fn leave_if_shared(
        &mut self,
        key: Key,
        ask: impl FnOnce(&mut dyn Others) -> Option<bool>,
    ) -> Option<bool> {
        if self.leave_if_counted_twice(key) {
            return Some(true);
        }
        let shared = ask(&mut *self.others)?;
        if shared {
            self.counts.remove(&key);
        }
        Some(shared)
    }

    fn leave_if_counted_twice(&mut self, key: Key) -> bool {
        match self.counts.get_mut(&key) {
            Some(count) if *count > 1 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

/// A spooler's or an open's share in a world.
struct Member {
    world: World,
    generation: u32,
}

impl Member {
    /// Does something with the world, under the registry's lock. `None` if this was inherited through fork.
    fn with<R>(&self, act: impl FnOnce(&mut Opens) -> R) -> Option<R> {
        let mut registry = lock();
        if registry.generation != self.generation {
            return None;
        }
        registry.worlds.get_mut(&self.world).map(act)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut registry = lock();
        if registry.generation != self.generation {
            return;
        }
        if let Entry::Occupied(mut opens) = registry.worlds.entry(self.world) {
            opens.get_mut().members -= 1;
            if opens.get().members == 0 {
                opens.remove();
            }
        }
    }
}

/// A spooler enters a world; `others` is used if it is the first of this process.
pub(super) fn join(profile: &str, world: World, others: Box<dyn Others>) -> impl Presence + use<> {
    let mut registry = lock();
    let generation = registry.generation;
    let opens = registry.worlds.entry(world).or_insert_with(|| Opens {
        members: 0,
        counts: HashMap::new(),
        others,
    });
    opens.members += 1;
    Spooler {
        profile: profile.to_owned(),
        member: Member { world, generation },
    }
}

struct Spooler {
    profile: String,
    member: Member,
}

impl Presence for Spooler {
    fn open(&self, store: &[u8]) -> Result<Box<dyn Open>, PresenceError> {
        let key = Key::new(&self.profile, store);
        let opened = self.member.with(|opens| {
            opens.open(key)?;
            opens.members += 1;
            Ok(())
        });
        opened.unwrap_or(Err(PresenceError::Inherited))?;
        let member = Member { ..self.member };
        Ok(Box::new(Opened {
            key,
            counting: true,
            member,
        }))
    }
}

struct Opened {
    key: Key,
    counting: bool,
    member: Member,
}

impl Opened {
    /// Asks until it is this open's turn. The registry is free between the attempts, so that other stores do not
    /// wait. `None`: the patience is at its end.
    fn leave_in_turn(&self) -> Option<bool> {
        let begin = Instant::now();
        let mut pause = Duration::ZERO;
        loop {
            let answer = self.member.with(|opens| {
                opens.leave_if_shared(self.key, |others| others.release_if_shared(self.key))
            });
            match answer {
                None => return Some(true), // inherited: not ours to log off
                Some(Some(shared)) => return Some(shared),
                Some(None) if begin.elapsed() >= PATIENCE => return None,
                Some(None) => pause = wait(pause),
            }
        }
    }

    fn leave_out_of_turn(&self) -> bool {
        let answer = self.member.with(|opens| {
            opens.leave_if_shared(self.key, |others| {
                Some(others.release_if_shared_out_of_turn(self.key))
            })
        });
        answer.flatten().unwrap_or(true)
    }
}

/// Waits a little, and returns how long to wait the next time: first only the rest of a time slice, then growing.
fn wait(pause: Duration) -> Duration {
    const FIRST: Duration = Duration::from_micros(2);
    const LONGEST: Duration = Duration::from_millis(2);
    if pause.is_zero() {
        thread::yield_now();
        return FIRST;
    }
    thread::sleep(pause);
    (pause * 2).min(LONGEST)
}

impl Open for Opened {
    fn leave_if_shared(&mut self) -> bool {
        if !self.counting {
            return true;
        }
        let shared = self
            .leave_in_turn()
            .unwrap_or_else(|| self.leave_out_of_turn());
        self.counting = !shared;
        shared
    }

    fn leave(&mut self) {
        if std::mem::take(&mut self.counting) {
            self.member.with(|opens| opens.leave(self.key));
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Outside this process nobody is seen.
pub(super) struct Nobody;

impl Others for Nobody {
    fn hold(&mut self, _: Key) -> Result<(), PresenceError> {
        Ok(())
    }

    fn release(&mut self, _: Key) {}

    fn release_if_shared(&mut self, _: Key) -> Option<bool> {
        Some(false)
    }

    fn release_if_shared_out_of_turn(&mut self, _: Key) -> bool {
        false
    }

    #[cfg(unix)]
    fn abandon(&mut self) {}
}
