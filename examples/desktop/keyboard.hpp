// What the user types, a line at a time, without the program having to wait for it. Or, for a test, what somebody has
// written down beforehand.
#ifndef DESKTOP_KEYBOARD_HPP
#define DESKTOP_KEYBOARD_HPP

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class Keyboard {
public:
    // With a script nobody is listened to.
    explicit Keyboard(const std::vector<std::string> &script);

    // The next line, and "leave" when there are no more.
    std::string wait_for_line();

    // Whether the user wants to cancel: has typed something meanwhile, or the script says so here.
    bool wants_to_cancel();

private:
    struct Lines {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<std::string> typed;
        bool ended = false;
    };
    static void listen(const std::shared_ptr<Lines> &lines);

    const bool is_scripted_;
    // Shared with the thread that listens: it sleeps in std::getline and cannot be joined.
    const std::shared_ptr<Lines> lines_;
};

#endif
