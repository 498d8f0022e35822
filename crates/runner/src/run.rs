//! A scenario through the engine, tick by tick.

use std::ops::ControlFlow;

use psim_engine::{BranchError, Engine, TickError};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;

use crate::{Broken, Paranoid, Underway};

/// How a scenario is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// Only the first so many ticks; all of them if `None`.
    pub ticks: Option<u32>,
    /// Whether the run is checked after every tick (see [`Paranoid`]).
    pub paranoid: bool,
}

/// How a run came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// After the last tick that was asked for.
    Finished,
    /// The consumer asked to stop.
    Stopped,
}

/// Why a run could not be or go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// More ticks were asked for than the run has.
    #[error("{asked} ticks were asked for, but the run has {horizon}")]
    BeyondHorizon {
        /// Ticks asked for.
        asked: u32,
        /// Ticks of the whole run.
        horizon: u32,
    },
    /// A tick could not happen; all before it did.
    #[error(transparent)]
    Tick(#[from] TickError),
    /// The scenario that a branch follows from the coming tick on cannot be followed there.
    #[error(transparent)]
    Branch(#[from] BranchError),
    /// A tick has broken a law that every run keeps: a defect of the program.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// Returns how many ticks a run of the first `asked` ticks has (all of them if `None`).
///
/// # Errors
///
/// [`RunError::BeyondHorizon`]: the scenario has fewer ticks.
pub fn ticks_of(scenario: &CheckedScenario, asked: Option<u32>) -> Result<u32, RunError> {
    let horizon = scenario.calendar.horizon();
    match asked {
        Some(asked) if asked > horizon => Err(RunError::BeyondHorizon { asked, horizon }),
        Some(asked) => Ok(asked),
        None => Ok(horizon),
    }
}

/// Runs a scenario and hands the events of each tick to `consumer`, which may take the batch,
/// leaving another in its place, and may ask to stop.
///
/// A tick that has broken a law is handed over too, so that it can be looked at.
///
/// # Errors
///
/// [`RunError`]: there are fewer ticks, one is refused, or one has broken a law.
pub fn run(
    scenario: CheckedScenario,
    options: RunOptions,
    mut consumer: impl FnMut(&mut EventBatch) -> ControlFlow<()>,
) -> Result<Ending, RunError> {
    let ticks = ticks_of(&scenario, options.ticks)?;
    let paranoid = options.paranoid.then(|| Paranoid::new(&scenario));
    go_on(Engine::new(scenario).into(), ticks, paranoid, |_, batch| consumer(batch))
}

/// Goes on with a run to before the tick `until`, as [`run`] does; the consumer sees the engine as
/// it goes on after each tick. What checks the run has seen all of it so far.
///
/// # Errors
///
/// [`RunError`], as for [`run`]; or the scenario of a branch cannot be followed there.
pub fn go_on(
    mut underway: Underway,
    until: u32,
    mut paranoid: Option<Paranoid>,
    mut consumer: impl FnMut(&Engine, &mut EventBatch) -> ControlFlow<()>,
) -> Result<Ending, RunError> {
    let mut batch = EventBatch::default();
    while underway.engine.now().0 < until {
        underway.engine.tick(&mut batch)?;
        let checked = match &mut paranoid {
            Some(paranoid) => paranoid.observe(&underway.engine, &batch),
            None => Ok(()),
        };
        // Before the consumer looks: what it keeps of the engine is of the coming tick.
        let branched = underway.branch_off();
        let flow = consumer(&underway.engine, &mut batch);
        checked?;
        branched?;
        if flow.is_break() {
            return Ok(Ending::Stopped);
        }
    }
    Ok(Ending::Finished)
}
