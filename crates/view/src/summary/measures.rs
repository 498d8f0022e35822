//! Everything that can be read off the payments once they have been followed.
//!
//! A split payment is one payment, done when its last part is; what has settled of it, and what has
//! not, are the values of its parts.

use psim_model::{Calendar, Money, PaymentNo, Total};

use super::standstills::Standstills;
use super::wholes::{Whole, Wholes};
use super::{DeadlineSummary, DelaySummary, PaymentSummary, SplitSummary, UnsettledRow};
use crate::state::{Payment, Place, Settlement, State, Tally};

/// The measures of one pass over all payments.
#[derive(Debug, Default)]
pub(super) struct Measures {
    pub(super) payments: PaymentSummary,
    pub(super) unsettled: Vec<UnsettledRow>,
    pub(super) splits: SplitSummary,
    pub(super) delay: DelaySummary,
    /// Penalties are not in the payments and stay empty.
    pub(super) deadlines: DeadlineSummary,
    pub(super) ever_in_queue2: Tally,
    /// By agent number.
    pub(super) agents: Vec<AgentTallies>,
}

/// An agent's payments.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgentTallies {
    pub(super) sent: Tally,
    pub(super) received: Tally,
    pub(super) unsettled: Tally,
}

impl Measures {
    /// Measures the payments of a run.
    pub(super) fn of(state: &State) -> Self {
        let mut measures =
            Self { agents: vec![AgentTallies::default(); state.agents.len()], ..Self::default() };
        let mut standstills = Standstills::default();
        let mut wholes = Wholes::default();
        for (no, payment) in state.payments.iter().enumerate() {
            if payment.parent.is_none() {
                measures.payments.arrived.add(payment.amount);
            }
            if payment.parent.is_some() || payment.is_split() {
                wholes.add(&state.payments, PaymentNo::from_index(no));
            } else {
                measures.count(payment, Size::whole(payment.amount));
                standstills.count(payment, Size::whole(payment.amount));
            }
        }
        for whole in wholes.iter() {
            measures.count_whole(whole, &mut standstills);
        }
        measures.splits = wholes.summary();
        measures.unsettled = standstills.rows();
        measures.payments.settlement_rate_count =
            measures.payments.settled.count_share_of(&measures.payments.arrived);
        measures.payments.settlement_rate_value =
            measures.payments.settled.value_share_of(&measures.payments.arrived);
        measures.delay = delays(state);
        measures
    }

    /// Counts a split payment: itself as one payment, its parts by their values.
    fn count_whole(&mut self, whole: &Whole, standstills: &mut Standstills) {
        self.count(&whole.payment, Size::count());
        if let Some(first) = whole.parts.iter().find(|part| part.settled_at().is_none()) {
            standstills.count(first, Size::count());
        }
        for part in &whole.parts {
            self.count(part, Size::value(part.amount));
            standstills.count(part, Size::value(part.amount));
        }
    }

    fn count(&mut self, payment: &Payment, size: Size) {
        let sums = &mut self.payments;
        let sender = &mut self.agents[payment.sender.index()];
        match payment.place {
            Place::Settled { tick, how } => {
                sums.settled.enlarge(size);
                match how {
                    Settlement::OnEntry => sums.settled_on_entry.enlarge(size),
                    Settlement::FromQueue2 => sums.settled_from_queue2.enlarge(size),
                    Settlement::ByOffset => sums.settled_by_offset.enlarge(size),
                    Settlement::ByAlgorithm(_) => sums.settled_by_algorithm.enlarge(size),
                    Settlement::InParts => sums.settled_in_parts.enlarge(size),
                }
                sender.sent.enlarge(size);
                self.agents[payment.receiver.index()].received.enlarge(size);
                if tick > payment.deadline {
                    self.deadlines.settled_late.enlarge(size);
                }
            }
            place => {
                sums.unsettled.enlarge(size);
                sender.unsettled.enlarge(size);
                if matches!(place, Place::Dropped { .. }) {
                    sums.dropped.enlarge(size);
                }
            }
        }
        if payment.overdue_since.is_some() {
            self.deadlines.overdue.enlarge(size);
        }
        if payment.queued_since.is_some() {
            self.ever_in_queue2.enlarge(size);
        }
    }
}

