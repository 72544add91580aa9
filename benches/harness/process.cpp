#include "harness/process.hpp"

#include <stdlib.h> // mkdtemp
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace bench {

namespace {

// Starts a child whose standard output is the result: `child` never returns from it.
std::FILE *start(const std::function<void()> &child, pid_t &pid)
{
    int ends[2];
    if (pipe(ends) != 0)
        fail("no pipe can be made");
    pid = fork();
    if (pid < 0)
        fail("no process can be started");
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        child();
        _exit(1);
    }
    close(ends[1]);
    return fdopen(ends[0], "r");
}

std::vector<double> result_of(std::FILE *output, pid_t pid)
{
    std::vector<double> values;
    for (double value; std::fscanf(output, "%lf", &value) == 1;)
        values.push_back(value);
    std::fclose(output);
    int status = 0;
    if (waitpid(pid, &status, 0) != pid || status != 0)
        fail("a child process failed");
    return values;
}

} // namespace

TemporaryDirectory::TemporaryDirectory(const std::string &parent)
{
    namespace fs = std::filesystem;
    std::string pattern =
        (fs::is_directory(parent) ? fs::path(parent) : fs::temp_directory_path()) / "mapispool-bench-XXXXXX";
    if (mkdtemp(&pattern[0]) == nullptr)
        fail("no temporary directory can be made");
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::vector<double> in_child(const std::function<std::vector<double>()> &work)
{
    std::fflush(stdout);
    pid_t pid = 0;
    std::FILE *output = start(
        [&] {
            for (double value : work())
                std::printf("%.17g\n", value);
            std::fflush(stdout);
            _exit(0);
        },
        pid);
    return result_of(output, pid);
}

std::vector<double> output_of(const std::vector<std::string> &command)
{
    std::vector<char *> arguments;
    for (const std::string &word : command)
        arguments.push_back(const_cast<char *>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t pid = 0;
    std::FILE *output = start([&] { execv(arguments[0], arguments.data()); }, pid);
    return result_of(output, pid);
}

void fail(const std::string &what)
{
    std::fprintf(stderr, "benchmark: %s\n", what.c_str());
    std::_Exit(1); // other threads may be in the middle of something
}

} // namespace bench
