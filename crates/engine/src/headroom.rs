//! The proof, before each tick, that nothing in it can fail.
//!
//! Balances cannot overflow: money in reach is bounded (see `reach`). Costs could, with much value
//! waiting at high enough rates; so the most that a tick can book is bounded here from what waits,
//! arrives and was asked for, at the dearest rates that are scheduled, and a tick whose bound does
//! not fit is refused while nothing has changed. The bound is coarse; it only refuses runs whose
//! figures are near 2^63.

use psim_model::{
    AgentNo, CheckedScenario, CollateralChange, CostRates, Instruction, MAX_PARTS_MADE,
    MONEY_LIMIT, Money, Multiplier, PaymentAction, Penalty, Policy, Rate, ScenarioEvent, Tick,
    Total,
};

use crate::agenda::Agenda;
use crate::arrivals::Arriving;
use crate::error::TickError;
use crate::instructions;
use crate::world::World;

const BPS: i128 = 10_000;
const TRILLION: i128 = 1_000_000_000_000;

/// The dearest rates of a run.
#[derive(Clone, Debug)]
pub(crate) struct Headroom {
    rates: CostRates,
    /// All that are ever in force.
    deadline_penalties: Vec<Penalty>,
    eod_penalties: Vec<Penalty>,
}

/// What a tick may have to deal with.
#[derive(Debug, Default)]
struct Load {
    /// Value of what waits, arrives and is submitted, and of what was given up today.
    value: Total,
    /// Number of the same.
    payments: usize,
    /// Of these, such as may become overdue or be given up.
    penalised: usize,
    /// Parts of what is split.
    parts: usize,
    /// What comes into reach.
    money: Total,
    /// Whether some cap or collateral is lowered.
    lowers_credit: bool,
}

impl Headroom {
    pub(crate) fn new(scenario: &CheckedScenario) -> Self {
        let mut headroom = Self {
            rates: scenario.costs,
            deadline_penalties: vec![scenario.costs.deadline_penalty],
            eod_penalties: vec![scenario.costs.eod_penalty],
        };
        for scheduled in &scenario.events {
            if let ScenarioEvent::CostRateChange { rates } = &scheduled.event {
                headroom.deadline_penalties.extend(rates.deadline_penalty);
                headroom.eod_penalties.extend(rates.eod_penalty);
                headroom.rates = dearest(&headroom.rates, &rates.applied_to(&headroom.rates));
            }
        }
        headroom
    }

