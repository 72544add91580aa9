// What somebody writes who only wants the mail in a folder sent, now: a loop, and libcurl.
#ifndef BENCH_SMTP_LOOP_HPP
#define BENCH_SMTP_LOOP_HPP

#include <string>

#include "mail_folder.hpp"

namespace bench {

// Sends each message over one connection, and removes what the server has taken. False if one was not.
bool send_in_a_loop(MailFolder &folder, const std::string &url);

} // namespace bench

#endif
