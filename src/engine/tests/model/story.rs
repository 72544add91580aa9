//! A violation as people read it: what happened, and what the engine said to it.

use super::scope::Scope;
use super::search::{Violation, guarded};
use crate::engine::Level;
use crate::engine::tests::storm::{Event, STORES, Storm};
use crate::engine::tests::world;
use crate::engine::*;
use std::fmt::Write;

/// Lets the events happen once more, with the log switched on.
pub fn tell(scope: &Scope, violation: &Violation) -> String {
    let mut story = format!("{}: {}\n", scope.name, violation.what);
    let mut world = scope.start(Some(Level::Debug));
    for (place, event) in violation.events.iter().chain(&violation.round).enumerate() {
        if place == violation.events.len() {
            story.push_str("  from here round and round:\n");
        }
        world.log.clear();
        let before = said_before(&world, event);
        let failed = guarded(|| scope.happens(&mut world, event)).is_err();
        let what = match event {
            Event::Call(_) if !failed => world.running.last().map(|(_, task)| line(&world, task)),
            _ => None,
        };
        let _ = writeln!(story, "  {event:?}  {}", what.unwrap_or(before));
        for line in &world.log {
            let _ = writeln!(story, "      {line}");
        }
        if failed {
            break;
        }
    }
    story
}

/// Whom an event is about, before it has changed that.
fn said_before(world: &Storm, event: &Event) -> String {
    match *event {
        Event::Return(place, _) => line(world, &world.running[usize::from(place)].1),
        Event::End(place, _) => {
            let (transfer, _) = world.transfers[usize::from(place)];
            let shown = world.engine.shown(transfer);
            let message = shown.and_then(|shown| shown.id);
            message.map_or("inbound".to_owned(), |id| show(&id))
        }
        Event::Logoff(place, _) | Event::Submit(place) | Event::Release(place, _) => world
            .held()
            .get(usize::from(place))
            .map_or(String::new(), |logon| logon_name(world, *logon)),
        Event::Expire(place) => format!("{:?}", world.calls[usize::from(place)].1),
        _ => String::new(),
    }
}

fn line(world: &Storm, task: &Task) -> String {
    let transport = |key| {
        let place = world.transports.iter().position(|other| *other == key);
        place.map_or("T?".to_owned(), |place| format!("T{}", place + 1))
    };
    world::line(
        &world.engine,
        task,
        |logon| logon_name(world, logon),
        transport,
    )
}

fn logon_name(world: &Storm, logon: LogonKey) -> String {
    let place = world.places[&logon];
    let of_store = world
        .logons
        .iter()
        .filter(|other| world.places[*other] == place);
    let number = of_store.take_while(|other| **other != logon).count() + 1;
    format!("{}/{number}", STORES[place])
}
