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

    /// Counts in what is to be counted of a payment.
    pub(crate) fn enlarge(&mut self, Size(count, value): Size) {
        self.count += count;
        self.value += value;
    }

    /// Returns this count as a share of another.
    pub(crate) fn count_share_of(&self, whole: &Self) -> Option<f64> {
        (whole.count != 0).then(|| self.count as f64 / whole.count as f64)
    }

    /// Returns this value as a share of another.
    pub(crate) fn value_share_of(&self, whole: &Self) -> Option<f64> {
        self.value.share_of(whole.value)
    }
}

/// What is added to a tally: a payment, its count alone or its value alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size(u64, Money);

impl Size {
    pub(crate) const fn whole(amount: Money) -> Self {
        Self(1, amount)
    }

    pub(crate) const fn count() -> Self {
        Self(1, Money::ZERO)
    }

    pub(crate) const fn value(amount: Money) -> Self {
        Self(0, amount)
    }
}
