//! On which path a payment settled.

use psim_model::event::LsmAlgorithm;

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
