//! The proof that a scenario is sound, and what may be relied on afterwards.

mod interventions;

pub use interventions::ScheduledFactors;

use std::fmt;
use std::io::BufWriter;
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::{
    Agent, AgentNo, Algorithm, AmountDistribution, ArrivalStream, Counterparties, MAX_AGENTS,
    MAX_ID_CHARS, MAX_PREPARED_PAYMENTS, MAX_PRIORITY, MAX_SPLITS, Money, Pairs, PaymentNo,
    PreparedPayment, PriorityDistribution, Scenario, Total, id_fits,
};

/// All money that could ever be in one place: opening balances, credit, collateral and pools of
/// every agent together stay below this, so that no balance can overflow in any order of
/// settlement. What events and instructions add is weighed as it comes.
pub const MONEY_LIMIT: Total = Total::from_minor(1 << 61);

/// Most payments a tick that one stream may generate in the mean, profile included.
pub const MAX_RATE_PER_TICK: f64 = 1e6;

/// Most payments that a run may generate in the mean.
pub const MAX_GENERATED_PAYMENTS: f64 = 1e8;

/// First byte of a scenario's canonical form; another one means another form.
const FORM: u8 = 2;

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

/// BLAKE3 of a scenario's canonical form: equal for equal scenarios from any source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
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
    /// Returns the scenario's canonical form, from which [`CheckedScenario::from_bytes`] makes an
    /// equal one.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_extend(&*self.scenario, vec![FORM])
            .expect("Invariant: a scenario can be written to memory")
    }

    /// Makes a scenario from its canonical form and proves it anew.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ScenarioFault> {
        let Some((&FORM, content)) = bytes.split_first() else {
            return fault("this program does not know the form of the stored scenario");
        };
        let (scenario, rest): (Scenario, _) = postcard::take_from_bytes(content)
            .map_err(|error| ScenarioFault(format!("not a stored scenario: {error}")))?;
        if !rest.is_empty() {
            return fault("the stored scenario says more than this program can read");
        }
        scenario.check()
    }

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
        if agent.liquidity_buffer.is_negative() {
            return fault(format!("agent {}: liquidity_buffer is negative", agent.id));
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

    fn check_stream(
        &self,
        sender: AgentNo,
        stream: &ArrivalStream,
        raise: f64,
    ) -> Result<(), &'static str> {
        let highest = stream.rate_per_tick * raise;
        if !is_weight(stream.rate_per_tick) || highest > MAX_RATE_PER_TICK {
            return Err("an arrival rate lies between 0 and 1,000,000 a tick, profile included");
        }
        if stream.deadline_min == 0 || stream.deadline_max < stream.deadline_min {
            return Err("a deadline range begins at 1 or later and does not end before it begins");
        }
        if self.agents.len() < 2 {
            return Err("arrivals need a second agent to pay to");
        }
        match &stream.counterparties {
            Counterparties::Uniform => {}
            Counterparties::Weighted(weights) => {
                let known = |agent: AgentNo| agent != sender && agent.index() < self.agents.len();
                if weights.is_empty()
                    || !weights.iter().all(|(agent, weight)| known(*agent) && *weight > 0.0)
                    || !weights.iter().map(|(_, weight)| weight).sum::<f64>().is_finite()
                {
                    return Err("weights are positive, finite and for other agents");
                }
            }
        }
        check_amounts(&stream.amount)?;
        check_priorities(&stream.priority)
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

    fn check_rules(&self) -> Result<(), ScenarioFault> {
        if self.rules.cutoff_tick_in_day >= self.calendar.ticks_per_day() {
            return fault("the cut-off lies outside the day");
        }
        let mut covered_to = 0;
        for window in &self.rate_profile {
            if window.from < covered_to
                || window.to <= window.from
                || window.to > self.calendar.ticks_per_day()
                || !is_weight(window.factor)
            {
                return fault("rate profile windows ascend, do not overlap and lie in the day");
            }
            covered_to = window.to;
        }
        let settings = &self.policies;
        if !(0.0..=1.0).contains(&settings.eod_rush_threshold) {
            return fault("`eod_rush_threshold` lies between 0 and 1");
        }
        let points = &settings.throughput_guideline;
        let ascends = points.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1);
        if !ascends || points.last().is_some_and(|it| it.0 >= self.calendar.ticks_per_day()) {
            return fault("the points of `throughput_guideline` ascend and lie in the day");
        }
        if self.rules.priority_blocking && !self.rules.priority_mode {
            return fault("`priority_blocking` needs `priority_mode`");
        }
        if self.rules.escalation.is_some_and(|escalation| escalation.max_boost > 10) {
            return fault("an escalation adds at most 10");
        }
        if !(2..=MAX_SPLITS).contains(&self.rules.max_splits) {
            return fault(format!("`max_splits` lies between 2 and {MAX_SPLITS}"));
        }
        if self.rules.collateral.timer_buffer.is_negative() {
            return fault("a buffer is negative");
        }
        let penalties = [self.costs.eod_penalty, self.costs.deadline_penalty];
        if penalties.iter().any(|p| matches!(p, crate::Penalty::Fixed(m) if m.is_negative()))
            || self.costs.split_friction_cost.is_negative()
        {
            return fault("a penalty or a friction cost is negative");
        }
        Ok(())
    }

    /// Returns how many payments the run generates in the mean, at most: as if scheduled changes
    /// of rates held from the start where they raise them.
    pub fn generated_payments(&self) -> f64 {
        let scheduled = self.highest_scheduled_factors();
        let streams = (0..).zip(&self.agents).flat_map(|(no, agent)| {
            let raise = scheduled.of(AgentNo(no));
            agent.arrivals.iter().map(move |stream| stream.rate_per_tick * raise)
        });
        let a_tick: f64 = streams.sum();
        let shaped = |w: &crate::ProfileWindow| f64::from(w.to - w.from) * (w.factor - 1.0);
        let windows: f64 = self.rate_profile.iter().map(shaped).sum();
        let a_day = a_tick * (f64::from(self.calendar.ticks_per_day()) + windows);
        a_day * f64::from(self.calendar.num_days())
    }

    fn check_liquidity_saving(&self) -> Result<(), ScenarioFault> {
        let saving = &self.liquidity_saving;
        let names: Vec<_> = saving.algorithms.iter().map(|it| it.algorithm.name()).collect();
        if (1..names.len()).any(|place| names[..place].contains(&names[place])) {
            return fault("an algorithm is listed twice");
        }
        let intervals = saving.algorithms.iter().map(|it| it.every);
        let mut counts = intervals.chain([saving.run_every_ticks, saving.max_rounds]);
        if counts.any(|count| count == 0) || saving.max_steps == Some(0) {
            return fault("intervals and bounds of liquidity saving are at least 1");
        }
        for scheduled in &saving.algorithms {
            match scheduled.algorithm {
                Algorithm::Cycles { max_cycle_length, max_cycles_per_tick }
                    if !(3..=10).contains(&max_cycle_length) || max_cycles_per_tick == 0 =>
                {
                    return fault("rings have 3 to 10 agents, and at least one may settle");
                }
                Algorithm::Bilateral(Pairs { max_opposing: Some(0), .. }) => {
                    return fault("each side of a pair brings in at least one payment");
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses a scenario that would generate more than [`MAX_GENERATED_PAYMENTS`].
    pub fn check_generated(&self) -> Result<(), ScenarioFault> {
        let generated = self.generated_payments();
        if generated <= MAX_GENERATED_PAYMENTS {
            return Ok(());
        }
        fault(format!(
            "the run would generate about {generated:.0} payments; at most \
             {MAX_GENERATED_PAYMENTS:.0} fit, so lower the rates or run fewer days"
        ))
    }

    /// A given id is used once, and never one that the simulator gives to another payment.
    fn check_ids(&self) -> Result<(), ScenarioFault> {
        let ids = self.payments.ids.iter().filter(|id| !id.is_empty());
        let mut given: Vec<&str> = ids.collect();
        if !given.iter().all(|id| id_fits(id)) {
            return fault(format!("a payment id has more than {MAX_ID_CHARS} characters"));
        }
        let numbers_itself = self.agents.iter().any(|agent| !agent.arrivals.is_empty())
            || given.len() < self.payments.rows.len()
            || self.creates_payments();
        given.extend(self.submitted_ids());
        let mut used = FxHashSet::with_capacity_and_hasher(given.len(), FxBuildHasher);
        for id in given {
            if !used.insert(id) {
                return fault(format!("payment id `{id}` is given twice"));
            }
            if numbers_itself && is_own_id(id) {
                return fault(format!("payment id `{id}` is what the simulator calls its own"));
            }
        }
        Ok(())
    }

    fn check_payments(&self) -> Result<(), ScenarioFault> {
        let rows = &self.payments.rows;
        if rows.len() > MAX_PREPARED_PAYMENTS || self.payments.ids.len() > rows.len() {
            return fault(format!(
                "more than {MAX_PREPARED_PAYMENTS} payments, or more ids than payments"
            ));
        }
        if !rows.is_sorted_by_key(|row| row.tick) {
            return fault("payments must ascend by tick");
        }
        match rows.iter().position(|row| !self.payment_is_sound(row)) {
            Some(row) => fault(format!("payment {row} has a bad tick, amount, agent or priority")),
            None => Ok(()),
        }
    }

    fn payment_is_sound(&self, row: &PreparedPayment) -> bool {
        row.tick <= self.calendar.last_tick()
            && row.deadline >= row.tick
            && row.earliest >= row.tick
            && row.amount.is_positive()
            && row.sender != row.receiver
            && row.sender.index() < self.agents.len()
            && row.receiver.index() < self.agents.len()
            && row.priority <= MAX_PRIORITY
    }
}

/// Returns whether an id is one that the simulator gives.
pub fn is_own_id(id: &str) -> bool {
    PaymentNo::from_own_id(id).is_some()
}

fn check_amounts(amounts: &AmountDistribution) -> Result<(), &'static str> {
    let sound = match *amounts {
        AmountDistribution::Uniform { min, max } => {
            min.is_positive() && min <= max && max < Money::MAX
        }
        AmountDistribution::Normal { mean, std_dev } => mean.is_finite() && is_weight(std_dev),
        AmountDistribution::LogNormal { mean, std_dev } => {
            mean.is_finite() && mean > 0.0 && is_weight(std_dev)
        }
        AmountDistribution::Exponential { lambda } => lambda.is_finite() && lambda > 0.0,
    };
    if sound { Ok(()) } else { Err("an amount distribution could give a non-positive amount") }
}

fn check_priorities(priorities: &PriorityDistribution) -> Result<(), &'static str> {
    let sound = match priorities {
        PriorityDistribution::Fixed(value) => *value <= MAX_PRIORITY,
        PriorityDistribution::Uniform { min, max } => min <= max && *max <= MAX_PRIORITY,
        PriorityDistribution::Categorical(entries) => {
            let sum: f64 = entries.iter().map(|(_, weight)| weight).sum();
            entries.iter().all(|(value, weight)| *value <= MAX_PRIORITY && is_weight(*weight))
                && sum.is_finite()
                && sum > 0.0
        }
    };
    if sound { Ok(()) } else { Err("priorities lie between 0 and 10 and have positive weights") }
}

fn is_weight(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn fault<T>(message: impl Into<String>) -> Result<T, ScenarioFault> {
    Err(ScenarioFault(message.into()))
}

fn fingerprint(scenario: &Scenario) -> Fingerprint {
    let mut writer = BufWriter::new(blake3::Hasher::new());
    postcard::to_io(scenario, &mut writer).expect("Invariant: a scenario can be written to memory");
    let hasher = writer.into_inner().expect("Invariant: a hash takes any bytes");
    Fingerprint(*hasher.finalize().as_bytes())
}
