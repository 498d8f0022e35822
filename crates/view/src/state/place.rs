//! Where a payment is.

use psim_model::Tick;
use psim_model::event::DropReason;

use super::settlement::Settlement;

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

/// Returns in words for people what becomes of a payment that is dropped for this reason.
pub(crate) const fn drop_phrase(reason: Option<DropReason>) -> &'static str {
    match reason {
        Some(DropReason::Closed) => "dropped at the close",
        Some(DropReason::PolicyDecision) => "dropped by its sender",
        None => "dropped in part",
    }
}
