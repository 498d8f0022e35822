//! What is simulated: banks, rules, costs and payments, in the engine's own numbers.
//!
//! A [`Scenario`] is plain data that anyone may build; [`Scenario::check`](crate::Scenario::check)
//! proves it sound and gives the [`CheckedScenario`](crate::CheckedScenario) that an engine takes.

use psim_policy::{Policy, Priority};
use serde::{Deserialize, Serialize};

use crate::event::RtgsPriority;
use crate::{
    AgentNo, Calendar, CostRates, Fraction, Instruction, LiquiditySaving, Money, Reservations,
    Rules, ScenarioEvent, ScheduledEvent, ScheduledInstruction, TextColumn, Tick,
};

/// Everything that decides a run, together with the seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Days and ticks.
    pub calendar: Calendar,
    /// How amounts are shown.
    pub currency: Currency,
    /// Seed of the arrival generator.
    pub rng_seed: u64,
    /// Whether all agents share one stream of random numbers.
    pub rng_streams: RngStreams,
    /// Shape of generated arrivals over the day; windows do not overlap.
    pub rate_profile: Vec<ProfileWindow>,
    /// The agents in ascending byte order of their ids; an agent's index is its [`AgentNo`].
    #[serde(with = "crate::roster")]
    pub agents: Vec<Agent>,
    /// The agents in the order the file names them, which only the receiver draw sees.
    pub draw_order: Vec<AgentNo>,
    /// Payments from data.
    pub payments: PreparedPayments,
    /// How the system settles.
    pub rules: Rules,
    /// What policies are told, and what they tell.
    pub policies: PolicySettings,
    /// How queued payments settle together.
    pub liquidity_saving: LiquiditySaving,
    /// What liquidity, delay and lateness cost.
    pub costs: CostRates,
    /// Scenario events, in file order.
    pub events: Vec<ScheduledEvent>,
    /// What operators and banks are scheduled to ask for, in order of their ticks.
    pub instructions: Vec<ScheduledInstruction>,
}

impl Scenario {
    /// Returns agents, ascending by id, among whom nothing costs anything and nobody pays yet;
    /// rules have their defaults.
    pub fn plain(calendar: Calendar, agents: Vec<Agent>) -> Self {
        Self {
            currency: Currency { code: String::new(), decimals: 2 },
            rng_seed: 42,
            rng_streams: RngStreams::Shared,
            rate_profile: Vec::new(),
            draw_order: (0..agents.len()).map(AgentNo::from_index).collect(),
            agents,
            payments: PreparedPayments::default(),
            rules: Rules::plain(calendar.ticks_per_day()),
            policies: PolicySettings::default(),
            liquidity_saving: LiquiditySaving::NONE,
            costs: CostRates::FREE,
            events: Vec::new(),
            instructions: Vec::new(),
            calendar,
        }
    }

    /// Visits every policy that an agent follows from the start or is given later; one that many
    /// follow comes many times.
    pub fn policies_followed(&self) -> impl Iterator<Item = &Policy> {
        let events = self.events.iter().filter_map(|scheduled| match &scheduled.event {
            ScenarioEvent::PolicyChange { policy, .. } => Some(policy),
            _ => None,
        });
        let given = self.instructions.iter().filter_map(|scheduled| match &scheduled.instruction {
            Instruction::UpdateAgentPolicy { policy, .. } => Some(policy),
            _ => None,
        });
        self.agents.iter().map(|agent| &agent.policy).chain(events).chain(given)
    }
}

/// What policies are told, and what they tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicySettings {
    /// Share of the day from which on its end is near; finite, 0 to 1.
    pub eod_rush_threshold: f64,
    /// Shares of the day's value that are to have settled by ticks of the day, both ascending:
    /// straight lines between them, from nothing before the first tick; empty for day progress.
    pub throughput_guideline: Vec<(u32, Fraction)>,
    /// Whether each decision is recorded with the way that led to it.
    pub trace_decisions: bool,
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self { eod_rush_threshold: 0.8, throughput_guideline: Vec::new(), trace_decisions: false }
    }
}

