//! The Python module `payment_simulator._core`: conversions between Python objects and the calls
//! of the other crates, and nothing else.
//!
//! What every entry point keeps to: arguments become plain values before any lock is taken; what
//! takes long runs without the interpreter; answers become Python objects after the lock is
//! released; every failure is one of the package's exceptions, a defect of ours included.

mod errors;
mod given;
mod guard;

use pyo3::prelude::*;

/// The compiled part of `payment_simulator`; import from the package instead.
#[pymodule(gil_used = false)]
mod _core {
    use super::*;

    /// The version of the engine.
    #[pymodule_export]
    const VERSION: &str = psim_runner::VERSION;

    #[pymodule_init]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        guard::keep_quiet();
        Ok(())
    }
}
