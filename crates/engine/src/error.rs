//! Why a tick could not happen. A tick that fails has changed nothing.

use psim_model::event::Refusal;
use psim_model::{MAX_PARTS_MADE, Tick};

/// Why a tick could not happen; the engine is as it was before the call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TickError {
    /// The run is over.
    #[error("tick {tick} lies beyond the run, whose last tick is {last_tick}")]
    BeyondHorizon {
        /// The tick asked for.
        tick: Tick,
        /// The last tick of the run.
        last_tick: Tick,
    },
    /// The payments of this tick could not all be numbered.
    #[error("tick {tick} would create more payments than can be numbered (4,294,967,295)")]
    TooManyPayments {
        /// The tick asked for.
        tick: Tick,
    },
    /// The run has made so many parts of payments that a policy must be splitting without end.
    #[error(
        "before tick {tick} payments have been split into {parts} parts, more than \
         {MAX_PARTS_MADE}; does a policy split parts again and again?"
    )]
    TooManyParts {
        /// The tick asked for.
        tick: Tick,
        /// The parts there are.
        parts: usize,
    },
    /// A sampled amount does not fit 64-bit minor units.
    #[error(
        "agent {agent_id} would send more than 64-bit minor units hold at tick {tick}; \
         look at its amount distribution"
    )]
    AmountOverflow {
        /// The agent whose payment it would be.
        agent_id: String,
        /// The tick asked for.
        tick: Tick,
    },
    /// The costs of this tick might not fit 64-bit minor units.
    #[error(
        "the costs of tick {tick} could exceed 64-bit minor units (most value waits with agent \
         {agent_id}); lower the cost rates, multipliers or amounts"
    )]
    CostOverflow {
        /// The agent with the most unsettled value.
        agent_id: String,
        /// The tick asked for.
        tick: Tick,
    },
}

/// Why an instruction was not carried out; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstructionError {
    /// The run is over.
    #[error("the run is over: no tick is left in which this could be carried out")]
    RunOver,
    /// It could never be carried out.
    #[error("{0}")]
    Unsound(&'static str),
    /// It cannot be carried out now.
    #[error("refused: {}", .0.phrase())]
    Refused(Refusal),
}

/// Why payments that were to be submitted together were not; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("payment {index} of the batch: {error}")]
pub struct BatchFault {
    /// The first that cannot be submitted, from 0.
    pub index: usize,
    /// Why.
    #[source]
    pub error: InstructionError,
}
