//! The methods that are the spooler's.
//!
//! After the logoff they answer MAPI_E_INVALID_OBJECT, as IMAPISupport::MakeInvalid has it for objects that are over;
//! AddRef and Release work.

use super::methods::LPMAPISUP;
use super::support::{Call, Support, inside, method};
use super::{GUID, IID_IMAPISup, IID_IUnknown, Ptr, mapi_error};
use crate::capi::{HRESULT, ULONG, args};
use crate::engine::{Error, mapi};
use crate::fence::fence;
use crate::spooler::AllocateBuffer;
use std::ptr;

/// mapidefs.h: strings are UTF-16.
const MAPI_UNICODE: ULONG = 0x8000_0000;

pub unsafe extern "system" fn QueryInterface(
    this: LPMAPISUP,
    riid: *const GUID,
    ppvObj: *mut LPMAPISUP,
) -> HRESULT {
    method(this, |call| {
        let out = args::out(ppvObj, "ppvObj")?;
        *out = ptr::null_mut();
        call.store()?.check_live()?;
        // SAFETY: the caller passes an identifier, or null.
        let iid = unsafe { riid.as_ref() }.ok_or(Error::NullPointer("riid"))?;
        if ![IID_IUnknown, IID_IMAPISup].contains(iid) {
            return Err(Error::NoInterface);
        }
        if Support::of(this).add_ref() == 0 {
            return Err(Error::Released);
        }
        *out = this;
        Ok(mapi::S_OK)
    })
}

pub unsafe extern "system" fn AddRef(this: LPMAPISUP) -> ULONG {
    Support::of(this).add_ref()
}

pub unsafe extern "system" fn Release(this: LPMAPISUP) -> ULONG {
    let mut left = 0;
    // There is no result for an error.
    fence(|| {
        left = Support::of(this).release();
        Ok(())
    });
    left
}

pub unsafe extern "system" fn StoreLogoffTransports(
    this: LPMAPISUP,
    lpulFlags: *mut ULONG,
) -> HRESULT {
    method(this, |call| {
        let flags = args::out(lpulFlags, "lpulFlags")?;
        *flags = call.store()?.logoff(*flags)?.bits();
        Ok(mapi::S_OK)
    })
}

pub unsafe extern "system" fn SpoolerNotify(
    this: LPMAPISUP,
    ulFlags: ULONG,
    _lpvData: Ptr,
) -> HRESULT {
    method(this, |call| {
        call.store()?.notify(ulFlags)?;
        Ok(mapi::S_OK)
    })
}

/// The reason of the object's last failing call. Of one that was the host's, and of a result that it was not, the host
/// knows.
pub unsafe extern "system" fn GetLastError(
    this: LPMAPISUP,
    hResult: HRESULT,
    ulFlags: ULONG,
    lppMAPIError: Ptr,
) -> HRESULT {
    inside(this, |call| {
        let out = args::out(lppMAPIError.cast::<Ptr>(), "lppMAPIError")?;
        call.store()?.check_live()?;
        let unicode = args::flag(ulFlags, MAPI_UNICODE)?;
        match (call.reason(hResult), call.inner()) {
            (Some(reason), _) => *out = mapi_error::make(allocator(call)?, &reason, unicode)?,
            (None, Some((inner, methods))) => {
                // SAFETY: the host's method, with the host's object and what the caller has given for it.
                let result =
                    unsafe { (methods.GetLastError)(inner, hResult, ulFlags, lppMAPIError) };
                return Ok(result);
            }
            (None, None) => *out = ptr::null_mut(),
        }
        Ok(mapi::S_OK)
    })
}

/// What memory for the caller comes from: the host's MAPIAllocateBuffer, or that of the spooler's options.
fn allocator(call: &Call) -> Result<AllocateBuffer, Error> {
    host_allocator(call)
        .or(call.store()?.allocator())
        .ok_or(Error::NoSupport(
            "there is no MAPIAllocateBuffer: neither a host's nor in the spooler's options",
        ))
}

fn host_allocator(call: &Call) -> Option<AllocateBuffer> {
    let (inner, methods) = call.inner()?;
    let mut allocate_buffer: Option<AllocateBuffer> = None;
    let (mut allocate_more, mut free_buffer): (Ptr, Ptr) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the host's method, with the host's object and a place for each function.
    let result = unsafe {
        (methods.GetMemAllocRoutines)(
            inner,
            ptr::from_mut(&mut allocate_buffer).cast(),
            ptr::from_mut(&mut allocate_more).cast(),
            ptr::from_mut(&mut free_buffer).cast(),
        )
    };
    allocate_buffer.filter(|_| result == mapi::S_OK)
}
