//! A long queue goes through one transport by the short way. That it leads where the rules lead is looked at wherever
//! a [`Storm`](super::storm::Storm) is; here is that it is taken at all.

use super::world::*;
use crate::engine::*;

/// A world without log, whose transport T is all that goes on by itself.
fn quiet() -> (World, TransportKey) {
    let mut w = World::new();
    w.engine.log_level = None;
    let t = w.driven("T");
    (w, t)
}

/// Transport T's thread goes on, as it does in the spooler, until there is nothing to do. What it called, and how often it
/// had to ask the rules what comes next.
fn goes_on(w: &mut World, t: TransportKey) -> (Vec<String>, usize) {
    let (mut called, mut asked) = (Vec::new(), 0);
    while let Some(mut task) = w.engine.next_task(Desk::Worker(t)) {
        asked += 1;
        loop {
            called.push(w.line(&task));
            match returns(w, &task) {
                Some(next) => task = next,
                None => break,
            }
        }
    }
    (called, asked)
}

/// A callback returns well, on the short way where there is one.
fn returns(w: &mut World, task: &Task) -> Option<Task> {
    let outcome = match task {
        Task::Send { .. } => says(mapi::S_OK),
        _ => Performed::Result(HResult::OK),
    };
    let next = w.engine.relay(task, outcome);
    if next.is_none() {
        w.engine.performed(task, outcome);
    }
    next
}

fn submit(w: &mut World, logon: LogonKey, messages: &[&str]) {
    for message in messages {
        w.engine.submit(logon, id(message)).unwrap();
    }
}

fn sends_four(set_lock_state: bool, finished_msg: bool) -> (Vec<String>, usize) {
    let (mut w, t) = quiet();
    let a = w.open("A");
    let wants = &mut w.engine.logons[a].wants;
    (wants.set_lock_state, wants.finished_msg) = (set_lock_state, finished_msg);
    submit(&mut w, a, &["m1", "m2", "m3", "m4"]);
    let gone_on = goes_on(&mut w, t);
    assert_eq!(w.engine.status(a).unwrap().finished, 4);
    gone_on
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
    submit(&mut w, a, &["m1", "m2"]);
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

/// Transport T sends the first of three messages of store A. Store B is there too.
fn sending() -> (World, TransportKey, LogonKey, LogonKey, Task) {
    let (mut w, t) = quiet();
    let (a, b) = (w.open("A"), w.open("B"));
    for logon in [a, b] {
        w.engine.logons[logon].wants = StoreWants::default();
    }
    submit(&mut w, a, &["m1", "m2", "m3"]);
    let send = w.engine.next_task(Desk::Worker(t)).unwrap();
    (w, t, a, b, send)
}

#[test]
fn a_flush_comes_before_the_next_message() {
    let (mut w, t, _, b, send) = sending();
    w.engine.logoff(b, mapi::LOGOFF_PURGE, OTHER).unwrap();
    while let Some(notice) = w.engine.next_task(Desk::Control) {
        w.engine.performed(&notice, Performed::Result(HResult::OK));
    }
    assert!(returns(&mut w, &send).is_none());
    assert_eq!(
        goes_on(&mut w, t).0,
        ["T flush", "T submit m2", "T submit m3"]
    );
}

#[test]
fn another_store_has_its_turn() {
    let (mut w, t, _, b, send) = sending();
    submit(&mut w, b, &["n1", "n2"]);
    assert!(returns(&mut w, &send).is_none());
    assert_eq!(
        goes_on(&mut w, t).0,
        ["T submit m2", "T submit n1", "T submit m3", "T submit n2"]
    );
}

#[test]
fn stores_whose_logoff_is_under_way_have_their_turns_first() {
    let (mut w, t, a, b, send) = sending();
    let c = w.open("C");
    w.engine.logons[c].wants = StoreWants::default();
    submit(&mut w, b, &["n1", "n2"]);
    submit(&mut w, c, &["o1", "o2"]);
    for logon in [b, c] {
        w.engine.logoff(logon, mapi::LOGOFF_NO_WAIT, OTHER).unwrap();
    }
    assert!(returns(&mut w, &send).is_none());
    let turns = ["T submit n1", "T submit o1", "T submit n2", "T submit o2"];
    let last = ["T submit m2", "T submit m3"];
    assert_eq!(goes_on(&mut w, t).0, [&turns[..], &last].concat());
    assert_eq!(w.engine.status(a).unwrap().finished, 3);
}
