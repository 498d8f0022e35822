//! The algorithm `bilateral`: pairs of agents that owe each other.

use std::cmp::Reverse;

use psim_model::event::{Event, LsmAlgorithm, LsmBilateralOffset, SettledSet};
use psim_model::{AgentNo, PairOrder, Pairs, PaymentNo, Total};

use super::Reference;
use super::liquidity_saving::Run;

/// Two agents, the one with the lower id first, and what each owes the other.
#[derive(Debug)]
struct Pair {
    agents: [AgentNo; 2],
    queues: [Vec<PaymentNo>; 2],
    sums: [Total; 2],
}

impl Pair {
    /// Returns the most that can be offset.
    fn offset(&self) -> Total {
        self.sums[0].min(self.sums[1])
    }

    /// Returns what would be left over.
    fn difference(&self) -> Total {
        self.sums[0].max(self.sums[1]) - self.offset()
    }
}

impl Reference {
    /// Runs the algorithm: each pair once, with what each side brings in at the start of the run.
    pub(super) fn offset_pairs(&mut self, options: Pairs, run: &mut Run) {
        let mut pairs = self.pairs(options);
        // Stable: what is alike stays ascending by lower, then by higher id.
        match options.order {
            PairOrder::LargestOffset => pairs.sort_by_key(|pair| Reverse(pair.offset())),
            PairOrder::SmallestDifference => pairs.sort_by_key(Pair::difference),
        }
        for pair in pairs {
            if !run.step() {
                return;
            }
            let Some(kept) = self.largest_prefixes(&pair.queues, run) else { return };
            if kept.iter().all(|queue| !queue.is_empty()) {
                let payments = kept.concat();
                self.settle_together(LsmAlgorithm::Bilateral, &payments, &pair.agents, run);
            }
        }
    }

    /// Returns the pairs in which both owe, by lower, then by higher id.
    fn pairs(&self, options: Pairs) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for low in 0..self.accounts.len() {
            for high in low + 1..self.accounts.len() {
                let agents = [low, high].map(AgentNo::from_index);
                let [low, high] = agents;
                let queues =
                    [self.brought_in(low, high, options), self.brought_in(high, low, options)];
                if queues.iter().all(|queue| !queue.is_empty()) {
                    let sums = [self.sum_of(&queues[0]), self.sum_of(&queues[1])];
                    pairs.push(Pair { agents, queues, sums });
                }
            }
        }
        pairs
    }

    /// Returns the payments of an agent to another that it brings in, in queue order.
    fn brought_in(&self, sender: AgentNo, receiver: AgentNo, options: Pairs) -> Vec<PaymentNo> {
        let mut payments = self.eligible();
        payments.retain(|no| {
            let payment = &self.payments[no.index()];
            let joined = payment.joined_queue2.expect("Invariant: it is in queue 2");
            (payment.sender, payment.receiver) == (sender, receiver)
                && self.now.since(joined) >= options.min_queue_ticks
        });
        payments.truncate(options.max_opposing.map_or(usize::MAX, |most| most as usize));
        payments
    }

    /// Returns the sum of payments.
    pub(super) fn sum_of(&self, payments: &[PaymentNo]) -> Total {
        let amounts = payments.iter().map(|no| self.payments[no.index()].amount);
        amounts.sum::<Total>()
    }
}

/// Returns the event of a pair that settles.
pub(super) fn bilateral_offset(set: SettledSet) -> Event {
    Event::from(LsmBilateralOffset {
        tx_ids: set.tx_ids,
        tx_amounts: set.tx_amounts,
        agents: set.agents,
        net_positions: set.net_positions,
        total_value: set.total_value,
        max_net_outflow: set.max_net_outflow,
        max_net_outflow_agent: set.max_net_outflow_agent,
    })
}
