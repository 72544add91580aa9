//! The ways on which the world moves by itself, and the circles among them.
//!
//! A circle is no fault if it goes on only because somebody is never served: a callback that does not return,
//! a desk that does not come for its task. A circle that serves everybody who wants to be served would be gone round for
//! ever by a world in which everybody does what it should.

use crate::engine::Desk;
use crate::engine::tests::storm::{Event, Storm};
use std::collections::{HashMap, VecDeque};

/// A state, in the order in which they were found.
pub type Number = u32;

/// Who is served by a step, or wants nothing before it: one bit for each.
pub type Served = u8;

/// Transfers that are to end, the two desks that are always there, and those of two transports.
const EVERYBODY: Served = 0b1_1111;

pub fn served(world: &Storm, event: &Event) -> Served {
    let at = match event {
        Event::Call(place) => Some(world.free_desks()[usize::from(*place)]),
        Event::Return(place, _) => Some(world.running[usize::from(*place)].0),
        _ => None,
    };
    let content = |desk: Desk| {
        let runs = world.running.iter().any(|(busy, _)| *busy == desk);
        at == Some(desk) || !(runs || world.engine.has_task(desk))
    };
    let workers = world.engine.order.iter().map(|key| Desk::Worker(*key));
    let desks = [Desk::Here, Desk::Control].into_iter().chain(workers);
    let ends = matches!(event, Event::End(..) | Event::Leave(_));
    let ends = ends || (world.transfers.is_empty() && world.guests == 0);
    let all = [ends].into_iter().chain(desks.map(content));
    let unserved = all.zip(0..).filter(|(content, _)| !content);
    unserved.fold(EVERYBODY, |served, (_, bit)| served & !(1 << bit))
}

#[derive(Default)]
pub struct Ways {
    /// Where the ways of each state begin in `on`.
    starts: Vec<usize>,
    on: Vec<Way>,
}

#[derive(Clone, Copy)]
pub struct Way {
    pub to: Number,
    pub served: Served,
    pub by: Event,
}

impl Ways {
    /// The ways of the next state follow.
    pub fn start(&mut self) {
        self.starts.push(self.on.len());
    }

    pub fn push(&mut self, way: Way) {
        self.on.push(way);
    }

    pub fn of(&self, from: Number) -> impl Iterator<Item = Way> + '_ {
        let from = from as usize;
        let end = self.starts.get(from + 1).copied();
        let ways = &self.on[self.starts[from]..end.unwrap_or(self.on.len())];
        ways.iter().copied()
    }

    /// A state that can be come back to for ever with everybody served, and how.
    pub fn circle(&self) -> Option<(Number, Vec<Event>)> {
        let components = self.components();
        let mut inside = vec![None; components.len()];
        for from in 0..self.starts.len() as Number {
            let component = components[from as usize];
            let ways = self.of(from);
            for way in ways.filter(|way| components[way.to as usize] == component) {
                *inside[component as usize].get_or_insert(0) |= way.served;
            }
        }
        let circle = inside
            .iter()
            .position(|served| *served == Some(EVERYBODY))?;
        let start = components
            .iter()
            .position(|component| *component as usize == circle)?;
        let stays = |way: &Way| components[way.to as usize] as usize == circle;
        Some((start as Number, self.round(start as Number, &stays)))
    }

    /// From a state back to it, on a way that serves everybody.
    fn round(&self, start: Number, stays: &dyn Fn(&Way) -> bool) -> Vec<Event> {
        let (mut here, mut served, mut round) = (start, 0, Vec::new());
        loop {
            let wanted = |way: &Way| match served == EVERYBODY {
                true => way.to == start,
                false => way.served & !served != 0,
            };
            for way in self.nearest(here, stays, &wanted) {
                (here, served) = (way.to, served | way.served);
                round.push(way.by);
            }
            if served == EVERYBODY && here == start {
                return round;
            }
        }
    }

    /// The shortest way on that ends with a wanted step.
    fn nearest(
        &self,
        from: Number,
        stays: &dyn Fn(&Way) -> bool,
        wanted: &dyn Fn(&Way) -> bool,
    ) -> Vec<Way> {
        let mut before: HashMap<Number, (Number, Way)> = HashMap::new();
        let mut next = VecDeque::from([from]);
        while let Some(here) = next.pop_front() {
            for way in self.of(here).filter(stays) {
                if wanted(&way) {
                    let mut steps = vec![way];
                    let mut state = here;
                    while state != from {
                        steps.push(before[&state].1);
                        state = before[&state].0;
                    }
                    steps.reverse();
                    return steps;
                }
                if way.to != from && !before.contains_key(&way.to) {
                    before.insert(way.to, (here, way));
                    next.push_back(way.to);
                }
            }
        }
        unreachable!("in a circle there is a way to everywhere in it")
    }

    /// The strongly connected component of each state, as the number of one of its states: Tarjan's algorithm,
    /// without recursion.
    fn components(&self) -> Vec<Number> {
        const NONE: Number = Number::MAX;
        let states = self.starts.len();
        let (mut component, mut seen, mut lowest) =
            (vec![NONE; states], vec![NONE; states], vec![NONE; states]);
        // Seen, and in no component yet; and the way by which the present state was come to.
        let (mut open, mut path) = (Vec::new(), Vec::new());
        let mut count = 0;
        for root in 0..states {
            let mut entered = (seen[root] == NONE).then_some(root);
            loop {
                if let Some(state) = entered.take() {
                    (seen[state], lowest[state]) = (count, count);
                    count += 1;
                    open.push(state);
                    path.push((state, self.of(state as Number)));
                }
                let Some((state, ways)) = path.last_mut() else {
                    break;
                };
                let state = *state;
                match ways.next().map(|way| way.to as usize) {
                    Some(to) if seen[to] == NONE => entered = Some(to),
                    Some(to) if component[to] == NONE => {
                        lowest[state] = lowest[state].min(seen[to])
                    }
                    Some(_) => {}
                    None => {
                        path.pop();
                        if let Some((before, _)) = path.last() {
                            lowest[*before] = lowest[*before].min(lowest[state]);
                        }
                        if lowest[state] == seen[state] {
                            let first = open.iter().rposition(|other| *other == state);
                            for member in open.drain(first.unwrap_or_default()..) {
                                component[member] = state as Number;
                            }
                        }
                    }
                }
            }
        }
        component
    }
}
