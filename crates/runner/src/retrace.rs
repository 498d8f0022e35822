//! A stored run made again, tick by tick, beside what was stored of it.
//!
//! A run may be a branch: then it is made again as the runs that it was, each up to its tick.

use std::ops::ControlFlow;

use psim_engine::{Checkpoint, CheckpointError, Engine};
use psim_journal::{Journal, JournalError, StoredCheckpoint, StoredRun};
use psim_model::Tick;
use psim_model::event::{EventBatch, Names};
use psim_view::{Fold, StreamHash};

use crate::verify::{Difference, calls, first_difference};
use crate::{Broken, Paranoid, Underway, VERSION};

/// Why a run could not be brought to where it was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RetraceError {
    /// The database could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A checkpoint is no state to go on from.
    #[error(
        "cannot use the checkpoint of run `{run}` at tick {tick}: {error}; without it, an earlier \
         one or the start is used"
    )]
    Checkpoint {
        /// The run.
        run: String,
        /// The tick of the checkpoint.
        tick: Tick,
        /// What is wrong with it.
        error: CheckpointError,
    },
    /// Another version has run it, which may have gone on differently.
    #[error("run `{run}` was run by version {found}, this is {VERSION}; go on with that version")]
    OtherVersion {
        /// The run.
        run: String,
        /// The version that ran it.
        found: String,
    },
    /// What was stored is not what the run tells.
    #[error("run `{run}` cannot go on: {difference}")]
    Differs {
        /// The run.
        run: String,
        /// The first difference.
        difference: Box<Difference>,
    },
    /// The run has broken a law that every run keeps: a defect of the program.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// A stored run that is made again.
#[derive(Debug)]
pub(crate) struct Again {
    underway: Underway,
    batch: EventBatch,
    names: Names,
    hash: StreamHash,
}

impl Again {
    /// Begins at the first tick.
    pub(crate) fn begin(journal: &Journal, run: &StoredRun) -> Result<Self, JournalError> {
        Ok(Self::from(Underway::begin(journal, run)?))
    }

    /// Begins where a run stands; the stored ticks before it are [passed](Again::pass).
    fn from(underway: Underway) -> Self {
        let (batch, names, hash) = (EventBatch::default(), Names::default(), StreamHash::new());
        Self { underway, batch, names, hash }
    }

    /// Returns the hash of what was passed and made again so far.
    pub(crate) const fn hash(&self) -> &StreamHash {
        &self.hash
    }

    /// Takes in a stored tick that lies before where it began.
    fn pass(&mut self, stored: &EventBatch) {
        self.names.observe(stored);
        self.hash.observe(stored);
    }

    /// Makes the next tick again, given what was stored of it.
    pub(crate) fn tick(&mut self, run: &StoredRun, stored: &EventBatch) -> Result<(), Difference> {
        self.branch_off()?;
        let engine = &mut self.underway.engine;
        calls::repeat(engine, stored)?;
        engine.tick(&mut self.batch).map_err(Difference::Refused)?;
        self.names.observe(&self.batch);
        if let Some(difference) = first_difference(run, stored, &self.batch, &self.names) {
            return Err(difference);
        }
        self.hash.observe(&self.batch);
        Ok(())
    }

    /// Follows another scenario from the coming tick on, if that is when it does.
    fn branch_off(&mut self) -> Result<(), Difference> {
        self.underway.branch_off().map_err(Difference::Branch)
    }

    const fn engine(&self) -> &Engine {
        self.underway.engine()
    }
}

/// Reads a checkpoint of a run and makes sure that the run can go on from it.
///
/// # Errors
///
/// [`RetraceError`]: there is none, it cannot be read, or is of another version or scenario.
pub fn stored_checkpoint(
    journal: &Journal,
    run: &StoredRun,
    stored: &StoredCheckpoint,
) -> Result<Checkpoint, RetraceError> {
    opened(journal, run, stored).map(|(checkpoint, _)| checkpoint)
}

