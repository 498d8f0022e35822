//! The opening of the stream: everything a fold must know before the first tick.

use psim_model::event::{AgentOpened, DelayRatesSet, NewAgent, RunStarted};
use psim_model::{AgentNo, Money, PriorityBand};

use crate::VERSION;
use crate::world::Step;

/// Opens the stream with the run and each agent, on the first tick.
pub(crate) fn announce(step: &mut Step<'_>) {
    if step.now.0 > 0 {
        return;
    }
    let scenario = step.scenario;
    let clock = scenario.calendar.clock();
    let started = RunStarted {
        rng_seed: scenario.rng_seed,
        version: step.out.text(VERSION),
        scenario_hash: step.out.text(&scenario.fingerprint().to_string()),
        ticks_per_day: scenario.calendar.ticks_per_day(),
        num_days: scenario.calendar.num_days(),
        opens_at_seconds: clock.map(|clock| clock.opens_at_seconds),
        tick_seconds: clock.map(|clock| clock.tick_seconds),
        currency: step.out.text(&scenario.currency.code),
        currency_decimals: scenario.currency.decimals,
    };
    step.emit(started);
    let rates = &scenario.costs;
    step.emit(DelayRatesSet {
        delay_cost_per_tick_per_cent: rates.delay_cost_per_tick_per_cent,
        overdue_delay_multiplier: rates.overdue_delay_multiplier,
        urgent_multiplier: rates.priority_delay_multipliers.of(PriorityBand::Urgent),
        normal_multiplier: rates.priority_delay_multipliers.of(PriorityBand::Normal),
        low_multiplier: rates.priority_delay_multipliers.of(PriorityBand::Low),
        delay_cost_queues: scenario.rules.delay_cost_queues,
    });
    for (index, agent) in scenario.agents.iter().enumerate() {
        let id = step.out.text(&agent.id);
        step.emit(AgentOpened {
            agent_id: NewAgent { no: AgentNo::from_index(index), id },
            opening_balance: agent.opening_balance,
            unsecured_cap: agent.unsecured_cap,
            posted_collateral: agent.posted_collateral,
            collateral_haircut: agent.collateral_haircut,
            max_collateral_capacity: agent.max_collateral_capacity,
            liquidity_pool: agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount),
        });
    }
}
