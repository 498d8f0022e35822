//! The algorithm `partial`: the whole queue less what breaks limits, then liquidity.

use std::cmp::Reverse;

use psim_model::event::{LimitsApplyTo, LsmAlgorithm, RtgsPriority};
use psim_model::{AgentNo, PaymentNo, PriorityBand, Total};

use super::Reference;
use super::liquidity_saving::Run;
use super::sets::net_payment;
use super::state::Flow;

impl Reference {
    /// Runs the algorithm: leaves out payments one by one, and settles what remains.
    pub(super) fn settle_part(&mut self, run: &mut Run) {
        let mut remaining = self.by_sender(&self.eligible_by_urgency());
        loop {
            let set = self.flows(&remaining.concat());
            let Some(left_out) = self.to_be_left_out(&remaining, &set) else { break };
            if !run.step() {
                return;
            }
            for payments in &mut remaining {
                payments.retain(|no| *no != left_out);
            }
        }
        let payments = remaining.concat();
        if !payments.is_empty() {
            self.settle_batch(LsmAlgorithm::Partial, &payments, run);
        }
    }

    /// Returns what may be in a set: by class, then band, then entry.
    fn eligible_by_urgency(&self) -> Vec<PaymentNo> {
        let eligible = self.eligible();
        let mut by_entry = self.queue2.clone();
        by_entry.retain(|no| eligible.contains(no));
        by_entry.sort_by_key(|no| {
            let payment = &self.payments[no.index()];
            Reverse((payment.class, PriorityBand::of(payment.priority)))
        });
        by_entry
    }

    /// Returns the payment that is to be left out next; `remaining` are those of each agent.
    fn to_be_left_out(&self, remaining: &[Vec<PaymentNo>], set: &[Flow]) -> Option<PaymentNo> {
        let agents = || (0..).map(AgentNo::from_index).zip(remaining);
        let senders = || agents().filter(|(_, payments)| !payments.is_empty());
        for (agent, payments) in senders() {
            if let Some(receiver) = self.first_broken_bilateral_limit(agent, set) {
                let mut latest_first = payments.iter().rev();
                return latest_first.find(|no| self.is_bound_to(**no, receiver)).copied();
            }
        }
        for (agent, payments) in senders() {
            if !self.multilateral_limit_admits(agent, set) {
                return payments.last().copied();
            }
        }
        let mut worst: Option<(Total, PaymentNo)> = None;
        for (agent, payments) in senders() {
            let lack = self.lack(agent, set);
            if lack > worst.map_or(Total::ZERO, |(lack, _)| lack) {
                worst = payments.last().map(|last| (lack, *last));
            }
        }
        worst.map(|(_, last)| last)
    }

    /// Returns the receiver with the lowest id for which an agent's limit is broken.
    fn first_broken_bilateral_limit(&self, agent: AgentNo, set: &[Flow]) -> Option<AgentNo> {
        let limits = &self.accounts[agent.index()].limits.bilateral;
        let mut broken: Vec<AgentNo> = limits
            .iter()
            .filter(|(receiver, limit)| !self.admits(*limit, agent, Some(*receiver), set))
            .map(|(receiver, _)| *receiver)
            .collect();
        broken.sort_unstable();
        broken.first().copied()
    }

    /// Returns whether a payment goes to a receiver and limits bind it.
    fn is_bound_to(&self, no: PaymentNo, receiver: AgentNo) -> bool {
        let payment = &self.payments[no.index()];
        let binds_all = self.scenario.rules.limits_apply_to == LimitsApplyTo::All;
        payment.receiver == receiver && (binds_all || payment.class == RtgsPriority::Normal)
    }

    /// Returns what an agent pays on balance beyond what it has for its lowest class.
    fn lack(&self, agent: AgentNo, set: &[Flow]) -> Total {
        let own = set.iter().filter(|flow| flow.sender == agent);
        let Some(lowest) = own.map(|flow| flow.class).min() else { return Total::ZERO };
        net_payment(agent, set) - Total::from(self.available(agent, lowest))
    }
}
