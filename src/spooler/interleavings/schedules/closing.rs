//! The spooler is closed while other threads call everything.

use super::super::watch::is_refusal;
use super::super::world::{Manner, World, go, join};
use super::{any_of, explore};
use crate::engine::{Error, Level, mapi};
use crate::spooler::Mode;

/// A call that the closing may have come before.
fn may_be_refused<R>(result: Result<R, Error>) -> Option<R> {
    match result {
        Ok(done) => Some(done),
        Err(error) if is_refusal(&error) => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn against_submitting_and_logging_off() {
    explore(|| {
        let world = World::with(Mode::Threads, Some(Level::Debug));
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        let user = go({
            let store = store.clone();
            move || {
                may_be_refused(store.submit("first"));
                may_be_refused(store.submit("second"));
                store.status().expect("the handle lives");
                let words = [
                    mapi::LOGOFF_NO_WAIT,
                    mapi::LOGOFF_PURGE,
                    mapi::LOGOFF_ABORT,
                    mapi::LOGOFF_QUIET,
                ];
                may_be_refused(store.logoff(any_of(&words)));
                store.release().expect("the handle lives");
            }
        });
        let flags = any_of(&[0, mapi::LOGOFF_ABORT]);
        world.close(flags).expect("a close without limit");
        join(user);
        world.judge();
    });
}

#[test]
fn against_taking_and_receiving() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.self_driven().expect("a transport");
        store.submit("queued").expect("the store is open");
        let taker = go({
            let transport = transport.clone();
            move || transport.serve()
        });
        let receiver = go({
            let store = store.clone();
            move || may_be_refused(transport.receive(&store))
        });
        world.close(0).expect("a close without limit");
        join(taker);
        join(receiver);
        store.release().expect("the handle lives");
        world.judge();
    });
}

#[test]
fn against_opening_and_adding() {
    explore(|| {
        let world = World::new();
        let opener = go({
            let world = world.clone();
            move || {
                if let Some(store) = may_be_refused(world.open("store")) {
                    may_be_refused(store.submit("message"));
                    store.release().expect("the handle lives");
                }
            }
        });
        let adder = go({
            let world = world.clone();
            move || {
                if let Some(transport) = may_be_refused(world.driven(Manner::default())) {
                    may_be_refused(transport.notify(mapi::NOTIFY_READYTOSEND));
                    may_be_refused(transport.remove());
                }
            }
        });
        world.close(0).expect("a close without limit");
        join(opener);
        join(adder);
        world.judge();
    });
}

#[test]
fn against_another_close_and_all_stores() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        store.submit("message").expect("the store is open");
        let closer = go({
            let world = world.clone();
            move || may_be_refused(world.close(mapi::LOGOFF_ABORT))
        });
        let all = go({
            let world = world.clone();
            move || may_be_refused(world.logoff_stores(mapi::LOGOFF_PURGE))
        });
        may_be_refused(world.close(0));
        join(closer);
        join(all);
        store.release().expect("the handle lives");
        world.judge();
    });
}
