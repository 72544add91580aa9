// The table that IMsgStore::GetOutgoingQueue gives the spooler: a row for each message that was submitted and has not
// been sent, with its entry identifier.
#ifndef OUTGOING_QUEUE_HPP
#define OUTGOING_QUEUE_HPP

#include <string>
#include <vector>

#include "com_object.hpp"
#include "message_store.hpp"

class OutgoingQueue : public ComObject<IMAPITable> {
public:
    OutgoingQueue(const std::vector<std::string> &names, const Memory &memory);

    STDMETHODIMP GetRowCount(ULONG flags, ULONG *count) override;
    // The next rows, from the first one on. Each row and the set are freed apart, as FreeProws does it.
    STDMETHODIMP QueryRows(LONG count, ULONG flags, LPSRowSet *rows) override;

    UNSUPPORTED(GetLastError, HRESULT, ULONG, LPMAPIERROR *)
    UNSUPPORTED(Advise, ULONG, LPMAPIADVISESINK, Connection *)
    UNSUPPORTED(Unadvise, Connection)
    UNSUPPORTED(GetStatus, ULONG *, ULONG *)
    UNSUPPORTED(SetColumns, LPSPropTagArray, ULONG)
    UNSUPPORTED(QueryColumns, ULONG, LPSPropTagArray *)
    UNSUPPORTED(SeekRow, BOOKMARK, LONG, LONG *)
    UNSUPPORTED(SeekRowApprox, ULONG, ULONG)
    UNSUPPORTED(QueryPosition, ULONG *, ULONG *, ULONG *)
    UNSUPPORTED(FindRow, LPSRestriction, BOOKMARK, ULONG)
    UNSUPPORTED(Restrict, LPSRestriction, ULONG)
    UNSUPPORTED(CreateBookmark, BOOKMARK *)
    UNSUPPORTED(FreeBookmark, BOOKMARK)
    UNSUPPORTED(SortTable, LPSSortOrderSet, ULONG)
    UNSUPPORTED(QuerySortOrder, LPSSortOrderSet *)
    UNSUPPORTED(Abort, THIS)
    UNSUPPORTED(ExpandRow, ULONG, LPBYTE, ULONG, ULONG, LPSRowSet *, ULONG *)
    UNSUPPORTED(CollapseRow, ULONG, LPBYTE, ULONG, ULONG *)
    UNSUPPORTED(WaitForCompletion, ULONG, ULONG, ULONG *)
    UNSUPPORTED(GetCollapseState, ULONG, ULONG, LPBYTE, ULONG *, LPBYTE *)
    UNSUPPORTED(SetCollapseState, ULONG, ULONG, LPBYTE, BOOKMARK *)

private:
    void free_rows(LPSRowSet rows) const;
    HRESULT make_row(const std::string &id, SRow &row) const;

    const Memory memory_;
    std::vector<std::string> ids_;
    std::size_t next_;
};

#endif
