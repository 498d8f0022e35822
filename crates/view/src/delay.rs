//! How long payments took, and what that weighs.
//!
//! A payment's delay runs from its arrival to its settlement, but no further than to the close of
//! its day: what is unsettled then counts as delayed to the close. Of a split payment each part is
//! delayed by itself; the payment has waited when its last part settles.

use psim_model::{Calendar, Money, Tick, Total};

use crate::state::State;
use crate::summary::DelaySummary;

/// Delays weighted by value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WeightedDelay {
    /// Amounts times ticks of delay.
    delayed: Total,
    /// Amounts times the most ticks that it could have been.
    longest: Total,
    /// Amounts.
    arrived: Total,
}

impl WeightedDelay {
    /// Adds a payment that was not split.
    pub(crate) fn add(
        &mut self,
        amount: Money,
        arrival: Tick,
        settled: Option<Tick>,
        ticks_per_day: u32,
    ) {
        let (day, arrival) = (u64::from(ticks_per_day), u64::from(arrival.0));
        let close = (arrival / day + 1) * day;
        let until = settled.map_or(close, |tick| u64::from(tick.0).min(close));
        self.delayed += weighted(amount, until.saturating_sub(arrival));
        self.longest += weighted(amount, close - arrival);
        self.arrived += amount;
    }

    /// Returns the delay as a share of the longest possible.
    pub(crate) fn indicator(&self) -> Option<f64> {
        self.delayed.share_of(self.longest)
    }

    /// Returns the mean delay in ticks, by value.
    pub(crate) fn mean_ticks(&self) -> Option<f64> {
        self.delayed.share_of(self.arrived)
    }
}

fn weighted(amount: Money, ticks: u64) -> Total {
    Total::from_minor(i128::from(amount.minor()) * i128::from(ticks))
}

/// The delays of all payments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delays {
    pub(crate) by_value: WeightedDelay,
    /// Ticks from arrival to settlement of each arrival that has settled.
    pub(crate) waits: Vec<u32>,
}

impl Delays {
    /// Measures the delays of all payments.
    pub(crate) fn of(state: &State) -> Self {
        let mut delays = Self::default();
        let ticks_per_day = state.setting.calendar().map(Calendar::ticks_per_day);
        for payment in &state.payments {
            let settled_at = payment.settled_at();
            if payment.parent.is_none() {
                delays.waits.extend(settled_at.map(|tick| tick.since(payment.arrival)));
            }
            if let (Some(ticks), false) = (ticks_per_day, payment.is_split()) {
                delays.by_value.add(payment.amount, payment.arrival, settled_at, ticks);
            }
        }
        delays
    }

    /// Returns what a summary tells of them.
    pub(crate) fn summary(&self, calendar: Option<&Calendar>) -> DelaySummary {
        let mean_ticks = self.by_value.mean_ticks();
        let number = self.waits.len() as f64;
        let wait_sum: u64 = self.waits.iter().map(|wait| u64::from(*wait)).sum();
        DelaySummary {
            indicator: self.by_value.indicator(),
            mean_ticks_by_value: mean_ticks,
            mean_minutes_by_value: mean_ticks.and_then(|ticks| minutes(ticks, calendar)),
            settled_wait_ticks_mean: (number > 0.0).then(|| wait_sum as f64 / number),
            settled_wait_ticks_max: self.waits.iter().max().copied(),
            settled_wait_ticks_p95: nearest_rank(&mut self.waits.clone(), 95),
        }
    }
}

/// Returns what ticks are in minutes, if they have clock times.
pub(crate) fn minutes(ticks: f64, calendar: Option<&Calendar>) -> Option<f64> {
    let clock = calendar.and_then(Calendar::clock)?;
    Some(ticks * f64::from(clock.tick_seconds) / 60.0)
}

/// Returns the smallest wait that at least so many percent of all do not exceed.
pub(crate) fn nearest_rank(waits: &mut [u32], percent: usize) -> Option<u32> {
    let rank = (waits.len() * percent).div_ceil(100);
    let index = rank.checked_sub(1)?;
    Some(*waits.select_nth_unstable(index).1)
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
