// A sample message store provider: what MAPI loads, and what its configuration would put into the profile.
//
// It is written from MAPI's reference and knows no spooler but the support object that it gets at logon. A store is a
// folder of mail files; of IMsgStore it has the part that sending and logging off need.
#ifndef PROVIDER_HPP
#define PROVIDER_HPP

#include <string>

#include "com_object.hpp"

// Its MSProviderInit, once for each way in which the reference describes IMsgStore::StoreLogoff:
// it calls IMAPISupport::StoreLogoffTransports at once, and passes the answer on;
HRESULT STDMAPIINITCALLTYPE provider_that_logs_off_at_once(HINSTANCE, LPMALLOC, LPALLOCATEBUFFER, LPALLOCATEMORE,
                                                           LPFREEBUFFER, ULONG, ULONG, ULONG *, LPMSPROVIDER *);
// it saves the flags, and the final release of the store calls StoreLogoffTransports with them.
HRESULT STDMAPIINITCALLTYPE provider_that_logs_off_in_release(HINSTANCE, LPMALLOC, LPALLOCATEBUFFER, LPALLOCATEMORE,
                                                              LPFREEBUFFER, ULONG, ULONG, ULONG *, LPMSPROVIDER *);

// Entry identifiers, as bytes: of the store in a folder, and of a message in a store by the name of its file.
std::string store_entry_id(const std::string &folder);
std::string message_entry_id(const std::string &name);

// What an entry identifier of this provider is of; empty for one of somebody else.
std::string named_by(ULONG cbEntryID, const ENTRYID *lpEntryID);

#endif
