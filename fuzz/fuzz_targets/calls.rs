#![no_main]

libfuzzer_sys::fuzz_target!(|program: &[u8]| mapispool_fuzz::run(program));
