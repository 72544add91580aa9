//! The way of a message: the table of SubmitMessage's answers, AbortSubmit, order. Semantics, section 4.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

/// One driven transport T and a store A.
fn one() -> (World, TransportKey, LogonKey) {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.forget_log();
    (w, t, a)
}

/// Two driven transports T and U and a store A.
fn two() -> (World, TransportKey, TransportKey, LogonKey) {
    let mut w = World::new();
    let (t, u) = (w.driven("T"), w.driven("U"));
    let a = w.open("A");
    w.forget_log();
    (w, t, u, a)
}

/// One self-driven transport and a store with m1, which it has taken.
fn taken() -> (World, TransportKey, LogonKey, TransferKey) {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    w.forget_log();
    (w, t, a, transfer)
}

#[test]
fn a_message_is_locked_sent_and_finished_once() {
    let (mut w, _, a) = one();
    w.submit(a, &["m1"]);
    w.saw(&["A lock m1", "T submit m1", "A finished m1"]);
    assert_eq!((w.counts(a), w.finished(a)), ((0, 0, 0), 1));
}

#[test]
fn a_self_driven_transport_takes_and_ends() {
    let (mut w, _, a, transfer) = taken();
    assert_eq!(w.message_of(transfer), "m1");
    assert_eq!(w.counts(a), (0, 0, 1));
    w.end(transfer, S_OK, 0);
    w.saw(&["A finished m1"]);
    assert_eq!(w.finished(a), 1);
}

/// The driver does not look at the clock then.
#[test]
fn what_is_timeless_begins_no_pause() {
    let answers = [
        says(S_OK),
        ends(END_RESEND_NOW),
        ends(END_RESEND_LATER),
        ends(END_DONT_RESEND),
        says(MAPI_W_PARTIAL_COMPLETION),
        says(MAPI_E_NOT_ME),
        says(MAPI_E_BUSY),
        seconds(MAPI_E_WAIT, 5),
        says(MAPI_E_CALL_FAILED),
    ];
    for answer in answers {
        let (mut w, t, a) = one();
        w.engine.submit(a, id("m1")).unwrap();
        let lock = w.engine.next_task(Desk::Worker(t)).unwrap();
        assert!(lock.is_timeless(&Performed::Result(HResult::OK)));
        assert!(!lock.is_timeless(&Performed::Result(HResult(MAPI_E_CALL_FAILED))));
        w.engine.performed(&lock, Performed::Result(HResult::OK));
        let send = w.engine.next_task(Desk::Worker(t)).unwrap();
        w.engine.performed(&send, answer);
        let paused = w.engine.next_due().is_some();
        assert!(!(send.is_timeless(&answer) && paused), "{answer:?}");
    }
}

#[test]
fn resend_now_is_ready_again_at_the_front() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[ends(END_RESEND_NOW)]);
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]);
    w.let_go("T submit m1");
    w.saw_of("T", &["submit m1", "submit m1", "submit m2"]);
}

#[test]
fn resend_now_comes_before_messages_that_were_submitted_earlier() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[seconds(MAPI_E_WAIT, 5)]);
    w.hold("T submit m2");
    w.submit(a, &["m1", "m2", "m3"]);
    w.pass(5_000); // m1 is ready again
    w.let_go_with("T submit m2", ends(END_RESEND_NOW));
    w.saw_of(
        "T",
        &[
            "submit m1",
            "submit m2",
            "submit m2",
            "submit m1",
            "submit m3",
        ],
    );
}

