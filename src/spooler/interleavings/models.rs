//! Programs in every order of their threads, under loom. Limits never pass here.
//!
//! A failure ends the process, since what is left of the execution cannot be dropped outside of it: the first message
//! is the one that counts.

use super::world::{Manner, World, go, join};
use crate::engine::{Status, TransportKey, mapi};
use crate::spooler::handles::{self, Object};
use loom::model::Builder;
use slotmap::SlotMap;

/// Checks a program with so many preemptions at most; `None` is all.
fn check(preemptions: Option<usize>, program: fn()) {
    let mut model = Builder::new();
    model.preemption_bound = preemptions;
    model.max_branches = 100_000;
    model.check(program);
}

#[test]
fn a_handle_is_released_while_it_is_used() {
    check(None, || {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let user = go({
            let store = store.clone();
            move || store.status().is_ok()
        });
        store.release().expect("the handle lives");
        assert!(store.status().is_err(), "the handle is over");
        join(user);
        world.finish();
    });
}

/// Slots are found without a lock, and used again.
#[test]
fn an_old_number_never_finds_a_new_object() {
    check(None, || {
        let world = World::new();
        let spooler = world.spooler().expect("a spooler");
        let mut keys: SlotMap<TransportKey, ()> = SlotMap::with_key();
        let [key, next] = [(); 2].map(|()| keys.insert(()));
        let handle = handles::add(&spooler, Object::Transport(key)).expect("a handle");
        let user = go(move || {
            if let Ok(found) = handles::transport(handle.as_ptr::<()>()) {
                assert!(found.key == key);
            }
        });
        handles::remove(handle);
        let other = handles::add(&spooler, Object::Transport(next)).expect("a handle");
        assert!(other != handle);
        join(user);
        handles::remove(other);
        world.finish();
    });
}

#[test]
fn a_reception_against_a_logoff() {
    check(Some(4), || {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.self_driven().expect("a transport");
        let receiver = go({
            let store = store.clone();
            move || drop(transport.receive(&store))
        });
        let flags = store.logoff(mapi::LOGOFF_ORDERLY).expect("no other logoff");
        assert!(flags.contains(Status::COMPLETE));
        store.wait().expect("a wait without limit");
        join(receiver);
        store.release().expect("the handle lives");
        world.finish();
    });
}

/// The transport's slot says without a lock whether it may receive.
#[test]
fn a_reception_against_the_removal_of_its_transport() {
    check(Some(3), || {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.self_driven().expect("a transport");
        let receiver = go({
            let (store, transport) = (store.clone(), transport.clone());
            move || drop(transport.receive(&store))
        });
        transport.remove().expect("what it receives ends");
        assert!(!world.watch.see().any_runs());
        join(receiver);
        store.release().expect("the handle lives");
        world.finish();
    });
}

#[test]
fn two_logoffs_of_one_logon() {
    check(None, || {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let other = go({
            let store = store.clone();
            move || store.logoff(mapi::LOGOFF_QUIET).is_ok()
        });
        let ours = store.logoff(mapi::LOGOFF_NO_WAIT).is_ok();
        assert!(ours ^ join(other), "exactly one of them logs the store off");
        store.wait().expect("a wait without limit");
        store.release().expect("the handle lives");
        world.finish();
    });
}

/// A message is submitted, sent by the transport's thread and waited for: whoever sleeps is woken.
#[test]
fn a_message_is_sent() {
    check(Some(3), || {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        store.submit("message").expect("the store is open");
        let flags = store.logoff(mapi::LOGOFF_NO_WAIT).expect("no other logoff");
        assert!(flags.contains(Status::COMPLETE));
        store.wait().expect("a wait without limit");
        assert!(world.watch.see().all_finished());
        store.release().expect("the handle lives");
        world.finish();
    });
}
