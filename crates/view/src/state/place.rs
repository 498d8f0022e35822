//! Where a payment is, and why it has to wait there.

use psim_model::Tick;
use psim_model::event::{DropReason, HoldReason, LsmAlgorithm, QueueReason};

/// Where a payment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In its sender's queue 1.
    Queue1,
    /// Released, and not yet settled or queued; no payment stays here over a tick.
    Entering,
    /// In queue 2.
    Queue2,
    /// Replaced by its parts, of which some are neither settled nor dropped.
    Split,
    /// Settled.
    Settled {
        /// When.
        tick: Tick,
        /// On which path.
        how: Settlement,
    },
    /// Gone unsettled, at least in part.
    Dropped {
        /// When.
        tick: Tick,
        /// Why; `None` for a split payment, whose parts have reasons of their own.
        reason: Option<DropReason>,
    },
}

impl Place {
    /// Returns whether this is the end of a payment's life.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Settled { .. } | Self::Dropped { .. })
    }

    /// Returns the word of tables for it, whatever the path or the reason: `settled`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queue1 => "queue1",
            Self::Entering => "released",
            Self::Queue2 => "queue2",
            Self::Split => "split",
            Self::Settled { .. } => "settled",
            Self::Dropped { .. } => "dropped",
        }
    }

    /// Returns in which queue it stands, if in one.
    pub(crate) const fn queue(self) -> Option<Queue> {
        match self {
            Self::Queue1 => Some(Queue::One),
            Self::Queue2 => Some(Queue::Two),
            Self::Entering | Self::Split | Self::Settled { .. } | Self::Dropped { .. } => None,
        }
    }

    /// Returns on which path it settled, if it did.
    pub const fn settlement(self) -> Option<Settlement> {
        match self {
            Self::Settled { how, .. } => Some(how),
            _ => None,
        }
    }
}

/// A queue in which payments wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// A sender's own.
    One,
    /// The system's.
    Two,
}

impl Queue {
    /// Returns the number by which it is known.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// On which path a payment settled, in the order of charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settlement {
    /// When it was released.
    OnEntry,
    /// As one of them was released, together with others: each pays only what it does not get.
    EntryOffset,
    /// After waiting in queue 2, by itself.
    FromQueue2,
    /// Out of queue 2, with others that an algorithm has found.
    ByAlgorithm(LsmAlgorithm),
    /// By its parts, the last of which has settled.
    InParts,
}

impl Settlement {
    /// Returns the path of a set of payments that an algorithm found or, if none did, an entry.
    pub(crate) const fn of_set(algorithm: Option<LsmAlgorithm>) -> Self {
        match algorithm {
            Some(algorithm) => Self::ByAlgorithm(algorithm),
            None => Self::EntryOffset,
        }
    }

    /// Returns the algorithm that found it, if one did.
    pub const fn algorithm(self) -> Option<LsmAlgorithm> {
        match self {
            Self::ByAlgorithm(algorithm) => Some(algorithm),
            _ => None,
        }
    }

    /// Returns the word of tables and JSON for it, one for all algorithms: `by_algorithm`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnEntry => "on_entry",
            Self::EntryOffset => "entry_offset",
            Self::FromQueue2 => "from_queue2",
            Self::ByAlgorithm(_) => "by_algorithm",
            Self::InParts => "in_parts",
        }
    }

    /// Returns the path in words for people, as they follow on "settled".
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::OnEntry => "on entry",
            Self::EntryOffset => "by offset on entry",
            Self::FromQueue2 => "from queue 2",
            Self::ByAlgorithm(LsmAlgorithm::Retry) => "by algorithm (retry)",
            Self::ByAlgorithm(LsmAlgorithm::Bilateral) => "by algorithm (bilateral)",
            Self::ByAlgorithm(LsmAlgorithm::Cycles) => "by algorithm (cycles)",
            Self::ByAlgorithm(LsmAlgorithm::GridlockResolution) => {
                "by algorithm (gridlock resolution)"
            }
            Self::ByAlgorithm(LsmAlgorithm::Partial) => "by algorithm (partial)",
            Self::ByAlgorithm(LsmAlgorithm::AllOrNothing) => "by algorithm (all or nothing)",
            Self::InParts => "in parts",
        }
    }
}

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

/// Returns in words for people what becomes of a payment that is dropped for this reason.
pub(crate) const fn drop_phrase(reason: Option<DropReason>) -> &'static str {
    match reason {
        Some(DropReason::Closed) => "dropped at the close",
        Some(DropReason::PolicyDecision) => "dropped by its sender",
        None => "dropped in part",
    }
}
