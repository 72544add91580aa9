//! The table of outcomes with no other open, and the rulings on it. Semantics, section 2.

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

/// A store whose message m1 is being sent by T, with m2 behind it where `queue` is set.
fn sending(queue: bool) -> (World, LogonKey, TransportKey) {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    if queue {
        w.submit(a, &["m2"]);
    }
    w.forget_log();
    (w, a, t)
}

/// A store with one message that no transport can take.
fn queued() -> (World, LogonKey) {
    let mut w = World::new();
    let a = w.open("A");
    w.submit(a, &["m1"]);
    w.forget_log();
    (w, a)
}

#[test]
fn every_instruction_releases_a_store_at_rest_with_an_empty_queue() {
    for instruction in ALL {
        let mut w = World::new();
        w.driven("T");
        let a = w.open("A");
        assert_eq!(w.logoff(a, instruction), COMPLETE, "{instruction}");
        assert_eq!(w.released[&a], COMPLETE);
        assert_eq!(w.status(a), COMPLETE);
        assert_eq!(w.opens_of("A"), 0);
    }
}

#[test]
fn output_flags_in_the_word_are_ignored_on_input() {
    let mut w = World::new();
    let a = w.open("A");
    let word = LOGOFF_QUIET | Status::all().bits();
    assert_eq!(w.logoff(a, word), COMPLETE);
}

// QUIET.

#[test]
fn quiet_with_a_queue_is_no_logoff() {
    let (mut w, a) = queued();
    assert_eq!(w.logoff(a, LOGOFF_QUIET), QUEUE);
    assert!(!w.is_released(a));
    w.saw(&[]);
    w.driven("T");
    assert_eq!(w.finished(a), 1, "the store works as before");
}

#[test]
fn quiet_in_process_is_no_logoff() {
    for (queue, flags) in [(false, OUT), (true, OUT | QUEUE)] {
        let (mut w, a, _) = sending(queue);
        assert_eq!(w.logoff(a, LOGOFF_QUIET), flags);
        w.saw(&[]);
        w.let_go("T submit m1");
        assert_eq!(w.finished(a), 1 + u32::from(queue));
        assert_eq!(w.logoff(a, LOGOFF_QUIET), COMPLETE);
    }
}

#[test]
fn quiet_while_receiving_is_no_logoff() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let transfer = w.receive(t, Some(a));
    assert_eq!(w.logoff(a, LOGOFF_QUIET), IN);
    w.end(transfer, S_OK, 0);
    assert_eq!(w.logoff(a, LOGOFF_QUIET), COMPLETE);
}

// ABORT.

#[test]
fn abort_of_a_store_at_rest_releases_it_and_leaves_the_queue() {
    let (mut w, a) = queued();
    assert_eq!(w.logoff(a, LOGOFF_ABORT), COMPLETE | QUEUE);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    w.saw(&["A released"]);
}

#[test]
fn abort_hands_nothing_out_any_more() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.engine.submit(a, id("m1")).unwrap(); // promised to T, whose thread has not come for it
    w.forget_log();
    assert_eq!(w.logoff(a, LOGOFF_ABORT), COMPLETE | QUEUE);
    w.saw(&["T END_OUTBOUND", "A released"]);
}

#[test]
fn abort_cancels_what_is_in_process_and_waits_until_it_has_stopped() {
    for queue in [false, true] {
        let (mut w, a, _) = sending(queue);
        let waits = w.begin_logoff(a, LOGOFF_ABORT);
        assert_eq!(w.answer(waits), None);
        w.saw(&["T CANCEL m1", "T END_OUTBOUND"]);
        w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
        assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
        w.saw(&["A unlock m1", "A released"]);
        assert_eq!(w.counts(a).1 + w.counts(a).0, 1 + u32::from(queue));
    }
}

