//! Programs in thousands of schedules, under shuttle: half of them random, half by PCT, which finds what needs few
//! but well placed preemptions.
//!
//! MAPISPOOL_SCHEDULES is the number of schedules for each program, SHUTTLE_RANDOM_SEED chooses others. A failing
//! schedule is printed as a string. To run it again, alone, put the string in MAPISPOOL_REPLAY and the name of the
//! test in the place of `schedules` in the command:
//!
//! ```text
//! MAPISPOOL_REPLAY=9103bd02… RUSTFLAGS="--cfg shuttle" \
//!     cargo test --release --lib purges::watched_and_cancelled --target-dir target/shuttle
//! ```

mod checker;
mod closing;
mod gates;
mod handles;
mod logoffs;
mod manual;
mod purges;
mod releases;
mod unattended;

use shuttle::rand::{Rng, thread_rng};
use shuttle::scheduler::{PctScheduler, RandomScheduler, ReplayScheduler, Scheduler};
use shuttle::{Config, MaxSteps, Runner};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const SCHEDULES: usize = 6_000;
/// How many preemptions PCT places.
const PREEMPTIONS: usize = 4;
const SEED: u64 = 0x6d61_7069;

/// Runs a program in many schedules, or in the one that is to be seen again.
fn explore(program: fn()) {
    if let Ok(schedule) = std::env::var("MAPISPOOL_REPLAY") {
        run(ReplayScheduler::new_from_encoded(&schedule), program);
        return;
    }
    let schedules = schedules();
    run(RandomScheduler::new_from_seed(SEED, schedules / 2), program);
    run(
        PctScheduler::new_from_seed(SEED, PREEMPTIONS + 1, schedules / 2),
        program,
    );
}

fn schedules() -> usize {
    let wanted = std::env::var("MAPISPOOL_SCHEDULES").ok();
    wanted.map_or(SCHEDULES, |number| {
        number.parse().expect("MAPISPOOL_SCHEDULES is a number")
    })
}

fn run(scheduler: impl Scheduler + 'static, program: fn()) {
    let mut config = Config::new();
    config.stack_size = 256 * 1024;
    config.silence_warnings = true;
    // More is a program in which no thread gets on.
    config.max_steps = MaxSteps::FailAfter(100_000);
    config
        .ungraceful_shutdown_config
        .immediately_return_on_panic = true;
    let begun = Begun::default();
    let count = begun.0.clone();
    Runner::new(scheduler, config).run(move || {
        count.fetch_add(1, Ordering::Relaxed);
        program();
    });
}

/// How many schedules have begun: said of the one that fails.
#[derive(Default)]
struct Begun(Arc<AtomicUsize>);

impl Drop for Begun {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed in schedule {}", self.0.load(Ordering::Relaxed));
        }
    }
}

/// One of several, as the schedule has it.
fn any_of<T: Copy>(several: &[T]) -> T {
    several[thread_rng().gen_range(0..several.len())]
}
