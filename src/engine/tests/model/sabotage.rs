//! Rules that are broken on purpose: the checker finds each.

use super::scope::{Kind, May, Scope};
use super::search::explore;
use super::story::tell;
use super::worlds::{ANSWERS, SMALL, store};
use crate::engine::desk::Desk;
use crate::engine::logoff::{Background, Mode, Phase};
use crate::engine::mapi::*;
use crate::engine::queue::State;
use crate::engine::store::LogonStage;
use crate::engine::tests::storm::Said;
use crate::engine::*;

/// Explores a world whose rule is broken after each event, and gives the story of what is found.
fn found(world: Scope, sabotage: fn(&mut Engine)) -> String {
    let broken = Scope {
        sabotage: Some(sabotage),
        ..world
    };
    let violation = explore(&broken).expect_err("a broken rule is found");
    tell(&broken, &violation)
}

#[track_caller]
fn assert_finds(words: &str, sabotage: fn(&mut Engine)) {
    let story = found(SMALL, sabotage);
    assert!(story.contains(words), "{story}");
}

#[test]
fn a_message_that_is_lost() {
    assert_finds("messages of A", |engine| {
        let mut messages = engine.messages.iter();
        let lined = messages.find(|(_, message)| message.state == State::Lined);
        if let Some((message, _)) = lined {
            engine.leave_place(message);
            engine.forget(message);
        }
    });
}

#[test]
fn a_message_that_is_finished_twice() {
    assert_finds("FinishedMsg a second time", |engine| {
        for transport in engine.transports.values_mut() {
            if let [task @ (_, Task::FinishedMsg { .. })] = transport.tasks.make_contiguous() {
                let again = task.clone();
                transport.tasks.push_back(again);
            }
        }
    });
}

#[test]
fn a_store_that_is_ready_in_vain() {
    const LOCKED: Scope = Scope {
        locks: &[Said::Well, Said::Is(MAPI_E_CALL_FAILED)],
        may: &[May::StoreIsReady],
        ..SMALL
    };
    let story = found(LOCKED, |engine| {
        for message in engine.messages.values_mut() {
            message.note().lock_failures = 0;
        }
    });
    assert!(story.contains("with locks to be tried again"), "{story}");
}

#[test]
fn a_message_that_comes_in_behind_the_logoff() {
    const RECEIVING: Scope = Scope {
        stores: &[store("A", 1, 0)],
        may: &[May::ComeIn],
        ..SMALL
    };
    let story = found(RECEIVING, |engine| {
        for logon in engine.logons.values_mut() {
            if let Some(reception) = &mut logon.reception {
                reception.open();
            }
        }
    });
    assert!(story.contains("a reception that is open"), "{story}");
}

#[test]
fn messages_that_change_places() {
    const THREE: Scope = Scope {
        stores: &[store("A", 1, 3)],
        ..SMALL
    };
    let story = found(THREE, |engine| {
        let messages = engine.messages.iter();
        let lined = messages.filter(|(_, message)| message.state == State::Lined);
        let lined: Vec<MessageKey> = lined.map(|(message, _)| message).collect();
        let [first, second] = lined[..] else { return };
        engine.leave_place(first);
        engine.leave_place(second);
        let order = engine.messages[first].order;
        engine.messages[first].order = engine.messages[second].order;
        engine.messages[second].order = order;
        engine.line_up(first);
        engine.line_up(second);
        engine.settle();
    });
    assert!(story.contains("starts too late"), "{story}");
}

#[test]
fn a_gate_that_opens_again_by_itself() {
    assert_finds("starts after the logoff", |engine| {
        for key in engine.stores.keys().collect::<Vec<StoreKey>>() {
            if let Phase::Background(background) = engine.stores[key].phase.clone()
                && background.mode == Mode::Orderly
            {
                let mode = Mode::NoWait;
                engine.set_phase(key, Phase::Background(Background { mode, ..background }));
                engine.settle();
            }
        }
    });
}

#[test]
fn a_callback_after_released() {
    assert_finds("after Released", |engine| {
        let mut logons = engine.logons.iter();
        let released = logons.find(|(_, logon)| logon.stage == LogonStage::Released);
        let flags = Status::COMPLETE;
        if let Some((logon, _)) = released
            && engine.desks.control.is_empty()
        {
            engine.put(Desk::Control, Task::Released { logon, flags });
        }
    });
}

#[test]
fn a_release_that_never_comes() {
    assert_finds("COMPLETE, and never released", |engine| {
        for logon in engine.logons.values_mut() {
            logon.holds = logon.holds.max(1);
        }
    });
}

#[test]
fn a_purge_that_waits_for_nobody() {
    assert_finds("still logs off: Purging", |engine| {
        for store in engine.stores.values_mut() {
            if let Phase::Purging(waiting) = &mut store.phase {
                waiting.flushing.insert(Seat::new(0));
            }
        }
    });
}

#[test]
fn a_call_that_nobody_will_answer() {
    const ASKING: Scope = Scope {
        transports: &[Kind::Asking],
        ..SMALL
    };
    let story = found(ASKING, |engine| {
        for transport in engine.transports.values_mut() {
            transport.takes.clear();
        }
    });
    assert!(story.contains("Take will never be answered"), "{story}");
}

#[test]
fn a_logoff_that_goes_round_and_round() {
    const ANSWERED: Scope = Scope {
        stores: &[store("A", 1, 1)],
        answers: ANSWERS,
        ..SMALL
    };
    let story = found(ANSWERED, |engine| {
        for message in engine.messages.values_mut() {
            message.note().at_once_again = 0;
        }
    });
    assert!(story.contains("goes round and round for ever"), "{story}");
    let round = story.split_once("from here round and round:");
    let round = round.expect("it says how").1;
    assert!(round.contains("submit m1"), "{story}");
}
