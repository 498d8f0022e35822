//! Payments counted and summed.

use psim_model::{Money, Total};
use serde::Serialize;

/// How many payments, and of what value in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Number of payments.
    pub count: u64,
    /// Sum of their amounts.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub value: Total,
}

impl Tally {
    /// Counts a payment in.
    pub(crate) fn add(&mut self, amount: Money) {
        self.count += 1;
        self.value += amount;
    }

    /// Returns both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { count: self.count + other.count, value: self.value + other.value }
    }

    /// Counts a payment out that was counted in before.
    pub(crate) fn take(&mut self, amount: Money) {
        self.count = self.count.saturating_sub(1);
        self.value -= amount;
    }
}
