//! The `payment-sim` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(payment_sim::main(std::env::args_os().collect::<Vec<_>>()))
}
