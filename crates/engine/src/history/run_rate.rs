//! How many payments liquidity saving has settled lately.

use serde::{Deserialize, Serialize};

/// Payments settled in sets, in this tick and the ten before it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct RunRate {
    now: u64,
    /// The ten ticks before, in turn.
    before: [u64; Self::TICKS],
    next: usize,
}

impl RunRate {
    const TICKS: usize = 10;

    /// Returns whether the turn is one of the ticks.
    pub(super) const fn is_sound(&self) -> bool {
        self.next < Self::TICKS
    }

    /// Counts a payment that settles in a set.
    pub(crate) fn count(&mut self) {
        self.now += 1;
    }

    /// Ends a tick.
    pub(super) fn end_tick(&mut self) {
        self.before[self.next] = std::mem::take(&mut self.now);
        self.next = (self.next + 1) % Self::TICKS;
    }

    /// Returns payments a tick, over the ten ticks before this one.
    pub(crate) fn rate(&self) -> f64 {
        self.before.iter().sum::<u64>() as f64 / Self::TICKS as f64
    }
}
