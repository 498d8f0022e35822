//! The algorithm `cycles`: rings of agents of which each owes the next.

use std::cmp::Reverse;

use psim_model::event::{Event, LsmAlgorithm, LsmBound, LsmCycleSettlement, SettledSet};
use psim_model::{AgentNo, PaymentNo, Total};

use super::Reference;
use super::liquidity_saving::Run;

/// Three agents or more, the one with the lowest id first; each pays the next, the last the first.
type Ring = Vec<AgentNo>;

impl Reference {
    /// Runs the algorithm: the rings of the start of the run, each once, with what is left then.
    pub(super) fn settle_rings(&mut self, longest: u32, max_per_tick: u32, run: &mut Run) {
        for ring in self.rings_in_order(longest) {
            if self.saving.rings_settled >= max_per_tick {
                run.bound = Some(LsmBound::MaxCyclesPerTick);
                return;
            }
            if !run.step() {
                return;
            }
            let queues: Vec<Vec<PaymentNo>> = edges_of(&ring)
                .into_iter()
                .map(|(sender, receiver)| self.owed(sender, receiver))
                .collect();
            let Some(kept) = self.largest_prefixes(&queues, run) else { return };
            if kept.iter().all(|queue| !queue.is_empty()) {
                self.settle_together(LsmAlgorithm::Cycles, &kept.concat(), &ring, run);
                self.saving.rings_settled += 1;
            }
        }
    }

    /// Returns all rings: by value descending, then fewer agents, then ids.
    fn rings_in_order(&self, longest: u32) -> Vec<Ring> {
        let agents: Vec<AgentNo> = (0..self.accounts.len()).map(AgentNo::from_index).collect();
        let weight = |sender: &AgentNo| {
            let weights = agents.iter().map(|receiver| self.sum_of(&self.owed(*sender, *receiver)));
            weights.collect()
        };
        let weights: Vec<Vec<Total>> = agents.iter().map(weight).collect();
        let weight_of =
            |(from, to): (AgentNo, AgentNo)| -> Total { weights[from.index()][to.index()] };
        let mut rings: Vec<Ring> = Vec::new();
        let mut paths: Vec<Ring> = agents.iter().map(|first| vec![*first]).collect();
        while let Some(path) = paths.pop() {
            let (first, last) = (path[0], path[path.len() - 1]);
            if path.len() >= 3 && weight_of((last, first)) > Total::ZERO {
                rings.push(path.clone());
            }
            if path.len() == longest as usize {
                continue;
            }
            for next in agents.iter().filter(|next| **next > first && !path.contains(next)) {
                if weight_of((last, *next)) > Total::ZERO {
                    paths.push([path.as_slice(), &[*next]].concat());
                }
            }
        }
        rings.sort_by_cached_key(|ring| {
            let value = edges_of(ring).into_iter().map(weight_of).min();
            (Reverse(value), ring.len(), ring.clone())
        });
        rings
    }

    /// Returns the queued payments of an agent to another that may be in a set, in queue order.
    fn owed(&self, sender: AgentNo, receiver: AgentNo) -> Vec<PaymentNo> {
        let mut payments = self.eligible();
        payments.retain(|no| {
            let payment = &self.payments[no.index()];
            (payment.sender, payment.receiver) == (sender, receiver)
        });
        payments
    }
}

/// Returns who pays whom in a ring.
fn edges_of(ring: &Ring) -> Vec<(AgentNo, AgentNo)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().copied().zip(next.copied()).collect()
}

/// Returns the event of a ring that settles.
pub(super) fn cycle_settlement(set: SettledSet) -> Event {
    Event::from(LsmCycleSettlement {
        tx_ids: set.tx_ids,
        tx_amounts: set.tx_amounts,
        agents: set.agents,
        net_positions: set.net_positions,
        total_value: set.total_value,
        max_net_outflow: set.max_net_outflow,
        max_net_outflow_agent: set.max_net_outflow_agent,
    })
}
