# The comparison sees what it is there for: changes are made to the header, one at a time.

cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/compatible.cmake")

file(READ "${INCLUDE}/mapispool.h" header)
describe("${INCLUDE}/mapispool.h" "${OUTPUT}/before.abi")

# With `from` replaced by `to` the interface is as `expected` says: the same, grown or broken.
function(try expected from to)
    string(REPLACE "${from}" "${to}" changed "${header}")
    if(changed STREQUAL header)
        message(FATAL_ERROR "The header has no ${from}")
    endif()
    file(WRITE "${OUTPUT}/changed.h" "${changed}")
    describe("${OUTPUT}/changed.h" "${OUTPUT}/after.abi")

    find_changes(changes "${OUTPUT}/before.abi" "${OUTPUT}/after.abi")
    find_breakage(breakage "${OUTPUT}/before.abi" "${OUTPUT}/after.abi")
    set(found same)
    if(breakage)
        set(found broken)
    elseif(changes)
        set(found grown)
    endif()
    if(NOT found STREQUAL expected)
        message(SEND_ERROR "With\n  ${to}\nthe interface should be ${expected}, and is said to be ${found}:\n"
            "${changes}")
    endif()
endfunction()

set(version "MAPISPOOL_API ULONG MAPISPOOL_CALL MapiSpoolerVersion(void);")

try(same "What it is" "What this is")

try(grown "${version}" "${version} MAPISPOOL_API ULONG MAPISPOOL_CALL MapiSpoolerMore(void);")
try(grown "} MAPISPOOLOPTIONS;" "ULONG ulMore; } MAPISPOOLOPTIONS;")
try(grown "} MAPITRANSPORTOPS;" "void (*More)(void); } MAPITRANSPORTOPS;")
try(grown "#define MSG_LOCKED" "#define MSG_MORE ((ULONG) 0x00000002)\n#define MSG_LOCKED")

try(broken "${version}" "")
try(broken "HMAPISTORE hStore, ULONG ulTimeout" "HMAPISTORE hStore, int ulTimeout")
try(broken "HMAPISTORE hStore, ULONG ulTimeout" "ULONG ulTimeout, HMAPISTORE hStore")
try(broken "    ULONG ulAbortLimit;" "    ULONG ulMore; ULONG ulAbortLimit;")
try(broken "    ULONG ulAbortLimit;" "    void *ulAbortLimit;")
try(broken "    ULONG ulAbortLimit;" "")
try(broken "void (MAPISPOOL_CALL *lpfnThreadEnd)" "HRESULT (MAPISPOOL_CALL *lpfnThreadEnd)")
try(broken "LOGOFF_QUIET ((ULONG) 0x00000010)" "LOGOFF_QUIET ((ULONG) 0x00000011)")
try(broken "MAPI_E_BUSY, 0x8004010B" "MAPI_E_BUSY, 0x8004010C")
