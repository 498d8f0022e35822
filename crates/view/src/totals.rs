//! Settlements and delays of a run, counted as they happen.

use std::collections::BTreeMap;

use psim_model::event::{Event, EventBatch, SplitOutcome};
use psim_model::{Money, PaymentNo};
use serde::Serialize;

use crate::Projection;
use crate::moves::{moved_balances, settled_payments};
use crate::state::{AgentState, plus};

/// What is counted beside a [`Projection`] that takes in the events one by one, so that nobody has
/// to look at all payments to know it.
#[derive(Clone, Debug, Default)]
pub struct RunTotals {
    counts: Counts,
    /// Ticks from arrival to settlement, of the settled arrivals.
    delay_sum: u64,
    delay_max: Option<u32>,
    peak_overdraft: Money,
    /// Payments that were split.
    splits: BTreeMap<PaymentNo, Split>,
    /// Deadline penalties booked, by payment.
    penalties: BTreeMap<PaymentNo, Money>,
}

/// How many payments there are. One that was split is settled when its last part is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All: arrivals and parts.
    pub total_transactions: u64,
    /// Those that are no part of another.
    pub arrivals: u64,
    /// Parts.
    pub children: u64,
    /// Arrivals that have settled.
    pub settled_arrivals: u64,
    /// Parts that have settled.
    pub settled_children: u64,
}

#[derive(Clone, Copy, Debug)]
struct Split {
    first_part: PaymentNo,
    settled: Money,
}

impl RunTotals {
    /// Takes note of an event that `projection` has just taken in.
    pub fn after(&mut self, batch: &EventBatch, event: &Event, projection: &Projection) {
        if let Some((payment, penalty)) = event.deadline_penalty() {
            self.penalties.insert(payment, penalty);
        }
        match event {
            Event::Arrival(_) => {
                self.counts.arrivals += 1;
                self.counts.total_transactions += 1;
            }
            Event::PolicySplit(split) => {
                self.counts.children += u64::from(split.num_splits);
                self.counts.total_transactions += u64::from(split.num_splits);
                if let Some(first_part) = split.child_ids.of(batch.columns()).first().copied() {
                    let settled = Money::ZERO;
                    self.splits.insert(split.tx_id, Split { first_part, settled });
                }
            }
            Event::SplitCompleted(completed) if completed.outcome == SplitOutcome::Settled => {
                self.note_settled(projection, completed.tx_id);
            }
            event => {
                settled_payments(batch, event, |no| {
                    self.note_settled(projection, no);
                    self.note_part(projection, no);
                });
            }
        }
        moved_balances(batch, event, |agent| {
            let used = projection.agent(agent).map_or(Money::ZERO, AgentState::credit_used);
            self.peak_overdraft = self.peak_overdraft.max(used);
        });
    }

    fn note_settled(&mut self, projection: &Projection, no: PaymentNo) {
        let Some(payment) = projection.payment(no) else { return };
        let Some(tick) = payment.settled_at() else { return };
        if payment.parent.is_some() {
            self.counts.settled_children += 1;
            return;
        }
        let delay = tick.since(payment.arrival);
        self.counts.settled_arrivals += 1;
        self.delay_sum += u64::from(delay);
        self.delay_max = self.delay_max.max(Some(delay));
    }

    /// Counts what has settled towards all of which it is a part.
    fn note_part(&mut self, projection: &Projection, no: PaymentNo) {
        let Some(payment) = projection.payment(no) else { return };
        for whole in payment.wholes(projection.payments()) {
            let Some(split) = self.splits.get_mut(&whole) else { return };
            split.settled = plus(split.settled, payment.amount);
        }
    }

    /// Returns how many payments there are.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the mean ticks from arrival to settlement of the arrivals that have settled.
    pub fn mean_wait_ticks(&self) -> Option<f64> {
        let settled = self.counts.settled_arrivals;
        (settled > 0).then(|| self.delay_sum as f64 / settled as f64)
    }

    /// Returns the most ticks from arrival to settlement of an arrival that has settled.
    pub const fn max_wait_ticks(&self) -> Option<u32> {
        self.delay_max
    }

    /// Returns how far below zero a balance has been at most, in minor units.
    pub const fn peak_overdraft(&self) -> Money {
        self.peak_overdraft
    }

    /// Returns what of a split payment has settled, in minor units; `None` for one that was not
    /// split.
    pub fn settled_in_parts(&self, payment: PaymentNo) -> Option<Money> {
        self.splits.get(&payment).map(|split| split.settled)
    }

    /// Returns which part a payment is of the one that was split into it, from 0.
    pub fn part_index(&self, part: PaymentNo, parent: PaymentNo) -> Option<u32> {
        part.0.checked_sub(self.splits.get(&parent)?.first_part.0)
    }

    /// Returns the deadline penalty that was booked for a payment, in minor units; `None` if none
    /// was.
    pub fn deadline_penalty(&self, payment: PaymentNo) -> Option<Money> {
        self.penalties.get(&payment).copied()
    }
}
