#include "host_support.hpp"

#include <cstdlib>

namespace {

// In front of each buffer: the next of those that are freed with the first one. As large as any alignment.
union Head {
    Head *next;
    long double widest;
    char size[16];
};

Head *head_of(LPVOID buffer)
{
    return static_cast<Head *>(buffer) - 1;
}

} // namespace

SCODE WINAPI allocate_buffer(ULONG size, LPVOID *buffer)
{
    Head *const head = static_cast<Head *>(std::malloc(sizeof(Head) + size));
    if (head == nullptr)
        return MAPI_E_NOT_ENOUGH_MEMORY;
    head->next = nullptr;
    *buffer = head + 1;
    return S_OK;
}

SCODE WINAPI allocate_more(ULONG size, LPVOID first, LPVOID *buffer)
{
    const SCODE result = allocate_buffer(size, buffer);
    if (result == S_OK) {
        head_of(*buffer)->next = head_of(first)->next;
        head_of(first)->next = head_of(*buffer);
    }
    return result;
}

ULONG WINAPI free_buffer(LPVOID buffer)
{
    Head *head = buffer == nullptr ? nullptr : head_of(buffer);
    while (head != nullptr) {
        Head *const next = head->next;
        std::free(head);
        head = next;
    }
    return 0;
}

LPMAPISUP HostSupport::instance()
{
    static HostSupport *const support = new HostSupport;
    return support;
}

STDMETHODIMP HostSupport::GetMemAllocRoutines(LPALLOCATEBUFFER *buffer, LPALLOCATEMORE *more, LPFREEBUFFER *free)
{
    *buffer = allocate_buffer;
    *more = allocate_more;
    *free = free_buffer;
    return S_OK;
}
