//! Scenarios to run both engines on.
//!
//! [`world`] draws one in which everything that a scenario can say is mixed; [`every_small_world`]
//! enumerates all of a small kind. Amounts are few and small, so that ties, exact fits and
//! gridlocks are common, and scaled so that roundings of costs are seen.

mod draws;
mod every;
mod traffic;

use std::env;
use std::ops::Range;

use psim_model::{
    Agent, AgentNo, Calendar, Clock, CostRates, Currency, DelayCostQueues, EndOfDay, EntryOrder,
    Fraction, Money, Multiplier, Penalty, Policy, Pool, PreparedPayments, PriorityMultipliers,
    QueueDiscipline, Rate, RngStreams, Rules, Scenario,
};

use draws::Draws;

pub use every::{SmallWorlds, every_small_world};

/// How large a random world may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorldSize {
    /// Most agents, at least 2.
    pub agents_max: u32,
    /// Most prepared payments; about as many again may be generated.
    pub payments_max: u32,
    /// Most ticks in a day, at least 2.
    pub ticks_per_day_max: u32,
    /// Most days, at least 1.
    pub days_max: u32,
}

impl Default for WorldSize {
    fn default() -> Self {
        Self { agents_max: 8, payments_max: 60, ticks_per_day_max: 12, days_max: 3 }
    }
}

/// Returns the seeds that a test of random worlds is asked to run: `usual` many from 0 on, or
/// `PSIM_WORLDS` many from `PSIM_SEED` on where these environment variables are set.
///
/// # Panics
///
/// If one of them is not a number: a soak test that ran something else would mislead.
pub fn requested_seeds(usual: u64) -> Range<u64> {
    let read = |name: &str, usual: u64| match env::var(name) {
        Ok(text) => text.parse().expect("Condition failed: PSIM_WORLDS and PSIM_SEED are numbers"),
        Err(_) => usual,
    };
    let first = read("PSIM_SEED", 0);
    first..first.saturating_add(read("PSIM_WORLDS", usual))
}

/// Rates that round often: of nothing, of little, of a share without an end, of all.
const BASIS_POINTS: [&str; 5] = ["0", "0.5", "33.333333333333", "2500", "10000"];

/// Names whose byte order is not the order in which a person would sort them.
const NAMES: [&str; 12] =
    ["A", "B", "C", "Z", "a", "b", "BANK_10", "BANK_9", "BANK_9A", "Ö", "É", "~"];

/// Returns the world of a seed: always the same one for the same size.
pub fn world(seed: u64, size: &WorldSize) -> Scenario {
    let mut draws = Draws::of(seed);
    let calendar = calendar(&mut draws, size);
    let unit = draws.pick(&[1, 1, 10, 1_000, 100_000, 1_000_000_000_000]);
    let mut scenario = Scenario {
        calendar,
        currency: currency(&mut draws),
        rng_seed: draws.seed(),
        rng_streams: draws.pick(&[RngStreams::Shared, RngStreams::PerAgent]),
        rate_profile: traffic::profile(&mut draws, calendar),
        agents: agents(&mut draws, size, unit),
        draw_order: Vec::new(),
        payments: PreparedPayments::default(),
        rules: rules(&mut draws, calendar),
        costs: costs(&mut draws, unit),
    };
    scenario.draw_order = (0..scenario.agents.len()).map(AgentNo::from_index).collect();
    draws.shuffle(&mut scenario.draw_order);
    let prepared = draws.below(4) != 0;
    if prepared {
        scenario.payments = traffic::prepared(&mut draws, &scenario, size, unit);
    }
    if !prepared || draws.once_in(2) {
        traffic::add_streams(&mut draws, &mut scenario, size, unit);
    }
    scenario
}

fn currency(draws: &mut Draws) -> Currency {
    let (code, decimals) = draws.pick(&[("", 2), ("EUR", 2), ("JPY", 0)]);
    Currency { code: code.to_owned(), decimals }
}

fn calendar(draws: &mut Draws, size: &WorldSize) -> Calendar {
    let ticks_per_day = draws.between(2, size.ticks_per_day_max);
    let num_days = draws.between(1, size.days_max);
    let clock = Clock { opens_at_seconds: 7 * 3600, tick_seconds: 60 };
    let clock = draws.once_in(2).then_some(clock);
    Calendar::try_new(ticks_per_day, num_days, clock)
        .expect("Condition failed: a world has at least one tick")
}

