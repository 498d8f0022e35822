//! One line a tick.

use std::io;

use psim_model::event::EventBatch;
use psim_model::{Day, Tick};
use serde::Serialize;

use crate::filter::{EventFilter, Sieve};
use crate::happened::Happened;
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