/// Thousands may be in process: what is kept of each costs time too.
#[test]
fn a_message_that_an_abort_puts_back_has_no_record() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    let [stops, _goes_on] = [w.take(t), w.take(t)];
    w.begin_logoff(a, LOGOFF_ABORT);
    w.end(stops, MAPI_E_USER_CANCEL, 0);
    assert_eq!(w.counts(a).2, 1, "m1 is back in the queue");
    let messages = w.engine.messages.values_mut();
    assert_eq!(messages.filter_map(|message| message.noted()).count(), 0);
}

#[test]
fn a_transfer_that_ends_well_after_it_was_cancelled_was_sent() {
    let (mut w, a, _) = sending(false);
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.let_go("T submit m1");
    assert_eq!(w.answer(waits), Some(COMPLETE));
    assert_eq!(w.finished(a), 1);
    w.saw(&[
        "T CANCEL m1",
        "T END_OUTBOUND",
        "A finished m1",
        "A released",
    ]);
}

#[test]
fn a_transport_that_passes_on_what_yield_told_it_has_not_sent() {
    let (mut w, a, _) = sending(false);
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.let_go_with("T submit m1", says(MAPI_W_CANCEL_MESSAGE));
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
    assert_eq!(w.finished(a), 0);
}

#[test]
fn abort_cancels_receptions_too() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let transfer = w.receive(t, Some(a));
    w.forget_log();
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.saw(&["T CANCEL inbound", "T END_OUTBOUND"]);
    assert!(w.engine.is_cancelled(transfer).unwrap());
    w.end(transfer, MAPI_E_USER_CANCEL, 0);
    assert_eq!(w.answer(waits), Some(COMPLETE));
}

#[test]
fn an_abort_that_does_not_stop_within_the_limit_is_no_logoff() {
    let (mut w, a, _) = sending(true);
    assert_eq!(w.logoff(a, LOGOFF_ABORT), OUT | QUEUE);
    assert_eq!(w.now, 15_000);
    assert!(!w.is_released(a));
    assert_eq!(w.opens_of("A"), 1, "it is open as before");
    w.let_go("T submit m1");
    assert_eq!(w.finished(a), 2, "the store works as before");
}

#[test]
fn abort_repeats_its_cancelling_every_second_until_its_limit() {
    let (mut w, a, _) = sending(false);
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.forget_log();
    w.pass(999);
    w.saw(&[]);
    w.pass(1);
    w.saw(&["T CANCEL m1"]);
    w.pass(3_000);
    w.saw(&["T CANCEL m1", "T CANCEL m1", "T CANCEL m1"]);
    w.wait(waits);
    w.forget_log();
    w.pass(60_000);
    w.saw(&[]);
}

#[test]
fn yield_tells_a_cancelled_transfer_until_the_abort_has_failed() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    w.submit(a, &["m1"]);
    let transfer = w.take(t);
    assert!(!w.engine.is_cancelled(transfer).unwrap());
    let waits = w.engine.logoff(a, LOGOFF_ABORT, ME).unwrap();
    assert!(w.engine.is_cancelled(transfer).unwrap());
    let Reply::Wait(call, _) = waits else {
        panic!("it does not wait")
    };
    w.engine.expire(call);
    assert!(!w.engine.is_cancelled(transfer).unwrap());
}

#[test]
fn abort_does_not_wait_for_a_message_that_is_only_being_locked() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.hold("A lock m1");
    w.submit(a, &["m1"]);
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.forget_log();
    w.let_go("A lock m1");
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
    w.saw(&["A unlock m1", "A released"]);
}

// ORDERLY.

#[test]
fn orderly_with_a_queue_releases_at_once_and_the_messages_stay() {
    let (mut w, a) = queued();
    assert_eq!(w.logoff(a, LOGOFF_ORDERLY), COMPLETE | QUEUE);
    w.saw(&["A released"]);
}

#[test]
fn orderly_finishes_what_is_in_process_and_begins_nothing_new() {
    for (queue, status, last) in [
        (false, OUT, COMPLETE),
        (true, OUT | QUEUE, COMPLETE | QUEUE),
    ] {
        let (mut w, a, _) = sending(queue);
        assert_eq!(w.logoff(a, LOGOFF_ORDERLY), COMPLETE | status);
        w.saw(&["T END_OUTBOUND"]);
        assert_eq!(w.status(a), COMPLETE | status);
        w.let_go("T submit m1");
        w.saw(&["A finished m1", "A released"]);
        assert_eq!(w.released[&a], last);
    }
}

