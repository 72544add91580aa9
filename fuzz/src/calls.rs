//! Each function with arguments of the program's choice, and how a program ends.

use super::books::{Kind, Known, StoreName, Transfer, Whose, books, context_pointer};
use super::callbacks::{self, END_FLAGS, RESULTS};
use super::program::{EntryId, Structure, pointer};
use super::results::{Function, *};
use mapispool::capi::*;
use mapispool::com::LPMAPISUP;
use std::ffi::c_char;
use std::ptr;

const LOGOFFS: &[u32] = &[1, 2, 4, 8, 0x10, 0, 0x0001_0000, 0x000E_0000];
const LOGOFF_PURGE: u32 = 4;
const LOGOFF_COMPLETE: u32 = 0x0001_0000;
const OUTPUT: u32 = 0x000F_0000;
const LOGOFF_ABORT: u32 = 8;
const NOTIFY_READYTOSEND: u32 = 0x0000_0002;
const NOTIFY_SENTDEFERRED: u32 = 0x0000_0004;
const NOTIFY_CRITICAL_ERROR: u32 = 0x1000_0000;

/// What an output parameter holds before the call; a call that fails leaves it there.
const UNTOUCHED: usize = 0x5EED_5EED_5EED_5EED_u64 as usize;
const UNTOUCHED_WORD: u32 = 0x5EED_5EED;

/// Calls inside of calls go this deep.
const DEEPEST: u32 = 4;

/// A program from its first byte to its end.
pub fn run() {
    if !books().program.once_in(8) {
        open_a_usual_world();
    }
    while !books().program.is_over() {
        act();
        books_agree();
    }
    end();
}

/// Most programs begin with something to work on.
fn open_a_usual_world() {
    spooler_open();
    add_transport();
    open_store();
}

/// Inside a callback: what the program says.
pub fn inside() {
    let goes_on = || {
        let mut books = books();
        books.depth <= DEEPEST && books.program.once_in(4)
    };
    books().depth += 1;
    while goes_on() {
        act();
    }
    books().depth -= 1;
}

/// Inside the log callback, which comes often: now and then.
pub fn inside_log() {
    let now = {
        let mut books = books();
        books.depth == 0 && books.program.once_in(16)
    };
    if now {
        inside();
    }
}

/// What a program can do; a function that stands here twice is called twice as often.
pub const CALLS: &[fn()] = &[
    spooler_open,
    add_transport,
    open_store,
    submit,
    submit,
    submit,
    spooler_run,
    spooler_run,
    logoff,
    logoff_by_support_object,
    release,
    abort_submit,
    get_status,
    save_logoff,
    cancel_logoff,
    wait,
    add_ref,
    close,
    logoff_stores,
    remove_transport,
    spooler_notify,
    take,
    take,
    begin_outbound,
    begin_inbound,
    spooler_yield,
    end_transfer,
    end_transfer,
    get_last_error,
    version,
];

/// One call.
fn act() {
    let call = books().program.one_of(CALLS);
    call();
}

/// Makes a call. Its result is one that its page names; an error has changed nothing.
fn call(function: Function, make: impl FnOnce() -> HRESULT) -> HRESULT {
    let before = statuses();
    let events = {
        let mut books = books();
        books.events += 1;
        books.events
    };
    let result = make();
    books().trace(format_args!("{function:?}: {result:#x}"));
    assert!(
        function.may_answer(result),
        "{function:?} answered {result:#x}, which its page does not name: {}",
        last_error()
    );
    if result < 0 && books().events == events && !function.fails_after_work(result) {
        assert_eq!(
            before,
            statuses(),
            "{function:?} failed with {result:#x} and changed something"
        );
    }
    if result < 0 && result != MAPI_E_TOO_BIG {
        assert!(
            !last_error().is_empty(),
            "{function:?} failed and did not say why"
        );
    }
    result
}

/// The same for a call on a handle: with one that is over, or never was, it must not succeed.
fn call_on(
    kind: Kind,
    handle: usize,
    function: Function,
    make: impl FnOnce() -> HRESULT,
) -> HRESULT {
    let was_live = books().find(kind, handle).is_some();
    let result = call(function, make);
    assert!(
        was_live || result < 0,
        "{function:?} served a {kind:?} handle that never was, or is over"
    );
    result
}

