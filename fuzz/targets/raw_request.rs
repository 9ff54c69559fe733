#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| otf_api_fuzz::run("raw_request", data));
