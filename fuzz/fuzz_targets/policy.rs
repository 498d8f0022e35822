//! The input is a policy document; what is sound is drawn, told and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use psim_fuzz::given::policy;

fuzz_target!(|text: &str| {
    policy::take(text);
});
