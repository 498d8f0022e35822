//! What an agent has, owes and waits for.

use psim_model::event::AgentOpened;
use psim_model::{Fraction, Money, Total};

use super::{Costs, Tally, minus, plus};

/// One agent, as the events up to now tell of it. All amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentState {
    /// Balance before the first tick.
    pub opening_balance: Money,
    /// Balance now.
    pub balance: Money,
    /// How far the balance may go below zero without collateral.
    pub unsecured_cap: Money,
    /// Collateral posted, at nominal value.
    pub posted_collateral: Money,
    /// Share of the nominal value that the collateral is not worth.
    pub collateral_haircut: Fraction,
    /// Most collateral that may be posted.
    pub max_collateral_capacity: Money,
    /// Outside funds of which a share is brought in.
    pub liquidity_pool: Money,
    /// What of them is brought in now.
    pub allocated_pool: Money,
    /// Own payments in queue 1.
    pub queue1: Tally,
    /// Own payments in queue 2.
    pub queue2: Tally,
    /// Costs booked since the day began.
    pub costs_today: Costs,
    /// Costs booked since the run began.
    pub costs: Costs,
}

impl AgentState {
    pub(super) fn opened(opened: &AgentOpened) -> Self {
        Self {
            opening_balance: opened.opening_balance,
            balance: opened.opening_balance,
            unsecured_cap: opened.unsecured_cap,
            posted_collateral: opened.posted_collateral,
            collateral_haircut: opened.collateral_haircut,
            max_collateral_capacity: opened.max_collateral_capacity,
            liquidity_pool: opened.liquidity_pool,
            allocated_pool: Money::ZERO,
            queue1: Tally::default(),
            queue2: Tally::default(),
            costs_today: Costs::default(),
            costs: Costs::default(),
        }
    }

    /// Returns what the posted collateral is worth after its haircut.
    pub fn collateral_value(&self) -> Money {
        self.collateral_haircut.complement().floor_of(self.posted_collateral)
    }

    /// Returns how far the balance may go below zero: unsecured cap and collateral value.
    pub fn credit_permission(&self) -> Money {
        plus(self.unsecured_cap, self.collateral_value())
    }

    /// Returns how far the balance is below zero (zero if it is not).
    pub const fn credit_used(&self) -> Money {
        self.balance.shortfall()
    }

    /// Returns what could be paid out now.
    pub fn available(&self) -> Money {
        let headroom = minus(self.credit_permission(), self.credit_used());
        plus(self.balance.or_zero(), headroom.or_zero())
    }

    /// Returns the liquidity at hand if the balance were `balance`: never below zero.
    pub(crate) fn liquidity_at(&self, balance: Money) -> Total {
        let liquidity = Total::from(balance) + Total::from(self.credit_permission());
        liquidity.max(Total::ZERO)
    }
}
