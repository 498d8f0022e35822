//! What has settled between agents since the start.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use psim_model::{AgentNo, Total};
use serde::{Deserialize, Serialize};

use crate::limits::Flow;

/// The value settled in both directions, by agent and counterparty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Traffic(Vec<BTreeMap<AgentNo, Total>>);

impl Traffic {
    pub(crate) fn new(agents: usize, settled: impl Iterator<Item = Flow>) -> Self {
        let mut traffic = Self(vec![BTreeMap::new(); agents]);
        for flow in settled {
            traffic.note(&flow);
        }
        traffic
    }

    pub(crate) fn fits(&self, agents: usize) -> bool {
        self.0.len() == agents
    }

    pub(super) fn note(&mut self, flow: &Flow) {
        *self.0[flow.sender.index()].entry(flow.receiver).or_default() += flow.amount;
        *self.0[flow.receiver.index()].entry(flow.sender).or_default() += flow.amount;
    }

    /// Returns an agent's five largest counterparties, largest first.
    pub(crate) fn largest(&self, agent: AgentNo) -> [Option<AgentNo>; 5] {
        let counterparties = self.0[agent.index()].iter();
        let mut ranked: Vec<_> =
            counterparties.map(|(agent, value)| (Reverse(*value), *agent)).collect();
        let few = 5.min(ranked.len());
        if ranked.len() > few {
            ranked.select_nth_unstable(few);
        }
        ranked[..few].sort_unstable();
        let mut largest = [None; 5];
        for (place, (_, agent)) in largest.iter_mut().zip(&ranked[..few]) {
            *place = Some(*agent);
        }
        largest
    }
}
