//! The first place where two event streams part.

use psim_model::event::{EventBatch, Names};

use crate::transcript::EventLine;

/// How many agreeing events before a difference are shown.
const CONTEXT_EVENTS: usize = 5;

/// A comparison of two streams, tick by tick; it knows the names that the expected one gave.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    names: Names,
}

impl Comparison {
    /// Takes in the next tick of both streams.
    ///
    /// Stamps and canonical rows are compared: what two streams agree on is equal byte for byte.
    ///
    /// # Errors
    ///
    /// Where they part, in words.
    pub fn next(&mut self, expected: &EventBatch, found: &EventBatch) -> Result<(), String> {
        self.names.observe(expected);
        let (due, got) = (stamp(expected), stamp(found));
        if due != got {
            return Err(format!("(tick, day, first seq): {due:?} expected, {got:?} found"));
        }
        let longest = expected.events().len().max(found.events().len());
        match (0..longest).find(|index| row(expected, *index) != row(found, *index)) {
            Some(at) => Err(self.describe(expected, found, at)),
            None => Ok(()),
        }
    }

    fn describe(&self, expected: &EventBatch, found: &EventBatch, at: usize) -> String {
        let mut lines: Vec<String> = (at.saturating_sub(CONTEXT_EVENTS)..at)
            .map(|index| format!("    both: {}", self.line(expected, index)))
            .collect();
        lines.push(format!("expected: {}", self.line(expected, at)));
        lines.push(format!("   found: {}", self.line(found, at)));
        lines.join("\n")
    }

    fn line(&self, batch: &EventBatch, index: usize) -> String {
        if index < batch.events().len() {
            format!("{:#}", EventLine { batch, index, names: &self.names })
        } else {
            "no further event in this tick".to_owned()
        }
    }
}

/// Compares two whole streams.
///
/// # Errors
///
/// Where they part, in words.
pub fn streams(expected: &[EventBatch], found: &[EventBatch]) -> Result<(), String> {
    let mut comparison = Comparison::default();
    for (expected, found) in expected.iter().zip(found) {
        comparison.next(expected, found)?;
    }
    if expected.len() == found.len() {
        return Ok(());
    }
    Err(format!("{} ticks were expected, {} found", expected.len(), found.len()))
}

fn stamp(batch: &EventBatch) -> (u32, u32, u64) {
    (batch.tick().0, batch.day().0, batch.first_seq())
}

fn row(batch: &EventBatch, index: usize) -> Option<Vec<u8>> {
    let mut row = Vec::new();
    batch.events().get(index)?.encode(batch.columns(), &mut row);
    Some(row)
}
