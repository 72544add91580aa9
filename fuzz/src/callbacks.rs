//! What the library calls back. Each keeps the books, calls in as the program says, and answers as it says.

use super::books::{Kind, Known, StoreName, Transfer, Whose, books, context_number};
use super::calls;
use super::results::*;
use mapispool::capi::*;
use std::ffi::{CStr, c_char, c_void};
use std::slice;

pub const BEGIN_DEFERRED: u32 = 0x0000_0001;
pub const END_RESEND_NOW: u32 = 0x0001_0000;
pub const END_RESEND_LATER: u32 = 0x0002_0000;
pub const END_DONT_RESEND: u32 = 0x0004_0000;
const MSG_LOCKED: u32 = 1;
const NOTIFY_ABORT_DEFERRED: u32 = 0x4000_0000;
const NOTIFY_CANCEL_MESSAGE: u32 = 0x8000_0000;

/// What SubmitMessage and MapiTransferEnd may come to.
pub const RESULTS: &[HRESULT] = &[
    S_OK,
    MAPI_W_PARTIAL_COMPLETION,
    MAPI_E_NOT_ME,
    MAPI_E_BUSY,
    MAPI_E_WAIT,
    MAPI_E_NETWORK_ERROR,
    MAPI_E_CANCEL,
    MAPI_E_USER_CANCEL,
    MAPI_E_CALL_FAILED,
];

pub const END_FLAGS: &[u32] = &[0, END_RESEND_NOW, END_RESEND_LATER, END_DONT_RESEND];

fn any_result(choices: &[HRESULT]) -> HRESULT {
    let mut books = books();
    match books.program.byte() {
        0..248 => books.program.one_of(choices),
        248.. => books.program.word() as HRESULT,
    }
}

fn any_flags() -> u32 {
    books().program.flags(END_FLAGS)
}

fn spooler_of(context: usize) -> usize {
    books().spooler_of_transport(context)
}

/// A message as the library shows it, read from its first byte to its last.
fn read(context: usize, message: *const MAPISPOOLMESSAGE) -> Shown {
    assert!(!message.is_null());
    // SAFETY: the header says that it and what it points to can be read during the callback.
    unsafe {
        let message = &*message;
        assert_eq!(message.cbSize as usize, size_of::<MAPISPOOLMESSAGE>());
        assert!(matches!(message.ulFlags, 0 | BEGIN_DEFERRED));
        let bytes = |length: u32, bytes: *const c_void| {
            slice::from_raw_parts(bytes.cast::<u8>(), length as usize).to_vec()
        };
        assert_eq!(message.lpEntryID.is_null(), message.cbEntryID == 0);
        Shown {
            store: (
                spooler_of(context),
                bytes(message.cbStoreEntryID, message.lpStoreEntryID),
            ),
            id: (message.cbEntryID > 0).then(|| bytes(message.cbEntryID, message.lpEntryID)),
            store_context: (!message.lpvStoreContext.is_null())
                .then(|| context_number(message.lpvStoreContext)),
            transfer: message.hTransfer.addr(),
        }
    }
}

struct Shown {
    store: StoreName,
    id: Option<Vec<u8>>,
    store_context: Option<usize>,
    transfer: usize,
}

/// What MapiTransportTakeMessage of this transport handed out.
pub fn taken(context: usize, message: *const MAPISPOOLMESSAGE) {
    let shown = read(context, message);
    let id = shown.id.expect("what is sent has an identifier");
    let mut books = books();
    if let Some(store) = shown.store_context {
        books.is_valid(store);
    }
    books.begins(&shown.store, &id);
    books.add_handle(Known {
        number: shown.transfer,
        kind: Kind::Transfer,
        context,
        spooler: shown.store.0,
        references: 1,
        transfer: Some(Transfer {
            message: Some((shown.store, id)),
            store_context: shown.store_context,
            shown: Some(message.addr()),
            self_driven: true,
            ending: false,
        }),
    });
}

