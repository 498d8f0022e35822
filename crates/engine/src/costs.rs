//! Step 12: what the tick costs each bank.

use std::ops::AddAssign;

use psim_model::event::CostAccrual;
use psim_model::{AgentNo, CostOverflow, Money, PaymentNo, Total};
use serde::{Deserialize, Serialize};

use crate::world::{Charges, Step, World};

/// What an agent has been charged: the `CostAccrual`s of a day and of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// Since the day began.
    pub today: CostsByKind,
    /// Since the run began.
    pub total: CostsByKind,
}

/// `CostAccrual`s, summed by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostsByKind {
    /// For negative balances.
    pub liquidity_cost: Money,
    /// For queued payments.
    pub delay_cost: Money,
    /// For posted collateral.
    pub collateral_cost: Money,
    /// Deadline and end-of-day penalties.
    pub penalty_cost: Money,
    /// For splitting.
    pub split_friction_cost: Money,
    /// For liquidity brought in from pools.
    pub liquidity_opportunity_cost: Money,
}

impl CostsByKind {
    /// Returns the costs of each kind, in the order of the fields.
    pub const fn by_kind(&self) -> [Money; 6] {
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
    pub fn sum(&self) -> Total {
        self.by_kind().into_iter().sum()
    }
}

impl AddAssign<&CostAccrual> for CostsByKind {
    fn add_assign(&mut self, accrual: &CostAccrual) {
        self.liquidity_cost += accrual.liquidity_cost;
        self.delay_cost += accrual.delay_cost;
        self.collateral_cost += accrual.collateral_cost;
        self.penalty_cost += accrual.penalty_cost;
        self.split_friction_cost += accrual.split_friction_cost;
        self.liquidity_opportunity_cost += accrual.liquidity_opportunity_cost;
    }
}

/// Books each agent's costs of the tick, end-of-day penalties included.
pub(crate) fn accrue(world: &mut World, step: &mut Step<'_>) {
    if step.scenario.calendar.is_last_of_day(step.now) {
        charge_end_of_day(world, step);
    }
    if world.rates.ticks_are_free() && !world.charges_due {
        return;
    }
    world.charges_due = false;
    for index in 0..step.scenario.agents.len() {
        let agent = AgentNo::from_index(index);
        let accrual =
            costs_of(world, step, agent).expect("Invariant: headroom was proven before the tick");
        world.charges[index] = Charges::default();
        if accrual.total != Money::ZERO {
            world.penalties_today += accrual.penalty_cost;
            world.booked += accrual.total;
            world.costs[index].today += &accrual;
            world.costs[index].total += &accrual;
            step.emit(accrual);
        }
    }
}

fn costs_of(world: &World, step: &Step<'_>, agent: AgentNo) -> Result<CostAccrual, CostOverflow> {
    let rates = &world.rates;
    let ledger = &world.ledger;
    let overdraft = ledger.balance(agent).shortfall();
    let liquidity_cost = rates.overdraft_bps_per_tick.of_bps(overdraft)?;
    let queues = step.scenario.rules.delay_cost_queues;
    let delay_cost = world.backlog.delay_cost(agent, rates, queues)?;
    let collateral_cost = rates.collateral_cost_per_tick_bps.of_bps(ledger.posted(agent))?;
    let Charges { penalty: penalty_cost, friction } = world.charges[agent.index()];
    let pool = rates.liquidity_cost_per_tick_bps.of_bps(ledger.allocated(agent))?;
    Ok(CostAccrual {
        agent_id: agent,
        liquidity_cost,
        delay_cost,
        collateral_cost,
        penalty_cost,
        split_friction_cost: friction,
        liquidity_opportunity_cost: pool,
        total: liquidity_cost + delay_cost + collateral_cost + penalty_cost + friction + pool,
    })
}

/// Adds the end-of-day penalty of each payment that owes one.
fn charge_end_of_day(world: &mut World, step: &Step<'_>) {
    for no in due_at_close(world, step) {
        let payment = world.payments.get(no);
        let (sender, amount) = (payment.sender, payment.amount);
        world.penalise(sender, end_of_day_penalty(world, amount));
    }
}

/// Returns the payments that owe an end-of-day penalty, by number: those that wait though their
/// deadline has come, and those that were given up today.
pub(crate) fn due_at_close(world: &World, step: &Step<'_>) -> Vec<PaymentNo> {
    if world.rates.eod_penalty.is_free() {
        return Vec::new();
    }
    let mut due = world.unsettled();
    due.retain(|no| world.payments.get(*no).deadline <= step.now);
    if !world.dropped_today.is_empty() {
        due.extend_from_slice(&world.dropped_today);
        due.sort_unstable();
    }
    due
}

/// Returns the end-of-day penalty on what remains of a payment.
pub(crate) fn end_of_day_penalty(world: &World, remaining: Money) -> Money {
    let penalty = world.rates.eod_penalty.on(remaining);
    penalty.expect("Invariant: headroom was proven before the tick")
}
