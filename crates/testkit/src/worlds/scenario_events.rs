//! The scenario events of a random world: all types, in time and out of it.

use psim_model::{
    CollateralChange, CostRatesChange, Money, Scenario, ScenarioEvent, Schedule, ScheduledEvent,
    Tick,
};

use super::draws::Draws;
use super::rules::{BASIS_POINTS, MULTIPLIERS, penalty};
use super::{banks, policies};

/// So much that no more of it fits beside it.
const TOO_MUCH: i64 = 1 << 60;
/// Types of events, each as likely as the others.
const TYPES: usize = 16;
const EVENTS_MAX: u32 = 12;

/// Adds a few events, some of which cannot be applied.
pub(super) fn add_events(draws: &mut Draws, scenario: &mut Scenario, unit: i64) {
    for _ in 0..draws.between(1, EVENTS_MAX) {
        let schedule = schedule(draws, scenario.calendar.last_tick());
        let event = event(draws, scenario, unit);
        if let ScenarioEvent::ParticipantOutage { agent } = event
            && draws.below(3) != 0
        {
            let tick = Tick(schedule.first().0 + draws.between(0, 3));
            let schedule = Schedule::OneTime { tick: tick.min(scenario.calendar.last_tick()) };
            let event = ScenarioEvent::ParticipantRecovery { agent };
            scenario.events.push(ScheduledEvent { schedule, event });
        }
        scenario.events.push(ScheduledEvent { schedule, event });
    }
}

fn schedule(draws: &mut Draws, last: Tick) -> Schedule {
    let start_tick = Tick(draws.between(0, last.0));
    if draws.once_in(2) {
        return Schedule::OneTime { tick: start_tick };
    }
    let interval = draws.between(1, 4);
    let end_tick = draws.once_in(2).then(|| Tick(start_tick.0 + draws.between(0, 9)));
    Schedule::Repeating { start_tick, interval, end_tick }
}

fn event(draws: &mut Draws, scenario: &Scenario, unit: i64) -> ScenarioEvent {
    match draws.below(TYPES) {
        0..=2 => movement(draws, scenario, unit),
        3..=6 => arrival_change(draws, scenario),
        7..=8 => credit_change(draws, scenario, unit),
        _ => rule_change(draws, scenario, unit),
    }
}

/// Returns an event that moves money or makes a payment.
fn movement(draws: &mut Draws, scenario: &Scenario, unit: i64) -> ScenarioEvent {
    let (from_agent, to_agent) = draws.pair(scenario.agents.len());
    let amount = draws.amount(unit);
    match draws.below(3) {
        0 => {
            let is_huge = draws.once_in(12);
            let amount = if is_huge { Money::from_minor(TOO_MUCH) } else { amount };
            ScenarioEvent::DirectTransfer { from_agent, to_agent, amount }
        }
        1 => ScenarioEvent::CustomTransactionArrival {
            from_agent,
            to_agent,
            amount,
            priority: draws.priority(),
            rtgs_priority: draws.class(),
            deadline: draws.between(1, 6),
            is_divisible: draws.pick(&[None, Some(true), Some(false)]),
        },
        _ => ScenarioEvent::ScheduledSettlement { from_agent, to_agent, amount },
    }
}

/// Returns an event that changes what is generated.
fn arrival_change(draws: &mut Draws, scenario: &Scenario) -> ScenarioEvent {
    let (agent, counterparty) = draws.pair(scenario.agents.len());
    let multiplier = draws.pick(&[0.0, 0.5, 1.0, 1.5, 2.0]);
    match draws.below(4) {
        0 => ScenarioEvent::GlobalArrivalRateChange { multiplier },
        1 => ScenarioEvent::AgentArrivalRateChange { agent, multiplier },
        2 => ScenarioEvent::DeadlineWindowChange {
            min_ticks_multiplier: draws.pick(&[None, Some(0.1), Some(1.5), Some(3.0)]),
            max_ticks_multiplier: draws.pick(&[None, Some(0.1), Some(0.5), Some(2.5)]),
        },
        _ => ScenarioEvent::CounterpartyWeightChange {
            agent,
            counterparty,
            new_weight: draws.pick(&[0.0, 0.3, 1.0, 2.0, 9.0]),
            auto_balance_others: draws.once_in(2),
        },
    }
}

/// Returns an event that changes what an agent may owe.
fn credit_change(draws: &mut Draws, scenario: &Scenario, unit: i64) -> ScenarioEvent {
    let (agent, _) = draws.pair(scenario.agents.len());
    let delta = Money::from_minor(draws.pick(&[-4, -2, -1, -1, 0, 1, 3]) * unit);
    let delta = if draws.once_in(16) { Money::from_minor(TOO_MUCH) } else { delta };
    match draws.below(3) {
        0 => ScenarioEvent::CreditLimitChange { agent, delta },
        1 => ScenarioEvent::CollateralValueChange {
            agent,
            change: CollateralChange::PostedDelta(delta),
        },
        _ => ScenarioEvent::CollateralValueChange {
            agent,
            change: CollateralChange::Haircut(draws.decimal(&["0", "0.1", "0.333333333333", "1"])),
        },
    }
}

/// Returns an event that changes who takes part, how, and what it costs.
fn rule_change(draws: &mut Draws, scenario: &Scenario, unit: i64) -> ScenarioEvent {
    let agents = scenario.agents.len();
    let (agent, _) = draws.pair(agents);
    match draws.below(8) {
        0 | 1 => ScenarioEvent::ParticipantOutage { agent },
        2 => ScenarioEvent::ParticipantRecovery { agent },
        3 => ScenarioEvent::CutOffChange {
            tick_in_day: draws.between(0, scenario.calendar.ticks_per_day() - 1),
        },
        4 => ScenarioEvent::CostRateChange { rates: rates(draws, unit) },
        5 => ScenarioEvent::LsmConfigChange {
            enable_bilateral: draws.pick(&[None, Some(true), Some(false)]),
            enable_cycles: draws.pick(&[None, Some(true), Some(false)]),
        },
        6 => {
            let limits = banks::limits(draws, agent, agents, unit);
            ScenarioEvent::LimitChange { agent, limits }
        }
        _ => {
            let policy = policies::another(draws, scenario, unit);
            ScenarioEvent::PolicyChange { agent, policy }
        }
    }
}

fn rates(draws: &mut Draws, unit: i64) -> CostRatesChange {
    let mut change = CostRatesChange::default();
    if draws.once_in(2) {
        change.overdraft_bps_per_tick = Some(draws.decimal(&BASIS_POINTS));
        change.collateral_cost_per_tick_bps = Some(draws.decimal(&BASIS_POINTS));
        change.deadline_penalty = Some(penalty(draws, unit));
        change.split_friction_cost = Some(Money::from_minor(2));
    }
    if draws.once_in(2) {
        change.delay_cost_per_tick_per_cent = Some(draws.decimal(&["0", "0.0001", "0.7"]));
        change.liquidity_cost_per_tick_bps = Some(draws.decimal(&BASIS_POINTS));
        change.eod_penalty = Some(penalty(draws, unit));
    }
    if draws.once_in(2) {
        change.overdue_delay_multiplier = Some(draws.decimal(&MULTIPLIERS));
        change.priority_delay_multipliers[draws.below(3)] = Some(draws.decimal(&MULTIPLIERS));
    }
    change
}