/// What was taken can still be read, and says the same.
pub fn still_shown(context: usize, transfer: &Transfer) {
    if let (Some(address), Some((store, id))) = (transfer.shown, &transfer.message) {
        let shown = read(context, std::ptr::with_exposed_provenance(address));
        assert_eq!((&shown.store, shown.id.as_ref()), (store, Some(id)));
    }
}

// Transports.

pub unsafe extern "C" fn submit_message(
    context: *mut c_void,
    message: *const MAPISPOOLMESSAGE,
    retry_seconds: *mut u32,
) -> HRESULT {
    let context = context_number(context);
    let shown = read(context, message);
    let id = shown.id.expect("what is sent has an identifier");
    let ends_messages = {
        let mut books = books();
        let Whose::Transport { ends_messages, .. } = books.called(context, "submit_message") else {
            unreachable!("the context of a transport");
        };
        books.is_valid(shown.store_context.expect("its store's context"));
        books.transport_enters(context);
        books.begins(&shown.store, &id);
        books.is_over(Kind::Transfer, shown.transfer);
        books.add_handle(Known {
            number: shown.transfer,
            kind: Kind::Transfer,
            context,
            spooler: shown.store.0,
            references: 1,
            transfer: Some(Transfer {
                message: Some((shown.store.clone(), id.clone())),
                store_context: shown.store_context,
                shown: None,
                self_driven: false,
                ending: false,
            }),
        });
        ends_messages
    };
    // SAFETY: the header gives a writable word.
    unsafe {
        assert_eq!(*retry_seconds, 0);
        calls::inside();
        if books().program.once_in(4) {
            *retry_seconds = books().program.word();
        }
    }
    let result = any_result(RESULTS);
    if result < 0 || !ends_messages {
        over(&shown.store, &id, shown.transfer, result == S_OK);
    } else {
        books().submitted_with(context, result);
    }
    books().transport_leaves(context);
    result
}

pub unsafe extern "C" fn end_message(
    context: *mut c_void,
    message: *const MAPISPOOLMESSAGE,
    end_flags: *mut u32,
) -> HRESULT {
    let context = context_number(context);
    let shown = read(context, message);
    let id = shown.id.expect("what is sent has an identifier");
    let submitted = {
        let mut books = books();
        books.called(context, "end_message");
        books.transport_enters(context);
        books.submit_result(context)
    };
    calls::inside();
    let flags = any_flags();
    // SAFETY: the header gives a writable word.
    unsafe {
        assert_eq!(*end_flags, 0);
        *end_flags = flags;
    }
    let result = any_result(&[S_OK, S_OK, S_OK, MAPI_E_CALL_FAILED]);
    over(
        &shown.store,
        &id,
        shown.transfer,
        (submitted, flags) == (S_OK, 0) && result >= 0,
    );
    books().transport_leaves(context);
    result
}

/// A driven transport's transfer is over.
fn over(store: &StoreName, id: &[u8], transfer: usize, sent: bool) {
    let mut books = books();
    books.ends(store, id, sent);
    books.is_over(Kind::Transfer, transfer);
}

pub unsafe extern "C" fn transport_notify(
    context: *mut c_void,
    flags: u32,
    message: *const MAPISPOOLMESSAGE,
) -> HRESULT {
    let context = context_number(context);
    books().called(context, "transport_notify");
    let about_a_message = flags & (NOTIFY_ABORT_DEFERRED | NOTIFY_CANCEL_MESSAGE) != 0;
    assert_eq!(about_a_message, !message.is_null(), "{flags:#x}");
    if about_a_message {
        let shown = read(context, message);
        if let Some(store) = shown.store_context {
            books().is_valid(store);
        }
    }
    calls::inside();
    any_result(&[S_OK, MAPI_E_CALL_FAILED])
}

