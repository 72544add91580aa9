// Prints what happens, as it happens: one line for one event, one column for one actor.
#ifndef DEMO_JOURNAL_HPP
#define DEMO_JOURNAL_HPP

#include <chrono>
#include <mutex>
#include <string>

enum Lane { PROGRAM, EMAIL, FAX };
enum Tone { PLAIN, STRONG, GOOD, STOPPED, FAINT };

// The text with the terminal's colour for the tone; as it is where the output is no terminal.
std::string toned(Tone tone, const std::string &text);

class Journal {
public:
    Journal();

    // The clock, in milliseconds since the journal was begun. It never goes back.
    double now() const;

    void write(Lane lane, const std::string &text, Tone tone = PLAIN);

    // While the program waits, its column has this mark in the others' lines; ' ' when it does not.
    void program_waits(char mark);

    // What the last column shows from now on.
    void outbox_is(const std::string &view);

private:
    void line(const std::string &program, const std::string &email, const std::string &fax, Tone tone);

    std::mutex mutex_;
    const std::chrono::steady_clock::time_point begin_;
    std::string outbox_;
    char waiting_;
};

#endif
