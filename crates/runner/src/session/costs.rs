//! Questions about costs.

use std::collections::BTreeMap;

use psim_model::{Day, Total};
use psim_view::{Costs, CostsByAgent, Fold};
use serde::Serialize;

use super::Session;

/// An agent's booked costs by kind, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentCosts {
    /// For negative balances.
    pub liquidity_cost: Total,
    /// For posted collateral.
    pub collateral_cost: Total,
    /// For queued payments.
    pub delay_cost: Total,
    /// Deadline and end-of-day penalties.
    pub penalty_cost: Total,
    /// The same, under the name that the predecessor has for it.
    pub deadline_penalty: Total,
    /// For splitting.
    pub split_friction_cost: Total,
    /// For liquidity brought in from the pool.
    pub liquidity_opportunity_cost: Total,
    /// All costs; the penalties are in it once.
    pub total_cost: Total,
}

impl From<&Costs> for AgentCosts {
    fn from(costs: &Costs) -> Self {
        Self {
            liquidity_cost: costs.liquidity_cost,
            collateral_cost: costs.collateral_cost,
            delay_cost: costs.delay_cost,
            penalty_cost: costs.penalty_cost,
            deadline_penalty: costs.penalty_cost,
            split_friction_cost: costs.split_friction_cost,
            liquidity_opportunity_cost: costs.liquidity_opportunity_cost,
            total_cost: costs.total(),
        }
    }
}

impl Session {
    /// Returns an agent's costs since the run began; `None` for an unknown agent.
    pub fn agent_costs(&mut self, agent: &str) -> Option<AgentCosts> {
        let no = self.agent(agent)?;
        self.projection().agent(no).map(|agent| AgentCosts::from(&agent.costs))
    }

    /// Returns the costs of all agents since the run began.
    pub fn all_costs(&mut self) -> BTreeMap<String, AgentCosts> {
        self.catch_up();
        let agents = self.told.projection().agents();
        let costs = self.ids().zip(agents);
        costs.map(|((_, id), agent)| (id.to_owned(), AgentCosts::from(&agent.costs))).collect()
    }

    /// Returns the costs of all agents on a day, as far as it has gone.
    pub fn all_costs_of_day(&self, day: Day) -> BTreeMap<String, AgentCosts> {
        let mut costs = CostsByAgent::new(self.engine.scenario().agents.len());
        self.batches_of(day).iter().for_each(|batch| costs.observe(batch));
        let costs = self.ids().zip(costs.as_slice());
        costs.map(|((_, id), costs)| (id.to_owned(), AgentCosts::from(costs))).collect()
    }
}
