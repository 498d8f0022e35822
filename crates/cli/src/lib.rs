//! The `payment-sim` command: arguments in, text out.
//!
//! stdout carries what was asked for; progress, warnings and errors go to stderr. Exit code 0 is
//! done, 1 the user's mistake, 2 wrong usage, 3 a failure of the environment, 101 a defect of ours
//! (a panic, or a law that `--paranoid` finds broken), 130 interrupted.
//!
//! A library, so that other packages can bring the same command along:
//!
//! ```
//! # use std::ffi::OsString;
//! let arguments = ["payment-sim", "check", "no/such/scenario.yaml"].map(OsString::from);
//! assert_eq!(payment_sim::main(arguments), 1); // stderr says what to do
//! ```

mod arguments;
mod bounds;
mod check;
mod checkpoint;
mod compare;
mod db;
mod defect;
mod export;
mod failure;
mod go_on;
mod interrupt;
mod keep;
mod output;
mod policy;
mod presentation;
mod progress;
mod replay;
mod report;
mod run;
mod schema;
mod stored;
mod synth;
mod trace;
mod verify;

use std::ffi::OsString;
use std::panic::UnwindSafe;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

/// Does what the arguments (the first of which is the name of the program) ask for; returns the
/// exit code. Takes over Ctrl-C and what a panic says: meant for a process that does only this.
pub fn main(arguments: impl IntoIterator<Item = OsString> + UnwindSafe) -> u8 {
    interrupt::listen();
    defect::contain(|| match Arguments::try_parse_from(arguments) {
        Ok(arguments) => obey(arguments.command).map_or_else(Failure::report, |()| 0),
        Err(answer) => output::usage(&answer),
    })
}

fn obey(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Replay(arguments) => replay::replay(&arguments),
        Command::Trace(arguments) => trace::trace(&arguments),
        Command::Verify(arguments) => verify::verify(&arguments),
        Command::Report(arguments) => report::report(&arguments),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Export(arguments) => export::export(&arguments),
        Command::Db(command) => db::db(&command),
        Command::Checkpoint(command) => checkpoint::checkpoint(&command),
        Command::Check(arguments) => check::check(&arguments),
        Command::Bounds(arguments) => bounds::bounds(&arguments),
        Command::Synth(arguments) => synth::synth(&arguments),
        Command::Policy(command) => policy::policy(&command),
        Command::Schema(command) => schema::schema(&command),
    }
}
