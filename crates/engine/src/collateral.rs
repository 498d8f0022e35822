//! Collateral: posting, withdrawing, and timers that withdraw.

use std::collections::BTreeMap;

use psim_model::event::{
    CollateralPost, CollateralTimerBlocked, CollateralTimerScheduled, CollateralTimerWithdrawn,
    CollateralWithdraw, Origin, Refusal,
};
use psim_model::{AgentNo, Fraction, Money, Scenario, Tick, Total};
use serde::{Deserialize, Serialize};

use crate::world::{Step, World};

/// When agents posted collateral, and what of it is withdrawn when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Collateral {
    /// Tick of the last posting, by agent.
    posted_at: Vec<Option<Tick>>,
    timers: BTreeMap<Tick, Vec<Timer>>,
}

/// Collateral that is withdrawn at its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Timer {
    pub(crate) agent: AgentNo,
    amount: Money,
    reason: String,
    posted_at: Tick,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) agent: AgentNo,
    pub(crate) amount: Money,
    pub(crate) reason: &'a str,
    pub(crate) origin: Origin,
}

impl Collateral {
    pub(crate) fn new(agents: usize) -> Self {
        Self { posted_at: vec![None; agents], timers: BTreeMap::new() }
    }

    /// Returns whether it can be that of so many agents.
    pub(crate) fn fits(&self, agents: usize) -> bool {
        self.posted_at.len() == agents
    }
}

/// Returns the most collateral that an agent may have posted now.
pub(crate) fn capacity(world: &World, step: &Step<'_>, agent: AgentNo) -> Money {
    step.scenario.agents[agent.index()].collateral_capacity(world.ledger.cap(agent))
}

/// Returns what of a posting fits, or why nothing does.
pub(crate) fn postable(
    world: &World,
    step: &Step<'_>,
    agent: AgentNo,
    amount: Money,
) -> Result<Money, Refusal> {
    let posted = world.ledger.posted(agent);
    let fits = amount.min((capacity(world, step, agent) - posted).or_zero());
    if !fits.is_positive() {
        return Err(Refusal::NothingToMove);
    }
    let is_held = posted
        .checked_add(fits)
        .is_some_and(|total| world.reach.admits_credit(agent, world.ledger.cap(agent), total));
    if is_held { Ok(fits) } else { Err(Refusal::TooMuchMoney) }
}

/// Posts what of a request fits, which is something; withdraws it again after `timer` ticks.
pub(crate) fn post(
    world: &mut World,
    step: &mut Step<'_>,
    request: Request<'_>,
    timer: Option<u32>,
) {
    let Request { agent, amount: requested_amount, reason, origin } = request;
    let Ok(amount) = postable(world, step, agent, requested_amount) else { return };
    let new_total = world.ledger.posted(agent) + amount;
    set_posted(world, agent, new_total);
    world.collateral.posted_at[agent.index()] = Some(step.now);
    let text = step.batch.text(reason);
    step.emit(CollateralPost {
        agent_id: agent,
        amount,
        requested_amount,
        reason: text,
        new_total,
        origin,
        decision_path: step.path,
    });
    if let Some(ticks) = timer {
        let due_tick = Tick(step.now.0.saturating_add(ticks));
        let timer = Timer { agent, amount, reason: reason.to_owned(), posted_at: step.now };
        world.collateral.timers.entry(due_tick).or_default().push(timer);
        step.emit(CollateralTimerScheduled { agent_id: agent, amount, due_tick });
    }
}

/// Returns what of a withdrawal an agent can do without, or why it may withdraw nothing.
pub(crate) fn withdrawable(
    world: &World,
    (scenario, now): (&Scenario, Tick),
    agent: AgentNo,
    amount: Money,
) -> Result<Money, Refusal> {
    let holding_period = scenario.rules.collateral.holding_period_ticks;
    let posted_at = world.collateral.posted_at[agent.index()];
    if posted_at.is_some_and(|tick| now.since(tick) < holding_period) {
        return Err(Refusal::HoldingPeriod);
    }
    let amount = amount.min(dispensable(world, agent, Money::ZERO));
    if amount.is_positive() { Ok(amount) } else { Err(Refusal::NothingToMove) }
}

