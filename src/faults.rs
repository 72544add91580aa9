//! Faults on purpose: a test makes the thread panic at the n-th point that it comes to. Outside tests there are
//! no such points.

/// Which room's points count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Whatever happens around the engine.
    Spooler,
    /// The rules: half of a change has been made.
    Engine,
}

#[cfg(not(test))]
#[inline(always)]
pub fn point(_: Room) {}

#[cfg(test)]
pub use armed::{arm, disarm, point};

#[cfg(test)]
mod armed {
    use super::Room;
    use std::cell::Cell;

    thread_local! {
        static ARMED: Cell<Option<(Room, u32)>> = const { Cell::new(None) };
    }

    /// This thread panics at the room's point number `number` from here, counted from 0.
    pub fn arm(room: Room, number: u32) {
        ARMED.set(Some((room, number)));
    }

    /// Takes the fault back. `true`: it had not come about.
    pub fn disarm() -> bool {
        ARMED.take().is_some()
    }

    pub fn point(room: Room) {
        match ARMED.get() {
            Some((wanted, 0)) if wanted == room => {
                ARMED.set(None);
                panic!("a fault on purpose in the room {room:?}");
            }
            Some((wanted, left)) if wanted == room => ARMED.set(Some((room, left - 1))),
            _ => {}
        }
    }
}
