//! One line a tick.

use std::collections::BTreeMap;
use std::io;

use psim_model::event::{Event, EventBatch, LsmAlgorithm};
use psim_model::{Day, Money, Tick, Total};
use serde::Serialize;

use crate::filter::{EventFilter, Sieve};
use crate::json::minor_units;
use crate::projection::Projection;
use crate::state::Tally;
use crate::text::clock_time;

/// Writes one JSON object a line for each tick: what happened in it and what waits at its end.
///
/// What happened is counted over the events that pass the filter; the queues are always those of
/// the whole system. Ticks outside the filter's range have no line, empty ticks within it have one.
#[derive(Clone, Debug, Default)]
pub struct TickLines {
    projection: Projection,
    sieve: Sieve,
}

impl TickLines {
    /// Returns the writer before anything happened.
    pub fn new(filter: EventFilter) -> Self {
        Self { projection: Projection::new(), sieve: Sieve::new(filter) }
    }

    /// Takes in one tick and writes its line.
    ///
    /// # Errors
    ///
    /// What `out` says of a write that fails.
    pub fn write(&mut self, batch: &EventBatch, out: &mut impl io::Write) -> io::Result<()> {
        self.projection.begin(batch);
        let mut happened = Happened::default();
        let is_shown = self.sieve.shows(batch);
        for event in batch.events() {
            self.projection.state.apply(batch, event);
            if is_shown && self.sieve.matches(self.projection.names(), batch, event) {
                happened.count(batch, event);
            }
        }
        self.projection.state.end();
        if !is_shown {
            return Ok(());
        }
        let state = &self.projection.state;
        let line = TickLine {
            tick: batch.tick(),
            day: batch.day(),
            time: self.projection.calendar().and_then(|days| clock_time(days, batch.tick())),
            happened,
            queue1: state.queue1,
            queue2: state.queue2,
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")
    }
}

/// A line; the order of the fields is the order of its keys.
#[derive(Debug, Serialize)]
struct TickLine {
    tick: Tick,
    day: Day,
    time: Option<String>,
    #[serde(flatten)]
    happened: Happened,
    queue1: Tally,
    queue2: Tally,
}

/// What happened in a tick, as far as it passes the filter.
#[derive(Debug, Default, Serialize)]
struct Happened {
    events: u64,
    arrivals: Tally,
    submissions: Tally,
    settlements: Settlements,
    /// Payments that joined queue 2.
    queued: Tally,
    /// Payments that became overdue.
    overdue: Tally,
    #[serde(serialize_with = "minor_units")]
    costs: Total,
}

/// All settlements of payments, and the paths they take.
#[derive(Debug, Default, Serialize)]
struct Settlements {
    #[serde(flatten)]
    all: Tally,
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
    fn count(&mut self, batch: &EventBatch, event: &Event) {
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
