//! Several logoffs at a time: of one store logon, of several of one store, of all stores at once.

use super::super::world::{Manner, Store, World, go, join};
use super::{any_of, explore};
use crate::engine::{Busy, Error, Status, mapi};

/// The instructions that send or leave the mail but never answer without COMPLETE.
const CERTAIN: [u32; 3] = [
    mapi::LOGOFF_NO_WAIT,
    mapi::LOGOFF_ORDERLY,
    mapi::LOGOFF_PURGE,
];

/// A logoff that another one may have come before.
fn complete_or_refused(store: &Store, word: u32) -> bool {
    match store.logoff(word) {
        Ok(flags) => flags.contains(Status::COMPLETE),
        Err(Error::Over | Error::Busy(Busy::AnotherLogoff)) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn two_of_one_logon() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        store.submit("message").expect("the store is open");
        let other = go({
            let store = store.clone();
            move || complete_or_refused(&store, any_of(&CERTAIN))
        });
        let ours = complete_or_refused(&store, any_of(&CERTAIN));
        assert!(ours ^ join(other), "exactly one of them logs the store off");
        store.wait().expect("a wait without limit");
        store.release().expect("the handle lives");
        world.finish();
    });
}

/// Exactly the last performs the logoff: what it was to send has been sent when both have returned.
#[test]
fn two_logons_purge_one_store() {
    explore(|| {
        let world = World::new();
        world.driven(Manner::default()).expect("a transport");
        let stores = ["first", "second"].map(|id| {
            let store = world.open("store").expect("a store");
            store.submit(id).expect("the store is open");
            store
        });
        let [ours, others] = stores.clone();
        let other = go(move || {
            others
                .logoff(mapi::LOGOFF_PURGE)
                .expect("the only one of it")
        });
        let flags = [
            ours.logoff(mapi::LOGOFF_PURGE).expect("the only one of it"),
            join(other),
        ];
        assert!(flags.iter().all(|flags| flags.contains(Status::COMPLETE)));
        assert!(
            flags.contains(&Status::COMPLETE),
            "one of them waits until everything is sent"
        );
        assert!(world.watch.see().all_finished());
        assert_eq!(1, world.watch.see().flushed, "the other one is ignored");
        for store in &stores {
            store.release().expect("the handle lives");
        }
        world.finish();
    });
}

/// The same store in two spoolers: they see each other by their presence.
#[test]
fn two_spoolers_purge_one_store() {
    explore(|| {
        let worlds = [World::new(), World::new()];
        let stores = worlds.each_ref().map(|world| {
            world.driven(Manner::default()).expect("a transport");
            let store = world.open("store").expect("a store");
            store.submit("message").expect("the store is open");
            (store, world.watch.clone())
        });
        let threads = stores.map(|(store, watch)| {
            go(move || {
                let flags = store
                    .logoff(mapi::LOGOFF_PURGE)
                    .expect("the only one of it");
                assert!(flags.contains(Status::COMPLETE));
                let performed = watch.see().flushed == 1;
                let finished = watch.see().all_finished();
                assert!(!performed || flags == Status::COMPLETE && finished);
                store.wait().expect("a wait without limit");
                let finished = watch.see().all_finished();
                assert!(finished, "who is ignored goes on as NO_WAIT");
                store.release().expect("the handle lives");
                performed
            })
        });
        let performed = threads.map(join);
        assert!(
            performed[0] ^ performed[1],
            "exactly the last performs the logoff"
        );
        worlds.iter().for_each(World::finish);
    });
}

#[test]
fn all_stores_against_one() {
    explore(|| {
        let world = World::new();
        world.driven(Manner::default()).expect("a transport");
        let stores = ["one", "two"].map(|id| {
            let store = world.open(id).expect("a store");
            store.submit(id).expect("the store is open");
            store
        });
        let single = go({
            let store = stores[0].clone();
            move || {
                complete_or_refused(&store, any_of(&CERTAIN));
                store.wait().expect("a wait without limit");
            }
        });
        let incomplete = world
            .logoff_stores(any_of(&CERTAIN))
            .expect("the spooler is open");
        assert_eq!(0, incomplete);
        for store in &stores {
            let counts = store.status().expect("the handle lives");
            assert!(counts.flags.contains(Status::COMPLETE));
            store.wait().expect("a wait without limit");
        }
        join(single);
        for store in &stores {
            store.release().expect("the handle lives");
        }
        world.finish();
    });
}

/// An ABORT waits for what stops, in its time or too late, and never says COMPLETE before that.
#[test]
fn an_abort_of_what_is_sent_and_received() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let manner = Manner {
            moments: 2,
            heeds_cancel: any_of(&[true, false]),
            ..Manner::default()
        };
        let transport = world.driven(manner).expect("a transport");
        store.submit("message").expect("the store is open");
        let receiver = go({
            let store = store.clone();
            move || drop(transport.receive(&store))
        });
        let flags = store.logoff(mapi::LOGOFF_ABORT).expect("no other logoff");
        if flags.contains(Status::COMPLETE) {
            assert!(!flags.intersects(Status::INBOUND | Status::OUTBOUND));
            assert!(!world.watch.see().any_runs());
        }
        join(receiver);
        store.release().expect("the handle lives");
        world.finish();
    });
}
