//! Purges: over several transports, watched, cancelled, and met by an open or by the removal of a transport.

use super::super::watch::is_refusal;
use super::super::world::{Manner, World, go, join};
use super::{any_of, explore};
use crate::engine::{Level, Status, mapi};
use crate::spooler::Mode;

#[test]
fn over_two_transports() {
    explore(a_purge_over_two_transports);
}

pub fn a_purge_over_two_transports() {
    let world = World::with(Mode::Threads, Some(Level::Debug));
    let answers = any_of(&[&[][..], &[mapi::MAPI_E_BUSY], &[mapi::MAPI_E_NOT_ME]]);
    let reluctant = Manner {
        answers,
        ..Manner::default()
    };
    world.driven(reluctant).expect("a transport");
    world.driven(Manner::default()).expect("a transport");
    let store = world.open("store").expect("a store");
    for id in ["first", "second", "third"] {
        store.submit(id).expect("the store is open");
    }
    let flags = store.logoff(mapi::LOGOFF_PURGE).expect("no other logoff");
    assert_eq!(Status::COMPLETE, flags);
    assert!(world.watch.see().all_finished());
    assert_eq!(2, world.watch.see().flushed, "each transport was flushed");
    store.release().expect("the handle lives");
    world.finish();
}

#[test]
fn watched_and_cancelled() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        store.submit("first").expect("the store is open");
        store.submit("second").expect("the store is open");
        let watcher = go({
            let store = store.clone();
            move || {
                let mut finished = 0;
                for _ in 0..3 {
                    let counts = store.status().expect("the handle lives");
                    assert!(counts.finished >= finished, "a count goes back");
                    let all = counts.ready + counts.waiting + counts.outbound + counts.finished;
                    assert_eq!(2, all, "a message is always counted once");
                    finished = counts.finished;
                }
                store.cancel().expect("the handle lives");
            }
        });
        let flags = store.logoff(mapi::LOGOFF_PURGE).expect("no other logoff");
        join(watcher);
        match flags.contains(Status::COMPLETE) {
            true => assert!(world.watch.see().all_finished()),
            false => {
                let again = store.logoff(mapi::LOGOFF_PURGE);
                assert_eq!(Ok(Status::COMPLETE), again, "the store was as before");
            }
        }
        store.release().expect("the handle lives");
        world.finish();
    });
}

/// A store that is opened again while its logoff waits or goes on works on, and the logoff counts as ignored.
#[test]
fn met_by_an_open() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        store.submit("first").expect("the store is open");
        let opener = go({
            let world = world.clone();
            move || {
                let again = world.open("store").expect("the spooler is open");
                again.submit("second").expect("the gates are open");
                let flags = again
                    .logoff(mapi::LOGOFF_PURGE)
                    .expect("no other logoff of it");
                assert!(flags.contains(Status::COMPLETE));
                again.release().expect("the handle lives");
            }
        });
        let words = [
            mapi::LOGOFF_PURGE,
            mapi::LOGOFF_NO_WAIT,
            mapi::LOGOFF_ORDERLY,
        ];
        let flags = store.logoff(any_of(&words)).expect("no other logoff of it");
        assert!(flags.contains(Status::COMPLETE));
        store.wait().expect("a wait without limit");
        join(opener);
        store.release().expect("the handle lives");
        world.finish();
    });
}

/// The transport that sends is removed: its message goes back to the queue, and to the other one.
#[test]
fn met_by_the_removal_of_a_transport() {
    explore(|| {
        let world = World::new();
        let removed = world.driven(Manner::default()).expect("a transport");
        world.driven(Manner::default()).expect("a transport");
        let store = world.open("store").expect("a store");
        store.submit("first").expect("the store is open");
        store.submit("second").expect("the store is open");
        let remover = go(move || {
            if let Err(error) = removed.remove() {
                assert!(is_refusal(&error), "{error}");
            }
        });
        let flags = store.logoff(mapi::LOGOFF_PURGE).expect("no other logoff");
        assert_eq!(Status::COMPLETE, flags);
        assert!(world.watch.see().all_finished());
        join(remover);
        store.release().expect("the handle lives");
        world.finish();
    });
}
