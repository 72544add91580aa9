# What programs that were compiled with the header rely on, in abidw's words: functions, structs, constants.
#
# The header itself is compiled, each function with an empty body, each constant as a variable whose type is an
# enum of this one value. What the library's debug information says instead changes with Rust's compiler, and C
# programs never see it. library_exports holds the library against the header.

include("${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake")

# Writes the description of the interface in the file `header` to the file `result`.
function(describe header result)
    file(READ "${header}" text)
    string(REGEX MATCHALL "#define [A-Z0-9_]+ \\(\\(ULONG\\)|MAPISPOOL_RESULT\\([A-Z0-9_]+, 0"
        constants "${text}")
    list(TRANSFORM constants REPLACE "^(#define |MAPISPOOL_RESULT\\()([A-Z0-9_]+).*" "\\2")
    string(REGEX REPLACE "(MAPISPOOL_API [^;\n]* MAPISPOOL_CALL [^;]*);" "\\1 { return 0; }" source "${text}")
    foreach(name IN LISTS constants)
        string(APPEND source "enum is_${name} { value_of_${name} = (int) ${name} } the_${name};\n")
    endforeach()
    file(WRITE "${result}.c" "${source}")
    get_filename_component(directory "${result}" DIRECTORY)
    run("${COMPILER}" -w -g "-ffile-prefix-map=${directory}/=" "-I${INCLUDE}"
        -shared -fPIC "-Wl,-soname,${SONAME}" "${result}.c" -o "${result}.so")
    run("${ABIDW}" --no-architecture --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed
        --type-id-style hash "${result}.so" --out-file "${result}")
endfunction()
