//! Columns as Python lists.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayAccessor, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::DataType;
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyList;

/// Makes a list of a column; what is absent is `None`.
pub(super) fn list<'py>(py: Python<'py>, column: &dyn Array) -> PyResult<Bound<'py, PyList>> {
    match column.data_type() {
        DataType::Int64 => numbers(py, column.as_primitive::<Int64Type>()),
        DataType::UInt64 => numbers(py, column.as_primitive::<UInt64Type>()),
        DataType::Float64 => numbers(py, column.as_primitive::<Float64Type>()),
        DataType::Decimal128(_, _) => numbers(py, column.as_primitive::<Decimal128Type>()),
        DataType::Boolean => items(py, column.as_boolean()),
        DataType::LargeUtf8 => items(py, column.as_string::<i64>()),
        DataType::Utf8View => items(py, column.as_string_view()),
        DataType::Dictionary(_, _) => words(py, column),
        DataType::LargeList(_) => lists(py, column),
        other => Err(PyTypeError::new_err(format!("a column of {other} has no plain values"))),
    }
}

fn numbers<'py, T>(py: Python<'py>, column: &PrimitiveArray<T>) -> PyResult<Bound<'py, PyList>>
where
    T: ArrowPrimitiveType,
    T::Native: IntoPyObject<'py>,
{
    PyList::new(py, column.iter().collect::<Vec<_>>())
}

fn items<'py, A>(py: Python<'py>, column: A) -> PyResult<Bound<'py, PyList>>
where
    A: ArrayAccessor,
    A::Item: IntoPyObject<'py>,
{
    let item = |index| (!column.is_null(index)).then(|| column.value(index));
    PyList::new(py, (0..column.len()).map(item).collect::<Vec<_>>())
}

/// Makes a list of a dictionary's words, each of which becomes one Python text.
fn words<'py>(py: Python<'py>, column: &dyn Array) -> PyResult<Bound<'py, PyList>> {
    let Some(dictionary) = column.as_dictionary_opt::<UInt32Type>() else {
        return Err(PyTypeError::new_err("a dictionary with other keys has no plain values"));
    };
    let texts = list(py, dictionary.values().as_ref())?;
    let word = |key: Option<u32>| key.map(|key| texts.get_item(key as usize)).transpose();
    let words: PyResult<Vec<Option<Bound<'py, PyAny>>>> =
        dictionary.keys().iter().map(word).collect();
    PyList::new(py, words?)
}

fn lists<'py>(py: Python<'py>, column: &dyn Array) -> PyResult<Bound<'py, PyList>> {
    let column = column.as_list::<i64>();
    let rows = PyList::empty(py);
    for index in 0..column.len() {
        if column.is_null(index) {
            rows.append(py.None())?;
        } else {
            rows.append(list(py, column.value(index).as_ref())?.into_bound_py_any(py)?)?;
        }
    }
    Ok(rows)
}
