//! `cargo xtask fuzz|soak|crash|ticks`: what `crates/fuzz` does, built and started.
//!
//! Built with debug assertions, which hold every settlement against the rules once more.

use std::path::Path;

use crate::cargo::{cargo, not_started};

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    let status = cargo(root)
        .args(["run", "--quiet", "--package", "psim-fuzz", "--"])
        .args(arguments)
        .status()
        .map_err(|error| not_started(&error))?;
    if status.success() { Ok(()) } else { Err("there are findings".to_owned()) }
}
