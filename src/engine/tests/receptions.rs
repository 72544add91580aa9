//! Messages that come in without the engine: whatever depends on them sees them, and they cannot slip past it.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;
use std::sync::{Arc, Mutex};

/// What a driver keeps for a reception: whether it is open, who is there, and who was gathered as what.
#[derive(Default)]
struct Desk {
    open: bool,
    guests: Vec<Inbound>,
    gathered: Vec<(Ticket, TransferKey)>,
}

#[derive(Clone, Default)]
struct Counter(Arc<Mutex<Desk>>);

impl Reception for Counter {
    fn shut(&mut self, gather: &mut dyn FnMut(Inbound) -> TransferKey) {
        let mut desk = self.0.lock().unwrap();
        desk.open = false;
        for guest in std::mem::take(&mut desk.guests) {
            let transfer = gather(guest);
            desk.gathered.push((guest.ticket, transfer));
        }
    }

    fn open(&mut self) {
        self.0.lock().unwrap().open = true;
    }
}

impl Counter {
    fn is_open(&self) -> bool {
        self.0.lock().unwrap().open
    }

    fn begin(&self, transport: TransportKey, ticket: Ticket) {
        let mut desk = self.0.lock().unwrap();
        assert!(desk.open, "nobody begins at a reception that is shut");
        desk.guests.push(Inbound {
            transport,
            thread: PROVIDER.thread,
            ticket,
        });
    }

    /// The engine's transfer, once it has gathered it.
    fn gathered(&self, ticket: Ticket) -> TransferKey {
        let desk = self.0.lock().unwrap();
        assert!(desk.guests.is_empty(), "everything was gathered");
        let found = desk.gathered.iter().find(|(found, _)| *found == ticket);
        found.expect("it was gathered").1
    }
}

#[derive(Clone, Default)]
struct Pass(Arc<Mutex<Option<bool>>>);

impl Admission for Pass {
    fn admit(&mut self, admitted: bool) {
        *self.0.lock().unwrap() = Some(admitted);
    }
}

impl Pass {
    fn admitted(&self) -> bool {
        self.0.lock().unwrap().expect("it was told")
    }
}

fn reception(w: &mut World, logon: LogonKey) -> Counter {
    let counter = Counter::default();
    w.engine.set_reception(logon, Box::new(counter.clone()));
    assert!(counter.is_open(), "a store that was just opened receives");
    counter
}

fn pass(w: &mut World, transport: TransportKey) -> Pass {
    let pass = Pass::default();
    w.engine.set_admission(transport, Box::new(pass.clone()));
    pass
}

/// A store, a self-driven transport, and a message of ticket 7 that comes in without the engine.
fn receiving() -> (World, LogonKey, TransportKey, Counter) {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let counter = reception(&mut w, a);
    counter.begin(t, 7);
    (w, a, t, counter)
}

#[test]
fn the_status_counts_them_and_the_reception_opens_again() {
    let (mut w, a, _, counter) = receiving();
    let counts = w.engine.status(a).unwrap();
    assert_eq!((counts.flags, counts.inbound), (IN, 1));
    assert!(counter.is_open());
    w.end(counter.gathered(7), S_OK, 0);
    assert_eq!(w.status(a), Status::empty());
}

#[test]
fn saved_flags_tell_of_them() {
    let (mut w, a, _, counter) = receiving();
    let word = w.engine.save_logoff(a, LOGOFF_QUIET).unwrap();
    assert_eq!(word, LOGOFF_QUIET | LOGOFF_INBOUND);
    assert!(counter.is_open());
}

#[test]
fn quiet_does_not_log_off_and_the_reception_opens_again() {
    let (mut w, a, _, counter) = receiving();
    assert_eq!(w.logoff(a, LOGOFF_QUIET), IN);
    assert!(counter.is_open());
    w.end(counter.gathered(7), S_OK, 0);
    assert_eq!(w.logoff(a, LOGOFF_QUIET), COMPLETE);
    assert!(!counter.is_open());
}

#[test]
fn orderly_and_no_wait_let_them_finish_and_begin_none() {
    for word in [LOGOFF_ORDERLY, LOGOFF_NO_WAIT] {
        let (mut w, a, _, counter) = receiving();
        assert_eq!(w.logoff(a, word), COMPLETE | IN);
        assert!(!counter.is_open());
        assert!(!w.is_released(a));
        w.end(counter.gathered(7), S_OK, 0);
        assert!(w.is_released(a));
        assert!(!counter.is_open());
    }
}

#[test]
fn abort_cancels_them_by_their_own_name() {
    let (mut w, a, _, counter) = receiving();
    let abort = w.begin_logoff(a, LOGOFF_ABORT);
    assert!(!counter.is_open());
    let transfer = counter.gathered(7);
    assert_eq!(w.engine.is_cancelled(transfer), Ok(true));
    assert_eq!(w.engine.shown(transfer).unwrap().ticket, Some(7));
    w.run();
    assert!(w.has_seen("T CANCEL inbound"));
    w.end(transfer, MAPI_E_USER_CANCEL, 0);
    assert_eq!(w.wait(abort), COMPLETE);
}

#[test]
fn an_abort_that_fails_opens_the_reception_again() {
    let (mut w, a, t, counter) = receiving();
    let abort = w.begin_logoff(a, LOGOFF_ABORT);
    assert!(!counter.is_open());
    assert_eq!(w.wait(abort), IN);
    assert!(counter.is_open());
    counter.begin(t, 8);
    assert_eq!(w.engine.status(a).unwrap().inbound, 2);
}

