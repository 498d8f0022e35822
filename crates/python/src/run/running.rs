//! Runs from beginning to end, and runs out of files.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use psim_journal::{Journal, JournalError};
use psim_model::event::EventBatch;
use psim_runner::{Altered, Ending, KeepOptions, Keeper, RunError, RunOptions, read_whole};
use psim_view::{Fold as _, SummaryFold};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::{PyRun, RunData};
use crate::errors::{journal_error, simulation_error};
use crate::guard::{Slices, contain, have_a_say};
use crate::numbers::maybe_int;
use crate::scenario::{Changes, Checked};

/// Where a run is kept.
struct Keep {
    db: PathBuf,
    simulation_id: Option<String>,
}

/// Why a run came to no end.
enum Halt {
    Python(PyErr),
    Run(RunError),
    Journal(JournalError),
    Altered(Altered),
}

impl Halt {
    fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Python(error) => error,
            Self::Run(error) => simulation_error(py, error),
            Self::Journal(error) => journal_error(py, error),
            Self::Altered(error) => journal_error(py, error),
        }
    }
}

impl From<JournalError> for Halt {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<Altered> for Halt {
    fn from(error: Altered) -> Self {
        Self::Altered(error)
    }
}

/// Runs a scenario; `payment_simulator.run_scenario` is the front of it.
#[pyfunction]
#[pyo3(signature = (
    config, *, seed, overrides, policies, trace_decisions, allow_outside, ticks, persist,
    simulation_id, progress
))]
#[expect(clippy::too_many_arguments, reason = "the front passes them by name")]
pub(crate) fn run_scenario(
    py: Python<'_>,
    config: &Bound<'_, PyAny>,
    #[pyo3(from_py_with = maybe_int::seed)] seed: Option<u64>,
    overrides: Option<&Bound<'_, PyAny>>,
    policies: Option<&Bound<'_, PyAny>>,
    trace_decisions: bool,
    allow_outside: bool,
    #[pyo3(from_py_with = maybe_int::ticks)] ticks: Option<u32>,
    persist: Option<PathBuf>,
    simulation_id: Option<String>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRun> {
    let scenario = contain(py, || {
        let changes = Changes::read(seed, overrides, policies, trace_decisions)?;
        let changes = changes.allowing_outside(allow_outside);
        Checked::of(config, changes.through_front())
    })??;
    if persist.is_none() && simulation_id.is_some() {
        let message = "`simulation_id` names a run that is stored: say where with `persist`";
        return Err(PyValueError::new_err(message));
    }
    let keep = persist.map(|db| Keep { db, simulation_id });
    let outcome =
        contain(py, || py.detach(|| run(&scenario, ticks, keep.as_ref(), progress.as_ref())))?;
    outcome.map(PyRun::of).map_err(|halt| halt.raised(py))
}

fn run(
    scenario: &Arc<Checked>,
    ticks: Option<u32>,
    keep: Option<&Keep>,
    progress: Option<&Py<PyAny>>,
) -> Result<RunData, Halt> {
    let checked = scenario.scenario.clone();
    let horizon = psim_runner::ticks_of(&checked, ticks).map_err(Halt::Run)?;
    let kept = keep.map(|keep| Kept::begin(keep, scenario, horizon)).transpose()?;
    let mut going = Going { log: Vec::new(), kept, pause: Pause::new(horizon, progress) };
    let mut halt = None;
    let options = RunOptions { ticks, paranoid: false };
    let ending = psim_runner::run(checked, options, |batch| match going.take_in(batch) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            halt = Some(error);
            ControlFlow::Break(())
        }
    });
    // However it ended, what has happened is kept; why it ended says more than a failure to.
    let kept = going.kept.map(Kept::finish).transpose();
    match (halt, ending) {
        (Some(halt), _) => Err(halt),
        (None, Err(error)) => Err(Halt::Run(error)),
        (None, Ok(Ending::Finished | Ending::Stopped)) => {
            Ok(RunData::live(Arc::clone(scenario), going.log, kept?, horizon))
        }
    }
}

/// A run that goes on.
struct Going<'a> {
    log: Vec<EventBatch>,
    kept: Option<Kept>,
    pause: Pause<'a>,
}

