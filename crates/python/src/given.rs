//! Python values into the plain values that a scenario is made of.

use psim_scenario::{Given, MAX_NESTING};
use psim_view::count;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::exceptions::PyValueError;
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};

use crate::errors::{no_policy, no_scenario};
use crate::wrong::{expected, kind_of, of_type};

/// Most values that a scenario may consist of.
const MOST_VALUES: usize = 4_000_000;

/// Converts a scenario; everything that is asked of Python objects is asked here.
pub(crate) fn given(value: &Bound<'_, PyAny>) -> PyResult<Given> {
    Reader { refusal: no_scenario, path: Vec::new(), around: Vec::new(), count: 0 }.read(value)
}

/// Converts a policy document.
pub(crate) fn given_policy(value: &Bound<'_, PyAny>) -> PyResult<Given> {
    Reader { refusal: no_policy, path: Vec::new(), around: Vec::new(), count: 0 }.read(value)
}

/// Converts what there is one after another, whatever is said of how many there are. What is told
/// of the argument `name`, or of an item that is not `what`, names it.
pub(crate) fn items<'py, T: FromPyObjectOwned<'py>>(
    value: &Bound<'py, PyAny>,
    name: &str,
    what: &str,
) -> PyResult<Vec<T>> {
    if !value.hasattr("__iter__")? && !value.hasattr("__getitem__")? {
        return Err(expected(name, "something to iterate over", value));
    }
    let mut read = Vec::new();
    for item in value.try_iter()? {
        if read.len() == MOST_VALUES {
            let most = count(MOST_VALUES as u64);
            return Err(PyValueError::new_err(format!("`{name}`: more than {most} items")));
        }
        read.push(of_type(&item?, format_args!("{name}[{}]", read.len()), what)?);
    }
    Ok(read)
}

struct Reader {
    /// Makes the error for a value that cannot be.
    refusal: fn(Python<'_>, &str, &str) -> PyErr,
    /// The way to the value: keys and `[index]`.
    path: Vec<String>,
    /// The lists and dicts on this way; what is in itself would have no end.
    around: Vec<*mut PyObject>,
    count: usize,
}

impl Reader {
    fn read(&mut self, value: &Bound<'_, PyAny>) -> PyResult<Given> {
        self.count = self.count.saturating_add(1);
        if self.count > MOST_VALUES {
            let problem = format!("more than {} values", count(MOST_VALUES as u64));
            return self.refuse(value, &problem);
        }
        if value.is_none() {
            return Ok(Given::Nothing);
        }
        if let Ok(flag) = value.cast::<PyBool>() {
            return Ok(Given::Flag(flag.is_true()));
        }
        if let Ok(text) = value.cast::<PyString>() {
            return self.text(text).map(Given::Text);
        }
        if value.is_instance_of::<PyInt>() {
            return self.whole(value);
        }
        if let Ok(number) = value.cast::<PyFloat>() {
            return Ok(Given::Number(shortest(number.value())));
        }
        if self.path.len() > MAX_NESTING {
            return Ok(Given::List(Vec::new())); // the scenario says that it is too deep
        }
        if self.around.contains(&value.as_ptr()) {
            return self.refuse(value, "a value that contains itself");
        }
        self.around.push(value.as_ptr());
        let read = self.within(value);
        self.around.pop();
        read
    }

    /// Reads what may hold other values.
    fn within(&mut self, value: &Bound<'_, PyAny>) -> PyResult<Given> {
        if let Ok(list) = value.cast::<PyList>() {
            return self.list(list.to_tuple().iter());
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            return self.list(tuple.iter());
        }
        if let Ok(dict) = value.cast::<PyDict>() {
            return self.map(&dict.items());
        }
        self.other(value)
    }

    /// Reads what is like one of the above: NumPy numbers, `Decimal`, paths, mappings.
    fn other(&mut self, value: &Bound<'_, PyAny>) -> PyResult<Given> {
        let py = value.py();
        if value.hasattr("__index__")? {
            return self.whole(&value.call_method0("__index__")?);
        }
        if value.hasattr("__fspath__")? {
            let path = value.call_method0("__fspath__")?;
            return match path.cast::<PyString>() {
                Ok(text) => self.text(text).map(Given::Text),
                Err(_) => self.refuse(value, "a path that is no text"),
            };
        }
        let decimal = py.import("decimal")?.getattr("Decimal")?;
        if value.is_instance(&decimal)? {
            return Ok(Given::Number(value.str()?.to_cow()?.into_owned()));
        }
        if let Ok(mapping) = value.cast::<PyMapping>() {
            return self.map(&mapping.items()?);
        }
        if value.hasattr("__float__")? {
            let number: f64 = value.call_method0("__float__")?.extract()?;
            return Ok(Given::Number(shortest(number)));
        }
        let kind = kind_of(value);
        let problem = format!("a value of type `{kind}`, which no document can hold");
        self.refuse(value, &problem)
    }

    fn whole(&self, value: &Bound<'_, PyAny>) -> PyResult<Given> {
        match value.extract::<i128>() {
            Ok(number) => Ok(Given::Number(number.to_string())),
            Err(error) if error.is_instance_of::<pyo3::exceptions::PyOverflowError>(value.py()) => {
                self.refuse(value, "a whole number beyond 128 bits")
            }
            Err(error) => Err(error),
        }
    }

    fn text(&self, text: &Bound<'_, PyString>) -> PyResult<String> {
        match text.to_cow() {
            Ok(text) => Ok(text.into_owned()),
            Err(_) => self.refuse(text.as_any(), "a text with half a surrogate pair"),
        }
    }

    fn list<'py>(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>) -> PyResult<Given> {
        let mut read = Vec::new();
        for (index, item) in items.enumerate() {
            read.push(self.below(format!("[{index}]"), &item)?);
        }
        Ok(Given::List(read))
    }

    fn map(&mut self, items: &Bound<'_, PyList>) -> PyResult<Given> {
        let mut read = Vec::new();
        for item in items.iter() {
            let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
            let Ok(name) = key.cast::<PyString>() else {
                return self.refuse(&key, "a key that is no text");
            };
            let name = self.text(name)?;
            let step = if self.path.is_empty() { name.clone() } else { format!(".{name}") };
            read.push((name, self.below(step, &value)?));
        }
        Ok(Given::Map(read))
    }

    fn below(&mut self, step: String, value: &Bound<'_, PyAny>) -> PyResult<Given> {
        self.path.push(step);
        let read = self.read(value);
        self.path.pop();
        read
    }

    fn refuse<T>(&self, value: &Bound<'_, PyAny>, problem: &str) -> PyResult<T> {
        const STEPS: usize = 8;
        let mut place = self.path.iter().take(STEPS).cloned().collect::<String>();
        if self.path.len() > STEPS {
            place.push_str("...");
        }
        Err((self.refusal)(value.py(), &place, problem))
    }
}

/// Writes a number as Python would: its shortest text.
fn shortest(number: f64) -> String {
    if number.is_nan() { "nan".to_owned() } else { format!("{number:?}") }
}
