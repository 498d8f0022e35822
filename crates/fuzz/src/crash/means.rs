//! What can be done to a command on this machine, beside killing it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::say;

/// Ways to have a mount of one's own: as anybody, and as the administrator where that is not
/// allowed. Each ends with the process, and the mount with it.
const APART: [&[&str]; 2] = [&["unshare", "--map-root-user", "--mount"], &["unshare", "--mount"]];

/// What this machine allows.
pub(super) struct Means {
    /// Starts a command that may mount a file system.
    pub(super) apart: Option<&'static [&'static str]>,
    /// The library that makes calls fail.
    pub(super) shim: Option<PathBuf>,
    /// Holds the library, and is where a file system is mounted and notes are left.
    folder: TempDir,
}

impl Means {
    /// Tries what can be done, and says what cannot.
    pub(super) fn of_this_machine() -> Self {
        let folder = tempfile::tempdir().expect("Condition failed: folders can be made");
        let mut means = Self { apart: None, shim: None, folder };
        std::fs::create_dir(means.place()).expect("Condition failed: folders can be made");
        means.apart = APART.into_iter().find(|apart| can_mount(apart, &means.place()));
        if means.apart.is_none() {
            say("full file systems are skipped: no file system could be mounted");
        }
        means.shim = compiled(&means.folder.path().join("fail_writes.so"));
        if means.shim.is_none() {
            say("calls that fail are skipped: no C compiler makes a library to preload");
        }
        means
    }

    /// Returns where a file system can be mounted.
    pub(super) fn place(&self) -> PathBuf {
        self.folder.path().join("place")
    }

    /// Returns the file that appears when a call has failed.
    pub(super) fn note(&self) -> PathBuf {
        self.folder.path().join("note")
    }
}

fn can_mount(apart: &[&str], place: &Path) -> bool {
    let Some((program, arguments)) = apart.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(arguments).args(["mount", "-t", "tmpfs", "-o", "size=64k", "none"]).arg(place);
    works(&mut command)
}

fn compiled(library: &Path) -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("shim/fail_writes.c");
    let mut command = Command::new("cc");
    command.args(["-shared", "-fPIC", "-o"]).arg(library).arg(source).arg("-ldl");
    works(&mut command).then(|| library.to_owned())
}

fn works(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
