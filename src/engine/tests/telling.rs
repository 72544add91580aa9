//! What transports are told, and when. Semantics, section 5.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

#[test]
fn the_default_inbox_begins_and_ends_inbound_other_stores_do_not() {
    let mut w = World::new();
    w.driven("T");
    let a = w.inbox("A");
    w.saw(&["T BEGIN_INBOUND", "T BEGIN_OUTBOUND"]);
    let b = w.open("B");
    w.saw(&[]);
    w.logoff(b, LOGOFF_ORDERLY);
    w.saw(&["B released"]);
    w.logoff(a, LOGOFF_ORDERLY);
    w.saw(&["T END_INBOUND", "T END_OUTBOUND", "A released"]);
}

#[test]
fn the_last_store_ends_outbound_and_the_next_one_begins_it_again() {
    let mut w = World::new();
    w.driven("T");
    let (a, b) = (w.open("A"), w.open("B"));
    w.saw(&["T BEGIN_OUTBOUND"]);
    w.logoff(a, LOGOFF_ABORT);
    w.saw(&["A released"]);
    w.logoff(b, LOGOFF_ABORT);
    w.saw(&["T END_OUTBOUND", "B released"]);
    w.open("C");
    w.saw(&["T BEGIN_OUTBOUND"]);
}

#[test]
fn end_outbound_is_told_when_the_last_gate_shuts_not_when_the_store_goes() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    w.forget_log();
    w.logoff(a, LOGOFF_ORDERLY);
    w.saw(&["T END_OUTBOUND"]);
    w.let_go("T submit m1");
    w.saw(&["A finished m1", "A released"]);
}

#[test]
fn released_comes_when_the_transports_have_been_told() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.forget_log();
    w.hold("T END_OUTBOUND");
    w.logoff(a, LOGOFF_ORDERLY);
    w.saw(&["T END_OUTBOUND"]);
    assert!(!w.is_released(a), "TransportNotify has not returned");
    w.let_go("T END_OUTBOUND");
    w.saw(&["A released"]);
}

#[test]
fn a_transport_that_comes_later_is_told_what_is_open() {
    let mut w = World::new();
    w.inbox("A");
    w.driven("T");
    w.self_driven("S");
    w.saw(&[
        "T BEGIN_INBOUND",
        "T BEGIN_OUTBOUND",
        "S BEGIN_INBOUND",
        "S BEGIN_OUTBOUND",
    ]);
}

