//! The C functions when something breaks inside.

mod panics;
