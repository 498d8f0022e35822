//! The life of one payment.
//!
//! A trace needs its share of a run and no more: the events that name the payment, the agents as
//! they open, and what is said of the run as a whole. Ticks on which nothing of this happens need
//! no batch either, so that a store can hand over what it has found by an index. What else happened
//! to the sender is not told.

mod json;
mod life;
mod page;
mod share;
mod stays;
mod story;
mod words;

use psim_model::event::{Arrival, Cell, Event, EventBatch, FieldType, Names};
use psim_model::{PaymentNo, Tick};

use crate::Fold;
use crate::state::Setting;
use crate::wording::Wording;
use story::Story;

pub use life::Life;
pub use share::DelayShare;

/// Follows one payment through a run: what happened to it, where and why it waited, what it cost.
///
/// It may be fed the whole run or only its share, in order: events that name the payment,
/// `AgentOpened`, and events that name neither an agent nor a payment. Both give the same life.
#[derive(Clone, Debug)]
pub struct Trace {
    id: String,
    setting: Setting,
    /// The agents, and the payment if it was given its id.
    names: Names,
    /// The tick under way: those before it have ended.
    now: Tick,
    /// The payment, once it has arrived.
    found: Option<(PaymentNo, Story)>,
}

impl Trace {
    /// Returns the trace of the payment of this id, before anything happened.
    pub fn new(payment_id: &str) -> Self {
        Self {
            id: payment_id.to_owned(),
            setting: Setting::default(),
            names: Names::default(),
            now: Tick(0),
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
            story: trace.found.map(|(_, story)| story),
        }
    }

    /// Ends the ticks before `tick`: nothing has happened to the payment since the last event.
    fn go_on_to(&mut self, tick: Tick) {
        let ticks = tick.since(self.now);
        if ticks == 0 {
            return;
        }
        self.now = tick;
        if let Some((_, story)) = &mut self.found {
            story.end_ticks(ticks, self.setting.delay_rates.as_ref());
        }
    }

    fn take(&mut self, batch: &EventBatch, index: usize, event: &Event) {
        self.setting.apply(batch, event);
        match event {
            Event::AgentOpened(opened) => {
                self.names.introduce_agent(batch.text_of(opened.agent_id.id));
            }
            Event::Arrival(arrival) if self.found.is_none() => self.look_at(batch, arrival),
            _ => {}
        }
        let Some((no, story)) = &mut self.found else { return };
        if names_payment(batch, event, *no) {
            let wording = Wording::new(&self.setting, &self.names);
            story.take(batch, index, self.setting.delay_rates.as_ref(), &wording, &self.names);
        }
    }

    /// Begins the story if this is the payment that is asked for.
    fn look_at(&mut self, batch: &EventBatch, arrival: &Arrival) {
        let no = arrival.tx_id.no;
        let given = arrival.tx_id.given_id.map(|id| batch.text_of(id));
        let is_asked_for = match given {
            Some(id) => id == self.id,
            None => self.names.payment(no) == self.id,
        };
        if !is_asked_for {
            return;
        }
        if let Some(id) = given {
            self.names.introduce_payment(no, id);
        }
        self.found = Some((no, Story::begin(batch.tick(), arrival)));
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
    event.store(batch.columns(), |field, cell| {
        let is_payment = field.ty == FieldType::Payment;
        is_named |= is_payment && cell == Cell::Int(i64::from(no.0));
    });
    is_named
}
