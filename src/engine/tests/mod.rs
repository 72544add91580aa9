//! Tests of the rules, one file for one chapter of semantics.md.

mod all_stores;
mod closing;
mod doors;
mod drains;
mod errors;
mod model;
mod opens;
mod outcomes;
mod random;
mod receptions;
mod relay;
mod release;
mod sending;
mod small_print;
mod storm;
mod telling;
mod world;
