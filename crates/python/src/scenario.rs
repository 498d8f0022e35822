//! `Scenario`: checked once, run as often as wanted.

mod changes;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use psim_model::CheckedScenario;
use psim_scenario::{Given, Loaded, Overrides, load, load_document};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMapping, PyString};

use crate::errors;
use crate::given;
use crate::guard::contain;
use crate::numbers::maybe_int;
use crate::wrong::expected;

pub(crate) use self::changes::Changes;

/// A checked scenario.
///
/// Made from the path of a YAML or JSON file, from a dict of the same keys (or the flat keys of the
/// predecessor), or from another scenario that is to be changed. Every fault is told at once, by a
/// `ScenarioError`; unknown keys are faults in files and a `UserWarning` in dicts.
///
/// Args:
///     config: Path, dict or `Scenario`.
///     seed: Seed of the arrival generator in place of the scenario's own.
///     overrides: Values by their path: `{"agents.A.opening_balance": 5_000}`.
///     policies: Policies by agent id, `"*"` for all other agents: the name of a policy of the
///         library, the path of a file, a document as a dict, or what a scenario has under
///         `policy`, such as `{"type": "Library", "name": "deadline"}`. Or one for all agents.
///     trace_decisions: Whether each decision is recorded with the way that led to it.
///     allow_outside: Whether it may name files outside of its folder (of a dict: of the working
///         directory).
///
/// Raises:
///     ScenarioError: It is not sound; `diagnostics` holds every fault.
#[pyclass(frozen, module = "payment_simulator", name = "Scenario")]
pub(crate) struct PyScenario {
    pub(crate) inner: Arc<Checked>,
}

/// A scenario and how it came about.
pub(crate) struct Checked {
    pub(crate) scenario: CheckedScenario,
    /// Its text, for people.
    pub(crate) text: String,
    /// Where it comes from.
    pub(crate) source: String,
    /// What was changed on the way from the text to the scenario.
    pub(crate) changes: Vec<String>,
    origin: Origin,
    overrides: Overrides,
}

/// What a scenario can be made of again, with other changes.
#[derive(Clone)]
enum Origin {
    File(PathBuf),
    Document(Arc<Given>),
    /// It was carried from another process.
    Carried,
}

impl Checked {
    /// Makes a scenario from whatever a caller gives as one.
    pub(crate) fn of(config: &Bound<'_, PyAny>, changes: Changes) -> PyResult<Arc<Self>> {
        let py = config.py();
        if let Ok(scenario) = config.cast::<PyScenario>() {
            return scenario.get().inner.changed(py, changes);
        }
        let origin = match path_of(config)? {
            Some(path) => Origin::File(path),
            None => Origin::Document(Arc::new(document(config)?)),
        };
        Self::load(py, origin, changes.overrides, changes.fronts).map(Arc::new)
    }

    /// Returns the scenario with more changes.
    pub(crate) fn changed(
        self: &Arc<Self>,
        py: Python<'_>,
        changes: Changes,
    ) -> PyResult<Arc<Self>> {
        let Changes { overrides: later, fronts } = changes;
        let (only_seed, seed) = (later.changes_only_seed(), later.seed);
        let overrides = self.overrides.clone().and(later);
        match (only_seed, seed) {
            (true, None) => Ok(Arc::clone(self)),
            (true, Some(seed)) => Ok(Arc::new(Self {
                scenario: contain(py, || self.scenario.with_seed(seed))?,
                text: self.text.clone(),
                source: self.source.clone(),
                changes: overrides.changes(),
                origin: self.origin.clone(),
                overrides,
            })),
            (false, _) => Self::load(py, self.origin.clone(), overrides, fronts).map(Arc::new),
        }
    }

    fn load(py: Python<'_>, origin: Origin, overrides: Overrides, fronts: i32) -> PyResult<Self> {
        const DOCUMENT: &str = "scenario";
        let (source, loaded) = match &origin {
            Origin::File(path) => {
                let loading = || load(path, &overrides);
                (path.display().to_string(), contain(py, || py.detach(loading))?)
            }
            Origin::Document(given) => {
                let loading = || load_document(DOCUMENT, given, &overrides, Path::new(""));
                (DOCUMENT.to_owned(), contain(py, || py.detach(loading))?)
            }
            Origin::Carried => {
                let problem = "a scenario that was pickled can be given another seed and nothing \
                               else; change it before";
                return Err(errors::no_scenario(py, "", problem));
            }
        };
        let Loaded { scenario, text, warnings } =
            loaded.map_err(|faults| errors::scenario_error(py, &faults))?;
        errors::warn(py, &warnings, fronts.saturating_add(1))?;
        let changes = overrides.changes();
        Ok(Self { scenario, text, source, changes, origin, overrides })
    }
}

/// Returns the path, if a value is one.
fn path_of(config: &Bound<'_, PyAny>) -> PyResult<Option<PathBuf>> {
    let is_path = config.is_instance_of::<PyString>() || config.hasattr("__fspath__")?;
    if is_path { config.extract().map(Some) } else { Ok(None) }
}

