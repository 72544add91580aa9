//! A panic at every point of every function: it answers MAPI_E_CALL_FAILED or what it would have answered, and
//! everything goes on.

// The calls get what the header wants: that is what makes all of them safe.
#![allow(clippy::undocumented_unsafe_blocks)]

use crate::capi::*;
use crate::com::LPMAPISUP;
use crate::engine::mapi::*;
use crate::faults::{self, Room};
use std::collections::BTreeSet;
use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a place for a result holds before the call.
const UNTOUCHED: usize = 0x5EED;

/// How often each callback came.
#[derive(Default)]
struct Counts {
    finished: AtomicU32,
    spooler_destroyed: AtomicU32,
    transport_destroyed: AtomicU32,
    released: AtomicU32,
    /// Lines of the log about a defect.
    defects: AtomicU32,
    /// The next SubmitMessage leaves a fault behind on its thread: at this point, counted from 1.
    fault: AtomicU32,
}

impl Counts {
    fn context(&self) -> *mut c_void {
        ptr::from_ref(self).cast_mut().cast()
    }
}

fn counts<'a>(context: *mut c_void) -> &'a Counts {
    unsafe { &*context.cast() }
}

fn count(which: &AtomicU32) {
    which.fetch_add(1, Ordering::Relaxed);
}

unsafe extern "C" fn submit_message(
    context: *mut c_void,
    _: *const MAPISPOOLMESSAGE,
    _: *mut ULONG,
) -> HRESULT {
    let fault = counts(context).fault.swap(0, Ordering::Relaxed);
    if let Some(point) = fault.checked_sub(1) {
        faults::arm(Room::Spooler, point);
    }
    S_OK
}

unsafe extern "C" fn finished(
    context: *mut c_void,
    _: ULONG,
    _: ULONG,
    _: *const c_void,
) -> HRESULT {
    count(&counts(context).finished);
    S_OK
}

unsafe extern "C" fn released(context: *mut c_void, _: ULONG) {
    count(&counts(context).released);
}

unsafe extern "C" fn transport_destroyed(context: *mut c_void) {
    count(&counts(context).transport_destroyed);
}

unsafe extern "C" fn spooler_destroyed(context: *mut c_void) {
    count(&counts(context).spooler_destroyed);
}

unsafe extern "C" fn log(context: *mut c_void, _: ULONG, text: *const c_char) {
    let text = unsafe { CStr::from_ptr(text) };
    if text.to_bytes().starts_with(b"a defect inside mapispool") {
        count(&counts(context).defects);
    }
}

/// A spooler in manual mode with a driven and a self-driven transport, and a store that has one message taken and
/// one queued.
#[derive(Clone, Copy)]
struct World {
    counts: &'static Counts,
    spooler: HMAPISPOOLER,
    driven: HMAPITRANSPORT,
    self_driven: HMAPITRANSPORT,
    store: HMAPISTORE,
    taken: HMAPITRANSFER,
}

/// The result of a call that must not fail.
fn good<T>(call: impl FnOnce(*mut *mut T) -> HRESULT) -> *mut T {
    let mut result = ptr::null_mut();
    assert_eq!(call(&mut result), S_OK);
    result
}

impl World {
    fn open(flags: ULONG) -> World {
        World::with_fault(flags, 0)
    }

    /// The first SubmitMessage arms this fault.
    fn with_fault(flags: ULONG, fault: u32) -> World {
        // Not freed: a spooler that an engine's panic has broken may keep it.
        let counts: &'static Counts = Box::leak(Box::default());
        counts.fault.store(fault, Ordering::Relaxed);
        let spooler = good(|place| open_spooler(counts, flags, place));
        let self_driven = good(|place| add_transport(spooler, counts, None, place));
        let store = good(|place| open_store(spooler, counts, c"store", place));
        let mut message: *const MAPISPOOLMESSAGE = ptr::null();
        let taken = unsafe {
            assert_eq!(submit(store, c"taken"), S_OK);
            assert_eq!(MapiTransportTakeMessage(self_driven, 0, &mut message), S_OK);
            assert_eq!(submit(store, c"queued"), S_OK);
            (*message).hTransfer
        };
        let driven = good(|place| add_transport(spooler, counts, Some(submit_message), place));
        World {
            counts,
            spooler,
            driven,
            self_driven,
            store,
            taken,
        }
    }

