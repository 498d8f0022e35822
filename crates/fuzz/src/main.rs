//! Hostile input at every door, and large random worlds for hours.
//!
//! A crate of its own, and not a part of `testkit`: it stands above everything, the command
//! included, while `testkit` lies under the crates that it tests. What it finds is printed as one
//! line that makes it again.
//!
//! * `fuzz` gives seeded, broken input to the doors of the program ([`doors`]), each in a child
//!   process that is watched ([`watch`]): a panic, a process that dies, and one that takes too long
//!   or too much memory are findings.
//! * `soak` runs large random worlds on fronts chosen by chance and compares what they tell
//!   ([`soak`]); `crash` kills the command and looks at what is left ([`crash`]); `ticks` runs
//!   a small world for a million ticks and looks at the memory ([`ticks`]).

mod case;
mod corpus;
mod crash;
mod dice;
mod doors;
mod mutate;
mod program;
mod soak;
mod ticks;
mod tree;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use doors::Door;

/// Hostile input at every door, and large random worlds for hours
#[derive(Parser)]
#[command(name = "psim-fuzz")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Give seeded, broken input to the doors of the program
    Fuzz {
        /// Inputs for each door
        #[arg(long, default_value_t = 100)]
        seeds: u64,
        /// The first seed
        #[arg(long, default_value_t = 0)]
        first: u64,
        /// One door alone
        #[arg(long, value_enum)]
        door: Option<Door>,
    },
    /// Run large random worlds on fronts chosen by chance and compare what they tell
    Soak {
        /// How long
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// The first world
        #[arg(long, default_value_t = 0)]
        first: u64,
        /// So many worlds, however long it takes
        #[arg(long)]
        worlds: Option<u64>,
    },
    /// Kill the command at random moments, or refuse its writes, and look at what is left
    Crash {
        /// How many runs are disturbed, each up to five times
        #[arg(long, default_value_t = 100)]
        tries: u64,
        /// The first seed
        #[arg(long, default_value_t = 0)]
        first: u64,
    },
    /// Run a small world for many ticks and look at the memory
    Ticks {
        /// How many
        #[arg(long, default_value_t = 1_000_000)]
        ticks: u32,
    },
    /// Give inputs to a door in this process; what `fuzz` starts
    #[command(hide = true)]
    Case {
        #[arg(long, value_enum)]
        door: Door,
        #[arg(long)]
        first: u64,
        #[arg(long)]
        seeds: u64,
    },
    /// Be the `payment-sim` command
    #[command(hide = true, disable_help_flag = true)]
    Command {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().task {
        Task::Fuzz { seeds, first, door } => watch::fuzz(door, first, seeds),
        Task::Soak { minutes, first, worlds } => soak::run(minutes, first, worlds),
        Task::Crash { tries, first } => crash::run(tries, first),
        Task::Ticks { ticks } => ticks::run(ticks),
        Task::Case { door, first, seeds } => {
            case::run(door, first, seeds);
            ExitCode::SUCCESS
        }
        Task::Command { arguments } => {
            let program = std::iter::once("payment-sim".into());
            ExitCode::from(payment_sim::main(program.chain(arguments)))
        }
    }
}

/// Says something.
#[expect(clippy::print_stdout, reason = "this is a command")]
fn say(text: &str) {
    println!("{text}");
}
