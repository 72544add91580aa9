//! Manual mode with several threads: one at a time carries out what is due, and the others wait for it.

use super::super::world::{Manner, World, go, join};
use super::explore;
use crate::engine::{Status, mapi};
use crate::spooler::Mode;

#[test]
fn a_purge_against_others_that_run_the_spooler() {
    explore(|| {
        let world = World::with(Mode::Manual, None);
        let store = world.open("store").expect("a store");
        world.driven(Manner::default()).expect("a transport");
        store.submit("first").expect("the store is open");
        store.submit("second").expect("the store is open");
        let runners = [0, 1].map(|milliseconds| {
            let world = world.clone();
            go(move || {
                let spooler = world.spooler().expect("a spooler");
                spooler.run(milliseconds).expect("manual mode");
            })
        });
        let flags = store.logoff(mapi::LOGOFF_PURGE).expect("no other logoff");
        assert_eq!(Status::COMPLETE, flags);
        assert!(world.watch.see().all_finished());
        runners.into_iter().for_each(join);
        store.release().expect("the handle lives");
        world.finish();
    });
}
