//! Inbound transfers that begin and end without the engine. See `engine/reception.rs` for when.
//!
//! Each store logon has counters with a lock each: two stores that receive never meet, two threads of one store
//! seldom, and a begin and an end cost two locks, no allocation and no look at the clock. A transfer's handle says
//! where the transfer is, and is its own for ever: each place at a counter counts the generations of its handles.

use super::handles::{self, Handle, Slot};
use super::{Spooler, TransferRef, threads};
use crate::engine::{self, Inbound, TransferKey};
use crate::sync::{Mutex, MutexGuard};
use std::sync::{Arc, PoisonError, Weak};

/// A store logon's inbound transfers. A thread begins its own at one of the counters.
pub(super) type Counters = [Counter; COUNTERS];

const COUNTERS: usize = 4;

/// On cache lines of its own: what goes on at the next one is of no concern.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Counter(Mutex<Guests>);

#[derive(Default)]
struct Guests {
    places: Vec<Guest>,
    /// Places where nothing is going on, the last one used first.
    free: Vec<usize>,
}

/// A place for one transfer after another.
struct Guest {
    /// The handle of the transfer, or of the last that was here.
    handle: Handle,
    stage: Stage,
}

enum Stage {
    Over,
    GoesOn {
        transport: Handle,
        /// The thread that began it.
        thread: u64,
    },
    /// The engine has it.
    Gathered(Arc<Spooler>, TransferKey),
}

/// A counter, and where a transfer is there.
#[derive(Clone, Copy)]
pub(super) struct Place(usize);

impl Place {
    pub fn from_number(number: usize) -> Place {
        Place(number)
    }

    pub fn number(self) -> usize {
        self.0
    }

    fn new(counter: usize, place: usize) -> Place {
        Place(place * COUNTERS + counter)
    }

    fn counter(self) -> usize {
        self.0 % COUNTERS
    }

    fn place(self) -> usize {
        self.0 / COUNTERS
    }
}

impl Counter {
    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guests {
    fn begin(&mut self, store: Handle, counter: usize, stage: Stage) -> Option<Handle> {
        if let Some(place) = self.free.pop()
            && let Some(guest) = self.places.get_mut(place)
            && let Some(handle) = guest.handle.next()
        {
            *guest = Guest { handle, stage };
            return Some(handle);
        }
        self.begin_at_new_place(store, counter, stage)
    }

    #[cold]
    #[inline(never)] // what is rare is kept out of the way of what is not
    fn begin_at_new_place(
        &mut self,
        store: Handle,
        counter: usize,
        stage: Stage,
    ) -> Option<Handle> {
        let handle = store.inbound(Place::new(counter, self.places.len()))?;
        self.places.push(Guest { handle, stage });
        Some(handle)
    }

    /// The engine takes over what goes on here.
    fn gather(&mut self, spooler: &Arc<Spooler>, gather: &mut dyn FnMut(Inbound) -> TransferKey) {
        for guest in &mut self.places {
            let Stage::GoesOn { transport, thread } = guest.stage else {
                continue;
            };
            let transport = handles::transport_key(transport)
                .expect("a transport stays until its transfers have ended");
            let transfer = gather(Inbound {
                transport,
                thread,
                ticket: guest.handle.number(),
            });
            guest.stage = Stage::Gathered(spooler.clone(), transfer);
        }
    }
}

/// A message starts to come in. `None`: that is for the engine to say.
pub(super) fn begin(transport: Handle, store: Handle) -> Option<Handle> {
    let transport_slot = handles::slot(transport)?;
    let store_slot = handles::slot(store)?;
    let counters = match store_slot.counters_if_any() {
        Some(counters) => counters,
        None => store_slot.receives(store).map(|_| store_slot.counters())?,
    };
    let thread = threads::number();
    let counter = thread as usize % COUNTERS;
    let mut guests = counters[counter].guests();
    // Asked while the counter is held: no reception opens again before a transport that is being removed is refused.
    let welcome = store_slot.receives(store)? == transport_slot.admits(transport)?;
    welcome.then(|| guests.begin(store, counter, Stage::GoesOn { transport, thread }))?
}

/// Does something with the place of a transfer that began at a reception and has not ended.
fn visit<R>(transfer: Handle, act: impl FnOnce(&mut Guests, usize) -> Option<R>) -> Option<R> {
    let place = transfer.place()?;
    let counters = handles::slot(transfer)?.counters_if_any()?;
    let mut guests = counters[place.counter()].guests();
    let guest = guests.places.get(place.place())?;
    let ours = guest.handle == transfer && !matches!(guest.stage, Stage::Over);
    ours.then(|| act(&mut guests, place.place()))?
}

/// Ends a transfer. `false`: that is for the engine to do.
pub(super) fn end(transfer: Handle) -> bool {
    let ended = visit(transfer, |guests, place| {
        let stage = &mut guests.places[place].stage;
        matches!(stage, Stage::GoesOn { .. }).then(|| *stage = Stage::Over)?;
        guests.free.push(place);
        Some(())
    });
    ended.is_some()
}

/// Whether the transfer goes on, and the engine does not know of it.
pub(super) fn goes_on(transfer: Handle) -> bool {
    let here = |guests: &mut Guests, place: usize| match guests.places[place].stage {
        Stage::GoesOn { .. } => Some(()),
        Stage::Gathered(..) | Stage::Over => None,
    };
    visit(transfer, here).is_some()
}

/// The transfer as the engine knows it, if it does.
pub(super) fn gathered(transfer: Handle) -> Option<TransferRef> {
    visit(transfer, |guests, place| {
        match &guests.places[place].stage {
            Stage::Gathered(spooler, key) => Some(TransferRef {
                spooler: spooler.clone(),
                key: *key,
                handle: transfer,
            }),
            Stage::GoesOn { .. } | Stage::Over => None,
        }
    })
}

/// A transfer that the engine had has ended.
pub(super) fn end_gathered(transfer: Handle) {
    let ended = visit(transfer, |guests, place| {
        guests.free.push(place);
        Some(std::mem::replace(
            &mut guests.places[place].stage,
            Stage::Over,
        ))
    });
    drop(ended);
}

/// The engine takes over the transfer, if it is one of these.
pub(super) fn hand_over(transfer: Handle) {
    let store = handles::slot(transfer).and_then(Slot::receiving);
    if goes_on(transfer)
        && let Some(store) = store.and_then(|store| handles::store::<()>(store.as_ptr()).ok())
    {
        store.gather();
    }
}

/// A store logon's counters, as the engine knows them. When the engine gives it up, the logon's slot is free.
pub(super) struct Reception {
    store: Handle,
    spooler: Weak<Spooler>,
    /// The spooler's own handle.
    number: usize,
}

impl Reception {
    pub fn new(store: Handle, spooler: &Arc<Spooler>) -> Reception {
        Reception {
            store,
            spooler: Arc::downgrade(spooler),
            number: spooler.handle_number(),
        }
    }
}

impl engine::Reception for Reception {
    fn shut(&mut self, gather: &mut dyn FnMut(Inbound) -> TransferKey) {
        let (Some(slot), Some(spooler)) = (handles::slot(self.store), self.spooler.upgrade())
        else {
            return;
        };
        slot.receive(None, self.number);
        for counter in slot.counters() {
            counter.guests().gather(&spooler, gather);
        }
    }

    fn open(&mut self) {
        if let Some(slot) = handles::slot(self.store) {
            slot.receive(Some(self.store), self.number);
        }
    }
}

impl Drop for Reception {
    fn drop(&mut self) {
        if let Some(slot) = handles::slot(self.store) {
            slot.receive(None, self.number);
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