    /// Admits a tick, or says why it could fail.
    pub(crate) fn admit(
        &self,
        scenario: &CheckedScenario,
        agenda: &Agenda,
        world: &World,
        (now, arriving): (Tick, Arriving<'_>),
    ) -> Result<(), TickError> {
        let load = Load::of(scenario, agenda, world, (now, arriving));
        if u32::try_from(world.payments.len() + load.payments + load.parts).is_err() {
            return Err(TickError::TooManyPayments { tick: now });
        }
        parts_fit(world.splits.parts_made(), now)?;
        let closing = scenario.calendar.is_last_of_day(now);
        let agents = scenario.agents.len();
        let booked = world.booked.minor();
        let most = self.most(world, &load, closing, agents);
        let fits = most.and_then(|most| booked.checked_add(most));
        if fits.is_some_and(|booked| booked <= i128::from(i64::MAX)) {
            return Ok(());
        }
        let agent = heaviest(world, arriving, agents);
        let agent_id = scenario.agents[agent.index()].id.clone();
        Err(TickError::CostOverflow { agent_id, tick: now })
    }

    /// Bounds what the tick can book; `None` if that overflows.
    fn most(&self, world: &World, load: &Load, closing: bool, agents: usize) -> Option<i128> {
        let rates = &self.rates;
        let money = (world.reach.total() + load.money).min(MONEY_LIMIT).minor();
        // No overdrafts, collateral or pools together are more than what is in reach.
        let held = |rate: Rate| bps(money, rate);
        let mut most = held(rates.overdraft_bps_per_tick)?
            .checked_add(held(rates.collateral_cost_per_tick_bps)?)?
            .checked_add(held(rates.liquidity_cost_per_tick_bps)?)?
            .checked_add(i128::try_from(agents).ok()?.checked_mul(4)?)?; // for rounding
        let value = load.value.minor();
        most = most.checked_add(delay_bound(rates, value)?)?;
        for penalty in &self.deadline_penalties {
            most = most.checked_add(penalty_bound(*penalty, value, load.penalised)?)?;
        }
        if closing {
            let waiting = load.payments + load.parts;
            for penalty in &self.eod_penalties {
                most = most.checked_add(penalty_bound(*penalty, value, waiting)?)?;
            }
        }
        let parts = i128::try_from(load.parts).ok()?;
        most.checked_add(i128::from(rates.split_friction_cost.minor()).checked_mul(parts)?)
    }
}

/// Admits a tick after so many parts have been made, or says that they are too many.
fn parts_fit(parts: usize, tick: Tick) -> Result<(), TickError> {
    if parts <= MAX_PARTS_MADE { Ok(()) } else { Err(TickError::TooManyParts { tick, parts }) }
}

impl Load {
    fn of(
        scenario: &CheckedScenario,
        agenda: &Agenda,
        world: &World,
        (now, arriving): (Tick, Arriving<'_>),
    ) -> Self {
        let given_up = world.dropped_today.iter().map(|no| world.payments.get(*no).amount);
        let mut load = Self {
            value: world.backlog.total() + arriving.value() + given_up.sum(),
            payments: world.queue1.len()
                + world.queue2.len()
                + arriving.len()
                + world.dropped_today.len(),
            penalised: world.deadlines.count_due(now),
            ..Self::default()
        };
        load.add_policies(scenario, agenda, world, (now, arriving));
        for actions in world.decisions.all() {
            load.decide(actions, scenario.rules.max_splits);
        }
        for scheduled in &scenario.instructions[instructions::due(scenario, now)] {
            load.add_instruction(&scheduled.instruction, scenario.rules.max_splits);
        }
        for index in agenda.due(scenario, now) {
            load.add_event(&scenario.events[index].event, world);
        }
        load
    }

    /// Adds what policies may do with what waits and arrives.
    fn add_policies(
        &mut self,
        scenario: &CheckedScenario,
        agenda: &Agenda,
        world: &World,
        (now, arriving): (Tick, Arriving<'_>),
    ) {
        if !world.abilities.costly {
            return; // so is no policy that the scenario gives later
        }
        let max_splits = scenario.rules.max_splits;
        let followed = (0..).map(AgentNo).zip(&world.followers);
        let followed = followed.map(|(agent, follower)| (agent, follower.policy()));
        for (agent, policy) in followed.chain(given(scenario, agenda, now)) {
            let parts = policy.most_parts().min(max_splits) as usize;
            if parts > 0 || policy.can_drop() {
                let arrives = arriving.iter().filter(|payment| payment.sender == agent).count();
                let asked = world.queue1.line(agent).len() + arrives + 1; // one may be submitted
                self.parts += asked * parts;
                self.penalised += if policy.can_drop() { asked } else { 0 };
            }
            if policy.can_post() {
                let cap = world.ledger.cap(agent).minor();
                let cap = cap.saturating_add(raise_of(scenario, agenda, agent, now));
                let cap = Money::from_minor(cap);
                self.money += scenario.agents[agent.index()].collateral_capacity(cap);
                self.lowers_credit = true;
            }
        }
    }

    fn add_instruction(&mut self, instruction: &Instruction, max_splits: u32) {
        match instruction {
            Instruction::SubmitTransaction(submission) => {
                self.value += submission.amount;
                self.payments += 1;
            }
            Instruction::PostCollateral { amount, .. } => self.money += *amount,
            Instruction::WithdrawCollateral { .. } => self.lowers_credit = true,
            Instruction::Decide { actions, .. } => self.decide(actions, max_splits),
            _ => {}
        }
    }

    fn add_event(&mut self, event: &ScenarioEvent, world: &World) {
        match event {
            ScenarioEvent::CustomTransactionArrival { amount, .. } => {
                self.value += *amount;
                self.payments += 1;
            }
            // One that goes beyond the limit now will be refused: money in reach only grows.
            ScenarioEvent::DirectTransfer { amount, .. } if world.reach.admits(*amount) => {
                self.money += *amount;
            }
            ScenarioEvent::CreditLimitChange { agent, delta }
            | ScenarioEvent::CollateralValueChange {
                agent,
                change: CollateralChange::PostedDelta(delta),
            } => self.add_credit(*agent, *delta, world),
            _ => {}
        }
    }

    fn add_credit(&mut self, agent: AgentNo, delta: Money, world: &World) {
        self.lowers_credit |= delta.is_negative();
        let (cap, posted) = (world.ledger.cap(agent), world.ledger.posted(agent));
        let is_refused = cap
            .checked_add(delta.or_zero())
            .is_none_or(|raised| !world.reach.admits_credit(agent, raised, posted));
        // What is refused now would be admitted only if credit had been lowered before.
        if self.lowers_credit || !is_refused {
            self.money += delta.or_zero();
        }
    }

    fn decide(&mut self, actions: &[PaymentAction], max_splits: u32) {
        match actions.last() {
            Some(
                PaymentAction::Split { num_splits }
                | PaymentAction::StaggerSplit { num_splits, .. },
            ) if *num_splits <= max_splits => self.parts += *num_splits as usize,
            Some(PaymentAction::Drop) => self.penalised += 1,
            _ => {}
        }
    }
}

/// Visits the policies that agents are given in a tick.
fn given<'s>(
    scenario: &'s CheckedScenario,
    agenda: &Agenda,
    now: Tick,
) -> impl Iterator<Item = (AgentNo, &'s Policy)> {
    let instructions = &scenario.instructions[instructions::due(scenario, now)];
    let instructed = instructions.iter().filter_map(|scheduled| match &scheduled.instruction {
        Instruction::UpdateAgentPolicy { agent, policy } => Some((*agent, policy)),
        _ => None,
    });
    let events = agenda.due(scenario, now).into_iter().map(|index| &scenario.events[index].event);
    let changed = events.filter_map(|event| match event {
        ScenarioEvent::PolicyChange { agent, policy } => Some((*agent, policy)),
        _ => None,
    });
    instructed.chain(changed.collect::<Vec<_>>())
}

/// Returns by how much an agent's unsecured cap may rise in a tick, in minor units.
fn raise_of(scenario: &CheckedScenario, agenda: &Agenda, agent: AgentNo, now: Tick) -> i64 {
    let due = agenda.due(scenario, now).into_iter().map(|index| &scenario.events[index].event);
    let raises = due.filter_map(|event| match event {
        ScenarioEvent::CreditLimitChange { agent: changed, delta } if *changed == agent => {
            Some(delta.or_zero().minor())
        }
        _ => None,
    });
    raises.fold(0, i64::saturating_add)
}

/// Returns rates of which each is the higher of two.
fn dearest(a: &CostRates, b: &CostRates) -> CostRates {
    let mut bands = a.priority_delay_multipliers;
    for (band, other) in bands.0.iter_mut().zip(b.priority_delay_multipliers.0) {
        *band = (*band).max(other);
    }
    CostRates {
        overdraft_bps_per_tick: a.overdraft_bps_per_tick.max(b.overdraft_bps_per_tick),
        delay_cost_per_tick_per_cent: a
            .delay_cost_per_tick_per_cent
            .max(b.delay_cost_per_tick_per_cent),
        collateral_cost_per_tick_bps: a
            .collateral_cost_per_tick_bps
            .max(b.collateral_cost_per_tick_bps),
        liquidity_cost_per_tick_bps: a
            .liquidity_cost_per_tick_bps
            .max(b.liquidity_cost_per_tick_bps),
        split_friction_cost: a.split_friction_cost.max(b.split_friction_cost),
        overdue_delay_multiplier: a.overdue_delay_multiplier.max(b.overdue_delay_multiplier),
        priority_delay_multipliers: bands,
        ..*a // penalties are bounded one by one
    }
}

/// Bounds the delay costs of a tick on `value` waiting.
fn delay_bound(rates: &CostRates, value: i128) -> Option<i128> {
    let urgency = rates.priority_delay_multipliers.0.into_iter().max()?.max(Multiplier::ONE);
    let lateness = rates.overdue_delay_multiplier.max(Multiplier::ONE);
    let weighted = urgency.weigh(lateness, Total::from_minor(value))?;
    let rate = i128::from(rates.delay_cost_per_tick_per_cent.trillionths());
    Some(weighted.minor().checked_mul(rate)? / (BPS * BPS * TRILLION) + 1)
}

/// Bounds a penalty on `count` payments of at most `value` together.
fn penalty_bound(penalty: Penalty, value: i128, count: usize) -> Option<i128> {
    let count = i128::try_from(count).ok()?;
    match penalty {
        _ if count == 0 => Some(0),
        Penalty::Fixed(charge) => i128::from(charge.minor()).checked_mul(count),
        Penalty::Bps(rate) => bps(value, rate)?.checked_add(count),
    }
}

/// Returns basis points of a value, rounded up.
fn bps(value: i128, rate: Rate) -> Option<i128> {
    Some(value.checked_mul(i128::from(rate.trillionths()))? / (BPS * TRILLION) + 1)
}

/// Returns the agent with the most value waiting and arriving.
fn heaviest(world: &World, arriving: Arriving<'_>, agents: usize) -> AgentNo {
    let mut values: Vec<Total> =
        (0..agents).map(|index| world.backlog.total_of(AgentNo::from_index(index))).collect();
    for payment in arriving.iter() {
        values[payment.sender.index()] += payment.amount;
    }
    let heaviest = (0..agents).rev().max_by_key(|index| values[*index]);
    AgentNo::from_index(heaviest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody waits for as many parts as may be.
    #[test]
    fn parts_are_bounded() {
        assert_eq!(parts_fit(MAX_PARTS_MADE, Tick(3)), Ok(()));
        let fault = parts_fit(MAX_PARTS_MADE + 1, Tick(3)).unwrap_err().to_string();
        let expected = "before tick 3 payments have been split into 50000001 parts, more than \
                        50000000; does a policy split parts again and again?";
        assert_eq!(fault, expected);
    }
}
