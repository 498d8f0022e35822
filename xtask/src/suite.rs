//! `cargo xtask test`: every check, the cheap ones first.

use std::path::Path;

use crate::beside::Beside;
use crate::{cargo, docs, pages, python, report, supply, tidy};

pub(crate) fn run(root: &Path) -> Result<(), String> {
    call(root, &["fmt", "--all", "--check"])?;
    stage("layout rules");
    tidy::check(root)?;
    supply::check(root)?;
    call(root, &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])?;
    stage("pages that are generated, or name what there is");
    docs::run(root, true)?;
    // First, so that all that follow build PyO3 as it does.
    python::build(root)?;
    call(root, &["test", "--workspace", "--no-run"])?;
    // The browser waits more than it works: its tests run beside all that follow.
    let pages = pages::begin(root)?;
    call(root, &["test", "--workspace"])?;
    python::check_built(root)?;
    pages.map_or(Ok(()), Beside::end)
}

pub(crate) fn call(root: &Path, arguments: &[&str]) -> Result<(), String> {
    stage(&format!("cargo {}", arguments.join(" ")));
    let status =
        cargo::cargo(root).args(arguments).status().map_err(|error| cargo::not_started(&error))?;
    if status.success() { Ok(()) } else { Err(format!("`cargo {}` failed", arguments.join(" "))) }
}

/// Says what comes next.
pub(crate) fn stage(name: &str) {
    report(&format!("── {name}"));
}