/// Measures delays. A payment's delay runs from its arrival to its settlement, but no further
/// than to the close of its day: what is unsettled then counts as delayed to the close. Of a split
/// payment each part is delayed by itself; the payment has waited when its last part settles.
fn delays(state: &State) -> DelaySummary {
    let (mut delayed, mut longest, mut arrived) = (Total::ZERO, Total::ZERO, Total::ZERO);
    let mut waits: Vec<u32> = Vec::with_capacity(state.payments.len());
    let calendar = state.setting.calendar();
    for payment in &state.payments {
        let settled_at = payment.settled_at();
        if payment.parent.is_none() {
            waits.extend(settled_at.map(|tick| tick.since(payment.arrival)));
        }
        let Some(calendar) = calendar.filter(|_| !payment.is_split()) else { continue };
        let ticks_per_day = u64::from(calendar.ticks_per_day());
        let arrival = u64::from(payment.arrival.0);
        let close = (arrival / ticks_per_day + 1) * ticks_per_day;
        let until = settled_at.map_or(close, |tick| u64::from(tick.0).min(close));
        delayed += weighted(payment.amount, until.saturating_sub(arrival));
        longest += weighted(payment.amount, close - arrival);
        arrived += payment.amount;
    }
    let mean_ticks = delayed.share_of(arrived);
    let minutes = |ticks: f64| {
        let clock = calendar.and_then(Calendar::clock)?;
        Some(ticks * f64::from(clock.tick_seconds) / 60.0)
    };
    let wait_sum: u64 = waits.iter().map(|wait| u64::from(*wait)).sum();
    DelaySummary {
        indicator: delayed.share_of(longest),
        mean_ticks_by_value: mean_ticks,
        mean_minutes_by_value: mean_ticks.and_then(minutes),
        settled_wait_ticks_mean: (!waits.is_empty()).then(|| wait_sum as f64 / waits.len() as f64),
        settled_wait_ticks_max: waits.iter().max().copied(),
        settled_wait_ticks_p95: nearest_rank_95(&mut waits),
    }
}

fn weighted(amount: Money, ticks: u64) -> Total {
    Total::from_minor(i128::from(amount.minor()) * i128::from(ticks))
}

/// Returns the smallest wait that at least 95 % of all do not exceed.
fn nearest_rank_95(waits: &mut [u32]) -> Option<u32> {
    let rank = (waits.len() * 95).div_ceil(100);
    let index = rank.checked_sub(1)?;
    Some(*waits.select_nth_unstable(index).1)
}

/// What is added to a tally: a payment, its count alone or its value alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size(u64, Money);

impl Size {
    pub(super) const fn whole(amount: Money) -> Self {
        Self(1, amount)
    }

    pub(super) const fn count() -> Self {
        Self(1, Money::ZERO)
    }

    pub(super) const fn value(amount: Money) -> Self {
        Self(0, amount)
    }
}

impl Tally {
    pub(super) fn enlarge(&mut self, Size(count, value): Size) {
        self.count += count;
        self.value += value;
    }

    /// Returns this count as a share of another.
    pub(super) fn count_share_of(&self, whole: &Self) -> Option<f64> {
        (whole.count != 0).then(|| self.count as f64 / whole.count as f64)
    }

    /// Returns this value as a share of another.
    fn value_share_of(&self, whole: &Self) -> Option<f64> {
        self.value.share_of(whole.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_five_percent_is_the_nearest_rank() {
        let upto = |last: u32| (1..=last).rev().collect::<Vec<u32>>();
        assert_eq!(nearest_rank_95(&mut []), None);
        assert_eq!(nearest_rank_95(&mut [7]), Some(7));
        assert_eq!(nearest_rank_95(&mut upto(20)), Some(19));
        assert_eq!(nearest_rank_95(&mut upto(21)), Some(20));
        assert_eq!(nearest_rank_95(&mut upto(100)), Some(95));
    }
}
