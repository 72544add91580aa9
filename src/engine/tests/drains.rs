//! What holds while a logoff is under way, and between stores. Semantics, section 7.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

/// T sends m1 of store A in the background; m2 waits for five seconds from now.
fn draining(instruction: u32) -> (World, TransportKey, LogonKey) {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.answers("T submit m2", &[seconds(MAPI_E_WAIT, 5)]);
    w.hold("T submit m1");
    w.submit(a, &["m2", "m1"]);
    w.logoff(a, instruction);
    w.forget_log();
    (w, t, a)
}

#[test]
fn no_wait_expires_by_itself_while_a_logoff_is_under_way() {
    let (mut w, _, a) = draining(LOGOFF_NO_WAIT);
    w.pass(3_600_000);
    assert_eq!(w.counts(a), (0, 1, 1));
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    w.saw(&["A finished m1", "T END_OUTBOUND", "A released"]);
}

#[test]
fn waits_go_on_when_the_logoff_has_come_to_nothing() {
    let (mut w, _, a) = draining(LOGOFF_NO_WAIT);
    w.pass(3_000);
    let b = w.open("A");
    w.let_go("T submit m1");
    w.pass(1_999);
    assert_eq!(w.counts(b), (0, 1, 0));
    w.pass(1);
    assert_eq!(w.finished(b), 2);
    assert!(w.is_released(a));
}

#[test]
fn waits_that_came_due_meanwhile_are_over_when_the_logoff_has_come_to_nothing() {
    let (mut w, _, _) = draining(LOGOFF_NO_WAIT);
    w.pass(10_000);
    let b = w.open("A");
    w.let_go("T submit m1");
    w.pass(0);
    assert_eq!(w.finished(b), 2);
}

#[test]
fn ready_to_send_counts_while_a_logoff_is_under_way() {
    let (mut w, t, a) = draining(LOGOFF_NO_WAIT);
    w.notify(t, NOTIFY_READYTOSEND, None);
    assert_eq!(w.counts(a), (1, 0, 1));
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE);
}

