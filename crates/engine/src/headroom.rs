//! The proof, before each tick, that nothing in it can fail.
//!
//! Balances cannot overflow: the scenario's money is bounded when it is read. Costs could, with
//! enough value waiting at high enough rates; so the most that a tick can book is bounded here from
//! what waits and what arrives, and a tick whose bound does not fit is refused while nothing has
//! changed. The bound is coarse (it charges the dearest rate on everything); it only refuses runs
//! whose figures are near 2^63.

use psim_model::{AgentNo, CheckedScenario, CostRates, Multiplier, Penalty, Tick, Total};

use crate::arrivals::{self, Incoming};
use crate::error::TickError;
use crate::world::World;

const BPS: i128 = 10_000;
const TRILLION: i128 = 1_000_000_000_000;

/// The parts of the bound that do not change in a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Headroom {
    /// The most that overdrafts, collateral and pools can cost in a tick; `None` if it overflows.
    fixed: Option<i128>,
}

impl Headroom {
    pub(crate) fn new(scenario: &CheckedScenario) -> Self {
        let money = scenario.money_in_reach().minor();
        let rates = &scenario.costs;
        let agents = i128::try_from(scenario.agents.len()).ok();
        let cost = |rate: psim_model::Rate| bps(money.checked_mul(2)?, rate);
        let fixed = || {
            cost(rates.overdraft_bps_per_tick)?
                .checked_add(cost(rates.collateral_cost_per_tick_bps)?)?
                .checked_add(cost(rates.liquidity_cost_per_tick_bps)?)?
                .checked_add(agents?.checked_mul(4)?) // each rounding adds at most one
        };
        Self { fixed: fixed() }
    }

    /// Admits a tick, or says why it could fail.
    pub(crate) fn admit(
        &self,
        scenario: &CheckedScenario,
        world: &World,
        now: Tick,
        arriving: &[Incoming],
    ) -> Result<(), TickError> {
        if u32::try_from(world.payments.len() + arriving.len()).is_err() {
            return Err(TickError::TooManyPayments { tick: now });
        }
        let value = (world.backlog.total() + arrivals::value(arriving)).minor();
        let waiting = world.queue1.len() + world.queue2.len() + arriving.len();
        let closing = scenario.calendar.is_last_of_day(now);
        let fits = || -> Option<bool> {
            let costs = &scenario.costs;
            let mut most = self.fixed?.checked_add(delay_bound(costs, value)?)?;
            let due = world.deadlines.count_due(now);
            most = most.checked_add(penalty_bound(costs.deadline_penalty, value, due)?)?;
            if closing {
                most = most.checked_add(penalty_bound(costs.eod_penalty, value, waiting)?)?;
            }
            let booked = world.booked.minor().checked_add(most)?;
            Some(booked <= i128::from(i64::MAX))
        };
        if fits() == Some(true) {
            return Ok(());
        }
        let agent = heaviest(world, arriving, scenario.agents.len());
        let agent_id = scenario.agents[agent.index()].id.clone();
        Err(TickError::CostOverflow { agent_id, tick: now })
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
fn bps(value: i128, rate: psim_model::Rate) -> Option<i128> {
    Some(value.checked_mul(i128::from(rate.trillionths()))? / (BPS * TRILLION) + 1)
}

/// Returns the agent with the most value waiting and arriving.
fn heaviest(world: &World, arriving: &[Incoming], agents: usize) -> AgentNo {
    let mut values: Vec<Total> =
        (0..agents).map(|index| world.backlog.total_of(AgentNo::from_index(index))).collect();
    for incoming in arriving {
        values[incoming.sender.index()] += incoming.amount;
    }
    let heaviest = (0..agents).rev().max_by_key(|index| values[*index]);
    AgentNo::from_index(heaviest.unwrap_or_default())
}