impl Going<'_> {
    /// Takes in a tick and lets Python have a say.
    fn take_in(&mut self, batch: &mut EventBatch) -> Result<(), Halt> {
        // A copy takes no more room than it needs, and the batch keeps its room for the next tick.
        self.log.push(batch.clone());
        if let Some(kept) = &mut self.kept {
            kept.write(batch)?;
        }
        self.pause.after(self.log.len()).map_err(Halt::Python)
    }
}

/// A run that is kept in a database as it goes on.
struct Kept {
    keeper: Keeper,
    summary: SummaryFold,
}

impl Kept {
    fn begin(keep: &Keep, scenario: &Checked, horizon: u32) -> Result<Self, JournalError> {
        let options = KeepOptions {
            db: &keep.db,
            simulation_id: keep.simulation_id.as_deref(),
            source: &scenario.source,
            text: &scenario.text,
            overrides: &scenario.changes,
        };
        let keeper = Keeper::begin(options, &scenario.scenario, horizon)?;
        Ok(Self { keeper, summary: SummaryFold::new() })
    }

    fn write(&mut self, batch: &mut EventBatch) -> Result<(), JournalError> {
        self.summary.observe(batch);
        self.keeper.write(batch)
    }

    /// Returns the id under which it is kept.
    fn finish(self) -> Result<String, JournalError> {
        self.keeper.finish(&self.summary)
    }
}

/// Lets Python have a say now and then.
pub(crate) struct Pause<'a> {
    slices: Slices,
    total: u32,
    progress: Option<&'a Py<PyAny>>,
}

impl<'a> Pause<'a> {
    fn new(total: u32, progress: Option<&'a Py<PyAny>>) -> Self {
        Self { slices: Slices::begin(), total, progress }
    }

    fn after(&mut self, done: usize) -> PyResult<()> {
        if !self.slices.is_over() {
            return Ok(());
        }
        let counts = (done as u64, self.total.into());
        Python::attach(|py| have_a_say(py, counts, self.progress))
    }
}

/// Reads a run out of a database; `payment_simulator.open_run` is the front of it.
#[pyfunction]
#[pyo3(signature = (db, simulation_id))]
pub(crate) fn open_run(
    py: Python<'_>,
    db: PathBuf,
    simulation_id: Option<String>,
) -> PyResult<PyRun> {
    let reading = || read(&db, simulation_id.as_deref());
    contain(py, || py.detach(reading))?.map(PyRun::of).map_err(|halt| halt.raised(py))
}

fn read(db: &std::path::Path, simulation_id: Option<&str>) -> Result<RunData, Halt> {
    let journal = Journal::open(db)?;
    let run = journal.resolve(simulation_id)?;
    let scenario = journal.scenario(&run)?;
    let mut log = Vec::new();
    let mut pause = Pause::new(run.ticks_done, None);
    read_whole(&journal, &run, |batch| {
        log.push(std::mem::take(batch));
        pause.after(log.len()).map_err(Halt::Python)
    })?;
    let facts = psim_runner::facts(&journal, &run, Some(&scenario))?;
    Ok(RunData::of(scenario, log, facts))
}

/// Lists the runs of a database, oldest first: a dict each with `simulation_id`, `source`,
/// `rng_seed`, `ticks_asked`, `ticks_done`, `events`, `is_complete`, `stream_hash`, `created_at`.
///
/// Raises:
///     JournalError: The database cannot be read.
#[pyfunction]
pub(crate) fn stored_runs(py: Python<'_>, db: PathBuf) -> PyResult<Bound<'_, PyList>> {
    let listing = || Journal::open(&db)?.runs();
    let runs = contain(py, || py.detach(listing))?.map_err(|error| journal_error(py, error))?;
    let list = PyList::empty(py);
    for run in runs {
        let dict = PyDict::new(py);
        dict.set_item("simulation_id", run.simulation_id)?;
        dict.set_item("source", run.source)?;
        dict.set_item("rng_seed", run.rng_seed)?;
        dict.set_item("ticks_asked", run.ticks_asked)?;
        dict.set_item("ticks_done", run.ticks_done)?;
        dict.set_item("events", run.events)?;
        dict.set_item("is_complete", run.is_complete)?;
        dict.set_item("stream_hash", run.stream_hash)?;
        dict.set_item("created_at", run.created_at)?;
        list.append(dict)?;
    }
    Ok(list)
}