fn document(config: &Bound<'_, PyAny>) -> PyResult<Given> {
    if !config.is_instance_of::<PyMapping>() {
        return Err(expected("config", "a path, a dict or a `Scenario`", config));
    }
    given::given(config)
}

#[pymethods]
impl PyScenario {
    #[new]
    #[pyo3(signature = (
        config, *, seed=None, overrides=None, policies=None, trace_decisions=false,
        allow_outside=false
    ))]
    fn new(
        config: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = maybe_int::seed)] seed: Option<u64>,
        overrides: Option<&Bound<'_, PyAny>>,
        policies: Option<&Bound<'_, PyAny>>,
        trace_decisions: bool,
        allow_outside: bool,
    ) -> PyResult<Self> {
        contain(config.py(), || {
            let changes = Changes::read(seed, overrides, policies, trace_decisions)?;
            let changes = changes.allowing_outside(allow_outside);
            Ok(Self { inner: Checked::of(config, changes)? })
        })?
    }

    /// Ids of the agents, ascending.
    #[getter]
    fn agent_ids(&self) -> Vec<&str> {
        self.inner.scenario.agents.iter().map(|agent| agent.id.as_str()).collect()
    }

    /// Ticks in a day.
    #[getter]
    fn ticks_per_day(&self) -> u32 {
        self.inner.scenario.calendar.ticks_per_day()
    }

    /// Days in the run.
    #[getter]
    fn num_days(&self) -> u32 {
        self.inner.scenario.calendar.num_days()
    }

    /// Seed of the arrival generator.
    #[getter]
    fn seed(&self) -> u64 {
        self.inner.scenario.rng_seed
    }

    /// Number of payments that come from data.
    #[getter]
    fn num_payments(&self) -> usize {
        self.inner.scenario.payments.rows.len()
    }

    /// Currency code; empty if none was given.
    #[getter]
    fn currency(&self) -> &str {
        &self.inner.scenario.currency.code
    }

    /// BLAKE3 of the checked scenario, in hexadecimal: equal for equal scenarios.
    #[getter]
    fn fingerprint(&self) -> String {
        self.inner.scenario.fingerprint().to_string()
    }

    /// The scenario as it was read: the text of the file, or the dict as JSON.
    #[getter]
    fn text(&self) -> &str {
        &self.inner.text
    }

    /// Where it comes from: the path of the file, or `scenario` for a dict.
    #[getter]
    fn source(&self) -> &str {
        &self.inner.source
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Self>().ok();
        other.is_some_and(|it| it.get().print() == self.print())
    }

    fn __hash__(&self) -> u64 {
        let text = self.fingerprint();
        let digits = text.get(..16).unwrap_or_default();
        u64::from_str_radix(digits, 16).unwrap_or_default()
    }

    fn __repr__(&self) -> String {
        let scenario = &self.inner.scenario;
        let (agents, days) = (scenario.agents.len(), self.num_days());
        let ticks = self.ticks_per_day();
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        format!(
            "<Scenario {}: {agents} agent{}, {days} day{} of {ticks} ticks, seed {}>",
            self.inner.source,
            plural(agents),
            plural(days as usize),
            scenario.rng_seed,
        )
    }

    /// Shows the scenario in a notebook: what it is, and its text to be unfolded.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let html = py.import("html")?;
        let escape = |text: &str| html.call_method1("escape", (text, false))?.extract::<String>();
        let title = escape(self.__repr__().trim_matches(['<', '>']))?;
        let text = escape(&self.inner.text)?;
        Ok(format!("<details><summary>{title}</summary><pre>{text}</pre></details>"))
    }

    /// Pickles the checked scenario.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Carried<'py>)> {
        let bytes = contain(py, || self.inner.scenario.to_bytes())?;
        let restore = py.get_type::<Self>().getattr("_restore")?;
        let Checked { text, source, changes, .. } = &*self.inner;
        let (bytes, changes) = (PyBytes::new(py, &bytes), serde_json::json!(changes).to_string());
        Ok((restore, (bytes, text.clone(), source.clone(), changes)))
    }

    /// Makes a pickled scenario again.
    #[staticmethod]
    fn _restore(
        py: Python<'_>,
        bytes: &[u8],
        text: String,
        source: String,
        changes: &str,
    ) -> PyResult<Self> {
        let restored = contain(py, || CheckedScenario::from_bytes(bytes))?;
        let scenario =
            restored.map_err(|fault| errors::no_scenario(py, &source, &fault.to_string()))?;
        let changes: Vec<String> = serde_json::from_str(changes)
            .map_err(|error| errors::no_scenario(py, &source, &error.to_string()))?;
        let overrides = Overrides::from_changes(&changes).with_seed_apart(scenario.rng_seed);
        let origin = Origin::Carried;
        let checked = Checked { scenario, text, source, changes, origin, overrides };
        Ok(Self { inner: Arc::new(checked) })
    }
}

/// What a pickled scenario consists of.
type Carried<'py> = (Bound<'py, PyBytes>, String, String, String);

impl PyScenario {
    fn print(&self) -> psim_model::Fingerprint {
        self.inner.scenario.fingerprint()
    }
}
