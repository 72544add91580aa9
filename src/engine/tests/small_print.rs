//! Deferred and broken transports, removal, locks, submitting, opening, ending. Semantics, section 7.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

/// T and U, and store A, whose m1 T has deferred.
fn deferred() -> (World, TransportKey, TransportKey, LogonKey) {
    let mut w = World::new();
    let (t, u) = (w.driven("T"), w.driven("U"));
    let a = w.open("A");
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.submit(a, &["m1"]);
    w.forget_log();
    (w, t, u, a)
}

fn hresult<T: std::fmt::Debug>(result: Result<T, Error>) -> i32 {
    result.unwrap_err().hresult().0
}

// Deferred messages.

#[test]
fn sentdeferred_makes_the_message_ready_for_that_transport_only() {
    let (mut w, t, _, a) = deferred();
    w.hold("T submit m2");
    w.submit(a, &["m2"]);
    w.notify(t, NOTIFY_SENTDEFERRED, Some("m1"));
    w.pass(3_600_000);
    assert_eq!(w.counts(a), (1, 0, 1));
    w.let_go("T submit m2");
    w.saw_of("T", &["submit m2", "submit m1 deferred"]);
}

#[test]
fn sentdeferred_of_a_message_that_is_not_deferred_is_not_found() {
    let (mut w, t, u, _) = deferred();
    let mut notify = |key, message: &[u8]| {
        let told = w
            .engine
            .spooler_notify(key, NOTIFY_SENTDEFERRED, Some(message));
        hresult(told)
    };
    assert_eq!(notify(t, b"m2"), MAPI_E_NOT_FOUND);
    assert_eq!(notify(u, b"m1"), MAPI_E_NOT_FOUND);
}

#[test]
fn busy_after_begin_deferred_keeps_it_deferred() {
    let (mut w, t, _, _) = deferred();
    w.answers("T submit m1 deferred", &[says(MAPI_E_BUSY)]);
    w.notify(t, NOTIFY_SENTDEFERRED, None);
    w.pass(100);
    w.saw_of("T", &["submit m1 deferred", "submit m1 deferred"]);
}

#[test]
fn a_deferred_message_of_a_store_that_goes_is_asked_back() {
    for instruction in [LOGOFF_ORDERLY, LOGOFF_NO_WAIT, LOGOFF_ABORT] {
        let (mut w, _, _, a) = deferred();
        assert_eq!(w.logoff(a, instruction), COMPLETE | QUEUE);
        w.saw_of("T", &["END_OUTBOUND", "ABORT_DEFERRED m1"]);
        assert!(w.is_released(a));
    }
}

#[test]
fn the_store_is_released_after_its_deferred_messages_have_been_asked_back() {
    let (mut w, _, _, a) = deferred();
    w.hold("T ABORT_DEFERRED m1");
    w.logoff(a, LOGOFF_ORDERLY);
    assert!(!w.is_released(a), "its context is in the call");
    w.let_go("T ABORT_DEFERRED m1");
    assert!(w.is_released(a));
}

#[test]
fn ready_to_send_ends_no_wait_of_a_transport_that_had_the_seat_before() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[seconds(MAPI_E_WAIT, 60)]);
    w.submit(a, &["m1"]);
    w.remove(t).unwrap();
    let u = w.driven("U");
    w.forget_log();
    w.notify(u, NOTIFY_READYTOSEND, None);
    w.saw(&[]);
    w.pass(60_000);
    w.saw_of("U", &["submit m1"]);
}

#[test]
fn a_broken_transport_keeps_what_it_deferred() {
    let (mut w, t, _, a) = deferred();
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.notify(t, NOTIFY_SENTDEFERRED, None);
    w.saw_of("T", &["submit m1 deferred"]);
}

#[test]
fn a_broken_transport_keeps_what_it_has_offered_again() {
    let (mut w, t, _, a) = deferred();
    w.hold("T submit m2");
    w.submit(a, &["m2"]);
    w.notify(t, NOTIFY_SENTDEFERRED, None);
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.let_go("T submit m2");
    assert_eq!(w.counts(a), (0, 1, 0), "U does not get it");
    w.notify(t, NOTIFY_READYTOSEND, None);
    assert_eq!(w.finished(a), 2);
}

