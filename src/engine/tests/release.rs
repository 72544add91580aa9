//! The provider's side: the saved instruction and the final release. Semantics, section 3.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

/// A store that sends m1 with m2 behind it.
fn busy() -> (World, LogonKey) {
    busy_with(Limits::default())
}

fn busy_with(limits: Limits) -> (World, LogonKey) {
    let mut w = World::with(limits);
    w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1", "m2"]);
    w.forget_log();
    (w, a)
}

#[test]
fn saving_keeps_the_instruction_in_the_word_and_adds_the_status_flags() {
    let (mut w, a) = busy();
    let word = w.engine.save_logoff(a, LOGOFF_PURGE | LOGOFF_COMPLETE);
    assert_eq!(word, Ok(LOGOFF_PURGE | (OUT | QUEUE).bits()));
    assert_eq!(w.status(a), OUT | QUEUE, "nothing has begun");
    w.saw(&[]);
}

#[test]
fn saving_no_instruction_saves_nothing() {
    let (mut w, a) = busy();
    w.engine.save_logoff(a, LOGOFF_ORDERLY).unwrap();
    let word = w.engine.save_logoff(a, LOGOFF_COMPLETE);
    assert_eq!(word, Ok((OUT | QUEUE).bits()));
    w.release(a);
    w.saw(&["T END_OUTBOUND"]); // ORDERLY: not cancelled
}

#[test]
fn saving_two_instructions_or_unknown_bits_fails_as_the_logoff_does() {
    let (mut w, a) = busy();
    let both = w.engine.save_logoff(a, LOGOFF_ABORT | LOGOFF_QUIET);
    assert_eq!(both.unwrap_err().hresult().0, MAPI_E_INVALID_PARAMETER);
    let unknown = w.engine.save_logoff(a, 0x20 | LOGOFF_ABORT | LOGOFF_QUIET);
    assert_eq!(unknown.unwrap_err().hresult().0, MAPI_E_UNKNOWN_FLAGS);
}

#[test]
fn a_later_save_overwrites_an_earlier_one() {
    let (mut w, a) = busy();
    w.engine.save_logoff(a, LOGOFF_ORDERLY).unwrap();
    w.engine.save_logoff(a, LOGOFF_NO_WAIT).unwrap();
    w.release(a);
    w.let_go("T submit m1");
    w.saw_of("T", &["submit m2", "END_OUTBOUND"]);
    assert_eq!(w.released.len(), 1);
}

#[test]
fn without_a_saved_instruction_the_final_release_aborts() {
    let (mut w, a) = busy();
    let Reply::Wait(call, limit) = w.engine.release(a, ME).unwrap() else {
        panic!("it does not wait")
    };
    assert_eq!(limit, Some(15_000));
    w.run();
    w.saw(&["T CANCEL m1", "T END_OUTBOUND"]);
    w.let_go_with("T submit m1", says(MAPI_E_USER_CANCEL));
    assert!(w.engine.is_answered(call));
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

#[test]
fn an_abort_that_does_not_stop_in_time_continues_as_orderly() {
    let (mut w, a) = busy();
    w.release(a);
    assert_eq!(w.now, 15_000);
    assert!(!w.is_released(a));
    w.forget_log();
    w.pass(10_000);
    w.saw(&[]); // it is no longer told to stop
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

#[test]
fn an_abort_that_has_failed_before_on_the_logon_waits_no_second_time() {
    let (mut w, a) = busy();
    w.logoff(a, LOGOFF_ABORT);
    assert_eq!(w.now, 15_000);
    let reply = w.engine.release(a, ME);
    assert_eq!(reply, Ok(Reply::Done(())));
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
}

#[test]
fn a_saved_purge_waits_sixty_seconds_and_continues_as_no_wait() {
    let (mut w, a) = busy();
    w.engine.save_logoff(a, LOGOFF_PURGE).unwrap();
    w.release(a);
    assert_eq!(w.now, 60_000);
    assert!(!w.is_released(a));
    w.let_go("T submit m1");
    assert!(w.is_released(a));
    w.saw_of(
        "T",
        &["BEGIN_FLUSH", "END_FLUSH", "submit m2", "END_OUTBOUND"],
    );
}

#[test]
fn a_saved_purge_waits_up_to_the_purge_limit() {
    let limits = Limits {
        purge: Some(3_000),
        ..Limits::default()
    };
    let (mut w, a) = busy_with(limits);
    w.engine.save_logoff(a, LOGOFF_PURGE).unwrap();
    w.release(a);
    assert_eq!(w.now, 3_000);
}

#[test]
fn a_saved_purge_that_can_finish_returns_released() {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.engine.save_logoff(a, LOGOFF_PURGE).unwrap();
    w.forget_log();
    w.release(a);
    assert!(w.is_released(a));
    assert!(w.has_seen("T flush"));
}

#[test]
fn a_saved_quiet_on_a_busy_store_continues_as_orderly() {
    let (mut w, a) = busy();
    w.engine.save_logoff(a, LOGOFF_QUIET).unwrap();
    let reply = w.engine.release(a, ME);
    assert_eq!(reply, Ok(Reply::Done(())));
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE | QUEUE);
    w.saw_of("T", &["END_OUTBOUND"]);
}

#[test]
fn saved_no_wait_and_orderly_do_not_wait() {
    for (instruction, rest) in [
        (LOGOFF_NO_WAIT, COMPLETE),
        (LOGOFF_ORDERLY, COMPLETE | QUEUE),
    ] {
        let (mut w, a) = busy();
        w.engine.save_logoff(a, instruction).unwrap();
        assert_eq!(w.engine.release(a, ME), Ok(Reply::Done(())));
        w.let_go("T submit m1");
        assert_eq!(w.released[&a], rest);
    }
}

#[test]
fn inside_a_callback_no_final_release_waits() {
    for (saved, rest) in [
        (None, COMPLETE | QUEUE),
        (Some(LOGOFF_ABORT), COMPLETE | QUEUE),
        (Some(LOGOFF_PURGE), COMPLETE),
        (Some(LOGOFF_QUIET), COMPLETE | QUEUE),
        (Some(LOGOFF_NO_WAIT), COMPLETE),
    ] {
        let (mut w, a) = busy();
        if let Some(word) = saved {
            w.engine.save_logoff(a, word).unwrap();
        }
        let reply = w.engine.release(a, CALLBACK);
        assert_eq!(reply, Ok(Reply::Done(())), "{saved:?}");
        w.let_go("T submit m1");
        assert_eq!(w.released[&a], rest, "{saved:?}");
    }
}

#[test]
fn on_the_thread_of_a_transfer_the_final_release_does_not_wait() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let transfer = w.receive(t, Some(a));
    assert_eq!(w.engine.release(a, PROVIDER), Ok(Reply::Done(())));
    assert!(!w.is_released(a));
    w.end(transfer, S_OK, 0);
    assert!(w.is_released(a));
}

