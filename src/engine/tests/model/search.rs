//! Breadth first through every world that a scope's events can bring about.

use super::form::{Print, print};
use super::scope::Scope;
use super::ways::{Number, Way, Ways, served};
use crate::engine::tests::storm::{Event, Storm};
use std::any::Any;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What was seen, when nothing was wrong.
#[derive(Debug)]
pub struct Explored {
    pub states: usize,
    pub transitions: usize,
    /// States in which nothing moves by itself any more.
    pub at_rest: usize,
    /// The most events that are needed to reach a state.
    pub depth: usize,
}

impl std::fmt::Display for Explored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Explored {
            states,
            transitions,
            at_rest,
            depth,
        } = self;
        write!(
            f,
            "{states} states, {transitions} transitions, {at_rest} at rest, {depth} deep"
        )
    }
}

/// What was wrong, and how it came about.
#[derive(Debug)]
pub struct Violation {
    pub what: String,
    /// One of the shortest ways there.
    pub events: Vec<Event>,
    /// What then can happen over and over again.
    pub round: Vec<Event>,
}

/// How a state was first reached.
struct Found {
    from: Number,
    by: Event,
    depth: u32,
}

struct Search<'a> {
    scope: &'a Scope,
    known: HashMap<Print, Number>,
    found: Vec<Found>,
    /// Not yet gone on from.
    frontier: VecDeque<Storm>,
    ways: Ways,
    transitions: usize,
    at_rest: usize,
}

/// Goes everywhere. A violation is an assertion that fails on the way there, or what never comes to rest.
pub fn explore(scope: &Scope) -> Result<Explored, Violation> {
    let mut search = Search {
        scope,
        known: HashMap::new(),
        found: Vec::new(),
        frontier: VecDeque::new(),
        ways: Ways::default(),
        transitions: 0,
        at_rest: 0,
    };
    search.start();
    for number in 0.. {
        let Some(mut world) = search.frontier.pop_front() else {
            break;
        };
        search.go_on(number, &mut world)?;
    }
    search.all_come_to_rest()?;
    Ok(Explored {
        states: search.found.len(),
        transitions: search.transitions,
        at_rest: search.at_rest,
        depth: search.found.last().map_or(0, |found| found.depth as usize),
    })
}

impl Search<'_> {
    fn start(&mut self) {
        let world = self.scope.start(None);
        self.known.insert(print(&world), 0);
        self.found.push(Found {
            from: 0,
            by: Event::Run,
            depth: 0,
        });
        self.frontier.push_back(world);
    }

    fn go_on(&mut self, number: Number, world: &mut Storm) -> Result<(), Violation> {
        self.ways.start();
        for event in self.scope.events(world) {
            let stepped = guarded(|| {
                let mut next = world.clone();
                self.scope.happens(&mut next, &event);
                let print = print(&next);
                (next, print)
            });
            let (next, print) =
                stepped.map_err(|what| self.violation(what, number, Some(event)))?;
            self.transitions += 1;
            let next = self.reached(next, print, number, event);
            if self.scope.comes_of_itself(world, &event) {
                self.ways.push(Way {
                    to: next,
                    served: served(world, &event),
                    by: event,
                });
            }
        }
        if self.ways.of(number).next().is_none() {
            self.at_rest += 1;
            guarded(|| check_rest(world)).map_err(|what| self.violation(what, number, None))?;
        }
        Ok(())
    }

    fn reached(&mut self, next: Storm, print: Print, from: Number, by: Event) -> Number {
        let number = self.found.len() as Number;
        let number = *self.known.entry(print).or_insert(number);
        if number as usize == self.found.len() {
            let depth = self.found[from as usize].depth + 1;
            self.found.push(Found { from, by, depth });
            self.frontier.push_back(next);
        }
        number
    }

    /// However transports and stores answer, and in whatever order, nothing goes round in circles: the state
    /// at the end of every way was looked at by [`check_rest`].
    fn all_come_to_rest(&self) -> Result<(), Violation> {
        match self.ways.circle() {
            None => Ok(()),
            Some((state, round)) => {
                let there = self.violation("goes round and round for ever".to_owned(), state, None);
                Err(Violation { round, ..there })
            }
        }
    }

    fn violation(&self, what: String, number: Number, last: Option<Event>) -> Violation {
        let mut events: Vec<Event> = last.into_iter().collect();
        let mut number = number;
        while number != 0 {
            let found = &self.found[number as usize];
            events.push(found.by);
            number = found.from;
        }
        events.reverse();
        Violation {
            what,
            events,
            round: Vec::new(),
        }
    }
}

/// Two ways to worlds of the same form that do not go on alike, if there are any.
pub fn futures_differ(scope: &Scope) -> Option<[Vec<Event>; 2]> {
    let mut known: HashMap<Print, (Vec<Event>, BTreeSet<Print>)> = HashMap::new();
    let mut frontier = VecDeque::from([(Vec::new(), scope.start(None))]);
    while let Some((way, mut world)) = frontier.pop_front() {
        let events = scope.events(&mut world);
        let next = events.into_iter().map(|event| {
            let mut next = world.clone();
            scope.happens(&mut next, &event);
            ([way.as_slice(), &[event]].concat(), next)
        });
        let next: Vec<(Vec<Event>, Storm)> = next.collect();
        let futures = next.iter().map(|(_, next)| print(next)).collect();
        match known.entry(print(&world)) {
            Entry::Occupied(twin) if twin.get().1 == futures => {}
            Entry::Occupied(twin) => return Some([twin.get().0.clone(), way]),
            Entry::Vacant(place) => {
                place.insert((way, futures));
                frontier.extend(next);
            }
        }
    }
    None
}

/// What was to end has ended; and the spooler can be closed, with nothing left of it.
fn check_rest(world: &Storm) {
    world.check_rest();
    for abort in [false, true] {
        world.clone().ends(abort);
    }
}

/// The message of an assertion that fails is an error.
pub fn guarded<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(act)).map_err(|panic| message(&*panic))
}

fn message(panic: &dyn Any) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let fixed = || panic.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(fixed).unwrap_or_default()
}
