/* The methods of an IMAPISupport that are the host's, with their slots and the types of their arguments, for tests
 * in every form that mapispi.h has: C, C with MAPI_IF, C++, C++ with CINTERFACE.
 *
 * HOST_METHODS(METHOD) makes METHOD(slot, name, count, parameters, arguments, values) of each, where the parameters
 * are called a, b, c…; arguments are these as numbers, and values are some that no other argument has, with their
 * highest bits set. */

#ifndef SUPPORT_METHODS_H
#define SUPPORT_METHODS_H

#include <mapispi.h>

#include <stdint.h>

/* Pointer-sized in Microsoft's headers; mingw-w64's say ULONG. */
#ifdef __MINGW32__
typedef ULONG UIPARAM;
#else
typedef ULONG_PTR UIPARAM;
#endif

/** As a number. */
#define N(argument) ((uint64_t) (uintptr_t) (argument))
/** The value of a method's argument. */
#define V(type, slot, number) ((type) (uintptr_t) (0x8877665580000000u | (slot) << 8 | (number)))

#define M1(m, s, name, A) \
    m(s, name, 1, (A a), (N(a)), (V(A, s, 1)))
#define M2(m, s, name, A, B) \
    m(s, name, 2, (A a, B b), (N(a), N(b)), (V(A, s, 1), V(B, s, 2)))
#define M3(m, s, name, A, B, C) \
    m(s, name, 3, (A a, B b, C c), (N(a), N(b), N(c)), (V(A, s, 1), V(B, s, 2), V(C, s, 3)))
#define M4(m, s, name, A, B, C, D) \
    m(s, name, 4, (A a, B b, C c, D d), (N(a), N(b), N(c), N(d)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4)))
#define M5(m, s, name, A, B, C, D, E) \
    m(s, name, 5, (A a, B b, C c, D d, E e), (N(a), N(b), N(c), N(d), N(e)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4), V(E, s, 5)))
#define M6(m, s, name, A, B, C, D, E, F) \
    m(s, name, 6, (A a, B b, C c, D d, E e, F f), (N(a), N(b), N(c), N(d), N(e), N(f)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4), V(E, s, 5), V(F, s, 6)))
#define M7(m, s, name, A, B, C, D, E, F, G) \
    m(s, name, 7, (A a, B b, C c, D d, E e, F f, G g), (N(a), N(b), N(c), N(d), N(e), N(f), N(g)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4), V(E, s, 5), V(F, s, 6), V(G, s, 7)))
#define M8(m, s, name, A, B, C, D, E, F, G, H) \
    m(s, name, 8, (A a, B b, C c, D d, E e, F f, G g, H h), \
      (N(a), N(b), N(c), N(d), N(e), N(f), N(g), N(h)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4), V(E, s, 5), V(F, s, 6), V(G, s, 7), V(H, s, 8)))
#define M9(m, s, name, A, B, C, D, E, F, G, H, I) \
    m(s, name, 9, (A a, B b, C c, D d, E e, F f, G g, H h, I i), \
      (N(a), N(b), N(c), N(d), N(e), N(f), N(g), N(h), N(i)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4), V(E, s, 5), V(F, s, 6), V(G, s, 7), V(H, s, 8), \
       V(I, s, 9)))
#define M10(m, s, name, A, B, C, D, E, F, G, H, I, J) \
    m(s, name, 10, (A a, B b, C c, D d, E e, F f, G g, H h, I i, J j), \
      (N(a), N(b), N(c), N(d), N(e), N(f), N(g), N(h), N(i), N(j)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4), V(E, s, 5), V(F, s, 6), V(G, s, 7), V(H, s, 8), \
       V(I, s, 9), V(J, s, 10)))
#define M11(m, s, name, A, B, C, D, E, F, G, H, I, J, K) \
    m(s, name, 11, (A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k), \
      (N(a), N(b), N(c), N(d), N(e), N(f), N(g), N(h), N(i), N(j), N(k)), \
      (V(A, s, 1), V(B, s, 2), V(C, s, 3), V(D, s, 4), V(E, s, 5), V(F, s, 6), V(G, s, 7), V(H, s, 8), \
       V(I, s, 9), V(J, s, 10), V(K, s, 11)))