#[test]
fn sentdeferred_and_a_new_transport_count_while_a_logoff_is_under_way() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.answers("T submit m2", &[says(MAPI_E_NOT_ME)]);
    w.hold("T submit m3");
    w.submit(a, &["m1", "m2", "m3"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.notify(t, NOTIFY_SENTDEFERRED, None);
    assert_eq!(w.counts(a), (1, 1, 1));
    w.driven("U");
    assert_eq!(w.counts(a), (1, 0, 1));
    assert_eq!(w.finished(a), 1);
    w.let_go("T submit m3");
    assert_eq!(w.released[&a], COMPLETE);
}

#[test]
fn busy_and_resend_now_by_turns_do_not_keep_a_background_from_ending() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    for _ in 0..500 {
        w.answers("T submit m1", &[says(MAPI_E_BUSY), ends(END_RESEND_NOW)]);
    }
    w.submit(a, &["m1"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.pass(10_000);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

#[test]
fn in_the_background_a_not_me_is_not_forgotten_however_long_the_next_transport_takes() {
    let mut w = World::new();
    w.driven("T");
    w.driven("U");
    let a = w.open("A");
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.hold("U submit m1");
    w.submit(a, &["m1"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.pass(300_000);
    w.forget_log();
    w.answers("U submit m1", &[says(MAPI_E_BUSY), says(MAPI_E_NOT_ME)]);
    w.let_go("U submit m1");
    w.pass(100);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    w.saw_of("T", &["END_OUTBOUND"]);
}

#[test]
fn a_pause_after_busy_is_waited_for_in_the_background_three_times() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[says(MAPI_E_BUSY); 9]);
    w.submit(a, &["m1"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    assert!(!w.is_released(a));
    w.pass(10_000);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    w.saw_of(
        "T",
        &[
            "BEGIN_OUTBOUND",
            "submit m1",
            "submit m1",
            "submit m1",
            "submit m1",
            "submit m1",
            "END_OUTBOUND",
        ],
    );
}

#[test]
fn a_purge_ends_the_wait_for_the_lock_of_a_message_that_was_deferred() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.submit(a, &["m1"]);
    w.answers("A lock m1", &[says(MAPI_E_NO_ACCESS)]);
    w.notify(t, NOTIFY_SENTDEFERRED, Some("m1"));
    assert_eq!(w.counts(a), (0, 1, 0));
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    assert!(w.has_seen("T submit m1 deferred"));
}

#[test]
fn a_transfer_put_off_during_the_purge_has_had_its_attempt() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    w.let_go_with("T submit m1", ends(END_RESEND_LATER));
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
}

#[test]
fn after_a_failed_purge_the_attempts_made_stay_made() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    let wait = seconds(MAPI_E_WAIT, 100);
    w.answers("T submit m1", &[wait, wait]);
    w.submit(a, &["m1"]);
    w.hold("T submit m2");
    w.submit(a, &["m2"]);
    w.pass(50_000);
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    w.let_go("T submit m2");
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));

    let mut w = World::new();
    w.driven("T");
    w.driven("U");
    let a = w.open("A");
    w.answers("T submit m1", &[wait]);
    w.answers("U submit m1", &[wait]);
    w.submit(a, &["m1"]);
    w.hold("T submit m2");
    w.submit(a, &["m2"]);
    w.pass(50_000);
    w.begin_logoff(a, LOGOFF_PURGE); // m1 goes to U and waits anew
    w.engine.cancel_logoff(a).unwrap();
    w.forget_log();
    w.pass(99_999);
    assert_eq!(w.counts(a), (0, 1, 1));
    w.pass(1);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn a_transport_is_flushed_as_soon_as_it_has_nothing_in_process() {
    let mut w = World::new();
    w.driven("T");
    w.driven("U");
    let (a, b) = (w.open("A"), w.open("B"));
    w.hold("T submit m1");
    w.submit(b, &["m1", "m2"]);
    w.submit(a, &["m3"]);
    w.forget_log();
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    w.saw(&["T BEGIN_FLUSH", "U BEGIN_FLUSH", "U flush"]);
    w.submit(b, &["m4"]);
    assert!(w.has_seen("U submit m4"));
    w.forget_log();
    w.let_go("T submit m1");
    w.saw(&[
        "B finished m1",
        "T flush",
        "T END_FLUSH",
        "U END_FLUSH",
        "A released",
    ]);
    assert_eq!(w.answer(waits), Some(COMPLETE));
}

#[test]
fn two_purges_flush_a_transport_once_each_between_one_begin_and_end() {
    let mut w = World::new();
    w.driven("T");
    let (a, b) = (w.open("A"), w.open("B"));
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    w.forget_log();
    let first = w.begin_logoff(a, LOGOFF_PURGE);
    let second = w.begin_logoff(b, LOGOFF_PURGE);
    w.let_go("T submit m1");
    assert_eq!(w.answer(first), Some(COMPLETE));
    assert_eq!(w.answer(second), Some(COMPLETE));
    w.saw_of(
        "T",
        &["BEGIN_FLUSH", "flush", "flush", "END_FLUSH", "END_OUTBOUND"],
    );
}

#[test]
fn a_self_driven_transport_that_does_not_ask_is_given_the_retry_pause() {
    for instruction in [LOGOFF_NO_WAIT, LOGOFF_PURGE] {
        let mut w = World::new();
        let t = w.self_driven("T");
        let a = w.open("A");
        w.submit(a, &["m1", "m2"]);
        let transfer = w.take(t);
        w.end(transfer, S_OK, 0); // it has asked, but before the logoff
        let flags = w.logoff(a, instruction);
        assert!(flags.contains(COMPLETE | QUEUE));
        if instruction == LOGOFF_NO_WAIT {
            w.pass(4_999);
            assert!(!w.is_released(a));
            w.pass(1);
        }
        assert_eq!(w.now, 5_000);
        assert_eq!(w.released[&a], COMPLETE | QUEUE);
    }
}

#[test]
fn a_self_driven_transport_that_only_begins_does_not_ask() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    let purge = w.begin_logoff(a, LOGOFF_PURGE);
    let begins = w.engine.begin_outbound(t, a, id("m1"), PROVIDER);
    w.run();
    let transfer = w.taken(begins.unwrap()).unwrap();
    w.pass(60_000);
    assert_eq!(w.answer(purge), None, "m1 has begun");
    w.end(transfer, S_OK, 0);
    assert_eq!(w.answer(purge), Some(COMPLETE | QUEUE));
}

