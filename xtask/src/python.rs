//! The Python package: a virtual environment of its own, the wheel, its tests.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::suite::stage;

/// Oldest Python that the package is for.
const OLDEST: (u32, u32) = (3, 11);

/// What builds it.
const MATURIN: &str = "maturin>=1.9.4,<2";

/// Builds the package into `target/python` and runs everything that checks it.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let venv = Venv::make(root)?;
    stage("python: build and install");
    venv.run(root, ["-m", "pip", "install", "--quiet", "--upgrade", MATURIN])?;
    // The same profile as the other tests, so that everything but this crate is built already.
    let develop = ["-m", "maturin", "develop", "--quiet", "--extras", "test"];
    venv.run(root, develop)?;
    stage("python: format, lints, types, stubs");
    venv.run(root, ["-m", "ruff", "format", "--check", "--quiet", "python"])?;
    venv.run(root, ["-m", "ruff", "check", "--quiet", "python"])?;
    venv.run(root, ["-m", "mypy", "python/payment_simulator"])?;
    venv.run(root, ["-m", "mypy.stubtest", "payment_simulator._core"])?;
    stage("python: generated reference");
    venv.run(root, ["python/tools/reference.py", "--check"])?;
    stage("python: tests");
    venv.run(root, ["-m", "pytest", "--quiet"])
}

/// Builds the package with optimization and measures it; returns a section of the page.
pub(crate) fn bench(root: &Path, quick: bool) -> Result<Vec<u8>, String> {
    let venv = Venv::make(root)?;
    venv.run(root, ["-m", "pip", "install", "--quiet", "--upgrade", MATURIN])?;
    venv.run(root, ["-m", "maturin", "develop", "--quiet", "--release"])?;
    let mut command = venv.command(root);
    command.arg("python/tools/bench.py").args(quick.then_some("--quick"));
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("python could not start: {error}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err("the benchmark of the Python package failed".to_owned())
    }
}

/// A virtual environment.
struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Makes the environment, if it is not there.
    fn make(root: &Path) -> Result<Self, String> {
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
    fn command(&self, root: &Path) -> Command {
        let mut command = Command::new(self.python());
        command.current_dir(root).env("VIRTUAL_ENV", &self.folder).env("MPLBACKEND", "Agg");
        command
    }

    fn run<S: AsRef<OsStr>>(
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

fn run(mut command: Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{name} could not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed")) }
}
