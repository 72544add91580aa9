// A thread that owns a window (README, Apartments): a call that waits pumps no messages, so a transport that needs the
// window gets no answer. A worker thread that makes the call, or manual mode, gives it one. The hook at the start of a
// thread is where COM is made ready: it runs before any callback on that thread.
#include "live.hpp"

#include <windows.h>
// After windows.h.
#include <objbase.h>

static const UINT ASK = WM_APP;
static const LRESULT ANSWER = 42;
static HWND window;
static std::atomic<int> asked{0};

static LRESULT CALLBACK answer(HWND to, UINT message, WPARAM first, LPARAM second) {
    if (message != ASK)
        return DefWindowProcA(to, message, first, second);
    ++asked;
    return ANSWER;
}

static HWND make_window() {
    WNDCLASSA kind = {};
    kind.lpfnWndProc = answer;
    kind.hInstance = GetModuleHandleA(nullptr);
    kind.lpszClassName = "mapispool test";
    CHECK(RegisterClassA(&kind) != 0);
    HWND made = CreateWindowA(kind.lpszClassName, "", 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, kind.hInstance, nullptr);
    CHECK(made != nullptr);
    return made;
}

static void pump() {
    MSG message;
    while (PeekMessageA(&message, nullptr, 0, 0, PM_REMOVE))
        DispatchMessageA(&message);
}

/** A spooler with one transport, a store and a message. */
struct Session {
    HMAPISPOOLER spooler;
    HMAPISTORE store;

    Session(ULONG flags, const MAPITRANSPORTOPS &ops) : spooler(open_spooler(MAPISPOOL_LOCAL | flags)) {
        add_transport(spooler, "smtp", ops);
        store = open_store(spooler, "s");
        CHECK_HR(S_OK, submit(store, "m"));
    }
    void close() {
        CHECK_EQUAL(1, status_of(store).cFinished);
        CHECK_HR(S_OK, MapiStoreRelease(store));
        CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    }
};

/** What a transport does that has a dialog to show, or an object of that apartment to call. */
static HRESULT MAPISPOOL_CALL ask_the_window(void *, const MAPISPOOLMESSAGE *, ULONG *) {
    return SendMessageA(window, ASK, 0, 0) == ANSWER ? S_OK : MAPI_E_CALL_FAILED;
}

static HRESULT MAPISPOOL_CALL leave_word_with_the_window(void *, const MAPISPOOLMESSAGE *, ULONG *) {
    CHECK(PostMessageA(window, ASK, 0, 0));
    return S_OK;
}

static MAPITRANSPORTOPS sends_by(HRESULT(MAPISPOOL_CALL *submit)(void *, const MAPISPOOLMESSAGE *, ULONG *)) {
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = submit;
    return ops;
}

static void on_the_window_s_thread() {
    Session session(0, sends_by(leave_word_with_the_window));
    asked = 0;
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(session.store, LOGOFF_PURGE));
    CHECK_EQUAL(0, asked); // it waits there still
    pump();
    CHECK_EQUAL(1, asked);
    session.close();
}

static void on_a_worker_thread() {
    asked = 0;
    HANDLE over = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    CHECK(over != nullptr);
    Session session(0, sends_by(ask_the_window));
    Side worker([&] {
        CHECK_EQUAL(LOGOFF_COMPLETE, logoff(session.store, LOGOFF_PURGE));
        CHECK(SetEvent(over));
    });
    while (MsgWaitForMultipleObjects(1, &over, FALSE, INFINITE, QS_ALLINPUT) != WAIT_OBJECT_0)
        pump();
    worker.join();
    CHECK_EQUAL(1, asked);
    CloseHandle(over);
    session.close();
}

/** The transport runs on the window's own thread: no message has to wait for it. */
static void in_manual_mode() {
    asked = 0;
    Session session(MAPISPOOL_MANUAL, sends_by(ask_the_window));
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(session.store, LOGOFF_PURGE));
    CHECK_EQUAL(1, asked);
    session.close();
}

/** S_FALSE: this thread has been there before. */
static void check_com_is_ready() {
    CHECK_HR(S_FALSE, CoInitializeEx(nullptr, COINIT_MULTITHREADED));
    CoUninitialize();
}

static void hooks_make_com_ready() {
    static std::atomic<int> threads{0};
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "test";
    options.lpfnThreadStart = [](void *) {
        CHECK_HR(S_OK, CoInitializeEx(nullptr, COINIT_MULTITHREADED));
        ++threads;
    };
    options.lpfnThreadEnd = [](void *) { CoUninitialize(); };
    HMAPISPOOLER spooler = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    MAPITRANSPORTOPS ops = transport_ops();
    ops.SubmitMessage = [](void *, const MAPISPOOLMESSAGE *, ULONG *) -> HRESULT { check_com_is_ready(); return S_OK; };
    ops.TransportNotify = [](void *, ULONG, const MAPISPOOLMESSAGE *) -> HRESULT { check_com_is_ready(); return S_OK; };
    ops.TransportLogoff = [](void *, ULONG) -> HRESULT { check_com_is_ready(); return S_OK; };
    add_transport(spooler, "smtp", ops);
    HMAPISTORE store = open_store(spooler, "s");
    CHECK_HR(S_OK, submit(store, "m"));
    CHECK_EQUAL(LOGOFF_COMPLETE, logoff(store, LOGOFF_PURGE));
    CHECK_HR(S_OK, MapiStoreRelease(store));
    CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    CHECK(threads >= 2); // the transport's and the control thread
}

int main() {
    window = make_window();
    on_the_window_s_thread();
    on_a_worker_thread();
    in_manual_mode();
    hooks_make_com_ready();
    CHECK(DestroyWindow(window));
    return 0;
}
