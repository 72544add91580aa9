// GetLastError on the support object: why its last call failed, as a MAPIERROR in one block of the host's allocator
// or else of the options'. IMAPISupport::GetLastError, MAPIERROR.

#include "support_object.hpp"

#include <map>

/* An allocator that knows its blocks. */
struct Allocator {
    std::map<LPVOID, std::vector<uint64_t>> blocks;
    bool exhausted = false;

    SCODE allocate(ULONG size, LPVOID *buffer) {
        if (exhausted) {
            *buffer = this; // not a buffer
            return MAPI_E_NOT_ENOUGH_MEMORY;
        }
        std::vector<uint64_t> block(size / 8 + 1, ~uint64_t());
        LPVOID address = block.data();
        blocks[address] = std::move(block);
        *buffer = address;
        return S_OK;
    }
    void free(LPVOID buffer) { CHECK_EQUAL(1, blocks.erase(buffer)); }
};

static Allocator of_the_host, of_the_options;

static SCODE WINAPI host_allocates(ULONG size, LPVOID *buffer) { return of_the_host.allocate(size, buffer); }
static SCODE WINAPI options_allocate(ULONG size, LPVOID *buffer) { return of_the_options.allocate(size, buffer); }

/** A host with an allocator, and an answer to GetLastError. */
class Host : public RecordingHost {
public:
    HRESULT STDMETHODCALLTYPE GetMemAllocRoutines(
        LPALLOCATEBUFFER *buffer, LPALLOCATEMORE *more, LPFREEBUFFER *free) override {
        *buffer = host_allocates;
        *more = nullptr;
        *free = nullptr;
        return routines_answer;
    }
    HRESULT STDMETHODCALLTYPE GetLastError(HRESULT result, ULONG flags, LPMAPIERROR *error) override {
        asked_result = result;
        asked_flags = flags;
        *error = &answer;
        return S_OK;
    }
    HRESULT routines_answer = S_OK;
    HRESULT asked_result = S_OK;
    ULONG asked_flags = 0;
    MAPIERROR answer;
};

/** A spooler with an allocator in its options, and a store. */
struct Scene {
    HMAPISPOOLER spooler = nullptr;
    HMAPISTORE store = nullptr;
    LPMAPISUP support = nullptr;

    Scene(LPALLOCATEBUFFER allocate, LPMAPISUP inner) {
        MAPISPOOLOPTIONS options = {};
        options.cbSize = sizeof options;
        options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
        options.lpszProfileName = "last error";
        options.lpfnAllocateBuffer = allocate;
        CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
        CHECK_HR(S_OK, MapiSpoolerOpenStore(spooler, 5, "store", 0, nullptr, nullptr, &store));
        CHECK_HR(S_OK, MapiStoreGetSupport(store, inner, &support));
    }
    ~Scene() {
        CHECK_EQUAL(0, support->Release());
        CHECK_HR(S_OK, MapiStoreRelease(store));
        CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, 0));
        CHECK(of_the_host.blocks.empty() && of_the_options.blocks.empty());
    }
    HRESULT fail() {
        ULONG flags = LOGOFF_PURGE | 0x20;
        const HRESULT hr = support->StoreLogoffTransports(&flags);
        CHECK_HR(MAPI_E_UNKNOWN_FLAGS, hr);
        return hr;
    }
    LPMAPIERROR get(HRESULT hr, ULONG flags = 0) {
        LPMAPIERROR error = nullptr;
        CHECK_HR(S_OK, support->GetLastError(hr, flags, &error));
        return error;
    }
    void fails(HRESULT expected, HRESULT hr, ULONG flags = 0) {
        LPMAPIERROR error = reinterpret_cast<LPMAPIERROR>(this);
        CHECK_HR(expected, support->GetLastError(hr, flags, &error));
        CHECK(error == reinterpret_cast<LPMAPIERROR>(this));
    }
};

static const char reason[] = "the flags 0x00000024 hold an unknown bit";

static void check_error(LPMAPIERROR error) {
    CHECK(error != nullptr);
    CHECK_EQUAL(MAPI_ERROR_VERSION, error->ulVersion);
    CHECK_EQUAL(0, error->ulLowLevelError);
    CHECK_EQUAL(0, error->ulContext);
}

template <typename Unit>
static std::string narrow(const void *text) {
    std::string narrow;
    for (const Unit *unit = static_cast<const Unit *>(text); *unit != 0; ++unit)
        narrow += static_cast<char>(*unit);
    return narrow;
}

