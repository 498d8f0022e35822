//! Development tasks. `cargo xtask test` is what a contributor and CI run.

mod bench;
mod beside;
mod cargo;
mod docs;
mod hostile;
mod limits;
mod named;
mod pages;
mod python;
mod suite;
mod supply;
mod tidy;
mod venv;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development tasks of payment-sim
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check formatting, lints, layout rules and generated pages, and run all tests
    Test,
    /// Build the Python package in target/python and run its checks and tests alone
    Python,
    /// Make pages of runs in target/pages and look at them in a browser
    Pages,
    /// Check the layout rules alone: sizes, words, dependency edges
    Tidy,
    /// Check licences, sources, bans and advisories of the dependencies alone (deny.toml)
    Supply,
    /// Write the generated pages (docs/events.md, docs/scenario.md, the references in
    /// docs/export.md and docs/policy.md)
    Docs {
        /// Fail if a page is out of date instead of writing it
        #[arg(long)]
        check: bool,
    },
    /// Give seeded, broken input to every door of the program: --seeds N, --door NAME, --first N;
    /// of the door `python`, a seed is a round of some 40,000 objects
    Fuzz(Passed),
    /// Run large random worlds on fronts chosen by chance and compare: --minutes M, --first N,
    /// --worlds N
    Soak(Passed),
    /// Kill the command at random moments, or refuse its writes, and look at what is left:
    /// --tries N, --first N
    Crash(Passed),
    /// Run a small world for a million ticks and look at the memory: --ticks N
    Ticks(Passed),
    /// Measure the engine against a bare loop and write docs/performance.md (some minutes)
    Bench {
        /// Fewer tries and smaller sizes; prints the page instead of writing it
        #[arg(long)]
        quick: bool,
    },
}

/// Arguments that are handed on as they are.
#[derive(clap::Args)]
struct Passed {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Passed {
    fn run(mut self, root: &Path, task: &str) -> Result<(), String> {
        self.arguments.insert(0, task.to_owned());
        hostile::run(root, &self.arguments)
    }
}

fn main() -> ExitCode {
    let root = root();
    let outcome = match Arguments::parse().task {
        Task::Test => suite::run(&root),
        Task::Python => python::check(&root),
        Task::Pages => pages::check(&root),
        Task::Tidy => tidy::check(&root),
        Task::Supply => supply::check(&root),
        Task::Docs { check } => docs::run(&root, check),
        Task::Fuzz(passed) => hostile::fuzz(&root, passed.arguments),
        Task::Soak(passed) => passed.run(&root, "soak"),
        Task::Crash(passed) => passed.run(&root, "crash"),
        Task::Ticks(passed) => passed.run(&root, "ticks"),
        Task::Bench { quick } => bench::run(&root, quick),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            report(&problem);
            ExitCode::FAILURE
        }
    }
}

/// The top of the workspace, whatever directory cargo was called from.
fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

#[expect(clippy::print_stderr, reason = "this is a command")]
fn report(text: &str) {
    eprintln!("{text}");
}
