//! Keeping a run, if that was asked for.

use std::collections::BTreeSet;
use std::path::Path;

use psim_journal::StoredRun;
use psim_model::event::EventBatch;
use psim_model::{Calendar, CheckedScenario, Tick};
use psim_runner::{BranchOrigin, Engine, KeepOptions, Keeper};
use psim_view::SummaryFold;

use crate::arguments::{Every, GoOnArguments, RunArguments};
use crate::failure::Failure;
use crate::output;

/// A run on its way into a database, or none.
pub(crate) struct Keeping {
    keeper: Option<Keeper>,
    name: String,
    checkpoints: Checkpoints,
}

/// Where a scenario comes from, as it is kept.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) source: &'a str,
    pub(crate) text: &'a str,
    /// What was changed on the way from the text to the scenario.
    pub(crate) changes: &'a [String],
}

/// The ticks before which a checkpoint is kept.
#[derive(Default)]
struct Checkpoints {
    at: BTreeSet<u32>,
    /// Every so many ticks.
    every: Option<u32>,
    ticks: u32,
}

impl Keeping {
    /// A run that is not kept.
    pub(crate) fn nowhere() -> Self {
        Self { keeper: None, name: String::new(), checkpoints: Checkpoints::default() }
    }

    /// Claims a place for the run, if it is to be kept.
    pub(crate) fn new(
        arguments: &RunArguments,
        scenario: &CheckedScenario,
        text: &str,
        ticks: u32,
    ) -> Result<Self, Failure> {
        let path = arguments.scenario.path();
        let changes = arguments.scenario.overrides().changes();
        let written = Written { source: &path.to_string_lossy(), text, changes: &changes };
        Self::begin(arguments, &scenario.calendar, (0, ticks), written, |options| {
            Keeper::begin(options, scenario, ticks)
        })
    }

    /// Claims a place for a branch, if it is to be kept.
    pub(crate) fn branch(
        arguments: &RunArguments,
        scenario: &CheckedScenario,
        written: Written<'_>,
        ticks: u32,
        origin: BranchOrigin<'_>,
    ) -> Result<Self, Failure> {
        let part = (origin.at.0, ticks);
        Self::begin(arguments, &scenario.calendar, part, written, |options| {
            Keeper::begin_branch(options, scenario, ticks, origin)
        })
    }

    fn begin(
        arguments: &RunArguments,
        calendar: &Calendar,
        part: (u32, u32),
        written: Written<'_>,
        begin: impl FnOnce(KeepOptions<'_>) -> Result<Keeper, psim_journal::JournalError>,
    ) -> Result<Self, Failure> {
        let Some(db) = &arguments.persist else { return Ok(Self::nowhere()) };
        let checkpoints = Checkpoints::new(&arguments.go_on, calendar, part)?;
        let options = KeepOptions {
            db,
            simulation_id: arguments.simulation_id.as_deref(),
            source: written.source,
            text: written.text,
            overrides: written.changes,
        };
        let keeper = Some(begin(options)?);
        Ok(Self { keeper, name: db.display().to_string(), checkpoints })
    }

    /// Goes on with a stored run that has come to where the engine is.
    pub(crate) fn resume(
        arguments: &RunArguments,
        db: &Path,
        run: &StoredRun,
        engine: &Engine,
    ) -> Result<Self, Failure> {
        let part = (run.ticks_done, run.ticks_asked);
        let checkpoints = Checkpoints::new(&arguments.go_on, &engine.scenario().calendar, part)?;
        let keeper = Some(Keeper::resume(db, run)?);
        Ok(Self { keeper, name: db.display().to_string(), checkpoints })
    }

    /// Returns whether the run is kept.
    pub(crate) fn keeps(&self) -> bool {
        self.keeper.is_some()
    }

    /// Hands a tick over; `batch` is left with other memory and no meaning.
    pub(crate) fn write(&mut self, batch: &mut EventBatch) -> Result<(), Failure> {
        match &mut self.keeper {
            Some(keeper) => Ok(keeper.write(batch)?),
            None => Ok(()),
        }
    }

    /// Keeps a checkpoint of the run as it stands, if one is due; `stream_hash` tells the hash of
    /// the stream so far.
    pub(crate) fn keep_checkpoint(
        &mut self,
        engine: &Engine,
        stream_hash: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match &mut self.keeper {
            Some(keeper) if self.checkpoints.are_due(engine.now()) => {
                Ok(keeper.checkpoint(engine, stream_hash())?)
            }
            _ => Ok(()),
        }
    }

    /// Waits until all is written and closes the run.
    pub(crate) fn finish(self, summary: &SummaryFold, quiet: bool) -> Result<(), Failure> {
        let Some(keeper) = self.keeper else { return Ok(()) };
        let id = keeper.finish(summary)?;
        if !quiet {
            output::line(&format!("kept as `{id}` in `{}`", self.name));
        }
        Ok(())
    }
}

impl Checkpoints {
    /// Takes what was asked for of a run that stands before tick `from` and has `ticks`.
    fn new(
        asked: &GoOnArguments,
        calendar: &Calendar,
        (from, ticks): (u32, u32),
    ) -> Result<Self, Failure> {
        let at: BTreeSet<u32> = asked.checkpoint_at.iter().copied().collect();
        if let Some(tick) = at.iter().find(|tick| **tick < from || **tick > ticks) {
            let first = from.max(1);
            return Err(Failure::Mistake(format!(
                "`--checkpoint-at {tick}`: a checkpoint can be kept before ticks {first} to {ticks}"
            )));
        }
        let every = asked.checkpoint_every.map(|every| match every {
            Every::Day => calendar.ticks_per_day(),
            Every::Ticks(ticks) => ticks,
        });
        Ok(Self { at, every, ticks })
    }

    /// Returns whether one is due before a tick; what comes every so often spares the end of the
    /// run, from which nothing can go on.
    fn are_due(&self, now: Tick) -> bool {
        let is_regular =
            |every: u32| now.0 > 0 && now.0 < self.ticks && now.0.is_multiple_of(every);
        self.at.contains(&now.0) || self.every.is_some_and(is_regular)
    }
}
