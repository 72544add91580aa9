//! A long queue goes through one transport by the short way. That it leads where the rules lead is looked at wherever
//! a [`Storm`](super::storm::Storm) is; here is that it is taken at all.

use super::world::*;
use crate::engine::*;

/// What a transport's thread is called for, and how often it had to ask the rules what comes next.
fn sends_four(set_lock_state: bool, finished_msg: bool) -> (Vec<String>, usize) {
    let mut w = World::new();
    w.engine.log_level = None;
    let t = w.driven("T");
    let a = w.open("A");
    let wants = &mut w.engine.logons[a].wants;
    (wants.set_lock_state, wants.finished_msg) = (set_lock_state, finished_msg);
    for message in ["m1", "m2", "m3", "m4"] {
        w.engine.submit(a, id(message)).unwrap();
    }
    let (mut called, mut asked) = (Vec::new(), 0);
    while let Some(mut task) = w.engine.next_task(Desk::Worker(t)) {
        asked += 1;
        loop {
            called.push(w.line(&task));
            let outcome = match task {
                Task::Send { .. } => says(mapi::S_OK),
                _ => Performed::Result(HResult::OK),
            };
            match w.engine.relay(&task, outcome) {
                Some(next) => task = next,
                None => break w.engine.performed(&task, outcome),
            }
        }
    }
    assert_eq!(w.engine.status(a).unwrap().finished, 4);
    (called, asked)
}

fn for_each(lines: &[&str]) -> Vec<String> {
    let messages = ["m1", "m2", "m3", "m4"].into_iter();
    let lines =
        messages.flat_map(|message| lines.iter().map(move |line| format!("{line} {message}")));
    lines.collect()
}

#[test]
fn a_queue_is_sent_in_one_go_whatever_callbacks_its_store_has() {
    let whole = for_each(&["A lock", "T submit", "A finished"]);
    assert_eq!(sends_four(true, true), (whole, 1));
    assert_eq!(
        sends_four(true, false),
        (for_each(&["A lock", "T submit"]), 1)
    );
    assert_eq!(
        sends_four(false, true),
        (for_each(&["T submit", "A finished"]), 1)
    );
    assert_eq!(sends_four(false, false), (for_each(&["T submit"]), 1));
}

/// The log tells the story of each message, which only the rules do.
#[test]
fn nothing_is_left_out_of_the_log() {
    let mut w = World::new();
    let t = w.driven("T");
    let a = w.open("A");
    w.engine.submit(a, id("m1")).unwrap();
    w.engine.submit(a, id("m2")).unwrap();
    let lock = w.engine.next_task(Desk::Worker(t)).unwrap();
    let outcome = Performed::Result(HResult::OK);
    assert!(w.engine.relay(&lock, outcome).is_none());
    w.engine.performed(&lock, outcome);
    assert!(w.engine.next_task(Desk::Worker(t)).is_some());
    let told = std::mem::take(&mut w.engine.take_effects().log);
    assert!(
        told.iter()
            .any(|(_, line)| line.contains("m1 goes out by T"))
    );
}