#[test]
fn orderly_lets_a_reception_finish() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.inbox("A");
    let transfer = w.receive(t, None);
    assert_eq!(w.logoff(a, LOGOFF_ORDERLY), COMPLETE | IN);
    assert!(!w.engine.is_cancelled(transfer).unwrap());
    assert!(!w.is_released(a));
    w.end(transfer, S_OK, 0);
    assert!(w.is_released(a));
}

// NO_WAIT.

#[test]
fn no_wait_sends_what_is_ready_in_the_background() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.engine.submit(a, id("m1")).unwrap();
    w.engine.submit(a, id("m2")).unwrap();
    w.forget_log();
    let reply = w.engine.logoff(a, LOGOFF_NO_WAIT, ME);
    assert_eq!(reply, Ok(Reply::Done(COMPLETE | QUEUE)));
    w.run();
    w.saw(&[
        "A lock m1",
        "T submit m1",
        "A finished m1",
        "A lock m2",
        "T submit m2",
        "A finished m2",
        "T END_OUTBOUND",
        "A released",
    ]);
    assert_eq!(w.released[&a], COMPLETE);
}

#[test]
fn no_wait_finishes_what_is_in_process_and_sends_the_rest() {
    for (queue, status) in [(false, OUT), (true, OUT | QUEUE)] {
        let (mut w, a, _) = sending(queue);
        assert_eq!(w.logoff(a, LOGOFF_NO_WAIT), COMPLETE | status);
        assert!(!w.is_released(a));
        w.let_go("T submit m1");
        assert!(w.is_released(a));
        assert_eq!(w.finished(a), 1 + u32::from(queue));
    }
}

#[test]
fn no_wait_does_not_wait_for_a_message_that_waits() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[seconds(MAPI_E_WAIT, 60)]);
    w.submit(a, &["m1"]);
    assert_eq!(w.counts(a), (0, 1, 0));
    assert_eq!(w.logoff(a, LOGOFF_NO_WAIT), COMPLETE | QUEUE);
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

#[test]
fn no_wait_begins_no_new_reception() {
    let (mut w, a, t) = sending(false);
    let receives = w.engine.begin_inbound(t, Some(a), PROVIDER);
    let transfer = receives.unwrap();
    assert_eq!(w.logoff(a, LOGOFF_NO_WAIT), COMPLETE | OUT | IN);
    w.let_go("T submit m1");
    assert_eq!(w.status(a), COMPLETE | IN);
    assert!(w.engine.begin_inbound(t, Some(a), PROVIDER).is_err());
    w.end(transfer, S_OK, 0);
    assert!(w.is_released(a));
}

// PURGE.

#[test]
fn purge_flushes_between_begin_and_end_of_the_flush() {
    let mut w = World::new();
    w.driven("T");
    w.self_driven("S");
    let a = w.open("A");
    w.forget_log();
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    w.saw(&[
        "T BEGIN_FLUSH",
        "S BEGIN_FLUSH",
        "T flush",
        "S flush",
        "T END_FLUSH",
        "S END_FLUSH",
        "T END_OUTBOUND",
        "S END_OUTBOUND",
        "A released",
    ]);
}

#[test]
fn a_transport_is_told_of_the_flush_before_it_is_flushed() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.hold("T BEGIN_FLUSH");
    w.forget_log();
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    w.saw(&["T BEGIN_FLUSH"]);
    w.let_go("T BEGIN_FLUSH");
    assert_eq!(w.answer(waits), Some(COMPLETE));
    w.saw_of("T", &["flush", "END_FLUSH", "END_OUTBOUND"]);
}

