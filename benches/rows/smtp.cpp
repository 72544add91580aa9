// A folder of mail and LOGOFF_PURGE through the SMTP example: what the spooler costs where mail is really sent.
//
// Both sides read the same files, send them over one connection and remove them. The time is that from the first look
// into the folder to the last mail, the connecting and the good-bye included. Server and files are as fast as they can
// be, the files in memory, because all that they take, both sides take.
#include <string>
#include <thread>

#include "baselines/smtp_loop.hpp"
#include "bench.hpp"
#include "folder_store.hpp"
#include "session.hpp"
#include "smtp_sink.hpp"
#include "transport.hpp"

namespace bench {

namespace {

const std::size_t MAILS = 1'000;
const char *const MEMORY = "/dev/shm";
const std::size_t LINES = 30; // of 70 characters: a short mail with its headers

void fill(MailFolder &folder, std::size_t mails)
{
    Mail mail{"ann@example.org", {"bob@example.org"}, "Subject: bench\r\n\r\n"};
    for (std::size_t line = 0; line < LINES; ++line)
        mail.text += std::string(68, 'x') + "\r\n";
    const std::string content = file_from_mail(mail);
    for (std::size_t number = 0; number < mails; ++number)
        if (folder.submit(folder.compose(content)) != MailFolder::Result::DONE)
            fail("a mail could not be written");
}

void check(SmtpSink &sink, MailFolder &folder, std::size_t mails)
{
    if (sink.mails() != mails || !folder.names().empty())
        fail("a mail was not sent");
}

double send_with_ours(SmtpSink &sink, const std::string &path, std::size_t mails)
{
    FolderStore store(path);
    fill(store.folder(), mails);
    const double taken = time([&] {
        Spooler spooler;
        HMAPITRANSPORT transport = nullptr;
        HMAPISTORE logon = nullptr;
        must(add_smtp_transport(spooler.handle(), sink.url(), &transport), "MapiSpoolerAddTransport");
        must(store.open(spooler.handle(), &logon), "MapiSpoolerOpenStore");
        log_off(logon, LOGOFF_PURGE);
    });
    check(sink, store.folder(), mails);
    return taken;
}

double send_with_baseline(SmtpSink &sink, const std::string &path, std::size_t mails)
{
    MailFolder folder(path);
    fill(folder, mails);
    bool sent_all = false;
    const double taken = time([&] {
        // On a thread of its own, as ours: a busy machine serves a new one sooner than the one that wrote the files.
        std::thread([&] { sent_all = send_in_a_loop(folder, sink.url()); }).join();
    });
    if (!sent_all)
        fail("the loop did not send everything");
    check(sink, folder, mails);
    return taken;
}

} // namespace

void bench_smtp(Bench &bench)
{
    const std::string what = grouped(MAILS) + " mails by SMTP: PURGE, each";
    if (!bench.report.wants(what))
        return;
    SmtpSink sink;
    const TemporaryDirectory directory(MEMORY);
    const auto ours = [&](std::size_t mails) { return send_with_ours(sink, directory.path(), mails); };
    const auto baseline = [&](std::size_t mails) { return send_with_baseline(sink, directory.path(), mails); };
    const std::size_t rounds = bench.full_or_quick<std::size_t>(25, 7);
    bench.report.add(ratio_row(what, compare_fixed(rounds, MAILS, ours, baseline), Target{Target::AT_MOST, 1.05}));
}

} // namespace bench