#[test]
fn the_fourth_resend_now_in_a_row_counts_as_later() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[ends(END_RESEND_NOW); 5]);
    w.submit(a, &["m1"]);
    w.saw_of("T", &["submit m1"; 4]);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.pass(4_999);
    w.saw(&[]);
    w.pass(1);
    w.saw_of("T", &["submit m1"; 2]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn resend_now_is_counted_in_a_row_only() {
    let (mut w, _, a) = one();
    let now = ends(END_RESEND_NOW);
    let busy = says(MAPI_E_BUSY);
    w.answers("T submit m1", &[now, now, now, busy, now, now, now]);
    w.submit(a, &["m1"]);
    w.pass(100);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn resend_later_waits_for_the_retry_pause() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[ends(END_RESEND_LATER)]);
    w.submit(a, &["m1"]);
    w.saw(&["A lock m1", "T submit m1", "A unlock m1"]);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.pass(4_999);
    w.saw(&[]);
    w.pass(1);
    w.saw_of("T", &["submit m1"]);
}

#[test]
fn dont_resend_is_deferred_until_sentdeferred() {
    let (mut w, t, a) = one();
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.submit(a, &["m1"]);
    w.saw(&["A lock m1", "T submit m1", "A unlock m1"]);
    w.pass(86_400_000);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.notify(t, NOTIFY_SENTDEFERRED, Some("m1"));
    w.saw(&["A lock m1", "T submit m1 deferred", "A finished m1"]);
}

#[test]
fn a_self_driven_transfer_ends_with_the_same_table() {
    let after = |result, flags, seconds| {
        let (mut w, _, a, transfer) = taken();
        w.engine
            .end_transfer(transfer, HResult(result), flags, seconds)
            .unwrap();
        w.run();
        let due = w.engine.next_due();
        (w.counts(a), w.finished(a), due)
    };
    let sent = ((0, 0, 0), 1, None);
    let ready = ((1, 0, 0), 0, None);
    let waiting = |due| ((0, 1, 0), 0, due);
    assert_eq!(after(S_OK, 0, 0), sent);
    assert_eq!(after(S_OK, END_RESEND_NOW, 0), ready);
    assert_eq!(after(S_OK, END_RESEND_LATER, 0), waiting(Some(5_000)));
    assert_eq!(after(S_OK, END_DONT_RESEND, 0), waiting(None));
    assert_eq!(after(MAPI_W_PARTIAL_COMPLETION, 0, 0), waiting(None));
    assert_eq!(after(MAPI_E_NOT_ME, 0, 0), waiting(Some(300_000)));
    assert_eq!(after(MAPI_E_BUSY, 0, 0), ((1, 0, 0), 0, Some(100)));
    assert_eq!(after(MAPI_E_WAIT, 0, 7), waiting(Some(7_000)));
    assert_eq!(after(MAPI_E_WAIT, 0, 1), waiting(Some(5_000)));
    assert_eq!(after(MAPI_E_NETWORK_ERROR, 0, 60), waiting(Some(60_000)));
    assert_eq!(after(MAPI_E_CANCEL, 0, 0), waiting(Some(5_000)));
    assert_eq!(after(MAPI_E_USER_CANCEL, 0, 0), waiting(Some(5_000)));
    assert_eq!(after(MAPI_E_NO_ACCESS, 0, 0), waiting(Some(5_000)));
}

#[test]
fn partial_completion_goes_on_to_the_next_transport() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_W_PARTIAL_COMPLETION)]);
    w.submit(a, &["m1"]);
    w.saw(&[
        "A lock m1",
        "T submit m1",
        "A unlock m1",
        "A lock m1",
        "U submit m1",
        "A finished m1",
    ]);
}

#[test]
fn a_transport_whose_recipients_are_done_is_not_asked_again() {
    let (mut w, t, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_W_PARTIAL_COMPLETION)]);
    w.answers("U submit m1", &[seconds(MAPI_E_WAIT, 5)]);
    w.submit(a, &["m1"]);
    w.forget_log();
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.pass(5_000);
    w.saw(&["A lock m1", "U submit m1", "A finished m1"]);
}

#[test]
fn partial_completion_of_all_waits_for_a_new_transport() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_W_PARTIAL_COMPLETION)]);
    w.answers("U submit m1", &[says(MAPI_W_PARTIAL_COMPLETION)]);
    w.submit(a, &["m1"]);
    w.pass(3_600_000);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.driven("V");
    assert_eq!(w.finished(a), 1);
}

