//! The payments of a random world: prepared and generated ones.

use psim_model::{
    AgentNo, AmountDistribution, ArrivalStream, Calendar, Counterparties, Money, PreparedPayment,
    PreparedPayments, Priority, PriorityDistribution, ProfileWindow, RtgsPriority, Scenario,
    TextColumn, Tick,
};

use super::WorldSize;
use super::draws::Draws;

/// Returns windows that do not overlap, often none.
pub(super) fn profile(draws: &mut Draws, calendar: Calendar) -> Vec<ProfileWindow> {
    let mut windows = Vec::new();
    let mut from = draws.between(0, 2);
    while draws.once_in(2) && from < calendar.ticks_per_day() {
        let to = draws.between(from + 1, calendar.ticks_per_day());
        windows.push(ProfileWindow { from, to, factor: draws.pick(&[0.0, 0.3, 1.0, 2.5]) });
        from = to + draws.between(0, 2);
    }
    windows
}

/// Returns prepared payments with everything that can be said of them.
pub(super) fn prepared(
    draws: &mut Draws,
    scenario: &Scenario,
    size: &WorldSize,
    unit: i64,
) -> PreparedPayments {
    let count = draws.between(0, size.payments_max) as usize;
    let has_classes = draws.once_in(2);
    let busiest = draws.once_in(2).then(|| draws.between(0, scenario.calendar.last_tick().0));
    let mut rows: Vec<PreparedPayment> = (0..count)
        .map(|_| {
            let tick = draws.between(0, scenario.calendar.last_tick().0);
            let tick = busiest.filter(|_| draws.once_in(2)).unwrap_or(tick);
            let mut row = row(draws, scenario.agents.len(), tick, unit);
            if has_classes {
                row.rtgs_priority = draws.class();
            }
            row
        })
        .collect();
    rows.sort_by_key(|row| row.tick);
    let ids = if draws.once_in(2) { given_ids(draws, count) } else { TextColumn::default() };
    PreparedPayments { rows, ids }
}

fn row(draws: &mut Draws, agents: usize, tick: u32, unit: i64) -> PreparedPayment {
    let (sender, receiver) = draws.pair(agents);
    let patience = draws.pick(&[0, 1, 1, 2, 3, 5, 8, 40]);
    let earliest = if draws.once_in(6) { tick + draws.between(0, 6) } else { tick };
    PreparedPayment {
        tick: Tick(tick),
        sender,
        receiver,
        amount: draws.amount(unit),
        deadline: Tick(tick + patience),
        earliest: Tick(earliest),
        priority: draws.priority(),
        rtgs_priority: RtgsPriority::Normal,
        divisible: draws.pick(&[None, None, Some(true), Some(false)]),
    }
}

/// Returns ids for some of the payments; the last ones may have no entry at all.
fn given_ids(draws: &mut Draws, count: usize) -> TextColumn {
    let mut ids = TextColumn::default();
    for index in 0..draws.below(count + 1) {
        let id = if draws.once_in(4) { String::new() } else { format!("Zahlung/{index}") };
        ids.push(&id);
    }
    ids
}

/// Gives agents streams of generated payments, about `payments_max` in all.
pub(super) fn add_streams(draws: &mut Draws, scenario: &mut Scenario, size: &WorldSize, unit: i64) {
    let agents = scenario.agents.len();
    let chances = agents as f64 * f64::from(scenario.calendar.horizon());
    let usual_rate = f64::from(size.payments_max) / chances;
    for sender in 0..agents {
        for _ in 0..draws.pick(&[0, 1, 1, 2]) {
            let deadline_min = draws.between(1, 3);
            let stream = ArrivalStream {
                rate_per_tick: usual_rate * draws.pick(&[0.0, 0.3, 1.0, 1.0, 2.0]),
                amount: amounts(draws, unit),
                counterparties: counterparties(draws, &scenario.draw_order, sender),
                deadline_min,
                deadline_max: deadline_min + draws.pick(&[0, 2, 9]),
                priority: priorities(draws),
                divisible: draws.pick(&[None, Some(false)]),
            };
            scenario.agents[sender].arrivals.push(stream);
        }
    }
}

fn amounts(draws: &mut Draws, unit: i64) -> AmountDistribution {
    let scale = unit as f64;
    let money = Money::from_minor;
    draws.pick(&[
        AmountDistribution::Uniform { min: money(unit), max: money(unit) },
        AmountDistribution::Uniform { min: money(1), max: money(4 * unit) },
        AmountDistribution::Normal { mean: 2.5 * scale, std_dev: scale },
        AmountDistribution::Normal { mean: -3.0 * scale, std_dev: 2.0 * scale },
        AmountDistribution::LogNormal { mean: 3.0 * scale, std_dev: 4.0 * scale },
        AmountDistribution::LogNormal { mean: 2.5 * scale, std_dev: 0.0 },
        // No float holds this spread: the mean stands in.
        AmountDistribution::LogNormal { mean: 2.5 * scale, std_dev: 1e200 },
        AmountDistribution::Exponential { lambda: 0.4 / scale },
    ])
}

fn counterparties(draws: &mut Draws, draw_order: &[AgentNo], sender: usize) -> Counterparties {
    let others = draw_order.iter().filter(|agent| agent.index() != sender);
    let mut weights: Vec<(AgentNo, f64)> =
        others.map(|agent| (*agent, draws.pick(&[0.1, 1.0, 1.0, 2.5, 7.0]))).collect();
    if draws.once_in(2) {
        return Counterparties::Uniform;
    }
    let left_out = draws.below(weights.len());
    if weights.len() > 1 && draws.once_in(2) {
        weights.remove(left_out);
    }
    Counterparties::Weighted(weights)
}

fn priorities(draws: &mut Draws) -> PriorityDistribution {
    let of = Priority::clamped;
    match draws.below(3) {
        0 => PriorityDistribution::Fixed(of(draws.pick(&[0, 5, 9]))),
        1 => {
            let weights = [(0, 1.0), (6, 0.0), (5, 2.5), (10, 0.5)];
            PriorityDistribution::Categorical(weights.map(|(it, weight)| (of(it), weight)).into())
        }
        _ => {
            let (min, max) = (of(draws.pick(&[0, 3])), of(draws.pick(&[3, 10])));
            PriorityDistribution::Uniform { min, max }
        }
    }
}
