//! All money that could come into one place: what keeps balances within 64 bits.

use psim_model::{AgentNo, MONEY_LIMIT, Money, Scenario, Total};
use serde::{Deserialize, Serialize};

/// Money in reach: it only grows, and never to the limit of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reach {
    total: Total,
    /// The highest cap and posted collateral so far, by agent.
    credit: Vec<Money>,
}

impl Reach {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let credit =
            scenario.agents.iter().map(|agent| agent.unsecured_cap + agent.posted_collateral);
        Self { total: scenario.money_in_reach(), credit: credit.collect() }
    }

    /// Returns whether it can be that of so many agents.
    pub(crate) fn fits(&self, agents: usize) -> bool {
        self.credit.len() == agents && self.total >= Total::ZERO && self.total < MONEY_LIMIT
    }

    /// Returns all money in reach.
    pub(crate) const fn total(&self) -> Total {
        self.total
    }

    /// Returns whether so much more may be moved without regard to permissions.
    pub(crate) fn admits(&self, amount: Money) -> bool {
        self.total + Total::from(amount) < MONEY_LIMIT
    }

    /// Returns whether an agent may have this cap and this collateral.
    pub(crate) fn admits_credit(&self, agent: AgentNo, cap: Money, posted: Money) -> bool {
        self.total + self.rise(agent, cap, posted) < MONEY_LIMIT
    }

    /// Notes that so much was moved without regard to permissions.
    pub(crate) fn add(&mut self, amount: Money) {
        self.total += amount;
    }

    /// Notes an agent's cap and collateral.
    pub(crate) fn note_credit(&mut self, agent: AgentNo, cap: Money, posted: Money) {
        self.total += self.rise(agent, cap, posted);
        let highest = &mut self.credit[agent.index()];
        *highest = (*highest).max(cap + posted);
    }

    fn rise(&self, agent: AgentNo, cap: Money, posted: Money) -> Total {
        let credit = Total::from(cap) + Total::from(posted);
        (credit - Total::from(self.credit[agent.index()])).max(Total::ZERO)
    }
}
