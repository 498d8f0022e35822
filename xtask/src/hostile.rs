//! `cargo xtask fuzz|soak|crash|ticks`: what `crates/fuzz` does, built and started.
//!
//! Built with debug assertions, which hold every settlement against the rules once more.

use std::path::Path;

use clap::Parser;

use crate::cargo::{cargo, not_started};
use crate::python;

/// The door of the Python package, which is tried from Python.
const PYTHON: &str = "python";

/// What the door [`PYTHON`] needs to know of the arguments; the others get them as they are.
#[derive(Parser)]
#[command(no_binary_name = true)]
struct Rounds {
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    #[arg(long, default_value_t = 0)]
    first: u64,
    #[arg(long)]
    door: String,
}

/// Gives hostile input to the doors, or to one.
pub(crate) fn fuzz(root: &Path, mut arguments: Vec<String>) -> Result<(), String> {
    if let Ok(rounds) = Rounds::try_parse_from(&arguments)
        && rounds.door == PYTHON
    {
        return python::fuzz(root, rounds.first, rounds.seeds);
    }
    arguments.insert(0, "fuzz".to_owned());
    run(root, &arguments)
}

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    let status = cargo(root)
        .args(["run", "--quiet", "--package", "psim-fuzz", "--"])
        .args(arguments)
        .status()
        .map_err(|error| not_started(&error))?;
    if status.success() { Ok(()) } else { Err("there are findings".to_owned()) }
}
