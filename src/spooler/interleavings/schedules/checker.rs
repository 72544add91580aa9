//! The checker itself: it finds what is wrong, and finds it again.

use super::super::world::{World, go, join};
use super::{explore, gates, purges};
use crate::sync::{Condvar, Instant, Mutex, moment};
use shuttle::scheduler::{RandomScheduler, UncontrolledNondeterminismCheckScheduler};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A bell that is rung without the lock, between the sleeper's look and its sleep, is not heard.
#[test]
#[should_panic(expected = "deadlock")]
fn finds_a_bell_that_is_not_heard() {
    explore(|| {
        let (rung, bell) = (AtomicBool::new(false), Condvar::new());
        let shared = Arc::new((Mutex::new(()), rung, bell));
        let sleeper = go({
            let shared = shared.clone();
            move || {
                let (lock, rung, bell) = &*shared;
                let guard = lock.lock().expect("no panic");
                if !rung.load(Ordering::Relaxed) {
                    drop(bell.wait(guard));
                }
            }
        });
        let (_, rung, bell) = &*shared;
        moment();
        rung.store(true, Ordering::Relaxed);
        bell.notify_all();
        join(sleeper);
    });
}

/// What a callback does wrong comes out at the end of the program.
#[test]
#[should_panic(expected = "Released twice")]
fn finds_what_a_provider_sees() {
    explore(|| {
        let world = World::new();
        let store = world.open("store").expect("a store");
        store.release().expect("the handle lives");
        world.watch.see().released(store.logon);
        world.finish();
    });
}

/// The limit of a wait passes before the bell in some schedules and after it in others, and then the clock says so.
#[test]
fn a_limit_passes_early_or_late() {
    static PASSED: AtomicBool = AtomicBool::new(false);
    static HEARD: AtomicBool = AtomicBool::new(false);
    const LIMIT: Duration = Duration::from_secs(5);
    explore(|| {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let sleeper = go({
            let shared = shared.clone();
            move || {
                let (rung, bell) = &*shared;
                let begin = Instant::now();
                let mut guard = rung.lock().expect("no panic");
                while !*guard {
                    let (woken, passed) = bell.wait_timeout(guard, LIMIT).expect("no panic");
                    guard = woken;
                    assert_eq!(passed, begin.elapsed() >= LIMIT);
                    if passed {
                        return PASSED.store(true, Ordering::Relaxed);
                    }
                    HEARD.store(true, Ordering::Relaxed);
                }
            }
        });
        moment();
        let (rung, bell) = &*shared;
        *rung.lock().expect("no panic") = true;
        bell.notify_all();
        join(sleeper);
    });
    assert!(PASSED.load(Ordering::Relaxed) && HEARD.load(Ordering::Relaxed));
}

/// A schedule runs as it ran before: nothing but the schedule decides.
#[test]
fn a_schedule_can_be_run_again() {
    let programs = [
        purges::a_purge_over_two_transports,
        gates::receptions_and_a_logoff,
    ];
    for program in programs {
        let random = RandomScheduler::new_from_seed(super::SEED, 500);
        super::run(
            UncontrolledNondeterminismCheckScheduler::new(random),
            program,
        );
    }
}
