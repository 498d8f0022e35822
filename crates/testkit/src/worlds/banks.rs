//! The banks of a random world.

use psim_model::{Agent, AgentNo, Limits, Money, Policy, Pool, Reservations};

use super::WorldSize;
use super::draws::Draws;

/// Names whose byte order is not the order in which a person would sort them.
const NAMES: [&str; 12] =
    ["A", "B", "C", "Z", "a", "b", "BANK_10", "BANK_9", "BANK_9A", "Ö", "É", "~"];

/// Returns the banks; `is_instructed` makes more of them hold their payments.
pub(super) fn agents(
    draws: &mut Draws,
    size: &WorldSize,
    unit: i64,
    is_instructed: bool,
) -> Vec<Agent> {
    let count = draws.between(2, size.agents_max.max(2)) as usize;
    let mut ids: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    ids.extend((NAMES.len()..count).map(|index| format!("M{index}")));
    draws.shuffle(&mut ids);
    ids.truncate(count);
    ids.sort_unstable();
    let mut agents: Vec<Agent> = ids.into_iter().map(|id| agent(draws, id, unit)).collect();
    let (has_limits, has_reservations) = (draws.once_in(2), draws.once_in(2));
    for (index, agent) in agents.iter_mut().enumerate() {
        let holds = draws.once_in(if is_instructed { 2 } else { 6 });
        agent.policy = if holds { Policy::hold() } else { Policy::fifo() };
        if has_limits {
            agent.limits = limits(draws, AgentNo::from_index(index), count, unit);
        }
        if has_reservations {
            agent.reservations = reservations(draws, unit);
        }
    }
    agents
}

fn agent(draws: &mut Draws, id: String, unit: i64) -> Agent {
    let collateral = draws.pick(&[0, 0, 0, 1, 3, 5]) * unit;
    let has_pool = draws.once_in(3);
    let mut money = |units: &[i64]| Money::from_minor(draws.pick(units) * unit);
    let opening_balance = money(&[0, 0, 1, 2, 3, 4, 5, 8, -1, -4]);
    let unsecured_cap = money(&[0, 0, 0, 1, 2, 4]);
    let pool_amount = money(&[0, 1, 3, 7]);
    let capacity = draws.once_in(2).then(|| Money::from_minor(10 * unit));
    Agent {
        id,
        opening_balance,
        unsecured_cap,
        // An odd cent makes the floor of the haircut visible.
        posted_collateral: Money::from_minor(collateral + i64::from(collateral > 0)),
        collateral_haircut: draws.decimal(&["0", "0.02", "0.1", "0.333333333333", "1"]),
        max_collateral_capacity: capacity,
        liquidity_pool: has_pool.then(|| Pool {
            amount: pool_amount,
            fraction: draws
                .once_in(2)
                .then(|| draws.decimal(&["0", "0.25", "0.5", "0.999999999999", "1"])),
        }),
        ..Agent::plain("", Money::ZERO)
    }
}

/// Returns limits of an agent for some receivers, for all together, or none.
pub(super) fn limits(draws: &mut Draws, agent: AgentNo, agents: usize, unit: i64) -> Limits {
    let limit = |draws: &mut Draws| Money::from_minor(draws.pick(&[0, 1, 2, 4, 4, 9]) * unit);
    let mut limits = Limits::default();
    if draws.once_in(2) {
        limits.multilateral = Some(limit(draws));
    }
    for receiver in (0..agents).map(AgentNo::from_index) {
        if receiver != agent && draws.once_in(3) {
            limits.bilateral.push((receiver, limit(draws)));
        }
    }
    limits
}

fn reservations(draws: &mut Draws, unit: i64) -> Reservations {
    let mut money = || Money::from_minor(draws.pick(&[0, 0, 1, 2]) * unit);
    Reservations { highly_urgent: money(), urgent: money() }
}
