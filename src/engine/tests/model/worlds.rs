//! The worlds that are explored. Together they have two stores, two transports of every kind, three messages, two
//! logons of one store, each instruction, and each answer, cancel and limit at any time.
//!
//! The small ones are explored by every `cargo test`, the large ones too, with what was seen, by
//!
//! ```text
//! cargo test --release --lib model:: -- --include-ignored --nocapture --test-threads=1
//! ```

use super::scope::{Kind, May, Scope, StoreScope};
use super::search::{explore, futures_differ};
use super::story::tell;
use crate::engine::Instruction::{self, *};
use crate::engine::mapi::*;
use crate::engine::tests::storm::Said;

/// One store, one transport, two messages that are sent, and each instruction.
pub const SMALL: Scope = Scope {
    name: "SMALL",
    transports: &[Kind::Plain],
    stores: &[store("A", 1, 2)],
    instructions: &Instruction::ALL,
    answers: &[Said::Well],
    locks: &[Said::Well],
    may: &[],
    sabotage: None,
};

pub const fn store(name: &'static str, logons: usize, messages: usize) -> StoreScope {
    StoreScope {
        name,
        logons,
        messages,
    }
}

/// Everything that SubmitMessage, EndMessage and TransferEnd can say.
pub const ANSWERS: &[Said] = &[
    Said::Well,
    Said::Ends(END_RESEND_NOW),
    Said::Ends(END_RESEND_LATER),
    Said::Ends(END_DONT_RESEND),
    Said::Is(MAPI_E_NOT_ME),
    Said::Is(MAPI_E_BUSY),
    Said::Is(MAPI_W_PARTIAL_COMPLETION),
    Said::Is(MAPI_E_CANCEL),
    Said::Is(MAPI_E_USER_CANCEL),
    Said::Is(MAPI_E_CALL_FAILED),
    Said::Wait(0),
];

/// A cancel that is ignored, and one that is honoured.
const CANCELS: &[Said] = &[Said::Well, Said::Is(MAPI_E_USER_CANCEL)];

const LOCKS: &[Said] = &[
    Said::Well,
    Said::Is(MAPI_E_CALL_FAILED),
    Said::Is(MAPI_E_NOT_FOUND),
];

fn explored(world: &Scope) {
    match explore(world) {
        Ok(explored) => println!("{}: {explored}", world.name),
        Err(violation) => panic!("{}", tell(world, &violation)),
    }
}

