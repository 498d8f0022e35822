//! The measures of a run.
//!
//! [`SummaryFold`] keeps the state and the few extremes that a state does not remember (lowest
//! balances, longest queues); everything else is read off the payments when the summary is asked
//! for. No clock, path or machine appears in it: equal streams give equal summaries.

pub(crate) mod blocks;
mod fold;
pub(crate) mod liquidity;
mod moment;
mod occasions;
mod page;
mod peaks;
mod policies;
pub(crate) mod read_off;
pub(crate) mod saving;
mod standstills;
mod wholes;

use psim_model::{Calendar, Currency, Day, Money, Total};
use serde::Serialize;

use crate::json::minor_units;
use crate::state::{Costs, Tally};

pub use fold::SummaryFold;
pub use moment::Moment;
pub use policies::{PolicyRow, PolicySummary};

/// What an operator wants to know of a run. Amounts are minor units, ratios plain numbers
/// (absent where nothing could be divided by).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The run itself.
    pub run: RunSummary,
    /// How amounts are shown.
    pub currency: Currency,
    /// What arrived and what became of it.
    pub payments: PaymentSummary,
    /// What the payments that did not settle last waited for, largest value first.
    pub unsettled_by_reason: Vec<UnsettledRow>,
    /// What was split.
    pub splits: SplitSummary,
    /// What limits stopped.
    pub limits: LimitSummary,
    /// What it took to settle.
    pub liquidity: LiquiditySummary,
    /// What algorithms settled in sets.
    pub liquidity_saving: LiquiditySavingSummary,
    /// What collateral was posted and withdrawn.
    pub collateral: CollateralSummary,
    /// How long it took.
    pub delay: DelaySummary,
    /// How much was waiting.
    pub queues: QueueSummary,
    /// What came too late.
    pub deadlines: DeadlineSummary,
    /// What it cost.
    pub costs: CostSummary,
    /// Which policies are followed, and how often they failed.
    pub policies: PolicySummary,
    /// What was scheduled to happen.
    pub scenario_events: ScenarioEventSummary,
    /// What was asked for.
    pub instructions: InstructionSummary,
    /// Each agent, in the order of ids.
    pub agents: Vec<AgentSummary>,
}

impl Summary {
    /// Returns the summary as a page for people.
    pub fn to_text(&self) -> String {
        page::write(self)
    }

    /// Returns the summary as one JSON object: amounts in minor units (an integer; digits in a
    /// text where 64 bits do not hold it), ratios as numbers, ids as texts.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("Invariant: a summary consists of texts and numbers")
    }
}

/// The run itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunSummary {
    /// Seed of the arrival generator.
    pub rng_seed: u64,
    /// Version of the engine.
    pub version: String,
    /// Hash of the checked scenario, in hexadecimal.
    pub scenario_hash: String,
    /// Number of agents.
    pub agents: u64,
    /// Ticks that were executed.
    pub ticks_executed: u32,
    /// Ticks of the whole run.
    pub ticks_planned: u32,
    /// Ticks in a day.
    pub ticks_per_day: u32,
    /// Days of the whole run.
    pub num_days: u32,
    /// Length of a tick in seconds, if ticks have clock times.
    pub tick_seconds: Option<u32>,
    /// Seconds after midnight at which the first tick of a day begins, if ticks have clock times.
    pub opens_at_seconds: Option<u32>,
    /// The same as a calendar; `None` before the run has started.
    #[serde(skip)]
    pub calendar: Option<Calendar>,
    /// Whether the run came to its last tick.
    pub complete: bool,
    /// Events in the stream.
    pub events: u64,
    /// Hash of the stream, in hexadecimal.
    pub stream_hash: String,
}

/// What arrived and what became of it. A split payment counts as one, settled when all its parts
/// have settled; of the values, those of its parts count.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PaymentSummary {
    /// All that arrived.
    pub arrived: Tally,
    /// What settled.
    pub settled: Tally,
    /// What settled when it was released.
    pub settled_on_entry: Tally,
    /// What settled after waiting in queue 2.
    pub settled_from_queue2: Tally,
    /// What settled together with others: entering payments and queued ones.
    pub settled_entry_offset: Tally,
    /// What settled in a set that an algorithm found in queue 2.
    pub settled_by_algorithm: Tally,
    /// Split payments of which all parts have settled, and the value of all parts that have,
    /// whatever their path.
    pub settled_in_parts: Tally,
    /// What did not settle, dropped or not.
    pub unsettled: Tally,
    /// What was dropped.
    pub dropped: Tally,
    /// Settled as a share of arrived, by count.
    pub settlement_rate_count: Option<f64>,
    /// Settled as a share of arrived, by value.
    pub settlement_rate_value: Option<f64>,
}

