//! What is done with an input, whoever made it: the doors of `psim-fuzz`, or the targets in
//! `fuzz/`, which libFuzzer feeds.

pub mod given;
