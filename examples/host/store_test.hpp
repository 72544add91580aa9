// A gtest fixture for store providers: what IMsgStore::StoreLogoff and the final release do, without Outlook.
//
//     class MyStore : public StoreTest {
//     protected:
//         MyStore() : StoreTest(MSProviderInit, "the bytes of the store's entry identifier") {}
//     };
//
//     TEST_F(MyStore, PurgeSendsWhatWasSubmitted)
//     {
//         submit("the bytes of a message's entry identifier");
//         EXPECT_EQ(LOGOFF_COMPLETE, log_off(LOGOFF_PURGE));
//         EXPECT_EQ(1u, sent().size());
//     }
//
// There are no threads and no clock (MAPISPOOL_MANUAL): what goes on in the background goes on in run(). At its end a
// test fails if the provider has kept a reference.
#ifndef STORE_TEST_HPP
#define STORE_TEST_HPP

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host.hpp"
#include "host_support.hpp"

class StoreTest : public ::testing::Test {
protected:
    StoreTest(MSPROVIDERINIT &init, const std::string &entry_id)
        : entry_id_(entry_id), spooler_(open_spooler(this)), provider_(new LoadedProvider(init)), answer_(S_OK)
    {
        open_store();
    }

    void TearDown() override
    {
        stores_.clear();
        EXPECT_EQ(S_OK, MapiSpoolerClose(spooler_, 0, 0));
        provider_.reset();
        HostSupport::instance()->AddRef();
        EXPECT_EQ(1u, HostSupport::instance()->Release()) << "the provider has kept a support object";
    }

    // The client's object; with an index, that of the client who opened the store again.
    LPMDB store(std::size_t client = 0) const { return stores_[client].client.get(); }

    void open_store()
    {
        std::unique_ptr<OpenStore> store(new OpenStore(spooler_, **provider_, entry_id_));
        Owned<IMsgStore> client(store->client());
        stores_.push_back(Opened{std::move(store), std::move(client)});
    }

    // The client opens the message and submits it.
    void submit(const std::string &message_id, std::size_t client = 0)
    {
        std::vector<BYTE> id(message_id.begin(), message_id.end());
        ULONG type = 0;
        LPUNKNOWN object = nullptr;
        ASSERT_EQ(S_OK, store(client)->OpenEntry(static_cast<ULONG>(id.size()),
                                                 reinterpret_cast<LPENTRYID>(id.data()), nullptr, 0, &type, &object));
        const Owned<IUnknown> message(object);
        ASSERT_EQ(S_OK, static_cast<LPMESSAGE>(object)->SubmitMessage(0));
        stores_[client].store->read_outgoing_queue();
    }

    // IMsgStore::StoreLogoff, which has to succeed. Returns what it made of the flags.
    ULONG log_off(ULONG instruction, std::size_t client = 0)
    {
        EXPECT_EQ(S_OK, store(client)->StoreLogoff(&instruction));
        return instruction;
    }

    // The client's last reference goes.
    void release(std::size_t client = 0) { stores_[client].client.reset(); }

    // The transport's answer to SubmitMessage from now on. S_OK at first.
    void transport_answers(HRESULT answer) { answer_ = answer; }

    // Done once, while the transport has the next message. The transport stops then if it is told to.
    void while_sending(std::function<void()> action) { action_ = std::move(action); }

    // What the transport has sent: entry identifiers.
    const std::vector<std::string> &sent() const { return sent_; }

    // What goes on in the background goes on for so many milliseconds of the spooler's time.
    void run(ULONG milliseconds = 0) { EXPECT_EQ(S_OK, MapiSpoolerRun(spooler_, milliseconds)); }

private:
    struct Opened {
        std::unique_ptr<OpenStore> store;
        Owned<IMsgStore> client;
    };

    static HMAPISPOOLER open_spooler(StoreTest *test)
    {
        MAPISPOOLOPTIONS options = {};
        options.cbSize = sizeof options;
        options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
        options.lpszProfileName = "test";
        MAPITRANSPORTOPS ops = {};
        ops.cbSize = sizeof ops;
        ops.SubmitMessage = submit_message;
        HMAPISPOOLER spooler = nullptr;
        HMAPITRANSPORT transport = nullptr;
        EXPECT_EQ(S_OK, MapiSpoolerOpen(&options, &spooler));
        EXPECT_EQ(S_OK, MapiSpoolerAddTransport(spooler, "test", 0, nullptr, &ops, test, &transport));
        return spooler;
    }

    static HRESULT MAPISPOOL_CALL submit_message(void *self, const MAPISPOOLMESSAGE *message, ULONG *)
    {
        return static_cast<StoreTest *>(self)->send(*message);
    }

    HRESULT send(const MAPISPOOLMESSAGE &message)
    {
        std::function<void()> action;
        action.swap(action_);
        if (action)
            action();
        if (MapiTransferSpoolerYield(message.hTransfer) == MAPI_W_CANCEL_MESSAGE)
            return MAPI_E_USER_CANCEL;
        if (answer_ == S_OK)
            sent_.emplace_back(static_cast<const char *>(message.lpEntryID), message.cbEntryID);
        return answer_;
    }

    const std::string entry_id_;
    const HMAPISPOOLER spooler_;
    std::unique_ptr<LoadedProvider> provider_;
    std::vector<Opened> stores_;
    HRESULT answer_;
    std::function<void()> action_;
    std::vector<std::string> sent_;
};

#endif