#[test]
fn a_self_driven_transport_that_asks_within_the_grace_is_counted_on() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1", "m2", "m3"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.pass(4_000);
    let transfer = w.take(t);
    w.pass(60_000);
    assert_eq!(w.counts(a), (2, 0, 1));
    w.end(transfer, S_OK, 0);
    assert!(!w.is_released(a), "it has asked since the logoff began");
    for _ in 0..2 {
        let transfer = w.take(t);
        w.end(transfer, S_OK, 0);
    }
    assert_eq!(w.released[&a], COMPLETE);
}

#[test]
fn a_take_that_waits_since_before_the_logoff_is_counted_on() {
    let mut w = World::new();
    let (t, s) = (w.self_driven("T"), w.self_driven("S"));
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    let waiting = w.begin_take(s);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.pass(60_000);
    w.end(transfer, MAPI_E_NOT_ME, 0); // S gets it
    let transfer = w.taken(waiting).unwrap();
    let waiting = w.begin_take(s);
    w.end(transfer, S_OK, END_RESEND_NOW);
    let transfer = w.taken(waiting).unwrap();
    w.end(transfer, MAPI_E_BUSY, 0); // S has asked since the logoff began
    w.pass(60_000);
    assert!(!w.is_released(a));
    let transfer = w.take(s);
    w.end(transfer, S_OK, 0);
    assert_eq!(w.released[&a], COMPLETE);
}

