//! Answers of the library as Python objects.

use psim_model::RtgsPriority;
use psim_model::event::{Event, EventBatch, EventKind, Names, Value};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString};
use pyo3::{IntoPyObjectExt as _, intern};
use serde::Serialize;

/// Makes dicts, lists and plain values of an answer.
pub(crate) fn to_python<'py, T: Serialize + ?Sized>(
    py: Python<'py>,
    answer: &T,
) -> PyResult<Bound<'py, PyAny>> {
    pythonize::pythonize(py, answer).map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

/// Reads the word of a declared class.
pub(crate) fn rtgs_priority(word: &str) -> PyResult<RtgsPriority> {
    RtgsPriority::named(word).ok_or_else(|| {
        let message =
            format!("`rtgs_priority` is `HighlyUrgent`, `Urgent` or `Normal`, not `{word}`");
        PyValueError::new_err(message)
    })
}

/// Makes a dict of an event: `event_type`, `tick`, `day`, `seq`, then its fields in order of
/// declaration.
pub(crate) fn event_dict<'py>(
    py: Python<'py>,
    batch: &EventBatch,
    (index, event): (u64, &Event),
    names: &Names,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let kind = event.kind();
    let words = Words::of(py, kind);
    let name = word(py, words.map(|words| &words.name), kind.spec().name);
    dict.set_item(intern!(py, "event_type"), name)?;
    dict.set_item(intern!(py, "tick"), batch.tick().0)?;
    dict.set_item(intern!(py, "day"), batch.day().0)?;
    dict.set_item(intern!(py, "seq"), batch.first_seq().saturating_add(index))?;
    let mut outcome = Ok(());
    let mut fields = words.map_or(&[][..], |words| &words.fields).iter();
    event.visit(batch.columns(), |field, value| {
        let name = word(py, fields.next(), field.name);
        if outcome.is_ok() {
            outcome = value_of(py, value, names).and_then(|it| dict.set_item(name, it));
        }
    });
    outcome.map(|()| dict)
}

/// The names of an event type and of its fields as Python texts.
struct Words {
    name: Py<PyString>,
    fields: Vec<Py<PyString>>,
}

impl Words {
    /// Returns the words of a type; those of all types are made once.
    fn of(py: Python<'_>, kind: EventKind) -> Option<&'static Self> {
        /// By code; `None` where no type has it.
        static WORDS: PyOnceLock<Vec<Option<Words>>> = PyOnceLock::new();
        let by_code =
            || (0..=u8::MAX).map(|code| EventKind::from_code(code).map(|it| Self::new(py, it)));
        WORDS.get_or_init(py, || by_code().collect()).get(usize::from(kind.code()))?.as_ref()
    }

    fn new(py: Python<'_>, kind: EventKind) -> Self {
        let word = |text: &str| PyString::intern(py, text).unbind();
        let spec = kind.spec();
        let fields = spec.fields.iter().map(|field| word(field.name)).collect();
        Self { name: word(spec.name), fields }
    }
}

/// Returns a name as a Python text: the one that is made already, if it is.
fn word<'py>(py: Python<'py>, made: Option<&Py<PyString>>, name: &str) -> Bound<'py, PyString> {
    made.map_or_else(|| PyString::intern(py, name), |made| made.bind(py).clone())
}

fn value_of<'py>(py: Python<'py>, value: Value<'_>, names: &Names) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Agent(agent) => names.agent(agent).into_bound_py_any(py),
        Value::Payment(payment) => names.payment(payment).into_bound_py_any(py),
        Value::Money(money) => money.minor().into_bound_py_any(py),
        Value::Tick(tick) => tick.0.into_bound_py_any(py),
        Value::Count(count) => count.into_bound_py_any(py),
        Value::Number(number) => number.into_bound_py_any(py),
        Value::Flag(flag) => flag.into_bound_py_any(py),
        Value::Fraction(fraction) => fraction.to_f64().into_bound_py_any(py),
        Value::Decimal { scaled, places } => {
            (scaled as f64 / 10_u64.pow(places) as f64).into_bound_py_any(py)
        }
        Value::Text(text) => text.into_bound_py_any(py),
        Value::Payments(payments) => {
            let ids = payments.iter().map(|payment| names.payment(*payment));
            Ok(PyList::new(py, ids.collect::<Vec<_>>())?.into_any())
        }
        Value::Agents(agents) => {
            let ids = agents.iter().map(|agent| names.agent(*agent));
            Ok(PyList::new(py, ids.collect::<Vec<_>>())?.into_any())
        }
        Value::Amounts(amounts) => {
            let minor = amounts.iter().map(|amount| amount.minor());
            Ok(PyList::new(py, minor.collect::<Vec<_>>())?.into_any())
        }
    }
}
