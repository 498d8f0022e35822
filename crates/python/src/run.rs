//! `Run`: what happened in a run that is over, or stored.

mod running;

use std::sync::{Arc, OnceLock};

use psim_frames::{AgentsByTick, Frame};
use psim_model::event::{EventBatch, EventKind, Names};
use psim_model::{AgentNo, Calendar, CheckedScenario, PaymentNo, Total, agent_called};
use psim_report::{Measured, MeasuredFold, PictureFold, RunFacts};
use psim_view::{Fold, Life, Projection, Summary, SummaryFold, Trace, unknown_payment};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::convert::to_python;
use crate::errors::{agent_not_found, no_pickle};
use crate::frame::PyFrame;
use crate::guard::contain;
use crate::scenario::{Checked, PyScenario};
use crate::wrong::with_nearest;

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
    /// What is known of it besides; without an id if it is not stored.
    facts: RunFacts,
    names: OnceLock<Names>,
    projection: OnceLock<Projection>,
    summary: OnceLock<Summary>,
    measured: OnceLock<(MeasuredFold, Measured)>,
    by_tick: OnceLock<(Frame, Vec<i64>)>,
}

impl RunData {
    /// Keeps a run of a scenario at hand, of which so many ticks were asked for.
    pub(crate) fn live(
        scenario: Arc<Checked>,
        log: Vec<EventBatch>,
        simulation_id: Option<String>,
        ticks_asked: u32,
    ) -> Self {
        let Checked { scenario: checked, source, text, changes, .. } = &*scenario;
        let ticks_done = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let facts = RunFacts {
            simulation_id: simulation_id.unwrap_or_default(),
            source: source.clone(),
            overrides: changes.clone(),
            scenario_text: text.clone(),
            ticks_asked,
            ticks_done,
            is_complete: ticks_done == ticks_asked,
            reports_blocks: checked.liquidity_saving.reports_blocks,
            branch: None,
        };
        let run = Self::of(checked.clone(), log, facts);
        Self { scenario: Some(scenario), ..run }
    }

    /// Keeps a run that was read from a file.
    fn of(checked: CheckedScenario, log: Vec<EventBatch>, facts: RunFacts) -> Self {
        Self {
            log,
            checked,
            scenario: None,
            facts,
            names: OnceLock::new(),
            projection: OnceLock::new(),
            summary: OnceLock::new(),
            measured: OnceLock::new(),
            by_tick: OnceLock::new(),
        }
    }

    /// Feeds all events to a fold.
    fn folded<F: Fold>(&self, mut fold: F) -> F {
        self.log.iter().for_each(|batch| fold.observe(batch));
        fold
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let mut names = Names::default();
            self.log.iter().for_each(|batch| names.observe(batch));
            names
        })
    }

    fn projection(&self) -> &Projection {
        self.projection.get_or_init(|| self.folded(Projection::new()))
    }

    fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| self.folded(SummaryFold::new()).finish())
    }

    fn measured(&self) -> &(MeasuredFold, Measured) {
        self.measured.get_or_init(|| {
            let guideline = self.checked.policies.throughput_guideline.clone();
            let fold = self.folded(MeasuredFold::new(guideline));
            let measured = fold.finish(self.facts.clone());
            (fold, measured)
        })
    }

    /// Returns the page of the run.
    fn html(&self) -> String {
        let (fold, measured) = self.measured();
        let picture = self.folded(PictureFold::new(fold.selection(measured)));
        measured.to_html(&picture.finish())
    }

    /// Follows a payment through the run; if there is none of that id, says what was meant.
    fn life(&self, id: &str) -> Result<Life, String> {
        let names = self.names();
        let payments = u32::try_from(self.projection().payments().len()).unwrap_or(u32::MAX);
        if !(0..payments).any(|no| names.payment(PaymentNo(no)) == id) {
            return Err(format!("the run {}", unknown_payment(id, names, payments)));
        }
        let trace = self.folded(Trace::with_names(id, names.clone()));
        Ok(trace.finish(self.facts.ticks_done))
    }

    /// Returns the table of agents by tick and the balances in it.
    fn by_tick(&self) -> &(Frame, Vec<i64>) {
        self.by_tick.get_or_init(|| {
            let fold = self.folded(AgentsByTick::new());
            let balances = fold.balances().unwrap_or_default().to_vec();
            (fold.finish(), balances)
        })
    }
}

impl PyRun {
    pub(crate) fn of(data: RunData) -> Self {
        Self { data: Arc::new(data) }
    }

    /// Shows the life of a payment while other threads go on.
    fn life<T: Send>(
        &self,
        py: Python<'_>,
        tx_id: &str,
        show: impl FnOnce(Life) -> T + Send,
    ) -> PyResult<T> {
        let shown = contain(py, || py.detach(|| self.data.life(tx_id).map(show)))?;
        shown.map_err(PyValueError::new_err)
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
            let kinds = EventKind::ALL.iter().map(|kind| kind.spec().name);
            let message = format!("there is no event type `{event_type}`");
            return Err(PyValueError::new_err(with_nearest(&message, event_type, kinds)));
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

    /// All measures of the run.
    fn measures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let measures = contain(py, || py.detach(|| self.data.measured().1.to_json()))?;
        to_python(py, &measures)
    }

    /// The run as one HTML page.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        contain(py, || py.detach(|| self.data.html()))
    }

    /// The life of a payment as a page.
    fn trace(&self, py: Python<'_>, tx_id: &str) -> PyResult<String> {
        self.life(py, tx_id, |life| life.to_text())
    }

    /// The life of a payment as a dict.
    fn trace_as_dict<'py>(&self, py: Python<'py>, tx_id: &str) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.life(py, tx_id, |life| life.to_json())?)
    }

    fn stream_hash(&self, py: Python<'_>) -> PyResult<String> {
        contain(py, || py.detach(|| self.data.summary().run.stream_hash.clone()))
    }

    fn agent_ids(&self) -> Vec<&str> {
        self.data.checked.agents.iter().map(|agent| agent.id.as_str()).collect()
    }

    /// The place of an agent among all.
    fn agent_index(&self, py: Python<'_>, agent_id: &str) -> PyResult<usize> {
        let agents = &self.data.checked.agents;
        agent_called(agents, agent_id).map(AgentNo::index).ok_or_else(|| {
            let message = format!("the run has no agent `{agent_id}`");
            let ids = agents.iter().map(|agent| agent.id.as_str());
            agent_not_found(py, with_nearest(&message, agent_id, ids))
        })
    }

    fn scenario(&self, py: Python<'_>) -> PyResult<Option<Py<PyScenario>>> {
        let scenario = self.data.scenario.clone();
        scenario.map(|inner| Py::new(py, PyScenario { inner })).transpose()
    }

    fn source(&self) -> &str {
        &self.data.facts.source
    }

    fn simulation_id(&self) -> Option<&str> {
        let id = self.data.facts.simulation_id.as_str();
        (!id.is_empty()).then_some(id)
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
    fn amount(&self, py: Python<'_>, minor: i128) -> PyResult<String> {
        contain(py, || psim_view::amount(Total::from_minor(minor), &self.data.checked.currency))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(no_pickle("Run"))
    }

    fn num_events(&self) -> u64 {
        self.data.log.last().map_or(0, EventBatch::next_seq)
    }
}