/// Unsettled payments with the same last reason. A split payment counts once, under the reason of
/// its first unsettled part; its parts are in the values of their own reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UnsettledRow {
    /// Why they are unsettled: the word of the event that said so last.
    pub reason: &'static str,
    /// For dropped payments, what they waited for before.
    pub before: Option<&'static str>,
    /// How many, and how much.
    #[serde(flatten)]
    pub payments: Tally,
    /// The reason in words for people.
    #[serde(skip)]
    pub phrase: &'static str,
    /// The reason before in words for people.
    #[serde(skip)]
    pub phrase_before: Option<&'static str>,
}

/// What was split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SplitSummary {
    /// Payments that arrived and were split.
    pub split: Tally,
    /// The parts they have become; those that were split again are not among them.
    pub parts: Tally,
}

/// What limits stopped: payments that joined queue 2 though a limit did not admit them, each time
/// they did. One that neither limit admits is counted in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LimitSummary {
    /// Beyond the limit for their receiver.
    pub stopped_by_bilateral: Tally,
    /// Beyond the limit for all receivers.
    pub stopped_by_multilateral: Tally,
}

/// What collateral was posted and withdrawn, at nominal value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CollateralSummary {
    /// When most was posted by all agents.
    pub peak_posted: Option<PeakCollateral>,
    /// Postings during the run: their number and their sum.
    pub posted: Tally,
    /// Withdrawals, asked for or in time: their number and their sum.
    pub withdrawn: Tally,
}

/// The most collateral that all agents had posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeakCollateral {
    /// How much, at nominal value.
    #[serde(serialize_with = "minor_units")]
    pub amount: Total,
    /// At the end of which tick first.
    #[serde(flatten)]
    pub at: Moment,
}

/// What was scheduled to happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScenarioEventSummary {
    /// Events that were carried out.
    pub applied: u64,
    /// Events that could not be.
    pub not_applied: u64,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InstructionSummary {
    /// All instructions.
    pub given: u64,
    /// Those that were not carried out.
    pub refused: u64,
}

/// What it took to settle.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiquiditySummary {
    /// The day on which most liquidity was used.
    pub peak_day: Option<DayLiquidity>,
    /// Liquidity used on a day, on average over days, rounded.
    #[serde(serialize_with = "minor_units")]
    pub mean_used: Total,
    /// Each day.
    pub days: Vec<DayLiquidity>,
    /// Value settled for each unit of liquidity used, over all days.
    pub turnover_ratio: Option<f64>,
    /// The largest credit that one agent used.
    pub peak_overdraft: Option<PeakOverdraft>,
}

/// The liquidity of a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DayLiquidity {
    /// The day.
    pub day: Day,
    /// Sum over agents of how far the balance fell below that at the start of the day.
    #[serde(serialize_with = "minor_units")]
    pub used: Total,
    /// Sum over agents of balance and credit permission at the start of the day, pools included.
    #[serde(serialize_with = "minor_units")]
    pub opening: Total,
    /// `used` as a share of `opening`.
    pub usage: Option<f64>,
}

/// The largest credit that one agent used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeakOverdraft {
    /// The agent.
    pub agent_id: String,
    /// How far its balance was below zero.
    pub amount: Money,
    /// When first.
    #[serde(flatten)]
    pub at: Moment,
}

/// What algorithms settled in sets, and how long queue 2 could not move.
///
/// What `retry` settles is not here: each of its payments settles by itself from queue 2.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiquiditySavingSummary {
    /// Each algorithm that settled something.
    pub algorithms: Vec<AlgorithmRow>,
    /// How often a bound ended a run or a tick of it.
    pub bounds_reached: BoundSummary,
    /// Times in which queued payments could have settled together, though none settled.
    pub gridlock: BlockSummary,
    /// Times in which they could not have settled even together.
    pub deadlock: BlockSummary,
}

