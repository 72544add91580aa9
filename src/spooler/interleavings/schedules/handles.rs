//! Handles that one thread uses while another ends them: they work, or are refused, and never stand for something
//! else.

use super::super::world::{World, go, join};
use super::explore;
use crate::engine::{Error, HResult, TransportKey};
use crate::spooler::handles::{self, Handle, Object};
use crate::spooler::{begin_inbound, end_transfer};
use slotmap::SlotMap;

#[test]
fn a_store_logon_that_is_released_while_it_is_used() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        store
            .found()
            .and_then(|it| it.add_ref())
            .expect("the handle lives");
        let users = [(); 2].map(|()| {
            let store = store.clone();
            go(move || {
                // One's own reference keeps the handle alive.
                store.status().expect("the handle lives");
                store.release().expect("the handle lives");
                match store.status() {
                    // The other thread's reference.
                    Ok(_) | Err(Error::BadHandle(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            })
        });
        users.into_iter().for_each(join);
        assert_eq!(Some(Error::BadHandle("store logon")), store.status().err());
        world.finish();
    });
}

/// The place of an inbound transfer is used again, by the store's counter or by the engine, which takes over while
/// somebody asks: the handle of the one that has ended does not end the next.
#[test]
fn an_ended_transfer_is_not_ended_again() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        let transport = world.self_driven().expect("a transport");
        let asker = go({
            let store = store.clone();
            move || {
                for _ in 0..2 {
                    store.status().expect("the handle lives");
                }
            }
        });
        let begin = || {
            let (transport, store) = (transport.handle.as_ptr::<()>(), store.handle.as_ptr::<()>());
            begin_inbound(transport, store).expect("reception is on")
        };
        let end = |transfer: Handle| end_transfer(transfer.as_ptr::<()>(), HResult::OK, 0, 0);
        let ended = begin();
        end(ended).expect("it runs");
        let next = begin();
        assert_eq!(Err(Error::BadHandle("transfer")), end(ended));
        end(next).expect("it runs");
        join(asker);
        store.release().expect("the handle lives");
        world.finish();
    });
}

/// The slot of a handle is used again: the old number must not find the new object.
#[test]
fn an_old_number_never_finds_a_new_object() {
    explore(|| {
        let world = World::new();
        let spooler = world.spooler().expect("a spooler");
        let mut keys: SlotMap<TransportKey, ()> = SlotMap::with_key();
        let key = keys.insert(());
        let handle = handles::add(&spooler, Object::Transport(key)).expect("a handle");
        let user = go(move || {
            for _ in 0..3 {
                match handles::transport(handle.as_ptr::<()>()) {
                    Ok(found) => assert!(found.key == key),
                    Err(error) => assert_eq!(Error::BadHandle("transport"), error),
                }
            }
        });
        handles::remove(handle);
        let next = [(); 2].map(|()| {
            let key = keys.insert(());
            let handle = handles::add(&spooler, Object::Transport(key)).expect("a handle");
            (handle, key)
        });
        assert!(next.iter().all(|(other, _)| *other != handle));
        join(user);
        for (handle, key) in next {
            let found = handles::transport(handle.as_ptr::<()>()).expect("the handle lives");
            assert!(found.key == key);
            handles::remove(handle);
        }
        world.finish();
    });
}
