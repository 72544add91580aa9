//! The programs that fuzzing has found worth keeping, without the fuzzing: see fuzz/src/lib.rs.

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};
use std::fs;

fn corpus() -> Vec<Vec<u8>> {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/calls");
    let mut paths: Vec<_> = fs::read_dir(corpus)
        .expect("the corpus is checked in")
        .map(|entry| entry.expect("the corpus can be read").path())
        .collect();
    paths.sort();
    let read = |path| fs::read(path).expect("a program can be read");
    paths.into_iter().map(read).collect()
}

/// Runs a program, which is left in a file: where it breaks a promise inside a callback, the process ends.
fn run(program: &[u8], test: &str) {
    let file = format!("{}/{test}", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&file, program).expect("a program can be written");
    fuzz::run(program);
    fs::remove_file(file).expect("and removed");
}

#[test]
fn every_program_of_the_corpus_keeps_the_promises() {
    let corpus = corpus();
    assert!(corpus.len() > 100, "{} programs", corpus.len());
    for program in corpus {
        run(&program, "of_the_corpus");
    }
}

#[test]
fn every_call_with_every_choice_keeps_the_promises() {
    for program in fuzz::seeds() {
        run(&program, "of_every_call");
    }
}

/// Where a program is changed, and how.
#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
}

fn a_change(corpus: &[Vec<u8>]) -> impl Strategy<Value = Change> + use<> {
    let part = (select(corpus.to_vec()), any::<Index>(), 1..40_usize).prop_map(
        |(program, from, length)| {
            let from = from.index(program.len() + 1);
            program[from..].iter().copied().take(length).collect()
        },
    );
    prop_oneof![
        2 => any::<(Index, u8)>().prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (any::<Index>(), part).prop_map(|(at, part)| Change::Insert(at, part)),
        1 => (any::<Index>(), 1..6_usize).prop_map(|(at, length)| Change::Remove(at, length)),
    ]
}

fn changed(mut program: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    const MOST_BYTES: usize = 1_024;
    for change in changes {
        let length = program.len();
        match change {
            Change::Set(at, byte) if length > 0 => program[at.index(length)] = *byte,
            Change::Set(..) => {}
            Change::Insert(at, part) => {
                let at = at.index(length + 1);
                program.splice(at..at, part.iter().copied());
            }
            Change::Remove(at, count) => {
                let at = at.index(length + 1);
                program.drain(at..length.min(at + count));
            }
        }
    }
    program.truncate(MOST_BYTES);
    program
}

/// Without a fuzzer's eyes, and a hundred times as fast as one under a sanitizer. Always the same programs, so that
/// whoever brings in a fault is the one who hears of it. PROPTEST_CASES asks for more of them (each case is forty),
/// PROPTEST_RNG_SEED for others.
#[test]
fn changed_programs_keep_the_promises() {
    let asked = ProptestConfig::default();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: asked.cases * 40,
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            seed => seed,
        },
        failure_persistence: None,
        ..asked
    });
    let corpus = corpus();
    let changes = prop::collection::vec(a_change(&corpus), 1..8);
    let result = runner.run(&(select(corpus), changes), |(program, changes)| {
        run(&changed(program, &changes), "changed");
        Ok(())
    });
    result.expect("the promises are kept");
}