    /// Flags, ready, waiting, outbound, inbound, finished; nothing once the handle is over.
    fn status(&self) -> Option<[ULONG; 6]> {
        let mut status = no_status();
        let result = unsafe { MapiStoreGetStatus(self.store, &mut status) };
        (result == S_OK).then_some([
            status.ulFlags,
            status.cReady,
            status.cWaiting,
            status.cOutbound,
            status.cInbound,
            status.cFinished,
        ])
    }

    /// Everything that is left ends as it should: what is queued is sent, each finalizer runs once.
    fn ends_well(self, transports: u32, stores: u32) {
        // The one it had may have been removed.
        let mut sender = ptr::null_mut();
        let added = add_transport(self.spooler, self.counts, Some(submit_message), &mut sender);
        unsafe {
            MapiTransferEnd(self.taken, S_OK, 0, 0);
            if let Some([flags, ..]) = self.status()
                && flags & LOGOFF_COMPLETE == 0
            {
                let mut word = LOGOFF_PURGE;
                assert_eq!(StoreLogoffTransports(self.store, &mut word), S_OK);
                assert_eq!(
                    word & (LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE),
                    LOGOFF_COMPLETE
                );
            }
            while MapiStoreRelease(self.store) == S_OK {}
            let closed = MapiSpoolerClose(self.spooler, LOGOFF_ABORT, MAPISPOOL_INFINITE);
            assert!(
                matches!(closed, S_OK | MAPI_E_INVALID_PARAMETER),
                "{closed:#x}"
            );
        }
        let counted = |count: &AtomicU32| count.load(Ordering::Relaxed);
        assert_eq!(counted(&self.counts.spooler_destroyed), 1, "lpfnDestroy");
        assert_eq!(
            counted(&self.counts.transport_destroyed),
            transports + u32::from(added == S_OK),
            "Destroy"
        );
        assert_eq!(counted(&self.counts.released), stores, "Released");
    }
}

fn open_spooler(counts: &Counts, flags: ULONG, place: *mut HMAPISPOOLER) -> HRESULT {
    // A profile of its own: it is not to meet the stores of a spooler that another test, or a panic, has left.
    let profile = CString::new(format!("{counts:p}")).expect("a number");
    let options = MAPISPOOLOPTIONS {
        cbSize: size_of::<MAPISPOOLOPTIONS>() as u32,
        ulFlags: MAPISPOOL_LOCAL | flags,
        lpszProfileName: profile.as_ptr(),
        ulAbortLimit: 0,
        ulPurgeLimit: 0,
        ulRetryPause: 0,
        ulDeclinedPause: 0,
        lpszPresenceDirectory: ptr::null(),
        lpvContext: counts.context(),
        lpfnLog: Some(log),
        lpfnThreadStart: None,
        lpfnThreadEnd: None,
        lpfnDestroy: Some(spooler_destroyed),
        lpfnAllocateBuffer: None,
    };
    unsafe { MapiSpoolerOpen(&options, place) }
}

type SubmitMessage =
    unsafe extern "C" fn(*mut c_void, *const MAPISPOOLMESSAGE, *mut ULONG) -> HRESULT;

fn add_transport(
    spooler: HMAPISPOOLER,
    counts: &Counts,
    submit: Option<SubmitMessage>,
    place: *mut HMAPITRANSPORT,
) -> HRESULT {
    let ops = MAPITRANSPORTOPS {
        cbSize: size_of::<MAPITRANSPORTOPS>() as u32,
        SubmitMessage: submit,
        EndMessage: None,
        TransportNotify: None,
        FlushQueues: None,
        TransportLogoff: None,
        Destroy: Some(transport_destroyed),
    };
    let name = c"transport".as_ptr();
    let context = counts.context();
    unsafe { MapiSpoolerAddTransport(spooler, name, 0, ptr::null(), &ops, context, place) }
}

fn open_store(
    spooler: HMAPISPOOLER,
    counts: &Counts,
    id: &CStr,
    place: *mut HMAPISTORE,
) -> HRESULT {
    let ops = MAPISTOREOPS {
        cbSize: size_of::<MAPISTOREOPS>() as u32,
        SetLockState: None,
        FinishedMsg: Some(finished),
        Released: Some(released),
    };
    let (length, id) = bytes(id);
    unsafe { MapiSpoolerOpenStore(spooler, length, id, 0, &ops, counts.context(), place) }
}

