// MAPI's part between a store provider and the spooler: what a host does so that a provider can log off that knows
// mapispi.h and nothing of this library.
#ifndef HOST_HPP
#define HOST_HPP

#include <memory>
#include <string>

#include "com_object.hpp"
#include "mapispool.h"

struct ReleaseIt {
    void operator()(LPUNKNOWN object) const { object->Release(); }
};

// A reference that is released.
template <typename Interface>
using Owned = std::unique_ptr<Interface, ReleaseIt>;

// A provider, from its MSProviderInit to its Shutdown. What fails here and below throws std::runtime_error.
class LoadedProvider {
public:
    explicit LoadedProvider(MSPROVIDERINIT &init);
    ~LoadedProvider();

    IMSProvider &operator*() const { return *provider_; }

private:
    Owned<IMSProvider> provider_;
};

// A client's open of a store. The client logs off and releases it when it likes.
class OpenStore {
public:
    OpenStore(HMAPISPOOLER spooler, IMSProvider &provider, const std::string &entry_id);

    // The client's own object. Its reference is the client's, who releases it.
    LPMDB client() const { return client_; }

    // Over when the provider has released its support object: then calls with it fail.
    HMAPISTORE handle() const { return handle_; }

    // Has the spooler queue what was submitted. In MAPI it watches the table; here whoever submits calls this.
    void read_outgoing_queue() const;

private:
    const Owned<IMsgStore> spoolers_;
    const HMAPISTORE handle_;
    const LPMDB client_;
};

#endif
