// mapispool.hpp: StoreLogoffTransports as in MAPI and with types; identifiers from whatever holds bytes.

#include "story.hpp"

#include <array>

using mapispool::EntryID;
using mapispool::Logoff;
using mapispool::LogoffFlags;
using mapispool::Spooler;
using mapispool::Store;
using mapispool::Transport;
using std::chrono::milliseconds;

static void as_in_mapi() {
    Spooler spooler = open_manual();
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    ULONG ulFlags = LOGOFF_QUIET;
    CHECK_HR(S_OK, store.StoreLogoffTransports(&ulFlags).hr());
    CHECK_EQUAL(LOGOFF_OUTBOUND_QUEUE, ulFlags);
    ulFlags = LOGOFF_QUIET | LOGOFF_PURGE;
    CHECK_HR(MAPI_E_INVALID_PARAMETER, store.StoreLogoffTransports(&ulFlags).hr());
    CHECK_EQUAL(LOGOFF_QUIET | LOGOFF_PURGE, ulFlags); // not written
    CHECK_HR(MAPI_E_INVALID_PARAMETER, store.StoreLogoffTransports(nullptr).hr());
    ulFlags = LOGOFF_ORDERLY;
    CHECK_HR(S_OK, store.StoreLogoffTransports(&ulFlags).hr());
    CHECK_EQUAL(LOGOFF_COMPLETE | LOGOFF_OUTBOUND_QUEUE, ulFlags);
    CHECK_HR(S_OK, store.Wait(milliseconds(0)).hr());
}

static void with_types() {
    static_assert(Logoff::NoWait == LOGOFF_NO_WAIT && Logoff::Orderly == LOGOFF_ORDERLY, "MAPI's values");
    static_assert(Logoff::Purge == LOGOFF_PURGE && Logoff::Abort == LOGOFF_ABORT, "MAPI's values");
    static_assert(Logoff::Quiet == LOGOFF_QUIET, "MAPI's values");
    static_assert(!std::is_convertible<ULONG, Logoff::Instruction>::value, "no other number is an instruction");

    const LogoffFlags none, all(LOGOFF_COMPLETE | LOGOFF_INBOUND | LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE);
    CHECK(!none.complete() && !none.inbound() && !none.outbound() && !none.outbound_queue());
    CHECK(all.complete() && all.inbound() && all.outbound() && all.outbound_queue());
    CHECK(LogoffFlags(LOGOFF_INBOUND).inbound() && !LogoffFlags(~LOGOFF_INBOUND).inbound());
    CHECK(LogoffFlags(LOGOFF_OUTBOUND).outbound() && !LogoffFlags(~LOGOFF_OUTBOUND).outbound());
    CHECK(!LogoffFlags(~LOGOFF_COMPLETE).complete() && !LogoffFlags(~LOGOFF_OUTBOUND_QUEUE).outbound_queue());
    ULONG word = Logoff::Quiet; // a ULONG where one is wanted
    word |= all;
    CHECK_EQUAL(0x000F0010, word);

    Spooler spooler = open_manual();
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    LogoffFlags flags = store.StoreLogoffTransports(Logoff::Quiet).or_throw();
    CHECK(!flags.complete() && flags.outbound_queue() && !flags.outbound() && !flags.inbound());
    flags = store.StoreLogoffTransports(Logoff::Abort).or_throw();
    CHECK(flags.complete() && flags.outbound_queue());
    mapispool::ResultOf<LogoffFlags> over = store.StoreLogoffTransports(Logoff::Abort);
    CHECK(over == MAPI_E_INVALID_OBJECT);
    CHECK_EQUAL(0, *over);
}

static void saved_for_the_release() {
    Story story;
    Spooler spooler = open_manual();
    CHECK(spooler.AddTransport("t", std::make_shared<Driven>(story)));
    Store store = spooler.OpenStore("s").or_throw();
    CHECK(store.SubmitMessage("m"));
    CHECK_HR(S_OK, store.StoreLogoff(nullptr).hr());
    ULONG ulFlags = LOGOFF_PURGE;
    CHECK_HR(S_OK, store.StoreLogoff(&ulFlags).hr());
    CHECK_EQUAL(LOGOFF_PURGE | LOGOFF_OUTBOUND_QUEUE, ulFlags);
    store = Store();
    CHECK_EQUAL(1, story.count("transport: submit m"));
}

static void all_stores_at_once() {
    Spooler spooler = open_manual();
    std::vector<Store> stores;
    for (char id = 'a'; id < 'f'; ++id)
        stores.push_back(spooler.OpenStore(std::string(1, id)).or_throw());
    Transport transport = spooler.AddTransport("t", std::make_shared<mapispool::SelfDrivenTransportOps>()).or_throw();
    mapispool::Transfer busy = transport.BeginInbound(stores[0]).or_throw();
    CHECK_EQUAL(1, spooler.LogoffStores(Logoff::Quiet, milliseconds(0)).or_throw());
    CHECK(!LogoffFlags(stores[0].GetStatus()->ulFlags).complete());
    CHECK(LogoffFlags(stores[1].GetStatus()->ulFlags).complete());
}

static void identifiers() {
    const unsigned char bytes[] = {0, 1, 0};
    const std::string text("\0\1\0", 3);
    const std::vector<unsigned char> many(bytes, bytes + 3);
    const std::array<signed char, 3> few = {{0, 1, 0}};
    CHECK(EntryID(3, bytes) == EntryID(text));
    CHECK(EntryID(many) == EntryID(few));
    CHECK(EntryID(text) == EntryID(many));
    CHECK(EntryID(text).str() == text);
    CHECK(EntryID("abc") == EntryID(std::string("abc")));
    CHECK(EntryID("abc") != EntryID("abd"));
    CHECK(EntryID("abc") != EntryID("ab"));
    CHECK_EQUAL(3, EntryID("abc").cb());
    CHECK(EntryID() == EntryID("") && EntryID("").str().empty());
    CHECK(EntryID(static_cast<const char *>(nullptr)) == EntryID());

    Spooler spooler = open_manual();
    Store store = spooler.OpenStore(many).or_throw();
    CHECK_HR(S_OK, store.SubmitMessage(text).hr());
    CHECK_HR(MAPI_E_SUBMITTED, store.SubmitMessage({3, bytes}).hr());
    CHECK_HR(S_OK, store.AbortSubmit(few).hr());
    CHECK_HR(MAPI_E_INVALID_ENTRYID, store.SubmitMessage(std::string(65536, 'x')).hr());
    CHECK_HR(MAPI_E_INVALID_ENTRYID, store.SubmitMessage("").hr());

    struct Enormous {
        const char *data() const { return "x"; }
        unsigned long long size() const { return 0x100000001ULL; }
    };
    CHECK_HR(MAPI_E_INVALID_ENTRYID, store.SubmitMessage(Enormous()).hr());
}

int main() {
    as_in_mapi();
    with_types();
    saved_for_the_release();
    all_stores_at_once();
    identifiers();
}
