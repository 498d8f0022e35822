//! What is simulated: banks, rules, costs and payments, in the engine's own numbers.
//!
//! A [`Scenario`] is plain data that anyone may build; [`Scenario::check`](crate::Scenario::check)
//! proves it sound and gives the [`CheckedScenario`](crate::CheckedScenario) that an engine takes.

use serde::{Deserialize, Serialize};

use crate::event::DelayCostQueues;
use crate::{AgentNo, Calendar, Fraction, Money, Multiplier, Rate, TextColumn, Tick};

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
    pub agents: Vec<Agent>,
    /// The agents in the order the file names them, which only the receiver draw sees.
    pub draw_order: Vec<AgentNo>,
    /// Payments from data.
    pub payments: PreparedPayments,
    /// How the system settles.
    pub rules: Rules,
    /// What liquidity, delay and lateness cost.
    pub costs: CostRates,
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
    /// Most collateral that may be posted.
    pub max_collateral_capacity: Money,
    /// Outside funds of which a share is brought in.
    pub liquidity_pool: Option<Pool>,
    /// When it releases its payments.
    pub policy: Policy,
    /// Its generated arrivals, in the order they are drawn each tick.
    pub arrivals: Vec<ArrivalStream>,
}

/// Outside funds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// All there is.
    pub amount: Money,
    /// The share that is brought in.
    pub fraction: Fraction,
}

/// When a bank releases its payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Policy {
    /// At once.
    #[default]
    Fifo,
    /// Never.
    Hold,
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

/// How priorities (0 to 10) are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PriorityDistribution {
    /// Always the same; draws nothing.
    Fixed(u8),
    /// In proportion to non-negative weights with a positive sum.
    Categorical(Vec<(u8, f64)>),
    /// Each from `min` to `max` alike.
    Uniform {
        /// Lowest.
        min: u8,
        /// Highest.
        max: u8,
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
    pub const fn of(priority: u8) -> Self {
        match priority {
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
    /// 0 to 10.
    pub priority: u8,
    /// Whether it may be split; unset allows.
    pub divisible: Option<bool>,
}

/// How the system settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Whether a queued payment may overtake another of its sender.
    pub queue_discipline: QueueDiscipline,
    /// In which order released payments are tested on entry.
    pub entry_order: EntryOrder,
    /// Whether a deadline lies no later than the last tick of the arrival day.
    pub deadline_cap_at_eod: bool,
    /// What happens to unsettled payments at the end of a day.
    pub end_of_day: EndOfDay,
    /// Last tick of the day on which payments enter the system.
    pub cutoff_tick_in_day: u32,
    /// Whether pools are returned each evening and brought in anew each morning.
    pub daily_liquidity_reallocation: bool,
    /// Which queues delay cost is charged in.
    pub delay_cost_queues: DelayCostQueues,
}

/// Whether a queued payment may overtake another of its sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueDiscipline {
    /// Each queued payment is tested by itself.
    #[default]
    Bypass,
    /// Only a sender's first queued payment is tested.
    Fifo,
}

/// In which order released payments are tested on entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryOrder {
    /// As released: agent by agent.
    #[default]
    Agent,
    /// By payment number.
    Submission,
}

/// What happens to unsettled payments at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndOfDay {
    /// They keep their places over night.
    #[default]
    Carry,
    /// They are dropped.
    Cancel,
}

/// What liquidity, delay and lateness cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRates {
    /// Basis points of a negative balance, each tick.
    pub overdraft_bps_per_tick: Rate,
    /// Minor units for each queued minor unit, each tick.
    pub delay_cost_per_tick_per_cent: Rate,
    /// Basis points of posted collateral, each tick.
    pub collateral_cost_per_tick_bps: Rate,
    /// Basis points of the pool brought in, each tick.
    pub liquidity_cost_per_tick_bps: Rate,
    /// For each payment unsettled at the end of a day whose deadline has come.
    pub eod_penalty: Penalty,
    /// For each payment, once, when it becomes overdue.
    pub deadline_penalty: Penalty,
    /// What an overdue payment's delay cost is multiplied by.
    pub overdue_delay_multiplier: Multiplier,
    /// What delay cost is multiplied by in each band.
    pub priority_delay_multipliers: PriorityMultipliers,
}

impl CostRates {
    /// A world in which nothing costs anything.
    pub const FREE: Self = Self {
        overdraft_bps_per_tick: Rate::ZERO,
        delay_cost_per_tick_per_cent: Rate::ZERO,
        collateral_cost_per_tick_bps: Rate::ZERO,
        liquidity_cost_per_tick_bps: Rate::ZERO,
        eod_penalty: Penalty::Fixed(Money::ZERO),
        deadline_penalty: Penalty::Fixed(Money::ZERO),
        overdue_delay_multiplier: Multiplier::ONE,
        priority_delay_multipliers: PriorityMultipliers([Multiplier::ONE; 3]),
    };

    /// Returns whether holding, waiting and owing cost nothing from tick to tick.
    pub const fn ticks_are_free(&self) -> bool {
        self.overdraft_bps_per_tick.is_zero()
            && self.delay_cost_per_tick_per_cent.is_zero()
            && self.collateral_cost_per_tick_bps.is_zero()
            && self.liquidity_cost_per_tick_bps.is_zero()
    }
}

/// A charge on one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Penalty {
    /// The same for each, not negative.
    Fixed(Money),
    /// Basis points of the amount.
    Bps(Rate),
}

impl Penalty {
    /// Returns the charge on an amount, rounded once.
    pub fn on(self, amount: Money) -> Result<Money, crate::CostOverflow> {
        match self {
            Self::Fixed(charge) => Ok(charge),
            Self::Bps(rate) => rate.of_bps(amount),
        }
    }
}

/// A multiplier for each priority band, indexed by [`PriorityBand::index`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityMultipliers(pub [Multiplier; 3]);

impl PriorityMultipliers {
    /// Returns the multiplier of a band.
    pub const fn of(&self, band: PriorityBand) -> Multiplier {
        self.0[band.index()]
    }
}
