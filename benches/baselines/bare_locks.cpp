#include "baselines/bare_locks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "harness/process.hpp"

namespace bench {

namespace {

int open_file(const std::string &path)
{
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        fail("cannot open " + path);
    return file;
}

// One lock command on one byte; the kind of lock that it leaves or finds.
short command(int file, int command, short kind, std::size_t byte)
{
    struct flock range = {};
    range.l_type = kind;
    range.l_whence = SEEK_SET;
    range.l_start = static_cast<off_t>(byte);
    range.l_len = 1;
    if (fcntl(file, command, &range) != 0)
        fail("a file cannot be locked");
    return range.l_type;
}

} // namespace

BareLocks::BareLocks(const std::string &directory, std::size_t stores)
    : decisions_(open_file(directory + "/decisions"))
{
    for (std::size_t store = 0; store < stores; ++store)
        files_.push_back(open_file(directory + "/store-" + std::to_string(store)));
}

BareLocks::~BareLocks()
{
    close(decisions_);
    for (const int file : files_)
        close(file);
}

void BareLocks::open(std::size_t store)
{
    command(files_[store], F_OFD_SETLK, F_RDLCK, store);
}

void BareLocks::log_off(std::size_t store)
{
    command(decisions_, F_OFD_SETLK, F_WRLCK, store);
    const bool is_last = command(files_[store], F_OFD_GETLK, F_WRLCK, store) == F_UNLCK;
    command(decisions_, F_OFD_SETLK, F_UNLCK, store);
    if (!is_last)
        fail("somebody else has the store open");
    command(files_[store], F_OFD_SETLK, F_UNLCK, store);
}

void BareLocks::log_off_with_two_calls(std::size_t store)
{
    command(files_[store], F_OFD_SETLK, F_WRLCK, store);
    command(files_[store], F_OFD_SETLK, F_UNLCK, store);
}

} // namespace bench
