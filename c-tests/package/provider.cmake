# A provider, itself a shared library, with the static library in it: linked as README says it shows nothing of
# Rust's, and stays once it is loaded.

make_room(room provider)
file(READ "${source}/README.md" readme)
if(NOT readme MATCHES "`(-Wl,--exclude-libs[^`]+)`")
    message(FATAL_ERROR "README does not say how a provider is linked")
endif()
separate_arguments(options UNIX_COMMAND "${CMAKE_MATCH_1}")

file(WRITE "${room}/provider.c" "
#include <mapispool.h>
ULONG provider(void);
ULONG provider(void) { return MapiSpoolerVersion(); }
")
run("${compiler}" -shared -fPIC "-I${moved}/include" "${room}/provider.c" "${moved}/lib/libmapispool.a"
    -pthread -ldl -lm ${options} -o "${room}/provider.so")

run("${nm}" --dynamic --defined-only --format=just-symbols "${room}/provider.so")
string(STRIP "${output}" output)
if(NOT output STREQUAL "provider")
    message(SEND_ERROR "The provider exports\n${output}")
endif()
run("${readelf}" --wide --dynamic "${room}/provider.so")
if(NOT output MATCHES "FLAGS_1[^\n]*NODELETE")
    message(SEND_ERROR "The provider may be unloaded:\n${output}")
endif()
