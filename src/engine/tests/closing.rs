//! Closing the spooler. Semantics, sections 6 and 7.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

/// A spooler whose store A sends m1 with m2 behind it, and whose store B is at rest.
fn busy() -> (World, LogonKey, LogonKey, TransportKey) {
    let mut w = World::new();
    let t = w.driven("T");
    let (a, b) = (w.open("A"), w.open("B"));
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]);
    w.forget_log();
    (w, a, b, t)
}

fn failed(answer: Option<Answer>) -> i32 {
    match answer {
        Some(Answer::Failed(error)) => error.hresult().0,
        other => panic!("no failure: {other:?}"),
    }
}

#[test]
fn an_empty_spooler_closes_at_once() {
    let mut w = World::new();
    w.close(false).unwrap();
    assert!(w.is_closed());
    w.saw(&[]);
}

#[test]
fn close_is_orderly_whatever_was_saved() {
    for saved in [LOGOFF_ABORT, LOGOFF_PURGE, LOGOFF_NO_WAIT, LOGOFF_QUIET] {
        let (mut w, a, b, _) = busy();
        w.engine.save_logoff(a, saved).unwrap();
        let waits = w.begin_close(false, None);
        w.saw(&["T END_OUTBOUND", "B released"]);
        assert_eq!(w.status(a), COMPLETE | OUT | QUEUE);
        assert_eq!(w.status(b), COMPLETE);
        w.let_go("T submit m1");
        w.saw(&["A finished m1", "A released", "T logoff"]);
        assert_eq!(w.released[&a], COMPLETE | QUEUE);
        assert_eq!(w.engine.collect(waits.call), Some(Answer::Done));
        assert_eq!(w.opens_of("A"), 0);
    }
}

#[test]
fn close_with_abort_cancels_what_is_in_process() {
    let (mut w, a, _, _) = busy();
    let waits = w.begin_close(true, None);
    w.saw(&["T CANCEL m1", "T END_OUTBOUND", "B released"]);
    w.pass(20_000);
    assert!(w.has_seen("T CANCEL m1"), "again and again");
    w.forget_log();
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    w.saw(&["A unlock m1", "A released", "T logoff"]);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    assert_eq!(w.engine.collect(waits.call), Some(Answer::Done));
}

#[test]
fn several_logons_of_a_store_are_all_ended_by_close() {
    let (mut w, a, _, _) = busy();
    let c = w.open("A");
    let d = w.open("A");
    w.begin_close(false, None);
    for logon in [a, c, d] {
        assert!(w.status(logon).contains(COMPLETE));
    }
    w.let_go("T submit m1");
    assert!(w.is_closed());
    assert_eq!(w.released.len(), 4);
}

#[test]
fn a_logoff_that_waits_in_another_thread_completes_when_the_store_is_released() {
    for (instruction, abort) in [
        (LOGOFF_ABORT, false),
        (LOGOFF_PURGE, false),
        (LOGOFF_PURGE, true),
        (LOGOFF_ABORT, true),
    ] {
        let (mut w, a, _, _) = busy();
        let waits = w.begin_logoff(a, instruction);
        let closes = w.begin_close(abort, None);
        assert_eq!(w.answer(waits), None);
        w.let_go("T submit m1");
        assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
        assert_eq!(w.engine.collect(closes.call), Some(Answer::Done));
        assert!(w.is_released(a));
    }
}

#[test]
fn a_waiting_abort_becomes_orderly_and_its_cancelling_ends() {
    let (mut w, a, _, _) = busy();
    w.begin_logoff(a, LOGOFF_ABORT);
    w.begin_close(false, None);
    w.forget_log();
    w.pass(10_000);
    w.saw(&[]);
}

#[test]
fn a_waiting_purge_is_told_its_end_when_the_spooler_closes() {
    let (mut w, a, _, _) = busy();
    w.begin_logoff(a, LOGOFF_PURGE);
    w.forget_log();
    w.begin_close(false, None);
    w.saw(&["T END_FLUSH", "T END_OUTBOUND", "B released"]);
    w.let_go("T submit m1");
    w.saw(&["A finished m1", "A released", "T logoff"]);
}

#[test]
fn a_waiting_abort_still_ends_at_its_limit_while_the_spooler_closes() {
    let (mut w, a, _, _) = busy();
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.begin_close(false, None);
    assert_eq!(w.wait(waits), COMPLETE | OUT | QUEUE);
    assert!(!w.is_released(a));
    w.let_go("T submit m1");
    assert!(w.is_closed());
}

#[test]
fn a_background_no_wait_sends_on_while_the_spooler_closes() {
    let (mut w, a, _, _) = busy();
    w.logoff(a, LOGOFF_NO_WAIT);
    w.begin_close(false, None);
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE);
    assert!(w.is_closed());
}