pub unsafe extern "C" fn flush_queues(context: *mut c_void, _flags: u32) -> HRESULT {
    let context = context_number(context);
    {
        let mut books = books();
        books.called(context, "flush_queues");
        books.transport_enters(context);
    }
    calls::inside();
    books().transport_leaves(context);
    any_result(&[S_OK, MAPI_E_BUSY, MAPI_E_CALL_FAILED])
}

pub unsafe extern "C" fn transport_logoff(context: *mut c_void, flags: u32) -> HRESULT {
    assert_eq!(flags, 0);
    // SAFETY: the same callback but for its flags.
    unsafe { flush_queues(std::ptr::without_provenance_mut(context.addr()), 0) }
}

pub unsafe extern "C" fn destroy(context: *mut c_void) {
    let context = context_number(context);
    books().called(context, "destroy");
    calls::inside();
    books().destroyed(context);
}

// Stores.

fn enter_store(context: usize, callback: &str) -> StoreName {
    let mut books = books();
    let Whose::Store { name, .. } = books.called(context, callback) else {
        unreachable!("the context of a store");
    };
    books.store_enters(context, &name);
    name
}

unsafe fn identifier(length: u32, bytes: *const c_void) -> Vec<u8> {
    // SAFETY: the header gives an entry identifier of this length.
    unsafe { slice::from_raw_parts(bytes.cast::<u8>(), length as usize).to_vec() }
}

pub unsafe extern "C" fn set_lock_state(
    context: *mut c_void,
    length: u32,
    id: *const c_void,
    state: u32,
) -> HRESULT {
    let context = context_number(context);
    let name = enter_store(context, "set_lock_state");
    // SAFETY: as the header says.
    let id = unsafe { identifier(length, id) };
    calls::inside();
    let result = any_result(&[S_OK, S_OK, S_OK, MAPI_E_BUSY, MAPI_E_NOT_FOUND]);
    let mut books = books();
    if state == MSG_LOCKED && result == MAPI_E_NOT_FOUND {
        books.dropped(&name, &id);
    }
    books.store_leaves(context, &name);
    result
}

pub unsafe extern "C" fn finished_msg(
    context: *mut c_void,
    flags: u32,
    length: u32,
    id: *const c_void,
) -> HRESULT {
    assert_eq!(flags, 0);
    let context = context_number(context);
    let name = enter_store(context, "finished_msg");
    // SAFETY: as the header says.
    let id = unsafe { identifier(length, id) };
    calls::inside();
    let mut books = books();
    books.finished(&name, &id);
    books.store_leaves(context, &name);
    drop(books);
    any_result(&[S_OK, MAPI_E_CALL_FAILED])
}

pub unsafe extern "C" fn released(context: *mut c_void, flags: u32) {
    const LOGOFF_COMPLETE: u32 = 0x0001_0000;
    const OUT: u32 = 0x000F_0000;
    assert!(
        flags & LOGOFF_COMPLETE != 0 && flags & !OUT == 0,
        "{flags:#x}"
    );
    let context = context_number(context);
    let Whose::Store { name, .. } = books().called(context, "released") else {
        unreachable!("the context of a store");
    };
    assert!(
        !books().is_busy(context),
        "Released while a callback of its logon runs"
    );
    calls::inside();
    books().released(context, &name);
}

// The spooler.

pub unsafe extern "C" fn log(context: *mut c_void, level: u32, text: *const c_char) {
    let context = context_number(context);
    books().is_valid(context);
    assert!(matches!(level, 1..=4));
    // SAFETY: the header gives a terminated text.
    let text = unsafe { CStr::from_ptr(text) };
    let text = text.to_str().expect("the log is UTF-8");
    assert!(!text.contains('\n'), "the log has lines");
    calls::inside_log();
}

pub unsafe extern "C" fn destroy_spooler(context: *mut c_void) {
    let context = context_number(context);
    books().called(context, "destroy_spooler");
    calls::inside();
    books().finalized(context);
}
