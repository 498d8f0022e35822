//! What was found wrong so far: of very many faults the first are kept, the rest is counted.

use crate::fault::{Fault, Path};

/// Most faults of a document that are kept one by one.
const MOST: usize = 1_000;
/// After so many faults nobody reads what was perhaps meant.
const MOST_SUGGESTED: usize = 100;

/// Faults as they are found.
#[derive(Default)]
pub(super) struct Found {
    faults: Vec<Fault>,
    /// How many more there were, and how many of those the predecessor would have noticed too.
    more: usize,
    more_noticed: usize,
    is_noticed: bool,
}

impl Found {
    /// Notes that one more is found; returns whether it is to be kept.
    pub(super) fn count(&mut self, was_ignored: bool) -> bool {
        self.is_noticed |= !was_ignored;
        if self.faults.len() < MOST {
            return true;
        }
        self.more = self.more.saturating_add(1);
        self.more_noticed = self.more_noticed.saturating_add(usize::from(!was_ignored));
        false
    }

    /// Keeps one.
    pub(super) fn keep(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Returns whether anyone may still read a suggestion.
    pub(super) fn has_readers(&self) -> bool {
        self.faults.len() < MOST_SUGGESTED
    }

    /// Returns whether there is none, but for what the predecessor took no notice of if that is
    /// allowed.
    pub(super) fn is_sound(&self, predecessor: bool) -> bool {
        if predecessor { !self.is_noticed } else { self.faults.is_empty() }
    }

    /// Returns the faults; a last one stands for those that were not kept.
    pub(super) fn into_faults(mut self) -> Vec<Fault> {
        if self.more > 0 {
            let faults = if self.more == 1 { "fault" } else { "faults" };
            let message = format!("{} more {faults} in this document", self.more);
            let fault = Fault::new(Path::default(), message);
            let was_ignored = self.more_noticed == 0;
            self.faults.push(Fault { was_ignored, stands_for: self.more, ..fault });
        }
        self.faults
    }
}
