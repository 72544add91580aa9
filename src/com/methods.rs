//! The table of methods of an `IMAPISupport`, entry by entry as in mapispi.h.

use super::support::forward;
use super::{GUID, Ptr, ULONG_PTR, own};
use crate::capi::{HRESULT, ULONG};

/// An `IMAPISupport`: ours, or a host's.
#[repr(C)]
pub struct IMAPISupport {
    pub lpVtbl: *const IMAPISupportVtbl,
}

pub type LPMAPISUP = *mut IMAPISupport;

/// Makes the table's type and our table from a list of the methods: `own` ones are the spooler's, `host` ones are
/// forwarded.
macro_rules! methods {
    ($($whose:ident $name:ident($($argument:ident: $type:ty),*);)*) => {
        /// The methods in mapispi.h's order.
        #[repr(C)]
        pub struct IMAPISupportVtbl {
            pub QueryInterface:
                unsafe extern "system" fn(LPMAPISUP, *const GUID, *mut LPMAPISUP) -> HRESULT,
            pub AddRef: unsafe extern "system" fn(LPMAPISUP) -> ULONG,
            pub Release: unsafe extern "system" fn(LPMAPISUP) -> ULONG,
            $(pub $name: unsafe extern "system" fn(LPMAPISUP, $($type),*) -> HRESULT,)*
        }

        /// Our objects' table.
        pub static METHODS: IMAPISupportVtbl = IMAPISupportVtbl {
            QueryInterface: own::QueryInterface,
            AddRef: own::AddRef,
            Release: own::Release,
            $($name: entry!($whose $name($($argument: $type),*)),)*
        };
    };
}

/// One entry of our table.
macro_rules! entry {
    (own $name:ident($($rest:tt)*)) => { own::$name };
    (host $name:ident($($argument:ident: $type:ty),*)) => {{
        unsafe extern "system" fn $name(this: LPMAPISUP, $($argument: $type),*) -> HRESULT {
            forward(this, |inner, methods| {
                // SAFETY: the host's method, with the host's object and what the caller has given for it.
                unsafe { (methods.$name)(inner, $($argument),*) }
            })
        }
        $name
    }};
}

