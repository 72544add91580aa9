#include "logoff.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "outbox.hpp"
#include "transport.hpp"

namespace {

const int LOGOFF_AFTER = 110;           // milliseconds; by then both transports are at work
const ULONG PATIENCE = 30000;           // milliseconds, for what goes on in the background
const std::string IDS = "ABCDEFG";
const ULONG BUSY = LOGOFF_INBOUND | LOGOFF_OUTBOUND | LOGOFF_OUTBOUND_QUEUE;

// What cannot go wrong here. The spooler's threads still use what is on the stack, so nothing is unwound.
void expect_ok(const char *call, HRESULT result)
{
    if (result == S_OK)
        return;
    char reason[500] = "";
    ULONG needed;
    MapiSpoolerGetLastError(reason, sizeof reason, &needed);
    std::fprintf(stderr, "%s: 0x%08lX %s\n", call, static_cast<unsigned long>(static_cast<ULONG>(result)),
                 reason);
    std::fflush(stdout);
    std::_Exit(1);
}

void sleep(int milliseconds)
{
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

// The call that all this is about.
Account call(HMAPISTORE store, const Instruction &instruction, Outbox &outbox, Journal &journal)
{
    journal.write(PROGRAM, std::string("calls StoreLogoffTransports(LOGOFF_") + instruction.name + ")", STRONG);
    journal.program_waits('|');
    outbox.phase(DURING);
    const double begin = journal.now();

    ULONG flags = instruction.value;
    const HRESULT result = StoreLogoffTransports(store, &flags);

    const double end = journal.now();
    outbox.phase(AFTER);
    journal.program_waits(' ');
    expect_ok("StoreLogoffTransports", result);

    char took[40];
    std::snprintf(took, sizeof took, "S_OK after %.1f ms: ", end - begin);
    journal.write(PROGRAM, took + spelled(flags), STRONG);
    return Account{instruction.name, end - begin, flags, "", "", "", ""};
}

bool logged_off(const Account &account)
{
    return (account.answer & LOGOFF_COMPLETE) != 0;
}

void wait_until_at_rest(HMAPISTORE store)
{
    MAPISPOOLSTATUS status = {};
    status.cbSize = sizeof status;
    do {
        sleep(10);
        expect_ok("MapiStoreGetStatus", MapiStoreGetStatus(store, &status));
    } while ((status.ulFlags & BUSY) != 0);
}

// The call has returned; whoever wants to see the rest stays for it.
void wait_for_the_rest(HMAPISTORE store, const Account &account, Journal &journal)
{
    journal.program_waits(':');
    if (!logged_off(account)) {
        journal.write(PROGRAM, ": still logged on; asks MapiStoreGetStatus now and then");
        wait_until_at_rest(store);
    } else if (MapiStoreWait(store, 0) == MAPI_E_TIMEOUT) {
        journal.write(PROGRAM, ": MapiStoreWait, for what goes on in the background");
        expect_ok("MapiStoreWait", MapiStoreWait(store, PATIENCE));
    }
    journal.program_waits(' ');
}

void complete(Account &account, const Outbox &outbox)
{
    account.sent_before = outbox.sent(BEFORE);
    account.sent_during = outbox.sent(DURING);
    account.sent_after = outbox.sent(AFTER);
    account.stays = outbox.content();
}

// What the instruction promises, beyond that nothing is lost.
std::string breaches(const Instruction &instruction, const std::vector<Account> &calls,
                     const std::string &at_return)
{
    std::string found;
    const Account &account = calls[0];
    if (logged_off(account) == (instruction.value == LOGOFF_QUIET))
        found += logged_off(account) ? "COMPLETE from a busy store. " : "No COMPLETE. ";
    if (calls.back().answer != LOGOFF_COMPLETE && instruction.value == LOGOFF_QUIET)
        found += "Not COMPLETE alone from a store at rest. ";
    if (instruction.value == LOGOFF_PURGE && !at_return.empty())
        found += "The Outbox was not empty when the purge returned. ";
    if (instruction.value == LOGOFF_NO_WAIT && !account.stays.empty())
        found += "Not everything that was ready was sent. ";
    if (instruction.value == LOGOFF_ABORT && !account.sent_after.empty())
        found += "Something was sent after everything had been stopped. ";
    return found;
}

HMAPISPOOLER open_spooler(Transport &email, Transport &fax)
{
    MAPISPOOLOPTIONS options = {};
    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL;
    options.lpszProfileName = "demo";
    HMAPISPOOLER spooler;
    expect_ok("MapiSpoolerOpen", MapiSpoolerOpen(&options, &spooler));
    expect_ok("MapiSpoolerAddTransport", email.add_driven(spooler, "e-mail"));
    expect_ok("MapiSpoolerAddTransport", fax.add_self_driven(spooler, "fax"));
    return spooler;
}

HMAPISTORE open_store(HMAPISPOOLER spooler, Outbox &outbox)
{
    for (const char id : IDS)
        outbox.add(id, id == 'B' || id == 'D' || id == 'F' ? FAX : EMAIL);
    const MAPISTOREOPS ops = Outbox::ops();
    HMAPISTORE store;
    expect_ok("MapiSpoolerOpenStore", MapiSpoolerOpenStore(spooler, 4, "demo", 0, &ops, &outbox, &store));
    return store;
}

void summarize(const Account &account, const std::string &at_return)
{
    std::string sent;
    const auto add = [&sent](const std::string &ids, const char *when) {
        if (!ids.empty())
            sent += (sent.empty() ? "sent " : ", ") + ids + when;
    };
    add(account.sent_before, " before");
    add(account.sent_during, " during");
    add(account.sent_after, " after the call");
    std::printf("=> %.1f ms, %s; %s; Outbox: %s\n", account.milliseconds,
                spelled(account.answer).c_str(), sent.c_str(),
                account.stays.empty() ? "nothing" : account.stays.c_str());
    if (logged_off(account) && !account.sent_after.empty())
        std::printf("   (a program that exits right after the call leaves %s in the Outbox)\n", at_return.c_str());
}

} // namespace

std::string spelled(ULONG answer)
{
    static const struct {
        ULONG flag;
        const char *name;
    } names[] = {
        {LOGOFF_COMPLETE, "COMPLETE"},
        {LOGOFF_INBOUND, "INBOUND"},
        {LOGOFF_OUTBOUND, "OUTBOUND"},
        {LOGOFF_OUTBOUND_QUEUE, "QUEUE"},
    };
    std::string text;
    for (const auto &name : names)
        if ((answer & name.flag) != 0)
            text += (text.empty() ? "" : "+") + std::string(name.name);
    return text.empty() ? "no flag" : text;
}

std::string log_off(const Instruction &instruction, std::vector<Account> &accounts)
{
    const std::string title = std::string("LOGOFF_") + instruction.name + ": ";
    std::printf("\n%s\"%s\"\n", toned(STRONG, title).c_str(), instruction.says);

    // These outlive the spooler, so it needs no finalizers to free them.
    Journal journal;
    Outbox outbox(journal);
    Transport email(journal, EMAIL, 4, 10);
    Transport fax(journal, FAX, 6, 50);
    const HMAPISPOOLER spooler = open_spooler(email, fax);
    const HMAPISTORE store = open_store(spooler, outbox);

    journal.write(PROGRAM, "submits A to G");
    for (const char &id : IDS)
        expect_ok("MapiStoreSubmitMessage", MapiStoreSubmitMessage(store, 1, &id));
    sleep(LOGOFF_AFTER);

    const Account account = call(store, instruction, outbox, journal);
    const std::string at_return = outbox.content();
    wait_for_the_rest(store, account, journal);
    std::vector<Account> calls(1, account);
    if (!logged_off(account)) {
        calls.push_back(call(store, instruction, outbox, journal));
        calls[1].name += " again";
        calls[1].sent_before = IDS;
    }
    // COMPLETE may be ahead of the store's last callbacks. The wait is not.
    expect_ok("MapiStoreWait", MapiStoreWait(store, PATIENCE));
    complete(calls[0], outbox);
    calls.back().stays = outbox.content();

    expect_ok("MapiStoreRelease", MapiStoreRelease(store));
    expect_ok("MapiSpoolerClose", MapiSpoolerClose(spooler, 0, PATIENCE));
    summarize(calls[0], at_return);
    accounts.insert(accounts.end(), calls.begin(), calls.end());
    return breaches(instruction, calls, at_return) + outbox.breaches();
}
