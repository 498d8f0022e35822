//! Whether the same payments arrived in two runs.

use psim_model::event::{Arrival, Event, EventBatch, Names};

/// A hash of all arrivals, by the ids of the agents.
#[derive(Clone, Debug, Default)]
pub(crate) struct ArrivalsDigest {
    hasher: blake3::Hasher,
    names: Names,
}

impl ArrivalsDigest {
    pub(crate) fn observe(&mut self, batch: &EventBatch) {
        self.names.observe(batch);
        for event in batch.events() {
            if let Event::Arrival(arrival) = event {
                self.take(batch, arrival);
            }
        }
    }

    fn take(&mut self, batch: &EventBatch, arrival: &Arrival) {
        let given = arrival.tx_id.given_id.map(|id| batch.text_of(id));
        let texts = [
            self.names.agent(arrival.sender_id),
            self.names.agent(arrival.receiver_id),
            given.unwrap_or_default(),
        ];
        for text in texts {
            self.hasher.update(&(text.len() as u64).to_le_bytes());
            self.hasher.update(text.as_bytes());
        }
        self.hasher.update(&arrival.amount.minor().to_le_bytes());
        let earliest = arrival.earliest_tick.unwrap_or(batch.tick());
        for tick in [batch.tick(), arrival.deadline_tick, earliest] {
            self.hasher.update(&tick.0.to_le_bytes());
        }
        let divisible = arrival.divisible.map_or(2, u8::from);
        self.hasher.update(&[arrival.priority.get(), divisible]);
        self.hasher.update(arrival.rtgs_priority.as_str().as_bytes());
    }

    /// Returns the hash so far, in hexadecimal.
    pub(crate) fn finish(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}
