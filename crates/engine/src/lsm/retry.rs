//! `retry`: each queued payment by itself, once, in queue order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use psim_model::{AgentNo, PaymentNo};

use super::view::View;
use super::{Algorithm, Set, Steps};
use crate::queue2::Key;

/// One walk from the front of queue 2 to its end, against what is available at each place.
#[derive(Debug, Default)]
pub(super) struct Retry {
    /// The next place at which each sender may have something to settle; none before the start.
    planned: Option<BinaryHeap<Reverse<(Key, AgentNo, PaymentNo)>>>,
    /// The two agents of the payment that settled last, and its place.
    settled: Option<(Key, [AgentNo; 2])>,
}

impl Algorithm for Retry {
    fn next_set(&mut self, view: &View<'_>, _: &mut Steps) -> Option<Set> {
        let planned = self.planned.get_or_insert_with(|| {
            let first = |sender| view.next_payable(sender, None);
            let found = view.senders().filter_map(first);
            found.map(|found| Reverse((found.key, found.flow.sender, found.no))).collect()
        });
        if let Some((key, agents)) = self.settled.take() {
            let found = agents.iter().filter_map(|agent| view.next_payable(*agent, Some(key)));
            planned.extend(found.map(|it| Reverse((it.key, it.flow.sender, it.no))));
        }
        while let Some(Reverse((key, sender, no))) = planned.pop() {
            // A sender may be planned more than once; only what still waits and fits counts.
            let found = view.next_payable(sender, key.before());
            if let Some(found) = found.filter(|found| (found.key, found.no) == (key, no)) {
                self.settled = Some((key, [sender, found.flow.receiver]));
                return Some(Set::One(found));
            }
        }
        None
    }
}