macro_rules! worlds {
    ($($(#[$about:meta])* $name:ident { $($what:tt)* })*) => {$(
        #[test]
        $(#[$about])*
        fn $name() {
            const WORLD: Scope = Scope { name: stringify!($name), $($what)*, ..SMALL };
            explored(&WORLD);
        }
    )*};
}

worlds! {
    every_answer_to_one_message {
        stores: &[store("A", 1, 1)],
        answers: ANSWERS
    }
    #[ignore = "large"]
    every_answer_of_two_transports {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Plain; 2],
        answers: ANSWERS
    }
    #[ignore = "large"]
    every_answer_to_two_messages {
        answers: ANSWERS
    }
    #[ignore = "large"]
    every_answer_of_a_self_driven_transport {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::SelfDriven],
        answers: ANSWERS
    }
    every_answer_of_set_lock_state {
        locks: LOCKS
    }
    a_store_that_is_ready_while_messages_wait {
        answers: &[Said::Well, Said::Wait(0)],
        locks: LOCKS,
        may: &[May::StoreIsReady]
    }
    #[ignore = "large"]
    a_store_that_is_ready_and_a_transport_that_asks {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::SelfDriven],
        answers: &[Said::Well, Said::Wait(0)],
        locks: LOCKS,
        may: &[May::StoreIsReady, May::Cancel, May::AbortSubmit]
    }
    #[ignore = "large"]
    deferred_messages_and_critical_errors {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Driven],
        answers: &[Said::Well, Said::Ends(END_DONT_RESEND), Said::Is(MAPI_E_CANCEL), Said::Is(MAPI_E_NOT_ME)],
        may: &[
            May::Tell(NOTIFY_SENTDEFERRED),
            May::Tell(NOTIFY_READYTOSEND),
            May::Tell(NOTIFY_CRITICAL_ERROR),
            May::AbortSubmit
        ]
    }
    #[ignore = "large"]
    three_messages_and_two_transports {
        stores: &[store("A", 1, 3)],
        transports: &[Kind::Plain; 2],
        answers: CANCELS,
        may: &[May::Cancel]
    }
    #[ignore = "large"]
    two_transports_with_every_callback {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Driven; 2]
    }
    a_driven_and_a_self_driven_transport {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Plain, Kind::Asking],
        answers: CANCELS,
        may: &[May::Cancel]
    }
    #[ignore = "large"]
    two_logons_reopened_and_open_elsewhere {
        stores: &[store("A", 2, 1)],
        may: &[May::Open, May::Cancel, May::Elsewhere, May::Release]
    }
    the_final_release_of_each_saved_instruction {
        stores: &[store("A", 1, 1)],
        answers: CANCELS,
        may: &[
            May::Open,
            May::Release,
            May::Save(NoWait),
            May::Save(Orderly),
            May::Save(Purge),
            May::Save(Quiet)
        ]
    }
    #[ignore = "large"]
    two_stores_and_two_transports {
        stores: &[store("A", 1, 1), store("B", 1, 1)],
        transports: &[Kind::Plain; 2],
        instructions: &[NoWait, Orderly, Abort, Quiet]
    }
    #[ignore = "large"]
    two_stores_two_transports_and_logoffs_that_wait {
        stores: &[store("A", 1, 1), store("B", 1, 1)],
        transports: &[Kind::Plain; 2],
        instructions: &[Purge, Abort]
    }
    #[ignore = "large"]
    two_stores_purged_by_one_self_driven_transport {
        stores: &[store("A", 1, 1), store("B", 1, 1)],
        transports: &[Kind::SelfDriven],
        instructions: &[Purge]
    }
    #[ignore = "large"]
    two_logons_two_stores_three_messages {
        stores: &[store("A", 2, 2), store("B", 1, 1)]
    }
    #[ignore = "large"]
    all_stores_with_one_deadline {
        stores: &[store("A", 1, 1), store("B", 1, 1)],
        may: &[
            May::LogoffStores(NoWait),
            May::LogoffStores(Purge),
            May::LogoffStores(Abort),
            May::LogoffStores(Quiet)
        ]
    }
    #[ignore = "large"]
    receiving {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Driven],
        may: &[May::Receive, May::Open, May::Cancel]
    }
    receiving_without_the_engine {
        stores: &[store("A", 1, 1)],
        may: &[May::ComeIn, May::Open, May::Cancel]
    }
    #[ignore = "large"]
    receiving_without_the_engine_by_a_transport_that_is_told {
        stores: &[store("A", 1, 0)],
        transports: &[Kind::Driven],
        may: &[May::ComeIn, May::Open, May::Cancel]
    }
    #[ignore = "large"]
    receiving_without_the_engine_by_transports_that_go {
        stores: &[store("A", 1, 0)],
        transports: &[Kind::Plain; 2],
        may: &[
            May::ComeIn,
            May::Remove,
            May::Tell(NOTIFY_CRITICAL_ERROR),
            May::Tell(NOTIFY_READYTOSEND)
        ]
    }
    #[ignore = "large"]
    receiving_without_the_engine_by_two_logons {
        stores: &[store("A", 2, 0)],
        may: &[May::ComeIn, May::Open, May::Release, May::Elsewhere, May::Cancel]
    }
    #[ignore = "large"]
    receiving_without_the_engine_until_all_stores_go {
        stores: &[store("A", 1, 0), store("B", 1, 0)],
        may: &[May::ComeIn, May::Close(false), May::Close(true), May::LogoffStores(Quiet), May::LogoffStores(Purge)]
    }
    #[ignore = "large"]
    a_transport_that_is_removed {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Plain],
        answers: &[Said::Well, Said::Is(MAPI_E_USER_CANCEL), Said::Is(MAPI_E_NOT_ME), Said::Ends(END_DONT_RESEND)],
        may: &[May::Remove, May::Add]
    }
    two_transports_that_are_removed {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Plain; 2],
        answers: CANCELS,
        may: &[May::Remove]
    }
    closing {
        answers: CANCELS,
        may: &[May::Close(false), May::Close(true), May::Cancel, May::Wait]
    }
    #[ignore = "large"]
    closing_with_transports_that_are_told {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Driven],
        may: &[May::Close(false), May::Close(true), May::Cancel, May::Receive]
    }
    #[ignore = "large"]
    closing_with_a_transport_that_asks {
        transports: &[Kind::Asking],
        may: &[May::Close(false), May::Close(true), May::Cancel]
    }
    #[ignore = "large"]
    closing_with_two_stores {
        stores: &[store("A", 1, 1), store("B", 1, 1)],
        may: &[May::Close(false), May::Close(true), May::LogoffStores(Purge)]
    }
    #[ignore = "large"]
    begin_outbound_and_abort_submit {
        transports: &[Kind::Asking],
        locks: LOCKS,
        may: &[May::BeginOutbound, May::AbortSubmit]
    }
    #[ignore = "large"]
    a_coupled_transport {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Plain, Kind::Coupled]
    }
}
/// The form sees all that matters: worlds of one form go on to worlds of the same forms.
#[test]
fn worlds_of_one_form_have_one_future() {
    const ANSWERED: Scope = Scope {
        stores: &[store("A", 1, 1)],
        instructions: &[NoWait, Purge],
        answers: ANSWERS,
        ..SMALL
    };
    const REOPENED: Scope = Scope {
        stores: &[store("A", 2, 1)],
        instructions: &[Orderly, Abort],
        may: &[May::Open, May::Elsewhere],
        ..SMALL
    };
    const ASKING: Scope = Scope {
        stores: &[store("A", 1, 1)],
        transports: &[Kind::Asking],
        may: &[May::Close(false), May::AbortSubmit],
        ..SMALL
    };
    const RECEIVING: Scope = Scope {
        stores: &[store("A", 1, 1)],
        instructions: &[Orderly, Abort],
        may: &[May::ComeIn, May::Remove],
        ..SMALL
    };
    for world in [ANSWERED, REOPENED, ASKING, RECEIVING] {
        assert_eq!(futures_differ(&world), None);
    }
}