#[test]
fn not_me_goes_to_the_next_transport_without_end_message() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.submit(a, &["m1"]);
    w.saw(&[
        "A lock m1",
        "T submit m1",
        "A unlock m1",
        "A lock m1",
        "U submit m1",
        "A finished m1",
    ]);
}

#[test]
fn declined_by_all_is_tried_again_slowly() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME), says(MAPI_E_NOT_ME)]);
    w.answers("U submit m1", &[says(MAPI_E_NOT_ME)]);
    w.submit(a, &["m1"]);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.forget_log();
    w.pass(299_999);
    w.saw(&[]);
    w.pass(1);
    w.saw_of("T", &["submit m1"]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn declined_by_all_is_offered_to_a_new_transport() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.submit(a, &["m1"]);
    w.forget_log();
    w.driven("U");
    w.saw_of("U", &["BEGIN_OUTBOUND", "submit m1"]);
}

#[test]
fn declined_is_offered_again_to_a_transport_that_says_ready_to_send() {
    let (mut w, t, u, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.answers("U submit m1", &[says(MAPI_E_NOT_ME); 2]);
    w.submit(a, &["m1"]);
    w.forget_log();
    w.notify(u, NOTIFY_READYTOSEND, None);
    w.saw_of("U", &["submit m1"]);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.saw_of("T", &["submit m1"]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn ready_to_send_counts_also_while_another_transport_has_the_message() {
    let (mut w, t, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.hold("U submit m1");
    w.submit(a, &["m1"]);
    w.notify(t, NOTIFY_READYTOSEND, None);
    w.let_go_with("U submit m1", says(MAPI_E_NOT_ME));
    assert_eq!(w.finished(a), 1);
}

#[test]
fn busy_pauses_and_goes_to_the_same_transport() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_BUSY)]);
    w.submit(a, &["m1"]);
    w.saw(&["A lock m1", "T submit m1", "A unlock m1"]);
    assert_eq!(w.counts(a), (1, 0, 0), "a pause is ready");
    w.pass(100);
    w.saw(&["A lock m1", "T submit m1", "A finished m1"]);
}

#[test]
fn later_messages_may_go_on_during_the_pause_after_busy() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_BUSY)]);
    w.hold("T submit m2");
    w.submit(a, &["m1", "m2", "m3"]);
    w.saw_of("U", &["submit m3"]);
    w.pass(100);
    w.saw(&[]); // T has m2 now
    w.let_go("T submit m2");
    w.saw_of("T", &["submit m1"]);
}

#[test]
fn outside_a_logoff_busy_is_repeated_for_ever() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[says(MAPI_E_BUSY); 50]);
    w.submit(a, &["m1"]);
    w.pass(5_000);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn during_a_purge_the_fourth_busy_in_a_row_counts_as_later() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[says(MAPI_E_BUSY); 50]);
    w.submit(a, &["m1"]);
    w.pass(1_000);
    w.forget_log();
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE | QUEUE);
    w.saw_of(
        "T",
        &[
            "BEGIN_FLUSH",
            "flush",
            "submit m1",
            "submit m1",
            "submit m1",
            "submit m1",
            "END_FLUSH",
            "END_OUTBOUND",
        ],
    );
}

#[test]
fn wait_and_network_error_wait_for_the_seconds_at_least_the_retry_pause() {
    for (result, asked, due) in [
        (MAPI_E_WAIT, 90, 90_000),
        (MAPI_E_NETWORK_ERROR, 90, 90_000),
        (MAPI_E_WAIT, 0, 5_000),
        (MAPI_E_NETWORK_ERROR, 4, 5_000),
    ] {
        let (mut w, _, a) = one();
        w.answers("T submit m1", &[seconds(result, asked)]);
        w.submit(a, &["m1"]);
        assert_eq!(w.engine.next_due(), Some(due));
        w.pass(due);
        assert_eq!(w.finished(a), 1);
    }
}

