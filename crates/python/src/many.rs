//! Thousands of runs in one call.

mod asked;
mod watched;

use psim_engine::TickError;
use psim_runner::{Job, RunBatch};
use psim_view::RunMeasures;
use pyo3::prelude::*;

use self::asked::Asked;
use self::watched::Outcomes;
use crate::errors::simulation_error;
use crate::frame::PyFrame;
use crate::guard::contain;
use crate::numbers::maybe_int;
use crate::scenario::{Changes, Checked};

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
    #[pyo3(from_py_with = maybe_int::threads)] threads: Option<usize>,
    by_agent: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyFrame> {
    let asked = contain(py, || Asked::read(seeds, policies, overrides, threads))??;
    let base = contain(py, || Checked::of(config, Changes::default().through_front()))??;
    asked.check_names(&base)?;
    let variants = asked.variants(py, base)?;
    let batch = contain(py, || RunBatch::cross(variants, asked.seeds.as_deref()))?;
    let outcomes = watched::run(py, batch.jobs(), asked.threads, progress.as_ref())?;
    let measures = all_of(py, outcomes, batch.jobs())?;
    let make = || if by_agent { batch.runs_by_agent(&measures) } else { batch.runs(&measures) };
    contain(py, make).map(PyFrame::from)
}

/// Returns what all runs came to, if each came to its end.
fn all_of(py: Python<'_>, outcomes: Outcomes, jobs: &[Job]) -> PyResult<Vec<RunMeasures>> {
    let outcome = |(index, outcome)| match outcome {
        Some(Ok(measures)) => Ok(measures),
        Some(Err(error)) => Err(failed(py, index, jobs, &error)),
        None => Err(simulation_error(py, format!("run {index} was stopped"))),
    };
    outcomes.into_iter().enumerate().map(outcome).collect()
}

fn failed(py: Python<'_>, index: usize, jobs: &[Job], error: &TickError) -> PyErr {
    let seed = jobs.get(index).map(|job| job.seed).unwrap_or_default();
    simulation_error(py, format!("run {index} (seed {seed}): {error}"))
}
