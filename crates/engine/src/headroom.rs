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

use crate::agenda::Due;
use crate::arrivals::Arriving;
use crate::error::TickError;
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

/// A tick that is to be admitted.
#[derive(Clone, Copy)]
pub(crate) struct Coming<'t> {
    pub(crate) scenario: &'t CheckedScenario,
    pub(crate) world: &'t World,
    pub(crate) now: Tick,
    pub(crate) due: &'t Due,
    pub(crate) arriving: Arriving<'t>,
}

/// What a tick may have to deal with.
#[derive(Debug, Default)]
struct Load {
    /// Value of what waits, arrives and is submitted, and of what was given up today.
    value: Total,
    /// Number of those that wait or were given up today.
    waiting: usize,
    /// Number of those that arrive or are submitted.
    newcomers: usize,
    /// Of all these, such as may become overdue or be given up.
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

    /// Returns whether no rate is higher than what ticks are weighed with.
    pub(crate) fn covers(&self, rates: &CostRates) -> bool {
        !rates.split_friction_cost.is_negative()
            && dearest(&self.rates, rates) == self.rates
            && self.deadline_penalties.contains(&rates.deadline_penalty)
            && self.eod_penalties.contains(&rates.eod_penalty)
    }

    /// Admits a tick, or says why it could fail.
    pub(crate) fn admit(&self, coming: &Coming<'_>) -> Result<(), TickError> {
        let &Coming { scenario, world, now, arriving, .. } = coming;
        let load = Load::of(coming);
        numbers_fit(world.payments.len(), &load, now)?;
        parts_fit(world.splits.parts_made(), now)?;
        let closing = scenario.calendar.is_last_of_day(now);
        let booked = world.booked.minor();
        let most = self.most(world, &load, closing);
        let fits = most.and_then(|most| booked.checked_add(most));
        if fits.is_some_and(|booked| booked <= i128::from(i64::MAX)) {
            return Ok(());
        }
        let agent = heaviest(world, arriving);
        let agent_id = scenario.agents[agent.index()].id.clone();
        Err(TickError::CostOverflow { agent_id, tick: now })
    }

    /// Bounds what the tick can book; `None` if that overflows.
    fn most(&self, world: &World, load: &Load, closing: bool) -> Option<i128> {
        let rates = &self.rates;
        let money = (world.reach.total() + load.money).min(MONEY_LIMIT).minor();
        // No overdrafts, collateral or pools together are more than what is in reach.
        let held = |rate: Rate| bps(money, rate);
        let mut most = held(rates.overdraft_bps_per_tick)?
            .checked_add(held(rates.collateral_cost_per_tick_bps)?)?
            .checked_add(held(rates.liquidity_cost_per_tick_bps)?)?
            .checked_add(i128::try_from(world.agents()).ok()?.checked_mul(4)?)?; // for rounding
        let value = load.value.minor();
        most = most.checked_add(delay_bound(rates, value)?)?;
        for penalty in &self.deadline_penalties {
            most = most.checked_add(penalty_bound(*penalty, value, load.penalised)?)?;
        }
        if closing {
            let waiting = load.waiting + load.newcomers + load.parts;
            for penalty in &self.eod_penalties {
                most = most.checked_add(penalty_bound(*penalty, value, waiting)?)?;
            }
        }
        let parts = i128::try_from(load.parts).ok()?;
        most.checked_add(i128::from(rates.split_friction_cost.minor()).checked_mul(parts)?)
    }
}

/// Admits a tick after so many payments, if those that it may make can be numbered.
fn numbers_fit(made: usize, load: &Load, tick: Tick) -> Result<(), TickError> {
    let most = u32::try_from(made + load.newcomers + load.parts);
    most.map(drop).map_err(|_| TickError::TooManyPayments { tick })
}

/// Admits a tick after so many parts have been made, or says that they are too many.
fn parts_fit(parts: usize, tick: Tick) -> Result<(), TickError> {
    if parts <= MAX_PARTS_MADE { Ok(()) } else { Err(TickError::TooManyParts { tick, parts }) }
}

impl Load {
    fn of(coming: &Coming<'_>) -> Self {
        let &Coming { scenario, world, now, due, arriving } = coming;
        let dropped = &world.dropped_today;
        let given_up = dropped.iter().map(|no| world.payments.get(*no).amount);
        let mut load = Self {
            value: world.backlog.total() + arriving.value() + given_up.sum(),
            waiting: world.queue1.len() + world.queue2.len() + dropped.len(),
            newcomers: arriving.len(),
            penalised: world.deadlines.count_due(now),
            ..Self::default()
        };
        if world.abilities.costly || given(scenario, due).next().is_some() {
            load.add_policies(coming); // else no policy can split, drop or post
        }
        for actions in world.decisions.all() {
            load.decide(actions, scenario.rules.max_splits);
        }
        for instruction in due.instructions(scenario) {
            load.add_instruction(instruction, scenario.rules.max_splits);
        }
        for event in due.events(scenario) {
            load.add_event(event, world);
        }
        load
    }

