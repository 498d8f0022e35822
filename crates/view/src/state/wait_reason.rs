//! Why a payment had to wait, and in which words.

use psim_model::event::{HoldReason, QueueReason};

/// Why a payment had to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitReason {
    /// It stayed in queue 1.
    Hold(HoldReason),
    /// It joined queue 2.
    Queue(QueueReason),
    /// It is a part that will be released at its own time.
    Scheduled,
}

impl WaitReason {
    /// Returns the word of the event that gave the reason.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold(reason) => reason.as_str(),
            Self::Queue(reason) => reason.as_str(),
            Self::Scheduled => "Scheduled",
        }
    }

    /// Returns the reason in words for people.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Hold(reason) => hold_phrase(reason),
            Self::Queue(reason) => queue_phrase(reason),
            Self::Scheduled => "part released later",
        }
    }
}

const fn hold_phrase(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::PolicyDecision => "held by policy",
        HoldReason::CutOff => "after cut-off",
        HoldReason::Outage => "sender out",
        HoldReason::TimedRelease => "released for later",
        HoldReason::NotInFocus => "receiver not in budget",
        HoldReason::CounterpartyBudget => "beyond budget for receiver",
        HoldReason::BudgetExhausted => "beyond budget",
        HoldReason::NotDivisible => "split, but not divisible",
        HoldReason::TooManyParts => "split into too many parts",
        HoldReason::NotInQueue2 => "decided on as if in queue 2",
        HoldReason::InsufficientLiquidity => "held for lack of liquidity",
        HoldReason::AwaitingInflows => "held until receipts come",
        HoldReason::LowPriority => "held for its low priority",
        HoldReason::NearDeadline => "held until its deadline is near",
        HoldReason::Custom => "held by policy, in its own words",
        HoldReason::PolicyFault => "held, policy failed",
    }
}

const fn queue_phrase(reason: QueueReason) -> &'static str {
    match reason {
        QueueReason::InsufficientLiquidity => "insufficient liquidity",
        QueueReason::EarlierPayment => "earlier payment waiting",
        QueueReason::NotBefore => "earliest tick not reached",
        QueueReason::BilateralLimit => "bilateral limit",
        QueueReason::MultilateralLimit => "multilateral limit",
        QueueReason::HigherPriority => "payment of higher class waiting",
    }
}
