# Holds the header against the descriptions in this directory. That of its version must say the same. Those of
# older versions with the same SONAME stand for programs that still have to run.

cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/compatible.cmake")

set(now "${OUTPUT}/now.abi")
describe("${INCLUDE}/mapispool.h" "${now}")

set(described "${CMAKE_CURRENT_LIST_DIR}/mapispool-${VERSION}.abi")
if(NOT EXISTS "${described}")
    message(FATAL_ERROR "The interface of version ${VERSION} is not described. The target `abi` does that.")
endif()
find_changes(changes "${described}" "${now}")
if(changes)
    message(SEND_ERROR "The interface has changed. If ${VERSION} is out, it needs another version (Cargo.toml). "
        "The target `abi` describes it.\n${changes}")
endif()

file(GLOB descriptions "${CMAKE_CURRENT_LIST_DIR}/mapispool-*.abi")
foreach(older IN LISTS descriptions)
    file(STRINGS "${older}" same_soname REGEX "^<abi-corpus .*soname='${SONAME}'")
    if(same_soname)
        find_breakage(breakage "${older}" "${now}")
        if(breakage)
            message(SEND_ERROR "Programs break that were compiled for ${older}, and would load this. It needs a "
                "version with another SONAME.\n${breakage}")
        endif()
    endif()
endforeach()
