//! A scenario through the engine, tick by tick.

use std::ops::ControlFlow;

use psim_engine::{Engine, TickError};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;

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
}

/// Returns how many ticks a run of the first `asked` ticks has (all of them if `None`).
pub fn ticks_of(scenario: &CheckedScenario, asked: Option<u32>) -> Result<u32, RunError> {
    let horizon = scenario.calendar.horizon();
    match asked {
        Some(asked) if asked > horizon => Err(RunError::BeyondHorizon { asked, horizon }),
        Some(asked) => Ok(asked),
        None => Ok(horizon),
    }
}

/// Runs the first `ticks` ticks of a scenario (all of them if `None`) and hands the events of each
/// to `consumer`, which may take the batch, leaving another in its place, and may ask to stop.
pub fn run(
    scenario: CheckedScenario,
    ticks: Option<u32>,
    mut consumer: impl FnMut(&mut EventBatch) -> ControlFlow<()>,
) -> Result<Ending, RunError> {
    let ticks = ticks_of(&scenario, ticks)?;
    let mut engine = Engine::new(scenario);
    let mut batch = EventBatch::default();
    for _ in 0..ticks {
        engine.tick(&mut batch)?;
        if consumer(&mut batch).is_break() {
            return Ok(Ending::Stopped);
        }
    }
    Ok(Ending::Finished)
}