static void from_the_options() {
    Scene s(options_allocate, nullptr);
    CHECK(s.get(MAPI_E_UNKNOWN_FLAGS) == nullptr); // nothing has failed
    CHECK(s.get(S_OK) == nullptr);
    const HRESULT hr = s.fail();
    CHECK(s.get(S_OK) == nullptr);
    CHECK(s.get(MAPI_E_BUSY) == nullptr);
    LPMAPIERROR error = s.get(hr);
    check_error(error);
    CHECK_IS(reason, narrow<char>(error->lpszError));
    CHECK_IS("mapispool", narrow<char>(error->lpszComponent));
    of_the_options.free(error);

    error = s.get(hr, MAPI_UNICODE); // asked again
    check_error(error);
    CHECK_IS(reason, narrow<WCHAR>(error->lpszError));
    CHECK_IS("mapispool", narrow<WCHAR>(error->lpszComponent));
    of_the_options.free(error);
}

// Of each method that is the spooler's, and of one that has no host.
static void of_each_method() {
    Scene s(options_allocate, nullptr);
    LPVOID other = nullptr;
    const GUID nobodys = {0x12345678, 0, 0, {0}};
    const HRESULT results[] = {
        s.fail(),
        s.support->QueryInterface(nobodys, &other),
        s.support->SpoolerNotify(0, nullptr),
        s.support->SpoolerYield(0),
    };
    CHECK_HR(MAPI_E_NO_SUPPORT, results[3]);
    of_the_options.free(s.get(results[3]));
    CHECK(s.get(results[0]) == nullptr); // not the last one
    CHECK_HR(MAPI_E_INVALID_PARAMETER, s.support->SpoolerNotify(0, nullptr));
    of_the_options.free(s.get(MAPI_E_INVALID_PARAMETER));
    CHECK_HR(MAPI_E_INTERFACE_NOT_SUPPORTED, s.support->QueryInterface(nobodys, &other));
    of_the_options.free(s.get(MAPI_E_INTERFACE_NOT_SUPPORTED));
}

static void from_the_host() {
    Host host;
    Scene s(options_allocate, &host);
    LPMAPIERROR error = s.get(s.fail());
    of_the_host.free(error); // rather than from the options
    // What is not the spooler's failure is the host's to explain.
    CHECK(s.get(MAPI_E_BUSY, MAPI_UNICODE) == &host.answer);
    CHECK_HR(MAPI_E_BUSY, host.asked_result);
    CHECK_EQUAL(MAPI_UNICODE, host.asked_flags);
    // The same result, this time by the host.
    const HRESULT hr = host_answer(13);
    CHECK_HR(hr, s.support->SpoolerYield(0));
    CHECK(s.get(MAPI_E_UNKNOWN_FLAGS) == &host.answer);
    CHECK(s.get(hr) == &host.answer);
}

static void from_nowhere() {
    Scene s(nullptr, nullptr);
    const HRESULT hr = s.fail();
    s.fails(MAPI_E_NO_SUPPORT, hr);
    CHECK(s.get(MAPI_E_NO_SUPPORT) == nullptr); // is no call that is asked about
    s.fails(MAPI_E_NO_SUPPORT, hr);
    s.fails(MAPI_E_UNKNOWN_FLAGS, hr, 0x40000000);
    s.fails(MAPI_E_UNKNOWN_FLAGS, hr, MAPI_UNICODE | 1);
    CHECK_HR(MAPI_E_INVALID_PARAMETER, s.support->GetLastError(hr, 0, nullptr));
}

// A host whose GetMemAllocRoutines fails has no allocator.
static void from_a_host_without() {
    Host host;
    host.routines_answer = MAPI_E_CALL_FAILED;
    Scene s(options_allocate, &host);
    of_the_options.free(s.get(s.fail()));
}

static void out_of_memory() {
    Scene s(options_allocate, nullptr);
    const HRESULT hr = s.fail();
    of_the_options.exhausted = true;
    s.fails(MAPI_E_NOT_ENOUGH_MEMORY, hr);
    of_the_options.exhausted = false;
    of_the_options.free(s.get(hr));
}

int main() {
    from_the_options();
    of_each_method();
    from_the_host();
    from_nowhere();
    from_a_host_without();
    out_of_memory();
}
