//! `Run`: what happened in a run that is over, or stored.

mod running;

use std::sync::{Arc, OnceLock};

use psim_frames::{AgentsByTick, Frame};
use psim_model::event::{EventBatch, EventKind, Names};
use psim_model::{Calendar, CheckedScenario, Total};
use psim_view::{Fold as _, Projection, Summary, SummaryFold};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::convert::to_python;
use crate::errors::no_pickle;
use crate::frame::PyFrame;
use crate::guard::contain;
use crate::scenario::{Checked, PyScenario};

pub(crate) use running::{open_run, run_scenario, stored_runs};

/// What happened in a run. `payment_simulator.Run` is the front of it.
#[pyclass(frozen, module = "payment_simulator._core", name = "Run")]
pub(crate) struct PyRun {
    data: Arc<RunData>,
}

/// The events of a run, and what has been made of them.
pub(crate) struct RunData {
    log: Vec<EventBatch>,
    checked: CheckedScenario,
    /// The scenario as Python knows it; a stored run has none.
    scenario: Option<Arc<Checked>>,
    source: String,
    simulation_id: Option<String>,
    names: OnceLock<Names>,
    projection: OnceLock<Projection>,
    summary: OnceLock<Summary>,
    by_tick: OnceLock<(Frame, Vec<i64>)>,
}

impl RunData {
    /// Keeps a run of a scenario at hand.
    pub(crate) fn live(
        scenario: Arc<Checked>,
        log: Vec<EventBatch>,
        simulation_id: Option<String>,
    ) -> Self {
        let (checked, source) = (scenario.scenario.clone(), scenario.source.clone());
        let run = Self::stored(checked, log, source, simulation_id);
        Self { scenario: Some(scenario), ..run }
    }

    /// Keeps a run that was read from a file.
    fn stored(
        checked: CheckedScenario,
        log: Vec<EventBatch>,
        source: String,
        simulation_id: Option<String>,
    ) -> Self {
        Self {
            log,
            checked,
            scenario: None,
            source,
            simulation_id,
            names: OnceLock::new(),
            projection: OnceLock::new(),
            summary: OnceLock::new(),
            by_tick: OnceLock::new(),
        }
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let mut names = Names::default();
            for batch in &self.log {
                names.observe(batch);
            }
            names
        })
    }

    fn projection(&self) -> &Projection {
        self.projection.get_or_init(|| {
            let mut projection = Projection::new();
            for batch in &self.log {
                projection.observe(batch);
            }
            projection
        })
    }

    fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| {
            let mut fold = SummaryFold::new();
            for batch in &self.log {
                fold.observe(batch);
            }
            fold.finish()
        })
    }

    /// Returns the table of agents by tick and the balances in it.
    fn by_tick(&self) -> &(Frame, Vec<i64>) {
        self.by_tick.get_or_init(|| {
            let mut fold = AgentsByTick::new();
            for batch in &self.log {
                fold.observe(batch);
            }
            let balances = fold.balances().unwrap_or_default().to_vec();
            (fold.finish(), balances)
        })
    }
}

impl PyRun {
    pub(crate) fn of(data: RunData) -> Self {
        Self { data: Arc::new(data) }
    }

    /// Makes a table while other threads go on.
    fn frame(
        &self,
        py: Python<'_>,
        make: impl FnOnce(&RunData) -> Frame + Send,
    ) -> PyResult<PyFrame> {
        contain(py, || py.detach(|| make(&self.data))).map(PyFrame::from)
    }
}

#[pymethods]
impl PyRun {
    /// All events, one row each.
    fn events(&self, py: Python<'_>) -> PyResult<PyFrame> {
        self.frame(py, |run| psim_frames::events(&run.log, run.names()))
    }

    /// The events of one kind, with the columns of that kind alone.
    fn events_of(&self, py: Python<'_>, event_type: &str) -> PyResult<PyFrame> {
        let Some(kind) = EventKind::from_name(event_type) else {
            return Err(PyValueError::new_err(format!("there is no event type `{event_type}`")));
        };
        self.frame(py, move |run| psim_frames::events_of(kind, &run.log, run.names()))
    }

    /// One row for each payment.
    fn transactions(&self, py: Python<'_>) -> PyResult<PyFrame> {
        self.frame(py, |run| psim_frames::transactions(run.projection()))
    }

    /// One row for each agent and tick.
    fn agents_by_tick(&self, py: Python<'_>) -> PyResult<PyFrame> {
        self.frame(py, |run| run.by_tick().0.clone())
    }

    /// One row for each tick.
    fn ticks(&self, py: Python<'_>) -> PyResult<PyFrame> {
        self.frame(py, |run| psim_frames::ticks(&run.log))
    }

    /// One row for each sender and receiver.
    fn pairs(&self, py: Python<'_>) -> PyResult<PyFrame> {
        self.frame(py, |run| psim_frames::pairs(run.projection()))
    }

    /// One row for each agent and day.
    fn costs(&self, py: Python<'_>) -> PyResult<PyFrame> {
        self.frame(py, |run| psim_frames::costs(&run.log, run.names()))
    }

    /// Balances after each tick: 64-bit integers in the machine's order, tick by tick.
    fn balances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let data = &self.data;
        let bytes = contain(py, || {
            py.detach(|| {
                let balances = data.by_tick().1.iter();
                balances.flat_map(|balance| balance.to_ne_bytes()).collect::<Vec<u8>>()
            })
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The measures of the run.
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let summary = contain(py, || py.detach(|| self.data.summary().to_json()))?;
        to_python(py, &summary)
    }

    /// The measures of the run as a page.
    fn report(&self, py: Python<'_>) -> PyResult<String> {
        contain(py, || py.detach(|| self.data.summary().to_text()))
    }

    fn stream_hash(&self, py: Python<'_>) -> PyResult<String> {
        contain(py, || py.detach(|| self.data.summary().run.stream_hash.clone()))
    }

    fn agent_ids(&self) -> Vec<&str> {
        self.data.checked.agents.iter().map(|agent| agent.id.as_str()).collect()
    }

    fn scenario(&self, py: Python<'_>) -> PyResult<Option<Py<PyScenario>>> {
        let scenario = self.data.scenario.clone();
        scenario.map(|inner| Py::new(py, PyScenario { inner })).transpose()
    }

    fn source(&self) -> &str {
        &self.data.source
    }

    fn simulation_id(&self) -> Option<&str> {
        self.data.simulation_id.as_deref()
    }

    fn ticks_done(&self) -> usize {
        self.data.log.len()
    }

    fn calendar(&self) -> (u32, u32, u32) {
        let calendar: &Calendar = &self.data.checked.calendar;
        (calendar.ticks_per_day(), calendar.num_days(), calendar.horizon())
    }

    fn currency(&self) -> (&str, u8) {
        let currency = &self.data.checked.currency;
        (&currency.code, currency.decimals)
    }

    /// An amount of minor units as every page shows it.
    fn amount(&self, minor: i128) -> String {
        psim_view::amount(Total::from_minor(minor), &self.data.checked.currency)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(no_pickle("Run"))
    }

    fn num_events(&self) -> u64 {
        self.data.log.last().map_or(0, EventBatch::next_seq)
    }
}
