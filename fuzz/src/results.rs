//! The results of the header, written down a second time: what a function answers is one that its page names.

use mapispool::capi::HRESULT;

const fn result(bits: u32) -> HRESULT {
    bits as HRESULT
}

pub const S_OK: HRESULT = 0;
pub const MAPI_W_CANCEL_MESSAGE: HRESULT = result(0x0004_0580);
pub const MAPI_W_PARTIAL_COMPLETION: HRESULT = result(0x0004_0680);
pub const MAPI_E_CALL_FAILED: HRESULT = result(0x8000_4005);
pub const MAPI_E_BAD_CHARWIDTH: HRESULT = result(0x8004_0103);
pub const MAPI_E_UNKNOWN_FLAGS: HRESULT = result(0x8004_0106);
pub const MAPI_E_INVALID_ENTRYID: HRESULT = result(0x8004_0107);
pub const MAPI_E_INVALID_OBJECT: HRESULT = result(0x8004_0108);
pub const MAPI_E_BUSY: HRESULT = result(0x8004_010B);
pub const MAPI_E_NOT_ENOUGH_RESOURCES: HRESULT = result(0x8004_010E);
pub const MAPI_E_NOT_FOUND: HRESULT = result(0x8004_010F);
pub const MAPI_E_VERSION: HRESULT = result(0x8004_0110);
pub const MAPI_E_USER_CANCEL: HRESULT = result(0x8004_0113);
pub const MAPI_E_UNABLE_TO_ABORT: HRESULT = result(0x8004_0114);
pub const MAPI_E_NETWORK_ERROR: HRESULT = result(0x8004_0115);
pub const MAPI_E_END_OF_SESSION: HRESULT = result(0x8004_0200);
pub const MAPI_E_TOO_BIG: HRESULT = result(0x8004_0305);
pub const MAPI_E_TIMEOUT: HRESULT = result(0x8004_0401);
pub const MAPI_E_WAIT: HRESULT = result(0x8004_0500);
pub const MAPI_E_CANCEL: HRESULT = result(0x8004_0501);
pub const MAPI_E_NOT_ME: HRESULT = result(0x8004_0502);
pub const MAPI_E_NOT_IN_QUEUE: HRESULT = result(0x8004_0601);
pub const MAPI_E_COLLISION: HRESULT = result(0x8004_0604);
pub const MAPI_E_SUBMITTED: HRESULT = result(0x8004_0608);
pub const MAPI_E_NO_ACCESS: HRESULT = result(0x8007_0005);
pub const MAPI_E_INVALID_PARAMETER: HRESULT = result(0x8007_0057);

/// The functions of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    SpoolerOpen,
    SpoolerRun,
    SpoolerClose,
    SpoolerOpenStore,
    StoreSubmitMessage,
    StoreAbortSubmit,
    StoreGetStatus,
    StoreAddRef,
    StoreRelease,
    StoreLogoffTransports,
    StoreWait,
    StoreCancelLogoff,
    StoreLogoff,
    StoreGetSupport,
    /// IMAPISupport::SpoolerNotify.
    SupportSpoolerNotify,
    SpoolerLogoffStores,
    SpoolerAddTransport,
    TransportRemove,
    TransportSpoolerNotify,
    TransportTakeMessage,
    TransportBeginOutbound,
    TransportBeginInbound,
    TransferSpoolerYield,
    TransferEnd,
    SpoolerGetLastError,
}

use Function::*;

