//! Everything stamped with one tick.

use serde::{Deserialize, Serialize};

use super::columns::{AgentList, Columns, MoneyList, PaymentList};
use super::{Event, Text};
use crate::{AgentNo, Day, Money, PaymentNo, Tick};

/// The events of one tick, in order, with the texts and lists they refer to.
///
/// A producer takes the batch, clears it and fills it; a consumer reads it. The batch keeps its
/// memory from tick to tick. An event's `seq` is `first_seq` plus its index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventBatch {
    tick: Tick,
    day: Day,
    first_seq: u64,
    events: Vec<Event>,
    columns: Columns,
}

impl EventBatch {
    /// Empties the batch and stamps it anew.
    pub fn begin(&mut self, tick: Tick, day: Day, first_seq: u64) {
        self.tick = tick;
        self.day = day;
        self.first_seq = first_seq;
        self.events.clear();
        self.columns.clear();
    }

    /// Appends an event.
    pub fn push(&mut self, event: impl Into<Event>) {
        self.events.push(event.into());
    }

    /// Keeps a text for the events of this batch.
    pub fn text(&mut self, text: &str) -> Text {
        let index = self.columns.texts.push(text);
        Text(u32::try_from(index).expect("Invariant: a tick has fewer than 2^32 texts"))
    }

    /// Keeps a list of payments for the events of this batch.
    pub fn payments(&mut self, payments: impl IntoIterator<Item = PaymentNo>) -> PaymentList {
        PaymentList::keep(&mut self.columns, payments)
    }

    /// Keeps a list of agents for the events of this batch.
    pub fn agents(&mut self, agents: impl IntoIterator<Item = AgentNo>) -> AgentList {
        AgentList::keep(&mut self.columns, agents)
    }

    /// Keeps a list of amounts for the events of this batch.
    pub fn amounts(&mut self, amounts: impl IntoIterator<Item = Money>) -> MoneyList {
        MoneyList::keep(&mut self.columns, amounts)
    }

    /// Returns a text that an event of this batch refers to.
    pub fn text_of(&self, text: Text) -> &str {
        self.columns.texts.get(text.0 as usize).unwrap_or_default()
    }

    /// Returns the tick.
    pub const fn tick(&self) -> Tick {
        self.tick
    }

    /// Returns the day.
    pub const fn day(&self) -> Day {
        self.day
    }

    /// Returns the `seq` of the first event.
    pub const fn first_seq(&self) -> u64 {
        self.first_seq
    }

    /// Returns the `seq` that the event after the last will have.
    pub const fn next_seq(&self) -> u64 {
        self.first_seq + self.events.len() as u64
    }

    /// Returns the events in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns the texts and lists that events refer to.
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) const fn columns_mut(&mut self) -> &mut Columns {
        &mut self.columns
    }

    /// Appends the canonical rows of all events, each opened by its tick, to `rows`.
    ///
    /// These bytes are what a stream hash is taken over.
    pub fn encode(&self, rows: &mut Vec<u8>) {
        for event in &self.events {
            rows.extend_from_slice(&self.tick.0.to_le_bytes());
            event.encode(&self.columns, rows);
        }
    }
}
