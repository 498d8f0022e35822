//! What an agent has, owes and waits for.

use psim_model::event::{AgentOpened, Event, EventBatch, LimitsSet, RtgsPriority};
use psim_model::{Fraction, Limits, Money, Reservations};

use super::policy::{Following, PolicyText};
use super::{Costs, Tally, minus, plus};

/// One agent, as the events up to now tell of it. All amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentState {
    /// Balance before the first tick.
    pub opening_balance: Money,
    /// Balance now.
    pub balance: Money,
    /// What it has received and gets with the deferred credits of the tick.
    pub pending: Money,
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
    /// Caps on what it pays in a day.
    pub limits: Limits,
    /// What its payments of lower classes leave alone.
    pub reservations: Reservations,
    /// Whether it cannot send.
    pub is_out: bool,
    /// Own payments in queue 1.
    pub queue1: Tally,
    /// Own payments in queue 2.
    pub queue2: Tally,
    /// Costs booked since the day began.
    pub costs_today: Costs,
    /// Costs booked since the run began.
    pub costs: Costs,
    pub(super) following: Following,
}

impl AgentState {
    pub(super) fn opened(opened: &AgentOpened) -> Self {
        Self {
            opening_balance: opened.opening_balance,
            balance: opened.opening_balance,
            pending: Money::ZERO,
            unsecured_cap: opened.unsecured_cap,
            posted_collateral: opened.posted_collateral,
            collateral_haircut: opened.collateral_haircut,
            max_collateral_capacity: opened.max_collateral_capacity,
            liquidity_pool: opened.liquidity_pool,
            allocated_pool: Money::ZERO,
            limits: Limits::default(),
            reservations: Reservations::default(),
            is_out: false,
            queue1: Tally::default(),
            queue2: Tally::default(),
            costs_today: Costs::default(),
            costs: Costs::default(),
            following: Following::default(),
        }
    }

    /// Takes in an event that is about the agent alone.
    pub(super) fn follow(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::LiquidityAllocation(allocation) => {
                self.balance = allocation.balance_after;
                self.allocated_pool = plus(self.allocated_pool, allocation.amount);
            }
            Event::LiquidityReturn(returned) => {
                self.balance = returned.balance_after;
                self.allocated_pool = minus(self.allocated_pool, returned.amount);
            }
            Event::DeferredCreditApplied(credit) => {
                self.balance = credit.balance_after;
                self.pending = minus(self.pending, credit.amount);
            }
            Event::LimitsSet(set) => self.limits = limits(batch, set),
            Event::ReservationsSet(set) => {
                let (highly_urgent, urgent) = (set.highly_urgent, set.urgent);
                self.reservations = Reservations { highly_urgent, urgent };
            }
            Event::CreditLimitChanged(changed) => {
                self.unsecured_cap = changed.unsecured_cap;
                self.max_collateral_capacity = changed.max_collateral_capacity;
            }
            Event::CollateralValueChanged(changed) => {
                self.posted_collateral = changed.posted_collateral;
                self.collateral_haircut = changed.collateral_haircut;
            }
            Event::CollateralPost(moved) => self.posted_collateral = moved.new_total,
            Event::CollateralWithdraw(moved) => self.posted_collateral = moved.new_total,
            Event::CollateralTimerWithdrawn(moved) => self.posted_collateral = moved.new_total,
            Event::ParticipantOutage(_) => self.is_out = true,
            Event::ParticipantRecovery(_) => self.is_out = false,
            Event::PolicyReplaced(replaced) => {
                self.following.follow(PolicyText::of(batch, replaced.policy, replaced.document));
            }
            Event::StateRegisterSet(set) => {
                self.following.set_register(batch.text_of(set.register_key), set.new_value);
            }
            Event::CostAccrual(accrual) => {
                self.costs_today.book(accrual);
                self.costs.book(accrual);
            }
            _ => {}
        }
    }

    /// Returns the name of the policy that it follows.
    pub fn policy(&self) -> &str {
        self.following.name()
    }

    /// Returns the document of that policy as JSON text; `None` if no event has told of one, which
    /// means the `fifo` of the library.
    pub fn policy_document(&self) -> Option<&str> {
        self.following.document()
    }

    /// Returns what a register of its policy holds: 0 until it is set.
    pub fn register(&self, key: &str) -> f64 {
        self.following.register(key)
    }

    /// Returns the registers that do not hold 0, by name, ascending.
    pub fn registers(&self) -> impl Iterator<Item = (&str, f64)> {
        self.following.registers()
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

    /// Returns what could be paid out now, before deducting reservations.
    pub fn available(&self) -> Money {
        let headroom = minus(self.credit_permission(), self.credit_used());
        plus(self.balance.or_zero(), headroom.or_zero())
    }

    /// Returns what could be paid out now for payments of a class.
    pub fn available_for(&self, class: RtgsPriority) -> Money {
        minus(self.available(), self.reservations.kept_from(class)).or_zero()
    }
}

fn limits(batch: &EventBatch, set: &LimitsSet) -> Limits {
    let receivers = set.counterparties.of(batch.columns()).iter().copied();
    let caps = set.bilateral_limits.of(batch.columns()).iter().copied();
    Limits { multilateral: set.multilateral_limit, bilateral: receivers.zip(caps).collect() }
}
