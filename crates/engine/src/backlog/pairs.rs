//! Queue 2 by pair of agents, for policies that ask.

use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};
use serde::{Deserialize, Serialize};

use crate::payments::Payment;

/// What waits in queue 2, by agent and counterparty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct QueuedPairs(Vec<BTreeMap<AgentNo, Sides>>);

/// What waits between an agent and a counterparty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sides {
    /// Value that the agent is to pay.
    pub(crate) out: Total,
    /// Value that it is to get.
    pub(crate) into: Total,
    /// Payments that it is to get.
    pub(crate) count_into: u32,
    /// Payments either way.
    count: u32,
}

impl QueuedPairs {
    pub(super) fn new(agents: usize) -> Self {
        Self(vec![BTreeMap::new(); agents])
    }

    pub(super) fn add(&mut self, payment: &Payment) {
        let Payment { sender, receiver, amount, .. } = *payment;
        let own = self.0[sender.index()].entry(receiver).or_default();
        own.out += amount;
        own.count += 1;
        let other = self.0[receiver.index()].entry(sender).or_default();
        other.into += amount;
        other.count_into += 1;
        other.count += 1;
    }

    pub(super) fn remove(&mut self, payment: &Payment) {
        let Payment { sender, receiver, amount, .. } = *payment;
        self.take(sender, receiver, |own| own.out -= amount);
        self.take(receiver, sender, |other| {
            other.into -= amount;
            other.count_into -= 1;
        });
    }

    fn take(&mut self, agent: AgentNo, counterparty: AgentNo, take: impl FnOnce(&mut Sides)) {
        let Some(sides) = self.0[agent.index()].get_mut(&counterparty) else { return };
        take(sides);
        sides.count -= 1;
        if sides.count == 0 {
            self.0[agent.index()].remove(&counterparty);
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.iter_mut().for_each(BTreeMap::clear);
    }

    /// Returns what waits between an agent and a counterparty.
    pub(crate) fn between(&self, agent: AgentNo, counterparty: AgentNo) -> Sides {
        self.0[agent.index()].get(&counterparty).copied().unwrap_or_default()
    }

    /// Visits an agent's counterparties.
    pub(crate) fn of(&self, agent: AgentNo) -> impl Iterator<Item = (AgentNo, &Sides)> {
        self.0[agent.index()].iter().map(|(counterparty, sides)| (*counterparty, sides))
    }
}
