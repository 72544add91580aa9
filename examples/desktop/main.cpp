// A mail client that asks before it closes, in a terminal.
//
//   mapispool_desktop [--stuck] [ANSWER...]        with answers (send, cancel, leave, back) nobody is asked
//
// With --stuck the line is dead: sending only ends when somebody ends it.
//
// Copy from here: LOGOFF_QUIET to find out whether anybody has to be asked; LOGOFF_PURGE on a thread of its own while
// the window shows how far it is; a cancel button; LOGOFF_ABORT for who does not want to wait.
//
// Exits with 0 if each message was sent or is still in the Outbox, and the last answer of StoreLogoffTransports said
// which, with 1 if not.

#include <chrono>
#include <cstdio>
#include <cstring>
#include <future>
#include <outbox.hpp>
#include <thread>

#include "keyboard.hpp"

namespace {

using mapispool::Logoff;
using mapispool::LogoffFlags;
using std::chrono::milliseconds;

const int MESSAGES = 6;

// A slow line to nowhere. It asks now and then whether it shall stop, so that nobody has to wait for it.
HRESULT send_slowly(const mapispool::Message &message, bool stuck)
{
    for (int part = 0; stuck || part < 20; ++part) {
        std::this_thread::sleep_for(milliseconds(10));
        if (message.SpoolerYield() == MAPI_W_CANCEL_MESSAGE)
            return MAPI_E_USER_CANCEL;
    }
    return S_OK;
}

void draw_progress(const MAPISPOOLSTATUS &status)
{
    const ULONG left = status.cReady + status.cWaiting + status.cOutbound;
    std::string bar(status.cFinished, '#');
    bar.append(left, '.');
    std::printf("\r[%s] %u left; Enter cancels ", bar.c_str(), static_cast<unsigned>(left));
    std::fflush(stdout);
}

// The call waits, so it has a thread of its own: this one stays with the user.
LogoffFlags send_and_log_off(const mapispool::Store &store, Keyboard &keyboard)
{
    std::future<LogoffFlags> answer = std::async(
        std::launch::async, [&store] { return store.StoreLogoffTransports(Logoff::Purge).or_throw(); });
    bool cancelled = false;
    while (answer.wait_for(milliseconds(50)) != std::future_status::ready) {
        draw_progress(store.GetStatus().or_throw());
        cancelled = cancelled || keyboard.wants_to_cancel();
        // Again each time: a cancel that comes before the other thread is in the call finds nothing to cancel.
        if (cancelled)
            store.CancelLogoff().or_throw();
    }
    std::printf("\n");
    return answer.get();
}

// Whether the client may close. Without LOGOFF_COMPLETE it is logged on as before, and everything works.
LogoffFlags close(const mapispool::Store &store, Keyboard &keyboard)
{
    LogoffFlags flags = store.StoreLogoffTransports(Logoff::Quiet).or_throw();
    while (!flags.complete()) {
        std::printf("There is mail that has not been sent. \"send\" it first, \"leave\" it for the next time, or go "
                    "\"back\"? ");
        const std::string answer = keyboard.wait_for_line();
        if (answer == "send")
            flags = send_and_log_off(store, keyboard);
        else if (answer == "leave")
            flags = store.StoreLogoffTransports(Logoff::Abort).or_throw();
        else if (answer == "back")
            return flags;
    }
    return flags;
}

LogoffFlags run(Keyboard &keyboard, bool stuck, const std::shared_ptr<Outbox> &outbox)
{
    mapispool::Options options("desktop");
    options.ulFlags = MAPISPOOL_LOCAL;
    mapispool::Spooler spooler = mapispool::Spooler::Open(options).or_throw();
    spooler.AddTransport("SMTP", [stuck](const mapispool::Message &message) { return send_slowly(message, stuck); })
        .or_throw();
    mapispool::Store store = spooler.OpenStore("desktop", outbox).or_throw();
    for (int number = 1; number <= MESSAGES; ++number) {
        const std::string id = "message " + std::to_string(number);
        outbox->add(id);
        store.SubmitMessage(id).or_throw();
    }

    LogoffFlags flags;
    while (!(flags = close(store, keyboard)).complete())
        std::puts("Back at work, and closing again.");
    store.Release().or_throw();
    spooler.Close().or_throw();
    return flags;
}

} // namespace

int main(int argc, char **argv)
{
    const bool stuck = argc > 1 && std::strcmp(argv[1], "--stuck") == 0;
    Keyboard keyboard(std::vector<std::string>(argv + (stuck ? 2 : 1), argv + argc));
    const auto outbox = std::make_shared<Outbox>();
    try {
        const LogoffFlags flags = run(keyboard, stuck, outbox);
        const std::size_t left = outbox->content().size();
        std::printf("%u sent, %u for the next time.\n", static_cast<unsigned>(outbox->sent()),
                    static_cast<unsigned>(left));
        return outbox->sent() + left == MESSAGES && flags.outbound_queue() == (left > 0) ? 0 : 1;
    } catch (const mapispool::Error &error) {
        std::fprintf(stderr, "mapispool_desktop: %s\n", error.what());
        return 1;
    }
}