#[test]
fn close_with_abort_turns_backgrounds_into_aborts() {
    let (mut w, a, _, _) = busy();
    w.logoff(a, LOGOFF_NO_WAIT);
    w.forget_log();
    w.begin_close(true, None);
    assert!(w.has_seen("T CANCEL m1"));
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

#[test]
fn a_close_that_passes_its_limit_stays_closing_and_can_be_called_again() {
    let (mut w, a, _, _) = busy();
    let waits = w.begin_close(false, Some(2_000));
    assert_eq!(failed(Some(w.wait_for(waits))), MAPI_E_TIMEOUT);
    assert!(!w.is_closed());
    assert!(w.try_open("C", false).is_err());
    let again = w.begin_close(true, None);
    assert!(w.has_seen("T CANCEL m1"), "this time with ABORT");
    w.let_go("T submit m1");
    assert_eq!(w.engine.collect(again.call), Some(Answer::Done));
    assert!(w.is_released(a));
}

#[test]
fn a_second_close_waits_with_the_first() {
    let (mut w, _, _, _) = busy();
    let first = w.begin_close(false, None);
    let second = w.begin_close(false, None);
    w.let_go("T submit m1");
    for waits in [first, second] {
        assert_eq!(w.engine.collect(waits.call), Some(Answer::Done));
    }
}

#[test]
fn while_closing_open_submit_and_add_answer_end_of_session() {
    let (mut w, a, _, t) = busy();
    w.begin_close(false, None);
    let submits = w.engine.submit(a, id("m3")).unwrap_err();
    assert_eq!(submits.hresult().0, MAPI_E_END_OF_SESSION);
    let opens = w.try_open("C", false).unwrap_err();
    assert_eq!(opens.hresult().0, MAPI_E_END_OF_SESSION);
    let wants = TransportWants::default();
    let adds = w.engine.add_transport("U".into(), None, wants);
    assert_eq!(adds.unwrap_err().hresult().0, MAPI_E_END_OF_SESSION);
    let removes = w.engine.remove_transport(t, OTHER).unwrap_err();
    assert_eq!(removes.hresult().0, MAPI_E_END_OF_SESSION);
}

#[test]
fn while_closing_the_handles_of_stores_answer_invalid_object_until_released() {
    let (mut w, a, _, _) = busy();
    w.begin_close(false, None);
    assert_eq!(w.logoff_error(a, LOGOFF_ABORT, ME), MAPI_E_INVALID_OBJECT);
    w.let_go("T submit m1");
    assert!(w.is_closed());
    assert_eq!(w.logoff_error(a, LOGOFF_ABORT, ME), MAPI_E_INVALID_OBJECT);
    assert_eq!(w.status(a), COMPLETE | QUEUE);
    w.release(a);
    assert_eq!(
        w.logoff_error(a, LOGOFF_ABORT, ME),
        MAPI_E_INVALID_PARAMETER
    );
}

#[test]
fn take_answers_end_of_session_once_no_store_may_hand_out() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let waits = w.begin_take(t);
    w.submit(a, &["m1", "m2"]);
    let transfer = w.taken(waits).unwrap();
    w.logoff(a, LOGOFF_NO_WAIT);
    let close = w.engine.close(false, OTHER).unwrap();
    let second = w.take(t); // the background may still hand out
    let third = w.engine.take(t, PROVIDER).unwrap();
    w.end(transfer, S_OK, 0);
    w.end(second, S_OK, 0);
    assert_eq!(failed(w.engine.collect(third)), MAPI_E_END_OF_SESSION);
    assert_eq!(w.engine.collect(close), Some(Answer::Done));
}

#[test]
fn take_whose_message_is_being_locked_when_the_gates_shut_answers_end_of_session() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let reception = w.receive(t, Some(a));
    let take = w.begin_take(t);
    w.hold("A lock m1");
    w.submit(a, &["m1"]);
    w.begin_close(false, None);
    w.let_go("A lock m1");
    assert_eq!(failed(w.engine.collect(take)), MAPI_E_END_OF_SESSION);
    w.end(reception, S_OK, 0);
    assert!(w.is_closed());
}

#[test]
fn take_while_an_orderly_close_waits_answers_end_of_session() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    let transfer = w.take(t);
    w.begin_close(false, None);
    let error = w.engine.take(t, PROVIDER).unwrap_err();
    assert_eq!(error.hresult().0, MAPI_E_END_OF_SESSION);
    w.end(transfer, S_OK, 0);
    assert!(w.is_closed());
}

