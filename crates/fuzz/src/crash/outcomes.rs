//! What came of all disturbances.

use std::collections::BTreeMap;

use super::disturb::{Disturbance, Ended};
use crate::say;

/// How often what happened.
#[derive(Default)]
pub(super) struct Outcomes {
    ended: BTreeMap<&'static str, u64>,
    left: BTreeMap<(&'static str, &'static str), u64>,
    beside: BTreeMap<&'static str, u64>,
}

impl Outcomes {
    /// Counts how a disturbed command ended.
    pub(super) fn count(&mut self, disturbance: &Disturbance, ended: &Ended) {
        let name = match (disturbance, ended) {
            (Disturbance::KillEarly(_), Ended::Killed) => "killed as the tables were made",
            (Disturbance::KillEarly(_), _) => "ended before the tables were made",
            (Disturbance::Kill(_), Ended::Killed) => "killed",
            (Disturbance::Kill(_), Ended::Done { .. }) => "done before it was killed",
            (Disturbance::Kill(_), Ended::Refused { .. }) => "refused before it was killed",
            (Disturbance::Limit(_), Ended::Done { .. }) => "done within the longest file",
            (Disturbance::Limit(_), _) => "refused a longer file",
            (Disturbance::Full(_), Ended::Done { .. }) => "done on a small file system",
            (Disturbance::Full(_), _) => "refused on a full file system",
            (Disturbance::Fail { .. }, Ended::Done { though: true }) => "done though calls failed",
            (Disturbance::Fail { .. }, Ended::Done { .. }) => "done before a call failed",
            (Disturbance::Fail { .. }, _) => "refused when a call failed",
        };
        *self.ended.entry(name).or_default() += 1;
    }

    /// Counts a command beside the run.
    pub(super) fn beside(&mut self, name: &'static str) {
        *self.beside.entry(name).or_default() += 1;
    }

    /// Counts what was left at a time.
    pub(super) fn left(&mut self, when: &'static str, what: &'static str) {
        *self.left.entry((when, what)).or_default() += 1;
    }

    /// Says all of it.
    pub(super) fn say(&self) {
        for (name, number) in &self.ended {
            say(&format!("{number:>6}  {name}"));
        }
        for (name, number) in &self.beside {
            say(&format!("{number:>6}  times `{name}` beside the run"));
        }
        for ((when, what), number) in &self.left {
            say(&format!("{number:>6}  left {what} {when}"));
        }
    }
}
