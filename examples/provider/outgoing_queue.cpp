#include "outgoing_queue.hpp"

#include <mapitags.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "provider.hpp"

OutgoingQueue::OutgoingQueue(const std::vector<std::string> &names, const Memory &memory)
    : ComObject(IID_IMAPITable), memory_(memory), next_(0)
{
    for (const std::string &name : names)
        ids_.push_back(message_entry_id(name));
}

STDMETHODIMP OutgoingQueue::GetRowCount(ULONG, ULONG *count)
{
    *count = static_cast<ULONG>(ids_.size());
    return S_OK;
}

STDMETHODIMP OutgoingQueue::QueryRows(LONG count, ULONG, LPSRowSet *rows)
{
    if (count < 0)
        return MAPI_E_NO_SUPPORT; // backwards
    const std::size_t size = std::min(static_cast<std::size_t>(count), ids_.size() - next_);
    LPVOID set = nullptr;
    if (memory_.allocate_buffer(static_cast<ULONG>(offsetof(SRowSet, aRow) + size * sizeof(SRow)), &set) != S_OK)
        return MAPI_E_NOT_ENOUGH_MEMORY;
    const LPSRowSet found = static_cast<LPSRowSet>(set);
    for (found->cRows = 0; found->cRows < size; ++found->cRows)
        if (make_row(ids_[next_ + found->cRows], found->aRow[found->cRows]) != S_OK) {
            free_rows(found);
            return MAPI_E_NOT_ENOUGH_MEMORY;
        }
    next_ += size;
    *rows = found;
    return S_OK;
}

void OutgoingQueue::free_rows(LPSRowSet rows) const
{
    for (ULONG row = 0; row < rows->cRows; ++row)
        memory_.free_buffer(rows->aRow[row].lpProps);
    memory_.free_buffer(rows);
}

// One block for the row and what it points to.
HRESULT OutgoingQueue::make_row(const std::string &id, SRow &row) const
{
    LPVOID block = nullptr, bytes = nullptr;
    if (memory_.allocate_buffer(sizeof(SPropValue), &block) != S_OK)
        return MAPI_E_NOT_ENOUGH_MEMORY;
    if (memory_.allocate_more(static_cast<ULONG>(id.size()), block, &bytes) != S_OK) {
        memory_.free_buffer(block);
        return MAPI_E_NOT_ENOUGH_MEMORY;
    }
    std::memcpy(bytes, id.data(), id.size());
    SPropValue *const value = static_cast<SPropValue *>(block);
    value->ulPropTag = PR_ENTRYID;
    value->Value.bin.cb = static_cast<ULONG>(id.size());
    value->Value.bin.lpb = static_cast<LPBYTE>(bytes);
    row.ulAdrEntryPad = 0;
    row.cValues = 1;
    row.lpProps = value;
    return S_OK;
}