fn handle<T>(number: usize) -> *mut T {
    ptr::without_provenance_mut(number)
}

/// A place for a handle; or null.
fn place() -> Option<Box<usize>> {
    (!books().program.once_in(32)).then(|| Box::new(UNTOUCHED))
}

fn place_pointer<T>(place: &mut Option<Box<usize>>) -> *mut T {
    place
        .as_deref_mut()
        .map_or(ptr::null_mut(), |place| ptr::from_mut(place).cast())
}

/// What a call left in the place. Written only with S_OK, and there never null.
fn placed(place: Option<Box<usize>>, result: HRESULT) -> usize {
    let Some(place) = place else {
        assert_eq!(result, MAPI_E_INVALID_PARAMETER);
        return 0;
    };
    match result {
        S_OK => assert!(*place != 0 && *place != UNTOUCHED, "S_OK without a result"),
        _ => assert_eq!(*place, UNTOUCHED, "{result:#x}, and the result was written"),
    }
    *place
}

// The spooler.

fn spooler_open() {
    const MAPISPOOL_LOCAL: u32 = 1;
    const MAPISPOOL_MANUAL: u32 = 2;
    const MOST: usize = 3;
    let mut books = books();
    if books.live(Kind::Spooler).count() >= MOST {
        return;
    }
    // Manual mode and no files, or a combination that is refused.
    let flags = match books.program.once_in(16) {
        false => MAPISPOOL_LOCAL | MAPISPOOL_MANUAL,
        true => books.program.word() | 4,
    };
    let name = books.program.text();
    let context = books.offer(Whose::Spooler);
    let options = MAPISPOOLOPTIONS {
        cbSize: 0,
        ulFlags: flags,
        lpszProfileName: pointer(&name),
        ulAbortLimit: books.program.limit(),
        ulPurgeLimit: books.program.limit(),
        ulRetryPause: books.program.limit(),
        ulDeclinedPause: books.program.limit(),
        lpszPresenceDirectory: ptr::null(),
        lpvContext: context_pointer(context),
        lpfnLog: books.program.once_in(2).then_some(callbacks::log as _),
        lpfnThreadStart: None,
        lpfnThreadEnd: None,
        lpfnDestroy: Some(callbacks::destroy_spooler),
        lpfnAllocateBuffer: None,
    };
    let mut options = books.program.structure(options);
    drop(books);
    let mut out = place();
    let result = call(Function::SpoolerOpen, || unsafe {
        MapiSpoolerOpen(options.as_ptr(), place_pointer(&mut out))
    });
    let number = placed(out, result);
    accept(result, context);
    if result == S_OK {
        add(Kind::Spooler, number, context, context);
    }
}

fn accept(result: HRESULT, context: usize) {
    match result {
        S_OK => books().accepted(context),
        _ => books().refused(context),
    }
}

fn add(kind: Kind, number: usize, context: usize, spooler: usize) {
    books().add_handle(Known {
        number,
        kind,
        context,
        spooler,
        references: 1,
        transfer: None,
    });
}

/// The context of a spooler by its handle; one that no spooler has where the handle is bad.
fn spooler_context(number: usize) -> usize {
    books()
        .find(Kind::Spooler, number)
        .map_or(usize::MAX, |known| known.context)
}

fn spooler_run() {
    let (spooler, milliseconds) = {
        let mut books = books();
        let spooler = books.choose_handle(Kind::Spooler);
        let long = books.program.once_in(16);
        // Whoever has a transfer may be told every second to stop it: not for fifty days.
        let nobody_is_told = books.live(Kind::Transfer).next().is_none();
        let milliseconds = match long && nobody_is_told {
            true => u32::MAX,
            false => books.program.milliseconds(),
        };
        (spooler, milliseconds)
    };
    call_on(Kind::Spooler, spooler, Function::SpoolerRun, || unsafe {
        MapiSpoolerRun(handle(spooler), milliseconds)
    });
}