#[test]
fn cancel_after_begin_deferred_stays_deferred() {
    let (mut w, t, a) = one();
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.answers("T submit m1 deferred", &[says(MAPI_E_CANCEL)]);
    w.submit(a, &["m1"]);
    w.notify(t, NOTIFY_SENTDEFERRED, Some("m1"));
    w.pass(86_400_000);
    w.saw_of("T", &["submit m1", "submit m1 deferred"]);
    w.notify(t, NOTIFY_SENTDEFERRED, Some("m1"));
    assert_eq!(w.finished(a), 1);
}

#[test]
fn cancel_without_begin_deferred_is_an_error_like_others() {
    let (mut w, t, a) = one();
    w.answers("T submit m1", &[says(MAPI_E_CANCEL)]);
    w.submit(a, &["m1"]);
    assert!(
        w.engine
            .spooler_notify(t, NOTIFY_SENTDEFERRED, Some(b"m1"))
            .is_err()
    );
    w.pass(5_000);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn errors_wait_with_a_growing_pause() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[says(MAPI_E_CALL_FAILED); 20]);
    w.submit(a, &["m1"]);
    let mut pauses = Vec::new();
    for _ in 0..9 {
        let due = w.engine.next_due().unwrap();
        pauses.push((due - w.now) / 1_000);
        w.move_to(due);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 320, 320]);
}

#[test]
fn a_success_that_is_not_one_starts_the_growing_pause_anew() {
    let (mut w, _, a) = one();
    let failed = says(MAPI_E_CALL_FAILED);
    w.answers(
        "T submit m1",
        &[failed, failed, ends(END_RESEND_LATER), failed],
    );
    w.submit(a, &["m1"]);
    w.pass(5_000 + 10_000 + 5_000);
    assert_eq!(w.engine.next_due(), Some(25_000));
}

#[test]
fn an_error_of_end_message_leads_back_to_the_queue() {
    let (mut w, _, a) = one();
    let fails = Performed::Sent {
        result: HResult::OK,
        retry_seconds: 0,
        end: Some((HResult(MAPI_E_CALL_FAILED), 0)),
    };
    w.answers("T submit m1", &[fails]);
    w.submit(a, &["m1"]);
    assert_eq!(w.counts(a), (0, 1, 0));
}

#[test]
fn an_error_after_a_logoff_cancelled_is_ready_again() {
    for result in [MAPI_E_USER_CANCEL, MAPI_E_CALL_FAILED, MAPI_E_CANCEL] {
        let (mut w, _, a) = one();
        w.hold("T submit m1");
        w.submit(a, &["m1"]);
        assert_eq!(w.logoff(a, LOGOFF_ABORT), OUT);
        w.let_go_with("T submit m1", says(result));
        assert_eq!(w.finished(a), 1, "{result:#x}: sent in the next attempt");
    }
}

#[test]
fn a_finished_msg_that_fails_does_not_send_again() {
    let (mut w, _, a) = one();
    w.answers("A finished m1", &[says(MAPI_E_CALL_FAILED)]);
    w.submit(a, &["m1"]);
    w.pass(3_600_000);
    w.saw(&["A lock m1", "T submit m1", "A finished m1"]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn an_unlock_that_fails_changes_nothing() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[ends(END_RESEND_NOW)]);
    w.answers("A unlock m1", &[says(MAPI_E_CALL_FAILED)]);
    w.submit(a, &["m1"]);
    assert_eq!(w.finished(a), 1);
}

// AbortSubmit.

