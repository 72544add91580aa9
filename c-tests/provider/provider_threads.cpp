// The sample provider on a spooler with threads, saving its flags for the final release: QUIET was asked for while a
// message is being sent, and then the client is gone. The message is finished and not broken off, nothing else begins,
// and the store is released.

#include "host.hpp"
#include "mail_folder.hpp"
#include "provider.hpp"
#include "world.hpp"

struct HeldTransport {
    Gate entered, may_go_on;

    static HRESULT MAPISPOOL_CALL submit_message(void *self, const MAPISPOOLMESSAGE *message, ULONG *) {
        HeldTransport &transport = *static_cast<HeldTransport *>(self);
        transport.entered.open();
        while (!transport.may_go_on.pass(std::chrono::milliseconds(1)))
            if (MapiTransferSpoolerYield(message->hTransfer) == MAPI_W_CANCEL_MESSAGE)
                return MAPI_E_USER_CANCEL;
        return S_OK;
    }
};

static HMAPISPOOLER open_spooler(HeldTransport &held) {
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "provider";
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.SubmitMessage = HeldTransport::submit_message;
    HMAPISPOOLER spooler = nullptr;
    HMAPITRANSPORT transport = nullptr;
    CHECK_HR(S_OK, MapiSpoolerOpen(&options, &spooler));
    CHECK_HR(S_OK, MapiSpoolerAddTransport(spooler, "held", 0, nullptr, &ops, &held, &transport));
    return spooler;
}

int main() {
    HeldTransport held;
    HMAPISPOOLER spooler = open_spooler(held);
    LoadedProvider provider(provider_that_logs_off_in_release);
    const std::string path = "store_with_threads";
    MailFolder folder(path);
    for (const std::string &left : folder.names())
        CHECK(folder.remove(left));
    for (const char *text : {"a", "b"})
        CHECK(folder.submit(folder.compose(text)) == MailFolder::Result::DONE);
    const std::vector<std::string> names = folder.names();
    {
        OpenStore store(spooler, *provider, store_entry_id(path)); // submits what is there
        CHECK(held.entered.pass());
        ULONG flags = LOGOFF_QUIET;
        CHECK_HR(S_OK, store.client()->StoreLogoff(&flags));
        CHECK_EQUAL(0, store.client()->Release());
        held.may_go_on.open();
        CHECK_HR(S_OK, MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE));
    }
    CHECK_EQUAL(1, folder.names().size());
    CHECK_IS(names[1], folder.names()[0]);
}
