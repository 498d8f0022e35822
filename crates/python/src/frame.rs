//! `Frame`: a table for polars, pandas, pyarrow, duckdb, or plain lists.

mod lists;

use psim_frames::Frame;
use pyo3::exceptions::{PyImportError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator, PyList, PyTuple};

use crate::errors::no_pickle;
use crate::guard::contain;

/// A table: named columns of equal length.
///
/// It speaks the Arrow C stream interface, so that `polars.DataFrame(frame)`,
/// `pyarrow.table(frame)` and duckdb read it as it is; `to_dict()` needs no other package.
#[pyclass(frozen, module = "payment_simulator", name = "Frame")]
pub(crate) struct PyFrame {
    frame: Frame,
}

impl From<Frame> for PyFrame {
    fn from(frame: Frame) -> Self {
        Self { frame }
    }
}

#[pymethods]
impl PyFrame {
    /// Returns a capsule that holds an `ArrowArrayStream`.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema); // the protocol makes it a hint
        let stream = contain(py, || self.frame.to_stream())?;
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// Names of the columns, in order.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.frame.names().collect()
    }

    /// Rows and columns.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.frame.num_rows(), self.frame.names().count())
    }

    fn __len__(&self) -> usize {
        self.frame.num_rows()
    }

    /// Returns what each column holds, by name: `doc`, `unit` (empty if it has none) and `type`.
    fn describe<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let described = PyDict::new(py);
        for field in self.frame.schema().fields() {
            let entry = PyDict::new(py);
            let of = |key: &str| field.metadata().get(key).map_or("", String::as_str);
            entry.set_item("doc", of("doc"))?;
            entry.set_item("unit", of("unit"))?;
            entry.set_item("type", field.data_type().to_string())?;
            described.set_item(field.name(), entry)?;
        }
        Ok(described)
    }

    /// Returns a column as a list.
    ///
    /// Raises:
    ///     KeyError: There is no such column.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let Some(parts) = contain(py, || self.frame.column(name))? else {
            return Err(PyKeyError::new_err(format!("there is no column `{name}`")));
        };
        contain(py, || {
            let list = PyList::empty(py);
            for part in parts {
                list.call_method1("extend", (lists::list(py, part.as_ref())?,))?;
            }
            Ok(list)
        })?
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> bool {
        let name = name.extract::<String>();
        name.is_ok_and(|name| self.frame.names().any(|column| column == name))
    }

    fn __iter__(slf: &Bound<'_, Self>) -> PyResult<Py<PyIterator>> {
        let names = PyTuple::new(slf.py(), slf.get().columns())?;
        Ok(names.try_iter()?.unbind())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(no_pickle("Frame"))
    }

    /// Returns all columns as lists, by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for name in self.frame.names() {
            dict.set_item(name, self.__getitem__(py, name)?)?;
        }
        Ok(dict)
    }

    /// Returns the table as a `polars.DataFrame`.
    ///
    /// Raises:
    ///     ImportError: polars is not installed.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        needed(slf.py(), "polars")?.call_method1("DataFrame", (slf,))
    }

    /// Returns the table as a `pyarrow.Table`.
    ///
    /// Raises:
    ///     ImportError: pyarrow is not installed.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        needed(slf.py(), "pyarrow")?.call_method1("table", (slf,))
    }

    /// Returns the table as a `pandas.DataFrame` of Arrow types.
    ///
    /// Raises:
    ///     ImportError: pandas or pyarrow are not installed.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        // Arrow's own types: whole numbers stay whole where others are absent.
        let types = PyDict::new(py);
        types.set_item("types_mapper", needed(py, "pandas")?.getattr("ArrowDtype")?)?;
        Self::to_arrow(slf)?.call_method("to_pandas", (), Some(&types))
    }

    fn __repr__(&self) -> String {
        let (rows, columns) = self.shape();
        let names: Vec<&str> = self.frame.names().take(6).collect();
        let more = if columns > names.len() { ", …" } else { "" };
        format!("<Frame: {rows} rows × {columns} columns: {}{more}>", names.join(", "))
    }
}

fn needed<'py>(py: Python<'py>, package: &str) -> PyResult<Bound<'py, PyModule>> {
    py.import(package).map_err(|error| {
        let message = format!("this needs {package}: pip install {package}");
        let told = PyImportError::new_err(message);
        told.set_cause(py, Some(error));
        told
    })
}
