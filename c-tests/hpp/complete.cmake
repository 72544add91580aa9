# mapispool.hpp calls every function that mapispool.h declares, and knows every result by name.

cmake_minimum_required(VERSION 3.22)

file(STRINGS "${INCLUDE}/mapispool.h" declarations REGEX "^MAPISPOOL_API ")
file(READ "${INCLUDE}/mapispool.hpp" wrapper)
list(LENGTH declarations count)
if(count LESS 23)
    message(FATAL_ERROR "Only ${count} functions found in mapispool.h")
endif()
foreach(declaration IN LISTS declarations)
    string(REGEX REPLACE ".*MAPISPOOL_CALL ([A-Za-z]+)\\(.*" "\\1" name "${declaration}")
    # Not in a comment, where it has a # before it or stands alone.
    if(NOT wrapper MATCHES "[ (:]${name}\\(")
        message(SEND_ERROR "mapispool.hpp does not call ${name}")
    endif()
endforeach()

file(STRINGS "${INCLUDE}/mapispool.h" results REGEX "^MAPISPOOL_RESULT\\(")
list(LENGTH results count)
if(count LESS 28)
    message(FATAL_ERROR "Only ${count} results found in mapispool.h")
endif()
foreach(result IN LISTS results)
    string(REGEX REPLACE ".*\\(([A-Z_]+),.*" "\\1" name "${result}")
    if(NOT wrapper MATCHES "{${name}, \"${name}\"}")
        message(SEND_ERROR "mapispool.hpp does not know ${name}")
    endif()
endforeach()
