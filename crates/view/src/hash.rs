//! One value that changes if any event does.

use std::fmt;

use psim_model::Day;
use psim_model::event::EventBatch;

use crate::Fold;

/// A BLAKE3 hash over all events up to the end of a day.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayHash(blake3::Hash);

impl DayHash {
    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

/// Shows the hash in hexadecimal.
impl fmt::Display for DayHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for DayHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// BLAKE3 over the canonical rows of the stream, chained per day: a day's hash is taken over the
/// hash of the day before (nothing, for the first) followed by the rows of the day.
///
/// Two streams that part show so from the day on which they part. Ticks without events leave
/// no trace.
#[derive(Clone, Debug, Default)]
pub struct StreamHash {
    closed: Vec<DayHash>,
    day: Day,
    hasher: blake3::Hasher,
    has_rows: bool,
    rows: Vec<u8>,
}

impl StreamHash {
    /// Returns the hash of a stream without events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the hash of all events so far, in hexadecimal.
    pub fn total(&self) -> String {
        self.current().to_string()
    }

    /// Returns the hash at the end of each day that had events; the last may still change.
    pub fn days(&self) -> Vec<DayHash> {
        let mut days = self.closed.clone();
        days.extend(self.has_rows.then(|| self.current()));
        days
    }

    fn current(&self) -> DayHash {
        DayHash(self.hasher.finalize())
    }

    fn close_day(&mut self) {
        let hash = self.current();
        self.closed.push(hash);
        self.hasher.reset();
        self.hasher.update(hash.as_bytes());
    }
}

impl Fold for StreamHash {
    fn observe(&mut self, batch: &EventBatch) {
        if batch.events().is_empty() {
            return;
        }
        if self.has_rows && batch.day() != self.day {
            self.close_day();
        }
        self.day = batch.day();
        self.has_rows = true;
        self.rows.clear();
        batch.encode(&mut self.rows);
        self.hasher.update(&self.rows);
    }
}
