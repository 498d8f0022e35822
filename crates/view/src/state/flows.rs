//! What was paid today, as limits count it.

use std::collections::BTreeMap;

use psim_model::event::LimitsBasis;
use psim_model::{AgentNo, Money, Total};

/// All that limits count today, in order of settlement.
///
/// Nobody asks for the use of a limit while payments settle, so each of them is only noted; the
/// sums are made for whoever asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Flows(Vec<Flow>);

#[derive(Clone, Copy, Debug)]
struct Flow {
    payer: AgentNo,
    payee: AgentNo,
    amount: Money,
}

impl Flows {
    /// Forgets what was paid: a new day begins.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn note(&mut self, payer: AgentNo, payee: AgentNo, amount: Money) {
        self.0.push(Flow { payer, payee, amount });
    }

    /// Returns what an agent has paid to each receiver.
    pub(super) fn paid(&self, agent: AgentNo) -> BTreeMap<AgentNo, Total> {
        let mut paid = BTreeMap::new();
        for flow in self.0.iter().filter(|flow| flow.payer == agent) {
            *paid.entry(flow.payee).or_insert(Total::ZERO) += flow.amount;
        }
        paid
    }

    /// Returns what is used of each agent's limit for each receiver, if it had one; those of which
    /// nothing was paid or received are left out.
    pub(super) fn used_by_pair(&self, basis: LimitsBasis) -> BTreeMap<(AgentNo, AgentNo), Total> {
        let mut used = BTreeMap::new();
        for Flow { payer, payee, amount } in &self.0 {
            *used.entry((*payer, *payee)).or_insert(Total::ZERO) += *amount;
            if basis == LimitsBasis::Net {
                *used.entry((*payee, *payer)).or_insert(Total::ZERO) -= *amount;
            }
        }
        used
    }

    /// Returns what is used of an agent's limit for a receiver, or for all of them.
    pub(super) fn used(
        &self,
        agent: AgentNo,
        receiver: Option<AgentNo>,
        basis: LimitsBasis,
    ) -> Total {
        let is_other = |other: AgentNo| receiver.is_none_or(|receiver| receiver == other);
        let mut used = Total::ZERO;
        for flow in &self.0 {
            if flow.payer == agent && is_other(flow.payee) {
                used += flow.amount;
            }
            if basis == LimitsBasis::Net && flow.payee == agent && is_other(flow.payer) {
                used -= flow.amount;
            }
        }
        used
    }
}
