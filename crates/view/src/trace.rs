//! The life of one payment.
//!
//! A trace follows the whole run, since what an event means to a payment depends on how its sender
//! stands at that moment; it keeps only what concerns the payment. It does not tell what else
//! happened to the sender.

mod json;
mod page;
mod share;
mod stays;
mod words;

use psim_model::event::{DropReason, Event, EventBatch, EventJson};
use psim_model::{Money, PaymentNo, Tick};
use serde::Serialize;
use serde_json::Value;

use crate::Fold;
use crate::filter::{EventFilter, Sieve};
use crate::nearest::nearest;
use crate::projection::Projection;
use crate::state::{Payment, Tally};
use crate::wording::Wording;
use stays::{Stay, Stays};

pub use share::DelayShare;

/// Follows one payment through a run: what happened to it, where and why it waited, what it cost.
///
/// It must be fed the whole run, like every fold, not only the events that name the payment.
#[derive(Clone, Debug)]
pub struct Trace {
    id: String,
    projection: Projection,
    sieve: Sieve,
    entries: Vec<Entry>,
    stays: Stays,
    charges: Charges,
}

/// An event that names the payment.
#[derive(Clone, Debug, Serialize)]
struct Entry {
    #[serde(skip)]
    tick: Tick,
    time: Option<String>,
    meaning: String,
    #[serde(flatten)]
    event: Value,
}

/// What the payment cost its sender.
#[derive(Clone, Copy, Debug, Default)]
struct Charges {
    deadline_penalty: Option<Money>,
    end_of_day: Tally,
    delay: DelayShare,
    /// Ticks that were charged.
    delay_ticks: u32,
}

impl Trace {
    /// Returns the trace of the payment of this id, before anything happened.
    pub fn new(payment_id: &str) -> Self {
        let filter =
            EventFilter { payment: Some(payment_id.to_owned()), ..EventFilter::everything() };
        Self {
            id: payment_id.to_owned(),
            projection: Projection::new(),
            sieve: Sieve::new(filter),
            entries: Vec::new(),
            stays: Stays::default(),
            charges: Charges::default(),
        }
    }

    /// Returns whether the payment has arrived.
    pub fn found(&self) -> bool {
        self.payment().is_some()
    }

    /// Returns ids of payments of the run that are like the one asked for, at most three, the
    /// likest first.
    pub fn suggestions(&self) -> Vec<String> {
        let is_number = !self.id.is_empty() && self.id.bytes().all(|byte| byte.is_ascii_digit());
        let asked = if is_number { format!("tx-{}", self.id) } else { self.id.clone() };
        let payments = (0..self.projection.payments().len()).map(PaymentNo::from_index);
        let ids = payments.map(|payment| self.projection.names().payment(payment));
        nearest(&asked, ids).into_iter().map(String::from).collect()
    }

    /// Returns the payment's share of its sender's delay cost so far.
    pub const fn delay_share(&self) -> DelayShare {
        self.charges.delay
    }

    /// Returns the life as a page for people; of a payment that was not found, that it was not.
    pub fn to_text(&self) -> String {
        match self.payment() {
            Some(payment) => page::write(self, payment),
            None => format!("No payment of this run is called {}\n", self.id),
        }
    }

    /// Returns the life as one JSON object: amounts in minor units; `found` is false, and nothing
    /// but the id follows, if there is no such payment.
    pub fn to_json(&self) -> Value {
        match self.payment() {
            Some(payment) => json::object(self, payment),
            None => serde_json::json!({ "found": false, "tx_id": self.id }),
        }
    }

    fn payment(&self) -> Option<&Payment> {
        self.projection.payment(self.sieve.payment()?)
    }

    /// Returns how long a stay was, if ticks have clock times.
    fn seconds(&self, stay: &Stay) -> Option<u64> {
        let clock = self.projection.calendar()?.clock()?;
        Some(u64::from(stay.ticks) * u64::from(clock.tick_seconds))
    }

    /// Takes note of an event that the state has taken in.
    fn note(&mut self, batch: &EventBatch, index: usize, event: &Event) {
        match event {
            Event::TransactionWentOverdue(overdue) => {
                self.charges.deadline_penalty = Some(overdue.deadline_penalty_cost);
            }
            Event::EndOfDayPenalty(penalty) => self.charges.end_of_day.add(penalty.amount),
            _ => {}
        }
        let payment = self.sieve.payment().and_then(|no| self.projection.payment(no));
        if let Some(payment) = payment {
            self.stays.follow(batch.tick(), payment);
        }
        let wording = Wording::new(&self.projection);
        let row = EventJson { batch, index, names: self.projection.names() };
        self.entries.push(Entry {
            tick: batch.tick(),
            time: wording.time(batch.tick()),
            meaning: words::meaning(event, &wording),
            event: serde_json::to_value(row)
                .expect("Invariant: an event consists of texts and numbers"),
        });
    }

    /// Charges the payment for the tick, if it waits.
    fn end_tick(&mut self) {
        let Some(payment) = self.payment().filter(|payment| payment.is_waiting()) else { return };
        let rates = self.projection.delay_rates();
        let share = rates.and_then(|rates| DelayShare::of_tick(rates, payment));
        self.stays.end_tick();
        if let Some(share) = share {
            self.charges.delay.add(share);
            self.charges.delay_ticks += 1;
        }
    }
}

impl Fold for Trace {
    fn observe(&mut self, batch: &EventBatch) {
        self.projection.begin(batch);
        for (index, event) in batch.events().iter().enumerate() {
            let is_named = self.sieve.matches(self.projection.names(), batch, event);
            if is_named && follows_the_costs(event) {
                self.end_tick();
            }
            self.projection.state.apply(batch, event);
            if is_named {
                self.note(batch, index, event);
            }
        }
        self.end_tick();
    }
}

/// Returns whether an event takes a payment away when the tick has been charged already.
const fn follows_the_costs(event: &Event) -> bool {
    match event {
        Event::PolicyDrop(dropped) => match dropped.reason {
            DropReason::Closed => true,
        },
        _ => false,
    }
}
