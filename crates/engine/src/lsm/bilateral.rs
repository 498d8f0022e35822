//! `bilateral`: pairs of agents that owe each other.

use std::cmp::Reverse;

use psim_model::{AgentNo, PairOrder, Pairs, Total};
use rustc_hash::FxHashMap;

use super::view::{Queued, View};
use super::{Algorithm, Set, Steps, prefixes};

/// Goes through the pairs that the start of the run has shown, each once.
#[derive(Debug)]
pub(super) struct Bilateral {
    options: Pairs,
    /// Pairs to come, the last first; none before the start.
    pairs: Option<Vec<Pair>>,
}

/// Two agents, the lower id first, and what each has queued for the other.
#[derive(Debug)]
struct Pair {
    agents: [AgentNo; 2],
    queues: [Vec<Queued>; 2],
}

impl Bilateral {
    pub(super) const fn new(options: Pairs) -> Self {
        Self { options, pairs: None }
    }

    /// Returns the pairs that owe each other, the first to be tested last.
    fn pairs(&self, view: &View<'_>) -> Vec<Pair> {
        let mut queues: FxHashMap<(AgentNo, AgentNo), Vec<Queued>> = FxHashMap::default();
        let most = self.options.max_opposing.map_or(usize::MAX, |most| most as usize);
        for queued in view.senders().flat_map(|sender| view.queue_of(sender)) {
            let waited = view.now.since(view.payment(queued.no).moved_at);
            if waited >= self.options.min_queue_ticks {
                let queue = queues.entry((queued.flow.sender, queued.flow.receiver)).or_default();
                if queue.len() < most {
                    queue.push(queued);
                }
            }
        }
        let lower: Vec<_> = queues.keys().copied().filter(|(a, b)| a < b).collect();
        let mut pairs: Vec<Pair> = lower
            .into_iter()
            .filter_map(|(a, b)| {
                let back = queues.remove(&(b, a))?;
                Some(Pair { agents: [a, b], queues: [queues.remove(&(a, b))?, back] })
            })
            .collect();
        let sum = |queue: &[Queued]| -> Total { queue.iter().map(|it| it.flow.amount).sum() };
        pairs.sort_by_cached_key(|pair| {
            let [there, back] = [sum(&pair.queues[0]), sum(&pair.queues[1])];
            let (less, more) = (there.min(back), there.max(back));
            let rank = match self.options.order {
                PairOrder::LargestOffset => Total::ZERO - less,
                PairOrder::SmallestDifference => more - less,
            };
            Reverse((rank, pair.agents))
        });
        pairs
    }
}

impl Algorithm for Bilateral {
    fn next_set(&mut self, view: &View<'_>, steps: &mut Steps) -> Option<Set> {
        let mut pairs = self.pairs.take().unwrap_or_else(|| self.pairs(view));
        let mut found = None;
        while let Some(Pair { agents, queues: [there, back] }) = pairs.pop() {
            if !steps.take() {
                return None;
            }
            let queues = vec![(agents[0], there), (agents[1], back)];
            let kept = prefixes::longest(*view, queues, steps)?;
            if kept.iter().all(|part| !part.is_empty()) {
                found = Some(Set::Pair(agents, kept.concat()));
                break;
            }
        }
        self.pairs = Some(pairs);
        found
    }
}