#[test]
fn purge_gives_every_message_one_attempt() {
    let (mut w, a, _) = sending(true);
    w.submit(a, &["m3"]);
    w.answers("T submit m2", &[says(MAPI_E_CALL_FAILED)]);
    w.forget_log();
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    assert_eq!(w.answer(waits), None, "first what is in process");
    w.let_go("T submit m1");
    assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE));
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    w.saw_of(
        "T",
        &[
            "BEGIN_FLUSH",
            "flush",
            "submit m2",
            "submit m3",
            "END_FLUSH",
            "END_OUTBOUND",
        ],
    );
}

#[test]
fn purge_sends_what_is_queued() {
    let mut w = World::new();
    let a = w.open("A");
    w.submit(a, &["m1", "m2"]);
    w.hold("T submit m1");
    w.driven("T");
    w.let_go("T submit m1");
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    assert_eq!(w.finished(a), 2);
}

#[test]
fn purge_waits_for_a_reception() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.inbox("A");
    let transfer = w.receive(t, None);
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    assert_eq!(w.answer(waits), None);
    w.end(transfer, S_OK, 0);
    assert_eq!(w.answer(waits), Some(COMPLETE));
}

#[test]
fn purge_makes_a_message_that_waits_for_a_time_ready_once() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers(
        "T submit m1",
        &[seconds(MAPI_E_WAIT, 3_600), seconds(MAPI_E_WAIT, 1)],
    );
    w.submit(a, &["m1"]);
    w.forget_log();
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE | QUEUE);
    w.saw_of(
        "T",
        &[
            "BEGIN_FLUSH",
            "flush",
            "submit m1",
            "END_FLUSH",
            "END_OUTBOUND",
        ],
    );
    assert_eq!(w.now, 0);
}

#[test]
fn purge_makes_messages_declined_or_locked_elsewhere_ready_once() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[says(MAPI_E_NOT_ME)]);
    w.answers("A lock m2", &[says(MAPI_E_NO_ACCESS)]);
    w.submit(a, &["m1", "m2"]);
    assert_eq!(w.counts(a), (0, 2, 0));
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    assert_eq!(w.finished(a), 2);
}

#[test]
fn deferred_messages_may_be_offered_again_from_inside_the_flush() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.answers("T submit m2", &[ends(END_DONT_RESEND)]);
    w.submit(a, &["m1", "m2"]);
    assert_eq!(w.counts(a), (0, 2, 0));
    w.inside("T flush", move |w| {
        w.engine
            .spooler_notify(t, NOTIFY_SENTDEFERRED, None)
            .unwrap();
    });
    w.forget_log();
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE);
    w.saw_of(
        "T",
        &[
            "BEGIN_FLUSH",
            "flush",
            "submit m1 deferred",
            "submit m2 deferred",
            "END_FLUSH",
            "END_OUTBOUND",
        ],
    );
}

#[test]
fn messages_that_stay_deferred_in_a_purge_are_reported_and_asked_back() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.answers("T submit m1", &[ends(END_DONT_RESEND)]);
    w.submit(a, &["m1"]);
    w.forget_log();
    assert_eq!(w.logoff(a, LOGOFF_PURGE), COMPLETE | QUEUE);
    w.saw(&[
        "T BEGIN_FLUSH",
        "T flush",
        "T END_FLUSH",
        "T END_OUTBOUND",
        "T ABORT_DEFERRED m1",
        "A released",
    ]);
}

#[test]
fn a_message_put_off_during_the_purge_stays_and_is_reported() {
    let answers = [
        ends(END_RESEND_LATER),
        ends(END_DONT_RESEND),
        seconds(MAPI_E_NETWORK_ERROR, 1),
        says(MAPI_E_NOT_ME),
        says(MAPI_E_USER_CANCEL),
        says(MAPI_E_CALL_FAILED),
        says(MAPI_W_PARTIAL_COMPLETION),
    ];
    for answer in answers {
        let (mut w, a, _) = sending(true);
        w.answers("T submit m2", &[answer]);
        let waits = w.begin_logoff(a, LOGOFF_PURGE);
        w.let_go("T submit m1");
        assert_eq!(w.answer(waits), Some(COMPLETE | QUEUE), "{answer:?}");
        assert_eq!(w.now, 0);
    }
}

