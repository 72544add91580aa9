//! The programs that fuzzing has found worth keeping, without the fuzzing: see fuzz/src/lib.rs.

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;

#[test]
fn every_program_of_the_corpus_keeps_the_promises() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/calls");
    let mut programs: Vec<_> = fs::read_dir(corpus)
        .expect("the corpus is checked in")
        .map(|entry| entry.expect("the corpus can be read").path())
        .collect();
    programs.sort();
    assert!(programs.len() > 100, "{} programs", programs.len());
    for path in programs {
        // Where it breaks a promise inside a callback, this is the last line that can be seen.
        println!("{}", path.display());
        fuzz::run(&fs::read(&path).expect("a program can be read"));
    }
}

#[test]
fn every_call_with_every_choice_keeps_the_promises() {
    for program in fuzz::seeds() {
        println!("{program:?}");
        fuzz::run(&program);
    }
}
