# README's ways to have two Rust libraries in one program. The other one is a single file.

make_room(room two_rust_libraries)
file(WRITE "${room}/other.rs" "
#[unsafe(no_mangle)]
pub extern \"C\" fn other(n: u32) -> u32 {
    std::panic::catch_unwind(|| (0..n).map(|i| i.to_string()).collect::<String>().len()).unwrap_or(0) as u32
}
")
file(WRITE "${room}/both.rs" "
extern crate mapispool;
include!(\"other.rs\");
")
file(WRITE "${room}/main.c" "
#include <mapispool.h>
unsigned other(unsigned n);
int main(void) { return other(11) == 12 && MapiSpoolerVersion() == MAPISPOOL_VERSION ? 0 : 1; }
")
set(staticlib "${rustc}" --edition 2024 -O --crate-type staticlib)
run(${staticlib} "${room}/other.rs" -o "${room}/libother.a")

# This one shared.
set(compile "${compiler}" "-I${moved}/include" "${room}/main.c" -o "${room}/program")
run(${compile} "-L${moved}/lib" -lmapispool "${room}/libother.a" -lpthread -ldl -lm)
expect_program("${room}/program" shared "${CMAKE_COMMAND}" -E env "LD_LIBRARY_PATH=${moved}/lib")

# Both static, from one compiler.
run(${compile} "${moved}/lib/libmapispool.a" "${room}/libother.a" -lpthread -ldl -lm)
expect_program("${room}/program" static)

# Both in one static library.
run(${staticlib} "${room}/both.rs" -o "${room}/libboth.a"
    --extern "mapispool=${cargo_output}/libmapispool.rlib" -L "dependency=${cargo_output}/deps")
run(${compile} "${room}/libboth.a" -lpthread -ldl -lm)
expect_program("${room}/program" static)