#[test]
fn a_broken_transport_is_told_of_stores_that_went_when_it_recovers() {
    let (mut w, t, _, a) = deferred();
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.logoff(a, LOGOFF_ORDERLY);
    assert!(w.is_released(a));
    w.saw_of("T", &[]);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.saw_of("T", &["ABORT_DEFERRED m1", "END_OUTBOUND"]);
}

#[test]
fn a_broken_transport_learns_of_an_abort_submit_when_it_recovers() {
    let (mut w, t, _, a) = deferred();
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.engine.abort_submit(a, b"m1").unwrap();
    w.run();
    w.saw(&[]);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.saw(&["T ABORT_DEFERRED+CANCEL m1"]);
}

// Broken transports.

#[test]
fn take_and_begin_of_a_broken_transport_are_busy() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.inbox("A");
    let waiting = w.begin_take(t);
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    let Some(Answer::Failed(error)) = w.engine.collect(waiting) else {
        panic!("it goes on waiting")
    };
    assert_eq!(error.hresult().0, MAPI_E_BUSY);
    assert_eq!(hresult(w.engine.take(t, PROVIDER)), MAPI_E_BUSY);
    let begins = w.engine.begin_inbound(t, None, PROVIDER);
    assert_eq!(hresult(begins), MAPI_E_BUSY);
    let begins = w.engine.begin_outbound(t, a, id("m1"), PROVIDER);
    assert_eq!(hresult(begins), MAPI_E_BUSY);
    assert_eq!(w.status(a), Status::empty(), "nothing was queued");
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.submit(a, &["m1"]);
    w.take(t);
}

#[test]
fn ready_to_send_ends_this_transports_waits_and_pauses_only() {
    let mut w = World::new();
    let (t, u) = (w.driven("T"), w.driven("U"));
    let a = w.open("A");
    w.answers("T submit m1", &[seconds(MAPI_E_WAIT, 60)]);
    w.answers("T submit m2", &[says(MAPI_E_BUSY)]);
    w.answers("T submit m3", &[says(MAPI_E_CALL_FAILED)]);
    w.submit(a, &["m1", "m2", "m3"]);
    w.forget_log();
    w.notify(u, NOTIFY_READYTOSEND, None);
    w.saw(&[]);
    w.notify(t, NOTIFY_READYTOSEND, None);
    assert_eq!(w.finished(a), 3);
    assert_eq!(w.now, 0);
}

#[test]
fn a_broken_transport_does_not_keep_a_logoff_waiting() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

// Removal.

#[test]
fn removing_a_transport_logs_it_off_last() {
    let mut w = World::new();
    let t = w.driven("T");
    w.open("A");
    w.forget_log();
    w.remove(t).unwrap();
    w.saw(&["T logoff"]);
    assert_eq!(
        hresult(w.engine.spooler_notify(t, 2, None)),
        MAPI_E_INVALID_PARAMETER
    );
}

#[test]
fn removing_cancels_what_is_in_process_as_abort_does() {
    let mut w = World::new();
    let (t, _) = (w.driven("T"), w.driven("U"));
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    w.forget_log();
    let waits = w.begin_remove(t);
    w.saw(&["T CANCEL m1"]);
    w.pass(2_000);
    w.saw(&["T CANCEL m1", "T CANCEL m1"]);
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    w.saw(&[
        "A unlock m1",
        "A lock m1",
        "T logoff",
        "U submit m1",
        "A finished m1",
    ]);
    assert_eq!(w.wait_for(waits), Answer::Done);
}

#[test]
fn what_a_transport_defers_while_it_is_removed_is_for_others() {
    let mut w = World::new();
    let (t, _) = (w.driven("T"), w.driven("U"));
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    let waits = w.begin_remove(t);
    w.let_go_with("T submit m1", ends(END_DONT_RESEND));
    assert_eq!(w.wait_for(waits), Answer::Done);
    assert!(w.has_seen("U submit m1"));
    assert_eq!(w.finished(a), 1);
}

