//! `Orchestrator`: a live run that is steered and asked from Python.

mod checkpoints;
mod commands;
mod queries;

use std::sync::Arc;

use psim_engine::TickError;
use psim_model::{AgentNo, Tick, agent_called};
use psim_runner::{Session, TickReport};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::{self, agent_not_found, simulation_error};
use crate::guard::{Guarded, Slices, contain};
use crate::numbers::{int, maybe_int};
use crate::run::{PyRun, RunData};
use crate::scenario::{Changes, Checked};
use crate::wrong::with_nearest;

/// A live run: one tick at a time, with commands between ticks and questions at any time.
///
/// `Orchestrator(config)` and `Orchestrator.new(config)` are the same. Amounts are `int` in minor
/// units; agents and payments are named by their ids. Objects may be used from several threads. A
/// question never changes the run.
///
/// Args:
///     config: A `Scenario`, the path of a scenario file, or a dict of its keys; the flat dict of
///         the predecessor (`ticks_per_day`, `agent_configs`, …) is one, too.
///
/// Raises:
///     ScenarioError: The scenario is not sound; `diagnostics` holds every fault.
#[pyclass(frozen, module = "payment_simulator")]
pub(crate) struct Orchestrator {
    session: Guarded<Session>,
    scenario: Arc<Checked>,
}

impl Orchestrator {
    fn start(config: &Bound<'_, PyAny>) -> PyResult<Self> {
        contain(config.py(), || {
            let scenario = Checked::of(config, Changes::default())?;
            let session = Session::new(scenario.scenario.clone());
            Ok(Self { session: Guarded::new(session), scenario })
        })?
    }

    /// Asks a question that has an answer for every agent that takes part.
    fn ask_agent<R>(
        &self,
        py: Python<'_>,
        agent_id: &str,
        question: impl FnOnce(&mut Session) -> Option<R>,
    ) -> PyResult<R> {
        let answer = self.session.with(py, question)?;
        answer.ok_or_else(|| self.unknown_agent(py, agent_id))
    }

    /// Finds an agent by its id.
    fn agent(&self, py: Python<'_>, agent_id: &str) -> PyResult<AgentNo> {
        let found = agent_called(&self.scenario.scenario.agents, agent_id);
        found.ok_or_else(|| self.unknown_agent(py, agent_id))
    }

    /// Says that there is no such agent, and which may have been meant.
    fn unknown_agent(&self, py: Python<'_>, agent_id: &str) -> PyErr {
        let ids = self.scenario.scenario.agents.iter().map(|agent| agent.id.as_str());
        let message = format!("the run has no agent `{agent_id}`");
        agent_not_found(py, with_nearest(&message, agent_id, ids))
    }

    /// Runs ticks until the coming one is `until`, letting signals through on the way.
    fn run_to(&self, py: Python<'_>, until: Tick) -> PyResult<()> {
        loop {
            let outcome = self.session.with_detached(py, |session| slice(session, until))?;
            py.check_signals()?;
            if outcome.map_err(|error| simulation_error(py, error))? {
                return Ok(());
            }
        }
    }

    /// Runs so many ticks, at least one.
    fn run_ticks(&self, py: Python<'_>, num_ticks: u32) -> PyResult<()> {
        if num_ticks == 0 {
            return Err(PyValueError::new_err("`num_ticks` must be at least 1"));
        }
        let now = self.session.with(py, |session| session.now())?;
        let until = now.0.checked_add(num_ticks).map(Tick);
        let last = Tick(self.scenario.scenario.calendar.horizon());
        match until {
            Some(until) if until <= last => self.run_to(py, until),
            _ => {
                let left = last.0.saturating_sub(now.0);
                let message = format!("{num_ticks} ticks were asked for, but {left} are left");
                Err(simulation_error(py, message))
            }
        }
    }
}

/// Runs ticks for a moment; returns whether the coming one is `until`.
fn slice(session: &mut Session, until: Tick) -> Result<bool, TickError> {
    let mut slices = Slices::begin();
    while session.now() < until {
        session.tick()?;
        if slices.is_over() {
            break;
        }
    }
    Ok(session.now() >= until)
}

fn report_dict<'py>(py: Python<'py>, report: &TickReport) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item(intern!(py, "tick"), report.tick.0)?;
    dict.set_item(intern!(py, "num_arrivals"), report.num_arrivals)?;
    dict.set_item(intern!(py, "num_settlements"), report.num_settlements)?;
    dict.set_item(intern!(py, "num_lsm_releases"), report.num_lsm_releases)?;
    match i64::try_from(report.total_cost.minor()) {
        Ok(cost) => dict.set_item(intern!(py, "total_cost"), cost)?,
        Err(_) => dict.set_item(intern!(py, "total_cost"), report.total_cost.minor())?,
    }
    Ok(dict)
}

#[pymethods]
impl Orchestrator {
    #[new]
    fn create(config: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::start(config)
    }

    /// Makes an orchestrator: the same as `Orchestrator(config)`.
    #[staticmethod]
    fn new(config: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::start(config)
    }

