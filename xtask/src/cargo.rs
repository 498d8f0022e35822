//! Calls of cargo, the same one that runs the task.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Begins a call at the top of the workspace.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    if let Some(settings) = settings_of_maturin(root) {
        command.env("PYO3_CONFIG_FILE", settings);
    }
    command
}

/// Returns what maturin has PyO3 built with, once it has: with other settings each of the two would
/// build it anew after the other, which takes minutes.
fn settings_of_maturin(root: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(root.join("target").join("maturin")).ok()?;
    let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
    paths.find(|path| path.extension().is_some_and(|it| it == "txt"))
}

/// Says that it could not be started.
pub(crate) fn not_started(error: &std::io::Error) -> String {
    format!("cargo could not be started: {error}")
}