fn close() {
    let (spooler, flags, timeout) = {
        let mut books = books();
        let spooler = books.choose_handle(Kind::Spooler);
        let flags = books.program.flags(&[0, LOGOFF_ABORT]);
        (spooler, flags, books.program.timeout())
    };
    let result = call_on(Kind::Spooler, spooler, Function::SpoolerClose, || unsafe {
        MapiSpoolerClose(handle(spooler), flags, timeout)
    });
    if result == S_OK {
        books().spooler_is_over(spooler);
    }
}

fn logoff_stores() {
    let (spooler, flags, timeout) = {
        let mut books = books();
        let spooler = books.choose_handle(Kind::Spooler);
        let flags = books.program.flags(LOGOFFS);
        (spooler, flags, books.program.timeout())
    };
    let mut out = place();
    let result = call_on(
        Kind::Spooler,
        spooler,
        Function::SpoolerLogoffStores,
        || unsafe {
            MapiSpoolerLogoffStores(handle(spooler), flags, timeout, place_pointer(&mut out))
        },
    );
    if let Some(count) = out
        && result != S_OK
    {
        assert_eq!(*count, UNTOUCHED);
    }
}

fn get_last_error() {
    let (size, null, no_count) = {
        let mut books = books();
        let size = books.program.one_of(&[0, 1, 2, 40, 400, 70_000]);
        let null = books.program.once_in(8);
        (size, null, books.program.once_in(8))
    };
    let mut buffer = vec![0xAA_u8; size];
    let mut needed = UNTOUCHED_WORD;
    let text: *mut c_char = if null {
        ptr::null_mut()
    } else {
        buffer.as_mut_ptr().cast()
    };
    let count = if no_count {
        ptr::null_mut()
    } else {
        &raw mut needed
    };
    let result = call(Function::SpoolerGetLastError, || unsafe {
        MapiSpoolerGetLastError(text, size as u32, count)
    });
    match result {
        S_OK if size == 0 || null => {}
        S_OK => assert_eq!(buffer[needed as usize - 1], 0),
        _ => assert!(buffer.iter().all(|byte| *byte == 0xAA)),
    }
}

/// The reason of the last failing call.
fn last_error() -> String {
    let mut buffer = vec![0_u8; 1_000];
    let mut needed = 0;
    let result = unsafe {
        MapiSpoolerGetLastError(buffer.as_mut_ptr().cast(), buffer.len() as u32, &mut needed)
    };
    assert_eq!(result, S_OK, "a reason of {needed} bytes");
    buffer.truncate(needed as usize - 1);
    String::from_utf8(buffer).expect("a reason is UTF-8")
}

fn version() {
    assert_eq!(MapiSpoolerVersion() >> 16, 0);
}

// Transports.

fn add_transport() {
    let mut books = books();
    let spooler = books.choose_handle(Kind::Spooler);
    let name = books.program.text();
    let own_store = match books.program.once_in(4) {
        true => books.program.entry_id(),
        false => EntryId::of(vec![]),
    };
    let has = books.program.byte();
    let with = |bit: u8| has & 1 << bit == 0;
    let ops = MAPITRANSPORTOPS {
        cbSize: 0,
        SubmitMessage: with(0).then_some(callbacks::submit_message as _),
        EndMessage: with(1).then_some(callbacks::end_message as _),
        TransportNotify: with(2).then_some(callbacks::transport_notify as _),
        FlushQueues: with(3).then_some(callbacks::flush_queues as _),
        TransportLogoff: with(4).then_some(callbacks::transport_logoff as _),
        Destroy: Some(callbacks::destroy),
    };
    let mut ops = books.program.structure(ops);
    drop(books);
    let spooler_context = spooler_context(spooler);
    let context = self::books().offer(Whose::Transport {
        spooler: spooler_context,
        ends_messages: with(1),
    });
    let mut out = place();
    let result = call_on(
        Kind::Spooler,
        spooler,
        Function::SpoolerAddTransport,
        || unsafe {
            MapiSpoolerAddTransport(
                handle(spooler),
                pointer(&name),
                own_store.length,
                own_store.as_ptr(),
                ops.as_ptr(),
                context_pointer(context),
                place_pointer(&mut out),
            )
        },
    );
    let number = placed(out, result);
    accept(result, context);
    if result == S_OK {
        add(Kind::Transport, number, context, spooler_context);
    }
}