#[test]
fn close_waits_for_a_callback_that_has_not_returned() {
    for line in ["A finished m1", "A released", "T END_OUTBOUND", "T logoff"] {
        let (mut w, _, _, _) = busy();
        w.hold(line);
        let waits = w.begin_close(false, None);
        w.let_go("T submit m1");
        assert!(!w.is_closed(), "{line}");
        let logoff = w.has_seen("T logoff");
        assert_eq!(logoff, line == "T logoff", "that is the last call");
        w.let_go(line);
        assert!(w.is_closed(), "{line}");
        assert_eq!(w.engine.collect(waits.call), Some(Answer::Done));
    }
}

#[test]
fn a_transport_logs_off_when_its_stores_have_gone() {
    let (mut w, _, _, _) = busy();
    w.self_driven("S");
    w.forget_log();
    w.begin_close(false, None);
    w.let_go("T submit m1");
    w.saw(&[
        "T END_OUTBOUND",
        "S END_OUTBOUND",
        "B released",
        "A finished m1",
        "A released",
        "T logoff",
        "S logoff",
    ]);
}

#[test]
fn deferred_messages_are_asked_back_before_the_spooler_is_closed() {
    let (mut w, _, _, _) = busy();
    w.let_go_with("T submit m1", ends(END_DONT_RESEND));
    w.forget_log();
    w.close(false).unwrap();
    w.saw_of("T", &["END_OUTBOUND", "ABORT_DEFERRED m1", "logoff"]);
}

#[test]
fn a_removal_that_was_under_way_is_finished_by_close_whatever_its_limit() {
    let mut w = World::new();
    let t = w.self_driven("T");
    w.hold("T BEGIN_OUTBOUND");
    w.open("A");
    let removes = w.begin_remove(t);
    let closes = w.begin_close(false, None);
    w.engine.expire(removes.call);
    w.let_go("T BEGIN_OUTBOUND");
    w.run();
    assert_eq!(failed(w.engine.collect(removes.call)), MAPI_E_TIMEOUT);
    assert_eq!(w.engine.collect(closes.call), Some(Answer::Done));
}

#[test]
fn a_removal_that_is_under_way_ends_with_the_close() {
    let mut w = World::new();
    let t = w.self_driven("T");
    w.hold("T logoff");
    let removes = w.begin_remove(t);
    let closes = w.begin_close(false, None);
    assert!(!w.is_closed());
    w.let_go("T logoff");
    assert_eq!(w.engine.collect(removes.call), Some(Answer::Done));
    assert_eq!(w.engine.collect(closes.call), Some(Answer::Done));
}

#[test]
fn close_and_remove_inside_a_callback_are_busy() {
    let (mut w, _, _, t) = busy();
    let closes = w.engine.close(false, CALLBACK).unwrap_err();
    assert_eq!(closes.hresult().0, MAPI_E_BUSY);
    let removes = w.engine.remove_transport(t, CALLBACK).unwrap_err();
    assert_eq!(removes.hresult().0, MAPI_E_BUSY);
}

#[test]
fn a_wait_for_a_store_ends_with_the_close() {
    let (mut w, a, _, _) = busy();
    let Ok(Reply::Wait(call, _)) = w.engine.wait_released(a) else {
        panic!("it does not wait")
    };
    w.begin_close(false, None);
    w.let_go("T submit m1");
    assert_eq!(w.engine.collect(call), Some(Answer::Done));
}

#[test]
fn logoff_stores_that_waits_keeps_its_deadline_while_the_spooler_closes() {
    let (mut w, _, _, _) = busy();
    let waits = w.begin_logoff_stores(LOGOFF_ABORT, 3_000).unwrap_err();
    w.begin_close(false, None);
    assert_eq!(w.incomplete(waits), 0, "COMPLETE has been decided");
    assert_eq!(w.now, 3_000);
    w.let_go("T submit m1");
    assert!(w.is_closed());
}

#[test]
fn a_broken_transport_is_logged_off_all_the_same() {
    let (mut w, _, _, t) = busy();
    w.let_go("T submit m1");
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.forget_log();
    w.close(false).unwrap();
    w.saw(&["A released", "B released", "T logoff"]);
}

#[test]
fn a_self_driven_transport_that_asks_no_more_does_not_hold_up_the_close() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1", "m2", "m3"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    let transfer = w.take(t);
    let closes = w.begin_close(false, None);
    w.pass(60_000);
    w.end(transfer, S_OK, 0); // what has begun is waited for
    w.pass(4_000);
    let transfer = w.take(t); // and the next one too, if it asks
    w.pass(60_000);
    w.end(transfer, S_OK, 0);
    w.pass(4_999);
    assert!(!w.is_released(a));
    w.pass(1);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    assert_eq!(w.engine.collect(closes.call), Some(Answer::Done));
}
