#include "transport.hpp"

#include <chrono>
#include <exception>
#include <memory>

#include "smtp_client.hpp"

namespace {

using Clock = std::chrono::steady_clock;

// How long to leave the server alone that says "later", or does not say anything.
const ULONG RETRY_SECONDS = 60;

std::string id_of(const MAPISPOOLMESSAGE &message)
{
    return std::string(static_cast<const char *>(message.lpEntryID), message.cbEntryID);
}

class SmtpTransport {
public:
    SmtpTransport(const std::string &url, const FindSmtpStore &find_store) : client_(url), find_store_(find_store) {}

    static MAPITRANSPORTOPS ops();

private:
    static HRESULT MAPISPOOL_CALL submit_message(void *self, const MAPISPOOLMESSAGE *message, ULONG *seconds);
    static HRESULT MAPISPOOL_CALL end_message(void *self, const MAPISPOOLMESSAGE *message, ULONG *end_flags);
    static HRESULT MAPISPOOL_CALL flush_queues(void *self, ULONG flags);
    static void MAPISPOOL_CALL destroy(void *self);

    HRESULT submit(const MAPISPOOLMESSAGE &message, ULONG &seconds);
    HRESULT settle(SmtpStore &store, const std::string &id, const Mail &mail, const std::vector<Reply> &replies);

    SmtpClient client_;
    const FindSmtpStore find_store_;
    Clock::time_point unreachable_until_;
};

// No TransportNotify: what it would tell of, a message that is to be stopped, is asked for while it is sent.
MAPITRANSPORTOPS SmtpTransport::ops()
{
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.SubmitMessage = submit_message;
    ops.EndMessage = end_message;
    ops.FlushQueues = flush_queues;
    ops.Destroy = destroy;
    return ops;
}

// Nothing may be thrown into the library. What goes wrong here is tried again: the message stays.
HRESULT SmtpTransport::submit_message(void *self, const MAPISPOOLMESSAGE *message, ULONG *seconds)
{
    try {
        return static_cast<SmtpTransport *>(self)->submit(*message, *seconds);
    } catch (const std::exception &) {
        return MAPI_E_CALL_FAILED;
    }
}

// The server has the message, or the sender a report: it leaves the Outbox.
HRESULT SmtpTransport::end_message(void *, const MAPISPOOLMESSAGE *, ULONG *end_flags)
{
    *end_flags = 0;
    return S_OK;
}

// Somebody wants the mail out now. Nothing is held here, but the server is to be tried.
HRESULT SmtpTransport::flush_queues(void *self, ULONG)
{
    static_cast<SmtpTransport *>(self)->unreachable_until_ = Clock::time_point();
    return S_OK;
}

void SmtpTransport::destroy(void *self)
{
    delete static_cast<SmtpTransport *>(self);
}

HRESULT SmtpTransport::submit(const MAPISPOOLMESSAGE &message, ULONG &seconds)
{
    seconds = RETRY_SECONDS;
    // A server that cannot be reached is not tried anew for each message: a thousand of them would each wait for it.
    if (Clock::now() < unreachable_until_)
        return MAPI_E_NETWORK_ERROR;

    SmtpStore &store = find_store_(message);
    const std::string id = id_of(message);
    Mail mail;
    if (!store.read(id, mail))
        return MAPI_E_CALL_FAILED;
    if (mail.recipients.empty())
        return store.report(id, "The message names no recipient.\n") ? S_OK : MAPI_E_CALL_FAILED;

    const HMAPITRANSFER transfer = message.hTransfer;
    const Delivery delivery =
        client_.send(mail, [transfer] { return MapiTransferSpoolerYield(transfer) == MAPI_W_CANCEL_MESSAGE; });
    switch (delivery.outcome) {
    case Delivery::CANCELLED:
        return MAPI_E_USER_CANCEL;
    case Delivery::UNREACHABLE:
        unreachable_until_ = Clock::now() + std::chrono::seconds(RETRY_SECONDS);
        return MAPI_E_NETWORK_ERROR;
    case Delivery::ANSWERED:
        break;
    }
    return settle(store, id, mail, delivery.replies);
}

// Each recipient has the message, is reported as one who will not, or stays with the message for the next time.
HRESULT SmtpTransport::settle(SmtpStore &store, const std::string &id, const Mail &mail,
                              const std::vector<Reply> &replies)
{
    std::vector<std::string> left;
    std::string refused;
    bool server_said_later = false;
    for (std::size_t index = 0; index < replies.size(); ++index) {
        const Reply &reply = replies[index];
        if (is_refused(reply)) {
            refused += "<" + mail.recipients[index] + ">: " + reply.text + "\n";
        } else if (!is_sent(reply)) {
            left.push_back(mail.recipients[index]);
            server_said_later = server_said_later || reply.code >= 400;
        }
    }
    if (!refused.empty() && !store.report(id, "This could not be delivered.\n\n" + refused))
        return MAPI_E_CALL_FAILED;
    if (left.empty())
        return S_OK;
    if (left.size() < mail.recipients.size() && !store.keep_recipients(id, left))
        return MAPI_E_CALL_FAILED;
    return server_said_later ? MAPI_E_WAIT : MAPI_E_NETWORK_ERROR;
}

} // namespace

SmtpStore &store_in_context(const MAPISPOOLMESSAGE &message)
{
    return *static_cast<SmtpStore *>(message.lpvStoreContext);
}

HRESULT add_smtp_transport(HMAPISPOOLER spooler, const std::string &url, HMAPITRANSPORT *transport,
                           const FindSmtpStore &find_store)
{
    std::unique_ptr<SmtpTransport> smtp(new SmtpTransport(url, find_store));
    const MAPITRANSPORTOPS ops = SmtpTransport::ops();
    const HRESULT result = MapiSpoolerAddTransport(spooler, "SMTP", 0, nullptr, &ops, smtp.get(), transport);
    if (result == S_OK)
        smtp.release(); // the spooler's now, until Destroy
    return result;
}
