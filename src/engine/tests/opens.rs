//! Other opens of the store: here, and elsewhere. Semantics, section 2.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

const ALL: [u32; 5] = [
    LOGOFF_NO_WAIT,
    LOGOFF_ORDERLY,
    LOGOFF_PURGE,
    LOGOFF_ABORT,
    LOGOFF_QUIET,
];

/// A store that sends m1 with m2 behind it.
fn busy() -> (World, LogonKey, TransportKey) {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.inbox("A");
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]);
    w.forget_log();
    (w, a, t)
}

#[test]
fn with_another_logon_here_every_logoff_is_ignored() {
    for instruction in ALL {
        let (mut w, a, _) = busy();
        let b = w.open("A");
        assert_eq!(w.logoff(b, instruction), COMPLETE | OUT | QUEUE);
        w.saw(&["A/2 released"]);
        assert_eq!(w.status(a), OUT | QUEUE, "nothing was stopped");
        assert_eq!(w.opens_of("A"), 1);
        w.let_go("T submit m1");
        assert_eq!(w.finished(a), 2);
    }
}

#[test]
fn the_older_logon_may_go_first_and_the_next_ones_callbacks_take_over() {
    for instruction in ALL {
        let (mut w, a, _) = busy();
        let b = w.open("A");
        assert_eq!(w.logoff(a, instruction), COMPLETE | OUT | QUEUE);
        w.saw(&[]);
        w.let_go("T submit m1");
        w.saw(&[
            "A/2 finished m1",
            "A released",
            "A/2 lock m2",
            "T submit m2",
            "A/2 finished m2",
        ]);
        assert_eq!(w.finished(b), 2);
    }
}

#[test]
fn the_callbacks_are_those_of_the_oldest_logon() {
    let (mut w, a, _) = busy();
    let b = w.open("A");
    w.submit(b, &["m3"]);
    w.let_go("T submit m1");
    w.saw_of(
        "A",
        &[
            "finished m1",
            "lock m2",
            "finished m2",
            "lock m3",
            "finished m3",
        ],
    );
    assert_eq!(w.finished(a), 3);
}

#[test]
fn the_last_of_several_logons_performs_the_real_logoff() {
    for first in 0..3 {
        let mut w = World::new();
        w.driven("T");
        let mut logons = [w.open("A"), w.open("A"), w.open("A")];
        w.forget_log();
        logons.rotate_left(first);
        assert_eq!(w.logoff(logons[0], LOGOFF_PURGE), COMPLETE);
        assert_eq!(w.logoff(logons[1], LOGOFF_PURGE), COMPLETE);
        assert!(!w.has_seen("T flush"));
        assert_eq!(w.opens_of("A"), 1);
        assert_eq!(w.logoff(logons[2], LOGOFF_PURGE), COMPLETE);
        assert!(w.has_seen("T flush"));
        assert_eq!(w.opens_of("A"), 0);
        assert_eq!(w.released.len(), 3);
    }
}

#[test]
fn open_elsewhere_ends_the_logon_at_once_and_goes_on_as_no_wait() {
    for instruction in ALL {
        let (mut w, a, _) = busy();
        w.open_elsewhere("A");
        assert_eq!(w.logoff(a, instruction), COMPLETE | OUT | QUEUE);
        assert_eq!(w.opens_of("A"), 1, "only the other one counts");
        w.saw(&["T END_INBOUND"]);
        assert!(!w.is_released(a));
        w.let_go("T submit m1");
        assert_eq!(w.finished(a), 2);
        assert!(w.is_released(a));
    }
}

#[test]
fn another_process_that_has_gone_does_not_count() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.open_elsewhere("A");
    w.leave_elsewhere("A");
    w.logoff(a, LOGOFF_PURGE);
    assert!(w.has_seen("T flush"));
}

#[test]
fn another_logon_here_is_asked_before_those_elsewhere() {
    let (mut w, a, _) = busy();
    let b = w.open("A");
    w.open_elsewhere("A");
    assert_eq!(w.logoff(a, LOGOFF_ABORT), COMPLETE | OUT | QUEUE);
    assert_eq!(w.opens_of("A"), 2, "this spooler's open still counts");
    w.leave_elsewhere("A");
    assert_eq!(w.logoff(b, LOGOFF_QUIET), OUT | QUEUE);
}

