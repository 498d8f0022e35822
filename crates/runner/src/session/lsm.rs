//! Questions about payments that settled together.

use std::collections::BTreeMap;

use psim_model::event::{Event, EventBatch, SettledSet};
use psim_model::{Day, LsmAlgorithm, Money, Tick, Total};
use psim_view::{Projection, Settlement};
use serde::Serialize;

use super::Session;

/// Payments that settled together. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettledTogether {
    /// When.
    pub tick: Tick,
    /// The day of that.
    pub day: Day,
    /// `bilateral`, `multilateral` (a ring of agents), `entry_offset`, or the algorithm that found
    /// them: `AllOrNothing`, `GridlockResolution` or `Partial`.
    pub cycle_type: &'static str,
    /// How many agents took part.
    pub cycle_length: usize,
    /// The agents; of a ring in its order, each pays the next and the last pays the first.
    pub agents: Vec<String>,
    /// The payments.
    pub transactions: Vec<String>,
    /// Their amounts, in the same order.
    pub tx_amounts: Vec<Money>,
    /// What has settled.
    pub settled_value: Total,
    /// The sum of the amounts: what is found settles whole, so both are the same.
    pub total_value: Total,
    /// What each agent gets on balance (below zero: pays).
    pub net_positions: BTreeMap<String, Money>,
    /// The most that an agent pays on balance.
    pub max_net_outflow: Money,
    /// Who pays it; none if nobody pays on balance.
    pub max_net_outflow_agent: Option<String>,
}

impl Session {
    /// Returns what settled together on a day, in order.
    pub fn lsm_cycles_of_day(&mut self, day: Day) -> Vec<SettledTogether> {
        self.catch_up();
        let projection = self.told.projection();
        let mut cycles = Vec::new();
        for batch in self.batches_of(day) {
            let sets = batch.events().iter().filter_map(Event::settled_set);
            cycles.extend(sets.map(|set| cycle(batch, &set, projection)));
        }
        cycles
    }
}

fn cycle(batch: &EventBatch, set: &SettledSet, projection: &Projection) -> SettledTogether {
    let (columns, names) = (batch.columns(), projection.names());
    let amounts = set.tx_amounts.of(columns);
    let agents: Vec<String> =
        set.agents.of(columns).iter().map(|agent| names.agent(*agent).to_owned()).collect();
    let total: Total = amounts.iter().copied().sum();
    SettledTogether {
        tick: batch.tick(),
        day: batch.day(),
        cycle_type: match set.algorithm {
            None => Settlement::EntryOffset.word(),
            Some(LsmAlgorithm::Bilateral) => "bilateral",
            Some(LsmAlgorithm::Cycles) => "multilateral",
            Some(algorithm) => algorithm.as_str(),
        },
        cycle_length: agents.len(),
        transactions: set
            .tx_ids
            .of(columns)
            .iter()
            .map(|no| names.payment(*no).into_owned())
            .collect(),
        tx_amounts: amounts.to_vec(),
        settled_value: total,
        total_value: total,
        net_positions: agents
            .iter()
            .cloned()
            .zip(set.net_positions.of(columns).iter().copied())
            .collect(),
        max_net_outflow: set.max_net_outflow,
        max_net_outflow_agent: set.max_net_outflow_agent.map(|no| names.agent(no).to_owned()),
        agents,
    }
}