fn remove_transport() {
    let transport = books().choose_handle(Kind::Transport);
    remove(transport);
}

fn remove(transport: usize) -> HRESULT {
    let result = call_on(
        Kind::Transport,
        transport,
        Function::TransportRemove,
        || unsafe { MapiTransportRemove(handle(transport)) },
    );
    if result == S_OK {
        books().is_over(Kind::Transport, transport);
    }
    result
}

fn spooler_notify() {
    const KNOWN: &[u32] = &[
        NOTIFY_READYTOSEND,
        NOTIFY_SENTDEFERRED,
        NOTIFY_CRITICAL_ERROR,
    ];
    let (transport, flags, id) = {
        let mut books = books();
        let transport = books.choose_handle(Kind::Transport);
        let flags = books.program.flags(KNOWN);
        let id = match books.program.once_in(2) {
            true => books.program.entry_id(),
            false => EntryId::of(vec![]),
        };
        (transport, flags, id)
    };
    call_on(
        Kind::Transport,
        transport,
        Function::TransportSpoolerNotify,
        || unsafe { MapiTransportSpoolerNotify(handle(transport), flags, id.length, id.as_ptr()) },
    );
}

fn take() {
    let transport = books().choose_handle(Kind::Transport);
    let timeout = books().program.timeout();
    let context = transport_context(transport);
    let mut out = place();
    let result = call_on(
        Kind::Transport,
        transport,
        Function::TransportTakeMessage,
        || unsafe { MapiTransportTakeMessage(handle(transport), timeout, place_pointer(&mut out)) },
    );
    let message = placed(out, result);
    if result == S_OK {
        callbacks::taken(context, ptr::with_exposed_provenance(message));
    }
}

fn transport_context(number: usize) -> usize {
    books()
        .find(Kind::Transport, number)
        .map_or(usize::MAX, |known| known.context)
}

fn begin_outbound() {
    let (transport, store, id) = {
        let mut books = books();
        let transport = books.choose_handle(Kind::Transport);
        let store = books.choose_handle(Kind::Store);
        (transport, store, books.program.entry_id())
    };
    let context = transport_context(transport);
    let name = store_name(store);
    if let Some(name) = &name {
        books().submitting(name, id.bytes());
    }
    let mut out = place();
    let result = call_on(
        Kind::Transport,
        transport,
        Function::TransportBeginOutbound,
        || unsafe {
            MapiTransportBeginOutbound(
                handle(transport),
                handle(store),
                id.length,
                id.as_ptr(),
                place_pointer(&mut out),
            )
        },
    );
    let number = placed(out, result);
    let Some(name) = name else {
        assert!(result != S_OK);
        return;
    };
    if result == MAPI_E_BUSY {
        refused_or_queued_first(store, &name, &id);
        return;
    }
    let mut books = books();
    match result {
        S_OK => {
            books.queued_first(&name, id.bytes());
            books.begins(&name, id.bytes());
            let spooler = books.spooler_of_transport(context);
            let message = Some((name, id.bytes().to_vec()));
            books.add_handle(begun(number, context, spooler, message));
        }
        MAPI_E_TIMEOUT => books.queued_first(&name, id.bytes()),
        MAPI_E_NOT_FOUND => books.queued_and_dropped(&name, id.bytes()),
        _ => books.submitted(&name, id.bytes(), false),
    }
}

/// Whether a begin that was refused has queued its message: by now it is queued, unless a purge or the end of
/// the store keeps that from being known.
fn refused_or_queued_first(store: usize, name: &StoreName, id: &EntryId) {
    let result = call(Function::StoreSubmitMessage, || unsafe {
        MapiStoreSubmitMessage(handle(store), id.length, id.as_ptr())
    });
    match result {
        S_OK | MAPI_E_SUBMITTED => books().is_queued(name, id.bytes()),
        _ => {
            books().submitted(name, id.bytes(), false);
            books().blinded(name);
        }
    }
}

