//! What happened in a tick, in figures.

use std::collections::BTreeMap;

use psim_model::event::{Event, EventBatch, LsmAlgorithm};
use psim_model::{Money, Total};
use serde::Serialize;

use crate::json::minor_units;
use crate::state::Tally;

/// What happened in a tick, as far as it is counted.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Happened {
    events: u64,
    pub(crate) arrivals: Tally,
    submissions: Tally,
    pub(crate) settlements: Settlements,
    /// Payments that joined queue 2.
    queued: Tally,
    /// Payments that became overdue.
    overdue: Tally,
    #[serde(serialize_with = "minor_units")]
    pub(crate) costs: Total,
}

/// All settlements of payments, and the paths they take.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Settlements {
    #[serde(flatten)]
    pub(crate) all: Tally,
    on_entry: Tally,
    from_queue2: Tally,
    entry_offset: Tally,
    by_algorithm: ByAlgorithm,
}

/// What algorithms have settled; an algorithm that settles nothing has no key.
#[derive(Debug, Default, Serialize)]
struct ByAlgorithm {
    #[serde(flatten)]
    all: Tally,
    #[serde(flatten)]
    each: BTreeMap<LsmAlgorithm, Tally>,
}

impl Happened {
    /// Returns all that happened in a tick.
    pub(crate) fn in_tick(batch: &EventBatch) -> Self {
        let mut happened = Self::default();
        batch.events().iter().for_each(|event| happened.count(batch, event));
        happened
    }

    /// Counts an event of a batch.
    pub(crate) fn count(&mut self, batch: &EventBatch, event: &Event) {
        self.events += 1;
        match event {
            Event::Arrival(arrival) => self.arrivals.add(arrival.amount),
            Event::RtgsSubmission(submission) => self.submissions.add(submission.amount),
            Event::RtgsImmediateSettlement(settled) => {
                self.settlements.all.add(settled.amount);
                self.settlements.on_entry.add(settled.amount);
            }
            Event::Queue2LiquidityRelease(settled) => {
                self.settlements.all.add(settled.amount);
                self.settlements.from_queue2.add(settled.amount);
            }
            Event::QueuedRtgs(queued) => self.queued.add(queued.amount),
            Event::TransactionWentOverdue(overdue) => self.overdue.add(overdue.remaining_amount),
            Event::CostAccrual(accrual) => self.costs += accrual.total,
            // The others are counted among the events and nowhere else: they explain what others
            // have booked, or change nothing that a line tells.
            event => {
                if let Some(set) = event.settled_set() {
                    let amounts = set.tx_amounts.of(batch.columns());
                    self.settlements.count_set(set.algorithm, amounts);
                }
            }
        }
    }
}

impl Settlements {
    fn count_set(&mut self, algorithm: Option<LsmAlgorithm>, amounts: &[Money]) {
        for amount in amounts {
            self.all.add(*amount);
            match algorithm {
                None => self.entry_offset.add(*amount),
                Some(algorithm) => {
                    self.by_algorithm.all.add(*amount);
                    self.by_algorithm.each.entry(algorithm).or_default().add(*amount);
                }
            }
        }
    }
}
