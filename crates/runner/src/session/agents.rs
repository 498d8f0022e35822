//! Questions about agents.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use psim_model::{Money, Total};
use serde::Serialize;
use serde_json::Value;

use super::Session;

/// What an agent has and may use. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentStanding {
    /// Balance.
    pub balance: Money,
    /// What it could pay now, before deducting reservations.
    pub available_liquidity: Money,
    /// Payments in its queue 1.
    pub queue1_size: usize,
    /// Collateral posted, at nominal value.
    pub posted_collateral: Money,
    /// Share of the nominal value that collateral is not worth.
    pub collateral_haircut: f64,
    /// How far the balance may go below zero without collateral.
    pub unsecured_cap: Money,
    /// How far the balance is below zero.
    pub credit_used: Money,
    /// How far it may go below zero: unsecured cap and what the collateral is worth.
    pub allowed_overdraft_limit: Money,
    /// What of that is not used; below zero if more is used than allowed.
    pub overdraft_headroom: Money,
    /// Collateral that could be withdrawn now: none while the holding period lasts.
    pub max_withdrawable_collateral: Money,
    /// Most collateral that it may have posted.
    pub max_collateral_capacity: Money,
    /// What it may still post.
    pub remaining_collateral_capacity: Money,
}

/// An agent's caps on what it pays in a day, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentLimits {
    /// By receiver.
    pub bilateral_limits: BTreeMap<String, Money>,
    /// For all receivers together, if there is one.
    pub multilateral_limit: Option<Money>,
}

/// What an agent has paid today, of what limits count, in minor units; receipts are not subtracted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentOutflows {
    /// By receiver, those that were paid.
    pub bilateral_outflows: BTreeMap<String, Total>,
    /// To all receivers.
    pub total_outflow: Total,
}

/// The policy that an agent follows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentPolicy {
    /// The agent.
    pub agent_id: String,
    /// The policy's document.
    pub policy_config: Value,
}

impl Session {
    /// Returns the ids of all agents, in order.
    pub fn agent_ids(&self) -> Vec<String> {
        self.ids().map(|(_, id)| id.to_owned()).collect()
    }

    /// Returns an agent's balance in minor units; `None` for an unknown agent, as all below.
    pub fn balance(&self, agent: &str) -> Option<Money> {
        self.engine.balance(self.agent(agent)?)
    }

    /// Returns the balances of all agents in minor units.
    pub fn balances(&self) -> BTreeMap<String, Money> {
        let balances = self.ids().map(|(no, id)| (id.to_owned(), self.engine.balance(no)));
        balances.filter_map(|(id, balance)| Some((id, balance?))).collect()
    }

    /// Returns the ids and balances (minor units) of so many agents with the highest balances:
    /// highest first, equal ones by id.
    pub fn highest_balances(&self, number: usize) -> Vec<(String, Money)> {
        let mut balances: Vec<(String, Money)> = self.balances().into_iter().collect();
        balances.sort_by_key(|(_, balance)| Reverse(*balance)); // stable: ids ascend already
        balances.truncate(number);
        balances
    }

    /// Returns how far an agent's balance may go below zero without collateral, in minor units.
    pub fn unsecured_cap(&self, agent: &str) -> Option<Money> {
        self.engine.unsecured_cap(self.agent(agent)?)
    }

    /// Returns an agent's posted collateral at nominal value, in minor units.
    pub fn posted_collateral(&self, agent: &str) -> Option<Money> {
        self.engine.posted_collateral(self.agent(agent)?)
    }

    /// Returns how far an agent's balance may go below zero, in minor units.
    pub fn allowed_overdraft_limit(&self, agent: &str) -> Option<Money> {
        self.engine.credit_permission(self.agent(agent)?)
    }

    /// Returns what an agent has and may use.
    pub fn agent_state(&self, agent: &str) -> Option<AgentStanding> {
        let (engine, no) = (&self.engine, self.agent(agent)?);
        let balance = engine.balance(no)?;
        let allowed = engine.credit_permission(no)?;
        let posted = engine.posted_collateral(no)?;
        let capacity = engine.collateral_capacity(no)?;
        Some(AgentStanding {
            balance,
            available_liquidity: engine.available(no)?,
            queue1_size: engine.queue1(no)?.len(),
            posted_collateral: posted,
            collateral_haircut: engine.collateral_haircut(no)?.to_f64(),
            unsecured_cap: engine.unsecured_cap(no)?,
            credit_used: balance.shortfall(),
            allowed_overdraft_limit: allowed,
            overdraft_headroom: allowed - balance.shortfall(),
            max_withdrawable_collateral: engine.withdrawable_collateral(no)?,
            max_collateral_capacity: capacity,
            remaining_collateral_capacity: (capacity - posted).or_zero(),
        })
    }

    /// Returns an agent's caps on what it pays in a day.
    pub fn agent_limits(&mut self, agent: &str) -> Option<AgentLimits> {
        let no = self.agent(agent)?;
        self.catch_up();
        let limits = &self.told.projection().agent(no)?.limits;
        let bilateral = limits.bilateral.iter();
        Some(AgentLimits {
            bilateral_limits: bilateral.map(|(no, cap)| (self.id(*no).to_owned(), *cap)).collect(),
            multilateral_limit: limits.multilateral,
        })
    }

    /// Returns what an agent has paid on the day of the coming tick (of a finished run, on its last
    /// day), of what limits count.
    pub fn agent_outflows(&mut self, agent: &str) -> Option<AgentOutflows> {
        let no = self.agent(agent)?;
        let paid = self.projection().paid_today(no);
        Some(AgentOutflows {
            total_outflow: paid.values().copied().sum(),
            bilateral_outflows: paid
                .into_iter()
                .map(|(receiver, paid)| (self.id(receiver).to_owned(), paid))
                .collect(),
        })
    }

    /// Returns the policies of all agents, in order of the agents.
    pub fn agent_policies(&self) -> Vec<AgentPolicy> {
        let policies = self.ids().filter_map(|(no, id)| {
            let document = serde_json::from_str(self.engine.policy(no)?.text());
            Some(AgentPolicy { agent_id: id.to_owned(), policy_config: document.ok()? })
        });
        policies.collect()
    }

    /// Returns what an agent's policy keeps in its registers, by name.
    pub fn registers(&self, agent: &str) -> Option<BTreeMap<String, f64>> {
        let registers = self.engine.registers(self.agent(agent)?);
        Some(registers.map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Returns how many payments an agent generates on average in the coming tick, as things stand
    /// before it; `None` also for an agent that generates none.
    pub fn arrival_rate(&self, agent: &str) -> Option<f64> {
        self.engine.arrival_rate(self.agent(agent)?)
    }
}