#[test]
fn a_transport_in_the_place_of_one_that_was_removed_has_the_whole_queue() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]); // m2 has queued up at T
    let waits = w.begin_remove(t);
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    assert_eq!(w.wait_for(waits), Answer::Done);
    w.driven("U");
    assert_eq!(w.finished(a), 2);
}

#[test]
fn removing_cancels_receptions_too() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let transfer = w.receive(t, Some(a));
    let waits = w.begin_remove(t);
    assert!(w.has_seen("T CANCEL inbound"));
    assert!(w.engine.is_cancelled(transfer).unwrap());
    w.end(transfer, S_OK, 0);
    assert_eq!(w.wait_for(waits), Answer::Done);
}

#[test]
fn a_removal_that_passes_the_abort_limit_leaves_the_transport() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    let transfer = w.take(t);
    assert_eq!(w.counts(a), (1, 0, 1));
    let waits = w.begin_remove(t);
    assert_eq!(w.counts(a), (0, 1, 1), "it counts as gone");
    assert_eq!(hresult(w.engine.take(t, PROVIDER)), MAPI_E_END_OF_SESSION);
    let Answer::Failed(error) = w.wait_for(waits) else {
        panic!("it is gone")
    };
    assert_eq!(error.hresult().0, MAPI_E_TIMEOUT);
    assert_eq!(w.now, 15_000);
    assert!(!w.engine.is_cancelled(transfer).unwrap());
    w.end(transfer, S_OK, 0);
    let transfer = w.take(t);
    w.forget_log();
    w.pass(10_000);
    w.saw(&[]);
    w.end(transfer, S_OK, 0);
    assert_eq!(w.finished(a), 2);
    w.remove(t).unwrap();
}

#[test]
fn what_a_removed_transport_deferred_is_asked_back_and_then_for_others() {
    let (mut w, t, _, a) = deferred();
    w.hold("T ABORT_DEFERRED m1");
    let waits = w.begin_remove(t);
    w.saw(&["T ABORT_DEFERRED m1"]);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.let_go("T ABORT_DEFERRED m1");
    w.saw_of("U", &["submit m1"]);
    assert_eq!(w.wait_for(waits), Answer::Done);
}

#[test]
fn what_a_removed_broken_transport_deferred_is_for_others_at_once() {
    let (mut w, t, _, a) = deferred();
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.remove(t).unwrap();
    assert_eq!(w.finished(a), 1);
    w.saw_of("T", &["logoff"]);
}

#[test]
fn what_a_removed_transport_had_offered_again_is_for_others() {
    let (mut w, t, _, a) = deferred();
    w.hold("T submit m2");
    w.submit(a, &["m2"]);
    w.notify(t, NOTIFY_SENTDEFERRED, None);
    let waits = w.begin_remove(t);
    assert!(w.has_seen("U submit m1"));
    w.let_go("T submit m2");
    assert_eq!(w.wait_for(waits), Answer::Done);
    assert_eq!(w.finished(a), 2);
}

#[test]
fn what_waits_for_a_removed_transport_alone_is_for_others_when_it_is_gone() {
    // Offered again, its lock could not be had; or locked when the removal began; or paused.
    for how in 0..3 {
        let (mut w, t, _, a) = deferred();
        match how {
            0 => w.answers("A lock m1", &[says(MAPI_E_NO_ACCESS)]),
            1 => w.hold("A lock m1"),
            _ => w.answers("T submit m1 deferred", &[says(MAPI_E_BUSY)]),
        }
        w.notify(t, NOTIFY_SENTDEFERRED, None);
        let waits = w.begin_remove(t);
        if how == 1 {
            w.let_go("A lock m1");
        }
        assert_eq!(w.wait_for(waits), Answer::Done);
        w.pass(5_000);
        assert!(w.has_seen("U submit m1"), "{how}");
        assert_eq!(w.finished(a), 1, "{how}");
    }
}

#[test]
fn a_removed_transports_paused_and_promised_messages_go_to_others() {
    let mut w = World::new();
    let (t, _) = (w.driven("T"), w.driven("U"));
    let a = w.open("A");
    w.answers("T submit m1", &[says(MAPI_E_BUSY)]);
    w.submit(a, &["m1"]);
    w.engine.submit(a, id("m2")).unwrap();
    w.remove(t).unwrap();
    assert_eq!(w.finished(a), 2);
}

