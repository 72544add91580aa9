/* The lines of Microsoft's MAPI headers that mapispool.h meets, in Microsoft's spelling, with the types they
 * have on this system. Stands in for windows.h, mapidefs.h, mapispi.h and mapicode.h. */
#ifndef MICROSOFT_MAPI_H
#define MICROSOFT_MAPI_H

typedef unsigned int ULONG;
typedef int LONG;
typedef LONG HRESULT;
typedef LONG SCODE;

/* winerror.h */
#define FACILITY_ITF                     4
#define _HRESULT_TYPEDEF_(_sc)           ((HRESULT)_sc)
#define S_OK                             ((HRESULT)0L)
#define E_FAIL                           _HRESULT_TYPEDEF_(0x80004005L)
#define E_OUTOFMEMORY                    _HRESULT_TYPEDEF_(0x8007000EL)
#define E_INVALIDARG                     _HRESULT_TYPEDEF_(0x80070057L)
#define E_ACCESSDENIED                   _HRESULT_TYPEDEF_(0x80070005L)

/* mapidefs.h */
#define FLUSH_UPLOAD                    ((ULONG) 0x00000002)

#define LOGOFF_NO_WAIT                  ((ULONG) 0x00000001)
#define LOGOFF_ORDERLY                  ((ULONG) 0x00000002)
#define LOGOFF_PURGE                    ((ULONG) 0x00000004)
#define LOGOFF_ABORT                    ((ULONG) 0x00000008)
#define LOGOFF_QUIET                    ((ULONG) 0x00000010)

#define LOGOFF_COMPLETE                 ((ULONG) 0x00010000)
#define LOGOFF_INBOUND                  ((ULONG) 0x00020000)
#define LOGOFF_OUTBOUND                 ((ULONG) 0x00040000)
#define LOGOFF_OUTBOUND_QUEUE           ((ULONG) 0x00080000)

#define MSG_LOCKED                      ((ULONG) 0x00000001)
#define MSG_UNLOCKED                    ((ULONG) 0x00000000)

/* mapispi.h */
#define NOTIFY_READYTOSEND              ((ULONG) 0x00000002)
#define NOTIFY_SENTDEFERRED             ((ULONG) 0x00000004)
#define NOTIFY_CRITICAL_ERROR           ((ULONG) 0x10000000)

#define NOTIFY_ABORT_DEFERRED           ((ULONG) 0x40000000)
#define NOTIFY_CANCEL_MESSAGE           ((ULONG) 0x80000000)
#define NOTIFY_BEGIN_INBOUND            ((ULONG) 0x00000001)
#define NOTIFY_END_INBOUND              ((ULONG) 0x00010000)
#define NOTIFY_BEGIN_OUTBOUND           ((ULONG) 0x00000002)
#define NOTIFY_END_OUTBOUND             ((ULONG) 0x00020000)
#define NOTIFY_BEGIN_OUTBOUND_FLUSH     ((ULONG) 0x00000008)
#define NOTIFY_END_OUTBOUND_FLUSH       ((ULONG) 0x00080000)

#define BEGIN_DEFERRED                  ((ULONG) 0x00000001)

#define END_RESEND_NOW                  ((ULONG) 0x00010000)
#define END_RESEND_LATER                ((ULONG) 0x00020000)
#define END_DONT_RESEND                 ((ULONG) 0x00040000)

/* mapicode.h */
#define MAKE_MAPI_SCODE(sev,fac,code) \
    ((SCODE) (((unsigned long)(sev)<<31) | ((unsigned long)(fac)<<16) | ((unsigned long)(code))) )

#define MAKE_MAPI_E( err )  (MAKE_MAPI_SCODE( 1, FACILITY_ITF, err ))
#define MAKE_MAPI_S( warn ) (MAKE_MAPI_SCODE( 0, FACILITY_ITF, warn ))

#define MAPI_E_CALL_FAILED                              E_FAIL
#define MAPI_E_NOT_ENOUGH_MEMORY                        E_OUTOFMEMORY
#define MAPI_E_INVALID_PARAMETER                        E_INVALIDARG
#define MAPI_E_NO_ACCESS                                E_ACCESSDENIED

#define MAPI_E_NO_SUPPORT                               MAKE_MAPI_E( 0x102 )
#define MAPI_E_BAD_CHARWIDTH                            MAKE_MAPI_E( 0x103 )
#define MAPI_E_UNKNOWN_FLAGS                            MAKE_MAPI_E( 0x106 )
#define MAPI_E_INVALID_ENTRYID                          MAKE_MAPI_E( 0x107 )
#define MAPI_E_INVALID_OBJECT                           MAKE_MAPI_E( 0x108 )
#define MAPI_E_BUSY                                     MAKE_MAPI_E( 0x10B )
#define MAPI_E_NOT_ENOUGH_RESOURCES                     MAKE_MAPI_E( 0x10E )
#define MAPI_E_NOT_FOUND                                MAKE_MAPI_E( 0x10F )
#define MAPI_E_VERSION                                  MAKE_MAPI_E( 0x110 )
#define MAPI_E_USER_CANCEL                              MAKE_MAPI_E( 0x113 )
#define MAPI_E_UNABLE_TO_ABORT                          MAKE_MAPI_E( 0x114 )
#define MAPI_E_NETWORK_ERROR                            MAKE_MAPI_E( 0x115 )
#define MAPI_E_END_OF_SESSION                           MAKE_MAPI_E( 0x200 )
#define MAPI_E_TOO_BIG                                  MAKE_MAPI_E( 0x305 )
#define MAPI_E_TIMEOUT                                  MAKE_MAPI_E( 0x401 )
#define MAPI_E_WAIT                                     MAKE_MAPI_E( 0x500 )
#define MAPI_E_CANCEL                                   MAKE_MAPI_E( 0x501 )
#define MAPI_E_NOT_ME                                   MAKE_MAPI_E( 0x502 )
#define MAPI_W_CANCEL_MESSAGE                           MAKE_MAPI_S( 0x580 )
#define MAPI_E_NOT_IN_QUEUE                             MAKE_MAPI_E( 0x601 )
#define MAPI_E_COLLISION                                MAKE_MAPI_E( 0x604 )
#define MAPI_E_SUBMITTED                                MAKE_MAPI_E( 0x608 )
#define MAPI_W_PARTIAL_COMPLETION                       MAKE_MAPI_S( 0x680 )

#endif