#[test]
fn abort_submit_takes_a_queued_message_out() {
    let mut w = World::new();
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    w.engine.abort_submit(a, b"m1").unwrap();
    w.driven("T");
    w.saw_of("T", &["BEGIN_OUTBOUND", "submit m2"]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn abort_submit_of_what_is_not_queued() {
    let (mut w, _, a) = one();
    w.submit(a, &["m1"]);
    for message in [b"m1", b"m2"] {
        let error = w.engine.abort_submit(a, message).unwrap_err();
        assert_eq!(error.hresult().0, MAPI_E_NOT_IN_QUEUE);
    }
}

#[test]
fn abort_submit_of_what_is_in_process() {
    for line in ["A lock m1", "T submit m1"] {
        let (mut w, _, a) = one();
        w.hold(line);
        w.submit(a, &["m1"]);
        let error = w.engine.abort_submit(a, b"m1").unwrap_err();
        assert_eq!(error.hresult().0, MAPI_E_UNABLE_TO_ABORT);
        w.let_go(line);
        assert_eq!(w.finished(a), 1);
    }
}

#[test]
fn abort_submit_of_a_deferred_message_asks_it_back() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.submit(a, &["m1"]);
    w.forget_log();
    w.engine.abort_submit(a, b"m1").unwrap();
    w.run();
    w.saw(&["T ABORT_DEFERRED+CANCEL m1"]);
    assert_eq!(w.counts(a), (0, 0, 0));
}

#[test]
fn abort_submit_of_messages_that_wait_pause_or_are_promised() {
    for answer in [
        says(MAPI_E_BUSY),
        seconds(MAPI_E_WAIT, 9),
        says(MAPI_E_NOT_ME),
    ] {
        let (mut w, _, a) = one();
        w.answers("T submit m1", &[answer]);
        w.submit(a, &["m1"]);
        w.engine.abort_submit(a, b"m1").unwrap();
        assert_eq!(w.status(a), Status::empty());
        w.forget_log();
        w.pass(3_600_000);
        w.saw(&[]);
        w.submit(a, &["m1"]);
        assert_eq!(w.finished(a), 1);
    }
    let (mut w, _, a) = one();
    w.engine.submit(a, id("m1")).unwrap();
    w.engine.abort_submit(a, b"m1").unwrap();
    w.run();
    w.saw(&[]);
}

#[test]
fn a_logoff_ends_when_its_last_ready_message_is_taken_out() {
    let mut w = World::new();
    w.self_driven("T");
    let a = w.open("A");
    let b = w.open("A");
    w.submit(a, &["m1"]);
    w.logoff(a, LOGOFF_ABORT);
    let waits = w.begin_logoff(b, LOGOFF_PURGE);
    assert_eq!(w.answer(waits), None);
    w.engine.abort_submit(b, b"m1").unwrap();
    w.run();
    assert_eq!(w.answer(waits), Some(COMPLETE));
}

#[test]
fn the_same_identifier_again_is_refused_while_it_is_queued_or_in_process() {
    let mut w = World::new();
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let refused = |w: &mut World| w.engine.submit(a, id("m1")).unwrap_err().hresult().0;
    assert_eq!(refused(&mut w), MAPI_E_SUBMITTED);
    w.hold("T submit m1");
    w.driven("T");
    assert_eq!(refused(&mut w), MAPI_E_SUBMITTED);
    w.let_go("T submit m1");
    w.submit(a, &["m1"]);
    assert_eq!(w.finished(a), 2);
}

#[test]
fn two_stores_may_have_messages_of_the_same_name() {
    let (mut w, _, a) = one();
    let b = w.open("B");
    w.submit(a, &["m1"]);
    w.submit(b, &["m1"]);
    assert_eq!((w.finished(a), w.finished(b)), (1, 1));
}

// Order.

#[test]
fn messages_start_in_the_order_in_which_they_were_submitted() {
    let mut w = World::new();
    let a = w.open("A");
    w.submit(a, &["m3", "m1", "m2"]);
    w.driven("T");
    w.saw_of(
        "T",
        &["BEGIN_OUTBOUND", "submit m3", "submit m1", "submit m2"],
    );
}

#[test]
fn messages_start_in_order_whichever_thread_comes_first() {
    let (mut w, t, u, a) = two();
    w.engine.submit(a, id("m1")).unwrap();
    w.engine.submit(a, id("m2")).unwrap();
    w.step(Desk::Worker(u));
    w.saw(&[]); // it has to wait for T's thread
    assert!(!w.engine.has_task(Desk::Worker(u)));
    w.engine.take_effects().wake.clear();
    w.step(Desk::Worker(t));
    let wake = &w.engine.take_effects().wake;
    assert!(wake.contains(&Desk::Worker(u)), "and is woken then");
    w.run();
    w.saw_of("A", &["lock m1", "lock m2", "finished m1", "finished m2"]);
}

#[test]
fn a_message_starts_only_when_the_one_before_it_has_started() {
    let (mut w, t, u, a) = two();
    w.engine.submit(a, id("m1")).unwrap();
    w.engine.submit(a, id("m2")).unwrap();
    w.step(Desk::Worker(t)); // m1 is locked, SubmitMessage not yet entered
    for _ in 0..3 {
        w.step(Desk::Worker(u));
    }
    w.run();
    w.saw(&[
        "A lock m1",
        "T submit m1",
        "A lock m2",
        "U submit m2",
        "A finished m1",
        "A finished m2",
    ]);
}

#[test]
fn a_take_gets_what_was_promised_to_a_thread_that_has_not_come() {
    let mut w = World::new();
    let t = w.driven("T");
    let s = w.self_driven("S");
    let a = w.open("A");
    w.engine.submit(a, id("m1")).unwrap();
    w.engine.submit(a, id("m2")).unwrap();
    let call = w.engine.take(s, PROVIDER).unwrap();
    w.step(Desk::Here); // the lock
    let transfer = w.taken(call).unwrap();
    assert_eq!(w.message_of(transfer), "m1");
    w.step(Desk::Worker(t));
    w.run();
    assert!(w.has_seen("T submit m2"));
}

#[test]
fn a_message_that_waits_holds_up_nobody() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[seconds(MAPI_E_WAIT, 60)]);
    w.submit(a, &["m1", "m2"]);
    w.saw_of("T", &["submit m1", "submit m2"]);
}