#[test]
fn a_logoff_that_did_not_occur_begins_again() {
    let mut w = World::new();
    w.driven("T");
    let a = w.inbox("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    w.forget_log();
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.saw(&["T CANCEL m1", "T END_INBOUND", "T END_OUTBOUND"]);
    w.engine.cancel_logoff(a).unwrap();
    w.run();
    w.saw(&["T BEGIN_INBOUND", "T BEGIN_OUTBOUND"]);
    assert_eq!(w.answer(waits), Some(OUT));
}

#[test]
fn quiet_that_does_not_occur_tells_nobody_anything() {
    let mut w = World::new();
    w.driven("T");
    let a = w.inbox("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    w.forget_log();
    w.logoff(a, LOGOFF_QUIET);
    w.saw(&[]);
}

#[test]
fn in_transport_order() {
    let mut w = World::new();
    for name in ["C", "A", "B"] {
        w.self_driven(name);
    }
    w.open("store");
    w.saw(&["C BEGIN_OUTBOUND", "A BEGIN_OUTBOUND", "B BEGIN_OUTBOUND"]);
    w.close(false).unwrap();
    w.saw_of("C", &["END_OUTBOUND", "logoff"]);
}

#[test]
fn transports_are_logged_off_last_and_in_transport_order() {
    let mut w = World::new();
    for name in ["C", "A", "D", "B"] {
        w.self_driven(name);
    }
    w.open("store");
    w.forget_log();
    w.close(false).unwrap();
    w.saw(&[
        "C END_OUTBOUND",
        "A END_OUTBOUND",
        "D END_OUTBOUND",
        "B END_OUTBOUND",
        "store released",
        "C logoff",
        "A logoff",
        "D logoff",
        "B logoff",
    ]);
}

#[test]
fn a_transport_without_notifications_is_told_nothing() {
    let mut w = World::new();
    let wants = TransportWants {
        submit: true,
        ..TransportWants::default()
    };
    w.transport_that("T", None, wants);
    let a = w.inbox("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    assert_eq!(w.logoff(a, LOGOFF_ABORT), OUT);
    w.let_go_with("T submit m1", ends(END_DONT_RESEND));
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE | QUEUE);
    w.close(false).unwrap();
    w.saw_of("T", &["submit m1"]);
}

#[test]
fn a_flush_is_awaited_only_from_transports_that_have_one() {
    let mut w = World::new();
    let wants = TransportWants {
        submit: true,
        notify: true,
        ..TransportWants::default()
    };
    w.transport_that("T", None, wants);
    let (a, b) = (w.open("A"), w.open("B"));
    w.hold("T submit m1");
    w.submit(a, &["m1"]); // T is busy with another store
    w.forget_log();
    assert_eq!(w.logoff(b, LOGOFF_PURGE), COMPLETE);
    w.saw_of("T", &["BEGIN_FLUSH", "END_FLUSH"]);
}

#[test]
fn a_notification_that_fails_changes_nothing() {
    let mut w = World::new();
    w.driven("T");
    w.answers("T BEGIN_OUTBOUND", &[says(MAPI_E_CALL_FAILED)]);
    w.answers("T flush", &[says(MAPI_E_CALL_FAILED)]);
    w.answers("T logoff", &[says(MAPI_E_CALL_FAILED)]);
    let a = w.open("A");
    w.submit(a, &["m1"]);
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    w.close(false).unwrap();
}

#[test]
fn a_cancel_is_not_told_for_a_transfer_that_has_ended_meanwhile() {
    let mut w = World::new();
    let (t, a) = (w.self_driven("T"), w.open("A"));
    w.self_driven("S");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    w.hold("S BEGIN_INBOUND"); // keeps the control thread busy
    w.inbox("B");
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.end(transfer, MAPI_E_USER_CANCEL, 0);
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
    w.let_go("S BEGIN_INBOUND");
    assert!(!w.has_seen("T CANCEL m1"));
}

#[test]
fn a_repeat_is_not_piled_up_behind_one_that_has_not_been_delivered() {
    let mut w = World::new();
    let (t, a) = (w.self_driven("T"), w.open("A"));
    w.submit(a, &["m1"]);
    w.take(t);
    w.hold("T BEGIN_INBOUND");
    w.inbox("B");
    w.begin_logoff(a, LOGOFF_ABORT);
    w.pass(5_500);
    w.forget_log();
    w.let_go("T BEGIN_INBOUND");
    w.saw_of("T", &["CANCEL m1"]);
}

// Critical errors.

#[test]
fn after_a_critical_error_a_transport_is_called_no_more() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.inbox("A");
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.forget_log();
    w.submit(a, &["m1"]);
    assert_eq!(w.counts(a), (0, 1, 0), "no transport could take it");
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE | QUEUE);
    w.open("A");
    w.saw(&["A released"]);
    w.close(false).unwrap();
    w.saw_of("T", &["logoff"]);
}

#[test]
fn after_a_critical_error_messages_go_to_others() {
    let mut w = World::new();
    let t = w.driven("T");
    w.driven("U");
    let a = w.open("A");
    w.answers("T submit m1", &[says(MAPI_E_BUSY)]);
    w.submit(a, &["m1"]); // pauses for T
    w.engine.submit(a, id("m2")).unwrap(); // promised to T
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    assert_eq!(w.finished(a), 2);
}

#[test]
fn a_recovered_transport_is_told_what_has_changed() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.inbox("A");
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.logoff(a, LOGOFF_ORDERLY);
    w.forget_log();
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.saw(&["T END_INBOUND", "T END_OUTBOUND"]);
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.saw(&[]);
    let b = w.open("B");
    w.submit(b, &["m1"]);
    w.saw_of("T", &["BEGIN_OUTBOUND", "submit m1"]);
}

