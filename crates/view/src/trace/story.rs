//! What is kept of a payment while its run goes on.

use psim_model::event::{DelayRatesSet, DropReason, Event, EventBatch, EventJson, Names};
use psim_model::{Money, PaymentNo, Reservations, Tick};
use serde::Serialize;
use serde_json::Value;

use super::lineage::is_made_by;
use super::share::DelayShare;
use super::stays::Stays;
use super::words;
use crate::mentions::decision_path;
use crate::state::{Payment, Tally};
use crate::wording::Wording;

/// A payment, what happened to it, where it waited and what it cost, up to now.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) no: PaymentNo,
    pub(super) payment: Payment,
    /// What its sender reserves, as of the event at hand.
    pub(super) reservations: Reservations,
    /// What it was split into.
    pub(super) parts: Vec<PaymentNo>,
    pub(super) entries: Vec<Entry>,
    pub(super) stays: Stays,
    pub(super) charges: Charges,
}

/// An event that names the payment.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(skip)]
    pub(super) tick: Tick,
    pub(super) time: Option<String>,
    pub(super) meaning: String,
    /// The way through the sender's tree that led to it, if that is traced.
    #[serde(skip)]
    pub(super) path: Option<String>,
    #[serde(flatten)]
    pub(super) event: Value,
}

/// What the payment cost its sender.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Charges {
    pub(super) deadline_penalty: Option<Money>,
    pub(super) split_friction: Option<Money>,
    pub(super) end_of_day: Tally,
    pub(super) delay: DelayShare,
    /// Ticks that were charged.
    pub(super) delay_ticks: u32,
}

impl Story {
    /// Begins with a payment that arrives or is made as a part; the event that says so is still to
    /// be taken in.
    pub(super) fn begin(no: PaymentNo, payment: Payment) -> Self {
        Self {
            no,
            payment,
            reservations: Reservations::default(),
            parts: Vec::new(),
            entries: Vec::new(),
            stays: Stays::default(),
            charges: Charges::default(),
        }
    }

    /// Takes in an event that names the payment, and tells it.
    pub(super) fn take(
        &mut self,
        batch: &EventBatch,
        index: usize,
        rates: Option<&DelayRatesSet>,
        wording: &Wording,
        names: &Names,
    ) {
        let path = self.follow(batch, index, rates);
        self.entries.push(Entry {
            tick: batch.tick(),
            time: wording.at(batch.tick()).time,
            meaning: words::meaning(batch, &batch.events()[index], self, wording),
            path: path.map(str::to_owned),
            event: serde_json::to_value(EventJson { batch, index, names })
                .expect("Invariant: an event consists of texts and numbers"),
        });
    }

    /// Takes in an event that names the payment; returns the way through its sender's tree that
    /// led to it, if that is traced.
    pub(super) fn follow<'a>(
        &mut self,
        batch: &'a EventBatch,
        index: usize,
        rates: Option<&DelayRatesSet>,
    ) -> Option<&'a str> {
        let (tick, event) = (batch.tick(), &batch.events()[index]);
        if follows_the_costs(event) {
            self.end_ticks(1, rates);
        }
        let is_about_it = !is_made_by(self.no, event);
        if is_about_it {
            self.payment.follow(tick, event);
            self.charge(batch, event);
        }
        self.stays.follow(tick, &self.payment, own_words(batch, event));
        decision_path(batch, event).filter(|_| is_about_it)
    }

    /// Takes note of what an event charges for the payment, and of the parts it makes.
    fn charge(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::TransactionWentOverdue(overdue) => {
                self.charges.deadline_penalty = Some(overdue.deadline_penalty_cost);
            }
            Event::PolicyDrop(dropped) if dropped.deadline_penalty_cost != Money::ZERO => {
                self.charges.deadline_penalty = Some(dropped.deadline_penalty_cost);
            }
            Event::EndOfDayPenalty(penalty) => self.charges.end_of_day.add(penalty.amount),
            Event::PolicySplit(split) => {
                self.charges.split_friction = Some(split.split_friction_cost);
                self.parts.extend(split.child_ids.of(batch.columns()));
            }
            _ => {}
        }
    }

    /// Charges the payment, if it waits, for ticks that end with it where it is.
    pub(super) fn end_ticks(&mut self, ticks: u32, rates: Option<&DelayRatesSet>) {
        self.stays.end_ticks(ticks);
        if let Some(share) = rates.and_then(|rates| DelayShare::of_tick(rates, &self.payment)) {
            self.charges.delay.add(share.times(ticks));
            self.charges.delay_ticks = self.charges.delay_ticks.saturating_add(ticks);
        }
    }
}

/// Returns the words of its own with which a policy holds a payment.
fn own_words<'a>(batch: &'a EventBatch, event: &Event) -> Option<&'a str> {
    match event {
        Event::PolicyHold(hold) => hold.detail.map(|words| batch.text_of(words)),
        _ => None,
    }
}

/// Returns whether an event takes a payment away when the tick has been charged already.
const fn follows_the_costs(event: &Event) -> bool {
    match event {
        Event::PolicyDrop(dropped) => match dropped.reason {
            DropReason::Closed => true,
            DropReason::PolicyDecision => false,
        },
        _ => false,
    }
}