fn begun(
    number: usize,
    context: usize,
    spooler: usize,
    message: Option<(StoreName, Vec<u8>)>,
) -> Known {
    Known {
        number,
        kind: Kind::Transfer,
        context,
        spooler,
        references: 1,
        transfer: Some(Transfer {
            message,
            store_context: None,
            shown: None,
            self_driven: true,
            ending: false,
        }),
    }
}

fn begin_inbound() {
    let (transport, store) = {
        let mut books = books();
        let transport = books.choose_handle(Kind::Transport);
        let store = match books.program.once_in(2) {
            true => 0,
            false => books.choose_handle(Kind::Store),
        };
        (transport, store)
    };
    let context = transport_context(transport);
    let store_was_live = store_name(store).is_some();
    let mut out = place();
    let result = call_on(
        Kind::Transport,
        transport,
        Function::TransportBeginInbound,
        || unsafe {
            MapiTransportBeginInbound(handle(transport), handle(store), place_pointer(&mut out))
        },
    );
    let number = placed(out, result);
    if result == S_OK {
        assert!(
            store == 0 || store_was_live,
            "a store handle that is over was served"
        );
        let mut books = books();
        let spooler = books.spooler_of_transport(context);
        books.add_handle(begun(number, context, spooler, None));
    }
}

fn spooler_yield() {
    let transfer = books().choose_handle(Kind::Transfer);
    call_on(
        Kind::Transfer,
        transfer,
        Function::TransferSpoolerYield,
        || unsafe { MapiTransferSpoolerYield(handle(transfer)) },
    );
}

fn end_transfer() {
    let (transfer, result, flags, seconds) = {
        let mut books = books();
        let transfer = books.choose_handle(Kind::Transfer);
        let result = books.program.one_of(RESULTS);
        let flags = match result {
            S_OK => books.program.flags(END_FLAGS),
            _ if books.program.once_in(8) => books.program.flags(END_FLAGS),
            _ => 0,
        };
        (transfer, result, flags, books.program.milliseconds())
    };
    // Which of two ends counts, one inside the other, cannot be told from here.
    if !is_ending(transfer) {
        end_transfer_with(transfer, result, flags, seconds);
    }
}

fn is_ending(transfer: usize) -> bool {
    let mut books = books();
    let known = books.find(Kind::Transfer, transfer);
    known.is_some_and(|known| known.transfer.as_ref().is_some_and(|found| found.ending))
}

fn end_transfer_with(transfer: usize, result: HRESULT, flags: u32, seconds: u32) -> HRESULT {
    let ending = begin_to_end(transfer, (result, flags) == (S_OK, 0));
    let answer = call_on(Kind::Transfer, transfer, Function::TransferEnd, || unsafe {
        MapiTransferEnd(handle(transfer), result, flags, seconds)
    });
    let mut books = books();
    match (answer, ending) {
        (S_OK, _) => books.is_over(Kind::Transfer, transfer),
        (_, Some(message)) => {
            if let Some(known) = books.find(Kind::Transfer, transfer) {
                known.transfer.as_mut().expect("a transfer's handle").ending = false;
            }
            if let Some((name, id)) = message {
                books.goes_on(&name, &id);
            }
        }
        (_, None) => {}
    }
    answer
}

/// From now on the transfer may be over at any time. `None`: the end is not the program's to say.
fn begin_to_end(transfer: usize, sent: bool) -> Option<Option<(StoreName, Vec<u8>)>> {
    let (context, known) = {
        let mut books = books();
        let known = books.find(Kind::Transfer, transfer)?;
        let context = known.context;
        let found = known.transfer.as_mut().expect("a transfer's handle");
        if !found.self_driven {
            return None;
        }
        found.ending = true;
        (context, found.clone())
    };
    callbacks::still_shown(context, &known);
    if let Some((name, id)) = &known.message {
        books().ends(name, id, sent);
    }
    Some(known.message)
}

// Stores.

