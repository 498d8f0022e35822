//! Money: signed 64-bit counts of minor units, never a float.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// An amount or a balance in minor units (cents, yen, öre).
///
/// `Add` and `Sub` are for amounts whose range was proven when the scenario was read; should such
/// a proof be wrong they stop the program rather than wrap. Where input can reach, use the
/// `checked_` forms.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount that can be written down.
    pub const MAX: Self = Self(i64::MAX);

    /// Takes a count of minor units.
    pub const fn from_minor(minor: i64) -> Self {
        Self(minor)
    }

    /// Returns the count of minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Returns whether this is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Returns whether this is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Adds, or returns `None` where the sum does not fit 64 bits.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// Subtracts, or returns `None` where the difference does not fit 64 bits.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// Returns this amount, or zero if it is negative.
    #[must_use]
    pub const fn or_zero(self) -> Self {
        if self.0 > 0 { self } else { Self::ZERO }
    }

    /// Returns how far below zero this is (zero if it is not).
    #[must_use]
    pub const fn shortfall(self) -> Self {
        if self.0 < 0 { Self(self.0.saturating_neg()) } else { Self::ZERO }
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.checked_add(other).expect("Invariant: sums of money are bounded by the scenario")
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.checked_sub(other).expect("Invariant: differences of money are bounded")
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

/// Shows the bare count of minor units; how people read amounts is the view's business.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A sum over many amounts in minor units, wide enough (128 bits) that it cannot overflow for
/// any number of payments that can be numbered.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Total(i128);

impl Total {
    /// The empty sum.
    pub const ZERO: Self = Self(0);

    /// Takes a count of minor units.
    pub const fn from_minor(minor: i128) -> Self {
        Self(minor)
    }

    /// Returns the count of minor units.
    pub const fn minor(self) -> i128 {
        self.0
    }

    /// Returns the sum as money, or `None` where it does not fit 64 bits.
    pub fn to_money(self) -> Option<Money> {
        i64::try_from(self.0).ok().map(Money)
    }

    /// Returns this sum as a share of another, or `None` if the other is zero.
    ///
    /// The share is 1 only if both are equal, however close they are.
    pub fn share_of(self, whole: Self) -> Option<f64> {
        if whole.0 == 0 {
            return None;
        }
        let share = self.0 as f64 / whole.0 as f64;
        Some(match self.0.abs().cmp(&whole.0.abs()) {
            Ordering::Less => share.clamp(-(1.0_f64.next_down()), 1.0_f64.next_down()),
            Ordering::Equal | Ordering::Greater => share,
        })
    }
}

impl From<Money> for Total {
    fn from(money: Money) -> Self {
        Self(i128::from(money.0))
    }
}

impl Add for Total {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Total {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign<Money> for Total {
    fn add_assign(&mut self, amount: Money) {
        self.0 += i128::from(amount.0);
    }
}

impl SubAssign<Money> for Total {
    fn sub_assign(&mut self, amount: Money) {
        self.0 -= i128::from(amount.0);
    }
}

impl AddAssign for Total {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Total {
    fn sum<I: Iterator<Item = Self>>(totals: I) -> Self {
        totals.fold(Self::ZERO, |sum, total| sum + total)
    }
}

impl Sum<Money> for Total {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Self {
        let mut total = Self::ZERO;
        for amount in amounts {
            total += amount;
        }
        total
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_one_only_if_nothing_is_missing() {
        let whole = Total::from_minor(6_000_000_000_000_000_001);
        let part = Total::from_minor(6_000_000_000_000_000_000);
        assert_eq!(whole.share_of(whole), Some(1.0));
        assert!(part.share_of(whole).unwrap() < 1.0);
        assert_eq!(Total::from_minor(1).share_of(Total::from_minor(4)), Some(0.25));
        assert_eq!(part.share_of(Total::ZERO), None);
    }
}
