//! LogoffStores: one instruction and one deadline for all. Semantics, section 7.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

/// Stores A, which sends m1 with m2 behind it, B, which has m3 queued for nobody, and C at rest.
fn three() -> (World, [LogonKey; 3]) {
    let mut w = World::new();
    w.driven("T");
    let logons = [w.open("A"), w.open("B"), w.open("C")];
    w.hold("T submit m1");
    w.answers("T submit m3", &[seconds(MAPI_E_WAIT, 9_999)]);
    w.submit(logons[1], &["m3"]);
    w.submit(logons[0], &["m1", "m2"]);
    w.forget_log();
    (w, logons)
}

#[test]
fn each_store_with_the_one_instruction() {
    let (mut w, [a, b, c]) = three();
    assert_eq!(w.begin_logoff_stores(LOGOFF_QUIET, 0).unwrap(), 2);
    assert!(w.is_released(c));
    assert_eq!((w.status(a), w.status(b)), (OUT | QUEUE, QUEUE));
}

#[test]
fn what_does_not_wait_is_answered_at_once() {
    let (mut w, logons) = three();
    assert_eq!(w.begin_logoff_stores(LOGOFF_ORDERLY, 0).unwrap(), 0);
    for logon in logons {
        assert!(w.status(logon).contains(COMPLETE));
    }
}

#[test]
fn all_wait_together() {
    let (mut w, [a, b, c]) = three();
    let waits = w.begin_logoff_stores(LOGOFF_ABORT, 60_000).unwrap_err();
    assert!(w.is_released(b) && w.is_released(c));
    assert!(!w.is_released(a));
    w.pass(30_000);
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    assert_eq!(w.incomplete(waits), 0);
    assert_eq!(w.now, 30_000, "the abort limit does not count");
}

#[test]
fn what_did_not_complete_by_the_deadline_is_counted_and_stays() {
    for instruction in [LOGOFF_ABORT, LOGOFF_PURGE] {
        let (mut w, [a, b, _]) = three();
        let waits = w.begin_logoff_stores(instruction, 4_000).unwrap_err();
        let others = u32::from(instruction == LOGOFF_PURGE); // B's flush waits behind A's transfer
        assert_eq!(w.incomplete(waits), 1 + 2 * others);
        assert_eq!(w.now, 4_000);
        assert_eq!(w.status(a), OUT | QUEUE);
        assert_eq!(w.is_released(b), others == 0);
        w.let_go("T submit m1");
        assert_eq!(w.finished(a), 2, "it works as before");
    }
}

#[test]
fn several_logons_of_a_store_are_all_ended() {
    let (mut w, _) = three();
    w.open("A");
    w.open("C");
    assert_eq!(w.begin_logoff_stores(LOGOFF_NO_WAIT, 0).unwrap(), 0);
    w.let_go("T submit m1");
    assert_eq!(w.released.len(), 5);
}

#[test]
fn a_store_in_another_threads_logoff_is_waited_for() {
    let (mut w, [a, _, _]) = three();
    let other = w.begin_logoff(a, LOGOFF_ABORT);
    let waits = w.begin_logoff_stores(LOGOFF_ORDERLY, 60_000).unwrap_err();
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    assert_eq!(w.answer(other), Some(COMPLETE | QUEUE));
    assert_eq!(w.incomplete(waits), 0);
}

#[test]
fn where_the_other_threads_logoff_fails_it_gets_its_turn() {
    let (mut w, [a, _, _]) = three();
    let other = w.begin_logoff(a, LOGOFF_ABORT);
    let waits = w.begin_logoff_stores(LOGOFF_ORDERLY, 60_000).unwrap_err();
    assert_eq!(w.wait(other), OUT | QUEUE);
    assert_eq!(w.incomplete(waits), 0);
    assert_eq!(w.status(a), COMPLETE | OUT | QUEUE);
}

