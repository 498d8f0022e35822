//! Costs by kind.

use psim_model::Total;
use psim_model::event::CostAccrual;
use serde::Serialize;

/// Booked costs by kind, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Costs {
    /// For negative balances.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub liquidity_cost: Total,
    /// For queued payments.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub delay_cost: Total,
    /// For posted collateral.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub collateral_cost: Total,
    /// Deadline and end-of-day penalties.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub penalty_cost: Total,
    /// For splitting.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub split_friction_cost: Total,
    /// For liquidity brought in from pools.
    #[serde(serialize_with = "crate::json::minor_units")]
    pub liquidity_opportunity_cost: Total,
}

impl Costs {
    /// What people call the kinds, in the order of [`Costs::by_kind`].
    pub const KINDS: [&'static str; 6] =
        ["overdraft", "delay", "collateral", "penalties", "splitting", "pool liquidity"];

    /// Returns the costs of each kind, in the order of [`Costs::KINDS`].
    pub const fn by_kind(&self) -> [Total; 6] {
        [
            self.liquidity_cost,
            self.delay_cost,
            self.collateral_cost,
            self.penalty_cost,
            self.split_friction_cost,
            self.liquidity_opportunity_cost,
        ]
    }

    /// Returns all six together.
    pub fn total(&self) -> Total {
        self.by_kind().into_iter().fold(Total::ZERO, |sum, cost| sum + cost)
    }

    /// Adds what one event books.
    pub fn book(&mut self, accrual: &CostAccrual) {
        self.liquidity_cost += accrual.liquidity_cost;
        self.delay_cost += accrual.delay_cost;
        self.collateral_cost += accrual.collateral_cost;
        self.penalty_cost += accrual.penalty_cost;
        self.split_friction_cost += accrual.split_friction_cost;
        self.liquidity_opportunity_cost += accrual.liquidity_opportunity_cost;
    }

    /// Adds other costs, kind by kind.
    pub(crate) fn add(&mut self, other: &Self) {
        self.liquidity_cost += other.liquidity_cost;
        self.delay_cost += other.delay_cost;
        self.collateral_cost += other.collateral_cost;
        self.penalty_cost += other.penalty_cost;
        self.split_friction_cost += other.split_friction_cost;
        self.liquidity_opportunity_cost += other.liquidity_opportunity_cost;
    }
}
