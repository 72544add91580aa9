//! What begins and ends while the store's logoff shuts its gates.

use super::super::watch::is_refusal;
use super::super::world::{Manner, Store, World, go, join};
use super::{any_of, explore};
use crate::engine::{Error, Status, mapi};

const INSTRUCTIONS: [u32; 5] = [
    mapi::LOGOFF_NO_WAIT,
    mapi::LOGOFF_ORDERLY,
    mapi::LOGOFF_PURGE,
    mapi::LOGOFF_ABORT,
    mapi::LOGOFF_QUIET,
];

/// Logs the store off, in the end.
fn log_off(world: &World, store: &Store, word: u32) {
    let flags = store.logoff(word).expect("no other logoff");
    if flags.contains(Status::COMPLETE) {
        if word != mapi::LOGOFF_NO_WAIT && !flags.contains(Status::OUTBOUND) {
            world.watch.see().shut(store.logon);
        }
        store.wait().expect("a wait without limit");
    }
    store.release().expect("the handle lives");
}

fn refused_at_most(result: Result<(), Error>) {
    if let Err(error) = result {
        assert!(is_refusal(&error), "{error}");
    }
}

#[test]
fn receptions_against_a_logoff() {
    explore(receptions_and_a_logoff);
}

pub fn receptions_and_a_logoff() {
    let world = World::new();
    let store = world.open("store").expect("a store");
    let transport = world.self_driven().expect("a transport");
    let receiver = go({
        let store = store.clone();
        move || {
            for _ in 0..2 {
                refused_at_most(transport.receive(&store));
            }
        }
    });
    let flags = store
        .logoff(any_of(&INSTRUCTIONS))
        .expect("no other logoff");
    join(receiver);
    assert!(!flags.intersects(Status::OUTBOUND | Status::OUTBOUND_QUEUE));
    store.release().expect("the handle lives");
    world.finish();
}

/// A purge shuts the gate before it flushes, and opens it only without COMPLETE.
#[test]
fn receptions_against_a_flush() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.driven(Manner::default()).expect("a transport");
        let receiver = go({
            let store = store.clone();
            move || {
                for _ in 0..3 {
                    refused_at_most(transport.receive(&store));
                }
            }
        });
        log_off(&world, &store, mapi::LOGOFF_PURGE);
        join(receiver);
        world.finish();
    });
}

/// From its removal on a transport begins nothing more, and what it has ends before.
#[test]
fn receptions_against_the_removal_of_their_transport() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.self_driven().expect("a transport");
        let receiver = go({
            let (store, transport) = (store.clone(), transport.clone());
            move || {
                for _ in 0..2 {
                    refused_at_most(transport.receive(&store));
                }
            }
        });
        match transport.remove() {
            Ok(()) => assert!(!world.watch.see().any_runs()),
            // It did not stop in time.
            Err(error) => assert!(matches!(error, Error::Timeout(_)), "{error}"),
        }
        join(receiver);
        log_off(&world, &store, any_of(&INSTRUCTIONS));
        world.finish();
    });
}

/// What comes in never gets into the store that is opened next, although it has the handle's slot.
#[test]
fn receptions_against_the_next_store() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.self_driven().expect("a transport");
        let receiver = go({
            let store = store.clone();
            move || {
                for _ in 0..2 {
                    refused_at_most(transport.receive(&store));
                }
            }
        });
        log_off(&world, &store, mapi::LOGOFF_ORDERLY);
        let next = world.open("next").expect("a store");
        for _ in 0..2 {
            assert_eq!(0, next.status().expect("the handle lives").inbound);
        }
        log_off(&world, &next, mapi::LOGOFF_QUIET);
        join(receiver);
        world.finish();
    });
}

#[test]
fn a_self_driven_transport_against_a_logoff() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.self_driven().expect("a transport");
        store.submit("queued").expect("the store is open");
        let taker = go({
            let transport = transport.clone();
            move || transport.serve()
        });
        let sender = go({
            let store = store.clone();
            move || refused_at_most(transport.send(&store, "begun"))
        });
        log_off(&world, &store, any_of(&INSTRUCTIONS));
        join(sender);
        world.finish();
        join(taker);
    });
}

#[test]
fn a_driven_transport_against_a_logoff() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        let submitter = go({
            let store = store.clone();
            move || {
                for id in ["first", "second"] {
                    refused_at_most(store.submit(id));
                }
            }
        });
        log_off(&world, &store, any_of(&INSTRUCTIONS));
        join(submitter);
        world.finish();
    });
}
