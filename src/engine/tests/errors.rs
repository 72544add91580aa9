//! The table of errors, and the order in which they are found. Semantics, section 2.

use super::world::*;
use crate::engine::mapi::*;
use crate::engine::*;

const EVERYTHING_WRONG: u32 = 0x8000_0000 | LOGOFF_PURGE | LOGOFF_ABORT;

/// A store that sends m1.
fn busy() -> (World, LogonKey) {
    let mut w = World::new();
    w.driven("T");
    let a = w.open("A");
    w.hold("T submit m1");
    w.submit(a, &["m1"]);
    w.forget_log();
    (w, a)
}

#[test]
fn a_handle_that_is_not_one_any_more_comes_first() {
    let mut w = World::new();
    let a = w.open("A");
    w.release(a);
    let result = w.logoff_error(a, EVERYTHING_WRONG, CALLBACK);
    assert_eq!(result, MAPI_E_INVALID_PARAMETER);
}

#[test]
fn a_logon_that_is_over_comes_before_wrong_flags() {
    let mut w = World::new();
    let a = w.open("A");
    w.logoff(a, LOGOFF_ORDERLY);
    let result = w.logoff_error(a, EVERYTHING_WRONG, CALLBACK);
    assert_eq!(result, MAPI_E_INVALID_OBJECT);
}

#[test]
fn an_unknown_bit_comes_before_two_instructions() {
    let (mut w, a) = busy();
    for bit in (0..32).map(|bit| 1 << bit) {
        let known = bit <= LOGOFF_QUIET || Status::from_bits(bit).is_some();
        if !known {
            let word = bit | LOGOFF_PURGE | LOGOFF_ABORT;
            assert_eq!(w.logoff_error(a, word, CALLBACK), MAPI_E_UNKNOWN_FLAGS);
        }
    }
}

#[test]
fn no_instruction_or_two_come_before_busy() {
    let (mut w, a) = busy();
    w.begin_logoff(a, LOGOFF_PURGE);
    for word in [0, LOGOFF_COMPLETE, LOGOFF_ABORT | LOGOFF_PURGE, 0x1f] {
        assert_eq!(w.logoff_error(a, word, CALLBACK), MAPI_E_INVALID_PARAMETER);
    }
}

#[test]
fn while_another_threads_logoff_waits_a_second_one_is_busy() {
    for waiting in [LOGOFF_ABORT, LOGOFF_PURGE] {
        let (mut w, a) = busy();
        w.begin_logoff(a, waiting);
        for instruction in Instruction::ALL {
            let result = w.logoff_error(a, instruction.bits(), ME);
            assert_eq!(result, MAPI_E_BUSY);
        }
    }
}

#[test]
fn purge_and_abort_inside_a_callback_are_busy() {
    let (mut w, a) = busy();
    assert_eq!(w.logoff_error(a, LOGOFF_ABORT, CALLBACK), MAPI_E_BUSY);
    assert_eq!(w.logoff_error(a, LOGOFF_PURGE, CALLBACK), MAPI_E_BUSY);
    assert_eq!(w.status(a), OUT, "nothing has changed");
}

#[test]
fn the_other_instructions_are_allowed_inside_a_callback() {
    for instruction in [LOGOFF_QUIET, LOGOFF_ORDERLY, LOGOFF_NO_WAIT] {
        let (mut w, a) = busy();
        let reply = w.engine.logoff(a, instruction, CALLBACK);
        assert!(matches!(reply, Ok(Reply::Done(_))), "{instruction}");
    }
}

#[test]
fn purge_and_abort_on_the_thread_of_a_transfer_are_busy_until_it_has_ended() {
    let mut w = World::new();
    let t = w.self_driven("T");
    let a = w.open("A");
    let b = w.open("B");
    let inbound = w.receive(t, Some(a));
    for instruction in [LOGOFF_ABORT, LOGOFF_PURGE] {
        assert_eq!(w.logoff_error(a, instruction, PROVIDER), MAPI_E_BUSY);
    }
    w.end(inbound, S_OK, 0);
    w.submit(a, &["m1"]);
    let outbound = w.take(t);
    assert_eq!(w.logoff_error(a, LOGOFF_ABORT, PROVIDER), MAPI_E_BUSY);
    let other_store = w.engine.logoff(b, LOGOFF_ABORT, PROVIDER);
    assert_eq!(other_store, Ok(Reply::Done(COMPLETE)));
    w.end(outbound, S_OK, 0);
    let reply = w.engine.logoff(a, LOGOFF_ABORT, PROVIDER);
    assert_eq!(reply, Ok(Reply::Done(COMPLETE)));
}

#[test]
fn over_allows_status_wait_cancel_and_release_only() {
    let (mut w, a) = busy();
    let t = w.self_driven("S");
    w.logoff(a, LOGOFF_ORDERLY);
    let over = |error: Error| assert_eq!(error.hresult().0, MAPI_E_INVALID_OBJECT);
    over(w.engine.submit(a, id("m2")).unwrap_err());
    over(w.engine.abort_submit(a, b"m1").unwrap_err());
    over(w.engine.save_logoff(a, LOGOFF_PURGE).unwrap_err());
    over(w.engine.logoff(a, LOGOFF_ABORT, ME).unwrap_err());
    over(w.engine.begin_inbound(t, Some(a), PROVIDER).unwrap_err());
    let begin = w.engine.begin_outbound(t, a, id("m2"), PROVIDER);
    over(begin.unwrap_err());
    assert_eq!(w.status(a), COMPLETE | OUT);
    assert!(w.engine.wait_released(a).is_ok());
    assert!(w.engine.cancel_logoff(a).is_ok());
    assert!(w.engine.release(a, ME).is_ok());
}

#[test]
fn a_wait_that_passes_its_limit_is_a_timeout() {
    let (mut w, a) = busy();
    let Ok(Reply::Wait(call, _)) = w.engine.wait_released(a) else {
        panic!("it does not wait")
    };
    w.engine.expire(call);
    let Some(Answer::Failed(error)) = w.engine.collect(call) else {
        panic!("no failure")
    };
    assert_eq!(error.hresult().0, MAPI_E_TIMEOUT);
}

#[test]
fn every_error_says_what_was_wrong_with_the_value() {
    let mut w = World::new();
    let a = w.open("A");
    let error = w.engine.logoff(a, 0x0080_0004, ME).unwrap_err();
    assert!(error.to_string().contains("0x00800004"));
    let error = w.engine.logoff(a, 0x3, ME).unwrap_err();
    assert!(error.to_string().contains("0x00000003"));
}
