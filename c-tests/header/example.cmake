# Takes the example out of the header's manual and compiles it.

cmake_minimum_required(VERSION 3.22)

file(READ "${HEADER}" text)
string(REGEX MATCH "@code\n(.*) \\* @endcode" example "${text}")
string(REGEX REPLACE "\n \\* ?" "\n" example "\n${CMAKE_MATCH_1}")
file(WRITE "${OUTPUT}/example.c" "#include \"mapispool.h\"
HRESULT MAPISPOOL_CALL send_it(void *context, const MAPISPOOLMESSAGE *message, ULONG *retry);
void example(void);
void example(void)
{${example}}
")

get_filename_component(include "${HEADER}" DIRECTORY)
execute_process(
    COMMAND "${COMPILER}" -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "${include}"
        "${OUTPUT}/example.c"
    COMMAND_ERROR_IS_FATAL ANY
)