fn open_store() {
    const MAPISPOOL_DEFAULT_INBOX: u32 = 1;
    let mut books = books();
    let spooler = books.choose_handle(Kind::Spooler);
    let id = books.program.entry_id();
    let flags = match books.program.byte() {
        0..128 => 0,
        _ => books.program.flags(&[MAPISPOOL_DEFAULT_INBOX]),
    };
    let has = books.program.byte();
    let with = |bit: u8| has & 1 << bit == 0;
    let finishes = has % 16 != 15;
    let ops = MAPISTOREOPS {
        cbSize: 0,
        SetLockState: with(1).then_some(callbacks::set_lock_state as _),
        FinishedMsg: finishes.then_some(callbacks::finished_msg as _),
        Released: Some(callbacks::released),
    };
    // Without callbacks it would have no Released, which the books count on.
    let mut ops = match books.program.structure(ops) {
        none if none.is_null() => Structure::exact(ops),
        some => some,
    };
    drop(books);
    let spooler_context = spooler_context(spooler);
    let context = self::books().offer(Whose::Store {
        name: (spooler_context, id.bytes().to_vec()),
        finishes,
    });
    let mut out = place();
    let result = call_on(
        Kind::Spooler,
        spooler,
        Function::SpoolerOpenStore,
        || unsafe {
            MapiSpoolerOpenStore(
                handle(spooler),
                id.length,
                id.as_ptr(),
                flags,
                ops.as_ptr(),
                context_pointer(context),
                place_pointer(&mut out),
            )
        },
    );
    let number = placed(out, result);
    accept(result, context);
    if result == S_OK {
        add(Kind::Store, number, context, spooler_context);
        let status = status_of(number).expect("a store that was just opened has a status");
        let another_is_on = is_on_elsewhere(number);
        self::books().opened(context, &status, another_is_on);
    }
}

/// Whether the store has another logon that is not over.
fn is_on_elsewhere(store: usize) -> bool {
    let name = store_name(store);
    live(Kind::Store)
        .into_iter()
        .filter(|other| *other != store && store_name(*other) == name)
        .filter_map(status_of)
        .any(|status| status.ulFlags & LOGOFF_COMPLETE == 0)
}

/// The store that a live handle is a logon of.
fn store_name(store: usize) -> Option<StoreName> {
    books().store_by_handle(store)
}

fn submit() {
    let (store, id) = {
        let mut books = books();
        let store = books.choose_handle(Kind::Store);
        (store, books.program.entry_id())
    };
    let name = store_name(store);
    if let Some(name) = &name {
        books().submitting(name, id.bytes());
    }
    let result = call_on(
        Kind::Store,
        store,
        Function::StoreSubmitMessage,
        || unsafe { MapiStoreSubmitMessage(handle(store), id.length, id.as_ptr()) },
    );
    if let Some(name) = &name {
        books().submitted(name, id.bytes(), result == S_OK);
    }
}

fn abort_submit() {
    let (store, id) = {
        let mut books = books();
        let store = books.choose_handle(Kind::Store);
        (store, books.program.entry_id())
    };
    let name = store_name(store);
    let result = call_on(Kind::Store, store, Function::StoreAbortSubmit, || unsafe {
        MapiStoreAbortSubmit(handle(store), id.length, id.as_ptr())
    });
    if let (S_OK, Some(name)) = (result, &name) {
        books().aborted(name, id.bytes());
    }
}

fn get_status() {
    let store = books().choose_handle(Kind::Store);
    let mut status = books().program.structure(no_status());
    let before = status.bytes.clone();
    let result = call_on(Kind::Store, store, Function::StoreGetStatus, || unsafe {
        MapiStoreGetStatus(handle(store), status.as_ptr())
    });
    let known = size_of::<MAPISPOOLSTATUS>();
    match result {
        S_OK => assert_eq!(
            status.bytes[known..],
            before[known..],
            "written behind what is known"
        ),
        _ => assert_eq!(status.bytes, before),
    }
}

fn no_status() -> MAPISPOOLSTATUS {
    MAPISPOOLSTATUS {
        cbSize: size_of::<MAPISPOOLSTATUS>() as u32,
        ulFlags: 0,
        cReady: 0,
        cWaiting: 0,
        cOutbound: 0,
        cInbound: 0,
        cFinished: 0,
    }
}

