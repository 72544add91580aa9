//! Every small world, explored completely: whatever happens in whatever order, what must never happen does not,
//! and what must happen in the end does.
//!
//! A *world* is an engine with the driver of `storm.rs` round it, whose assertions judge each step: no message is lost
//! or finished twice, their order is kept, nothing starts once a gate has shut, nothing comes in there either,
//! callbacks do not overlap and none comes after Released, COMPLETE is said once, a logoff without it leaves
//! everything as it was, a call past its limit is answered, a store that is ready has its locks tried again. A *scope*
//! (`scope.rs`) says who is in a world and what may happen there; `worlds.rs` has them. The search (`search.rs`) goes
//! breadth first through all worlds that can come about, and knows a world again by its *form* (`form.rs`), so that it
//! ends though a transport may be BUSY for ever.
//!
//! That things come to their end is judged on the whole graph of them (`ways.rs`): no way goes round for ever on which
//! transports and stores answer, whatever they answer and however long they take. So every such way ends in a
//! world at rest, and there each logoff has ended, COMPLETE was followed by Released, no call waits that need not,
//! and the spooler can be closed with nothing left.
//!
//! A violation is told as the shortest list of events that leads there, with the engine's log (`story.rs`). That
//! the checker sees broken rules is tested in `sabotage.rs`.
//!
//! Why not stateright: the state here is an engine that was not written to be hashed, so the form is most of the
//! work with any checker; what remains is a queue and a map, and a search of one's own can tell its finds in
//! the words of the log and knows which callback was not served.
//!
//! What bounds a world, beside its scope: a message meets two errors in a row and as many locks that fail (more only
//! lengthen its pause), two messages come in at the same time, no caller calls while two notices are undelivered, a
//! self-driven transport has one thread, and time moves to the next thing due, whoever is in the middle of something
//! meanwhile.

pub mod form;
mod sabotage;
mod scope;
mod search;
mod story;
mod ways;
mod worlds;
