//! How much liquidity settling took, and how much it would have taken at most and at least.

use psim_model::{Day, Total};
use serde::Serialize;

use super::days::{AgentRecord, DayRecord};
use crate::json::{minor_units, minor_units_each};

/// Liquidity of all days and agents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiquidityMeasures {
    /// All agents and days: amounts are sums over both.
    pub all: LiquidityFigures,
    /// Each day: sums over agents.
    pub days: Vec<LiquidityDay>,
    /// Each agent, in the order of ids: sums over days.
    pub by_agent: Vec<AgentLiquidity>,
    /// Each tick: what all agents had used on the day by its end.
    ///
    /// Formula: Σ_i max(0, opening_i − min balance_i so far). Unit: minor units. Source: as `used`.
    #[serde(serialize_with = "minor_units_each")]
    pub used_by_tick: Vec<Total>,
}

/// Liquidity of some agents on some days. Amounts are minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LiquidityFigures {
    /// Liquidity that was used.
    ///
    /// Formula: U_i = max(0, opening_i − min_t balance_i), the opening balance with the morning's
    /// share of the pool. Unit: minor units. Source: Leinonen and Soramäki, Bank of Finland
    /// Discussion Paper 23/2003.
    #[serde(serialize_with = "minor_units")]
    pub used: Total,
    /// Liquidity that was at hand: balance and credit permission as the day began.
    #[serde(serialize_with = "minor_units")]
    pub available: Total,
    /// Used as a share of available.
    pub usage: Option<f64>,
    /// The least that could settle the arrivals of the day at all.
    ///
    /// Formula: LB_i = max(0, −net_i at the end), net_i = receipts − payments if each payment that
    /// arrives on the day settled on arrival, in order. Unit: minor units. Source: as `used`.
    #[serde(serialize_with = "minor_units")]
    pub lower_bound: Total,
    /// The least with which nothing would ever wait.
    ///
    /// Formula: UB_i = max(0, −min_t net_i). Unit: minor units. Source: as `used`.
    #[serde(serialize_with = "minor_units")]
    pub upper_bound: Total,
    /// Where what was used lies between the bounds.
    ///
    /// Formula: α = (ΣU − ΣLB) / (ΣUB − ΣLB). Unit: 0 at the lower bound, 1 at the upper one; below
    /// 0 where payments did not settle, absent where the bounds are equal. Source: as `used`.
    pub position: Option<f64>,
    /// Value that was paid.
    #[serde(serialize_with = "minor_units")]
    pub paid: Total,
    /// How often the used liquidity was turned over.
    ///
    /// Formula: Σ a_k settled / ΣU. Unit: times. Source: the liquidity efficiency by which systems
    /// are compared; it has no single origin.
    pub turnover_ratio: Option<f64>,
    /// Share of the payments that were funded by receipts.
    ///
    /// Formula: 1 − U_i / paid_i, of sums. Unit: share of 1; below 0 if transfers used more than
    /// payments. Source: as `turnover_ratio` x, of which it is 1 − 1/x.
    pub recycling_share: Option<f64>,
}

/// Liquidity of a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LiquidityDay {
    /// The day.
    pub day: Day,
    /// Its figures.
    #[serde(flatten)]
    pub figures: LiquidityFigures,
}

/// Liquidity of an agent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentLiquidity {
    /// The agent.
    pub agent_id: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: LiquidityFigures,
}

/// Measures the liquidity of all days.
pub(super) fn measure(
    days: &[DayRecord],
    ids: &[String],
    used_by_tick: Vec<Total>,
) -> LiquidityMeasures {
    let mut all = LiquidityFigures::default();
    let mut agents = vec![LiquidityFigures::default(); ids.len()];
    let mut by_day = Vec::with_capacity(days.len());
    for DayRecord { day, agents: records, .. } in days {
        let mut sum = LiquidityFigures::default();
        for (record, agent) in records.iter().zip(&mut agents) {
            sum.add(record);
            agent.add(record);
            all.add(record);
        }
        by_day.push(LiquidityDay { day: *day, figures: sum.related() });
    }
    let agents = ids.iter().zip(agents);
    LiquidityMeasures {
        all: all.related(),
        days: by_day,
        by_agent: agents
            .map(|(id, sum)| AgentLiquidity { agent_id: id.clone(), figures: sum.related() })
            .collect(),
        used_by_tick,
    }
}

impl LiquidityFigures {
    fn add(&mut self, record: &AgentRecord) {
        self.used += record.used;
        self.available += record.start.liquidity();
        self.lower_bound += record.lower;
        self.upper_bound += record.upper;
        self.paid += record.sent.value;
    }

    /// Returns the same with the ratios.
    fn related(self) -> Self {
        let Self { used, available, lower_bound, upper_bound, paid, .. } = self;
        Self {
            usage: used.share_of(available),
            position: (used - lower_bound).share_of(upper_bound - lower_bound),
            turnover_ratio: paid.share_of(used),
            recycling_share: (paid - used).share_of(paid),
            ..self
        }
    }
}
