//! Arguments of the wrong type, and names that nobody has: what is said of them.

use std::fmt::Display;

use psim_policy::nearest::nearest;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;

/// Says which argument is of the wrong type, what it is to be and what it is: "`seeds`: expected an
/// int, got str".
pub(crate) fn expected(name: impl Display, what: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let kind = kind_of(value);
    PyTypeError::new_err(format!("`{name}`: expected {what}, got {kind}"))
}

/// Converts a value, or says of `name` that it is not `what`.
pub(crate) fn of_type<'py, T: FromPyObjectOwned<'py>>(
    value: &Bound<'py, PyAny>,
    name: impl Display,
    what: &str,
) -> PyResult<T> {
    value.extract::<T>().map_err(|error| {
        let (py, error) = (value.py(), error.into());
        let said = if error.is_instance_of::<PyTypeError>(py) {
            expected(name, what, value)
        } else if error.is_instance_of::<PyOverflowError>(py) {
            let why = error.value(py).str().map(|why| why.to_string_lossy().into_owned());
            PyOverflowError::new_err(format!("`{name}`: {}", why.unwrap_or_default()))
        } else {
            return error;
        };
        said.set_cause(py, Some(error));
        said
    })
}

/// Returns the name of a value's type.
pub(crate) fn kind_of(value: &Bound<'_, PyAny>) -> String {
    let name = value.get_type().name();
    name.map_or_else(|_| "another type".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Adds to a message which of the known names may have been meant, if one is near enough.
pub(crate) fn with_nearest<'a>(
    message: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    match nearest(name, known) {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message.to_owned(),
    }
}
