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

/// Runs the first `ticks` ticks of a scenario (all of them if `None`) and hands the events of each
/// to `consumer`, which may ask to stop after any.
pub fn run(
    scenario: CheckedScenario,
    ticks: Option<u32>,
    mut consumer: impl FnMut(&EventBatch) -> ControlFlow<()>,
) -> Result<Ending, RunError> {
    let horizon = scenario.calendar.horizon();
    let ticks = ticks.unwrap_or(horizon);
    if ticks > horizon {
        return Err(RunError::BeyondHorizon { asked: ticks, horizon });
    }
    let mut engine = Engine::new(scenario);
    let mut batch = EventBatch::default();
    for _ in 0..ticks {
        engine.tick(&mut batch)?;
        if consumer(&batch).is_break() {
            return Ok(Ending::Stopped);
        }
    }
    Ok(Ending::Finished)
}
