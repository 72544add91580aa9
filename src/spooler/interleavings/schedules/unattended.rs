//! What goes on by itself, without a thread that waits in the library; and what goes on where no thread can be had.

use super::super::world::{Manner, World, go, join};
use super::{any_of, explore};
use crate::engine::{Error, Level, Status, mapi};
use crate::spooler::Mode;
use crate::sync::thread;

/// A message for a transport that never asks is put off after a pause, and the logoff ends: at a time that nobody
/// slept for when it was set.
#[test]
fn a_logoff_ends_at_its_time() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        world.self_driven().expect("a transport");
        store.submit("message").expect("the store is open");
        let flags = store.logoff(mapi::LOGOFF_NO_WAIT).expect("no other logoff");
        assert_eq!(Status::COMPLETE | Status::OUTBOUND_QUEUE, flags);
        world.await_released();
        store.release().expect("the handle lives");
        world.finish();
    });
}

/// The same where the time comes from a release, and a thread of the spooler is in a callback.
#[test]
fn a_logoff_ends_after_its_handle() {
    explore(|| {
        let world = World::new();
        world.driven(Manner::default()).expect("a transport");
        world.self_driven().expect("a transport");
        let store = world.open("store").expect("a store");
        for id in ["first", "second"] {
            store.submit(id).expect("the store is open");
        }
        let word = any_of(&[mapi::LOGOFF_NO_WAIT, mapi::LOGOFF_ORDERLY]);
        store.logoff(word).expect("no other logoff");
        store.release().expect("the handle lives");
        world.await_released();
        world.finish();
    });
}

/// Where a thread is needed and cannot be had a call says so and changes nothing, or whoever waits stands in.
#[test]
fn without_threads_who_waits_stands_in() {
    /// What may go wrong, and only so.
    fn where_threads_suffice<R>(result: Result<R, Error>) -> Option<R> {
        match result {
            Ok(done) => Some(done),
            Err(Error::Exhausted(_)) => None,
            Err(error) => panic!("{error}"),
        }
    }
    explore(|| {
        thread::run_out();
        let world = World::with(Mode::Threads, Some(Level::Warning));
        let Some(store) = where_threads_suffice(world.open("store")) else {
            return world.finish();
        };
        for _ in 0..2 {
            where_threads_suffice(world.driven(Manner::default()));
        }
        for id in ["first", "second"] {
            where_threads_suffice(store.submit(id));
        }
        let words = [
            mapi::LOGOFF_PURGE,
            mapi::LOGOFF_NO_WAIT,
            mapi::LOGOFF_ORDERLY,
        ];
        let word = any_of(&words);
        let logged_off = where_threads_suffice(store.logoff(word)).is_some();
        let waiter = logged_off.then(|| {
            let store = store.clone();
            go(move || store.wait().expect("a wait without limit"))
        });
        if logged_off {
            store.wait().expect("a wait without limit");
        }
        waiter.into_iter().for_each(join);
        store.release().expect("the handle lives");
        world.finish();
    });
}
