//! Messages that come in while nobody asks. See semantics.md section 5.
//!
//! Most inbound transfers begin and end while their store is simply open: nothing depends on them, and a
//! store that receives ten thousand messages need not ask the engine twenty thousand times. So a driver may
//! give each store logon a [`Reception`] that begins and ends transfers by itself. Whatever depends on what is
//! in process gathers first: the reception shuts, and the transfers that have not ended become the engine's,
//! like those that were begun here. It opens again when the event has left the store's inbound gate open.

use super::desk::Desk;
use super::*;

/// A store logon's place for inbound transfers that the engine does not know of.
pub trait Reception: Send {
    /// Begins come to the engine from now on. `gather` takes over what has not ended, and gives it its key.
    fn shut(&mut self, gather: &mut dyn FnMut(Inbound) -> TransferKey);
    /// Transfers may begin without the engine.
    fn open(&mut self);

    #[cfg(test)]
    fn as_any(&self) -> &dyn std::any::Any {
        unreachable!("only those of worlds that are copied are looked into")
    }
}

/// Whether a transport may begin transfers without the engine.
pub trait Admission: Send {
    fn admit(&mut self, admitted: bool);

    #[cfg(test)]
    fn as_any(&self) -> &dyn std::any::Any {
        unreachable!("only those of worlds that are copied are looked into")
    }
}

/// An inbound transfer that began at a reception.
#[derive(Clone, Copy, Debug)]
pub struct Inbound {
    pub transport: TransportKey,
    /// The thread that began it.
    pub thread: u64,
    pub ticket: Ticket,
}

/// The driver's own name for a transfer that began at a reception.
pub type Ticket = usize;

impl Engine {
    /// Gives a store logon that was just opened its reception.
    pub fn set_reception(&mut self, logon: LogonKey, reception: Box<dyn Reception>) {
        if let Some(found) = self.logons.get_mut(logon) {
            found.reception = Some(reception);
            self.gathered.push(found.store);
        }
        self.open_receptions();
    }

    /// Gives a transport that was just added its admission.
    pub fn set_admission(&mut self, key: TransportKey, admission: Box<dyn Admission>) {
        if let Some(transport) = self.transports.get_mut(key) {
            let admission = transport.admission.insert(admission);
            admission.admit(self.usable.contains(transport.seat));
        }
    }

    /// What comes in at this logon's reception becomes the engine's.
    pub fn gather_logon(&mut self, logon: LogonKey) {
        if let Some(store) = self.logons.get(logon).map(|found| found.store)
            && self.stores.contains_key(store)
        {
            self.gather(store);
        }
        self.settle();
    }

    /// The store's inbound transfers are all known, until the event is over.
    pub(super) fn gather(&mut self, store: StoreKey) {
        for place in 0..self.stores[store].logons.len() {
            let logon = self.stores[store].logons[place];
            let Some(mut reception) = self.logons[logon].reception.take() else {
                continue;
            };
            reception.shut(&mut |inbound| self.add_inbound(store, inbound));
            self.logons[logon].reception = Some(reception);
        }
        self.gathered.push(store);
    }

    pub(super) fn gather_all(&mut self) {
        let stores: Vec<StoreKey> = self.stores.keys().collect();
        for store in stores {
            self.gather(store);
        }
    }

    fn add_inbound(&mut self, store: StoreKey, inbound: Inbound) -> TransferKey {
        let Inbound {
            transport,
            thread,
            ticket,
        } = inbound;
        let transfer = self.add_transfer(transport, store, None, Some(thread), Desk::Control);
        self.transfers[transfer].ticket = Some(ticket);
        transfer
    }

    /// The event is over: where messages may come in, they may do so without the engine again.
    pub(super) fn open_receptions(&mut self) {
        while let Some(store) = self.gathered.pop() {
            let Some(found) = self
                .stores
                .get(store)
                .filter(|found| found.phase.inbound_open())
            else {
                continue;
            };
            for logon in &found.logons {
                let logon = &mut self.logons[*logon];
                if let Some(reception) = logon.reception.as_mut().filter(|_| !logon.over) {
                    reception.open();
                }
            }
        }
    }
}
