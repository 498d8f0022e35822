//! Runs that go on without the interpreter, which looks on and may stop them.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;

use psim_engine::TickError;
use psim_runner::{Job, Watch, many};
use psim_view::RunMeasures;
use pyo3::prelude::*;

use crate::guard::{SLICE, contain, have_a_say};

/// What each run came to; `None` for one that was stopped.
pub(super) type Outcomes = Vec<Option<Result<RunMeasures, TickError>>>;

/// Runs jobs on other threads; Python gets a say every now and then, and may stop them.
pub(super) fn run(
    py: Python<'_>,
    jobs: &[Job],
    threads: Option<NonZeroUsize>,
    progress: Option<&Py<PyAny>>,
) -> PyResult<Outcomes> {
    let watch = Watch::default();
    let total = jobs.len() as u64;
    let outcomes = contain(py, || py.detach(|| beside(jobs, threads, &watch, progress)))??;
    have_a_say(py, (total, total), progress)?;
    Ok(outcomes)
}

/// Runs jobs beside this thread, which looks on.
fn beside(
    jobs: &[Job],
    threads: Option<NonZeroUsize>,
    watch: &Watch,
    progress: Option<&Py<PyAny>>,
) -> PyResult<Outcomes> {
    std::thread::scope(|scope| {
        let (finished, over) = channel();
        let run = move || {
            let outcomes = many(jobs, threads, watch);
            let _ = finished.send(());
            outcomes
        };
        let Ok(runs) = Builder::new().spawn_scoped(scope, run) else {
            // The system has no other thread to give: nobody looks on.
            return Ok(many(jobs, threads, watch));
        };
        let said = look_on(&over, watch, jobs.len() as u64, progress);
        match runs.join() {
            Ok(outcomes) => said.map(|()| outcomes),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Lets Python have a say until the runs are over; stops them if it has had enough.
fn look_on(
    over: &Receiver<()>,
    watch: &Watch,
    total: u64,
    progress: Option<&Py<PyAny>>,
) -> PyResult<()> {
    // A worker that panics drops its end, which is an answer too.
    while over.recv_timeout(SLICE) == Err(RecvTimeoutError::Timeout) {
        let said = Python::attach(|py| have_a_say(py, (watch.done(), total), progress));
        if said.is_err() {
            watch.stop();
            return said;
        }
    }
    Ok(())
}