#[test]
fn a_removal_of_a_transport_that_is_being_removed_is_busy() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let transfer = w.receive(t, Some(a));
    let by_its_thread = w.engine.remove_transport(t, PROVIDER);
    assert_eq!(hresult(by_its_thread), MAPI_E_BUSY);
    w.begin_remove(t);
    let again = w.engine.remove_transport(t, ME);
    assert_eq!(hresult(again), MAPI_E_BUSY);
    w.end(transfer, S_OK, 0);
}

#[test]
fn a_transport_that_is_being_logged_off_is_told_nothing_more() {
    let mut w = World::new();
    let t = w.driven("T");
    w.hold("T logoff");
    let waits = w.begin_remove(t);
    w.forget_log();
    let a = w.open("A");
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.logoff(a, LOGOFF_PURGE);
    w.let_go("T logoff");
    w.saw(&["A released"]);
    assert_eq!(w.wait_for(waits), Answer::Done);
}

#[test]
fn a_purge_does_not_wait_for_the_flush_of_a_transport_being_removed() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let (a, b) = (w.open("A"), w.open("B"));
    w.submit(b, &["m1"]);
    let transfer = w.take(t);
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    assert_eq!(w.answer(waits), None);
    w.begin_remove(t);
    assert_eq!(w.answer(waits), Some(COMPLETE));
    w.end(transfer, S_OK, 0);
    assert!(!w.has_seen("T flush"));
}

#[test]
fn the_place_of_a_removed_transport_means_nothing_for_the_next_one() {
    let mut w = World::new();
    let (t, _) = (w.driven("T"), w.driven("U"));
    let a = w.open("A");
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.answers("U submit m1", &[says(MAPI_E_NOT_ME)]);
    w.answers("T submit m2", &[says(MAPI_W_PARTIAL_COMPLETION)]);
    w.answers("U submit m2", &[says(MAPI_W_PARTIAL_COMPLETION)]);
    w.submit(a, &["m1", "m2"]);
    w.remove(t).unwrap();
    assert_eq!(w.counts(a), (0, 2, 0));
    w.driven("V");
    assert_eq!(w.finished(a), 2);
}

// Locks.

#[test]
fn a_lock_that_cannot_be_had_is_tried_again_with_a_growing_pause() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("A lock m1", &[says(MAPI_E_NO_ACCESS); 4]);
    w.submit(a, &["m1"]);
    let mut times = Vec::new();
    while w.finished(a) == 0 {
        let due = w.engine.next_due().unwrap();
        times.push(due);
        w.move_to(due);
    }
    assert_eq!(times, [5_000, 15_000, 35_000, 75_000]);
}

#[test]
fn a_store_that_is_ready_has_its_locks_tried_again_and_no_other_wait() {
    let mut w = World::new();
    w.driven("T");
    let (a, b) = (w.open("A"), w.open("B"));
    for lock in ["A lock m1", "B lock m2"] {
        w.answers(lock, &[says(MAPI_E_NO_ACCESS); 2]);
    }
    w.answers("T submit m3", &[seconds(MAPI_E_WAIT, 60)]);
    w.submit(a, &["m1", "m3"]);
    w.submit(b, &["m2"]);
    w.forget_log();
    for last in [false, true] {
        w.engine.store_notify(a, NOTIFY_READYTOSEND).unwrap();
        w.run();
        match last {
            false => w.saw(&["A lock m1"]),
            true => w.saw(&["A lock m1", "T submit m1", "A finished m1"]),
        }
    }
    w.engine.store_notify(a, NOTIFY_NEWMAIL_RECEIVED).unwrap();
    w.engine.store_notify(a, NOTIFY_READYTOSEND).unwrap();
    w.run();
    w.saw(&[]);
}

