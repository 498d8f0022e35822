//! What delay costs, to the last digit.

use std::fmt;

use psim_model::event::{DelayCostQueues, DelayRatesSet};
use psim_model::{Currency, Money, Multiplier, Priority, PriorityBand, Rate, Total};

use crate::state::{Payment, Queue};
use crate::text::{grouped, with_code};

/// Decimal places of rate x multiplier x multiplier.
const PLACES: u32 = Rate::PLACES + 2 * Multiplier::PLACES;
const SCALE: i128 = 10_i128.pow(PLACES);

/// A sum of exact products of amounts, rates and multipliers, in minor units with twenty decimal
/// places.
///
/// An agent's `CostAccrual` books the delay cost of all its payments, rounded once a tick; this is
/// what one payment adds to it before the rounding. It explains and is never booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DelayShare {
    whole: i128,
    /// Units of 10^-20, less than one minor unit of them.
    parts: i128,
}

impl DelayShare {
    /// Returns the whole minor units.
    pub const fn whole(&self) -> Total {
        Total::from_minor(self.whole)
    }

    /// Returns what is left beyond the whole minor units, in units of 10^-20 of one.
    pub const fn parts(&self) -> i128 {
        self.parts
    }

    /// Returns the sum rounded to whole minor units, halves up.
    pub fn rounded(&self) -> Total {
        let half = i128::from(self.parts >= SCALE / 2);
        Total::from_minor(self.whole.saturating_add(half))
    }

    /// Returns the sum in minor units, as near as a double comes.
    pub fn as_f64(&self) -> f64 {
        self.whole as f64 + self.parts as f64 / SCALE as f64
    }

    /// Returns what one tick of waiting costs; nothing where the payment waits in no queue that is
    /// charged.
    pub(crate) fn of_tick(rates: &DelayRatesSet, payment: &Payment) -> Option<Self> {
        Charged::of(payment).in_a_tick(rates, payment.place.queue()?)
    }

    /// Multiplies; stops at the largest product, which only a damaged stream can reach.
    fn product(amount: Money, rate: Rate, one: Multiplier, other: Multiplier) -> Self {
        if rate.is_zero() {
            return Self::default(); // whatever the multipliers are
        }
        let weighted = one.weigh(other, amount.into()).map(Total::minor);
        let rate = i128::from(rate.trillionths());
        let product = weighted.and_then(|sum| sum.checked_mul(rate)).unwrap_or(i128::MAX);
        Self { whole: product.div_euclid(SCALE), parts: product.rem_euclid(SCALE) }
    }

    /// Returns what `ticks` ticks of the same cost are.
    pub(crate) fn times(self, ticks: u32) -> Self {
        let ticks = i128::from(ticks);
        let parts = self.parts * ticks; // below 2^99
        let whole = self.whole.saturating_mul(ticks).saturating_add(parts / SCALE);
        Self { whole, parts: parts % SCALE }
    }

    pub(crate) fn add(&mut self, other: Self) {
        let parts = self.parts + other.parts;
        self.whole = self.whole.saturating_add(other.whole).saturating_add(parts / SCALE);
        self.parts = parts % SCALE;
    }

    /// Returns the sum in major units with the currency's code and as many places as it takes.
    pub(super) fn in_major_units(&self, currency: &Currency) -> String {
        let (major, places) = self.written(currency.decimals);
        let point = if places.is_empty() { "" } else { "." };
        with_code(&format!("{}{point}{places}", grouped(&major)), currency)
    }

    /// Returns the sum in units of 10^`decimals` minor units: digits before and behind the point,
    /// at least `decimals` behind it.
    fn written(&self, decimals: u8) -> (String, String) {
        let shift = usize::from(decimals);
        let parts = format!("{:0width$}", self.parts, width = PLACES as usize);
        let mut major = format!("{:0>width$}{parts}", self.whole, width = shift + 1);
        let mut places = major.split_off(major.len() - parts.len() - shift);
        places.truncate(places.trim_end_matches('0').len().max(shift));
        (major, places)
    }
}

/// What of a payment decides what a tick of waiting costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charged {
    amount: Money,
    priority: Priority,
    is_overdue: bool,
}

impl Charged {
    pub(crate) const fn of(payment: &Payment) -> Self {
        let Payment { amount, priority, overdue_since, .. } = *payment;
        Self { amount, priority, is_overdue: overdue_since.is_some() }
    }

    /// Returns what a tick in a queue costs; nothing in one that is not charged.
    pub(crate) fn in_a_tick(self, rates: &DelayRatesSet, queue: Queue) -> Option<DelayShare> {
        if queue == Queue::Two && rates.delay_cost_queues != DelayCostQueues::Both {
            return None;
        }
        let lateness =
            if self.is_overdue { rates.overdue_delay_multiplier } else { Multiplier::ONE };
        let urgency = match PriorityBand::of(self.priority) {
            PriorityBand::Low => rates.low_multiplier,
            PriorityBand::Normal => rates.normal_multiplier,
            PriorityBand::Urgent => rates.urgent_multiplier,
        };
        let rate = rates.delay_cost_per_tick_per_cent;
        Some(DelayShare::product(self.amount, rate, lateness, urgency))
    }
}

/// Shows minor units with as many decimal places as it takes.
impl fmt::Display for DelayShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.written(0) {
            (whole, places) if places.is_empty() => f.write_str(&whole),
            (whole, places) => write!(f, "{whole}.{places}"),
        }
    }
}
