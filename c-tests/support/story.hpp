// For tests of mapispool.hpp: callback objects that tell what happens to them, and a spooler in manual mode.

#ifndef STORY_HPP
#define STORY_HPP

#include "check.h"

#include <mapispool.hpp>

#include <functional>
#include <string>
#include <vector>

/** Everything that happened, in order. */
class Story {
public:
    void say(const std::string &line) { lines.push_back(line); }
    void forget() { lines.clear(); }
    size_t count(const std::string &line) const {
        size_t found = 0;
        for (const std::string &other : lines)
            found += other == line;
        return found;
    }
    void expect(const char *file, int line, const std::vector<std::string> &expected) {
        if (lines != expected) {
            fprintf(stderr, "%s:%d: what happened is\n", file, line);
            for (const std::string &happened : lines)
                fprintf(stderr, "    %s\n", happened.c_str());
            check_end();
        }
        forget();
    }

    /** Called in each callback with its name, if set: the place to throw. */
    std::function<void(const std::string &callback)> in_callback;

    void enter(const std::string &callback, const std::string &line) {
        say(line);
        if (in_callback)
            in_callback(callback);
    }

private:
    std::vector<std::string> lines;
};

/** The story since it was last asked for. */
#define EXPECT_STORY(story, ...) (story).expect(__FILE__, __LINE__, std::vector<std::string> __VA_ARGS__)

class TellingStore : public mapispool::StoreOps {
public:
    explicit TellingStore(Story &story) : story(story) {}
    ~TellingStore() override { story.say("store: destroyed"); }

    HRESULT SetLockState(const mapispool::EntryID &message, ULONG ulLockState) override {
        story.enter("SetLockState", (ulLockState == MSG_LOCKED ? "store: lock " : "store: unlock ") + message.str());
        return S_OK;
    }
    HRESULT FinishedMsg(const mapispool::EntryID &message) override {
        story.enter("FinishedMsg", "store: finished " + message.str());
        return S_OK;
    }
    void Released(mapispool::LogoffFlags flags) override {
        CHECK(flags.complete());
        story.enter("Released", "store: released");
    }

private:
    Story &story;
};

/** Both kinds of transport tell the same. */
template <class Ops>
class TellingTransport : public Ops {
public:
    explicit TellingTransport(Story &story) : story(story) {}
    ~TellingTransport() override { story.say("transport: destroyed"); }

    HRESULT TransportNotify(ULONG ulFlags, const mapispool::Message *lpMessage) override {
        CHECK((lpMessage != nullptr) == ((ulFlags & (NOTIFY_CANCEL_MESSAGE | NOTIFY_ABORT_DEFERRED)) != 0));
        story.enter("TransportNotify", lpMessage ? "transport: notify " + lpMessage->id().str() : "transport: notify");
        return S_OK;
    }
    HRESULT FlushQueues(ULONG ulFlags) override {
        CHECK_EQUAL(FLUSH_UPLOAD, ulFlags);
        story.enter("FlushQueues", "transport: flush");
        return S_OK;
    }
    HRESULT TransportLogoff(ULONG ulFlags) override {
        CHECK_EQUAL(0, ulFlags);
        story.enter("TransportLogoff", "transport: logoff");
        return S_OK;
    }

protected:
    Story &story;
};

typedef TellingTransport<mapispool::SelfDrivenTransportOps> SelfDriven;

class Driven : public TellingTransport<mapispool::DrivenTransportOps> {
public:
    explicit Driven(Story &story) : TellingTransport(story) {}

    /** What EndMessage answers. */
    ULONG end_flags = 0;
    /** What SubmitMessage answers, and for how long. */
    HRESULT answer = S_OK;
    std::chrono::seconds pause{0};

    HRESULT SubmitMessage(const mapispool::Message &message, std::chrono::seconds &retry) override {
        CHECK_EQUAL(0, retry.count());
        retry = pause;
        story.enter("SubmitMessage", "transport: submit " + message.id().str() + (message.deferred() ? " again" : ""));
        if (in_submit)
            in_submit(message);
        return answer;
    }
    HRESULT EndMessage(const mapispool::Message &message, ULONG *lpulEndFlags) override {
        CHECK_EQUAL(0, *lpulEndFlags);
        *lpulEndFlags = end_flags;
        story.enter("EndMessage", "transport: end " + message.id().str());
        return S_OK;
    }

    std::function<void(const mapispool::Message &message)> in_submit;
};

/** Everything on the calling thread, and in the same order every time. */
inline mapispool::Options manual() {
    mapispool::Options options("story");
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    return options;
}

inline mapispool::Spooler open_manual() { return mapispool::Spooler::Open(manual()).or_throw(); }

#endif
