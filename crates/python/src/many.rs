//! Thousands of runs in one call.

use std::num::NonZeroUsize;
use std::time::Duration;

use psim_engine::TickError;
use psim_frames::{Column, Frame, FrameBuilder, FrameError};
use psim_runner::{Job, Watch};
use psim_view::{Costs, RunMeasures};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::errors::simulation_error;
use crate::frame::PyFrame;
use crate::given::items;
use crate::guard::contain;
use crate::numbers::{maybe_whole, whole};
use crate::scenario::{Changes, Checked};

/// Most runs of one call.
const MOST_RUNS: usize = 4_000_000;

/// A way to set the policies, or to change the scenario, and its name.
type Setting<'py> = (String, Option<Bound<'py, PyAny>>);

/// Reads the seeds.
fn seeds_of(seeds: &Bound<'_, PyAny>) -> PyResult<Vec<u64>> {
    let seeds: Vec<Bound<'_, PyAny>> = items(seeds, "seeds")?;
    seeds.iter().map(whole).collect()
}

/// How often Python may have a say.
const SLICE: Duration = Duration::from_millis(50);

/// A setting of the runs: its name, and the scenario under it.
struct Variant {
    policies: String,
    overrides: String,
    scenario: std::sync::Arc<Checked>,
}

/// Runs a scenario many times; `payment_simulator.run_many` is the front of it.
#[pyfunction]
#[pyo3(signature = (config, *, seeds, policies, overrides, threads, by_agent, progress))]
#[expect(clippy::too_many_arguments, reason = "the front passes them by name")]
pub(crate) fn run_many(
    py: Python<'_>,
    config: &Bound<'_, PyAny>,
    seeds: Option<&Bound<'_, PyAny>>,
    policies: &Bound<'_, PyAny>,
    overrides: &Bound<'_, PyAny>,
    #[pyo3(from_py_with = maybe_whole)] threads: Option<usize>,
    by_agent: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyFrame> {
    let threads = match threads.map(NonZeroUsize::new) {
        Some(None) => return Err(PyValueError::new_err("`threads` must be at least 1")),
        Some(threads) => threads,
        None => None,
    };
    let seeds = seeds.map(seeds_of).transpose()?;
    let policies: Vec<Setting<'_>> = items(policies, "policies")?;
    let overrides: Vec<Setting<'_>> = items(overrides, "overrides")?;
    let runs = [seeds.as_ref().map_or(1, Vec::len), policies.len(), overrides.len()];
    if runs.into_iter().try_fold(1_usize, usize::checked_mul).is_none_or(|runs| runs > MOST_RUNS) {
        return Err(PyValueError::new_err("more than 4,000,000 runs: make several calls of it"));
    }
    let base = contain(py, || Checked::of(config, Changes::default().through_front()))??;
    let handle = Py::new(py, crate::scenario::PyScenario { inner: base })?.into_bound(py);
    let mut variants = Vec::new();
    for (policy_name, policy) in &policies {
        for (override_name, setting) in &overrides {
            let scenario = contain(py, || {
                let changes = Changes::read(None, setting.as_ref(), policy.as_ref(), false)?;
                Checked::of(handle.as_any(), changes.through_front())
            })??;
            py.check_signals()?;
            let (policies, overrides) = (policy_name.clone(), override_name.clone());
            variants.push(Variant { policies, overrides, scenario });
        }
    }
    let mut jobs = Vec::new();
    let mut of_variant = Vec::new();
    for (index, variant) in variants.iter().enumerate() {
        let scenario = &variant.scenario.scenario;
        let own = [scenario.rng_seed];
        for seed in seeds.as_deref().unwrap_or(&own) {
            jobs.push(Job { scenario: scenario.clone(), seed: *seed });
            of_variant.push(index);
        }
    }
    let outcomes = run_jobs(py, &jobs, threads, progress.as_ref())?;
    let mut measures = Vec::with_capacity(outcomes.len());
    for (index, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Some(Ok(measured)) => measures.push(measured),
            Some(Err(error)) => return Err(failed(py, index, &jobs, &error)),
            None => return Err(simulation_error(py, format!("run {index} was stopped"))),
        }
    }
    let rows = Rows { jobs: &jobs, of_variant: &of_variant, variants: &variants };
    let make = || if by_agent { rows.by_agent(&measures) } else { rows.by_run(&measures) };
    let frame: Result<Frame, FrameError> = contain(py, make)?;
    frame.map(PyFrame::from).map_err(|error| PyTypeError::new_err(error.to_string()))
}

fn failed(py: Python<'_>, index: usize, jobs: &[Job], error: &TickError) -> PyErr {
    let seed = jobs.get(index).map(|job| job.seed).unwrap_or_default();
    simulation_error(py, format!("run {index} (seed {seed}): {error}"))
}

type Outcomes = Vec<Option<Result<RunMeasures, TickError>>>;

