//! What liquidity, delay, lateness and splitting cost.

use serde::{Deserialize, Serialize};

use crate::{Money, Multiplier, PriorityBand, Rate};

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
    /// For each payment unsettled at the end of a day whose deadline has come, or that its sender
    /// dropped that day.
    pub eod_penalty: Penalty,
    /// For each payment, once, when it becomes overdue or its sender drops it.
    pub deadline_penalty: Penalty,
    /// For each part of a split beyond the first, once.
    pub split_friction_cost: Money,
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
        split_friction_cost: Money::ZERO,
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

/// New values for some of the cost rates; the others stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRatesChange {
    /// See [`CostRates::overdraft_bps_per_tick`].
    pub overdraft_bps_per_tick: Option<Rate>,
    /// See [`CostRates::delay_cost_per_tick_per_cent`].
    pub delay_cost_per_tick_per_cent: Option<Rate>,
    /// See [`CostRates::collateral_cost_per_tick_bps`].
    pub collateral_cost_per_tick_bps: Option<Rate>,
    /// See [`CostRates::liquidity_cost_per_tick_bps`].
    pub liquidity_cost_per_tick_bps: Option<Rate>,
    /// See [`CostRates::eod_penalty`].
    pub eod_penalty: Option<Penalty>,
    /// See [`CostRates::deadline_penalty`].
    pub deadline_penalty: Option<Penalty>,
    /// See [`CostRates::split_friction_cost`].
    pub split_friction_cost: Option<Money>,
    /// See [`CostRates::overdue_delay_multiplier`].
    pub overdue_delay_multiplier: Option<Multiplier>,
    /// See [`CostRates::priority_delay_multipliers`], by band.
    pub priority_delay_multipliers: [Option<Multiplier>; 3],
}

impl CostRatesChange {
    /// Returns the rates after the change.
    pub fn applied_to(&self, rates: &CostRates) -> CostRates {
        let mut bands = rates.priority_delay_multipliers;
        for (band, change) in bands.0.iter_mut().zip(self.priority_delay_multipliers) {
            *band = change.unwrap_or(*band);
        }
        CostRates {
            overdraft_bps_per_tick: self
                .overdraft_bps_per_tick
                .unwrap_or(rates.overdraft_bps_per_tick),
            delay_cost_per_tick_per_cent: self
                .delay_cost_per_tick_per_cent
                .unwrap_or(rates.delay_cost_per_tick_per_cent),
            collateral_cost_per_tick_bps: self
                .collateral_cost_per_tick_bps
                .unwrap_or(rates.collateral_cost_per_tick_bps),
            liquidity_cost_per_tick_bps: self
                .liquidity_cost_per_tick_bps
                .unwrap_or(rates.liquidity_cost_per_tick_bps),
            eod_penalty: self.eod_penalty.unwrap_or(rates.eod_penalty),
            deadline_penalty: self.deadline_penalty.unwrap_or(rates.deadline_penalty),
            split_friction_cost: self.split_friction_cost.unwrap_or(rates.split_friction_cost),
            overdue_delay_multiplier: self
                .overdue_delay_multiplier
                .unwrap_or(rates.overdue_delay_multiplier),
            priority_delay_multipliers: bands,
        }
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
    ///
    /// # Errors
    ///
    /// [`CostOverflow`](crate::CostOverflow): it is more than 64 bits hold.
    pub fn on(self, amount: Money) -> Result<Money, crate::CostOverflow> {
        match self {
            Self::Fixed(charge) => Ok(charge),
            Self::Bps(rate) => rate.of_bps(amount),
        }
    }

    /// Returns whether nothing is charged on any amount.
    pub const fn is_free(self) -> bool {
        match self {
            Self::Fixed(charge) => charge.minor() == 0,
            Self::Bps(rate) => rate.is_zero(),
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
