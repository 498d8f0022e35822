//! Whole numbers from Python: an `int`, or what stands for one; never a `bool`.

use std::fmt::Display;

use pyo3::conversion::FromPyObjectOwned;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::wrong::{expected, of_type};

/// What a whole number is called.
const INT: &str = "an int";

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

/// Declares readers of arguments that are whole numbers, each under the name of its argument.
macro_rules! arguments {
    ($read:ident, $($name:ident),*) => { $(
        pub(crate) fn $name<'py, T>(value: &Bound<'py, PyAny>) -> PyResult<Given<T>>
        where
            T: FromPyObjectOwned<'py>,
        {
            $read(value, stringify!($name))
        }
    )* };
}

/// Arguments that are whole numbers.
pub(crate) mod int {
    use super::{Bound, FromPyObjectOwned, PyAny, PyResult, whole_of};

    type Given<T> = T;
    arguments! {
        whole_of, amount, day, deadline_tick, n, num_ticks, priority, since, tick, within_ticks
    }
}

/// Arguments that are whole numbers or `None`.
pub(crate) mod maybe_int {
    use super::{Bound, FromPyObjectOwned, PyAny, PyResult, maybe_whole_of};

    type Given<T> = Option<T>;
    arguments! { maybe_whole_of, day, multilateral_limit, seed, threads, ticks, until }
}

fn maybe_whole_of<'py, T: FromPyObjectOwned<'py>>(
    value: &Bound<'py, PyAny>,
    name: &str,
) -> PyResult<Option<T>> {
    if value.is_none() { Ok(None) } else { whole_of(value, name).map(Some) }
}
