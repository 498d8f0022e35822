//! The opening of the stream: everything a fold must know before the first tick.

use psim_model::event::{
    AgentOpened, DelayRatesSet, NewAgent, PolicyFollowed, ReservationsSet, RulesSet, RunStarted,
};
use psim_model::{AgentNo, CostRates, Money, Policy, PriorityBand, Reservations};
use rustc_hash::FxHashMap;

use crate::VERSION;
use crate::changes;
use crate::world::Step;

/// Opens the stream with the run, its rules and each agent, before the first tick.
pub(crate) fn announce(step: &mut Step<'_>) {
    let scenario = step.scenario;
    let clock = scenario.calendar.clock();
    let started = RunStarted {
        rng_seed: scenario.rng_seed,
        version: step.batch.text(VERSION),
        scenario_hash: step.batch.text(&scenario.fingerprint().to_string()),
        ticks_per_day: scenario.calendar.ticks_per_day(),
        num_days: scenario.calendar.num_days(),
        opens_at_seconds: clock.map(|clock| clock.opens_at_seconds),
        tick_seconds: clock.map(|clock| clock.tick_seconds),
        currency: step.batch.text(&scenario.currency.code),
        currency_decimals: scenario.currency.decimals,
    };
    step.emit(started);
    let rules = &scenario.rules;
    step.emit(RulesSet {
        queue1_ordering: rules.queue1_ordering,
        priority_mode: rules.priority_mode,
        deferred_crediting: rules.deferred_crediting,
        limits_basis: rules.limits_basis,
        limits_apply_to: rules.limits_apply_to,
    });
    step.emit(delay_rates(&scenario.costs, step));
    for (index, agent) in scenario.agents.iter().enumerate() {
        let id = step.batch.text(&agent.id);
        step.emit(AgentOpened {
            agent_id: NewAgent { no: AgentNo::from_index(index), id },
            opening_balance: agent.opening_balance,
            unsecured_cap: agent.unsecured_cap,
            posted_collateral: agent.posted_collateral,
            collateral_haircut: agent.collateral_haircut,
            max_collateral_capacity: agent.collateral_capacity(agent.unsecured_cap),
            liquidity_pool: agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount),
        });
    }
    for (index, agent) in scenario.agents.iter().enumerate() {
        if !agent.limits.is_empty() {
            changes::announce_limits(step, AgentNo::from_index(index), &agent.limits);
        }
    }
    for (index, agent) in scenario.agents.iter().enumerate() {
        let Reservations { highly_urgent, urgent } = agent.reservations;
        if highly_urgent.is_positive() || urgent.is_positive() {
            let agent_id = AgentNo::from_index(index);
            step.emit(ReservationsSet { agent_id, highly_urgent, urgent });
        }
    }
    announce_policies(step);
}

/// Says who follows which policy, of those that do more than release at once.
fn announce_policies(step: &mut Step<'_>) {
    let (mut policies, mut places) = (Vec::new(), FxHashMap::default());
    for (index, agent) in step.scenario.agents.iter().enumerate() {
        if agent.policy == Policy::fifo() {
            continue;
        }
        let place = *places.entry(agent.policy.text()).or_insert_with(|| {
            policies.push((&agent.policy, Vec::new()));
            policies.len() - 1
        });
        policies[place].1.push(AgentNo::from_index(index));
    }
    for (policy, agents) in policies {
        let event = PolicyFollowed {
            policy: step.batch.text(policy.id()),
            document: step.batch.text(policy.text()),
            agents: step.batch.agents(agents),
        };
        step.emit(event);
    }
}

/// Returns what delay costs at these rates.
pub(crate) fn delay_rates(rates: &CostRates, step: &Step<'_>) -> DelayRatesSet {
    DelayRatesSet {
        delay_cost_per_tick_per_cent: rates.delay_cost_per_tick_per_cent,
        overdue_delay_multiplier: rates.overdue_delay_multiplier,
        urgent_multiplier: rates.priority_delay_multipliers.of(PriorityBand::Urgent),
        normal_multiplier: rates.priority_delay_multipliers.of(PriorityBand::Normal),
        low_multiplier: rates.priority_delay_multipliers.of(PriorityBand::Low),
        delay_cost_queues: step.scenario.rules.delay_cost_queues,
    }
}
