//! The `payment-sim` command: arguments in, text out.
//!
//! stdout carries what was asked for; progress, warnings and errors go to stderr. Exit code 0 is
//! done, 1 the user's mistake, 2 wrong usage, 3 a failure of the environment, 130 interrupted.

mod arguments;
mod bounds;
mod check;
mod failure;
mod interrupt;
mod output;
mod progress;
mod run;
mod schema;
mod synth;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    interrupt::listen();
    let outcome = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Bounds(arguments) => bounds::bounds(&arguments),
        Command::Synth(arguments) => synth::synth(&arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
