//! Thousands of runs in one call.

use std::num::NonZeroUsize;

use psim_engine::TickError;
use psim_runner::{Job, RunBatch, Variant, Watch};
use psim_view::{RunMeasures, count};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyMapping;

use crate::errors::simulation_error;
use crate::frame::PyFrame;
use crate::given::items;
use crate::guard::{SLICE, contain, have_a_say};
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

/// Refuses what is no setting: most likely the only setting was given in place of all.
fn check_settings(overrides: &[Setting<'_>]) -> PyResult<()> {
    for (name, setting) in overrides {
        let Some(setting) = setting else { continue };
        if !setting.is_instance_of::<PyMapping>() {
            let kind = setting.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "`overrides` lists settings or names them, each a dict of keys, and `{name}` is \
                 {kind}: write {{\"some name\": {{\"agents.A.opening_balance\": 5}}}}"
            )));
        }
    }
    Ok(())
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
    check_settings(&overrides)?;
    let runs = [seeds.as_ref().map_or(1, Vec::len), policies.len(), overrides.len()];
    if runs.into_iter().try_fold(1_usize, usize::checked_mul).is_none_or(|runs| runs > MOST_RUNS) {
        let most = count(MOST_RUNS as u64);
        let message = format!("more than {most} runs: make several calls of it");
        return Err(PyValueError::new_err(message));
    }
    let base = contain(py, || Checked::of(config, Changes::default().through_front()))??;
    for (name, _) in &policies {
        if base.scenario.agents.iter().any(|agent| agent.id == *name) {
            let message = format!(
                "`policies` names settings, and `{name}` is an agent: for a policy of that agent \
                 alone write {{\"a name\": {{\"{name}\": …}}}}"
            );
            return Err(PyValueError::new_err(message));
        }
    }
    let handle = Py::new(py, crate::scenario::PyScenario { inner: base })?.into_bound(py);
    let mut variants = Vec::new();
    for (policy_name, policy) in &policies {
        for (override_name, setting) in &overrides {
            let scenario = contain(py, || {
                let changes = Changes::read(None, setting.as_ref(), policy.as_ref(), false)?;
                Checked::of(handle.as_any(), changes.through_front())
            })??;
            py.check_signals()?;
            variants.push(Variant {
                policies: policy_name.clone(),
                overrides: override_name.clone(),
                scenario: scenario.scenario.clone(),
            });
        }
    }
    let batch = contain(py, || RunBatch::cross(variants, seeds.as_deref()))?;
    let outcomes = run_jobs(py, batch.jobs(), threads, progress.as_ref())?;
    let mut measures = Vec::with_capacity(outcomes.len());
    for (index, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Some(Ok(measured)) => measures.push(measured),
            Some(Err(error)) => return Err(failed(py, index, batch.jobs(), &error)),
            None => return Err(simulation_error(py, format!("run {index} was stopped"))),
        }
    }
    let make = || if by_agent { batch.runs_by_agent(&measures) } else { batch.runs(&measures) };
    contain(py, make).map(PyFrame::from)
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
    let total = jobs.len() as u64;
    let outcome = contain(py, || {
        py.detach(|| {
            std::thread::scope(|scope| {
                let (finished, over) = std::sync::mpsc::channel();
                let watch = &watch;
                let run = move || {
                    let outcomes = psim_runner::many(jobs, threads, watch);
                    let _ = finished.send(());
                    outcomes
                };
                let Ok(runs) = std::thread::Builder::new().spawn_scoped(scope, run) else {
                    // The system has no other thread to give: nobody looks on.
                    return Ok(psim_runner::many(jobs, threads, watch));
                };
                let mut said = Ok(());
                // A worker that panics drops its end, which is an answer too.
                while over.recv_timeout(SLICE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                    said = Python::attach(|py| have_a_say(py, (watch.done(), total), progress));
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
    have_a_say(py, (total, total), progress)?;
    Ok(outcome)
}
