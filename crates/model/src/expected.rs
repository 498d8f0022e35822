//! What a scenario lets one expect before it is run.

use crate::{Agent, AgentNo, AmountDistribution, Counterparties, Money, Scenario, Total};

impl Scenario {
    /// Returns what each agent can be expected to pay beyond what it receives in the whole run, in
    /// minor units: the payments of the data, and the mean of those that are generated. Scenario
    /// events and instructions are not considered, nor when payments arrive.
    pub fn expected_net_payments(&self) -> Vec<f64> {
        let mut net = vec![0.0; self.agents.len()];
        let mut add = |agent: AgentNo, amount: f64| {
            if let Some(sum) = net.get_mut(agent.index()) {
                *sum += amount;
            }
        };
        for row in &self.payments.rows {
            let amount = row.amount.minor() as f64;
            add(row.sender, amount);
            add(row.receiver, -amount);
        }
        let (ticks, others) = (self.shaped_ticks(), self.agents.len().saturating_sub(1) as f64);
        let mut to_each = 0.0; // of those that pay all others alike
        for (index, agent) in self.agents.iter().enumerate() {
            let sender = AgentNo::from_index(index);
            for stream in &agent.arrivals {
                let amount = stream.rate_per_tick * ticks * stream.amount.mean();
                add(sender, amount);
                match &stream.counterparties {
                    Counterparties::Weighted(weights) => {
                        let all: f64 = weights.iter().map(|(_, weight)| weight).sum();
                        for (receiver, weight) in weights {
                            add(*receiver, -amount * weight / all);
                        }
                    }
                    Counterparties::Uniform => {
                        let share = amount / others;
                        to_each += share;
                        add(sender, share); // it does not pay itself
                    }
                }
            }
        }
        net.iter().map(|sum| sum - to_each).collect()
    }

    /// Returns how many ticks of the profile's factor 1 generate as much as the run.
    pub(crate) fn shaped_ticks(&self) -> f64 {
        let shaped =
            self.rate_profile.iter().map(|it| f64::from(it.to - it.from) * (it.factor - 1.0));
        let a_day = f64::from(self.calendar.ticks_per_day()) + shaped.sum::<f64>();
        a_day * f64::from(self.calendar.num_days())
    }
}

impl Agent {
    /// Returns what the agent begins with to pay from: its balance, credit, what its collateral is
    /// worth and all of its pool.
    pub fn opening_funds(&self) -> Total {
        let worth = self.collateral_haircut.complement().floor_of(self.posted_collateral);
        let pool = self.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount);
        [self.opening_balance, self.unsecured_cap, worth, pool].into_iter().map(Total::from).sum()
    }
}

impl AmountDistribution {
    /// Returns the mean amount in minor units; that of what is cut off below 1 is not corrected.
    fn mean(&self) -> f64 {
        match *self {
            Self::Uniform { min, max } => (min.minor() as f64).midpoint(max.minor() as f64),
            Self::Normal { mean, .. } | Self::LogNormal { mean, .. } => mean,
            Self::Exponential { lambda } => 1.0 / lambda,
        }
    }
}
