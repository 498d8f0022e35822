//! What is known from the events, taken in when somebody asks.

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_view::{Projection, RunTotals, Waits};

use super::by_day::ByDay;

/// The state that the events tell, and what is counted beside it.
#[derive(Clone, Debug, Default)]
pub(super) struct Followed {
    projection: Projection,
    totals: RunTotals,
    waits: Waits,
    by_day: ByDay,
    /// Batches taken in whole.
    ticks: usize,
    /// Events taken in of the batch after those.
    events: usize,
}

impl Followed {
    /// Takes in what is new in the log, then what waits for the coming tick.
    pub(super) fn catch_up(&mut self, log: &[EventBatch], engine: &Engine) {
        for batch in &log[self.ticks..] {
            self.take(batch);
            self.projection.end_tick();
            self.ticks += 1;
            self.events = 0;
        }
        if !engine.is_finished() {
            self.take(engine.coming_events());
        }
        self.by_day.sort_in(&engine.scenario().calendar, &self.projection);
    }

    fn take(&mut self, batch: &EventBatch) {
        let Self { projection, totals, waits, by_day, events, .. } = self;
        let mut index = *events;
        projection.observe_from(batch, *events, |projection, event| {
            totals.after(batch, event, projection);
            waits.after(batch, event, projection);
            by_day.after(batch, (index, event), projection);
            index += 1;
        });
        *events = batch.events().len();
    }

    pub(super) const fn projection(&self) -> &Projection {
        &self.projection
    }

    pub(super) const fn totals(&self) -> &RunTotals {
        &self.totals
    }

    pub(super) const fn by_day(&self) -> &ByDay {
        &self.by_day
    }

    pub(super) const fn waits(&self) -> &Waits {
        &self.waits
    }
}
