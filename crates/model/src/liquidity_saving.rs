//! Which liquidity-saving algorithms run, when, and within what bounds.

use serde::{Deserialize, Serialize};

use crate::event::LsmAlgorithm;

/// Which liquidity-saving algorithms run, when, and within what bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiquiditySaving {
    /// The algorithms, in the order in which they run.
    pub algorithms: Vec<ScheduledAlgorithm>,
    /// They run on ticks of the day that are multiples of this.
    pub run_every_ticks: u32,
    /// Whether the list starts anew after each success.
    pub sequencing: bool,
    /// Most steps of a run of an algorithm, if it is bounded.
    pub max_steps: Option<u64>,
    /// Most times that the list starts in a tick.
    pub max_rounds: u32,
    /// Whether ticks in which queued payments cannot move are told, as gridlock or as deadlock.
    pub reports_blocks: bool,
}

/// An algorithm and when it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledAlgorithm {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// It runs on ticks of the day that are multiples of this.
    pub every: u32,
    /// Whether it runs at all; a scenario event may change that.
    pub enabled: bool,
}

/// An algorithm and its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// Each queued payment by itself, once more.
    Retry,
    /// Pairs of agents that owe each other.
    Bilateral(Pairs),
    /// Rings of agents of which each owes the next.
    Cycles {
        /// Most agents in a ring, at least 3.
        max_cycle_length: u32,
        /// Most rings that settle in a tick.
        max_cycles_per_tick: u32,
    },
    /// The most that can settle together when each agent's payments settle in order.
    GridlockResolution,
    /// The whole queue less what breaks limits, then liquidity.
    Partial,
    /// The whole queue, or nothing.
    AllOrNothing,
}

/// Options of the offsetting of pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairs {
    /// Which pairs come first.
    pub order: PairOrder,
    /// Most payments that each side brings in, the first in queue order.
    pub max_opposing: Option<u32>,
    /// Ticks that a payment must have been in queue 2.
    pub min_queue_ticks: u32,
}

/// Which pairs of agents come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PairOrder {
    /// The most that can be offset: the smaller of the two sums.
    #[default]
    LargestOffset,
    /// The least that is left over: the difference of the two sums.
    SmallestDifference,
}

impl LiquiditySaving {
    /// No algorithm runs and nothing is told.
    pub const NONE: Self = Self {
        algorithms: Vec::new(),
        run_every_ticks: 1,
        sequencing: false,
        max_steps: None,
        max_rounds: 1_000,
        reports_blocks: false,
    };
}

impl Algorithm {
    /// Returns what events call it.
    pub const fn name(&self) -> LsmAlgorithm {
        match self {
            Self::Retry => LsmAlgorithm::Retry,
            Self::Bilateral(_) => LsmAlgorithm::Bilateral,
            Self::Cycles { .. } => LsmAlgorithm::Cycles,
            Self::GridlockResolution => LsmAlgorithm::GridlockResolution,
            Self::Partial => LsmAlgorithm::Partial,
            Self::AllOrNothing => LsmAlgorithm::AllOrNothing,
        }
    }
}
