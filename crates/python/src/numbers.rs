//! Whole numbers from Python: an `int`, or what stands for one; never a `bool`.

use std::fmt::Display;

use pyo3::conversion::FromPyObjectOwned;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::wrong::{expected, of_type};

/// What a whole number is called.
pub(crate) const INT: &str = "an int";

/// Reads a whole number; what is told of a wrong one is told of `name`.
pub(crate) fn whole_of<'py, T: FromPyObjectOwned<'py>>(
    value: &Bound<'py, PyAny>,
    name: impl Display,
) -> PyResult<T> {
    if value.is_instance_of::<PyBool>() {
        return Err(expected(name, INT, value));
    }
    of_type(value, name, INT)
}

/// Reads a whole number that is an argument, which PyO3 names.
pub(crate) fn whole<'py, T: FromPyObjectOwned<'py>>(value: &Bound<'py, PyAny>) -> PyResult<T> {
    whole_of(value, "")
}

/// Reads a whole number, or `None`.
pub(crate) fn maybe_whole<'py, T: FromPyObjectOwned<'py>>(
    value: &Bound<'py, PyAny>,
) -> PyResult<Option<T>> {
    if value.is_none() { Ok(None) } else { whole(value).map(Some) }
}
