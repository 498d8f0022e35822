//! What came of all disturbances.

use std::collections::BTreeMap;

use super::disturb::{Disturbance, Ended};
use crate::say;

/// How often what happened.
#[derive(Default)]
pub(super) struct Outcomes {
    ended: BTreeMap<&'static str, u64>,
    left: BTreeMap<&'static str, u64>,
}

impl Outcomes {
    /// Counts how a disturbed command ended.
    pub(super) fn count(&mut self, disturbance: &Disturbance, ended: &Ended) {
        let name = match (disturbance, ended) {
            (_, Ended::Killed) => "killed",
            (Disturbance::Kill(_), Ended::Done) => "done before it was killed",
            (Disturbance::Kill(_), Ended::Refused { .. }) => "refused before it was killed",
            (Disturbance::Limit(_), Ended::Done) => "done within the room there was",
            (Disturbance::Limit(_), Ended::Refused { .. }) => "refused for want of room",
        };
        *self.ended.entry(name).or_default() += 1;
    }

    /// Counts what a disturbed run left.
    pub(super) fn left(&mut self, what: &'static str) {
        *self.left.entry(what).or_default() += 1;
    }

    /// Says all of it.
    pub(super) fn say(&self) {
        for (name, number) in &self.ended {
            say(&format!("{number:>6}  {name}"));
        }
        for (what, number) in &self.left {
            say(&format!("{number:>6}  left {what}"));
        }
    }
}
