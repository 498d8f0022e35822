//! Why a tick could not happen, or a run not go on elsewhere. What fails has changed nothing.

use psim_model::event::Refusal;
use psim_model::{Fingerprint, MAX_PARTS_MADE, Tick};

use crate::VERSION;

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
    /// Which payment of the batch is the first that cannot be submitted, from 0.
    pub index: usize,
    /// Why.
    #[source]
    pub error: InstructionError,
}

/// Why bytes are no checkpoint that a run can go on from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// They never were a checkpoint.
    #[error("not a checkpoint of payment-sim")]
    Foreign,
    /// They were cut short or changed.
    #[error("the checkpoint is damaged: its bytes were cut short or changed; make it anew")]
    Damaged,
    /// They have the form of another program.
    #[error("the checkpoint has form {found}, this program ({VERSION}) knows form {known}")]
    OtherForm {
        /// The form of the bytes.
        found: u32,
        /// The form that this program knows.
        known: u32,
    },
    /// They were written by another version, which may have gone on differently.
    #[error(
        "the checkpoint was written by version {found}, this is {VERSION}, which may go on \
         differently; go on with that version, or run again from the start"
    )]
    OtherVersion {
        /// The version that wrote them.
        found: String,
    },
    /// They are of a run of another scenario.
    #[error("the checkpoint is of scenario {found}, not of {given}")]
    OtherScenario {
        /// The scenario of the checkpoint.
        found: Fingerprint,
        /// The scenario that was given.
        given: Fingerprint,
    },
    /// Their hash is right, but no run can have come to this state.
    #[error("the checkpoint holds a state that no run can be in: {what}")]
    Unsound {
        /// What cannot be.
        what: String,
    },
}

/// Why a run cannot go on under another scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BranchError {
    /// The run is over.
    #[error("the run is over: there is no tick left to change anything in")]
    RunOver,
    /// More differs than may.
    #[error(
        "a branch may change costs, liquidity saving, limits, policies and what is scheduled from \
         tick {tick} on, not: {}{}", paths.join(", "), events_for(paths)
    )]
    Differs {
        /// The tick from which on it is another run.
        tick: Tick,
        /// What else differs, each by its path.
        paths: Vec<String>,
    },
}

/// What a scenario begins with, and the scenario event that changes it later.
const CHANGED_BY: [(&str, &str); 5] = [
    ("opening_balance", "DirectTransfer"),
    ("unsecured_cap", "CreditLimitChange"),
    ("collateral_haircut", "CollateralValueChange"),
    ("arrivals", "AgentArrivalRateChange"),
    ("cutoff_tick_in_day", "CutOffChange"),
];

/// Says by which scenario events a branch comes near to what it cannot change.
fn events_for(paths: &[String]) -> String {
    let has = |key: &str| paths.iter().any(|path| path.split(['.', '[']).any(|part| part == key));
    let meant = CHANGED_BY.iter().filter(|(key, _)| has(key));
    let told: Vec<String> = meant.map(|(key, event)| format!("`{key}` (`{event}`)")).collect();
    if told.is_empty() {
        return String::new();
    }
    format!("; in the day, scenario events change {}", told.join(", "))
}