#define HOST_METHODS(m) \
    M3(m, 4, GetMemAllocRoutines, LPALLOCATEBUFFER *, LPALLOCATEMORE *, LPFREEBUFFER *) \
    M5(m, 5, Subscribe, LPNOTIFKEY, ULONG, ULONG, LPMAPIADVISESINK, UIPARAM *) \
    M1(m, 6, Unsubscribe, UIPARAM) \
    M4(m, 7, Notify, LPNOTIFKEY, ULONG, LPNOTIFICATION, ULONG *) \
    M3(m, 8, ModifyStatusRow, ULONG, LPSPropValue, ULONG) \
    M3(m, 9, OpenProfileSection, LPMAPIUID, ULONG, LPPROFSECT *) \
    M6(m, 10, RegisterPreprocessor, LPMAPIUID, LPTSTR, LPTSTR, LPSTR, LPSTR, ULONG) \
    M1(m, 11, NewUID, LPMAPIUID) \
    M4(m, 12, MakeInvalid, ULONG, LPVOID, ULONG, ULONG) \
    M1(m, 13, SpoolerYield, ULONG) \
    M6(m, 15, CreateOneOff, LPTSTR, LPTSTR, LPTSTR, ULONG, ULONG *, LPENTRYID *) \
    M2(m, 16, SetProviderUID, LPMAPIUID, ULONG) \
    M6(m, 17, CompareEntryIDs, ULONG, LPENTRYID, ULONG, LPENTRYID, ULONG, ULONG *) \
    M7(m, 18, OpenTemplateID, ULONG, LPENTRYID, ULONG, LPMAPIPROP, LPCIID, LPMAPIPROP *, LPMAPIPROP) \
    M6(m, 19, OpenEntry, ULONG, LPENTRYID, LPCIID, ULONG, ULONG *, LPUNKNOWN *) \
    M2(m, 20, GetOneOffTable, ULONG, LPMAPITABLE *) \
    M3(m, 21, Address, UIPARAM *, LPADRPARM, LPADRLIST *) \
    M9(m, 22, Details, UIPARAM *, LPFNDISMISS, LPVOID, ULONG, LPENTRYID, LPFNBUTTON, LPVOID, LPTSTR, ULONG) \
    M8(m, 23, NewEntry, UIPARAM, ULONG, ULONG, LPENTRYID, ULONG, LPENTRYID, ULONG *, LPENTRYID *) \
    M6(m, 24, DoConfigPropsheet, UIPARAM, ULONG, LPTSTR, LPMAPITABLE, LPMAPIPROP, ULONG) \
    M8(m, 25, CopyMessages, LPCIID, LPVOID, LPENTRYLIST, LPCIID, LPVOID, UIPARAM, LPMAPIPROGRESS, ULONG) \
    M10(m, 26, CopyFolder, LPCIID, LPVOID, ULONG, LPENTRYID, LPCIID, LPVOID, LPTSTR, UIPARAM, LPMAPIPROGRESS, \
        ULONG) \
    M11(m, 27, DoCopyTo, LPCIID, LPVOID, ULONG, LPCIID, LPSPropTagArray, UIPARAM, LPMAPIPROGRESS, LPCIID, \
        LPVOID, ULONG, LPSPropProblemArray *) \
    M9(m, 28, DoCopyProps, LPCIID, LPVOID, LPSPropTagArray, UIPARAM, LPMAPIPROGRESS, LPCIID, LPVOID, ULONG, \
        LPSPropProblemArray *) \
    M3(m, 29, DoProgressDialog, UIPARAM, ULONG, LPMAPIPROGRESS *) \
    M3(m, 30, ReadReceipt, ULONG, LPMESSAGE, LPMESSAGE *) \
    M2(m, 31, PrepareSubmit, LPMESSAGE, ULONG *) \
    M2(m, 32, ExpandRecips, LPMESSAGE, ULONG *) \
    M2(m, 33, UpdatePAB, ULONG, LPMESSAGE) \
    M2(m, 34, DoSentMail, ULONG, LPMESSAGE) \
    M3(m, 35, OpenAddressBook, LPCIID, ULONG, LPADRBOOK *) \
    M3(m, 36, Preprocess, ULONG, ULONG, LPENTRYID) \
    M3(m, 37, CompleteMsg, ULONG, ULONG, LPENTRYID) \
    M2(m, 39, StatusRecips, LPMESSAGE, LPADRLIST) \
    M4(m, 40, WrapStoreEntryID, ULONG, LPENTRYID, ULONG *, LPENTRYID *) \
    M1(m, 41, ModifyProfile, ULONG) \
    M4(m, 42, IStorageFromStream, LPUNKNOWN, LPCIID, ULONG, LPSTORAGE *) \
    M2(m, 43, GetSvcConfigSupportObj, ULONG, LPMAPISUP *)

#endif
