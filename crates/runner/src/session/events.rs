//! Questions about events. What waits for the coming tick is among them.

use psim_model::Tick;
use psim_model::event::{EventBatch, Names};

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
    ///
    /// What waits for the coming tick is not among them again when that tick has run, if the next
    /// question begins behind the last event of this one.
    pub fn batches_since(&mut self, seq: u64) -> (impl Iterator<Item = &EventBatch>, &Names) {
        self.catch_up();
        let first = self.log.partition_point(|batch| batch.next_seq() <= seq);
        let batches = self.log[first..].iter().chain(self.waiting_batch());
        (batches, self.told.projection().names())
    }

    /// Returns the batch of the coming tick as it is, if there is such a tick.
    pub(super) fn waiting_batch(&self) -> Option<&EventBatch> {
        (!self.is_finished()).then(|| self.engine.coming_events())
    }
}
