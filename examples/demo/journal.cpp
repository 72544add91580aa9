#include "journal.hpp"

#include <cstdio>
#include <cstdlib>

#ifndef _WIN32
#include <unistd.h>
#endif

namespace {

const std::size_t PROGRAM_WIDTH = 26, EMAIL_WIDTH = 15, FAX_WIDTH = 17;

bool has_colours()
{
#ifdef _WIN32
    return false;
#else
    static const bool has = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    return has;
#endif
}

std::string padded(std::string text, std::size_t width)
{
    if (text.size() < width)
        text.resize(width, ' ');
    return text;
}

} // namespace

std::string toned(Tone tone, const std::string &text)
{
    static const char *const codes[] = {"", "\033[1m", "\033[32m", "\033[33m", "\033[2m"};
    if (tone == PLAIN || !has_colours())
        return text;
    return codes[tone] + text + "\033[0m";
}

Journal::Journal() : begin_(std::chrono::steady_clock::now()), waiting_(' ')
{
    const std::string head = "   ms  " + padded("program", PROGRAM_WIDTH) + padded("e-mail", EMAIL_WIDTH) +
                             padded("fax", FAX_WIDTH) + "Outbox";
    std::printf("%s\n", toned(FAINT, head).c_str());
}

double Journal::now() const
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
}

void Journal::write(Lane lane, const std::string &text, Tone tone)
{
    std::lock_guard<std::mutex> lock(mutex_);
    const std::string program = lane == PROGRAM ? text : std::string(1, waiting_);
    line(program, lane == EMAIL ? text : "", lane == FAX ? text : "", tone);
}

void Journal::program_waits(char mark)
{
    std::lock_guard<std::mutex> lock(mutex_);
    waiting_ = mark;
}

void Journal::outbox_is(const std::string &view)
{
    std::lock_guard<std::mutex> lock(mutex_);
    outbox_ = view;
}

// A long text of the program's runs over the columns of the others, who have nothing to say in its line.
void Journal::line(const std::string &program, const std::string &email, const std::string &fax, Tone tone)
{
    const std::size_t others = EMAIL_WIDTH + FAX_WIDTH;
    if (email.empty() && fax.empty())
        std::printf("%5.0f  %s", now(), toned(tone, padded(program, PROGRAM_WIDTH + others)).c_str());
    else
        std::printf("%5.0f  %s%s", now(), padded(program, PROGRAM_WIDTH).c_str(),
                    toned(tone, padded(email, EMAIL_WIDTH) + padded(fax, FAX_WIDTH)).c_str());
    std::printf("%s\n", outbox_.c_str());
    std::fflush(stdout);
}
