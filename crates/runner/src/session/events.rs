//! Questions about events. What waits for the coming tick is among them.

use psim_model::Tick;
use psim_model::event::{EventBatch, EventJson, Names};

use super::Session;

impl Session {
    /// Returns the batch of a tick, as far as it has been told, and who is who.
    pub fn batch_of(&mut self, tick: Tick) -> (Option<&EventBatch>, &Names) {
        self.catch_up();
        let waiting = self.waiting_batch().filter(|batch| batch.tick() == tick);
        let batch = self.log.get(tick.0 as usize).or(waiting);
        (batch, self.told.projection().names())
    }

    /// Returns the batches that hold events from a `seq` on, in order, and who is who.
    pub fn batches_since(&mut self, seq: u64) -> (impl Iterator<Item = &EventBatch>, &Names) {
        self.catch_up();
        let first = self.log.partition_point(|batch| batch.next_seq() <= seq);
        let batches = self.log[first..].iter().chain(self.waiting_batch());
        (batches, self.told.projection().names())
    }

    /// Visits the events of a tick, in order; of the coming one those that were told already.
    pub fn tick_events(&mut self, tick: Tick) -> impl Iterator<Item = EventJson<'_>> {
        let (batch, names) = self.batch_of(tick);
        batch.into_iter().flat_map(move |batch| events(batch, 0, names))
    }

    /// Visits all events in order.
    pub fn all_events(&mut self) -> impl Iterator<Item = EventJson<'_>> {
        self.events_since(0)
    }

    /// Visits the events from a `seq` on, in order.
    ///
    /// What waits for the coming tick is not visited again when that tick has run, if the next
    /// question begins behind the last event of this one.
    pub fn events_since(&mut self, seq: u64) -> impl Iterator<Item = EventJson<'_>> {
        let (batches, names) = self.batches_since(seq);
        batches.flat_map(move |batch| {
            let before = seq.saturating_sub(batch.first_seq());
            events(batch, usize::try_from(before).unwrap_or(usize::MAX), names)
        })
    }

    /// Returns the batch of the coming tick as it is, if there is such a tick.
    pub(super) fn waiting_batch(&self) -> Option<&EventBatch> {
        (!self.is_finished()).then(|| self.told_since())
    }
}

fn events<'a>(
    batch: &'a EventBatch,
    from: usize,
    names: &'a Names,
) -> impl Iterator<Item = EventJson<'a>> {
    let indexes = from..batch.events().len();
    indexes.map(move |index| EventJson { batch, index, names })
}