#[test]
fn a_message_whose_wait_is_over_comes_before_later_ones() {
    let (mut w, _, a) = one();
    w.answers("T submit m1", &[seconds(MAPI_E_WAIT, 5)]);
    w.hold("T submit m2");
    w.submit(a, &["m1", "m2", "m3"]);
    w.pass(5_000);
    w.let_go("T submit m2");
    w.saw_of("T", &["submit m1", "submit m2", "submit m1", "submit m3"]);
}

#[test]
fn a_message_that_somebody_declined_keeps_its_place_for_the_others() {
    let (mut w, _, _, a) = two();
    for line in ["T submit m1", "U submit m2", "T submit m3"] {
        w.hold(line);
    }
    w.submit(a, &["m1", "m2", "m3", "m4"]);
    w.let_go_with("T submit m1", says(MAPI_E_NOT_ME)); // T has m3 now
    w.let_go("U submit m2");
    w.saw_of("U", &["submit m2", "submit m1", "submit m4"]);
}

#[test]
fn a_message_goes_to_the_first_free_transport_in_transport_order() {
    let (mut w, _, _, a) = two();
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]);
    w.let_go("T submit m1");
    w.submit(a, &["m3"]);
    w.saw_of("T", &["submit m1", "submit m3"]);
}

#[test]
fn a_coupled_store_is_served_by_its_transport_first() {
    let mut w = World::new();
    w.driven("T");
    w.transport("U", Some("A"), true);
    let (a, b) = (w.open("A"), w.open("B"));
    w.forget_log();
    w.submit(a, &["m1"]);
    w.submit(b, &["m2"]);
    w.saw(&[
        "A lock m1",
        "U submit m1",
        "A finished m1",
        "B lock m2",
        "T submit m2",
        "B finished m2",
    ]);
}

