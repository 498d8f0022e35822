//! Everything stamped with one tick.

use super::{Event, Text};
use crate::{Day, TextColumn, Tick};

/// The events of one tick, in order, with the texts they refer to.
///
/// A producer takes the batch, clears it and fills it; a consumer reads it. The batch keeps its
/// memory from tick to tick. An event's `seq` is `first_seq` plus its index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventBatch {
    tick: Tick,
    day: Day,
    first_seq: u64,
    events: Vec<Event>,
    texts: TextColumn,
}

impl EventBatch {
    /// Empties the batch and stamps it anew.
    pub fn begin(&mut self, tick: Tick, day: Day, first_seq: u64) {
        self.tick = tick;
        self.day = day;
        self.first_seq = first_seq;
        self.events.clear();
        self.texts.clear();
    }

    /// Appends an event.
    pub fn push(&mut self, event: impl Into<Event>) {
        self.events.push(event.into());
    }

    /// Keeps a text for the events of this batch.
    pub fn text(&mut self, text: &str) -> Text {
        let index = self.texts.push(text);
        Text(u32::try_from(index).expect("Invariant: a tick has fewer than 2^32 texts"))
    }

    /// Returns a text that an event of this batch refers to.
    pub fn text_of(&self, text: Text) -> &str {
        self.texts.get(text.0 as usize).unwrap_or_default()
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

    /// Returns the texts that events refer to.
    pub const fn texts(&self) -> &TextColumn {
        &self.texts
    }

    /// Appends the canonical rows of all events, each opened by its tick, to `rows`.
    ///
    /// These bytes are what a stream hash is taken over.
    pub fn encode(&self, rows: &mut Vec<u8>) {
        for event in &self.events {
            rows.extend_from_slice(&self.tick.0.to_le_bytes());
            event.encode(&self.texts, rows);
        }
    }
}
