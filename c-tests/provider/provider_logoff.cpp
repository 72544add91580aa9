// What IMsgStore::StoreLogoff and the final release of the sample provider do, in both ways of writing them: the
// provider knows mapispi.h, and not this library.

#include "mail_folder.hpp"
#include "provider.hpp"
#include "store_test.hpp"

class SampleStore : public StoreTest {
protected:
    explicit SampleStore(MSPROVIDERINIT &init) : StoreTest(init, store_entry_id(path())), folder(path()) {
        for (const std::string &left : folder.names())
            folder.remove(left); // by a test that failed
    }
    ~SampleStore() override {
        for (const auto &message : texts)
            folder.remove(message.first);
    }

    static std::string path() {
        return std::string("store_") + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    }

    /** Writes a message and has the client submit it. */
    void submit(const std::string &text, size_t client = 0) {
        names[text] = folder.compose(text);
        texts[names[text]] = text;
        StoreTest::submit(message_entry_id(names[text]), client);
    }

    HRESULT abort_submit(const std::string &text) {
        std::string id = message_entry_id(names[text]);
        return store()->AbortSubmit(static_cast<ULONG>(id.size()), reinterpret_cast<LPENTRYID>(&id[0]), 0);
    }

    std::string sent() {
        std::string all;
        for (const std::string &id : StoreTest::sent())
            all += texts[named_by(static_cast<ULONG>(id.size()), reinterpret_cast<const ENTRYID *>(id.data()))];
        return all;
    }

    std::string outbox() {
        std::string all;
        for (const std::string &name : folder.names())
            all += texts[name];
        return all;
    }

    MailFolder folder;
    std::map<std::string, std::string> names, texts;
};

class AtOnce : public SampleStore {
protected:
    AtOnce() : SampleStore(provider_that_logs_off_at_once) {}
};

class InRelease : public SampleStore {
protected:
    InRelease() : SampleStore(provider_that_logs_off_in_release) {}
};

static const ULONG COMPLETE = LOGOFF_COMPLETE, QUEUE = LOGOFF_OUTBOUND_QUEUE;

TEST_F(AtOnce, PurgeSendsEverythingBeforeItReturns) {
    submit("a");
    submit("b");
    EXPECT_EQ(COMPLETE, log_off(LOGOFF_PURGE));
    EXPECT_EQ("ab", sent());
    EXPECT_EQ("", outbox());
}

TEST_F(AtOnce, PurgeKeepsWhatCouldNotBeSent) {
    submit("a");
    transport_answers(MAPI_E_NETWORK_ERROR);
    EXPECT_EQ(COMPLETE | QUEUE, log_off(LOGOFF_PURGE));
    EXPECT_EQ("", sent());
    EXPECT_EQ("a", outbox());
}

TEST_F(AtOnce, QuietKeepsAStoreWithAQueueLoggedOn) {
    submit("a");
    EXPECT_EQ(QUEUE, log_off(LOGOFF_QUIET));
    submit("b");
    EXPECT_EQ(COMPLETE, log_off(LOGOFF_PURGE));
    EXPECT_EQ("ab", sent());
}

TEST_F(AtOnce, AbortSendsNothingMore) {
    submit("a");
    EXPECT_EQ(COMPLETE | QUEUE, log_off(LOGOFF_ABORT));
    run();
    EXPECT_EQ("", sent());
    EXPECT_EQ("a", outbox());
}

TEST_F(AtOnce, QuietKeepsAStoreThatSendsLoggedOn) {
    submit("a");
    while_sending([this] { EXPECT_EQ(LOGOFF_OUTBOUND, log_off(LOGOFF_QUIET)); });
    run();
    EXPECT_EQ(COMPLETE, log_off(LOGOFF_QUIET));
    EXPECT_EQ("a", sent());
}

TEST_F(AtOnce, OrderlyFinishesWhatIsBeingSent) {
    submit("a");
    submit("b");
    while_sending([this] { EXPECT_EQ(COMPLETE | LOGOFF_OUTBOUND | QUEUE, log_off(LOGOFF_ORDERLY)); });
    run();
    EXPECT_EQ("a", sent());
    EXPECT_EQ("b", outbox());
}