#[test]
fn begin_and_end_alternate_also_round_a_critical_error() {
    for stores in 1..4 {
        let mut w = World::new();
        let s = w.self_driven("S");
        let t = w.self_driven("T");
        w.hold("S BEGIN_OUTBOUND"); // the control thread is busy: T's are queued
        for store in 0..stores {
            let a = w.open("A");
            if store < 2 {
                w.logoff(a, LOGOFF_ORDERLY);
            }
        }
        w.notify(t, NOTIFY_CRITICAL_ERROR, None);
        w.let_go("S BEGIN_OUTBOUND");
        w.saw_of("T", &[]);
        w.notify(t, NOTIFY_READYTOSEND, None);
        let expected: &[&str] = if stores == 3 {
            &["BEGIN_OUTBOUND"]
        } else {
            &[]
        };
        w.saw_of("T", expected);
        w.notify(s, NOTIFY_READYTOSEND, None);
    }
}

#[test]
fn a_critical_error_and_recovery_before_delivery_keep_the_alternation() {
    let mut w = World::new();
    w.self_driven("S");
    let t = w.self_driven("T");
    w.hold("S BEGIN_OUTBOUND");
    let a = w.open("A"); // T's BEGIN is queued
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.logoff(a, LOGOFF_ORDERLY);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.let_go("S BEGIN_OUTBOUND");
    w.saw_of("T", &[]); // nothing has changed for it
}

#[test]
fn a_cancel_that_a_critical_error_swallowed_is_repeated_after_recovery() {
    let mut w = World::new();
    let (s, t) = (w.self_driven("S"), w.self_driven("T"));
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    let (_, _) = (w.take(s), w.take(t));
    w.hold("S CANCEL m1");
    w.begin_logoff(a, LOGOFF_ABORT);
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    w.let_go("S CANCEL m1");
    w.forget_log();
    w.pass(2_000);
    w.saw_of("T", &[]);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.pass(1_000);
    assert!(w.has_seen("T CANCEL m2"));
}

#[test]
fn a_flush_that_has_not_begun_is_dropped_by_a_critical_error() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    let reply = w.engine.logoff(a, LOGOFF_PURGE, OTHER);
    let Ok(Reply::Wait(call, _)) = reply else {
        panic!("it does not wait")
    };
    w.step(Desk::Control); // BEGIN_FLUSH
    w.engine
        .spooler_notify(t, NOTIFY_CRITICAL_ERROR, None)
        .unwrap();
    w.run();
    assert!(!w.has_seen("T flush"));
    assert_eq!(w.engine.collect(call), Some(Answer::Status(COMPLETE)));
}

#[test]
fn a_flush_that_has_not_begun_is_dropped_when_its_purge_ends() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.engine.logoff(a, LOGOFF_PURGE, OTHER).unwrap();
    w.step(Desk::Control);
    w.engine.cancel_logoff(a).unwrap();
    w.run();
    assert!(!w.has_seen("T flush"));
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    assert!(w.has_seen("T flush"));
}

#[test]
fn a_transfer_of_a_broken_transport_runs_until_ended() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    w.notify(t, NOTIFY_CRITICAL_ERROR, None);
    assert_eq!(w.status(a), OUT);
    w.end(transfer, S_OK, 0);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn critical_error_with_ready_to_send_or_nothing_is_refused() {
    let mut w = World::new();
    let t = w.driven("T");
    for flags in [0, NOTIFY_CRITICAL_ERROR | NOTIFY_READYTOSEND] {
        let error = w.engine.spooler_notify(t, flags, None).unwrap_err();
        assert_eq!(error.hresult().0, MAPI_E_INVALID_PARAMETER);
    }
    let error = w.engine.spooler_notify(t, 1, None).unwrap_err();
    assert_eq!(error.hresult().0, MAPI_E_UNKNOWN_FLAGS);
}
