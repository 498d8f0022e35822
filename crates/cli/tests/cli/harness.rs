//! Runs the command and looks at what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a call came to.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns the command, to be run at the top of the workspace.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payment-sim"));
    command.args(arguments).current_dir(root()).env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1");
    command
}

/// Runs the command at the top of the workspace.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    outcome(&command(arguments).output().expect("the command starts"))
}

pub(crate) fn outcome(output: &Output) -> Outcome {
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the command and expects it to succeed.
pub(crate) fn run_well(arguments: &[&str]) -> Outcome {
    let outcome = run(arguments);
    assert_eq!(outcome.code, Some(0), "{arguments:?}\n{}\n{}", outcome.stdout, outcome.stderr);
    outcome
}

/// Everything on stdout but the line that says how long it took.
pub(crate) fn without_duration(stdout: &str) -> String {
    stdout.lines().filter(|line| !line.starts_with("Duration:")).fold(
        String::new(),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    )
}

/// Returns the top of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Writes a file into a fresh folder and returns both; the folder goes when dropped.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    let path = path.to_string_lossy().into_owned();
    (folder, path)
}