TEST_F(AtOnce, NoWaitSendsInTheBackground) {
    submit("a");
    EXPECT_EQ(COMPLETE | QUEUE, log_off(LOGOFF_NO_WAIT));
    EXPECT_EQ("", sent());
    run();
    EXPECT_EQ("a", sent());
}

TEST_F(AtOnce, ReleaseWithoutStoreLogoffIsAnAbort) {
    submit("a");
    release();
    run();
    EXPECT_EQ("", sent());
    EXPECT_EQ("a", outbox());
}

TEST_F(AtOnce, WhatStayedIsSentWhenTheStoreIsOpenedAgain) {
    submit("a");
    EXPECT_EQ(COMPLETE | QUEUE, log_off(LOGOFF_ORDERLY));
    open_store();
    EXPECT_EQ(COMPLETE, log_off(LOGOFF_PURGE, 1));
    EXPECT_EQ("a", sent());
}

TEST_F(AtOnce, TheFirstOfTwoClientsLeavesTheQueueAlone) {
    open_store();
    submit("a");
    EXPECT_EQ(COMPLETE | QUEUE, log_off(LOGOFF_PURGE));
    EXPECT_EQ("", sent());
    EXPECT_EQ(COMPLETE, log_off(LOGOFF_PURGE, 1));
    EXPECT_EQ("a", sent());
}

TEST_F(AtOnce, AMessageThatWasTakenBackIsNotSent) {
    submit("a");
    submit("b");
    EXPECT_EQ(S_OK, abort_submit("a"));
    EXPECT_EQ(COMPLETE, log_off(LOGOFF_PURGE));
    EXPECT_EQ("b", sent());
    EXPECT_EQ(MAPI_E_NOT_IN_QUEUE, abort_submit("b"));
}

TEST_F(AtOnce, TheAnswersAreTheSpoolersOwn) {
    ULONG nonsense = 0x100, both = LOGOFF_PURGE | LOGOFF_ABORT, purge = LOGOFF_PURGE;
    EXPECT_EQ(MAPI_E_UNKNOWN_FLAGS, store()->StoreLogoff(&nonsense));
    EXPECT_EQ(MAPI_E_INVALID_PARAMETER, store()->StoreLogoff(&both));
    EXPECT_EQ(COMPLETE, log_off(LOGOFF_PURGE));
    EXPECT_EQ(MAPI_E_INVALID_OBJECT, store()->StoreLogoff(&purge));
}

TEST_F(InRelease, StoreLogoffOnlySaves) {
    submit("a");
    EXPECT_EQ(LOGOFF_PURGE, log_off(LOGOFF_PURGE));
    submit("b");
    EXPECT_EQ("", sent());
    EXPECT_EQ("ab", outbox());
}

TEST_F(InRelease, ReleaseDoesWhatWasSavedLast) {
    submit("a");
    log_off(LOGOFF_ABORT);
    log_off(LOGOFF_PURGE);
    release();
    EXPECT_EQ("a", sent());
}

TEST_F(InRelease, ReleaseWithoutStoreLogoffIsAnAbort) {
    submit("a");
    release();
    run();
    EXPECT_EQ("", sent());
    EXPECT_EQ("a", outbox());
}

TEST_F(InRelease, NoFlagsSaveNothing) {
    submit("a");
    log_off(LOGOFF_PURGE);
    EXPECT_EQ(S_OK, store()->StoreLogoff(nullptr));
    release();
    EXPECT_EQ("a", sent());
}

TEST_F(InRelease, ReleaseAfterQuietLetsWhatIsBeingSentFinish) {
    submit("a");
    submit("b");
    log_off(LOGOFF_QUIET);
    while_sending([this] { release(); });
    run();
    EXPECT_EQ("a", sent());
    EXPECT_EQ("b", outbox());
}