/// What one algorithm settled. Parts of split payments count as payments.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AlgorithmRow {
    /// The word of the events for it.
    pub algorithm: &'static str,
    /// How many sets.
    pub sets: u64,
    /// How many payments in them, and how much: what it would take to settle each from funds at
    /// hand.
    #[serde(flatten)]
    pub payments: Tally,
    /// What agents paid on balance, over all sets.
    #[serde(serialize_with = "minor_units")]
    pub moved: Total,
    /// The value less what was moved.
    #[serde(serialize_with = "minor_units")]
    pub saved: Total,
    /// Mean ticks that the payments had been in queue 2.
    pub queue2_wait_ticks_mean: Option<f64>,
    /// The same in minutes, if ticks have clock times.
    pub queue2_wait_minutes_mean: Option<f64>,
    /// The algorithm in words for people.
    #[serde(skip)]
    pub phrase: &'static str,
}

/// How often bounds were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BoundSummary {
    /// Steps of a run of an algorithm.
    pub max_steps: u64,
    /// Starts of the list of algorithms in a tick.
    pub max_rounds: u64,
    /// Rings settled in a tick.
    pub max_cycles_per_tick: u64,
}

/// Times in which queue 2 could not move, of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BlockSummary {
    /// How many: each ends with the next tick in which a payment settles, when queue 2 is empty or
    /// when it becomes the other kind.
    pub episodes: u64,
    /// Ticks of all of them.
    pub ticks: u64,
}

/// How long it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DelaySummary {
    /// Value-weighted delay as a share of the longest possible: 0 if everything settled on
    /// arrival, 1 if nothing settled before its day closed.
    pub indicator: Option<f64>,
    /// Value-weighted mean of ticks from arrival to settlement, at most to the day's close.
    pub mean_ticks_by_value: Option<f64>,
    /// The same in minutes, if ticks have clock times.
    pub mean_minutes_by_value: Option<f64>,
    /// Mean ticks from arrival to settlement of the payments that settled.
    pub settled_wait_ticks_mean: Option<f64>,
    /// Ticks within which 95 % of the payments that settled did so.
    pub settled_wait_ticks_p95: Option<u32>,
    /// Most ticks from arrival to settlement.
    pub settled_wait_ticks_max: Option<u32>,
}

/// How much was waiting at the ends of ticks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct QueueSummary {
    /// When most payments stood in all queues 1.
    pub queue1_peak_count: Option<PeakQueue>,
    /// When most value stood in all queues 1.
    pub queue1_peak_value: Option<PeakQueue>,
    /// When most payments stood in queue 2.
    pub queue2_peak_count: Option<PeakQueue>,
    /// When most value stood in queue 2.
    pub queue2_peak_value: Option<PeakQueue>,
    /// In all queues 1 after the last tick.
    pub queue1_at_end: Tally,
    /// In queue 2 after the last tick.
    pub queue2_at_end: Tally,
    /// Payments that were ever in queue 2.
    pub ever_in_queue2: Tally,
    /// The same as a share of those that arrived, by count.
    pub ever_in_queue2_share: Option<f64>,
}

/// A queue when it was largest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeakQueue {
    /// What stood in it.
    #[serde(flatten)]
    pub size: Tally,
    /// At the end of which tick first.
    #[serde(flatten)]
    pub at: Moment,
}

/// What came too late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeadlineSummary {
    /// Payments that became overdue, settled since or not.
    pub overdue: Tally,
    /// Payments that settled after their deadline.
    pub settled_late: Tally,
    /// Deadline penalties: their number and their sum.
    pub deadline_penalties: Tally,
    /// End-of-day penalties: their number and their sum.
    pub end_of_day_penalties: Tally,
}

/// What it cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CostSummary {
    /// By kind.
    #[serde(flatten)]
    pub by_kind: Costs,
    /// All kinds.
    #[serde(serialize_with = "minor_units")]
    pub total: Total,
}

impl CostSummary {
    pub(crate) fn of(by_kind: Costs) -> Self {
        Self { by_kind, total: by_kind.total() }
    }
}

/// One agent's run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentSummary {
    /// Its id.
    pub id: String,
    /// Balance before the first tick.
    pub opening_balance: Money,
    /// Balance after the last tick.
    pub closing_balance: Money,
    /// Most liquidity used on one day.
    pub liquidity_used_max: Money,
    /// Own payments that settled.
    pub sent: Tally,
    /// Payments received.
    pub received: Tally,
    /// Own payments that did not settle.
    pub unsettled: Tally,
    /// What it cost.
    pub costs: CostSummary,
}
