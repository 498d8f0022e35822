//! Scenarios to run both engines on.
//!
//! [`world`] draws one in which everything that a scenario can say is mixed; [`every_small_world`]
//! enumerates all of a small kind. Amounts are few and small, so that ties, exact fits and
//! gridlocks are common, and scaled so that roundings of costs are seen.

mod banks;
mod decisions;
mod draws;
mod every;
mod instructions;
mod policies;
mod rules;
mod saving;
mod scenario_events;
mod traffic;

use std::env;
use std::ops::Range;

use psim_model::{
    AgentNo, Calendar, Clock, Currency, LiquiditySaving, PolicySettings, PreparedPayments,
    RngStreams, Scenario, ScheduledInstruction,
};

use draws::Draws;
use instructions::GivenIds;

pub use every::{SmallWorlds, every_saving, every_small_world};
pub use policies::document;

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

/// Returns how many payments the small worlds of a test are asked to have at most: `usual`, or
/// `PSIM_PAYMENTS` where this environment variable is set.
///
/// # Panics
///
/// If it is not a number.
pub fn requested_payments(usual: usize) -> usize {
    let read = env::var("PSIM_PAYMENTS").ok();
    read.map_or(usual, |text| text.parse().expect("Condition failed: PSIM_PAYMENTS is a number"))
}

/// Returns the world of a seed: always the same one for the same size.
///
/// Each feature is left out of about half of the worlds, so that plain paths stay covered.
pub fn world(seed: u64, size: &WorldSize) -> Scenario {
    build(seed, size).scenario
}

/// Returns instructions to give through the API before the ticks of the world of a seed.
pub fn calls(seed: u64, size: &WorldSize) -> Vec<ScheduledInstruction> {
    let World { mut draws, unit, scenario } = build(seed, size);
    // So few ids that some are given again.
    let ids = GivenIds { prefix: "Anruf", count: 5 };
    instructions::instructions(&mut draws, &scenario, size, ids, unit)
}

/// A world, and what it takes to go on drawing.
struct World {
    draws: Draws,
    unit: i64,
    scenario: Scenario,
}

fn build(seed: u64, size: &WorldSize) -> World {
    let mut draws = Draws::of(seed);
    let calendar = calendar(&mut draws, size);
    let unit = draws.pick(&[1, 1, 10, 1_000, 100_000, 1_000_000_000_000]);
    let is_instructed = draws.once_in(2);
    let mut scenario = Scenario {
        calendar,
        currency: currency(&mut draws),
        rng_seed: draws.seed(),
        rng_streams: draws.pick(&[RngStreams::Shared, RngStreams::PerAgent]),
        rate_profile: traffic::profile(&mut draws, calendar),
        agents: banks::agents(&mut draws, size, unit, is_instructed),
        draw_order: Vec::new(),
        payments: PreparedPayments::default(),
        rules: rules::rules(&mut draws, calendar, unit),
        costs: rules::costs(&mut draws, unit),
        liquidity_saving: LiquiditySaving::NONE,
        policies: PolicySettings::default(),
        events: Vec::new(),
        instructions: Vec::new(),
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
    if draws.once_in(2) {
        policies::add_policies(&mut draws, &mut scenario, unit);
    }
    scenario.liquidity_saving = saving::saving(&mut draws);
    if !scenario.liquidity_saving.algorithms.is_empty() && draws.once_in(2) {
        saving::make_scarce(&mut draws, &mut scenario, unit);
    }
    if draws.once_in(2) {
        scenario_events::add_events(&mut draws, &mut scenario, unit);
    }
    if is_instructed {
        let ids = GivenIds { prefix: "Auftrag", count: u32::MAX };
        scenario.instructions = instructions::instructions(&mut draws, &scenario, size, ids, unit);
    }
    World { draws, unit, scenario }
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
