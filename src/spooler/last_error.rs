//! The reason of each thread's last failing call.

use crate::sync::thread_local;
use std::cell::RefCell;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps the reason for this thread. A thread that is ending keeps nothing.
pub fn set(reason: String) {
    let _ = LAST.try_with(|last| *last.borrow_mut() = one_line(&reason));
}

/// A text for people as one line: names and paths in it come from callers, and may hold anything.
pub fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Shows the reason, empty if no call has failed.
pub fn read<R>(show: impl FnOnce(&str) -> R) -> R {
    let mut show = Some(show);
    let shown = LAST.try_with(|last| show.take().map(|show| show(&last.borrow())));
    match (shown, show) {
        (Ok(Some(shown)), _) => shown,
        (_, Some(show)) => show(""),
        _ => unreachable!("shown once"),
    }
}
