//! Inbound transfers that begin and end without the engine. See `engine/reception.rs` for when.
//!
//! Each store logon has a desk with a lock of its own: two stores that receive never meet, and a begin and an end
//! cost two locks, no allocation and no look at the clock. A transfer's handle is its own for ever, like any
//! other: each place at a desk keeps a slot of the handle table and uses it for one transfer after another. When
//! the engine gathers, the slot becomes an ordinary one.

use super::handles::{self, Handle, Object};
use super::{Spooler, threads};
use crate::engine::{self, Inbound, TransferKey};
use crate::sync::{Mutex, MutexGuard};
use std::sync::{Arc, PoisonError, Weak};

/// A store logon's inbound transfers. On cache lines of its own: other stores' desks are others' business.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Desk(Mutex<Guests>);

#[derive(Default)]
struct Guests {
    /// The store logon's handle while transfers may begin; and its spooler's number.
    open: Option<Handle>,
    spooler: usize,
    places: Vec<Guest>,
    /// Places where nothing is going on, the last one used first.
    free: Vec<usize>,
}

/// A place for a transfer.
#[derive(Clone, Copy)]
struct Guest {
    /// Its handle, or the one of the last that was here.
    handle: Option<Handle>,
    /// The transport; `None` where nothing is going on.
    transport: Option<Handle>,
    /// The thread that began it.
    thread: u64,
}

const NOBODY: Guest = Guest {
    handle: None,
    transport: None,
    thread: 0,
};

impl Desk {
    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guests {
    fn begin(&mut self, transport: Handle) -> Option<Handle> {
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push(NOBODY);
            self.places.len() - 1
        });
        let Some(handle) = self.next_handle(place) else {
            self.free.push(place);
            return None;
        };
        self.places[place] = Guest {
            handle: Some(handle),
            transport: Some(transport),
            thread: threads::number(),
        };
        Some(handle)
    }

    fn next_handle(&self, place: usize) -> Option<Handle> {
        if let Some(next) = self.places[place].handle.and_then(Handle::next) {
            return Some(next);
        }
        let first = handles::reserve().ok()?;
        handles::slot(first)?.set_home(self.open?, place);
        Some(first)
    }

    /// The transfer with this handle, if it is going on here.
    fn guest(&mut self, place: usize, handle: Handle) -> Option<&mut Guest> {
        let guest = self.places.get_mut(place)?;
        (guest.handle == Some(handle) && guest.transport.is_some()).then_some(guest)
    }
}

/// A message starts to come in. `None`: that is for the engine to say.
pub(super) fn begin(transport: Handle, store: Handle) -> Option<Handle> {
    let transport_slot = handles::slot(transport)?;
    let mut guests = handles::slot(store)?.desk()?.guests();
    // Asked while the desk is held: no desk opens again before a transport that is being removed is refused.
    let welcome = guests.open == Some(store) && transport_slot.admits(transport, guests.spooler);
    welcome.then(|| guests.begin(transport))?
}

/// Ends a transfer. `false`: it is none of these.
pub(super) fn end(transfer: Handle) -> bool {
    let ended = handles::slot(transfer).and_then(|slot| {
        let (desk, place) = slot.home()?;
        let mut guests = desk.guests();
        guests.guest(place, transfer)?.transport = None;
        guests.free.push(place);
        Some(())
    });
    ended.is_some()
}

/// The engine takes over the transfer, if it is one of these.
pub(super) fn hand_over(transfer: Handle) {
    let found = handles::slot(transfer).and_then(|slot| {
        let (desk, place) = slot.home()?;
        let mut guests = desk.guests();
        guests.guest(place, transfer)?;
        guests.open
    });
    if let Some(store) = found.and_then(|store| handles::store::<()>(store.as_ptr()).ok()) {
        store.gather();
    }
}

/// Whether the transfer is one of these, and so goes on.
pub(super) fn goes_on(transfer: Handle) -> bool {
    let found = handles::slot(transfer).and_then(|slot| {
        let (desk, place) = slot.home()?;
        desk.guests().guest(place, transfer).map(drop)
    });
    found.is_some()
}

/// A store logon's desk, as the engine knows it. When the engine gives it up, the logon's slot is free.
pub(super) struct Reception {
    store: Handle,
    spooler: Weak<Spooler>,
}

impl Reception {
    pub fn new(store: Handle, spooler: &Arc<Spooler>) -> Reception {
        Reception {
            store,
            spooler: Arc::downgrade(spooler),
        }
    }

    fn guests(&self) -> Option<MutexGuard<'static, Guests>> {
        Some(handles::slot(self.store)?.make_desk().guests())
    }
}

impl engine::Reception for Reception {
    fn shut(&mut self, gather: &mut dyn FnMut(Inbound) -> TransferKey) {
        let Some(mut guests) = self.guests() else {
            return;
        };
        guests.open = None;
        let Some(spooler) = self.spooler.upgrade() else {
            return;
        };
        let guests = &mut *guests;
        for (place, guest) in guests.places.iter_mut().enumerate() {
            let (Some(handle), Some(transport)) = (guest.handle, guest.transport) else {
                continue;
            };
            let transport = handles::transport_key(transport)
                .expect("a transport stays until its transfers have ended");
            let transfer = gather(Inbound {
                transport,
                thread: guest.thread,
                ticket: handle.number(),
            });
            // A slot like others from now on; the place gets another.
            handles::fill(handle, &spooler, Object::Transfer(transfer));
            *guest = NOBODY;
            guests.free.push(place);
        }
    }

    fn open(&mut self) {
        if let (Some(mut guests), Some(spooler)) = (self.guests(), self.spooler.upgrade()) {
            guests.open = Some(self.store);
            guests.spooler = spooler.handle_number();
        }
    }
}

impl Drop for Reception {
    fn drop(&mut self) {
        if let Some(mut guests) = self.guests() {
            guests.open = None;
            guests.free.clear();
            let handles = guests.places.drain(..).filter_map(|guest| guest.handle);
            handles.for_each(handles::give_back);
        }
        handles::give_back(self.store);
    }
}

/// A transport's admission, as the engine knows it.
pub(super) struct Admission {
    transport: Handle,
    spooler: usize,
}

impl Admission {
    pub fn new(transport: Handle, spooler: &Spooler) -> Admission {
        Admission {
            transport,
            spooler: spooler.handle_number(),
        }
    }
}

impl engine::Admission for Admission {
    fn admit(&mut self, admitted: bool) {
        if let Some(slot) = handles::slot(self.transport) {
            slot.admit(self.transport, self.spooler, admitted);
        }
    }
}