#[test]
fn submitting_during_a_purge_is_refused() {
    let (mut w, a, _) = sending(false);
    w.begin_logoff(a, LOGOFF_PURGE);
    let refused = w.engine.submit(a, id("m2")).unwrap_err();
    assert_eq!(refused.hresult().0, MAPI_E_BUSY);
}

#[test]
fn a_purge_has_no_limit_by_default() {
    let (mut w, a, _) = sending(false);
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    assert_eq!(waits.deadline, None);
    w.pass(86_400_000);
    assert_eq!(w.answer(waits), None);
    w.let_go("T submit m1");
    assert_eq!(w.answer(waits), Some(COMPLETE));
}

#[test]
fn a_purge_that_passes_its_limit_leaves_the_store_as_before() {
    let limits = Limits {
        purge: Some(2_000),
        ..Limits::default()
    };
    let mut w = World::with(limits);
    w.driven("T");
    let a = w.inbox("A");
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]);
    w.forget_log();
    assert_eq!(w.logoff(a, LOGOFF_PURGE), OUT | QUEUE);
    assert_eq!(w.now, 2_000);
    w.saw(&[
        "T BEGIN_FLUSH",
        "T END_INBOUND",
        "T END_FLUSH",
        "T BEGIN_INBOUND",
    ]);
    w.submit(a, &["m3"]);
    w.let_go("T submit m1");
    assert_eq!(w.finished(a), 3);
    w.saw_of("T", &["submit m2", "submit m3"]);
}

#[test]
fn a_running_purge_can_be_cancelled_from_another_thread() {
    let (mut w, a, _) = sending(true);
    let waits = w.begin_logoff(a, LOGOFF_PURGE);
    w.engine.cancel_logoff(a).unwrap();
    assert_eq!(w.answer(waits), Some(OUT | QUEUE));
    w.run();
    w.saw(&["T BEGIN_FLUSH", "T END_FLUSH"]);
    w.let_go("T submit m1");
    assert_eq!(w.finished(a), 2);
    assert!(!w.is_released(a));
}

#[test]
fn a_waiting_abort_can_be_cancelled_from_another_thread() {
    let (mut w, a, _) = sending(true);
    let waits = w.begin_logoff(a, LOGOFF_ABORT);
    w.engine.cancel_logoff(a).unwrap();
    assert_eq!(w.answer(waits), Some(OUT | QUEUE));
    w.run();
    w.saw(&["T CANCEL m1", "T END_OUTBOUND", "T BEGIN_OUTBOUND"]);
}

#[test]
fn cancelling_a_logoff_in_the_background_turns_it_into_an_abort() {
    let (mut w, a, _) = sending(true);
    w.logoff(a, LOGOFF_NO_WAIT);
    w.forget_log();
    w.engine.cancel_logoff(a).unwrap();
    w.run();
    w.saw(&["T CANCEL m1", "T END_OUTBOUND"]);
    w.pass(1_000);
    w.saw(&["T CANCEL m1"]);
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    assert_eq!(w.finished(a), 0);
}

#[test]
fn cancelling_with_no_logoff_under_way_does_nothing() {
    let (mut w, a, _) = sending(true);
    w.engine.cancel_logoff(a).unwrap();
    assert_eq!(w.status(a), OUT | QUEUE);
    w.saw(&[]);
    w.let_go("T submit m1");
    w.logoff(a, LOGOFF_ORDERLY);
    w.engine.cancel_logoff(a).unwrap();
    assert_eq!(w.status(a), COMPLETE);
}

#[test]
fn no_wait_and_orderly_can_be_waited_for() {
    let (mut w, a, _) = sending(false);
    w.logoff(a, LOGOFF_ORDERLY);
    let Ok(Reply::Wait(call, None)) = w.engine.wait_released(a) else {
        panic!("it does not wait")
    };
    assert!(!w.engine.is_answered(call));
    w.let_go("T submit m1");
    assert_eq!(w.engine.collect(call), Some(Answer::Done));
    assert_eq!(w.engine.wait_released(a), Ok(Reply::Done(())));
}