#[test]
fn what_the_coupled_transport_declines_goes_to_the_others() {
    let mut w = World::new();
    w.driven("T");
    w.transport("U", Some("A"), true);
    let a = w.open("A");
    w.answers("U submit m1", &[says(MAPI_E_NOT_ME)]);
    w.submit(a, &["m1"]);
    assert!(w.has_seen("T submit m1"));
    assert_eq!(w.finished(a), 1);
}

#[test]
fn a_take_that_waits_gets_the_next_message() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let (first, second) = (w.begin_take(t), w.begin_take(t));
    assert_eq!(w.taken(first), None);
    w.submit(a, &["m1", "m2"]);
    let (first, second) = (w.taken(first).unwrap(), w.taken(second).unwrap());
    assert_eq!(
        (w.message_of(first), w.message_of(second)),
        ("m1".into(), "m2".into())
    );
}

#[test]
fn a_take_whose_message_is_locked_elsewhere_goes_on_waiting() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.answers("A lock m1", &[says(MAPI_E_NO_ACCESS)]);
    let call = w.begin_take(t);
    w.submit(a, &["m1"]);
    assert_eq!(w.taken(call), None);
    assert_eq!(w.counts(a), (0, 1, 0));
    w.submit(a, &["m2"]);
    let transfer = w.taken(call).unwrap();
    assert_eq!(w.message_of(transfer), "m2");
}

#[test]
fn a_take_that_gives_up_leaves_the_message() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.hold("A lock m1");
    let call = w.begin_take(t);
    w.submit(a, &["m1"]);
    assert!(w.engine.take_is_locking(call));
    w.engine.expire(call);
    w.let_go("A lock m1");
    w.saw_of("A", &["lock m1", "unlock m1"]);
    assert_eq!(w.counts(a), (1, 0, 0));
    let transfer = w.take(t);
    assert_eq!(w.message_of(transfer), "m1");
}

#[test]
fn a_take_that_gives_up_before_its_lock_had_its_turn_calls_nobody() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.hold("A lock m1");
    let first = w.begin_take(t);
    let second = w.begin_take(t);
    w.submit(a, &["m1", "m2"]);
    assert!(w.engine.take_is_locking(second));
    w.engine.expire(second);
    assert_eq!(w.counts(a), (1, 0, 1));
    w.let_go("A lock m1");
    assert!(w.taken(first).is_some());
    w.saw_of("A", &["lock m1"]);
}

#[test]
fn a_message_is_in_process_until_finished_msg_has_returned() {
    let (mut w, t, a) = one();
    w.hold("A finished m1");
    w.submit(a, &["m1"]);
    assert_eq!((w.status(a), w.finished(a)), (OUT, 0));
    let again = w.engine.submit(a, id("m1")).unwrap_err();
    assert_eq!(again.hresult().0, MAPI_E_SUBMITTED);
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.pass(5_000);
    assert!(!w.has_seen("T CANCEL m1"), "T is done with it");
    assert_eq!(w.answer(waits), None);
    w.let_go("A finished m1");
    assert_eq!(w.answer(waits), Some(COMPLETE));
    w.remove(t).unwrap();
}

#[test]
fn a_declined_message_that_waits_is_not_offered_to_who_declined_it_when_the_wait_is_over() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.answers("U submit m1", &[seconds(MAPI_E_WAIT, 10)]);
    w.submit(a, &["m1"]);
    w.pass(10_000);
    w.saw_of("T", &["submit m1"]);
    assert_eq!(w.finished(a), 1);
}

#[test]
fn the_slow_retry_counts_from_when_the_message_was_first_declined() {
    let (mut w, _, _, a) = two();
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.answers(
        "U submit m1",
        &[seconds(MAPI_E_WAIT, 250), says(MAPI_E_NOT_ME)],
    );
    w.submit(a, &["m1"]);
    w.pass(299_999);
    assert_eq!(w.finished(a), 0);
    w.pass(1);
    assert_eq!(w.finished(a), 1);
}
