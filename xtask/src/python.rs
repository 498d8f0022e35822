//! The Python package: the wheel, its checks and its tests.

use std::path::Path;
use std::process::Stdio;

use crate::suite::stage;
use crate::venv::{Venv, run};

/// What builds it.
const MATURIN: &str = "maturin>=1.9.4,<2";

/// How many times as many hostile objects as usual a round has: every one in every place.
const ROUND: &str = "8";

/// Builds the package into `target/python` and runs everything that checks it.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    build(root)?;
    check_built(root)
}

/// Builds the package into `target/python`, with what its tests need.
pub(crate) fn build(root: &Path) -> Result<(), String> {
    let venv = Venv::make(root)?;
    stage("python: build and install");
    venv.run(root, ["-m", "pip", "install", "--quiet", "--upgrade", MATURIN])?;
    // The same profile as the other tests, so that everything but this crate is built already.
    let develop = ["-m", "maturin", "develop", "--quiet", "--extras", "test"];
    venv.run(root, develop)
}

/// Runs everything that checks the package as it was built.
pub(crate) fn check_built(root: &Path) -> Result<(), String> {
    let venv = Venv::make(root)?;
    stage("python: format, lints, types, stubs");
    venv.run(root, ["-m", "ruff", "format", "--check", "--quiet", "python"])?;
    venv.run(root, ["-m", "ruff", "check", "--quiet", "python"])?;
    venv.run(root, ["-m", "mypy"])?;
    venv.run(root, ["-m", "mypy.stubtest", "payment_simulator._core"])?;
    stage("python: generated reference");
    venv.run(root, ["python/tools/reference.py", "--check"])?;
    stage("python: tests");
    venv.run(root, ["-m", "pytest", "--quiet"])
}

/// Gives hostile objects to the package: for each seed a round, of others.
pub(crate) fn fuzz(root: &Path, first: u64, seeds: u64) -> Result<(), String> {
    build(root)?;
    let venv = Venv::make(root)?;
    for seed in first..first.saturating_add(seeds) {
        stage(&format!("python: hostile objects, seed {seed}"));
        let mut command = venv.command(root);
        command
            .env("PAYMENT_SIMULATOR_HOSTILE", ROUND)
            .env("PAYMENT_SIMULATOR_SEED", seed.to_string());
        command.args(["-m", "pytest", "--quiet", &format!("--hypothesis-seed={seed}")]);
        command.args(["python/tests/test_garbage.py", "python/tests/test_hostile.py"]);
        let again = format!("cargo xtask fuzz --door python --first {seed} --seeds 1");
        run(command, &again)?;
    }
    Ok(())
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
