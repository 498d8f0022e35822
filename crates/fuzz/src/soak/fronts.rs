//! The ways in which a world can be run.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;

use psim_engine::Engine;
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_runner::{Job, KeepOptions, Keeper, Paranoid, RunError, RunOptions, Session, Watch, many};
use psim_view::{Fold, RunMeasuresFold, StreamHash, SummaryFold};

use super::going_on;
use crate::dice::Dice;
use crate::program;

/// A front, beside the engine alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Front {
    /// `psim_runner::run`, as the command calls it.
    Run,
    /// A live session that is asked in between.
    Session,
    /// Several runs at a time on several threads.
    Threads,
    /// Kept in a database, and printed and verified from there by the command.
    Replay,
    /// Saved on the way; new engines go on from the bytes.
    Checkpoint,
    /// Kept in a database and cut off; the command goes on from there.
    Resume,
}

impl Front {
    pub(super) const ALL: [Self; 6] =
        [Self::Run, Self::Session, Self::Threads, Self::Replay, Self::Checkpoint, Self::Resume];

    /// Runs a world; returns the hash of what it tells.
    pub(super) fn tell(
        self,
        scenario: &CheckedScenario,
        expected: &Told,
        dice: &mut Dice,
    ) -> Result<String, String> {
        match self {
            Self::Session => Ok(by_session(scenario, expected.ticks, dice)),
            // Where a run is cut, there is nothing that many runs could be compared with.
            Self::Threads if !expected.is_cut => by_threads(scenario, expected, dice),
            Self::Run | Self::Threads => by_runner(scenario, expected.ticks),
            Self::Replay => by_replay(scenario, expected),
            Self::Checkpoint => going_on::by_checkpoint(scenario, expected.ticks, dice),
            Self::Resume => going_on::by_resume(scenario, expected, dice),
        }
    }
}

/// What a world tells.
pub(super) struct Told {
    /// The hash of its stream.
    pub(super) hash: String,
    /// Ticks that could happen.
    pub(super) ticks: u32,
    pub(super) events: u64,
    /// Whether it was stopped, since it makes ever more payments.
    is_cut: bool,
    /// Its measures, as a table of many runs has them; none if a tick could not happen.
    measures: Option<String>,
}

/// Events after which a world is stopped: some split parts of parts without end.
const EVENTS_AT_MOST: u64 = 300_000;

/// Runs the engine alone, with every law checked after every tick.
pub(super) fn alone(scenario: &CheckedScenario) -> Result<Told, String> {
    let mut paranoid = Paranoid::new(scenario);
    let mut engine = Engine::new(scenario.clone());
    let (mut batch, mut hash) = (EventBatch::default(), StreamHash::new());
    let mut measures = RunMeasuresFold::new();
    let mut events = 0;
    while events < EVENTS_AT_MOST && !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        paranoid.observe(&engine, &batch).map_err(|broken| broken.to_string())?;
        hash.observe(&batch);
        measures.observe(&batch);
        events += batch.events().len() as u64;
    }
    let measures = engine.is_finished().then(|| format!("{:?}", measures.finish()));
    let is_cut = events >= EVENTS_AT_MOST;
    Ok(Told { hash: hash.total(), ticks: engine.now().0, events, is_cut, measures })
}

fn by_runner(scenario: &CheckedScenario, ticks: u32) -> Result<String, String> {
    let mut hash = StreamHash::new();
    let options = RunOptions { ticks: Some(ticks), paranoid: true };
    let ending = psim_runner::run(scenario.clone(), options, |batch| {
        hash.observe(batch);
        ControlFlow::Continue(())
    });
    match ending {
        Err(RunError::Broken(broken)) => Err(broken.to_string()),
        _ => Ok(hash.total()),
    }
}

fn by_session(scenario: &CheckedScenario, ticks: u32, dice: &mut Dice) -> String {
    let mut session = Session::new(scenario.clone());
    for _ in 0..ticks {
        if dice.once_in(7) {
            let _ = (session.queues(), session.system_metrics(), session.all_costs());
        }
        if session.tick().is_err() {
            break;
        }
    }
    let mut hash = StreamHash::new();
    session.log().iter().for_each(|batch| hash.observe(batch));
    hash.total()
}

/// Runs the world several times, among others; each must come to the same measures.
fn by_threads(
    scenario: &CheckedScenario,
    expected: &Told,
    dice: &mut Dice,
) -> Result<String, String> {
    let job = |seed| Job { scenario: scenario.clone(), seed };
    let jobs: Vec<Job> = (0..6)
        .map(|no| if no % 2 == 0 { job(scenario.rng_seed) } else { job(dice.number()) })
        .collect();
    let threads = NonZeroUsize::new(1 + dice.below(8));
    for outcome in many(&jobs, threads, &Watch::default()).into_iter().step_by(2) {
        let found = match outcome {
            Some(Ok(measures)) => Some(format!("{measures:?}")),
            Some(Err(_)) => None,
            None => return Err("a run was stopped that nobody asked to stop".to_owned()),
        };
        if found != expected.measures {
            return Err(format!("on {threads:?} threads the measures are {found:?}"));
        }
    }
    Ok(expected.hash.clone())
}

fn by_replay(scenario: &CheckedScenario, expected: &Told) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    keep(scenario, expected.ticks, &folder.path().join("runs.db"))?;
    let verified = called(folder.path(), "verify runs.db")?;
    if !verified.contains(&expected.hash) {
        return Err(format!("verify says: {verified}"));
    }
    hash_in(&called(folder.path(), "replay runs.db --output json --quiet")?)
}

/// Returns what the command prints; what it says where it fails.
pub(super) fn called(folder: &Path, line: &str) -> Result<String, String> {
    let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let called = program::call(folder, &arguments);
    if called.code == Some(0) { Ok(called.stdout) } else { Err(called.stderr) }
}

/// Returns the hash that a summary in JSON has.
pub(super) fn hash_in(printed: &str) -> Result<String, String> {
    let summary: serde_json::Value =
        serde_json::from_str(printed).map_err(|error| error.to_string())?;
    let hash = summary.pointer("/run/stream_hash").and_then(|hash| hash.as_str());
    hash.map(str::to_owned).ok_or_else(|| format!("the summary has no hash: {printed}"))
}

/// Returns how a world is kept.
pub(super) fn options(db: &Path) -> KeepOptions<'_> {
    KeepOptions { db, simulation_id: None, source: "world", text: "none", overrides: &[] }
}

/// Keeps the ticks of a world that can happen.
fn keep(scenario: &CheckedScenario, ticks: u32, db: &Path) -> Result<(), String> {
    let told = |error: psim_journal::JournalError| error.to_string();
    let mut keeper = Keeper::begin(options(db), scenario, ticks).map_err(told)?;
    let (mut engine, mut batch) = (Engine::new(scenario.clone()), EventBatch::default());
    let mut summary = SummaryFold::new();
    for _ in 0..ticks {
        engine.tick(&mut batch).map_err(|error| error.to_string())?;
        summary.observe(&batch);
        keeper.write(&mut batch).map_err(told)?;
    }
    keeper.finish(&summary).map(|_| ()).map_err(told)
}