/// Runs jobs without the interpreter, which gets a say every now and then.
fn run_jobs(
    py: Python<'_>,
    jobs: &[Job],
    threads: Option<NonZeroUsize>,
    progress: Option<&Py<PyAny>>,
) -> PyResult<Outcomes> {
    let watch = Watch::default();
    let total = jobs.len();
    let outcome = contain(py, || {
        py.detach(|| {
            std::thread::scope(|scope| {
                let (finished, over) = std::sync::mpsc::channel();
                let watch = &watch;
                let runs = scope.spawn(move || {
                    let outcomes = psim_runner::many(jobs, threads, watch);
                    let _ = finished.send(());
                    outcomes
                });
                let mut said = Ok(());
                // A worker that panics drops its end, which is an answer too.
                while over.recv_timeout(SLICE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                    said = Python::attach(|py| have_a_say(py, watch.done(), total, progress));
                    if said.is_err() {
                        watch.stop();
                        break;
                    }
                }
                let outcomes = match runs.join() {
                    Ok(outcomes) => outcomes,
                    Err(panic) => std::panic::resume_unwind(panic),
                };
                said.map(|()| outcomes)
            })
        })
    })??;
    have_a_say(py, total as u64, total, progress)?;
    Ok(outcome)
}

fn have_a_say(
    py: Python<'_>,
    done: u64,
    total: usize,
    progress: Option<&Py<PyAny>>,
) -> PyResult<()> {
    py.check_signals()?;
    match progress {
        Some(progress) => progress.call1(py, (done, total)).map(|_| ()),
        None => Ok(()),
    }
}

/// What the rows of a table are about.
struct Rows<'a> {
    jobs: &'a [Job],
    of_variant: &'a [usize],
    variants: &'a [Variant],
}

impl Rows<'_> {
    /// Makes the columns that say which run a row is of, given the runs of the rows.
    fn begin(&self, runs: impl Iterator<Item = usize> + Clone) -> FrameBuilder {
        let variant =
            |run: usize| self.of_variant.get(run).and_then(|variant| self.variants.get(*variant));
        let seed = |run: usize| self.jobs.get(run).map(|job| job.seed);
        FrameBuilder::new()
            .i64(
                Column::new("run", "Number of the run, from 0."),
                runs.clone().map(|run| i64::try_from(run).ok()),
            )
            .u64(Column::new("seed", "Seed of the run."), runs.clone().map(seed))
            .words(
                Column::new("policies", "Name of the policies it was run under."),
                runs.clone().map(|run| variant(run).map(|variant| variant.policies.as_str())),
            )
            .words(
                Column::new("overrides", "Name of the overrides it was run with."),
                runs.map(|run| variant(run).map(|variant| variant.overrides.as_str())),
            )
    }

    fn by_run(&self, measures: &[RunMeasures]) -> Result<Frame, FrameError> {
        let count = |name: &str, doc: &str| Column::new(name, doc);
        let of = |pick: fn(&RunMeasures) -> u64| {
            measures.iter().map(move |it| i64::try_from(pick(it)).ok())
        };
        let value = |pick: fn(&RunMeasures) -> i128| measures.iter().map(pick);
        let frame = self
            .begin(0..measures.len())
            .i64(count("arrived_count", "Payments that arrived."), of(|it| it.arrived.count))
            .totals(
                Column::new("arrived_value", "Their value.").money(),
                value(|it| it.arrived.value.minor()),
            )
            .i64(count("settled_count", "Payments that settled."), of(|it| it.settled.count))
            .totals(
                Column::new("settled_value", "Their value.").money(),
                value(|it| it.settled.value.minor()),
            )
            .i64(count("unsettled_count", "Payments that did not."), of(|it| it.unsettled.count))
            .totals(
                Column::new("unsettled_value", "Their value.").money(),
                value(|it| it.unsettled.value.minor()),
            )
            .f64(
                Column::new("mean_delay_ticks", "Mean delay by value.").ticks(),
                measures.iter().map(|it| it.mean_delay_ticks),
            )
            .f64(
                Column::new("delay_indicator", "Delay as a share of the longest possible."),
                measures.iter().map(|it| it.delay_indicator),
            )
            .i64(count("num_events", "Events of the run."), of(|it| it.events));
        costs(frame, measures.iter().map(|it| &it.costs)).build()
    }

    fn by_agent(&self, measures: &[RunMeasures]) -> Result<Frame, FrameError> {
        let rows = || {
            let agents = measures.iter().enumerate();
            agents.flat_map(|(run, it)| (0..it.agents.len()).map(move |agent| (run, agent)))
        };
        let runs: Vec<usize> = rows().map(|(run, _)| run).collect();
        let id = |(run, agent): (usize, usize)| {
            let agents = self.jobs.get(run).map(|job| &job.scenario.agents);
            agents.and_then(|agents| agents.get(agent)).map(|agent| agent.id.as_str())
        };
        let frame = self
            .begin(runs.iter().copied())
            .words(Column::new("agent_id", "The agent."), rows().map(id));
        costs(frame, measures.iter().flat_map(|it| &it.agents)).build()
    }
}

/// Adds the columns of costs.
fn costs<'a>(frame: FrameBuilder, rows: impl Iterator<Item = &'a Costs> + Clone) -> FrameBuilder {
    const NAMES: [&str; 6] = [
        "liquidity_cost",
        "delay_cost",
        "collateral_cost",
        "penalty_cost",
        "split_friction_cost",
        "liquidity_opportunity_cost",
    ];
    let total = Column::new("total_cost", "All costs.").money();
    let mut frame = frame.totals(total, rows.clone().map(|costs| costs.total().minor()));
    for (kind, (name, doc)) in NAMES.into_iter().zip(Costs::KINDS).enumerate() {
        let column = Column::new(name, format!("Cost of {doc}.")).money();
        let of_kind =
            move |costs: &Costs| costs.by_kind().get(kind).map(|it| it.minor()).unwrap_or_default();
        frame = frame.totals(column, rows.clone().map(of_kind));
    }
    frame
}