fn logoff() {
    let (store, word, null) = {
        let mut books = books();
        let store = books.choose_handle(Kind::Store);
        let word = books.program.flags(LOGOFFS);
        (store, word, books.program.once_in(64))
    };
    let mut flags = word;
    let result = call_on(
        Kind::Store,
        store,
        Function::StoreLogoffTransports,
        || unsafe {
            let flags = if null {
                ptr::null_mut()
            } else {
                &raw mut flags
            };
            StoreLogoffTransports(handle(store), flags)
        },
    );
    match result {
        S_OK => assert_eq!(flags & !OUTPUT, 0, "{flags:#x}"),
        _ => assert_eq!(flags, word),
    }
}

/// The same by a support object, which comes and goes for it.
fn logoff_by_support_object() {
    let (store, word, null) = {
        let mut books = books();
        let store = books.choose_handle(Kind::Store);
        let word = books.program.flags(LOGOFFS);
        (store, word, books.program.once_in(64))
    };
    let mut support: LPMAPISUP = ptr::null_mut();
    let result = call_on(Kind::Store, store, Function::StoreGetSupport, || unsafe {
        MapiStoreGetSupport(handle(store), ptr::null_mut(), &mut support)
    });
    if result != S_OK {
        assert!(support.is_null());
        return;
    }
    let mut books = books();
    let known = books.find(Kind::Store, store).expect("it was served");
    known.references += 1;
    drop(books);
    let methods = unsafe { &*(*support).lpVtbl };
    let mut flags = word;
    let logoff = call(Function::StoreLogoffTransports, || unsafe {
        let flags = if null {
            ptr::null_mut()
        } else {
            &raw mut flags
        };
        (methods.StoreLogoffTransports)(support, flags)
    });
    match logoff {
        S_OK => assert_eq!(flags & !OUTPUT, 0, "{flags:#x}"),
        _ => assert_eq!(flags, word),
    }
    call(Function::SupportSpoolerNotify, || unsafe {
        (methods.SpoolerNotify)(support, word, ptr::null_mut())
    });
    release_support_object(store, support);
}

/// A release too many in between may have taken its reference to the logon: then it gives up none.
fn release_support_object(store: usize, support: LPMAPISUP) {
    if let Some(known) = books().find(Kind::Store, store) {
        known.references -= 1;
    }
    let methods = unsafe { &*(*support).lpVtbl };
    call(Function::StoreRelease, || unsafe {
        assert_eq!((methods.Release)(support), 0);
        S_OK
    });
    assert_eq!(unsafe { (methods.Release)(support) }, 0, "once too often");
}

fn save_logoff() {
    let (store, word, null) = {
        let mut books = books();
        let store = books.choose_handle(Kind::Store);
        let word = books.program.flags(LOGOFFS);
        (store, word, books.program.once_in(16))
    };
    let mut flags = word;
    let result = call_on(Kind::Store, store, Function::StoreLogoff, || unsafe {
        let flags = if null {
            ptr::null_mut()
        } else {
            &raw mut flags
        };
        MapiStoreLogoff(handle(store), flags)
    });
    match result {
        S_OK => assert_eq!(flags & !OUTPUT, word & !OUTPUT),
        _ => assert_eq!(flags, word),
    }
}

fn cancel_logoff() {
    let store = books().choose_handle(Kind::Store);
    call_on(Kind::Store, store, Function::StoreCancelLogoff, || unsafe {
        MapiStoreCancelLogoff(handle(store))
    });
}

fn wait() {
    let store = books().choose_handle(Kind::Store);
    let timeout = books().program.timeout();
    call_on(Kind::Store, store, Function::StoreWait, || unsafe {
        MapiStoreWait(handle(store), timeout)
    });
}

fn add_ref() {
    let store = books().choose_handle(Kind::Store);
    let result = call_on(Kind::Store, store, Function::StoreAddRef, || unsafe {
        MapiStoreAddRef(handle(store))
    });
    if result == S_OK {
        books()
            .find(Kind::Store, store)
            .expect("it was served")
            .references += 1;
    }
}

fn release() {
    let store = books().choose_handle(Kind::Store);
    release_store(store);
}

