// mapispool.hpp: a result can be tested, compared and thrown, and carries the library's sentence. No other call of
// this thread changes what it says.

#include "story.hpp"

using mapispool::Error;
using mapispool::Result;
using mapispool::ResultOf;
using mapispool::Spooler;
using mapispool::Store;

static void tested_and_compared() {
    Spooler spooler = open_manual();
    Store store = spooler.OpenStore("s").or_throw();
    Result good = store.SubmitMessage("m");
    CHECK(good && good.ok());
    CHECK(good == S_OK);
    CHECK_EQUAL(0, good.hr());
    CHECK_TEXT("", good.reason().c_str());

    Result bad = store.SubmitMessage("m");
    CHECK(!bad && !bad.ok());
    CHECK(bad == MAPI_E_SUBMITTED);
    CHECK(bad != S_OK);
    CHECK_HR(MAPI_E_SUBMITTED, bad.hr());
    CHECK_LAST_ERROR(bad.reason().c_str());
    CHECK(!bad.reason().empty());

    const std::string reason = bad.reason();
    CHECK(store.AbortSubmit("no such message") == MAPI_E_NOT_IN_QUEUE);
    CHECK_TEXT(reason.c_str(), bad.reason().c_str());
    CHECK(store.GetStatus());
    CHECK_TEXT("", store.GetStatus().reason().c_str()); // the last error is still there, but not of this call
}

static void a_value_comes_with_it() {
    ResultOf<Spooler> failed = Spooler::Open("");
    CHECK(failed == MAPI_E_INVALID_PARAMETER);
    CHECK(!*failed);
    CHECK(failed->OpenStore("s") == MAPI_E_INVALID_PARAMETER);

    ResultOf<Spooler> opened = Spooler::Open(manual());
    CHECK(opened);
    Store store = opened->OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    ResultOf<MAPISPOOLSTATUS> status = store.GetStatus();
    CHECK_EQUAL(1, status->cReady + status->cWaiting);
    CHECK_EQUAL(LOGOFF_OUTBOUND_QUEUE, (*status).ulFlags);
    CHECK_EQUAL(LOGOFF_OUTBOUND_QUEUE, status.or_throw().ulFlags);
    Spooler moved = std::move(*opened);
    CHECK(moved && !*opened);
    CHECK_HR(S_OK, moved.Run().hr());
}

static void thrown() {
    Spooler spooler = open_manual();
    Store store = spooler.OpenStore("s").or_throw();
    store.SubmitMessage("m").or_throw(); // which does nothing
    bool caught = false;
    try {
        store.SubmitMessage("m").or_throw();
    } catch (const Error &error) {
        caught = true;
        CHECK_HR(MAPI_E_SUBMITTED, error.hr());
        CHECK(error.code() == std::error_code(MAPI_E_SUBMITTED, mapispool::category()));
        CHECK(strstr(error.what(), "MAPI_E_SUBMITTED") != nullptr);
        CHECK(strstr(error.what(), store.SubmitMessage("m").reason().c_str()) != nullptr);
    }
    CHECK(caught);

    caught = false;
    try {
        Spooler::Open("").or_throw();
    } catch (const std::system_error &error) {
        caught = true;
        CHECK(error.code() == std::errc::invalid_argument);
    }
    CHECK(caught);

    caught = false;
    ResultOf<Store> failed = spooler.OpenStore("");
    try {
        failed.or_throw();
    } catch (const Error &error) {
        caught = true;
        CHECK_HR(MAPI_E_INVALID_ENTRYID, error.hr());
    }
    CHECK(caught);
}

static void error_codes() {
    using std::errc;
    const std::error_category &mapi = mapispool::category();
    CHECK_TEXT("mapi", mapi.name());
    CHECK(&mapi == &mapispool::category());
    CHECK_TEXT("MAPI_E_TIMEOUT", mapi.message(MAPI_E_TIMEOUT).c_str());
    CHECK_TEXT("MAPI_W_CANCEL_MESSAGE", mapi.message(MAPI_W_CANCEL_MESSAGE).c_str());
    CHECK_TEXT("HRESULT 0x8004DEAD", mapi.message(static_cast<HRESULT>(0x8004DEAD)).c_str());

    const auto code = [](HRESULT hr) { return Result(hr).code(); };
    CHECK(!code(S_OK));
    CHECK(code(MAPI_E_INVALID_PARAMETER) == errc::invalid_argument);
    CHECK(code(MAPI_E_BUSY) == errc::device_or_resource_busy);
    CHECK(code(MAPI_E_TIMEOUT) == errc::timed_out);
    CHECK(code(MAPI_E_NO_ACCESS) == errc::permission_denied);
    CHECK(code(MAPI_E_NO_SUPPORT) == errc::not_supported);
    CHECK(code(MAPI_E_NOT_ENOUGH_MEMORY) == errc::not_enough_memory);
    CHECK(code(MAPI_E_COLLISION) != errc::timed_out);
    CHECK(code(MAPI_E_COLLISION) == std::error_condition(MAPI_E_COLLISION, mapi));
}

// A warning is a success: nothing is thrown, and it is there to be compared with.
static void warnings() {
    Result cancel(MAPI_W_CANCEL_MESSAGE);
    CHECK(cancel.ok());
    CHECK(cancel == MAPI_W_CANCEL_MESSAGE);
    CHECK(cancel != S_OK);
    cancel.or_throw();
}

int main() {
    tested_and_compared();
    a_value_comes_with_it();
    thrown();
    error_codes();
    warnings();
    CHECK_EQUAL(MAPISPOOL_VERSION, mapispool::Version());
}