#[test]
fn its_deadline_counts_for_a_store_in_another_threads_logoff_too() {
    let (mut w, [a, _, _]) = three();
    let other = w.begin_logoff(a, LOGOFF_PURGE);
    let waits = w.begin_logoff_stores(LOGOFF_ORDERLY, 2_000).unwrap_err();
    assert_eq!(w.incomplete(waits), 1);
    assert_eq!(w.now, 2_000);
    w.let_go("T submit m1");
    assert_eq!(w.answer(other), Some(COMPLETE));
}

#[test]
fn a_store_that_is_opened_again_meanwhile_counts_as_logged_off() {
    for by_others in [false, true] {
        let (mut w, [a, _, _]) = three();
        let other = by_others.then(|| w.begin_logoff(a, LOGOFF_ABORT));
        let waits = w.begin_logoff_stores(LOGOFF_ABORT, 60_000).unwrap_err();
        let again = w.open("A");
        assert_eq!(w.incomplete(waits), 0);
        assert_eq!(w.now, 0);
        assert!(w.status(a).contains(COMPLETE));
        assert_eq!(w.status(again), OUT | QUEUE, "the new open is not meant");
        if let Some(other) = other {
            assert!(w.answer(other).is_some());
        }
    }
}

#[test]
fn a_store_whose_handle_was_released_meanwhile_is_waited_for_and_may_be_opened_again() {
    let (mut w, [a, _, _]) = three();
    let other = w.begin_logoff(a, LOGOFF_ABORT);
    let waits = w.begin_logoff_stores(LOGOFF_ORDERLY, 60_000).unwrap_err();
    w.engine.release(a, ME).unwrap();
    assert_eq!(w.wait(other), COMPLETE | OUT | QUEUE); // goes on in the background
    assert!(!w.engine.is_answered(waits.call));
    w.open("A");
    assert_eq!(w.incomplete(waits), 0);
}

#[test]
fn stores_in_the_background_are_not_waited_for() {
    let (mut w, [a, _, _]) = three();
    w.logoff(a, LOGOFF_ORDERLY);
    assert_eq!(w.begin_logoff_stores(LOGOFF_ABORT, 1_000).unwrap(), 0);
    assert!(!w.is_released(a));
}

#[test]
fn a_store_with_a_transfer_of_the_calling_thread_is_counted() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let (a, b) = (w.open("A"), w.open("B"));
    w.receive(t, Some(a));
    let reply = w.engine.logoff_stores(LOGOFF_ABORT, PROVIDER);
    assert_eq!(reply, Ok(Reply::Done(1)));
    assert!(w.status(b).contains(COMPLETE));
    assert_eq!(w.status(a), IN);
}

#[test]
fn its_errors_are_those_of_the_logoff() {
    let (mut w, _) = three();
    let mut error = |word, caller| {
        let refused = w.engine.logoff_stores(word, caller).unwrap_err();
        refused.hresult().0
    };
    assert_eq!(error(0x20 | 0x3, CALLBACK), MAPI_E_UNKNOWN_FLAGS);
    assert_eq!(error(0x3, CALLBACK), MAPI_E_INVALID_PARAMETER);
    assert_eq!(error(0, CALLBACK), MAPI_E_INVALID_PARAMETER);
    assert_eq!(error(LOGOFF_ABORT, CALLBACK), MAPI_E_BUSY);
    assert_eq!(error(LOGOFF_PURGE, CALLBACK), MAPI_E_BUSY);
}

#[test]
fn inside_a_callback_it_may_do_what_does_not_wait() {
    let (mut w, [a, _, c]) = three();
    w.begin_logoff(a, LOGOFF_PURGE);
    let reply = w.engine.logoff_stores(LOGOFF_ORDERLY, CALLBACK);
    assert_eq!(reply, Ok(Reply::Done(1)), "A would have to be waited for");
    assert!(w.status(c).contains(COMPLETE));
}

#[test]
fn cancelling_one_of_its_stores_counts_it() {
    let (mut w, [a, _, _]) = three();
    let waits = w.begin_logoff_stores(LOGOFF_ABORT, 60_000).unwrap_err();
    w.engine.cancel_logoff(a).unwrap();
    assert_eq!(w.incomplete(waits), 1);
    assert_eq!(w.status(a), OUT | QUEUE);
}
