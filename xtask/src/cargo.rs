//! Calls of cargo, the same one that runs the task.

use std::path::Path;
use std::process::Command;

/// Begins a call at the top of the workspace.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Says that it could not be started.
pub(crate) fn not_started(error: &std::io::Error) -> String {
    format!("cargo could not be started: {error}")
}