#[test]
fn the_final_release_of_a_store_at_rest_releases_it_at_once() {
    let mut w = World::new();
    let a = w.open("A");
    w.release(a);
    assert!(w.is_released(a));
    assert!(w.engine.status(a).is_err(), "the handle is gone");
}

#[test]
fn the_release_of_a_logon_that_is_over_changes_nothing() {
    let (mut w, a) = busy();
    w.engine.save_logoff(a, LOGOFF_ABORT).unwrap();
    w.logoff(a, LOGOFF_NO_WAIT);
    w.forget_log();
    assert_eq!(w.engine.release(a, ME), Ok(Reply::Done(())));
    w.run();
    w.saw(&[]);
    w.let_go("T submit m1");
    assert_eq!(w.released[&a], COMPLETE);
}

#[test]
fn the_final_release_of_one_of_two_logons_is_ignored_as_a_logoff_is() {
    let (mut w, a) = busy();
    let b = w.open("A");
    assert_eq!(w.engine.release(b, ME), Ok(Reply::Done(())));
    w.run();
    w.saw(&["A/2 released"]);
    assert_eq!(w.status(a), OUT | QUEUE);
}

#[test]
fn released_while_another_threads_call_waits_the_call_completes() {
    for (instruction, rest) in [(LOGOFF_ABORT, COMPLETE | QUEUE), (LOGOFF_PURGE, COMPLETE)] {
        let (mut w, a) = busy();
        let waits = w.begin_logoff(a, instruction);
        assert_eq!(w.engine.release(a, ME), Ok(Reply::Done(())));
        let answer = match instruction {
            LOGOFF_ABORT => says(MAPI_E_USER_CANCEL),
            _ => says(S_OK),
        };
        w.let_go_with("T submit m1", answer);
        assert_eq!(w.answer(waits), Some(rest));
        assert_eq!(w.released[&a], rest);
    }
}

#[test]
fn released_while_another_threads_call_waits_and_fails_it_goes_on_in_the_background() {
    let limits = Limits {
        purge: Some(4_000),
        ..Limits::default()
    };
    for (instruction, rest) in [(LOGOFF_ABORT, COMPLETE | QUEUE), (LOGOFF_PURGE, COMPLETE)] {
        let (mut w, a) = busy_with(limits);
        let waits = w.begin_logoff(a, instruction);
        assert_eq!(w.engine.release(a, ME), Ok(Reply::Done(())));
        assert_eq!(w.wait(waits), COMPLETE | OUT | QUEUE);
        assert!(!w.is_released(a));
        w.let_go("T submit m1");
        assert_eq!(w.released[&a], rest);
    }
}
