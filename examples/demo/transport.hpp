// Two transports that send mail to nowhere, page by page. They differ in speed, and in who drives them.
#ifndef DEMO_TRANSPORT_HPP
#define DEMO_TRANSPORT_HPP

#include <thread>

#include "journal.hpp"
#include "mapispool.h"

class Transport {
public:
    Transport(Journal &journal, Lane lane, int pages, int milliseconds_per_page);
    Transport(const Transport &) = delete;
    Transport &operator=(const Transport &) = delete;

    // Added as a driven one: a thread of the spooler calls SubmitMessage for each message.
    HRESULT add_driven(HMAPISPOOLER spooler, const char *name);

    // Added as a self-driven one: a thread of its own asks for messages with MapiTransportTakeMessage.
    HRESULT add_self_driven(HMAPISPOOLER spooler, const char *name);

private:
    static HRESULT MAPISPOOL_CALL submit_message(void *self, const MAPISPOOLMESSAGE *message, ULONG *seconds);
    static HRESULT MAPISPOOL_CALL transport_notify(void *self, ULONG flags, const MAPISPOOLMESSAGE *message);
    static HRESULT MAPISPOOL_CALL flush_queues(void *self, ULONG flags);
    static HRESULT MAPISPOOL_CALL transport_logoff(void *self, ULONG flags);

    MAPITRANSPORTOPS ops() const;
    HRESULT send(const MAPISPOOLMESSAGE &message);
    void run();

    Journal &journal_;
    const Lane lane_;
    const int pages_, milliseconds_per_page_;
    HMAPITRANSPORT handle_;
    std::thread thread_;
};

#endif
