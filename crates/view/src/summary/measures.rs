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
        for payment in state.payments.iter().filter(|payment| payment.parent.is_none()) {
            measures.payments.arrived.add(payment.amount);
        }
        let wholes = each_counted(&state.payments, |_, piece, size| {
            measures.count(piece, size);
            if !piece.is_split() {
                standstills.count(piece, size);
            }
        });
        for whole in wholes.iter() {
            if let Some(first) = whole.parts.iter().find(|part| part.settled_at().is_none()) {
                standstills.count(first, Size::count());
            }
        }
        measures.splits = wholes.summary();
        measures.unsettled = standstills.rows();
        measures.payments.settlement_rate_count =
            measures.payments.settled.count_share_of(&measures.payments.arrived);
        measures.payments.settlement_rate_value =
            measures.payments.settled.value_share_of(&measures.payments.arrived);
        measures.delay = Delays::of(state).summary(state.setting.calendar());
        measures
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

/// Visits what is counted of all payments: the one that arrived, what it or a part of it has
/// become, and its size. A split payment counts as one, of the value of its parts; they come last.
pub(crate) fn each_counted(
    payments: &[Payment],
    mut visit: impl FnMut(&Payment, &Payment, Size),
) -> Wholes {
    let mut wholes = Wholes::default();
    for (no, payment) in payments.iter().enumerate() {
        if payment.parent.is_some() || payment.is_split() {
            wholes.add(payments, PaymentNo::from_index(no));
        } else {
            visit(payment, payment, Size::whole(payment.amount));
        }
    }
    for Whole { payment, parts } in wholes.iter() {
        visit(payment, payment, Size::count());
        for part in parts {
            visit(payment, part, Size::value(part.amount));
        }
    }
    wholes
}

/// The delays of all payments.
///
/// A payment's delay runs from its arrival to its settlement, but no further than to the close of
/// its day: what is unsettled then counts as delayed to the close. Of a split payment each part is
/// delayed by itself; the payment has waited when its last part settles.
#[derive(Debug, Default)]
pub(crate) struct Delays {
    /// Amounts times ticks of delay.
    delayed: Total,
    /// Amounts times the most ticks that it could have been.
    longest: Total,
    /// Amounts.
    arrived: Total,
    /// Ticks from arrival to settlement of each arrival that has settled.
    pub(crate) waits: Vec<u32>,
}

impl Delays {
    /// Measures the delays of all payments.
    pub(crate) fn of(state: &State) -> Self {
        let mut delays = Self::default();
        for payment in &state.payments {
            let settled_at = payment.settled_at();
            if payment.parent.is_none() {
                delays.waits.extend(settled_at.map(|tick| tick.since(payment.arrival)));
            }
            let calendar = state.setting.calendar().filter(|_| !payment.is_split());
            let Some(calendar) = calendar else { continue };
            let ticks_per_day = u64::from(calendar.ticks_per_day());
            let arrival = u64::from(payment.arrival.0);
            let close = (arrival / ticks_per_day + 1) * ticks_per_day;
            let until = settled_at.map_or(close, |tick| u64::from(tick.0).min(close));
            delays.delayed += weighted(payment.amount, until.saturating_sub(arrival));
            delays.longest += weighted(payment.amount, close - arrival);
            delays.arrived += payment.amount;
        }
        delays
    }

    /// Returns the delay as a share of the longest possible.
    pub(crate) fn indicator(&self) -> Option<f64> {
        self.delayed.share_of(self.longest)
    }

    /// Returns the mean delay in ticks, by value.
    pub(crate) fn mean_ticks(&self) -> Option<f64> {
        self.delayed.share_of(self.arrived)
    }

    fn summary(mut self, calendar: Option<&Calendar>) -> DelaySummary {
        let mean_ticks = self.mean_ticks();
        let number = self.waits.len() as f64;
        let wait_sum: u64 = self.waits.iter().map(|wait| u64::from(*wait)).sum();
        DelaySummary {
            indicator: self.indicator(),
            mean_ticks_by_value: mean_ticks,
            mean_minutes_by_value: mean_ticks.and_then(|ticks| minutes(ticks, calendar)),
            settled_wait_ticks_mean: (number > 0.0).then(|| wait_sum as f64 / number),
            settled_wait_ticks_max: self.waits.iter().max().copied(),
            settled_wait_ticks_p95: nearest_rank(&mut self.waits, 95),
        }
    }
}

/// Returns what ticks are in minutes, if they have clock times.
pub(crate) fn minutes(ticks: f64, calendar: Option<&Calendar>) -> Option<f64> {
    let clock = calendar.and_then(Calendar::clock)?;
    Some(ticks * f64::from(clock.tick_seconds) / 60.0)
}

fn weighted(amount: Money, ticks: u64) -> Total {
    Total::from_minor(i128::from(amount.minor()) * i128::from(ticks))
}

/// Returns the smallest wait that at least so many percent of all do not exceed.
pub(crate) fn nearest_rank(waits: &mut [u32], percent: usize) -> Option<u32> {
    let rank = (waits.len() * percent).div_ceil(100);
    let index = rank.checked_sub(1)?;
    Some(*waits.select_nth_unstable(index).1)
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

impl Tally {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_five_percent_is_the_nearest_rank() {
        let upto = |last: u32| (1..=last).rev().collect::<Vec<u32>>();
        assert_eq!(nearest_rank(&mut [], 95), None);
        assert_eq!(nearest_rank(&mut [7], 95), Some(7));
        assert_eq!(nearest_rank(&mut upto(20), 95), Some(19));
        assert_eq!(nearest_rank(&mut upto(21), 95), Some(20));
        assert_eq!(nearest_rank(&mut upto(100), 95), Some(95));
    }
}
