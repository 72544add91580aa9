// A store's support object, as a provider in C++ has it.

#ifndef SUPPORT_OBJECT_HPP
#define SUPPORT_OBJECT_HPP

#include "recording_host.h"
#include "world.hpp"

/** A new one, with one reference, which the test gives back. */
inline LPMAPISUP support_of(Store &store, LPMAPISUP inner = nullptr) {
    LPMAPISUP support = nullptr;
    CHECK_HR(S_OK, MapiStoreGetSupport(store.handle, inner, &support));
    CHECK(support != nullptr);
    return support;
}

/** StoreLogoffTransports: the output flags in words, or the error's name. */
inline std::string logoff(LPMAPISUP support, ULONG instruction) {
    ULONG word = instruction;
    const HRESULT hr = support->StoreLogoffTransports(&word);
    if (hr == S_OK)
        return flags_text(word);
    CHECK_EQUAL(instruction, word);
    return result_name(hr);
}

#endif
