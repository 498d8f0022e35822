//! Everything that can be read off the payments once they have been followed.

use psim_model::event::DropReason;
use psim_model::{Calendar, Money, Total};

use super::{DeadlineSummary, DelaySummary, PaymentSummary, UnsettledRow};
use crate::state::{Payment, Place, Settlement, State, Tally, WaitReason, drop_phrase};

/// The measures of one pass over all payments.
#[derive(Debug, Default)]
pub(super) struct Measures {
    pub(super) payments: PaymentSummary,
    pub(super) unsettled: Vec<UnsettledRow>,
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

/// Why a payment is unsettled: dropped, and what it waited for.
type Standstill = (Option<DropReason>, Option<WaitReason>);

impl Measures {
    /// Measures the payments of a run.
    pub(super) fn of(state: &State) -> Self {
        let mut measures =
            Self { agents: vec![AgentTallies::default(); state.agents.len()], ..Self::default() };
        let mut standstills: Vec<(Standstill, Tally)> = Vec::new();
        for payment in &state.payments {
            measures.count(payment);
            if payment.settled_at().is_none() {
                let tally = entry(&mut standstills, standstill(payment));
                tally.add(payment.amount);
            }
        }
        measures.unsettled = rows(standstills);
        measures.payments.settlement_rate_count =
            measures.payments.settled.count_share_of(&measures.payments.arrived);
        measures.payments.settlement_rate_value =
            measures.payments.settled.value_share_of(&measures.payments.arrived);
        measures.delay = delays(state);
        measures
    }

    fn count(&mut self, payment: &Payment) {
        let Payment { amount, .. } = *payment;
        let sums = &mut self.payments;
        sums.arrived.add(amount);
        let sender = &mut self.agents[payment.sender.index()];
        match payment.place {
            Place::Settled { tick, how } => {
                sums.settled.add(amount);
                match how {
                    Settlement::OnEntry => sums.settled_on_entry.add(amount),
                    Settlement::FromQueue2 => sums.settled_from_queue2.add(amount),
                    Settlement::ByOffset | Settlement::InParts => {}
                }
                sender.sent.add(amount);
                self.agents[payment.receiver.index()].received.add(amount);
                if tick > payment.deadline {
                    self.deadlines.settled_late.add(amount);
                }
            }
            place => {
                sums.unsettled.add(amount);
                sender.unsettled.add(amount);
                if matches!(place, Place::Dropped { .. }) {
                    sums.dropped.add(amount);
                }
            }
        }
        if payment.overdue_since.is_some() {
            self.deadlines.overdue.add(amount);
        }
        if payment.queued_since.is_some() {
            self.ever_in_queue2.add(amount);
        }
    }
}

const fn standstill(payment: &Payment) -> Standstill {
    let dropped = match payment.place {
        Place::Dropped { reason, .. } => reason,
        _ => None,
    };
    (dropped, payment.last_reason)
}

/// Returns the tally of a key; there are few keys, so a list is as good as a map.
fn entry(tallies: &mut Vec<(Standstill, Tally)>, key: Standstill) -> &mut Tally {
    let index = tallies.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        tallies.push((key, Tally::default()));
        tallies.len() - 1
    });
    &mut tallies[index].1
}

fn rows(mut standstills: Vec<(Standstill, Tally)>) -> Vec<UnsettledRow> {
    standstills
        .sort_unstable_by_key(|(key, tally)| (std::cmp::Reverse((tally.value, tally.count)), *key));
    let row = |((dropped, waited), payments): (Standstill, Tally)| {
        let word = waited.map_or("Undecided", WaitReason::as_str);
        let phrase = waited.map_or("not yet decided on", WaitReason::phrase);
        match dropped {
            None => {
                UnsettledRow { reason: word, before: None, payments, phrase, phrase_before: None }
            }
            Some(dropped) => UnsettledRow {
                reason: dropped.as_str(),
                before: Some(word),
                payments,
                phrase: drop_phrase(Some(dropped)),
                phrase_before: Some(phrase),
            },
        }
    };
    standstills.into_iter().map(row).collect()
}

/// Measures delays. A payment's delay runs from its arrival to its settlement, but no further
/// than to the close of its day: what is unsettled then counts as delayed to the close.
fn delays(state: &State) -> DelaySummary {
    let (mut delayed, mut longest, mut arrived) = (Total::ZERO, Total::ZERO, Total::ZERO);
    let mut waits: Vec<u32> = Vec::with_capacity(state.payments.len());
    let calendar = state.setting.calendar();
    for payment in &state.payments {
        let settled_at = payment.settled_at();
        waits.extend(settled_at.map(|tick| tick.since(payment.arrival)));
        let Some(calendar) = calendar else { continue };
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

impl Tally {
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
