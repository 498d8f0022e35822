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

/// What a cost is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostKind {
    /// Negative balances.
    Liquidity,
    /// Queued payments.
    Delay,
    /// Posted collateral.
    Collateral,
    /// Deadlines that were missed, and what was unsettled at the close.
    Penalty,
    /// Splitting.
    SplitFriction,
    /// Liquidity brought in from pools.
    LiquidityOpportunity,
}

impl CostKind {
    /// All kinds, in the order of tables.
    pub const ALL: [Self; 6] = [
        Self::Liquidity,
        Self::Delay,
        Self::Collateral,
        Self::Penalty,
        Self::SplitFriction,
        Self::LiquidityOpportunity,
    ];

    /// Returns the name of its column: `liquidity_cost`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Liquidity => "liquidity_cost",
            Self::Delay => "delay_cost",
            Self::Collateral => "collateral_cost",
            Self::Penalty => "penalty_cost",
            Self::SplitFriction => "split_friction_cost",
            Self::LiquidityOpportunity => "liquidity_opportunity_cost",
        }
    }

    /// Returns what people call it: `overdraft`.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Liquidity => "overdraft",
            Self::Delay => "delay",
            Self::Collateral => "collateral",
            Self::Penalty => "penalties",
            Self::SplitFriction => "splitting",
            Self::LiquidityOpportunity => "pool liquidity",
        }
    }

    /// Returns for what an agent is charged, as the beginning of a sentence.
    pub const fn doc(self) -> &'static str {
        match self {
            Self::Liquidity => "For its negative balance",
            Self::Delay => "For its queued payments",
            Self::Collateral => "For its posted collateral",
            Self::Penalty => "Deadline and end-of-day penalties",
            Self::SplitFriction => "For splitting",
            Self::LiquidityOpportunity => "For the liquidity it brought in from its pool",
        }
    }
}

impl Costs {
    /// Returns the costs of a kind.
    pub const fn of(&self, kind: CostKind) -> Total {
        match kind {
            CostKind::Liquidity => self.liquidity_cost,
            CostKind::Delay => self.delay_cost,
            CostKind::Collateral => self.collateral_cost,
            CostKind::Penalty => self.penalty_cost,
            CostKind::SplitFriction => self.split_friction_cost,
            CostKind::LiquidityOpportunity => self.liquidity_opportunity_cost,
        }
    }

    /// Returns each kind that cost something, and what it cost.
    pub fn booked(&self) -> impl Iterator<Item = (CostKind, Total)> + use<> {
        let all = CostKind::ALL.into_iter().zip(self.by_kind());
        all.filter(|(_, cost)| *cost != Total::ZERO)
    }

    /// Returns the costs of each kind, in the order of [`CostKind::ALL`].
    pub const fn by_kind(&self) -> [Total; CostKind::ALL.len()] {
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
        self.by_kind().into_iter().sum()
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

    /// Returns what was booked since then, kind by kind.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        Self {
            liquidity_cost: self.liquidity_cost - before.liquidity_cost,
            delay_cost: self.delay_cost - before.delay_cost,
            collateral_cost: self.collateral_cost - before.collateral_cost,
            penalty_cost: self.penalty_cost - before.penalty_cost,
            split_friction_cost: self.split_friction_cost - before.split_friction_cost,
            liquidity_opportunity_cost: self.liquidity_opportunity_cost
                - before.liquidity_opportunity_cost,
        }
    }

    /// Adds other costs, kind by kind.
    pub fn add(&mut self, other: &Self) {
        self.liquidity_cost += other.liquidity_cost;
        self.delay_cost += other.delay_cost;
        self.collateral_cost += other.collateral_cost;
        self.penalty_cost += other.penalty_cost;
        self.split_friction_cost += other.split_friction_cost;
        self.liquidity_opportunity_cost += other.liquidity_opportunity_cost;
    }
}
