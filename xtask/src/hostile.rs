//! `cargo xtask fuzz` and `cargo xtask soak`: what `crates/fuzz` does, built and started.
//!
//! Built with debug assertions, which hold every settlement against the rules once more.

use std::path::Path;
use std::process::Command;

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--package", "psim-fuzz", "--"])
        .args(arguments)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err("there are findings".to_owned()) }
}