#[test]
fn a_message_only_a_silent_transport_could_take_is_put_off_while_others_send() {
    let mut w = World::new();
    w.self_driven("S");
    w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.submit(a, &["m1"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.pass(5_000);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

// Fairness.

#[test]
fn stores_have_turns() {
    let mut w = World::new();
    w.driven("T");
    let (a, b) = (w.open("A"), w.open("B"));
    w.hold("T submit a1");
    w.submit(a, &["a1", "a2", "a3"]);
    w.submit(b, &["b1", "b2", "b3"]);
    w.let_go("T submit a1");
    w.saw_of(
        "T",
        &[
            "BEGIN_OUTBOUND",
            "submit a1",
            "submit a2",
            "submit b1",
            "submit a3",
            "submit b2",
            "submit b3",
        ],
    );
}

#[test]
fn stores_whose_logoff_is_under_way_come_first() {
    let mut w = World::new();
    w.driven("T");
    let (a, b, c) = (w.open("A"), w.open("B"), w.open("C"));
    w.hold("T submit a1");
    w.submit(a, &["a1", "a2"]);
    w.submit(b, &["b1", "b2"]);
    w.submit(c, &["c1", "c2"]);
    w.logoff(c, LOGOFF_NO_WAIT);
    w.forget_log();
    w.let_go("T submit a1");
    w.saw_of(
        "T",
        &[
            "submit c1",
            "submit c2",
            "submit a2",
            "submit b1",
            "submit b2",
        ],
    );
}

#[test]
fn during_orderly_what_would_go_on_at_once_goes_back_to_the_queue() {
    for answer in [
        ends(END_RESEND_NOW),
        says(MAPI_E_NOT_ME),
        says(MAPI_W_PARTIAL_COMPLETION),
        says(MAPI_E_BUSY),
    ] {
        let mut w = World::new();
        w.driven("T");
        w.driven("U");
        let a = w.open("A");
        w.hold("T submit m1");
        w.submit(a, &["m1"]);
        w.logoff(a, LOGOFF_ORDERLY);
        w.let_go_with("T submit m1", answer);
        assert_eq!(w.released[&a], COMPLETE | QUEUE, "{answer:?}");
        w.saw_of("U", &["BEGIN_OUTBOUND", "END_OUTBOUND"]);
    }
}

// After a failed ABORT.

#[test]
fn after_a_failed_abort_what_has_stopped_is_ready_again() {
    let mut w = World::new();
    let (t, u) = (w.self_driven("T"), w.self_driven("U"));
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    let (first, second) = (w.take(t), w.take(u));
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.end(first, MAPI_E_USER_CANCEL, 0);
    assert_eq!(w.wait(waits), OUT | QUEUE);
    assert_eq!(w.counts(a), (1, 0, 1));
    assert!(!w.engine.is_cancelled(second).unwrap());
    let again = w.take(t);
    assert_eq!(w.message_of(again), "m1");
}

#[test]
fn a_transfer_told_to_cancel_still_counts_as_cancelled_when_it_ends() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    w.logoff(a, LOGOFF_ABORT);
    w.end(transfer, MAPI_E_CALL_FAILED, 0);
    assert_eq!(w.counts(a), (1, 0, 0), "ready, not waiting");
}

#[test]
fn an_abort_may_be_tried_again() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    assert_eq!(w.logoff(a, LOGOFF_ABORT), OUT);
    w.forget_log();
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    assert!(w.has_seen("T CANCEL m1"));
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
}

#[test]
fn a_take_that_gives_up_after_the_grace_ends_the_logoff() {
    let mut w = World::new();
    let (t, s) = (w.self_driven("T"), w.self_driven("S"));
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    let waiting = w.begin_take(s);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.pass(60_000);
    w.engine.expire(waiting);
    w.end(transfer, MAPI_E_NOT_ME, 0);
    assert_eq!(w.released[&a], COMPLETE | QUEUE, "S is not counted on");
}

#[test]
fn a_take_that_waited_since_before_the_logoff_counts_no_more_once_it_has_a_message() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let (a, b, c) = (w.open("A"), w.open("B"), w.open("C"));
    let take = w.begin_take(t);
    w.hold("T BEGIN_FLUSH"); // T gets nothing before it is flushed
    w.begin_logoff(c, LOGOFF_PURGE);
    w.submit(a, &["m1"]);
    w.submit(b, &["m2"]);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.logoff(b, LOGOFF_NO_WAIT);
    w.pass(5_000);
    assert!(!w.is_released(b));
    w.let_go("T BEGIN_FLUSH");
    assert!(w.taken(take).is_some());
    assert_eq!(w.released[&b], COMPLETE | QUEUE);
}

#[test]
fn the_end_of_the_flush_is_told_with_the_last_of_several_purges() {
    let mut w = World::new();
    w.driven("T");
    w.driven("U");
    let (a, b) = (w.open("A"), w.open("B"));
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    w.hold("U submit m2");
    w.submit(b, &["m2"]);
    let first = w.begin_logoff(a, LOGOFF_PURGE);
    let second = w.begin_logoff(b, LOGOFF_PURGE);
    w.engine.cancel_logoff(a).unwrap();
    w.run();
    assert!(w.answer(first).is_some());
    assert!(!w.has_seen("T END_FLUSH"));
    w.let_go("T submit m1");
    w.let_go("U submit m2");
    assert_eq!(w.answer(second), Some(COMPLETE));
    assert!(w.has_seen("T END_FLUSH") && w.has_seen("U END_FLUSH"));
}