    /// Runs the next tick.
    ///
    /// Returns:
    ///     `tick`, `num_arrivals`, `num_settlements`, `num_lsm_releases` (payments that settled
    ///     together with others) and `total_cost` (minor units) of this tick.
    ///
    /// Raises:
    ///     SimulationError: The run is over, or the tick cannot happen; then nothing has changed.
    fn tick<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let report = self.session.with(py, Session::tick)?;
        report_dict(py, &report.map_err(|error| simulation_error(py, error))?)
    }

    /// Runs on until the coming tick is `until`, or to the end of the run.
    ///
    /// Other threads go on meanwhile. Ctrl-C stops it between two ticks; the run can go on later.
    ///
    /// Args:
    ///     until: The tick before which to stop; all ticks run if not given.
    ///
    /// Returns:
    ///     How many ticks have run.
    ///
    /// Raises:
    ///     ValueError: `until` has passed.
    ///     SimulationError: `until` lies beyond the run, or a tick cannot happen.
    #[pyo3(signature = (until=None))]
    fn run(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = maybe_int::until)] until: Option<u32>,
    ) -> PyResult<u32> {
        let last = self.scenario.scenario.calendar.horizon();
        let now = self.session.with(py, |session| session.now())?;
        let until = until.unwrap_or(last);
        if until < now.0 {
            let message = format!("tick {until} has passed: the coming tick is {now}");
            return Err(PyValueError::new_err(message));
        }
        if until > last {
            let message = format!("tick {until} lies beyond the run, which has {last} ticks");
            return Err(simulation_error(py, message));
        }
        self.run_to(py, Tick(until))?;
        Ok(until.saturating_sub(now.0))
    }

    /// Runs `num_ticks` ticks and returns what an agent has been charged since the run began, in
    /// minor units.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    ///     ValueError: `num_ticks` is 0.
    ///     SimulationError: The run has fewer ticks left, or one cannot happen.
    fn run_and_get_total_cost<'py>(
        &self,
        py: Python<'py>,
        agent_id: &str,
        #[pyo3(from_py_with = int::num_ticks)] num_ticks: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.agent(py, agent_id)?;
        self.run_ticks(py, num_ticks)?;
        let costs = self.ask_agent(py, agent_id, |session| session.agent_costs(agent_id))?;
        crate::convert::to_python(py, &costs.total_cost)
    }

    /// Runs `num_ticks` ticks and returns what each agent has been charged since the run began, as
    /// JSON text: agent, then kind of cost, in minor units.
    ///
    /// Raises:
    ///     ValueError: `num_ticks` is 0.
    ///     SimulationError: The run has fewer ticks left, or one cannot happen.
    fn run_and_get_all_costs(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = int::num_ticks)] num_ticks: u32,
    ) -> PyResult<String> {
        self.run_ticks(py, num_ticks)?;
        let costs = self.session.with(py, Session::all_costs)?;
        serde_json::to_string(&costs).map_err(|error| simulation_error(py, error))
    }

    /// Returns the tick that comes next.
    fn current_tick(&self, py: Python<'_>) -> PyResult<u32> {
        self.session.with(py, |session| session.now().0)
    }

    /// Returns the day of the tick that comes next; after the last tick, the day of that.
    fn current_day(&self, py: Python<'_>) -> PyResult<u32> {
        self.session.with(py, |session| session.today().0)
    }

    /// Returns whether the last tick of the run is over.
    fn is_finished(&self, py: Python<'_>) -> PyResult<bool> {
        self.session.with(py, |session| session.is_finished())
    }

    /// Returns how long the last tick took: `total_micros`, of wall-clock time. `None` before the
    /// first. Never part of a result: two equal runs differ in it.
    fn last_tick_timing<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(micros) = self.session.with(py, |session| session.last_tick_micros())? else {
            return Ok(None);
        };
        let dict = PyDict::new(py);
        dict.set_item(intern!(py, "total_micros"), micros)?;
        Ok(Some(dict))
    }

    /// Returns what has happened so far as a finished run, for tables and pictures.
    fn _result(&self, py: Python<'_>) -> PyResult<PyRun> {
        let log = self.session.with_detached(py, |session| session.log().to_vec())?;
        let ticks = self.scenario.scenario.calendar.horizon();
        Ok(PyRun::of(RunData::live(Arc::clone(&self.scenario), log, None, ticks)))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(errors::no_pickle("Orchestrator"))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let now = self.session.with(py, |session| session.now())?;
        let scenario = &self.scenario.scenario;
        let (agents, last) = (scenario.agents.len(), scenario.calendar.horizon());
        Ok(format!(
            "<Orchestrator {}: {agents} agents, {now} of {last} ticks done>",
            self.scenario.source
        ))
    }

    /// Fails as a defect of ours would: for tests of how that is told.
    #[expect(clippy::panic, reason = "that is what it is for")]
    fn _fail(&self, py: Python<'_>) -> PyResult<()> {
        self.session.with(py, |_| panic!("a defect that was asked for"))
    }
}
