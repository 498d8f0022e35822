//! The package's exceptions, and what becomes one of them.

use psim_scenario::{Diagnostic, Diagnostics, Severity};
use pyo3::exceptions::{PyTypeError, PyUserWarning};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyType};
use std::ffi::CString;
use std::fmt::Display;

/// An exception that `payment_simulator.errors` declares.
macro_rules! exceptions {
    ($( $(#[doc = $doc:literal])* $function:ident, $name:literal; )*) => { $(
        $(#[doc = $doc])*
        pub(crate) fn $function(py: Python<'_>, message: impl Display) -> PyErr {
            static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
            raise(py, &TYPE, $name, &message.to_string(), None)
        }
    )* };
}

exceptions! {
    /// The run cannot do that.
    simulation_error, "SimulationError";
    /// Nobody of that name takes part.
    agent_not_found, "AgentNotFoundError";
    /// A run database cannot be read or written.
    journal_error, "JournalError";
}

fn raise(
    py: Python<'_>,
    cell: &PyOnceLock<Py<PyType>>,
    name: &str,
    message: &str,
    diagnostics: Option<Bound<'_, PyList>>,
) -> PyErr {
    let made =
        cell.import(py, "payment_simulator.errors", name).and_then(|exception| match diagnostics {
            Some(diagnostics) => exception.call1((message, diagnostics)),
            None => exception.call1((message,)),
        });
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// A scenario that is refused, with all its faults.
pub(crate) fn scenario_error(py: Python<'_>, faults: &Diagnostics) -> PyErr {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    refused(py, &TYPE, "ScenarioError", faults)
}

/// A policy that is refused, with all its faults.
pub(crate) fn policy_error(py: Python<'_>, faults: &Diagnostics) -> PyErr {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    refused(py, &TYPE, "PolicyError", faults)
}

fn refused(
    py: Python<'_>,
    cell: &PyOnceLock<Py<PyType>>,
    name: &str,
    faults: &Diagnostics,
) -> PyErr {
    match diagnostics(py, faults) {
        Ok(list) => raise(py, cell, name, faults.to_string().trim_end(), Some(list)),
        Err(error) => error,
    }
}

/// A value that no scenario can hold; `place` is the way to it.
pub(crate) fn no_scenario(py: Python<'_>, place: &str, problem: &str) -> PyErr {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    no_document(py, (&TYPE, "ScenarioError"), place, problem)
}

/// A value that no policy can hold; `place` is the way to it.
pub(crate) fn no_policy(py: Python<'_>, place: &str, problem: &str) -> PyErr {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    no_document(py, (&TYPE, "PolicyError"), place, problem)
}

/// Bytes from which no run can go on, with what differs if they are of another scenario.
pub(crate) fn checkpoint_error(py: Python<'_>, message: &str, differences: Vec<String>) -> PyErr {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    differing(py, (&TYPE, "CheckpointError"), message, differences)
}

/// A branch that cannot be, with what differs and may not.
pub(crate) fn branch_error(py: Python<'_>, message: &str, differences: Vec<String>) -> PyErr {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    differing(py, (&TYPE, "BranchError"), message, differences)
}

fn differing(
    py: Python<'_>,
    (cell, name): (&PyOnceLock<Py<PyType>>, &str),
    message: &str,
    differences: Vec<String>,
) -> PyErr {
    match PyList::new(py, differences) {
        Ok(list) => raise(py, cell, name, message, Some(list)),
        Err(error) => error,
    }
}

/// What lives in this process and cannot be carried to another.
pub(crate) fn no_pickle(name: &str) -> PyErr {
    PyTypeError::new_err(format!("cannot pickle '{name}' object"))
}

fn no_document(
    py: Python<'_>,
    (cell, name): (&PyOnceLock<Py<PyType>>, &str),
    place: &str,
    problem: &str,
) -> PyErr {
    let message = if place.is_empty() { problem.to_owned() } else { format!("{place}: {problem}") };
    let fault = Fault { severity: "error", message: problem, file: place, ..Fault::default() };
    let list = fault.to_python(py).and_then(|fault| PyList::new(py, [fault]));
    match list {
        Ok(list) => raise(py, cell, name, &message, Some(list)),
        Err(error) => error,
    }
}

/// A `Diagnostic` of Python in the making.
#[derive(Default)]
struct Fault<'a> {
    severity: &'a str,
    message: &'a str,
    file: &'a str,
    line: Option<u64>,
    column: Option<u64>,
    hint: Option<&'a str>,
    related: Option<String>,
}

impl Fault<'_> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let Self { severity, message, file, line, column, hint, ref related } = *self;
        let file = (!file.is_empty()).then_some(file);
        let make = TYPE.import(py, "payment_simulator.errors", "Diagnostic")?;
        make.call1((severity, message, file, line, column, hint, related.as_deref()))
    }
}

fn fault_of(fault: &Diagnostic) -> Fault<'_> {
    let place = fault.place.as_ref();
    Fault {
        severity: match fault.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &fault.message,
        file: place.map_or("", |place| &place.file),
        line: place.and_then(|place| place.line),
        column: place.and_then(|place| place.column),
        hint: fault.hint.as_deref(),
        related: fault.related.as_ref().map(|(place, how)| format!("{place}: {how}")),
    }
}

/// Makes a list of `Diagnostic`.
fn diagnostics<'py>(py: Python<'py>, faults: &Diagnostics) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for fault in faults {
        list.append(fault_of(fault).to_python(py)?)?;
    }
    Ok(list)
}

/// Warns as Python does, a warning each; `depth` is how far up the caller's line is.
pub(crate) fn warn(py: Python<'_>, warnings: &Diagnostics, depth: i32) -> PyResult<()> {
    for warning in warnings.iter().filter(|warning| warning.severity == Severity::Warning) {
        let text = fault_of(warning).to_python(py)?.str()?;
        let text = CString::new(text.to_cow()?.replace('\0', "?"))?;
        PyErr::warn(py, &py.get_type::<PyUserWarning>(), &text, depth)?;
    }
    Ok(())
}
