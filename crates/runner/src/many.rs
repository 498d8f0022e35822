//! Many runs at a time.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use psim_engine::{Engine, TickError};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_view::{Fold as _, RunMeasures, RunMeasuresFold};

/// One run of many.
#[derive(Clone, Debug)]
pub struct Job {
    /// What is run.
    pub scenario: CheckedScenario,
    /// The seed that it is run with.
    pub seed: u64,
}

/// Looks on while runs go, and may ask them to stop.
#[derive(Debug, Default)]
pub struct Watch {
    done: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Returns how many runs are over.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Asks for an end: what is running stops within a tick, the rest is not begun.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Runs many jobs on so many threads (as many as the machine has, if not given), of which the
/// caller's is one; on fewer if the system refuses one. Returns what each job came to, in their
/// order, whatever the number of threads; `None` for one that was stopped.
pub fn many(
    jobs: &[Job],
    threads: Option<NonZeroUsize>,
    watch: &Watch,
) -> Vec<Option<Result<RunMeasures, TickError>>> {
    let machine = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = threads.unwrap_or_else(machine).get().min(jobs.len());
    let outcomes = Mutex::new(vec![None; jobs.len()]);
    let next = AtomicUsize::new(0);
    let work = || {
        let _brake = Brake(watch);
        work(jobs, &next, watch, &outcomes);
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // What refuses one refuses the next; there is this thread at least.
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

type Outcome = Option<Result<RunMeasures, TickError>>;

/// Runs jobs that nobody has begun until there are none.
fn work(jobs: &[Job], next: &AtomicUsize, watch: &Watch, outcomes: &Mutex<Vec<Outcome>>) {
    /// Jobs that are taken at once: taking is shared, and a small run takes little longer.
    const BLOCK: usize = 16;
    let block = (jobs.len() / 64).clamp(1, BLOCK);
    let mut batch = EventBatch::default();
    loop {
        let first = next.fetch_add(block, Ordering::Relaxed);
        let Some(taken) = jobs.get(first..jobs.len().min(first.saturating_add(block))) else {
            return;
        };
        if taken.is_empty() || watch.is_stopped() {
            return;
        }
        let done: Vec<Outcome> = taken.iter().map(|job| run(job, watch, &mut batch)).collect();
        let mut outcomes = outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (place, outcome) in outcomes.iter_mut().skip(first).zip(done) {
            *place = outcome;
        }
    }
}

fn run(job: &Job, watch: &Watch, batch: &mut EventBatch) -> Outcome {
    let mut engine = Engine::new(job.scenario.with_seed(job.seed));
    let mut fold = RunMeasuresFold::new();
    while !engine.is_finished() {
        if watch.is_stopped() {
            return None;
        }
        if let Err(error) = engine.tick(batch) {
            watch.done.fetch_add(1, Ordering::Relaxed);
            return Some(Err(error));
        }
        fold.observe(batch);
    }
    watch.done.fetch_add(1, Ordering::Relaxed);
    Some(Ok(fold.finish()))
}

/// Stops the other threads should one panic.
struct Brake<'a>(&'a Watch);

impl Drop for Brake<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}
