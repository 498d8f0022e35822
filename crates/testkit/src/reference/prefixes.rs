//! The procedure that finds how much of some queues can settle together, and how sets of queued
//! payments settle.

use psim_model::event::{LsmAlgorithm, SettledSet};
use psim_model::{AgentNo, Money, PaymentNo, Total};

use super::Reference;
use super::batches::batch_settlement;
use super::bilateral::bilateral_offset;
use super::cycles::cycle_settlement;
use super::limits::clamped;
use super::liquidity_saving::Run;
use super::sets::{agents_of, net_payment};
use super::state::Flow;

impl Reference {
    /// Returns how much of each queue can settle together at most; `None` if the steps ran out.
    ///
    /// Each queue is of one sender, no two of the same. While a sender that keeps a payment breaks
    /// the set rule, its last one is left out.
    pub(super) fn largest_prefixes(
        &self,
        queues: &[Vec<PaymentNo>],
        run: &mut Run,
    ) -> Option<Vec<Vec<PaymentNo>>> {
        let mut kept = queues.to_vec();
        loop {
            let set = self.flows(&kept.concat());
            let breaks = |queue: &Vec<PaymentNo>| {
                let last = queue.last().map(|no| self.payments[no.index()].sender);
                last.is_some_and(|sender| !self.keeps_set_rule(sender, &set))
            };
            let Some(breaking) = kept.iter().position(breaks) else { return Some(kept) };
            if !run.step() {
                return None;
            }
            kept[breaking].pop();
        }
    }

    /// Returns what settles if some payments do.
    pub(super) fn flows(&self, payments: &[PaymentNo]) -> Vec<Flow> {
        payments.iter().map(|no| self.flow(*no)).collect()
    }

    /// Returns some of the payments of each sender, senders ascending, each in the given order.
    pub(super) fn by_sender(&self, payments: &[PaymentNo]) -> Vec<Vec<PaymentNo>> {
        let sent_by = |agent: AgentNo| {
            let own = payments.iter().filter(|no| self.payments[no.index()].sender == agent);
            own.copied().collect()
        };
        (0..self.accounts.len()).map(AgentNo::from_index).map(sent_by).collect()
    }

    /// Settles queued payments together that an algorithm has found.
    pub(super) fn settle_together(
        &mut self,
        algorithm: LsmAlgorithm,
        payments: &[PaymentNo],
        agents: &[AgentNo],
        run: &mut Run,
    ) {
        let set = self.flows(payments);
        for no in payments {
            self.leave_queue2(*no);
        }
        self.settle(&set);
        let told = self.told(algorithm, payments, agents);
        self.log.push(match algorithm {
            LsmAlgorithm::Bilateral => bilateral_offset(told),
            LsmAlgorithm::Cycles => cycle_settlement(told),
            _ => batch_settlement(algorithm, told),
        });
        for no in payments {
            self.follow_settlement(*no);
        }
        run.settled.extend(set);
    }

    /// As [`Self::settle_together`], with all who pay or are paid, ascending.
    pub(super) fn settle_batch(
        &mut self,
        algorithm: LsmAlgorithm,
        payments: &[PaymentNo],
        run: &mut Run,
    ) {
        let mut agents = agents_of(&self.flows(payments));
        agents.sort_unstable();
        self.settle_together(algorithm, payments, &agents, run);
    }

    /// Returns what an event tells of payments that settle together.
    fn told(
        &mut self,
        algorithm: LsmAlgorithm,
        payments: &[PaymentNo],
        agents: &[AgentNo],
    ) -> SettledSet {
        let set = self.flows(payments);
        let pays: Vec<Money> =
            agents.iter().map(|agent| clamped(net_payment(*agent, &set))).collect();
        let most = pays.iter().copied().max().map_or(Money::ZERO, Money::or_zero);
        let mut payers = agents.iter().zip(&pays).filter(|(_, pays)| pays.is_positive());
        let payer = payers.find(|(_, pays)| **pays == most);
        SettledSet {
            algorithm: Some(algorithm),
            tx_ids: self.log.payments(payments.iter().copied()),
            tx_amounts: self.log.amounts(set.iter().map(|flow| flow.amount)),
            agents: self.log.agents(agents.iter().copied()),
            net_positions: self.log.amounts(pays.iter().map(|pays| Money::ZERO - *pays)),
            total_value: clamped(set.iter().map(|flow| flow.amount).sum::<Total>()),
            max_net_outflow: most,
            max_net_outflow_agent: payer.map(|(agent, _)| *agent),
        }
    }
}
