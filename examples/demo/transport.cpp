#include "transport.hpp"

#include <chrono>

#include "outbox.hpp"

namespace {

std::string name_of(const MAPISPOOLMESSAGE &message)
{
    return std::string(static_cast<const char *>(message.lpEntryID), message.cbEntryID);
}

} // namespace

Transport::Transport(Journal &journal, Lane lane, int pages, int milliseconds_per_page)
    : journal_(journal), lane_(lane), pages_(pages), milliseconds_per_page_(milliseconds_per_page),
      handle_(nullptr)
{
}

MAPITRANSPORTOPS Transport::ops() const
{
    MAPITRANSPORTOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.TransportNotify = transport_notify;
    ops.FlushQueues = flush_queues;
    ops.TransportLogoff = transport_logoff;
    return ops;
}

HRESULT Transport::add_driven(HMAPISPOOLER spooler, const char *name)
{
    MAPITRANSPORTOPS ops = this->ops();
    ops.SubmitMessage = submit_message;
    return MapiSpoolerAddTransport(spooler, name, 0, nullptr, &ops, this, &handle_);
}

HRESULT Transport::add_self_driven(HMAPISPOOLER spooler, const char *name)
{
    const MAPITRANSPORTOPS ops = this->ops();
    const HRESULT result = MapiSpoolerAddTransport(spooler, name, 0, nullptr, &ops, this, &handle_);
    if (result == S_OK)
        thread_ = std::thread(&Transport::run, this);
    return result;
}

// The self-driven transport's own loop. It ends when the spooler closes: MAPI_E_END_OF_SESSION.
void Transport::run()
{
    const MAPISPOOLMESSAGE *message;
    while (MapiTransportTakeMessage(handle_, MAPISPOOL_INFINITE, &message) == S_OK) {
        const HMAPITRANSFER transfer = message->hTransfer;
        const HRESULT result = send(*message);
        MapiTransferEnd(transfer, result, 0, 0);
    }
}

HRESULT Transport::submit_message(void *self, const MAPISPOOLMESSAGE *message, ULONG *)
{
    return static_cast<Transport *>(self)->send(*message);
}

// Both kinds send in the same way. After each page they ask whether they shall stop.
HRESULT Transport::send(const MAPISPOOLMESSAGE &message)
{
    Outbox &outbox = *static_cast<Outbox *>(message.lpvStoreContext);
    const std::string name = name_of(message);
    if (outbox.address_of(name[0]) != lane_) {
        journal_.write(lane_, name + ": not me", FAINT);
        return MAPI_E_NOT_ME;
    }
    journal_.write(lane_, name + " starts");
    for (int page = 1; page <= pages_; ++page) {
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds_per_page_));
        if (page < pages_ && MapiTransferSpoolerYield(message.hTransfer) == MAPI_W_CANCEL_MESSAGE) {
            journal_.write(lane_, name + " broken off", STOPPED);
            return MAPI_E_USER_CANCEL;
        }
    }
    outbox.went_out(name[0]);
    return S_OK;
}

HRESULT Transport::transport_notify(void *self, ULONG flags, const MAPISPOOLMESSAGE *message)
{
    Transport &transport = *static_cast<Transport *>(self);
    if (flags == NOTIFY_CANCEL_MESSAGE)
        transport.journal_.write(transport.lane_, "told: stop " + name_of(*message), STOPPED);
    return S_OK;
}

HRESULT Transport::flush_queues(void *self, ULONG)
{
    Transport &transport = *static_cast<Transport *>(self);
    transport.journal_.write(transport.lane_, "told: flush");
    return S_OK;
}

HRESULT Transport::transport_logoff(void *self, ULONG)
{
    Transport &transport = *static_cast<Transport *>(self);
    if (transport.thread_.joinable())
        transport.thread_.join();
    return S_OK;
}