/// Withdraws what of a request an agent can do without, which is something.
pub(crate) fn withdraw(world: &mut World, step: &mut Step<'_>, request: Request<'_>) {
    let Request { agent, amount: requested_amount, reason, origin } = request;
    let Ok(amount) = withdrawable(world, step.moment(), agent, requested_amount) else { return };
    let new_total = world.ledger.posted(agent) - amount;
    set_posted(world, agent, new_total);
    let reason = step.batch.text(reason);
    step.emit(CollateralWithdraw {
        agent_id: agent,
        amount,
        requested_amount,
        reason,
        new_total,
        origin,
        decision_path: step.path,
    });
}

/// Returns the collateral whose time has come, by agent, each agent's in order of posting.
pub(crate) fn take_due(world: &mut World, now: Tick) -> Vec<Timer> {
    let mut due = world.collateral.timers.remove(&now).unwrap_or_default();
    due.sort_by_key(|timer| timer.agent); // stable
    due
}

/// Withdraws collateral whose time has come, as far as it is not needed.
pub(crate) fn run_timer(world: &mut World, step: &mut Step<'_>, timer: &Timer) {
    let Timer { agent, amount: requested_amount, posted_at, .. } = *timer;
    let posted = world.ledger.posted(agent);
    if posted == Money::ZERO {
        return;
    }
    let buffer = step.scenario.rules.collateral.timer_buffer;
    let amount = requested_amount.min(dispensable(world, agent, buffer));
    let original_reason = step.batch.text(&timer.reason);
    if amount == Money::ZERO {
        step.emit(CollateralTimerBlocked {
            agent_id: agent,
            requested_amount,
            original_reason,
            posted_at_tick: posted_at,
        });
        return;
    }
    let new_total = posted - amount;
    set_posted(world, agent, new_total);
    step.emit(CollateralTimerWithdrawn {
        agent_id: agent,
        amount,
        requested_amount,
        original_reason,
        posted_at_tick: posted_at,
        new_total,
    });
}

fn set_posted(world: &mut World, agent: AgentNo, posted: Money) {
    world.ledger.set_posted(agent, posted);
    world.reach.note_credit(agent, world.ledger.cap(agent), posted);
    world.queue2.touch(agent);
}

/// Returns what of its collateral an agent can do without if it is to have `buffer` of credit to
/// spare.
fn dispensable(world: &World, agent: AgentNo, buffer: Money) -> Money {
    let posted = world.ledger.posted(agent);
    let credit_used = world.ledger.balance(agent).shortfall();
    let wanted = i128::from(credit_used.minor()) + i128::from(buffer.minor())
        - i128::from(world.ledger.cap(agent).minor());
    let worth = world.ledger.haircut(agent).complement();
    if worth == Fraction::ZERO {
        return posted; // it backs nothing
    }
    let required = least_worth(wanted.max(0), worth);
    let spare = i128::from(posted.minor()) - required;
    Money::from_minor(i64::try_from(spare.max(0)).expect("Invariant: no more than is posted"))
}

/// Returns the least nominal collateral that backs what an agent uses beyond its unsecured cap;
/// nothing if collateral is worth nothing.
pub(crate) fn required(world: &World, agent: AgentNo) -> Total {
    let worth = world.ledger.haircut(agent).complement();
    if worth == Fraction::ZERO {
        return Total::ZERO;
    }
    let used = i128::from(world.ledger.balance(agent).shortfall().minor());
    let beyond = used - i128::from(world.ledger.cap(agent).minor());
    Total::from_minor(least_worth(beyond.max(0), worth))
}

/// Returns the least whole amount of which a share is worth at least `value`.
fn least_worth(value: i128, share: Fraction) -> i128 {
    let whole = i128::from(Fraction::ONE.trillionths());
    let share = i128::from(share.trillionths());
    (value * whole + share - 1).div_euclid(share)
}
