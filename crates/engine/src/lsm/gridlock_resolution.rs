//! `gridlock_resolution`: the most that can settle together when each agent's payments settle in
//! queue order (Bech and Soramäki, "Gridlock resolution in interbank payment systems", 2001).

use super::view::View;
use super::{Algorithm, Set, Steps, prefixes};

/// Looks at the whole queue, once.
#[derive(Debug, Default)]
pub(super) struct GridlockResolution {
    is_over: bool,
}

impl Algorithm for GridlockResolution {
    fn next_set(&mut self, view: &View<'_>, steps: &mut Steps) -> Option<Set> {
        if std::mem::replace(&mut self.is_over, true) {
            return None;
        }
        let queues = view.senders().map(|sender| (sender, view.queue_of(sender))).collect();
        let found = prefixes::longest(*view, queues, steps)?.concat();
        (!found.is_empty()).then_some(Set::Batch(found))
    }
}