    /// Adds what policies may do with what waits and arrives.
    fn add_policies(&mut self, coming: &Coming<'_>) {
        let &Coming { scenario, world, due, .. } = coming;
        let max_splits = scenario.rules.max_splits;
        let (newcomers, raises) = (coming.newcomers_of(), coming.raises_of());
        let followed = (0..).map(AgentNo).zip(&world.followers);
        let followed = followed.map(|(agent, follower)| (agent, follower.policy()));
        for (agent, policy) in followed.chain(given(scenario, due)) {
            let parts = policy.most_parts().min(max_splits) as usize;
            if parts > 0 || policy.can_drop() {
                // What waits in queue 2 may be withdrawn before queue 1 is asked.
                let waiting = world.queue1.line(agent).len() + world.queue2.len_of(agent);
                let asked = waiting + newcomers[agent.index()];
                self.parts += asked * parts;
                self.penalised += if policy.can_drop() { asked } else { 0 };
            }
            if policy.can_post() {
                let cap = world.ledger.cap(agent).minor();
                let cap = Money::from_minor(cap.saturating_add(raises[agent.index()]));
                self.money += scenario.agents[agent.index()].collateral_capacity(cap);
                self.lowers_credit = true;
            }
        }
    }

    fn add_instruction(&mut self, instruction: &Instruction, max_splits: u32) {
        match instruction {
            Instruction::SubmitTransaction(submission) => {
                self.value += submission.amount;
                self.newcomers += 1;
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
                self.newcomers += 1;
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
    due: &Due,
) -> impl Iterator<Item = (AgentNo, &'s Policy)> {
    let instructed = due.instructions(scenario).filter_map(|instruction| match instruction {
        Instruction::UpdateAgentPolicy { agent, policy } => Some((*agent, policy)),
        _ => None,
    });
    let changed = due.events(scenario).filter_map(|event| match event {
        ScenarioEvent::PolicyChange { agent, policy } => Some((*agent, policy)),
        _ => None,
    });
    instructed.chain(changed)
}

impl Coming<'_> {
    /// Counts the payments that arrive or are submitted, by sender.
    fn newcomers_of(&self) -> Vec<usize> {
        let mut newcomers = vec![0; self.world.agents()];
        let mut count = |sender: AgentNo| newcomers[sender.index()] += 1;
        self.arriving.iter().for_each(|payment| count(payment.sender));
        for instruction in self.due.instructions(self.scenario) {
            if let Instruction::SubmitTransaction(submission) = instruction {
                count(submission.sender);
            }
        }
        for event in self.due.events(self.scenario) {
            if let ScenarioEvent::CustomTransactionArrival { from_agent, .. } = event {
                count(*from_agent);
            }
        }
        newcomers
    }

    /// Returns by how much unsecured caps may rise, in minor units, by agent.
    fn raises_of(&self) -> Vec<i64> {
        let mut raises = vec![0_i64; self.world.agents()];
        for event in self.due.events(self.scenario) {
            if let ScenarioEvent::CreditLimitChange { agent, delta } = event {
                let raise = &mut raises[agent.index()];
                *raise = raise.saturating_add(delta.or_zero().minor());
            }
        }
        raises
    }
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
    Some(
        weighted.minor().checked_mul(rate)? / (Multiplier::SCALE * Multiplier::SCALE * TRILLION)
            + 1,
    )
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
fn heaviest(world: &World, arriving: Arriving<'_>) -> AgentNo {
    let agents = world.agents();
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

    /// What waits has its numbers already.
    #[test]
    fn only_newcomers_and_parts_are_numbered() {
        let load = Load { waiting: 1_000, newcomers: 2, parts: 3, ..Load::default() };
        let most = u32::MAX as usize;
        assert_eq!(numbers_fit(most - 5, &load, Tick(3)), Ok(()));
        let fault = TickError::TooManyPayments { tick: Tick(3) };
        assert_eq!(numbers_fit(most - 4, &load, Tick(3)), Err(fault));
    }

    /// No test can make so many parts; so the bound is asked by itself.
    #[test]
    fn parts_are_bounded() {
        assert_eq!(parts_fit(MAX_PARTS_MADE, Tick(3)), Ok(()));
        let fault = parts_fit(MAX_PARTS_MADE + 1, Tick(3)).unwrap_err().to_string();
        let expected = "before tick 3 payments have been split into 50000001 parts, more than \
                        50000000; does a policy split parts again and again?";
        assert_eq!(fault, expected);
    }

    /// Rates change within a tick: what is weighed has the higher of each, whichever that is of.
    #[test]
    fn the_dearest_rates_are_the_higher_of_each() {
        let cheap = CostRates::FREE;
        let one_dearer: [fn(&mut CostRates); 7] = [
            |rates| rates.overdraft_bps_per_tick = rate("2"),
            |rates| rates.delay_cost_per_tick_per_cent = rate("2"),
            |rates| rates.collateral_cost_per_tick_bps = rate("2"),
            |rates| rates.liquidity_cost_per_tick_bps = rate("2"),
            |rates| rates.split_friction_cost = Money::from_minor(2),
            |rates| rates.overdue_delay_multiplier = "2".parse().unwrap(),
            |rates| rates.priority_delay_multipliers.0[1] = "2".parse().unwrap(),
        ];
        for raise in one_dearer {
            let mut dear = cheap;
            raise(&mut dear);
            assert_ne!(dear, cheap);
            assert_eq!(dearest(&cheap, &dear), dear);
            assert_eq!(dearest(&dear, &cheap), dear);
        }
        let mut other = cheap;
        for raise in one_dearer {
            raise(&mut other);
        }
        let all = one_dearer.iter().fold(cheap, |sum, raise| {
            let mut dear = cheap;
            raise(&mut dear);
            dearest(&sum, &dear)
        });
        assert_eq!(all, other);
    }

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }
}