#[test]
fn an_open_stops_counting_in_the_step_that_decides_complete() {
    let (mut w, a, _) = busy();
    w.logoff(a, LOGOFF_NO_WAIT);
    assert_eq!(w.opens_of("A"), 0);
    assert!(!w.is_released(a));
}

#[test]
fn a_waiting_abort_or_purge_still_counts() {
    for instruction in [LOGOFF_ABORT, LOGOFF_PURGE] {
        let (mut w, a, _) = busy();
        let waits = w.begin_logoff(a, instruction);
        assert_eq!(w.opens_of("A"), 1);
        w.let_go_with("T submit m1", says(MAPI_E_CALL_FAILED));
        assert!(w.answer(waits).is_some());
        assert_eq!(w.opens_of("A"), 0);
    }
}

#[test]
fn no_logoff_keeps_the_open_counting() {
    let (mut w, a, _) = busy();
    w.logoff(a, LOGOFF_QUIET);
    w.logoff(a, LOGOFF_ABORT);
    assert_eq!(w.opens_of("A"), 1);
}

#[test]
fn reopening_while_the_background_works_opens_the_gates_again() {
    for instruction in [LOGOFF_ORDERLY, LOGOFF_NO_WAIT] {
        let (mut w, a, t) = busy();
        w.logoff(a, instruction);
        let b = w.open("A");
        assert_eq!(w.opens_of("A"), 1);
        assert!(!w.is_released(a), "its transfer is still running");
        let transfer = w.receive(t, Some(b));
        w.end(transfer, S_OK, 0);
        w.submit(b, &["m3"]);
        w.let_go("T submit m1");
        assert!(w.is_released(a));
        assert!(!w.is_released(b));
        assert_eq!(w.finished(b), 3, "sending goes on");
    }
}

#[test]
fn reopening_releases_the_old_logon_as_soon_as_none_of_its_callbacks_runs() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    w.logoff(a, LOGOFF_NO_WAIT); // T may still come for it
    assert!(!w.is_released(a));
    let b = w.open("A");
    assert!(w.is_released(a));
    let transfer = w.take(t);
    w.end(transfer, S_OK, 0);
    assert_eq!(w.finished(b), 1);
}

#[test]
fn reopening_tells_the_transports_that_the_gates_are_open() {
    let (mut w, a, _) = busy();
    w.logoff(a, LOGOFF_ORDERLY);
    w.saw(&["T END_INBOUND", "T END_OUTBOUND"]);
    w.open("A");
    w.saw(&["T BEGIN_INBOUND", "T BEGIN_OUTBOUND"]);
}

#[test]
fn reopening_ends_a_waiting_abort_or_purge_with_complete() {
    for instruction in [LOGOFF_ABORT, LOGOFF_PURGE] {
        let (mut w, a, _) = busy();
        let waits = w.begin_logoff(a, instruction);
        let b = w.open("A");
        assert_eq!(w.answer(waits), Some(COMPLETE | OUT | QUEUE));
        assert_eq!(w.status(a) & COMPLETE, COMPLETE);
        w.let_go("T submit m1");
        assert!(w.is_released(a));
        assert_eq!(w.finished(b), 2);
        w.forget_log();
        w.pass(10_000);
        w.saw(&[]);
    }
}

#[test]
fn reopening_withdraws_the_cancelling() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    w.begin_logoff(a, LOGOFF_ABORT);
    assert!(w.engine.is_cancelled(transfer).unwrap());
    w.open("A");
    assert!(!w.engine.is_cancelled(transfer).unwrap());
}

#[test]
fn a_store_that_was_released_can_be_opened_anew() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.logoff(a, LOGOFF_ABORT);
    let b = w.open("A");
    w.submit(b, &["m1"]);
    assert_eq!(w.finished(b), 1);
    assert_eq!(w.logoff(b, LOGOFF_QUIET), COMPLETE);
}

#[test]
fn submitted_by_one_logon_aborted_by_another() {
    let mut w = World::new();
    let a = w.open("A");
    let b = w.open("A");
    w.submit(a, &["m1"]);
    assert_eq!(w.status(b), QUEUE);
    w.engine.abort_submit(b, b"m1").unwrap();
    assert_eq!(w.status(a), Status::empty());
}
