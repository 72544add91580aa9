//! The final release of a store logon while its callbacks run.

use super::super::world::{Manner, World, go, join};
use super::{any_of, explore};
use crate::engine::{Error, mapi};

#[test]
fn of_a_logon_whose_message_is_sent() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.driven(Manner::default()).expect("a transport");
        store.submit("message").expect("the store is open");
        let waker = go(move || {
            transport
                .notify(mapi::NOTIFY_READYTOSEND)
                .expect("the transport is there");
        });
        let saved = [
            0,
            mapi::LOGOFF_NO_WAIT,
            mapi::LOGOFF_ORDERLY,
            mapi::LOGOFF_PURGE,
            mapi::LOGOFF_ABORT,
            mapi::LOGOFF_QUIET,
        ];
        let found = store.found().expect("the handle lives");
        found
            .save_logoff(any_of(&saved))
            .expect("the logon is not over");
        store.release().expect("the handle lives");
        assert_eq!(Err(Error::BadHandle("store logon")), store.release());
        join(waker);
        world.finish();
    });
}

/// Another thread's logoff waits: the release returns at once, and the logoff goes on to its end.
#[test]
fn of_a_logon_whose_logoff_waits() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        store.submit("message").expect("the store is open");
        let waiter = go({
            let store = store.clone();
            let word = any_of(&[mapi::LOGOFF_PURGE, mapi::LOGOFF_ABORT]);
            move || match store.logoff(word) {
                // The release came before, or is at it.
                Ok(_) | Err(Error::Over | Error::BadHandle(_) | Error::Busy(_)) => {}
                Err(error) => panic!("{error}"),
            }
        });
        store.release().expect("the handle lives");
        join(waiter);
        world.finish();
    });
}

/// Of two logons the older goes while its callbacks run: the next one's take over.
#[test]
fn of_the_older_of_two_logons() {
    explore(|| {
        let world = World::new();
        world.driven(Manner::default()).expect("a transport");
        let older = world.open("store").expect("a store");
        let newer = world.open("store").expect("a store");
        older.submit("first").expect("the store is open");
        let user = go(move || {
            newer.submit("second").expect("the store is open");
            let flags = newer
                .logoff(mapi::LOGOFF_NO_WAIT)
                .expect("no other logoff of it");
            newer.release().expect("the handle lives");
            flags
        });
        older.release().expect("the handle lives");
        join(user);
        world.finish();
    });
}
