#include "keyboard.hpp"

#include <iostream>
#include <thread>

Keyboard::Keyboard(const std::vector<std::string> &script)
    : is_scripted_(!script.empty()), lines_(std::make_shared<Lines>())
{
    lines_->typed.assign(script.begin(), script.end());
    lines_->ended = is_scripted_;
    if (!is_scripted_)
        std::thread(listen, lines_).detach();
}

void Keyboard::listen(const std::shared_ptr<Lines> &lines)
{
    std::string line;
    while (std::getline(std::cin, line)) {
        std::lock_guard<std::mutex> hold(lines->mutex);
        lines->typed.push_back(line);
        lines->changed.notify_all();
    }
    std::lock_guard<std::mutex> hold(lines->mutex);
    lines->ended = true;
    lines->changed.notify_all();
}

std::string Keyboard::wait_for_line()
{
    std::unique_lock<std::mutex> hold(lines_->mutex);
    lines_->changed.wait(hold, [this] { return lines_->ended || !lines_->typed.empty(); });
    if (lines_->typed.empty())
        return "leave";
    const std::string line = lines_->typed.front();
    lines_->typed.pop_front();
    if (is_scripted_)
        std::cout << line << std::endl;
    return line;
}

bool Keyboard::wants_to_cancel()
{
    std::lock_guard<std::mutex> hold(lines_->mutex);
    if (lines_->typed.empty() || (is_scripted_ && lines_->typed.front() != "cancel"))
        return false;
    lines_->typed.pop_front();
    return true;
}