#[test]
fn a_store_that_is_ready_during_a_purge_has_its_locks_tried_again() {
    let mut w = World::new();
    w.driven("T");
    w.driven("U");
    let a = w.open("A");
    w.hold("T submit m1");
    w.answers("A lock m2", &[says(MAPI_E_NO_ACCESS); 2]);
    w.submit(a, &["m1", "m2"]);
    let purge = w.begin_logoff(a, LOGOFF_PURGE); // which tries the lock once more
    w.run();
    w.engine.store_notify(a, NOTIFY_READYTOSEND).unwrap();
    w.run();
    w.let_go("T submit m1");
    assert_eq!(w.wait(purge), COMPLETE);
    assert_eq!(w.finished(a), 2);
}

#[test]
fn what_a_store_may_notify_of() {
    let mut w = World::new();
    let a = w.open("A");
    for flags in [
        1,
        NOTIFY_SENTDEFERRED,
        NOTIFY_CRITICAL_ERROR | NOTIFY_READYTOSEND,
    ] {
        assert_eq!(
            hresult(w.engine.store_notify(a, flags)),
            MAPI_E_UNKNOWN_FLAGS
        );
    }
    assert_eq!(
        hresult(w.engine.store_notify(a, 0)),
        MAPI_E_INVALID_PARAMETER
    );
    w.logoff(a, LOGOFF_QUIET);
    let over = w.engine.store_notify(a, NOTIFY_READYTOSEND);
    assert_eq!(hresult(over), MAPI_E_INVALID_OBJECT);
}

#[test]
fn a_message_locked_by_somebody_else_holds_up_nobody() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("A lock m1", &[says(MAPI_E_NO_ACCESS)]);
    w.submit(a, &["m1", "m2"]);
    w.saw_of("T", &["BEGIN_OUTBOUND", "submit m2"]);
    assert_eq!(w.logoff(a, LOGOFF_NO_WAIT), COMPLETE | QUEUE);
    assert!(w.is_released(a));
}

#[test]
fn a_message_that_somebody_else_finished_is_dropped() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("A lock m1", &[says(MAPI_E_NOT_FOUND)]);
    w.forget_log();
    w.submit(a, &["m1"]);
    w.saw(&["A lock m1"]);
    assert_eq!((w.counts(a), w.finished(a)), ((0, 0, 0), 0));
    w.submit(a, &["m1"]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn the_callbacks_of_one_store_never_overlap() {
    let mut w = World::new();
    for name in ["T", "U", "V"] {
        w.driven(name);
    }
    let (a, b) = (w.open("A"), w.open("B"));
    w.hold("A finished m1");
    w.submit(a, &["m1", "m2"]);
    w.submit(b, &["m3"]);
    w.saw_of("A", &["lock m1", "finished m1"]);
    assert_eq!(w.finished(b), 1, "another store's may");
    w.let_go("A finished m1");
    w.saw_of("A", &["lock m2", "finished m2"]);
}

#[test]
fn a_store_without_callbacks_is_served_all_the_same() {
    let mut w = World::new();
    w.driven("T");
    let none = StoreWants::default();
    struct Alone;
    impl crate::presence::Open for Alone {
        fn leave_if_shared(&mut self) -> bool {
            false
        }
        fn leave(&mut self) {}
    }
    let opened = w.engine.open_store(id("A"), false, none, Box::new(Alone));
    let a = opened.unwrap();
    w.engine.submit(a, id("m1")).unwrap();
    w.engine.submit(a, id("m2")).unwrap();
    w.run();
    assert_eq!(w.finished(a), 2);
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    assert_eq!(w.engine.wait_released(a), Ok(Reply::Done(())));
}

// Submitting and BeginOutbound.

#[test]
fn submitting_during_a_waiting_abort_is_accepted_and_stays() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.submit(a, &["m2"]);
    w.let_go("T submit m1");
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
    assert!(!w.has_seen("T submit m2"));
}

fn begun(w: &mut World, t: TransportKey, a: LogonKey, message: &str) -> Option<TransferKey> {
    let call = w.engine.begin_outbound(t, a, id(message), PROVIDER);
    let call = call.expect("it may begin");
    w.run();
    match w.engine.collect(call).expect("an answer") {
        Answer::Transfer(transfer) => Some(transfer),
        Answer::Failed(_) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn begin_outbound_queues_what_is_not_queued() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let transfer = begun(&mut w, t, a, "m1").unwrap();
    assert_eq!(w.status(a), OUT);
    w.end(transfer, MAPI_E_CALL_FAILED, 0);
    assert_eq!(w.status(a), QUEUE);
}

#[test]
fn begin_outbound_takes_the_one_it_names_out_of_the_middle() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    let transfer = begun(&mut w, t, a, "m2").unwrap();
    assert_eq!(w.message_of(transfer), "m2");
    w.end(transfer, S_OK, 0);
    let transfer = w.take(t);
    assert_eq!(w.message_of(transfer), "m1");
}

