//! The proof that a scenario is sound, and what may be relied on afterwards.

mod arrivals;
mod interventions;
mod payments;
mod rules;

pub use arrivals::{MAX_GENERATED_PAYMENTS, MAX_RATE_PER_TICK};
pub use interventions::{ScheduledFactors, check_actions};
pub use payments::is_own_id;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::form::fingerprint;
use crate::{
    Agent, AgentNo, Fingerprint, MAX_AGENTS, MAX_ID_CHARS, Money, Scenario, Total, id_fits,
};

/// All money that could ever be in one place: opening balances, credit, collateral and pools of
/// every agent together stay below this, so that no balance can overflow in any order of
/// settlement. What events and instructions add is weighed as it comes.
pub const MONEY_LIMIT: Total = Total::from_minor(1 << 61);

/// A scenario that has been proven sound; shared, never changed, started as often as wanted.
///
/// Holds: agents ascend by id; every agent number and tick is in range; payments ascend by tick,
/// are positive and not to oneself; weights and rates are finite; and all money together is small
/// enough that no balance can overflow.
#[derive(Clone, Debug)]
pub struct CheckedScenario {
    scenario: Arc<Scenario>,
    fingerprint: Fingerprint,
}

/// What is wrong with a scenario, wherever it comes from: a file, a stored run, a program or a
/// branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioFault(pub String);

impl fmt::Display for ScenarioFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScenarioFault {}

impl CheckedScenario {
    /// Returns the same scenario with another seed, which makes it no less sound.
    #[must_use]
    pub fn with_seed(&self, rng_seed: u64) -> Self {
        if rng_seed == self.rng_seed {
            return self.clone();
        }
        let scenario = Scenario { rng_seed, ..Scenario::clone(&self.scenario) };
        let fingerprint = fingerprint(&scenario);
        Self { scenario: Arc::new(scenario), fingerprint }
    }

    /// Returns the hash that identifies this scenario.
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl Deref for CheckedScenario {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        &self.scenario
    }
}

impl Scenario {
    /// Proves the scenario sound.
    ///
    /// # Errors
    ///
    /// The first fault, in words. Readers of files find the same faults earlier, and say where they
    /// are; this check is for scenarios from anywhere.
    pub fn check(self) -> Result<CheckedScenario, ScenarioFault> {
        self.check_agents()?;
        self.check_money()?;
        self.check_rules()?;
        self.check_liquidity_saving()?;
        self.check_generated()?;
        self.check_payments()?;
        self.check_interventions()?;
        self.check_ids()?;
        let fingerprint = fingerprint(&self);
        Ok(CheckedScenario { scenario: Arc::new(self), fingerprint })
    }

    /// Returns all money that could ever be in one place (see [`Scenario::check`]).
    pub fn money_in_reach(&self) -> Total {
        let mut reach = Total::ZERO;
        for agent in &self.agents {
            reach += Total::from_minor(i128::from(agent.opening_balance.minor()).abs());
            reach += agent.unsecured_cap;
            reach += agent.posted_collateral;
            reach += agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount);
        }
        reach
    }

    /// Returns whether [`Scenario::money_in_reach`] is small enough.
    pub fn money_fits(&self) -> bool {
        self.money_in_reach() < MONEY_LIMIT
    }

    fn check_agents(&self) -> Result<(), ScenarioFault> {
        let agents = self.agents.len();
        if agents == 0 || agents > MAX_AGENTS {
            return fault(format!(
                "a scenario has between 1 and {MAX_AGENTS} agents, not {agents}"
            ));
        }
        if let Some(agent) = self.agents.iter().find(|agent| !id_fits(&agent.id)) {
            let start: String = agent.id.chars().take(16).collect();
            return fault(format!("agent id `{start}…` has more than {MAX_ID_CHARS} characters"));
        }
        if !self.agents.is_sorted_by(|a, b| a.id.as_bytes() < b.id.as_bytes()) {
            return fault("agents must ascend by id, each id once");
        }
        let mut order = self.draw_order.clone();
        order.sort_unstable();
        if !order.iter().map(|agent| agent.index()).eq(0..self.agents.len()) {
            return fault("the draw order must name every agent once");
        }
        let profile = self.rate_profile.iter().map(|window| window.factor).fold(1.0, f64::max);
        let scheduled = self.highest_scheduled_factors();
        for (no, agent) in (0..).map(AgentNo).zip(&self.agents) {
            self.check_agent(no, agent, profile * scheduled.of(no))?;
        }
        Ok(())
    }

    /// Checks an agent whose rates are multiplied by at most `raise`.
    fn check_agent(&self, no: AgentNo, agent: &Agent, raise: f64) -> Result<(), ScenarioFault> {
        let amounts = [
            ("unsecured_cap", agent.unsecured_cap),
            ("posted_collateral", agent.posted_collateral),
            ("max_collateral_capacity", agent.max_collateral_capacity.unwrap_or_default()),
            ("reservations", agent.reservations.highly_urgent.min(agent.reservations.urgent)),
            ("liquidity_buffer", agent.liquidity_buffer),
            ("liquidity_pool", agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount)),
        ];
        for (name, amount) in amounts {
            if amount.is_negative() {
                return fault(format!("agent {}: {name} is negative", agent.id));
            }
        }
        if let Err(problem) = self.check_policy(&agent.policy) {
            return fault(format!("agent {}: {problem}", agent.id));
        }
        if let Err(problem) = self.check_limits(no, &agent.limits) {
            return fault(format!("agent {}: {problem}", agent.id));
        }
        if agent.posted_collateral > agent.collateral_capacity(agent.unsecured_cap) {
            return fault(format!("agent {}: more collateral posted than fits", agent.id));
        }
        for stream in &agent.arrivals {
            if let Err(problem) = self.check_stream(no, stream, raise) {
                return fault(format!("agent {}: {problem}", agent.id));
            }
        }
        Ok(())
    }

    fn check_money(&self) -> Result<(), ScenarioFault> {
        if self.money_fits() {
            return Ok(());
        }
        fault(format!(
            "opening balances, credit, collateral and pools together are {} minor units; the \
             ledger holds less than {MONEY_LIMIT}",
            self.money_in_reach()
        ))
    }
}

fn is_weight(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn fault<T>(message: impl Into<String>) -> Result<T, ScenarioFault> {
    Err(ScenarioFault(message.into()))
}
