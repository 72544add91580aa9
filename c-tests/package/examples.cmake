# The examples by themselves, with the library from the moved prefix: they build, and pass their own tests.

make_room(room examples)
run("${CMAKE_COMMAND}" -S "${source}/examples" -B "${room}" ${same_tools} "-DCMAKE_CXX_COMPILER=${cxx_compiler}"
    "-DCMAKE_PREFIX_PATH=${moved}")
run("${CMAKE_COMMAND}" --build "${room}")
run("${ctest}" --test-dir "${room}" --no-tests=error --output-on-failure)
