//! The virtual environment of Python in `target/python`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::suite::stage;

/// Oldest Python that the package is for.
const OLDEST: (u32, u32) = (3, 11);

/// A virtual environment.
pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Makes the environment, if it is not there.
    pub(crate) fn make(root: &Path) -> Result<Self, String> {
        let folder = root.join("target").join("python");
        let venv = Self { folder };
        if !venv.python().exists() {
            stage("python: virtual environment");
            let interpreter = interpreter()?;
            let mut command = Command::new(&interpreter);
            command.args(["-m", "venv", "--clear"]).arg(&venv.folder);
            run(command, "python -m venv")?;
        }
        Ok(venv)
    }

    fn python(&self) -> PathBuf {
        let (folder, name) =
            if cfg!(windows) { ("Scripts", "python.exe") } else { ("bin", "python") };
        self.folder.join(folder).join(name)
    }

    /// Begins a command of the environment's interpreter.
    pub(crate) fn command(&self, root: &Path) -> Command {
        let mut command = Command::new(self.python());
        command.current_dir(root).env("VIRTUAL_ENV", &self.folder).env("MPLBACKEND", "Agg");
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(
        &self,
        root: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<(), String> {
        let mut command = self.command(root);
        command.args(arguments);
        let name = format!("{command:?}");
        run(command, &name)
    }
}

/// Finds a Python that is new enough; `PYTHON` may name another.
fn interpreter() -> Result<String, String> {
    let named = std::env::var("PYTHON").ok();
    let candidates = named.iter().map(String::as_str).chain(["python3", "python"]);
    for candidate in candidates {
        let (major, minor) = OLDEST;
        let test = format!("import sys; sys.exit(sys.version_info < ({major}, {minor}))");
        let found = Command::new(candidate).args(["-c", &test]).status();
        if found.is_ok_and(|status| status.success()) {
            return Ok(candidate.to_owned());
        }
    }
    let (major, minor) = OLDEST;
    Err(format!(
        "the Python package needs Python {major}.{minor} or newer with `venv`; name one in the \
         variable PYTHON"
    ))
}

/// Runs a command and says which one failed.
pub(crate) fn run(mut command: Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{name} could not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed")) }
}
