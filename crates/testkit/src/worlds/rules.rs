//! The rules and costs of a random world.

use psim_model::{
    Calendar, CollateralRules, CostRates, DelayCostQueues, EndOfDay, EntryOrder, Escalation,
    EscalationCurve, LimitsApplyTo, LimitsBasis, Money, Penalty, PriorityMultipliers,
    Queue1Ordering, QueueDiscipline, Rules,
};

use super::draws::Draws;

/// Rates that round often: of nothing, of little, of a share without an end, of all.
pub(super) const BASIS_POINTS: [&str; 5] = ["0", "0.5", "33.333333333333", "2500", "10000"];

/// Multipliers of delay costs.
pub(super) const MULTIPLIERS: [&str; 6] = ["0", "0.3333", "1", "1", "1.5", "5"];

/// Returns rules of which each is the plain one about half of the time.
pub(super) fn rules(draws: &mut Draws, calendar: Calendar, unit: i64) -> Rules {
    let last = calendar.ticks_per_day() - 1;
    let priority_mode = draws.once_in(2);
    Rules {
        queue_discipline: draws.pick(&[QueueDiscipline::Bypass, QueueDiscipline::Fifo]),
        entry_order: draws.pick(&[EntryOrder::Agent, EntryOrder::Submission]),
        deadline_cap_at_eod: draws.once_in(2),
        end_of_day: draws.pick(&[EndOfDay::Carry, EndOfDay::Carry, EndOfDay::Cancel]),
        cutoff_tick_in_day: if draws.once_in(3) { draws.between(0, last) } else { last },
        daily_liquidity_reallocation: draws.once_in(2),
        delay_cost_queues: draws.pick(&[DelayCostQueues::Both, DelayCostQueues::Queue1]),
        queue1_ordering: draws.pick(&[Queue1Ordering::Arrival, Queue1Ordering::PriorityDeadline]),
        escalation: draws.once_in(2).then(|| escalation(draws)),
        priority_mode,
        priority_blocking: priority_mode && draws.once_in(2),
        limits_basis: draws.pick(&[LimitsBasis::Gross, LimitsBasis::Net]),
        limits_apply_to: draws.pick(&[LimitsApplyTo::All, LimitsApplyTo::Normal]),
        deferred_crediting: draws.once_in(2),
        entry_disposition_offsetting: draws.once_in(2),
        max_splits: draws.pick(&[2, 3, 100, 100]),
        collateral: CollateralRules {
            holding_period_ticks: draws.pick(&[0, 1, 2, 5]),
            timer_buffer: Money::from_minor(draws.pick(&[0, 1, unit, 100])),
        },
    }
}

fn escalation(draws: &mut Draws) -> Escalation {
    let curves = [EscalationCurve::Linear, EscalationCurve::Exponential, EscalationCurve::Step];
    Escalation {
        curve: draws.pick(&curves),
        start_escalating_at_ticks: draws.pick(&[0, 1, 2, 3, 5, 8, 20]),
        max_boost: draws.pick(&[0, 1, 2, 3, 5, 7, 10]),
    }
}

/// Returns cost rates, often none at all.
pub(super) fn costs(draws: &mut Draws, unit: i64) -> CostRates {
    if draws.once_in(5) {
        return CostRates::FREE;
    }
    CostRates {
        overdraft_bps_per_tick: draws.decimal(&BASIS_POINTS),
        delay_cost_per_tick_per_cent: draws.decimal(&["0", "0.0001", "0.05", "0.5", "1.7"]),
        collateral_cost_per_tick_bps: draws.decimal(&BASIS_POINTS),
        liquidity_cost_per_tick_bps: draws.decimal(&BASIS_POINTS),
        eod_penalty: penalty(draws, unit),
        deadline_penalty: penalty(draws, unit),
        split_friction_cost: Money::from_minor(draws.pick(&[0, 1, 1, unit])),
        overdue_delay_multiplier: draws.decimal(&MULTIPLIERS),
        priority_delay_multipliers: PriorityMultipliers([
            draws.decimal(&MULTIPLIERS),
            draws.decimal(&MULTIPLIERS),
            draws.decimal(&MULTIPLIERS),
        ]),
    }
}

/// Returns a penalty of either kind, often none.
pub(super) fn penalty(draws: &mut Draws, unit: i64) -> Penalty {
    match draws.below(3) {
        0 => Penalty::Fixed(Money::ZERO),
        1 => Penalty::Fixed(Money::from_minor(3 * unit)),
        _ => Penalty::Bps(draws.decimal(&["0", "125", "3333.3", "5000"])),
    }
}