fn release_store(store: usize) -> HRESULT {
    // Its callbacks may come before the call returns, and use the handle: it is over then.
    let was_live = match books().find(Kind::Store, store) {
        Some(known) => {
            known.references -= 1;
            true
        }
        None => false,
    };
    let result = call(Function::StoreRelease, || unsafe {
        MapiStoreRelease(handle(store))
    });
    assert_eq!(
        was_live,
        result == S_OK,
        "the release of a handle always succeeds, and only that"
    );
    result
}

/// Status of a store by its handle, as it is.
fn status_of(store: usize) -> Option<MAPISPOOLSTATUS> {
    let mut status = no_status();
    let result = unsafe { MapiStoreGetStatus(handle(store), &mut status) };
    (result == S_OK).then_some(status)
}

/// The status of each store logon.
fn statuses() -> Vec<[u32; 6]> {
    live(Kind::Store)
        .into_iter()
        .filter_map(status_of)
        .map(|s| {
            [
                s.ulFlags,
                s.cReady,
                s.cWaiting,
                s.cOutbound,
                s.cInbound,
                s.cFinished,
            ]
        })
        .collect()
}

fn live(kind: Kind) -> Vec<usize> {
    books().live(kind).map(|known| known.number).collect()
}

/// Between two calls, the library's counts are those of the books.
fn books_agree() {
    for store in live(Kind::Store) {
        let status = status_of(store).expect("a live handle has a status");
        let mut books = books();
        if status.ulFlags & LOGOFF_COMPLETE == 0 {
            books.agree(store, &status);
        }
    }
}

// The end.

/// What is left ends well: every message of a store that is still logged on is sent, every store released,
/// every spooler closed.
fn end() {
    for transfer in live(Kind::Transfer) {
        assert_eq!(end_transfer_with(transfer, S_OK, 0, 0), S_OK);
    }
    for transport in live(Kind::Transport) {
        assert!(matches!(remove(transport), S_OK | MAPI_E_END_OF_SESSION));
    }
    for spooler in live(Kind::Spooler) {
        add_transport_that_sends_everything(spooler);
    }
    books_agree();
    let still_on: Vec<usize> = live(Kind::Store)
        .into_iter()
        .filter(|store| status_of(*store).expect("live").ulFlags & LOGOFF_COMPLETE == 0)
        .collect();
    for store in &still_on {
        let name = store_name(*store).expect("a live handle");
        books().must_be_empty(&name);
    }
    for store in still_on {
        let mut flags = LOGOFF_PURGE;
        let result = call(Function::StoreLogoffTransports, || unsafe {
            StoreLogoffTransports(handle(store), &mut flags)
        });
        assert_eq!((result, flags & LOGOFF_COMPLETE), (S_OK, LOGOFF_COMPLETE));
    }
    for store in live(Kind::Store) {
        while books().find(Kind::Store, store).is_some() {
            release_store(store);
        }
    }
    for spooler in live(Kind::Spooler) {
        let result = call(Function::SpoolerClose, || unsafe {
            MapiSpoolerClose(handle(spooler), 0, u32::MAX)
        });
        assert_eq!(result, S_OK, "{}", last_error());
        books().spooler_is_over(spooler);
    }
}

fn add_transport_that_sends_everything(spooler: usize) {
    let spooler_context = spooler_context(spooler);
    let context = books().offer(Whose::Transport {
        spooler: spooler_context,
        ends_messages: true,
    });
    let ops = MAPITRANSPORTOPS {
        cbSize: size_of::<MAPITRANSPORTOPS>() as u32,
        SubmitMessage: Some(callbacks::submit_message),
        EndMessage: Some(callbacks::end_message),
        TransportNotify: None,
        FlushQueues: None,
        TransportLogoff: None,
        Destroy: Some(callbacks::destroy),
    };
    let mut number = UNTOUCHED;
    let result = call(Function::SpoolerAddTransport, || unsafe {
        MapiSpoolerAddTransport(
            handle(spooler),
            c"last".as_ptr(),
            0,
            ptr::null(),
            &ops,
            context_pointer(context),
            (&raw mut number).cast(),
        )
    });
    assert!(
        matches!(result, S_OK | MAPI_E_END_OF_SESSION),
        "{result:#x}"
    );
    accept(result, context);
    if result == S_OK {
        add(Kind::Transport, number, context, spooler_context);
    }
}
