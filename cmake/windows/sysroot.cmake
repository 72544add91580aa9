# For 32-bit Windows rustc wants two object files beside the standard library, and no Debian package has them. Makes
# MAPISPOOL_SYSROOT with them, and with the standard library's sources, which cargo then builds.

set(MAPISPOOL_SYSROOT "${PROJECT_BINARY_DIR}/sysroot")
execute_process(
    COMMAND "${RUSTC_EXECUTABLE}" --print sysroot
    OUTPUT_VARIABLE sysroot OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY
)
set(objects "${MAPISPOOL_SYSROOT}/lib/rustlib/${MAPISPOOL_CARGO_TARGET}/lib")
file(MAKE_DIRECTORY "${objects}")
file(CREATE_LINK "${sysroot}/lib/rustlib/src" "${MAPISPOOL_SYSROOT}/lib/rustlib/src" SYMBOLIC)
foreach(object IN ITEMS rsbegin rsend)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -E env RUSTC_BOOTSTRAP=1
            "${RUSTC_EXECUTABLE}" --cfg bootstrap --target "${MAPISPOOL_CARGO_TARGET}" --emit obj
            -o "${objects}/${object}.o" "${sysroot}/lib/rustlib/src/rust/library/rtstartup/${object}.rs"
        COMMAND_ERROR_IS_FATAL ANY
    )
endforeach()