#[test]
fn purge_waits_for_them() {
    let (mut w, a, _, counter) = receiving();
    let purge = w.begin_logoff(a, LOGOFF_PURGE);
    w.run();
    assert_eq!(w.answer(purge), None);
    assert!(!counter.is_open());
    w.end(counter.gathered(7), S_OK, 0);
    assert_eq!(w.wait(purge), COMPLETE);
}

#[test]
fn the_thread_that_began_one_would_wait_for_itself() {
    for word in [LOGOFF_ABORT, LOGOFF_PURGE] {
        let (mut w, a, _, counter) = receiving();
        assert_eq!(w.logoff_error(a, word, PROVIDER), MAPI_E_BUSY);
        assert!(counter.is_open(), "nothing has changed");
    }
    let (mut w, _, t, counter) = receiving();
    let removal = w.engine.remove_transport(t, PROVIDER);
    assert_eq!(removal, Err(Error::Busy(Busy::OwnTransfer)));
    assert!(counter.is_open());
}

#[test]
fn the_final_release_waits_for_them() {
    let (mut w, a, _, counter) = receiving();
    let reply = w.engine.release(a, ME).unwrap();
    assert!(matches!(reply, Reply::Wait(..)), "an ABORT");
    w.end(counter.gathered(7), S_OK, 0);
    assert!(w.is_released(a));
}

#[test]
fn all_stores_and_closing_see_them() {
    let (mut w, _, _, counter) = receiving();
    assert_eq!(w.begin_logoff_stores(LOGOFF_QUIET, 0).unwrap(), 1);
    assert!(counter.is_open());

    let (mut w, a, _, counter) = receiving();
    let close = w.begin_close(false, None);
    assert!(!counter.is_open());
    w.run();
    assert_eq!(w.engine.collect(close.call), None);
    w.end(counter.gathered(7), S_OK, 0);
    assert!(w.is_released(a) && w.is_closed());
}

#[test]
fn the_removal_of_a_transport_cancels_its_own_and_lets_no_other_begin() {
    let (mut w, a, t, counter) = receiving();
    let other = w.self_driven("U");
    let (own, others) = (pass(&mut w, t), pass(&mut w, other));
    assert!(own.admitted() && others.admitted());
    counter.begin(other, 8);
    let removal = w.begin_remove(t);
    assert!(!own.admitted() && others.admitted());
    assert!(counter.is_open(), "for other transports");
    assert_eq!(w.engine.is_cancelled(counter.gathered(7)), Ok(true));
    assert_eq!(w.engine.is_cancelled(counter.gathered(8)), Ok(false));
    w.end(counter.gathered(7), MAPI_E_USER_CANCEL, 0);
    assert_eq!(w.wait_for(removal), Answer::Done);
    assert_eq!(w.status(a), IN);
}

#[test]
fn a_removal_that_fails_admits_the_transport_again() {
    let (mut w, _, t, _) = receiving();
    let pass = pass(&mut w, t);
    assert!(w.remove(t).is_err(), "what it has in process does not end");
    assert!(pass.admitted());
}

#[test]
fn a_transport_in_a_critical_error_is_not_admitted() {
    let (mut w, _, t, _) = receiving();
    let pass = pass(&mut w, t);
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    assert!(!pass.admitted());
    w.notify(t, NOTIFY_READYTOSEND, None);
    assert!(pass.admitted());
}

#[test]
fn a_second_logon_has_its_own_and_the_store_counts_both() {
    let (mut w, a, t, first) = receiving();
    let again = w.open("A");
    let second = reception(&mut w, again);
    second.begin(t, 8);
    assert_eq!(w.engine.status(a).unwrap().inbound, 2);
    second.begin(t, 9);
    assert_eq!(w.logoff(a, LOGOFF_ABORT), COMPLETE | IN, "ignored");
    assert!(!first.is_open(), "this logon is over");
    assert!(second.is_open());
    assert_eq!(w.logoff(again, LOGOFF_QUIET), IN);
    for (counter, ticket) in [(&first, 7), (&second, 8), (&second, 9)] {
        w.end(counter.gathered(ticket), S_OK, 0);
    }
    assert!(w.is_released(a));
}

#[test]
fn a_store_that_is_opened_again_while_it_logs_off_receives_again() {
    let (mut w, a, t, first) = receiving();
    assert_eq!(w.logoff(a, LOGOFF_ORDERLY), COMPLETE | IN);
    let again = w.open("A");
    let second = reception(&mut w, again);
    assert!(!first.is_open());
    second.begin(t, 8);
    assert_eq!(w.engine.status(again).unwrap().inbound, 2);
}

#[test]
fn a_logon_that_is_released_late_tells_of_what_comes_in_then() {
    let mut w = World::new();
    let t = w.self_driven("T");
    w.driven("D");
    let a = w.open("A");
    w.hold("D submit m1");
    w.submit(a, &["m1"]);
    let again = w.open("A");
    let second = reception(&mut w, again);
    assert_eq!(w.logoff(a, LOGOFF_ABORT), COMPLETE | OUT, "ignored");
    second.begin(t, 8);
    w.let_go("D submit m1");
    assert_eq!(w.released[&a], COMPLETE | IN);
}