impl Function {
    /// The results on its page, but for S_OK. MAPI_E_INVALID_OBJECT stands where it has a reason beside fork;
    /// MAPI_E_NOT_ENOUGH_RESOURCES nowhere but with the 64 transports, as manual mode needs no thread.
    fn documented(self) -> &'static [HRESULT] {
        match self {
            SpoolerOpen => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_BAD_CHARWIDTH,
                MAPI_E_UNKNOWN_FLAGS,
                MAPI_E_VERSION,
                MAPI_E_NO_ACCESS,
            ],
            SpoolerRun => &[MAPI_E_INVALID_PARAMETER, MAPI_E_BUSY],
            SpoolerClose => &[
                MAPI_E_TIMEOUT,
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_UNKNOWN_FLAGS,
                MAPI_E_BUSY,
            ],
            SpoolerOpenStore => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_ENTRYID,
                MAPI_E_UNKNOWN_FLAGS,
                MAPI_E_VERSION,
                MAPI_E_COLLISION,
                MAPI_E_END_OF_SESSION,
            ],
            StoreSubmitMessage => &[
                MAPI_E_SUBMITTED,
                MAPI_E_BUSY,
                MAPI_E_INVALID_OBJECT,
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_ENTRYID,
                MAPI_E_END_OF_SESSION,
            ],
            StoreAbortSubmit => &[
                MAPI_E_NOT_IN_QUEUE,
                MAPI_E_UNABLE_TO_ABORT,
                MAPI_E_INVALID_OBJECT,
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_ENTRYID,
            ],
            StoreGetStatus => &[MAPI_E_INVALID_PARAMETER, MAPI_E_VERSION],
            StoreAddRef | StoreRelease | StoreCancelLogoff | TransferSpoolerYield => {
                &[MAPI_E_INVALID_PARAMETER]
            }
            StoreLogoffTransports => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_OBJECT,
                MAPI_E_UNKNOWN_FLAGS,
                MAPI_E_BUSY,
            ],
            StoreWait => &[MAPI_E_TIMEOUT, MAPI_E_INVALID_PARAMETER, MAPI_E_BUSY],
            StoreLogoff => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_OBJECT,
                MAPI_E_UNKNOWN_FLAGS,
            ],
            StoreGetSupport => &[MAPI_E_INVALID_PARAMETER, MAPI_E_INVALID_OBJECT],
            SupportSpoolerNotify => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_OBJECT,
                MAPI_E_UNKNOWN_FLAGS,
            ],
            SpoolerLogoffStores => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_UNKNOWN_FLAGS,
                MAPI_E_BUSY,
                MAPI_E_END_OF_SESSION,
            ],
            SpoolerAddTransport => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_ENTRYID,
                MAPI_E_BAD_CHARWIDTH,
                MAPI_E_VERSION,
                MAPI_E_NOT_ENOUGH_RESOURCES,
                MAPI_E_END_OF_SESSION,
            ],
            TransportRemove => &[
                MAPI_E_TIMEOUT,
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_BUSY,
                MAPI_E_END_OF_SESSION,
            ],
            TransportSpoolerNotify => &[
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_UNKNOWN_FLAGS,
                MAPI_E_INVALID_ENTRYID,
                MAPI_E_NOT_FOUND,
            ],
            TransportTakeMessage => &[
                MAPI_E_TIMEOUT,
                MAPI_E_END_OF_SESSION,
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_BUSY,
            ],
            TransportBeginOutbound => &[
                MAPI_E_SUBMITTED,
                MAPI_E_BUSY,
                MAPI_E_NOT_FOUND,
                MAPI_E_TIMEOUT,
                MAPI_E_INVALID_PARAMETER,
                MAPI_E_INVALID_ENTRYID,
                MAPI_E_INVALID_OBJECT,
                MAPI_E_END_OF_SESSION,
            ],
            TransportBeginInbound => {
                &[MAPI_E_BUSY, MAPI_E_INVALID_PARAMETER, MAPI_E_INVALID_OBJECT]
            }
            TransferEnd => &[MAPI_E_INVALID_PARAMETER, MAPI_E_UNKNOWN_FLAGS],
            SpoolerGetLastError => &[MAPI_E_TOO_BIG, MAPI_E_INVALID_PARAMETER],
        }
    }

    pub fn may_answer(self, result: HRESULT) -> bool {
        result == S_OK
            || (self == TransferSpoolerYield && result == MAPI_W_CANCEL_MESSAGE)
            || self.documented().contains(&result)
    }

    /// Whether the error comes after the call has had its effect: it waited while work went on, or the
    /// message was queued first.
    pub fn fails_after_work(self, result: HRESULT) -> bool {
        match self {
            TransportBeginOutbound => {
                matches!(result, MAPI_E_BUSY | MAPI_E_NOT_FOUND | MAPI_E_TIMEOUT)
            }
            // A take that goes on waiting after its SetLockState has failed may end in any of them.
            TransportTakeMessage => result != MAPI_E_INVALID_PARAMETER,
            _ => result == MAPI_E_TIMEOUT,
        }
    }
}
