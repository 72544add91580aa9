#include "mail_folder.hpp"

#include <dirent.h>
#include <sys/stat.h>
#if defined(_WIN32)
#include <windows.h>
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace {

const std::size_t NAME_LENGTH = 16; // hexadecimal digits, so that names sort by time
const char *const DRAFT = ".draft", *const MESSAGE = ".eml", *const REPORT = ".report", *const UNFINISHED = ".tmp";

void make_directory(const std::string &path)
{
#if defined(_WIN32)
    CreateDirectoryA(path.c_str(), nullptr);
#else
    mkdir(path.c_str(), 0700);
#endif
}

// In one step, also where `to` is there already.
bool rename_file(const std::string &from, const std::string &to)
{
#if defined(_WIN32)
    return MoveFileExA(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING) != 0;
#else
    return std::rename(from.c_str(), to.c_str()) == 0;
#endif
}

unsigned long long microseconds_since_1970()
{
    using namespace std::chrono;
    return static_cast<unsigned long long>(
        duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

// Names come from outside too, as entry identifiers: none may lead to another folder.
bool is_name(const std::string &name)
{
    return name.size() == NAME_LENGTH && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

} // namespace

MailFolder::MailFolder(const std::string &path) : path_(path), last_(0)
{
    make_directory(path);
}

bool MailFolder::has(const std::string &name) const
{
    std::lock_guard<std::mutex> hold(mutex_);
    return exists(name, DRAFT) || exists(name, MESSAGE);
}

std::vector<std::string> MailFolder::names() const
{
    std::vector<std::string> found;
    DIR *const directory = opendir(path_.c_str());
    if (directory == nullptr)
        return found;
    while (const dirent *const entry = readdir(directory)) {
        const std::string file = entry->d_name, name = file.substr(0, NAME_LENGTH);
        if (is_name(name) && file == name + MESSAGE)
            found.push_back(name);
    }
    closedir(directory);
    std::sort(found.begin(), found.end());
    return found;
}

std::string MailFolder::compose(const std::string &content)
{
    std::lock_guard<std::mutex> hold(mutex_);
    last_ = std::max(last_ + 1, microseconds_since_1970());
    char name[NAME_LENGTH + 1];
    std::snprintf(name, sizeof name, "%016llx", last_);
    return write(name, DRAFT, content) ? name : "";
}

bool MailFolder::read(const std::string &name, std::string &content) const
{
    if (!is_name(name))
        return false;
    std::ifstream stream(file(name, MESSAGE), std::ios::binary);
    content.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    return stream.is_open();
}

bool MailFolder::replace(const std::string &name, const std::string &content)
{
    std::lock_guard<std::mutex> hold(mutex_);
    return exists(name, MESSAGE) && write(name, MESSAGE, content);
}

bool MailFolder::remove(const std::string &name)
{
    std::lock_guard<std::mutex> hold(mutex_);
    locked_.erase(name);
    return is_name(name) && std::remove(file(name, MESSAGE).c_str()) == 0;
}

bool MailFolder::report(const std::string &name, const std::string &content)
{
    std::lock_guard<std::mutex> hold(mutex_);
    return is_name(name) && write(name, REPORT, content);
}

MailFolder::Result MailFolder::submit(const std::string &name)
{
    std::lock_guard<std::mutex> hold(mutex_);
    return rename(name, DRAFT, MESSAGE);
}

MailFolder::Result MailFolder::take_back(const std::string &name)
{
    std::lock_guard<std::mutex> hold(mutex_);
    if (locked_.count(name) != 0)
        return Result::LOCKED;
    return rename(name, MESSAGE, DRAFT);
}

MailFolder::Result MailFolder::lock(const std::string &name)
{
    std::lock_guard<std::mutex> hold(mutex_);
    if (!exists(name, MESSAGE))
        return Result::NO_SUCH_MESSAGE;
    return locked_.insert(name).second ? Result::DONE : Result::LOCKED;
}

void MailFolder::unlock(const std::string &name)
{
    std::lock_guard<std::mutex> hold(mutex_);
    locked_.erase(name);
}

std::string MailFolder::file(const std::string &name, const char *extension) const
{
    return path_ + "/" + name + extension;
}

bool MailFolder::exists(const std::string &name, const char *extension) const
{
    struct stat ignored;
    return is_name(name) && stat(file(name, extension).c_str(), &ignored) == 0;
}

MailFolder::Result MailFolder::rename(const std::string &name, const char *from, const char *to)
{
    const bool done = is_name(name) && rename_file(file(name, from), file(name, to));
    return done ? Result::DONE : Result::NO_SUCH_MESSAGE;
}

bool MailFolder::write(const std::string &name, const char *extension, const std::string &content)
{
    const std::string unfinished = file(name, UNFINISHED);
    std::ofstream stream(unfinished, std::ios::binary);
    stream << content;
    stream.close();
    return stream && rename_file(unfinished, file(name, extension));
}
