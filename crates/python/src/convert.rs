//! Answers of the library as Python objects.

use psim_model::RtgsPriority;
use psim_model::event::{Event, EventBatch, Names, Value};
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
    let words = Words::get(py);
    let (kind, fields) = words.of(py, event);
    dict.set_item(intern!(py, "event_type"), kind)?;
    dict.set_item(intern!(py, "tick"), batch.tick().0)?;
    dict.set_item(intern!(py, "day"), batch.day().0)?;
    dict.set_item(intern!(py, "seq"), batch.first_seq().saturating_add(index))?;
    let mut outcome = Ok(());
    let mut fields = fields.iter();
    event.visit(batch.columns(), |field, value| {
        if outcome.is_ok() {
            outcome = match fields.next() {
                Some(name) => value_of(py, value, names).and_then(|it| dict.set_item(name, it)),
                None => value_of(py, value, names).and_then(|it| dict.set_item(field.name, it)),
            };
        }
    });
    outcome.map(|()| dict)
}

/// The names of event types and fields as Python texts, made once.
struct Words(Vec<(Py<PyString>, Vec<Py<PyString>>)>);

impl Words {
    fn get(py: Python<'_>) -> &Self {
        static WORDS: PyOnceLock<Words> = PyOnceLock::new();
        WORDS.get_or_init(py, || {
            let kinds = psim_model::event::EventKind::ALL;
            let most = kinds.iter().map(|kind| kind.code()).max().unwrap_or_default();
            let words =
                (0..=most).map(|code| match psim_model::event::EventKind::from_code(code) {
                    Some(kind) => {
                        let word = |text: &str| PyString::intern(py, text).unbind();
                        let spec = kind.spec();
                        (
                            word(spec.name),
                            spec.fields.iter().map(|field| word(field.name)).collect(),
                        )
                    }
                    None => (PyString::new(py, "").unbind(), Vec::new()),
                });
            Self(words.collect())
        })
    }

    fn of<'a, 'py>(
        &'a self,
        py: Python<'py>,
        event: &Event,
    ) -> (&'a Bound<'py, PyString>, &'a [Py<PyString>]) {
        static NOTHING: PyOnceLock<Py<PyString>> = PyOnceLock::new();
        if let Some((kind, fields)) = self.0.get(usize::from(event.kind().code())) {
            return (kind.bind(py), fields);
        }
        (NOTHING.get_or_init(py, || PyString::new(py, "").unbind()).bind(py), &[])
    }
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