#[test]
fn begin_outbound_takes_also_what_waits() {
    for result in [MAPI_E_WAIT, MAPI_E_BUSY, MAPI_E_NOT_ME] {
        let mut w = World::new();
        let t = w.self_driven("T");
        let a = w.open("A");
        let transfer = begun(&mut w, t, a, "m1").unwrap();
        w.end(transfer, result, 0);
        let transfer = begun(&mut w, t, a, "m1").unwrap();
        w.end(transfer, S_OK, 0);
        assert_eq!(w.finished(a), 1);
    }
}

#[test]
fn begin_outbound_that_cannot_lock_keeps_the_message() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.answers("A lock m1", &[says(MAPI_E_NO_ACCESS)]);
    assert_eq!(begun(&mut w, t, a, "m1"), None);
    assert_eq!(w.counts(a), (0, 1, 0));
}

#[test]
fn begin_outbound_that_gives_up_waiting_for_the_lock_keeps_the_message() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.hold("A lock m1");
    let call = w.engine.begin_outbound(t, a, id("m1"), PROVIDER).unwrap();
    w.run();
    w.engine.expire(call);
    w.let_go("A lock m1");
    assert_eq!(w.counts(a), (1, 0, 0));
    assert!(w.has_seen("A unlock m1"));
}

#[test]
fn begin_outbound_of_a_message_in_process_is_submitted() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    begun(&mut w, t, a, "m1").unwrap();
    let again = w.engine.begin_outbound(t, a, id("m1"), PROVIDER);
    assert_eq!(hresult(again), MAPI_E_SUBMITTED);
}

#[test]
fn begin_outbound_of_what_another_transport_defers_is_busy() {
    let (mut w, _, _, a) = deferred();
    let s = w.self_driven("S");
    let begins = w.engine.begin_outbound(s, a, id("m1"), PROVIDER);
    assert_eq!(hresult(begins), MAPI_E_BUSY);
}

#[test]
fn begin_outbound_while_the_gates_are_shut_or_a_purge_runs_is_busy() {
    for instruction in [LOGOFF_ABORT, LOGOFF_PURGE] {
        let mut w = World::new();
        let t = w.self_driven("T");
        let a = w.open("A");
        begun(&mut w, t, a, "m1").unwrap();
        w.begin_logoff(a, instruction);
        let begins = w.engine.begin_outbound(t, a, id("m2"), PROVIDER);
        assert_eq!(hresult(begins), MAPI_E_BUSY);
        assert_eq!(w.counts(a), (0, 0, 1), "nothing was queued");
    }
}

#[test]
fn begin_inbound_while_reception_is_off_is_busy() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let begins = w.engine.begin_inbound(t, None, PROVIDER);
    assert_eq!(hresult(begins), MAPI_E_BUSY);
    let a = w.inbox("A");
    let transfer = w.receive(t, None);
    w.begin_logoff(a, LOGOFF_ABORT);
    let begins = w.engine.begin_inbound(t, None, PROVIDER);
    assert_eq!(hresult(begins), MAPI_E_BUSY);
    w.engine.cancel_logoff(a).unwrap();
    w.receive(t, None);
    w.end(transfer, S_OK, 0);
}

#[test]
fn driven_transports_neither_take_nor_begin_outbound_but_receive() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    assert_eq!(
        hresult(w.engine.take(t, PROVIDER)),
        MAPI_E_INVALID_PARAMETER
    );
    let begins = w.engine.begin_outbound(t, a, id("m1"), PROVIDER);
    assert_eq!(hresult(begins), MAPI_E_INVALID_PARAMETER);
    let transfer = w.receive(t, Some(a));
    w.end(transfer, S_OK, 0);
}