/// How amounts are shown; nothing is computed from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// ISO code or any short name; empty if none was given.
    pub code: String,
    /// Decimal places of the major unit.
    pub decimals: u8,
}

/// Where agents draw their random numbers from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RngStreams {
    /// One stream for all, drawn from in agent order.
    #[default]
    Shared,
    /// One stream for each agent, so that a change to one leaves the others' draws alone.
    PerAgent,
}

/// A part of the day in which all arrival rates are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileWindow {
    /// First tick of the day that is scaled.
    pub from: u32,
    /// First tick of the day that is no longer scaled.
    pub to: u32,
    /// What rates are multiplied by; finite and not negative.
    pub factor: f64,
}

/// One bank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// Its name.
    pub id: String,
    /// Balance before the first tick, of any sign.
    pub opening_balance: Money,
    /// How far the balance may go below zero without collateral.
    pub unsecured_cap: Money,
    /// Collateral posted from the start, at nominal value.
    pub posted_collateral: Money,
    /// Share of the nominal value that collateral is not worth.
    pub collateral_haircut: Fraction,
    /// Most collateral that may be posted; if none was given, ten times the unsecured cap, and at
    /// least what is posted from the start.
    pub max_collateral_capacity: Option<Money>,
    /// Outside funds of which a share is brought in.
    pub liquidity_pool: Option<Pool>,
    /// How it decides.
    #[serde(skip)] // many agents share one: the roster writes each once
    pub policy: Policy,
    /// Funds that its policy may leave untouched.
    pub liquidity_buffer: Money,
    /// Caps on what it pays in a day.
    pub limits: Limits,
    /// Liquidity that its payments of lower classes leave alone.
    pub reservations: Reservations,
    /// Its generated arrivals, in the order they are drawn each tick.
    pub arrivals: Vec<ArrivalStream>,
}

impl Agent {
    /// Posted collateral may grow to this many times the unsecured cap unless a capacity is given.
    const CAPACITY_PER_CAP: i64 = 10;

    /// Returns an agent that releases at once and has neither credit nor collateral, pool, limits
    /// or reservations.
    pub fn plain(id: &str, opening_balance: Money) -> Self {
        Self {
            id: id.to_owned(),
            opening_balance,
            unsecured_cap: Money::ZERO,
            posted_collateral: Money::ZERO,
            collateral_haircut: Fraction::ZERO,
            max_collateral_capacity: None,
            liquidity_pool: None,
            policy: Policy::fifo(),
            liquidity_buffer: Money::ZERO,
            limits: Limits::default(),
            reservations: Reservations::default(),
            arrivals: Vec::new(),
        }
    }

    /// Returns the most collateral that may be posted while the unsecured cap is `cap`.
    pub fn collateral_capacity(&self, cap: Money) -> Money {
        self.max_collateral_capacity.unwrap_or_else(|| {
            let usual = cap.minor().saturating_mul(Self::CAPACITY_PER_CAP);
            Money::from_minor(usual).max(self.posted_collateral)
        })
    }
}

/// Caps on what an agent pays in a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// For all receivers together.
    #[serde(rename = "multilateral_limit")]
    pub multilateral: Option<Money>,
    /// For each receiver, ascending.
    #[serde(rename = "bilateral_limits")]
    pub bilateral: Vec<(AgentNo, Money)>,
}

impl Limits {
    /// Returns whether nothing is capped.
    pub fn is_empty(&self) -> bool {
        self.multilateral.is_none() && self.bilateral.is_empty()
    }
}

/// Outside funds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// All there is.
    pub amount: Money,
    /// The share that is brought in each morning, if the scenario says so; else the policy's
    /// `initial_liquidity_fraction`, else all.
    pub fraction: Option<Fraction>,
}

