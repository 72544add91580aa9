/* A host's support object that writes down what it is called with, in whichever form mapispi.h is used: C++, CINTERFACE,
 * C, MAPI_IF. There is one, `host`; CALL calls a method of any support object. */

#ifndef RECORDING_HOST_H
#define RECORDING_HOST_H

#include "check.h"
#include "support_methods.h"

#define UNPACK(...) __VA_ARGS__

/** What came last. */
static struct {
    const char *name;
    LPMAPISUP self;
    unsigned count;
    uint64_t numbers[11];
} recorded;

static ULONG host_references = 1;

/** What the host answers in this slot: as a rule an error that nobody else has. */
static inline HRESULT host_answer(unsigned slot) { return (HRESULT) (0x80040900u | slot); }

static inline HRESULT record(const char *method, LPMAPISUP self, unsigned slot, unsigned count, const uint64_t *arguments) {
    recorded.name = method;
    recorded.self = self;
    recorded.count = count;
    memcpy(recorded.numbers, arguments, count * sizeof *arguments);
    return host_answer(slot);
}

static inline HRESULT record_foreign(const char *method) {
    recorded.name = method;
    return host_answer(0);
}

#if defined(__cplusplus) && !defined(CINTERFACE)

#define CALL(support, method, arguments) ((support)->method arguments)
#define CALL0(support, method) ((support)->method())

#define RECORDING(slot, method, count, parameters, arguments, values) \
    HRESULT STDMETHODCALLTYPE method parameters override { \
        const uint64_t numbers[] = {UNPACK arguments}; \
        return record(#method, this, slot, count, numbers); \
    }

class RecordingHost : public IMAPISupport {
public:
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID, LPVOID *) override { return record_foreign("QueryInterface"); }
    ULONG STDMETHODCALLTYPE AddRef() override { return ++host_references; }
    ULONG STDMETHODCALLTYPE Release() override { return --host_references; }
    HRESULT STDMETHODCALLTYPE GetLastError(HRESULT, ULONG, LPMAPIERROR *) override {
        return record_foreign("GetLastError");
    }
    HRESULT STDMETHODCALLTYPE SpoolerNotify(ULONG, LPVOID) override { return record_foreign("SpoolerNotify"); }
    HRESULT STDMETHODCALLTYPE StoreLogoffTransports(ULONG *) override {
        return record_foreign("StoreLogoffTransports");
    }
    HOST_METHODS(RECORDING)
};

static RecordingHost recording_host;
static const LPMAPISUP host = &recording_host;
static inline void make_host(void) {}

#else

#ifdef MAPI_IF
#define CALL(support, method, arguments) ((*(support))->method(support, UNPACK arguments))
#define CALL0(support, method) ((*(support))->method(support))
#else
#define CALL(support, method, arguments) ((support)->lpVtbl->method(support, UNPACK arguments))
#define CALL0(support, method) ((support)->lpVtbl->method(support))
#endif

static HRESULT STDMETHODCALLTYPE host_QueryInterface(LPMAPISUP This, REFIID riid, LPVOID *ppvObj) {
    (void) This, (void) riid, (void) ppvObj;
    return record_foreign("QueryInterface");
}
static ULONG STDMETHODCALLTYPE host_AddRef(LPMAPISUP This) {
    (void) This;
    return ++host_references;
}
static ULONG STDMETHODCALLTYPE host_Release(LPMAPISUP This) {
    (void) This;
    return --host_references;
}
static HRESULT STDMETHODCALLTYPE host_GetLastError(LPMAPISUP This, HRESULT result, ULONG flags, LPMAPIERROR *error) {
    (void) This, (void) result, (void) flags, (void) error;
    return record_foreign("GetLastError");
}
static HRESULT STDMETHODCALLTYPE host_SpoolerNotify(LPMAPISUP This, ULONG flags, LPVOID data) {
    (void) This, (void) flags, (void) data;
    return record_foreign("SpoolerNotify");
}
static HRESULT STDMETHODCALLTYPE host_StoreLogoffTransports(LPMAPISUP This, ULONG *flags) {
    (void) This, (void) flags;
    return record_foreign("StoreLogoffTransports");
}

#define RECORDING(slot, method, count, parameters, arguments, values) \
    static HRESULT STDMETHODCALLTYPE host_##method(LPMAPISUP This, UNPACK parameters) { \
        const uint64_t numbers[] = {UNPACK arguments}; \
        return record(#method, This, slot, count, numbers); \
    }
HOST_METHODS(RECORDING)

static IMAPISupportVtbl host_methods;
#ifdef MAPI_IF
static IMAPISupport recording_host = &host_methods;
#else
static IMAPISupport recording_host = {&host_methods};
#endif
static const LPMAPISUP host = &recording_host;

#define IN_THE_TABLE(slot, method, count, parameters, arguments, values) host_methods.method = host_##method;
static void make_host(void) {
    host_methods.QueryInterface = host_QueryInterface;
    host_methods.AddRef = host_AddRef;
    host_methods.Release = host_Release;
    host_methods.GetLastError = host_GetLastError;
    host_methods.SpoolerNotify = host_SpoolerNotify;
    host_methods.StoreLogoffTransports = host_StoreLogoffTransports;
    HOST_METHODS(IN_THE_TABLE)
}

#endif

#endif