/// Goes on from a checkpoint, under the scenario that the run followed there.
fn opened(
    journal: &Journal,
    run: &StoredRun,
    stored: &StoredCheckpoint,
) -> Result<(Checkpoint, Underway), RetraceError> {
    let refused = |error: CheckpointError| {
        let (run, tick) = (run.simulation_id.clone(), stored.tick);
        RetraceError::Checkpoint { run, tick, error }
    };
    let state = journal.checkpoint_state(run, stored)?;
    let checkpoint = Checkpoint::from_bytes(&state).map_err(refused)?;
    let underway = Underway::at(journal, run, stored.tick, |scenario| {
        Engine::restore(scenario, &checkpoint).map_err(refused)
    })?;
    if checkpoint.tick() != stored.tick {
        return Err(journal.damaged_checkpoint(run, stored.tick).into());
    }
    Ok((checkpoint, underway))
}

/// Brings a stored run to before a tick: from its last checkpoint that is not later, or from its
/// start. Every stored tick up to there is handed to `consumer`, which may ask to stop; those from
/// the checkpoint on are made again and compared. Returns the run as it stands there, or `None` if
/// it was stopped. What checks the run, if that is asked for, takes in all of these ticks, and
/// looks at the engine from the checkpoint on.
///
/// # Errors
///
/// [`RetraceError`]; the tick is not among the stored ones, or they are not what the run tells.
pub fn retrace(
    journal: &Journal,
    run: &StoredRun,
    until: Tick,
    paranoid: Option<&mut Paranoid>,
    mut consumer: impl FnMut(&EventBatch) -> ControlFlow<()>,
) -> Result<Option<Underway>, RetraceError> {
    of_this_version(run)?;
    let differs = |difference: Difference| {
        let (run, difference) = (run.simulation_id.clone(), Box::new(difference));
        RetraceError::Differs { run, difference }
    };
    let checkpoint = journal.checkpoint_before(run, until)?;
    let mut again = match &checkpoint {
        Some(checkpoint) => Again::from(opened(journal, run, checkpoint)?.1),
        None => Again::begin(journal, run)?,
    };
    let mut reader = journal.read(run)?;
    let mut stored = EventBatch::default();
    let mut guard = Guard { paranoid, before_checkpoint: Ok(()) };
    for tick in (0..until.0).map(Tick) {
        if !reader.next(&mut stored)? {
            let known = run.ticks_done;
            return Err(differs(Difference::Missing { tick, known }));
        }
        if tick < again.engine().now() {
            again.pass(&stored);
            guard.pass(&stored);
        } else {
            again.tick(run, &stored).map_err(differs)?;
            guard.observe(again.engine(), &stored)?;
        }
        if consumer(&stored).is_break() {
            return Ok(None);
        }
        if let Some(kept) = checkpoint.as_ref().filter(|kept| kept.tick == tick.next()) {
            compare_hash(kept, &again.hash).map_err(differs)?;
            guard.before_checkpoint.clone()?;
        }
    }
    again.branch_off().map_err(differs)?;
    if let Some(paranoid) = guard.paranoid {
        paranoid.observe_told(again.engine())?;
    }
    Ok(Some(again.underway))
}

/// What checks a run while it is brought back, if that is asked for.
struct Guard<'p> {
    paranoid: Option<&'p mut Paranoid>,
    /// What it found in ticks that are not made again: a defect of ours only if the checkpoint's
    /// hash vouches for them.
    before_checkpoint: Result<(), Broken>,
}

impl Guard<'_> {
    /// Takes in a tick that is not made again.
    fn pass(&mut self, stored: &EventBatch) {
        if let (Some(paranoid), Ok(())) = (&mut self.paranoid, &self.before_checkpoint) {
            self.before_checkpoint = paranoid.pass(stored);
        }
    }

    /// Takes in a tick that was made again, and looks at the engine.
    fn observe(&mut self, engine: &Engine, stored: &EventBatch) -> Result<(), Broken> {
        self.paranoid.as_mut().map_or(Ok(()), |paranoid| paranoid.observe(engine, stored))
    }
}

fn of_this_version(run: &StoredRun) -> Result<(), RetraceError> {
    if run.version == VERSION {
        return Ok(());
    }
    let (run, found) = (run.simulation_id.clone(), run.version.clone());
    Err(RetraceError::OtherVersion { run, found })
}

/// Compares the hash of the stream up to a checkpoint with that of the events stored before it.
fn compare_hash(kept: &StoredCheckpoint, hash: &StreamHash) -> Result<(), Difference> {
    let (stored, again) = (kept.stream_hash.clone(), hash.total());
    if stored == again {
        return Ok(());
    }
    let what = format!("the hash of the stream at the checkpoint before {}", kept.tick);
    Err(Difference::Note { what, stored, again })
}