// Opening.

#[test]
fn a_second_default_inbox_is_a_collision_and_keeps_nothing() {
    let mut w = World::new();
    w.driven("T");
    w.inbox("A");
    w.forget_log();
    assert_eq!(hresult(w.try_open("B", true)), MAPI_E_COLLISION);
    assert_eq!(w.opens_of("B"), 0);
    w.saw(&[]);
    w.inbox("A");
    w.open("B");
}

#[test]
fn the_default_inbox_flag_stays_with_the_store_until_it_is_released() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.inbox("A");
    let b = w.open("A");
    w.logoff(a, LOGOFF_ORDERLY);
    assert_eq!(hresult(w.try_open("B", true)), MAPI_E_COLLISION);
    let transfer = w.receive(t, None);
    w.logoff(b, LOGOFF_ORDERLY);
    assert_eq!(hresult(w.try_open("B", true)), MAPI_E_COLLISION);
    w.end(transfer, S_OK, 0);
    w.inbox("B");
}

#[test]
fn sixty_four_transports_and_no_more() {
    let mut w = World::new();
    let mut all: Vec<_> = (0..64).map(|n| w.self_driven(&format!("T{n}"))).collect();
    let wants = TransportWants::default();
    let one_more = w.engine.add_transport("T".into(), None, wants);
    assert_eq!(hresult(one_more), MAPI_E_NOT_ENOUGH_RESOURCES);
    w.remove(all.pop().unwrap()).unwrap();
    w.driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    assert_eq!(w.finished(a), 1);
}

// Ending a transfer.

#[test]
fn end_flags_that_do_not_fit_leave_the_transfer() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    let mut end = |result, flags| {
        let ended = w.engine.end_transfer(transfer, HResult(result), flags, 0);
        hresult(ended)
    };
    for result in [MAPI_E_NOT_ME, MAPI_W_PARTIAL_COMPLETION, MAPI_E_CALL_FAILED] {
        assert_eq!(end(result, END_RESEND_NOW), MAPI_E_INVALID_PARAMETER);
    }
    assert_eq!(
        end(S_OK, END_RESEND_NOW | END_RESEND_LATER),
        MAPI_E_INVALID_PARAMETER
    );
    assert_eq!(end(S_OK, 0x0008_0000), MAPI_E_UNKNOWN_FLAGS);
    assert_eq!(w.status(a), OUT);
    w.end(transfer, S_OK, 0);
    let again = w.engine.end_transfer(transfer, HResult::OK, 0, 0);
    assert_eq!(hresult(again), MAPI_E_INVALID_PARAMETER);
}

#[test]
fn a_driven_transports_transfer_cannot_be_ended_by_hand() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.inside("T submit m1", |w| {
        let transfer = w.engine.transfers.keys().next().unwrap();
        let ended = w.engine.end_transfer(transfer, HResult::OK, 0, 0);
        assert_eq!(hresult(ended), MAPI_E_INVALID_PARAMETER);
    });
    w.submit(a, &["m1"]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn status_keeps_the_last_counts() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("T submit m2", &[seconds(MAPI_E_WAIT, 60)]);
    w.submit(a, &["m1", "m2"]);
    w.logoff(a, LOGOFF_ORDERLY);
    let counts = w.engine.status(a).unwrap();
    assert_eq!(counts.flags, COMPLETE | QUEUE);
    assert_eq!((counts.ready, counts.waiting, counts.finished), (0, 1, 1));
}

#[test]
fn released_comes_after_the_callbacks_that_are_still_running() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    w.hold("A finished m1");
    w.end(transfer, S_OK, 0);
    assert_eq!(w.logoff(a, LOGOFF_ORDERLY), COMPLETE | OUT);
    assert!(!w.is_released(a));
    w.let_go("A finished m1");
    assert_eq!(w.released[&a], COMPLETE);
}

#[test]
fn time_that_goes_back_stands_still() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.engine.advance(50_000);
    w.engine.advance(10_000);
    w.answers("T submit m1", &[seconds(MAPI_E_WAIT, 10)]);
    w.submit(a, &["m1"]);
    assert_eq!(w.engine.next_due(), Some(60_000));
}
