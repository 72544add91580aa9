//! Memory runs out where it can be seen: the queue, which alone grows with what callers put in. In a program of
//! its own, for its allocator.

use mapispool::capi::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::{CString, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

const S_OK: HRESULT = 0;
const MAPI_E_NOT_ENOUGH_MEMORY: HRESULT = 0x8007_000E_u32 as HRESULT;
const LOGOFF_PURGE: ULONG = 4;
const LOGOFF_COMPLETE: ULONG = 0x0001_0000;

/// The system's memory, of which a thread may be refused large pieces.
struct Scarce;

thread_local! {
    static LARGEST: Cell<usize> = const { Cell::new(usize::MAX) };
}

impl Scarce {
    fn refuses(size: usize) -> bool {
        LARGEST
            .try_with(|largest| size > largest.get())
            .unwrap_or(false)
    }
}

// SAFETY: the system's allocator, or no memory.
unsafe impl GlobalAlloc for Scarce {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match Scarce::refuses(layout.size()) {
            true => ptr::null_mut(),
            // SAFETY: as the caller says.
            false => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller says.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        match Scarce::refuses(size) {
            true => ptr::null_mut(),
            // SAFETY: as the caller says.
            false => unsafe { System.realloc(pointer, layout, size) },
        }
    }
}

#[global_allocator]
static MEMORY: Scarce = Scarce;

/// Does something while no piece of memory may be larger.
fn with_pieces_up_to<R>(bytes: usize, work: impl FnOnce() -> R) -> R {
    LARGEST.set(bytes);
    let result = work();
    LARGEST.set(usize::MAX);
    result
}

unsafe extern "C" fn submit_message(
    _: *mut c_void,
    _: *const MAPISPOOLMESSAGE,
    _: *mut ULONG,
) -> HRESULT {
    S_OK
}

unsafe extern "C" fn finished_msg(
    context: *mut c_void,
    _: ULONG,
    _: ULONG,
    _: *const c_void,
) -> HRESULT {
    // SAFETY: the context of the store is its count.
    let finished = unsafe { &*context.cast::<AtomicU32>() };
    finished.fetch_add(1, Ordering::Relaxed);
    S_OK
}

/// A spooler in manual mode with a self-driven transport and a store; what was sent is counted.
struct World {
    spooler: HMAPISPOOLER,
    self_driven: HMAPITRANSPORT,
    store: HMAPISTORE,
    finished: Box<AtomicU32>,
}

impl World {
    fn open() -> World {
        let finished = Box::<AtomicU32>::default();
        // Its own: the other test's stores are not to be other opens.
        let profile = CString::new(format!("{finished:p}")).expect("a number");
        let options = MAPISPOOLOPTIONS {
            cbSize: size_of::<MAPISPOOLOPTIONS>() as ULONG,
            ulFlags: MAPISPOOL_LOCAL | MAPISPOOL_MANUAL,
            lpszProfileName: profile.as_ptr(),
            ulAbortLimit: 0,
            ulPurgeLimit: 0,
            ulRetryPause: 0,
            ulDeclinedPause: 0,
            lpszPresenceDirectory: ptr::null(),
            lpvContext: ptr::null_mut(),
            lpfnLog: None,
            lpfnThreadStart: None,
            lpfnThreadEnd: None,
            lpfnDestroy: None,
            lpfnAllocateBuffer: None,
        };
        let mut spooler = ptr::null_mut();
        // SAFETY: as the header wants it.
        assert_eq!(unsafe { MapiSpoolerOpen(&options, &mut spooler) }, S_OK);
        World {
            spooler,
            self_driven: add_transport(spooler, None),
            store: open_store(spooler, b"store", &finished),
            finished,
        }
    }

    fn submit(&self, number: u32) -> HRESULT {
        submit(self.store, number)
    }

    /// Another store of the spooler has had so many messages queued.
    fn leave_room_for(&self, messages: u32) {
        let store = open_store(self.spooler, b"another", &self.finished);
        for number in 0..messages {
            assert_eq!(submit(store, number), S_OK);
        }
        // SAFETY: as the header wants it. Its final release is a LOGOFF_ABORT, and leaves them in the Outbox.
        assert_eq!(unsafe { MapiStoreRelease(store) }, S_OK);
    }

    fn begin(&self, number: u32) -> (HRESULT, HMAPITRANSFER) {
        let id = id(number);
        let mut transfer = ptr::null_mut();
        // SAFETY: as the header wants it.
        let result = unsafe {
            let (length, id) = (id.len() as ULONG, id.as_ptr().cast());
            MapiTransportBeginOutbound(self.self_driven, self.store, length, id, &mut transfer)
        };
        (result, transfer)
    }

    fn queued(&self) -> u32 {
        let mut status = MAPISPOOLSTATUS {
            cbSize: size_of::<MAPISPOOLSTATUS>() as ULONG,
            ulFlags: 0,
            cReady: 0,
            cWaiting: 0,
            cOutbound: 0,
            cInbound: 0,
            cFinished: 0,
        };
        // SAFETY: as the header wants it.
        assert_eq!(unsafe { MapiStoreGetStatus(self.store, &mut status) }, S_OK);
        assert_eq!((status.cOutbound, status.cFinished), (0, 0));
        status.cReady + status.cWaiting
    }

    /// Sends everything; how many messages that were.
    fn purge(self) -> u32 {
        add_transport(self.spooler, Some(submit_message));
        let mut flags = LOGOFF_PURGE;
        // SAFETY: as the header wants it.
        unsafe {
            assert_eq!(StoreLogoffTransports(self.store, &mut flags), S_OK);
            assert_eq!(flags, LOGOFF_COMPLETE);
            assert_eq!(MapiStoreRelease(self.store), S_OK);
            assert_eq!(MapiSpoolerClose(self.spooler, 0, MAPISPOOL_INFINITE), S_OK);
        }
        self.finished.load(Ordering::Relaxed)
    }
}

type SubmitMessage =
    unsafe extern "C" fn(*mut c_void, *const MAPISPOOLMESSAGE, *mut ULONG) -> HRESULT;

fn add_transport(spooler: HMAPISPOOLER, submit: Option<SubmitMessage>) -> HMAPITRANSPORT {
    let ops = MAPITRANSPORTOPS {
        cbSize: size_of::<MAPITRANSPORTOPS>() as ULONG,
        SubmitMessage: submit,
        EndMessage: None,
        TransportNotify: None,
        FlushQueues: None,
        TransportLogoff: None,
        Destroy: None,
    };
    let (name, nothing) = (c"transport".as_ptr(), ptr::null_mut());
    let mut transport = ptr::null_mut();
    // SAFETY: as the header wants it.
    let added = unsafe {
        MapiSpoolerAddTransport(spooler, name, 0, nothing, &ops, nothing, &mut transport)
    };
    assert_eq!(added, S_OK);
    transport
}

/// A store whose FinishedMsg are counted; the count has to live as long as the store.
fn open_store(spooler: HMAPISPOOLER, id: &[u8], finished: &AtomicU32) -> HMAPISTORE {
    let ops = MAPISTOREOPS {
        cbSize: size_of::<MAPISTOREOPS>() as ULONG,
        SetLockState: None,
        FinishedMsg: Some(finished_msg),
        Released: None,
    };
    let (length, id) = (id.len() as ULONG, id.as_ptr().cast());
    let context = ptr::from_ref(finished).cast_mut().cast();
    let mut store = ptr::null_mut();
    // SAFETY: as the header wants it.
    let opened = unsafe { MapiSpoolerOpenStore(spooler, length, id, 0, &ops, context, &mut store) };
    assert_eq!(opened, S_OK);
    store
}

fn submit(store: HMAPISTORE, number: u32) -> HRESULT {
    let id = id(number);
    // SAFETY: as the header wants it.
    unsafe { MapiStoreSubmitMessage(store, id.len() as ULONG, id.as_ptr().cast()) }
}

fn id(number: u32) -> Vec<u8> {
    CString::new(number.to_string())
        .expect("digits")
        .into_bytes()
}

fn last_error() -> String {
    let mut text = [0_u8; 200];
    let mut needed = 0;
    // SAFETY: as the header wants it.
    let result = unsafe { MapiSpoolerGetLastError(text.as_mut_ptr().cast(), 200, &mut needed) };
    assert_eq!(result, S_OK);
    String::from_utf8_lossy(&text[..needed as usize - 1]).into_owned()
}

/// Submits until memory has run out; everything that was taken in is sent once there is memory again.
fn runs_out(world: World, kibibytes: usize) {
    let taken_in = with_pieces_up_to(kibibytes * 1024, || {
        let refused = (0..)
            .find(|number| world.submit(*number) != S_OK)
            .expect("no end");
        assert_eq!(world.submit(refused), MAPI_E_NOT_ENOUGH_MEMORY);
        assert_eq!(
            world.begin(refused),
            (MAPI_E_NOT_ENOUGH_MEMORY, ptr::null_mut())
        );
        refused
    });
    assert_eq!(last_error(), "out of memory");
    assert_eq!(world.queued(), taken_in, "with pieces of {kibibytes} KiB");
    assert_eq!(world.submit(taken_in), S_OK, "there is memory again");
    assert_eq!(world.purge(), taken_in + 1);
}

const KIBIBYTES: [usize; 10] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

#[test]
fn a_queue_that_cannot_grow_says_so_and_keeps_what_it_has() {
    for kibibytes in KIBIBYTES {
        runs_out(World::open(), kibibytes);
    }
}

/// There is room for the messages, and none for the store's list of them.
#[test]
fn a_list_of_messages_that_cannot_grow_says_so_and_keeps_what_it_has() {
    for kibibytes in KIBIBYTES {
        let world = World::open();
        world.leave_room_for(20_000);
        runs_out(world, kibibytes);
    }
}
