//! `cargo xtask test`: every check, the cheap ones first.

use std::path::Path;
use std::process::Command;

use crate::{docs, limits, pages, python, report, supply, tidy};

pub(crate) fn run(root: &Path) -> Result<(), String> {
    cargo(root, &["fmt", "--all", "--check"])?;
    stage("layout rules");
    tidy::check(root)?;
    supply::check(root)?;
    cargo(root, &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])?;
    stage("generated pages");
    docs::generate(root, true)?;
    limits::check(root)?;
    cargo(root, &["test", "--workspace"])?;
    python::check(root)?;
    pages::check(root)
}

pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    stage(&format!("cargo {}", arguments.join(" ")));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(arguments)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`cargo {}` failed", arguments.join(" "))) }
}

/// Says what comes next.
pub(crate) fn stage(name: &str) {
    report(&format!("── {name}"));
}
