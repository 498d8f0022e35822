//! The life of one payment.
//!
//! A trace needs its share of a run and no more: the events that name the payment or one that it is
//! a part of, the agents as they open, what they reserve, and what is said of the run as a whole.
//! Ticks on which nothing of this happens need no batch either, so that a store can hand over what
//! it has found by an index. What else happened to the sender is not told.

mod json;
mod life;
mod lineage;
mod lives;
mod page;
mod share;
mod stays;
mod story;
mod words;

use std::collections::BTreeMap;

use psim_model::event::{Arrival, Event, EventBatch, Names, PolicySplit};
use psim_model::{AgentNo, PaymentNo, Reservations, Tick};

use crate::Fold;
use crate::mentions::{Mention, mentions};
use crate::state::{Payment, Setting};
use crate::wording::Wording;
use lineage::Lineage;
use story::Story;

pub use life::Life;
pub use lives::{LifeLine, Lives};
pub(crate) use share::Charged;
pub use share::DelayShare;

/// Follows one payment through a run: what happened to it, where and why it waited, what it cost.
///
/// It may be fed the whole run or only its share, in order: events that name the payment or one
/// that it is a part of, `AgentOpened`, and events that name neither an agent nor a payment. Both
/// give the same life; only the ids that other payments were given are not in the share, so who
/// feeds no more than that begins [with them](Trace::with_names).
#[derive(Clone, Debug)]
pub struct Trace {
    id: String,
    setting: Setting,
    names: Names,
    /// Of agents that have reserved something.
    reservations: BTreeMap<AgentNo, Reservations>,
    /// The tick under way: those before it have ended.
    now: Tick,
    /// The payments of which it may be a part, until it is found.
    lineage: Lineage,
    /// The payment, once there is one.
    found: Option<Story>,
}

impl Trace {
    /// Returns the trace of the payment of this id, before anything happened.
    pub fn new(payment_id: &str) -> Self {
        Self::with_names(payment_id, Names::default())
    }

    /// Returns the trace of the payment of this id, before anything happened but with the ids of
    /// the run known.
    pub fn with_names(payment_id: &str, names: Names) -> Self {
        Self {
            id: payment_id.to_owned(),
            setting: Setting::default(),
            names,
            reservations: BTreeMap::new(),
            now: Tick(0),
            lineage: Lineage::of(payment_id),
            found: None,
        }
    }

    /// Returns the life of the payment in a run of which so many ticks are over; may be asked for
    /// at any time.
    pub fn finish(&self, ticks_done: u32) -> Life {
        let mut trace = self.clone();
        trace.go_on_to(Tick(ticks_done));
        Life {
            id: trace.id,
            setting: trace.setting,
            names: trace.names,
            last_tick: Tick(ticks_done.saturating_sub(1)),
            story: trace.found,
        }
    }

    /// Ends the ticks before `tick`: nothing has happened to the payment since the last event.
    fn go_on_to(&mut self, tick: Tick) {
        let ticks = tick.since(self.now);
        if ticks == 0 {
            return;
        }
        self.now = tick;
        if let Some(story) = &mut self.found {
            story.end_ticks(ticks, self.setting.delay_rates.as_ref());
        }
    }

    fn take(&mut self, batch: &EventBatch, index: usize, event: &Event) {
        self.setting.apply(batch, event);
        self.introduce(batch, event);
        if let Event::ReservationsSet(set) = event {
            self.reservations.insert(
                set.agent_id,
                Reservations { highly_urgent: set.highly_urgent, urgent: set.urgent },
            );
        }
        if self.found.is_none() {
            match event {
                Event::Arrival(arrival) => self.look_at(batch, arrival),
                Event::PolicySplit(split) => self.look_at_parts(batch, split),
                _ => {}
            }
        }
        match &mut self.found {
            None => self.lineage.follow(batch, event),
            Some(story) if names_payment(batch, event, story.no) => {
                let wording = Wording::new(&self.setting, &self.names);
                let reserved = self.reservations.get(&story.payment.sender);
                story.reservations = reserved.copied().unwrap_or_default();
                story.take(batch, index, self.setting.delay_rates.as_ref(), &wording, &self.names);
            }
            Some(_) => {}
        }
    }

    /// Learns the ids that were not known from the start.
    fn introduce(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::AgentOpened(opened)
                if opened.agent_id.no.index() == self.names.agent_count() =>
            {
                self.names.introduce_agent(batch.text_of(opened.agent_id.id));
            }
            Event::Arrival(arrival) => {
                let no = arrival.tx_id.no;
                if let (Some(id), None) = (arrival.tx_id.given_id, self.names.given_id(no)) {
                    self.names.introduce_payment(no, batch.text_of(id));
                }
            }
            _ => {}
        }
    }

    /// Begins the story if this is the payment that is asked for.
    fn look_at(&mut self, batch: &EventBatch, arrival: &Arrival) {
        let no = arrival.tx_id.no;
        let payment = Payment::arrived(batch.tick(), arrival);
        let is_asked_for = match arrival.tx_id.given_id {
            Some(id) => batch.text_of(id) == self.id,
            None => self.names.payment(no) == self.id,
        };
        if is_asked_for {
            self.found = Some(Story::begin(no, payment));
        } else {
            self.lineage.add(no, payment);
        }
    }

    /// Begins the story if the payment that is asked for is one of these parts.
    fn look_at_parts(&mut self, batch: &EventBatch, split: &PolicySplit) {
        let Some(parent) = self.lineage.get(split.tx_id) else { return };
        let columns = batch.columns();
        let parts = split.child_ids.of(columns).iter().zip(split.child_amounts.of(columns));
        for (index, (no, amount)) in (0..).zip(parts) {
            let part = parent.part(batch.tick(), split, index, *amount);
            if self.names.payment(*no) == self.id {
                self.found = Some(Story::begin(*no, part));
                return;
            }
            self.lineage.add(*no, part);
        }
    }
}

impl Fold for Trace {
    fn observe(&mut self, batch: &EventBatch) {
        self.go_on_to(batch.tick());
        for (index, event) in batch.events().iter().enumerate() {
            self.take(batch, index, event);
        }
    }
}

fn names_payment(batch: &EventBatch, event: &Event, no: PaymentNo) -> bool {
    let mut is_named = false;
    mentions(batch, event, |mention| is_named |= mention == Mention::Payment(no));
    is_named
}
