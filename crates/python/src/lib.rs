//! The Python module `payment_simulator._core`: conversions between Python objects and the calls
//! of the other crates, and nothing else.
//!
//! What every entry point keeps to: arguments become plain values before any lock is taken; what
//! takes long runs without the interpreter; answers become Python objects after the lock is
//! released, except for lists of events, which are long; every failure is one of the package's
//! exceptions, a defect of ours included.

// Nothing in a conversion may fail but by an error.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
// Arguments come from Python by value.
#![allow(clippy::needless_pass_by_value)]
// A method of Python has a `self`, whether it looks at it or not.
#![allow(clippy::unused_self)]

mod convert;
mod errors;
mod frame;
mod given;
mod guard;
mod many;
mod numbers;
mod orchestrator;
mod policies;
mod run;
mod scenario;
mod wrong;

use pyo3::prelude::*;

/// Runs the `payment-sim` command with these arguments, the first of which is its name; returns the
/// exit code. For a process that does nothing else: it takes over Ctrl-C.
#[pyfunction]
fn command(py: Python<'_>, arguments: &Bound<'_, PyAny>) -> PyResult<u8> {
    let arguments: Vec<std::ffi::OsString> = given::items(arguments, "arguments", "a text")?;
    guard::contain(py, || py.detach(|| payment_sim::main(arguments)))
}

/// The compiled part of `payment_simulator`; import from the package instead.
#[pymodule(gil_used = false)]
mod _core {
    use super::{Bound, PyModule, PyResult, guard};

    #[pymodule_export]
    use super::command;
    #[pymodule_export]
    use super::frame::PyFrame;
    #[pymodule_export]
    use super::many::run_many;
    #[pymodule_export]
    use super::orchestrator::Orchestrator;
    #[pymodule_export]
    use super::policies::{get_cost_schema, get_policy_schema, library_policies, validate_policy};
    #[pymodule_export]
    use super::run::{PyRun, open_run, run_scenario, stored_runs};
    #[pymodule_export]
    use super::scenario::PyScenario;

    /// The version of the engine.
    #[pymodule_export]
    const VERSION: &str = psim_runner::VERSION;

    #[pymodule_init]
    #[expect(clippy::unnecessary_wraps, reason = "what a module begins with may fail")]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        guard::keep_quiet();
        Ok(())
    }
}