methods! {
    own  GetLastError(hResult: HRESULT, ulFlags: ULONG, lppMAPIError: Ptr);
    host GetMemAllocRoutines(lpAllocateBuffer: Ptr, lpAllocateMore: Ptr, lpFreeBuffer: Ptr);
    host Subscribe(lpKey: Ptr, ulEventMask: ULONG, ulFlags: ULONG, lpAdviseSink: Ptr, lpulConnection: Ptr);
    host Unsubscribe(ulConnection: ULONG_PTR);
    host Notify(lpKey: Ptr, cNotification: ULONG, lpNotifications: Ptr, lpulFlags: Ptr);
    host ModifyStatusRow(cValues: ULONG, lpColumnVals: Ptr, ulFlags: ULONG);
    host OpenProfileSection(lpUid: Ptr, ulFlags: ULONG, lppProfileObj: Ptr);
    host RegisterPreprocessor(lpMuid: Ptr, lpszAdrType: Ptr, lpszDLLName: Ptr, lpszPreprocess: Ptr,
        lpszRemovePreprocessInfo: Ptr, ulFlags: ULONG);
    host NewUID(lpMuid: Ptr);
    host MakeInvalid(ulFlags: ULONG, lpObject: Ptr, ulRefCount: ULONG, cMethods: ULONG);
    host SpoolerYield(ulFlags: ULONG);
    own  SpoolerNotify(ulFlags: ULONG, lpvData: Ptr);
    host CreateOneOff(lpszName: Ptr, lpszAdrType: Ptr, lpszAddress: Ptr, ulFlags: ULONG, lpcbEntryID: Ptr,
        lppEntryID: Ptr);
    host SetProviderUID(lpProviderID: Ptr, ulFlags: ULONG);
    host CompareEntryIDs(cbEntry1: ULONG, lpEntry1: Ptr, cbEntry2: ULONG, lpEntry2: Ptr, ulCompareFlags: ULONG,
        lpulResult: Ptr);
    host OpenTemplateID(cbTemplateID: ULONG, lpTemplateID: Ptr, ulTemplateFlags: ULONG, lpMAPIPropData: Ptr,
        lpInterface: Ptr, lppMAPIPropNew: Ptr, lpMAPIPropSibling: Ptr);
    host OpenEntry(cbEntryID: ULONG, lpEntryID: Ptr, lpInterface: Ptr, ulOpenFlags: ULONG, lpulObjType: Ptr,
        lppUnk: Ptr);
    host GetOneOffTable(ulFlags: ULONG, lppTable: Ptr);
    host Address(lpulUIParam: Ptr, lpAdrParms: Ptr, lppAdrList: Ptr);
    host Details(lpulUIParam: Ptr, lpfnDismiss: Ptr, lpvDismissContext: Ptr, cbEntryID: ULONG, lpEntryID: Ptr,
        lpfButtonCallback: Ptr, lpvButtonContext: Ptr, lpszButtonText: Ptr, ulFlags: ULONG);
    host NewEntry(ulUIParam: ULONG_PTR, ulFlags: ULONG, cbEIDContainer: ULONG, lpEIDContainer: Ptr,
        cbEIDNewEntryTpl: ULONG, lpEIDNewEntryTpl: Ptr, lpcbEIDNewEntry: Ptr, lppEIDNewEntry: Ptr);
    host DoConfigPropsheet(ulUIParam: ULONG_PTR, ulFlags: ULONG, lpszTitle: Ptr, lpDisplayTable: Ptr,
        lpConfigData: Ptr, ulTopPage: ULONG);
    host CopyMessages(lpSrcInterface: Ptr, lpSrcFolder: Ptr, lpMsgList: Ptr, lpDestInterface: Ptr,
        lpDestFolder: Ptr, ulUIParam: ULONG_PTR, lpProgress: Ptr, ulFlags: ULONG);
    host CopyFolder(lpSrcInterface: Ptr, lpSrcFolder: Ptr, cbEntryID: ULONG, lpEntryID: Ptr, lpDestInterface: Ptr,
        lpDestFolder: Ptr, lpszNewFolderName: Ptr, ulUIParam: ULONG_PTR, lpProgress: Ptr, ulFlags: ULONG);
    host DoCopyTo(lpSrcInterface: Ptr, lpSrcObj: Ptr, ciidExclude: ULONG, rgiidExclude: Ptr, lpExcludeProps: Ptr,
        ulUIParam: ULONG_PTR, lpProgress: Ptr, lpDestInterface: Ptr, lpDestObj: Ptr, ulFlags: ULONG,
        lppProblems: Ptr);
    host DoCopyProps(lpSrcInterface: Ptr, lpSrcObj: Ptr, lpIncludeProps: Ptr, ulUIParam: ULONG_PTR,
        lpProgress: Ptr, lpDestInterface: Ptr, lpDestObj: Ptr, ulFlags: ULONG, lppProblems: Ptr);
    host DoProgressDialog(ulUIParam: ULONG_PTR, ulFlags: ULONG, lppProgress: Ptr);
    host ReadReceipt(ulFlags: ULONG, lpReadMessage: Ptr, lppEmptyMessage: Ptr);
    host PrepareSubmit(lpMessage: Ptr, lpulFlags: Ptr);
    host ExpandRecips(lpMessage: Ptr, lpulFlags: Ptr);
    host UpdatePAB(ulFlags: ULONG, lpMessage: Ptr);
    host DoSentMail(ulFlags: ULONG, lpMessage: Ptr);
    host OpenAddressBook(lpInterface: Ptr, ulFlags: ULONG, lppAdrBook: Ptr);
    host Preprocess(ulFlags: ULONG, cbEntryID: ULONG, lpEntryID: Ptr);
    host CompleteMsg(ulFlags: ULONG, cbEntryID: ULONG, lpEntryID: Ptr);
    own  StoreLogoffTransports(lpulFlags: *mut ULONG);
    host StatusRecips(lpMessage: Ptr, lpRecipList: Ptr);
    host WrapStoreEntryID(cbOrigEntry: ULONG, lpOrigEntry: Ptr, lpcbWrappedEntry: Ptr, lppWrappedEntry: Ptr);
    host ModifyProfile(ulFlags: ULONG);
    host IStorageFromStream(lpUnkIn: Ptr, lpInterface: Ptr, ulFlags: ULONG, lppStorageOut: Ptr);
    host GetSvcConfigSupportObj(ulFlags: ULONG, lppSvcSupport: Ptr);
}