impl Pool {
    /// Returns the share that is brought in while an agent follows a policy.
    pub fn fraction_under(&self, policy: &Policy) -> Fraction {
        let parameter = || policy.initial_liquidity_fraction();
        // The shortest text of a number is the decimal that was written.
        let written = || parameter().and_then(|number| number.to_string().parse().ok());
        self.fraction.or_else(written).unwrap_or(Fraction::ONE)
    }
}

/// A Poisson stream of generated payments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArrivalStream {
    /// Mean number of payments a tick; finite and not negative.
    pub rate_per_tick: f64,
    /// How large they are.
    pub amount: AmountDistribution,
    /// Who receives them.
    pub counterparties: Counterparties,
    /// Fewest ticks from arrival to deadline, at least 1.
    pub deadline_min: u32,
    /// Most ticks from arrival to deadline.
    pub deadline_max: u32,
    /// How urgent they are.
    pub priority: PriorityDistribution,
    /// Whether they may be split; unset allows.
    pub divisible: Option<bool>,
}

/// How amounts are drawn, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum AmountDistribution {
    /// Each whole amount from `min` (at least 1) to `max` alike.
    Uniform {
        /// Smallest amount.
        min: Money,
        /// Largest amount, below the largest that can be written.
        max: Money,
    },
    /// Normal, at least 1.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std_dev: f64,
    },
    /// Log-normal with these moments of the *amount* (not of its logarithm).
    LogNormal {
        /// Mean of the amount.
        mean: f64,
        /// Standard deviation of the amount.
        std_dev: f64,
    },
    /// Exponential.
    Exponential {
        /// One over the mean.
        lambda: f64,
    },
}

/// How receivers are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Counterparties {
    /// Every other agent alike.
    Uniform,
    /// In proportion to weights: positive and finite, in draw order, the sender not among them.
    Weighted(Vec<(AgentNo, f64)>),
}

/// How priorities are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PriorityDistribution {
    /// Always the same; draws nothing.
    Fixed(Priority),
    /// In proportion to non-negative weights with a positive sum.
    Categorical(Vec<(Priority, f64)>),
    /// Each from `min` to `max` alike.
    Uniform {
        /// Lowest.
        min: Priority,
        /// Highest.
        max: Priority,
    },
}

/// The part of the priority scale that delay multipliers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PriorityBand {
    /// 0 to 3.
    Low,
    /// 4 to 7.
    Normal,
    /// 8 to 10.
    Urgent,
}

impl PriorityBand {
    /// All bands, lowest first; a band's place here is its index.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::Urgent];

    /// Returns the band of a priority.
    pub const fn of(priority: Priority) -> Self {
        match priority.get() {
            0..=3 => Self::Low,
            4..=7 => Self::Normal,
            _ => Self::Urgent,
        }
    }

    /// Returns the band's index in [`PriorityBand::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Payments known before the run, in order of arrival (of the file within a tick).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PreparedPayments {
    /// The payments.
    pub rows: Vec<PreparedPayment>,
    /// Their given ids, index by index; an empty text (or a missing entry) is none.
    pub ids: TextColumn,
}

impl PreparedPayments {
    /// Returns the id that was given to a payment, if one was.
    pub fn given_id(&self, index: usize) -> Option<&str> {
        self.ids.get(index).filter(|id| !id.is_empty())
    }
}

/// One payment known before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedPayment {
    /// When it enters the sender's queue 1.
    pub tick: Tick,
    /// Who pays.
    pub sender: AgentNo,
    /// Who is paid.
    pub receiver: AgentNo,
    /// How much.
    pub amount: Money,
    /// Last tick on which it is on time, as asked for; at or after `tick`.
    pub deadline: Tick,
    /// First tick on which it may settle; `tick` if nothing was said.
    pub earliest: Tick,
    /// How urgent it is for its sender.
    pub priority: Priority,
    /// Declared class.
    pub rtgs_priority: RtgsPriority,
    /// Whether it may be split; unset allows.
    pub divisible: Option<bool>,
}