fn agents(draws: &mut Draws, size: &WorldSize, unit: i64) -> Vec<Agent> {
    let count = draws.between(2, size.agents_max.max(2)) as usize;
    let mut ids: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    ids.extend((NAMES.len()..count).map(|index| format!("M{index}")));
    draws.shuffle(&mut ids);
    ids.truncate(count);
    ids.sort_unstable();
    ids.into_iter().map(|id| agent(draws, id, unit)).collect()
}

fn agent(draws: &mut Draws, id: String, unit: i64) -> Agent {
    let collateral = draws.pick(&[0, 0, 0, 1, 3, 5]) * unit;
    let has_pool = draws.once_in(3);
    let mut money = |units: &[i64]| Money::from_minor(draws.pick(units) * unit);
    let opening_balance = money(&[0, 0, 1, 2, 3, 4, 5, 8, -1, -4]);
    let unsecured_cap = money(&[0, 0, 0, 1, 2, 4]);
    let pool_amount = money(&[0, 1, 3, 7]);
    Agent {
        id,
        opening_balance,
        unsecured_cap,
        // An odd cent makes the floor of the haircut visible.
        posted_collateral: Money::from_minor(collateral + i64::from(collateral > 0)),
        collateral_haircut: fraction(draws, &["0", "0.02", "0.1", "0.333333333333", "1"]),
        max_collateral_capacity: Money::from_minor(10 * unit),
        liquidity_pool: has_pool.then(|| Pool {
            amount: pool_amount,
            fraction: fraction(draws, &["0", "0.25", "0.5", "0.999999999999", "1"]),
        }),
        policy: if draws.once_in(6) { Policy::Hold } else { Policy::Fifo },
        arrivals: Vec::new(),
    }
}

fn rules(draws: &mut Draws, calendar: Calendar) -> Rules {
    let last = calendar.ticks_per_day() - 1;
    Rules {
        queue_discipline: draws.pick(&[QueueDiscipline::Bypass, QueueDiscipline::Fifo]),
        entry_order: draws.pick(&[EntryOrder::Agent, EntryOrder::Submission]),
        deadline_cap_at_eod: draws.once_in(2),
        end_of_day: draws.pick(&[EndOfDay::Carry, EndOfDay::Carry, EndOfDay::Cancel]),
        cutoff_tick_in_day: if draws.once_in(3) { draws.between(0, last) } else { last },
        daily_liquidity_reallocation: draws.once_in(2),
        delay_cost_queues: draws.pick(&[DelayCostQueues::Both, DelayCostQueues::Queue1]),
    }
}

fn costs(draws: &mut Draws, unit: i64) -> CostRates {
    if draws.once_in(5) {
        return CostRates::FREE;
    }
    CostRates {
        overdraft_bps_per_tick: rate(draws, &BASIS_POINTS),
        delay_cost_per_tick_per_cent: rate(draws, &["0", "0.0001", "0.05", "0.5", "1.7"]),
        collateral_cost_per_tick_bps: rate(draws, &BASIS_POINTS),
        liquidity_cost_per_tick_bps: rate(draws, &BASIS_POINTS),
        eod_penalty: penalty(draws, unit),
        deadline_penalty: penalty(draws, unit),
        overdue_delay_multiplier: multiplier(draws),
        priority_delay_multipliers: PriorityMultipliers([
            multiplier(draws),
            multiplier(draws),
            multiplier(draws),
        ]),
    }
}

fn penalty(draws: &mut Draws, unit: i64) -> Penalty {
    match draws.below(3) {
        0 => Penalty::Fixed(Money::ZERO),
        1 => Penalty::Fixed(Money::from_minor(3 * unit)),
        _ => Penalty::Bps(rate(draws, &["0", "125", "3333.3", "5000"])),
    }
}

fn rate(draws: &mut Draws, texts: &[&str]) -> Rate {
    draws.pick(texts).parse().expect("Invariant: a decimal of ours")
}

fn fraction(draws: &mut Draws, texts: &[&str]) -> Fraction {
    draws.pick(texts).parse().expect("Invariant: a decimal of ours")
}

fn multiplier(draws: &mut Draws) -> Multiplier {
    let texts = ["0", "0.3333", "1", "1", "1.5", "5"];
    draws.pick(&texts).parse().expect("Invariant: a decimal of ours")
}
