//! What operators and banks ask for between ticks, from a scenario or through the API.

use serde::{Deserialize, Serialize};

use crate::event::{InstructionType, RtgsPriority};
use crate::{AgentNo, Limits, Money, PaymentNo, Policy, Priority, Tick};

/// An instruction and the tick before whose first step it is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledInstruction {
    /// When.
    pub tick: Tick,
    /// What.
    pub instruction: Instruction,
}

/// What can be asked for between ticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Instruction {
    /// Submits a payment to its sender's queue 1.
    SubmitTransaction(Submission),
    /// Replaces an agent's limits.
    SetLimits {
        /// Whose.
        agent: AgentNo,
        /// The new ones.
        limits: Limits,
    },
    /// Replaces an agent's policy.
    UpdateAgentPolicy {
        /// Whose.
        agent: AgentNo,
        /// The new one.
        policy: Policy,
    },
    /// Posts collateral, as much as fits.
    PostCollateral {
        /// Whose.
        agent: AgentNo,
        /// How much, at nominal value, positive.
        amount: Money,
        /// Why, in free words.
        reason: Option<String>,
        /// After how many ticks (at least 1) it is withdrawn again.
        auto_withdraw_after_ticks: Option<u32>,
    },
    /// Withdraws collateral, as much as is not needed.
    WithdrawCollateral {
        /// Whose.
        agent: AgentNo,
        /// How much, at nominal value, positive.
        amount: Money,
        /// Why, in free words.
        reason: Option<String>,
    },
    /// Takes a payment out of queue 2, back to its sender's queue 1.
    WithdrawFromRtgs {
        /// Which.
        payment: PaymentRef,
    },
    /// Gives a payment another declared class: in queue 2 at once, behind others of that class; in
    /// queue 1 for its release.
    ResubmitToRtgs {
        /// Which.
        payment: PaymentRef,
        /// The class.
        rtgs_priority: RtgsPriority,
    },
    /// Caps what an agent releases in the coming tick.
    SetReleaseBudget {
        /// Whose.
        agent: AgentNo,
        /// The caps.
        budget: ReleaseBudget,
    },
    /// Decides about a payment in the coming tick, in place of its sender's policy.
    Decide {
        /// Which.
        payment: PaymentRef,
        /// Any number of `Reprioritize`, then at most one other.
        actions: Vec<PaymentAction>,
    },
}

/// A payment to submit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The id it is given; `None` for `tx-{number}`.
    pub id: Option<String>,
    /// Who pays.
    pub sender: AgentNo,
    /// Who is paid.
    pub receiver: AgentNo,
    /// How much.
    pub amount: Money,
    /// Last tick on which it is on time, as asked for; after the tick of submission.
    pub deadline_tick: Tick,
    /// First tick on which it may settle, if not at once.
    pub earliest_tick: Option<Tick>,
    /// Priority, 0 to 10.
    pub priority: Priority,
    /// Declared class.
    pub rtgs_priority: RtgsPriority,
    /// Whether it may be split; unset allows.
    pub divisible: Option<bool>,
}

/// How a payment is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentRef {
    /// By its number.
    Number(PaymentNo),
    /// By its id: the one it was given, or `tx-{number}`.
    Id(String),
}

/// Caps on what an agent releases in one tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseBudget {
    /// For all receivers together, not negative.
    pub max_value_to_release: Money,
    /// The only receivers that may be paid, ascending; `None` for all.
    pub focus_counterparties: Option<Vec<AgentNo>>,
    /// For each receiver, not negative.
    pub max_per_counterparty: Option<Money>,
}

/// What can be decided about a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentAction {
    /// Releases it whole.
    Release {
        /// The class it is declared with, if it changes.
        rtgs_priority: Option<RtgsPriority>,
        /// The priority it gets, if it changes.
        priority: Option<Priority>,
        /// The tick before which it is held instead.
        timed_for_tick: Option<Tick>,
    },
    /// Keeps it in queue 1.
    Hold,
    /// Changes its priority.
    Reprioritize {
        /// The new one, 0 to 10.
        new_priority: Priority,
    },
    /// Splits it into equal parts that are released at once.
    Split {
        /// How many, at least 2.
        num_splits: u32,
    },
    /// Splits it into equal parts that are released one after another.
    StaggerSplit {
        /// How many, at least 2.
        num_splits: u32,
        /// How many of them are released at once, at most all.
        stagger_first_now: u32,
        /// Ticks between the others, at least 1.
        stagger_gap_ticks: u32,
        /// What is added to the parts' priority.
        priority_boost_children: u8,
    },
    /// Gives it up.
    Drop,
    /// Takes it out of queue 2.
    WithdrawFromRtgs,
    /// Gives it another declared class in queue 2.
    ResubmitToRtgs {
        /// The class.
        rtgs_priority: RtgsPriority,
    },
}

impl PaymentAction {
    /// Releases a payment as it is.
    pub const RELEASE: Self =
        Self::Release { rtgs_priority: None, priority: None, timed_for_tick: None };
}

impl Instruction {
    /// Returns the type by its word.
    pub const fn kind(&self) -> InstructionType {
        match self {
            Self::SubmitTransaction(_) => InstructionType::SubmitTransaction,
            Self::SetLimits { .. } => InstructionType::SetLimits,
            Self::UpdateAgentPolicy { .. } => InstructionType::UpdateAgentPolicy,
            Self::PostCollateral { .. } => InstructionType::PostCollateral,
            Self::WithdrawCollateral { .. } => InstructionType::WithdrawCollateral,
            Self::WithdrawFromRtgs { .. } => InstructionType::WithdrawFromRtgs,
            Self::ResubmitToRtgs { .. } => InstructionType::ResubmitToRtgs,
            Self::SetReleaseBudget { .. } => InstructionType::SetReleaseBudget,
            Self::Decide { .. } => InstructionType::Decide,
        }
    }

    /// Returns the agent that it is for.
    pub const fn agent(&self) -> Option<AgentNo> {
        match self {
            Self::SubmitTransaction(Submission { sender: agent, .. })
            | Self::SetLimits { agent, .. }
            | Self::UpdateAgentPolicy { agent, .. }
            | Self::PostCollateral { agent, .. }
            | Self::WithdrawCollateral { agent, .. }
            | Self::SetReleaseBudget { agent, .. } => Some(*agent),
            Self::WithdrawFromRtgs { .. } | Self::ResubmitToRtgs { .. } | Self::Decide { .. } => {
                None
            }
        }
    }

    /// Returns whether it may make payments that are given no id.
    pub fn creates_payments(&self) -> bool {
        let is_split = |action: &PaymentAction| {
            matches!(action, PaymentAction::Split { .. } | PaymentAction::StaggerSplit { .. })
        };
        match self {
            Self::SubmitTransaction(submission) => submission.id.is_none(),
            Self::Decide { actions, .. } => actions.iter().any(is_split),
            Self::UpdateAgentPolicy { policy, .. } => policy.most_parts() > 0,
            _ => false,
        }
    }

    /// Returns the payment that it is about, if that exists already.
    pub const fn payment(&self) -> Option<&PaymentRef> {
        match self {
            Self::WithdrawFromRtgs { payment }
            | Self::ResubmitToRtgs { payment, .. }
            | Self::Decide { payment, .. } => Some(payment),
            _ => None,
        }
    }
}