fn submit(store: HMAPISTORE, id: &CStr) -> HRESULT {
    let (length, id) = bytes(id);
    unsafe { MapiStoreSubmitMessage(store, length, id) }
}

fn bytes(id: &CStr) -> (ULONG, *const c_void) {
    (id.count_bytes() as ULONG, id.as_ptr().cast())
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

/// A call that succeeds if nothing breaks.
#[derive(Clone, Copy)]
struct Call {
    function: &'static str,
    /// Makes it, with a place for the result, which holds a logoff's instruction before.
    make: fn(&World, *mut usize) -> HRESULT,
    before: usize,
    /// What it answers if nothing breaks.
    answer: HRESULT,
    /// What comes before it.
    prepare: fn(&World),
    /// It carries out work, and may have done so before it fails.
    works: bool,
}

const fn call(function: &'static str, make: fn(&World, *mut usize) -> HRESULT) -> Call {
    Call {
        function,
        make,
        before: UNTOUCHED,
        answer: S_OK,
        prepare: |_| {},
        works: false,
    }
}

/// With nothing in process that only this thread could end.
fn end_taken(world: &World) {
    assert_eq!(unsafe { MapiTransferEnd(world.taken, S_OK, 0, 0) }, S_OK);
}

const fn logoff(instruction: ULONG) -> Call {
    Call {
        before: instruction as usize,
        works: true,
        ..call("StoreLogoffTransports", |world, word| unsafe {
            StoreLogoffTransports(world.store, word.cast())
        })
    }
}

/// A method of a support object, which comes and goes for it.
fn of_a_support_object(world: &World, method: fn(LPMAPISUP) -> HRESULT) -> HRESULT {
    let mut support: LPMAPISUP = ptr::null_mut();
    let mut result = unsafe { MapiStoreGetSupport(world.store, ptr::null_mut(), &mut support) };
    if result == S_OK {
        result = method(support);
        assert_eq!(unsafe { ((*(*support).lpVtbl).Release)(support) }, 0);
    }
    result
}

/// Every function but MapiSpoolerVersion, in which nothing can break.
const CALLS: &[Call] = &[
    call("MapiSpoolerOpen", |_, place| {
        open_spooler(Box::leak(Box::default()), MAPISPOOL_MANUAL, place.cast())
    }),
    Call {
        works: true,
        ..call("MapiSpoolerRun", |world, _| unsafe {
            MapiSpoolerRun(world.spooler, 10_000)
        })
    },
    Call {
        works: true,
        prepare: end_taken,
        ..call("MapiSpoolerClose", |world, _| unsafe {
            MapiSpoolerClose(world.spooler, LOGOFF_ABORT, MAPISPOOL_INFINITE)
        })
    },
    call("MapiSpoolerOpenStore", |world, place| {
        open_store(world.spooler, world.counts, c"another", place.cast())
    }),
    call("MapiStoreSubmitMessage", |world, _| {
        submit(world.store, c"third")
    }),
    call("MapiStoreAbortSubmit", |world, _| unsafe {
        let (length, id) = bytes(c"queued");
        MapiStoreAbortSubmit(world.store, length, id)
    }),
    call("MapiStoreGetStatus", |world, _| unsafe {
        MapiStoreGetStatus(world.store, &mut no_status())
    }),
    call("MapiStoreAddRef", |world, _| unsafe {
        MapiStoreAddRef(world.store)
    }),
    Call {
        works: true,
        ..call("MapiStoreRelease", |world, _| unsafe {
            MapiStoreRelease(world.store)
        })
    },
    logoff(LOGOFF_NO_WAIT),
    logoff(LOGOFF_ORDERLY),
    logoff(LOGOFF_QUIET),
    Call {
        prepare: end_taken,
        ..logoff(LOGOFF_PURGE)
    },
    Call {
        prepare: end_taken,
        ..logoff(LOGOFF_ABORT)
    },
    Call {
        answer: MAPI_E_TIMEOUT,
        ..call("MapiStoreWait", |world, _| unsafe {
            MapiStoreWait(world.store, 0)
        })
    },
    call("MapiStoreGetSupport", |world, place| unsafe {
        MapiStoreGetSupport(world.store, ptr::null_mut(), place.cast())
    }),
    Call {
        works: true,
        prepare: end_taken,
        ..call("MapiStoreGetSupport", |world, _| {
            of_a_support_object(world, |support| unsafe {
                let mut word = LOGOFF_ABORT;
                ((*(*support).lpVtbl).StoreLogoffTransports)(support, &mut word)
            })
        })
    },
    Call {
        works: true,
        ..call("MapiStoreGetSupport", |world, _| {
            of_a_support_object(world, |support| unsafe {
                let notify = (*(*support).lpVtbl).SpoolerNotify;
                notify(support, NOTIFY_READYTOSEND, ptr::null_mut())
            })
        })
    },
    Call {
        answer: MAPI_E_NO_SUPPORT,
        works: true,
        ..call("MapiStoreGetSupport", |world, _| {
            of_a_support_object(world, |support| unsafe {
                ((*(*support).lpVtbl).SpoolerYield)(support, 0)
            })
        })
    },
    call("MapiStoreCancelLogoff", |world, _| unsafe {
        MapiStoreCancelLogoff(world.store)
    }),
    Call {
        before: LOGOFF_PURGE as usize,
        ..call("MapiStoreLogoff", |world, word| unsafe {
            MapiStoreLogoff(world.store, word.cast())
        })
    },
    Call {
        works: true,
        prepare: end_taken,
        ..call("MapiSpoolerLogoffStores", |world, place| unsafe {
            MapiSpoolerLogoffStores(world.spooler, LOGOFF_PURGE, 9, place.cast())
        })
    },
    call("MapiSpoolerAddTransport", |world, place| {
        add_transport(world.spooler, world.counts, None, place.cast())
    }),
    Call {
        works: true,
        ..call("MapiTransportRemove", |world, _| unsafe {
            MapiTransportRemove(world.driven)
        })
    },
    call("MapiTransportSpoolerNotify", |world, _| unsafe {
        MapiTransportSpoolerNotify(world.driven, NOTIFY_READYTOSEND, 0, ptr::null())
    }),
    Call {
        works: true,
        // The driven transport is about to get the one that is queued.
        prepare: |world| assert_eq!(submit(world.store, c"third"), S_OK),
        ..call("MapiTransportTakeMessage", |world, place| unsafe {
            MapiTransportTakeMessage(world.self_driven, 0, place.cast())
        })
    },
    Call {
        works: true,
        ..call("MapiTransportBeginOutbound", |world, place| unsafe {
            let (length, id) = bytes(c"queued");
            MapiTransportBeginOutbound(world.self_driven, world.store, length, id, place.cast())
        })
    },
    call("MapiTransportBeginInbound", |world, place| unsafe {
        MapiTransportBeginInbound(world.driven, world.store, place.cast())
    }),
    call("MapiTransferSpoolerYield", |world, _| unsafe {
        MapiTransferSpoolerYield(world.taken)
    }),
    Call {
        works: true,
        ..call("MapiTransferEnd", |world, _| unsafe {
            MapiTransferEnd(world.taken, S_OK, 0, 0)
        })
    },
    call("MapiSpoolerGetLastError", |_, place| unsafe {
        MapiSpoolerGetLastError(ptr::null_mut(), 0, place.cast())
    }),
];

/// One call with a panic at one point. `None`: it did not come to that point.
fn broken(call: Call, room: Room, point: u32) -> Option<(World, HRESULT, usize)> {
    let world = World::open(MAPISPOOL_MANUAL);
    (call.prepare)(&world);
    let before = world.status();
    let mut place = call.before;
    faults::arm(room, point);
    let answer = (call.make)(&world, &mut place);
    let came = !faults::disarm();
    if !came {
        assert_eq!(answer, call.answer, "{}", call.function);
    }
    if answer == MAPI_E_CALL_FAILED {
        assert_eq!(
            place, call.before,
            "{} failed and wrote its result",
            call.function
        );
        if room == Room::Spooler && !call.works {
            assert_eq!(
                before,
                world.status(),
                "{} failed and changed something",
                call.function
            );
        }
    }
    came.then_some((world, answer, place))
}

#[test]
fn every_function_of_the_header_is_here() {
    let template = include_str!("../mapispool.h.in");
    let listed: BTreeSet<&str> = template
        .lines()
        .filter_map(|line| line.strip_prefix("//= "))
        .flat_map(str::split_whitespace)
        .filter(|name| name.contains(|letter: char| letter.is_ascii_lowercase()))
        .collect();
    let here = CALLS.iter().map(|call| call.function);
    assert_eq!(listed, here.chain(["MapiSpoolerVersion"]).collect());
}

/// Around the rules, a panic costs the call at most: it fails with everything as before, or what it did is done
/// and the panic concerned only what follows from it. Nothing is lost, nothing hangs.
#[test]
fn a_panic_around_the_engine_leaves_everything_well() {
    for call in CALLS {
        for point in 0.. {
            let Some((world, answer, place)) = broken(*call, Room::Spooler, point) else {
                break;
            };
            println!("{} at point {point}: {answer:#x}", call.function);
            assert!(
                answer == call.answer || answer == MAPI_E_CALL_FAILED,
                "{} at point {point}: {answer:#x}",
                call.function
            );
            let accepted = |function| u32::from(call.function == function && answer == S_OK);
            end_what_was_begun(call.function, answer, place);
            world.ends_well(
                2 + accepted("MapiSpoolerAddTransport"),
                1 + accepted("MapiSpoolerOpenStore"),
            );
        }
    }
}

fn end_what_was_begun(function: &str, answer: HRESULT, place: usize) {
    if answer != S_OK {
        return;
    }
    unsafe {
        match function {
            "MapiSpoolerOpen" => {
                let spooler = ptr::without_provenance_mut(place);
                assert_eq!(MapiSpoolerClose(spooler, 0, 0), S_OK);
            }
            "MapiStoreGetSupport" if place != UNTOUCHED => {
                let support: LPMAPISUP = ptr::with_exposed_provenance_mut(place);
                assert_eq!(((*(*support).lpVtbl).Release)(support), 0);
            }
            "MapiTransportTakeMessage" => {
                let message: *const MAPISPOOLMESSAGE = ptr::with_exposed_provenance(place);
                assert_eq!(MapiTransferEnd((*message).hTransfer, S_OK, 0, 0), S_OK);
            }
            "MapiTransportBeginOutbound" | "MapiTransportBeginInbound" => {
                let transfer = ptr::without_provenance_mut(place);
                assert_eq!(MapiTransferEnd(transfer, S_OK, 0, 0), S_OK);
            }
            _ => {}
        }
    }
}

/// In the middle of a rule, nothing can be promised of this spooler but that it answers, finishes no message twice
/// and frees nothing twice. Others never notice.
#[test]
fn a_panic_in_the_engine_stays_in_its_spooler() {
    for call in CALLS {
        for point in 0.. {
            let Some((world, ..)) = broken(*call, Room::Engine, point) else {
                break;
            };
            unsafe {
                MapiTransferEnd(world.taken, S_OK, 0, 0);
                MapiStoreRelease(world.store);
                MapiSpoolerClose(world.spooler, LOGOFF_ABORT, 0);
            }
            let counts = world.counts;
            let most = |count: &AtomicU32, most| assert!(count.load(Ordering::Relaxed) <= most);
            most(&counts.finished, 2);
            most(&counts.spooler_destroyed, 1);
            most(&counts.transport_destroyed, 3);
            most(&counts.released, 2);
        }
        World::open(MAPISPOOL_MANUAL).ends_well(2, 1);
    }
}

/// The same on the thread of a driven transport, with nobody there to answer: it goes on with its work.
#[test]
fn a_panic_on_a_thread_of_the_spooler_does_not_stop_it() {
    let mut defects = 0;
    for point in 1..12 {
        let world = World::with_fault(0, point);
        let mut word = LOGOFF_PURGE;
        end_taken(&world);
        assert_eq!(
            unsafe { StoreLogoffTransports(world.store, &mut word) },
            S_OK
        );
        assert_eq!(word, LOGOFF_COMPLETE, "with a fault at point {point}");
        world.ends_well(2, 1);
        assert_eq!(world.counts.finished.load(Ordering::Relaxed), 2);
        defects += world.counts.defects.load(Ordering::Relaxed);
    }
    assert!(defects > 0, "no fault came about");
}
