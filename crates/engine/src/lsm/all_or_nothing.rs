//! `all_or_nothing`: the whole queue settles, or none of it.

use super::view::View;
use super::{Algorithm, Set, Steps, prefixes};

/// Looks at the whole queue, once.
#[derive(Debug, Default)]
pub(super) struct AllOrNothing {
    is_over: bool,
}

impl Algorithm for AllOrNothing {
    fn next_set(&mut self, view: &View<'_>, _: &mut Steps) -> Option<Set> {
        if std::mem::replace(&mut self.is_over, true) {
            return None;
        }
        let queues = view.senders().map(|sender| (sender, view.queue_of(sender))).collect();
        // The first payment to be left out ends it.
        let whole = prefixes::longest(*view, queues, &mut Steps::new(Some(0)))?.concat();
        (!whole.is_empty()).then_some(Set::Batch(whole))
    }
}
