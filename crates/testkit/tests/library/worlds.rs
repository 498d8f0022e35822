//! The two worlds in which policies are measured.

use std::fmt::Debug;
use std::str::FromStr;

use psim_model::{
    Agent, AgentNo, Algorithm, AmountDistribution, ArrivalStream, Calendar, CostRates,
    Counterparties, Currency, Limits, LiquiditySaving, Money, Multiplier, Pairs, Penalty, Policy,
    PolicySettings, Pool, PreparedPayments, Priority, PriorityDistribution, ProfileWindow,
    RngStreams, Rules, Scenario, ScheduledAlgorithm,
};

/// Number of banks.
pub(crate) const BANKS: usize = 10;
const TICKS: u32 = 100;
const DAYS: u32 = 2;

/// A world but for its seed and who follows what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    /// What it is called.
    pub(crate) name: &'static str,
    /// What it is like, for the page.
    pub(crate) about: &'static str,
    /// Opening balance, unsecured cap, collateral capacity and pool in hundredths of a day's mean
    /// outflow.
    liquidity: [i64; 4],
    /// Minor units for each queued minor unit, each tick.
    delay_cost: &'static str,
}

pub(crate) const WORLDS: [World; 2] = [
    World {
        name: "credit",
        about: "liquidity for most payments, much of it borrowed, and delay cheaper than overdraft",
        liquidity: [10, 20, 20, 20],
        delay_cost: "0.000001",
    },
    World {
        name: "scarce",
        about: "half of that liquidity, and delay dearer than overdraft",
        liquidity: [5, 10, 10, 10],
        delay_cost: "0.00001",
    },
];

/// A kind of bank.
struct Size {
    rate_per_tick: f64,
    mean_amount: i64,
    /// How often it is paid, against others.
    weight: f64,
}

/// The first bank is the largest.
fn size(bank: usize) -> Size {
    match bank {
        0..3 => Size { rate_per_tick: 0.7, mean_amount: 4_000_000, weight: 12.0 },
        3..7 => Size { rate_per_tick: 0.4, mean_amount: 2_000_000, weight: 2.8 },
        _ => Size { rate_per_tick: 0.3, mean_amount: 1_000_000, weight: 1.0 },
    }
}

/// Returns the scenario in which each bank follows its policy.
pub(crate) fn scenario(world: &World, seed: u64, policies: &[Policy; BANKS]) -> Scenario {
    let mut rules = Rules::plain(TICKS);
    rules.priority_mode = true;
    rules.deadline_cap_at_eod = true;
    rules.cutoff_tick_in_day = 95;
    let always = |algorithm| ScheduledAlgorithm { algorithm, every: 1, enabled: true };
    Scenario {
        calendar: Calendar::try_new(TICKS, DAYS, None).expect("there are ticks"),
        currency: Currency { code: "EUR".to_owned(), decimals: 2 },
        rng_seed: seed,
        rng_streams: RngStreams::PerAgent,
        // Nothing arrives after the cut-off, when it could not settle on its day.
        rate_profile: vec![
            ProfileWindow { from: 0, to: 20, factor: 1.5 },
            ProfileWindow { from: 80, to: 90, factor: 0.5 },
            ProfileWindow { from: 90, to: TICKS, factor: 0.0 },
        ],
        agents: (0..BANKS).map(|bank| agent(world, bank, &policies[bank])).collect(),
        draw_order: (0..BANKS).map(AgentNo::from_index).collect(),
        payments: PreparedPayments::default(),
        rules,
        policies: PolicySettings::default(),
        liquidity_saving: LiquiditySaving {
            algorithms: vec![
                always(Algorithm::Bilateral(Pairs::default())),
                always(Algorithm::Cycles { max_cycle_length: 4, max_cycles_per_tick: 10 }),
            ],
            ..LiquiditySaving::NONE
        },
        costs: CostRates {
            overdraft_bps_per_tick: read("0.05"),
            delay_cost_per_tick_per_cent: read(world.delay_cost),
            collateral_cost_per_tick_bps: read("0.01"),
            liquidity_cost_per_tick_bps: read("0.02"),
            eod_penalty: Penalty::Bps(read("5")),
            deadline_penalty: Penalty::Bps(read("10")),
            split_friction_cost: Money::from_minor(100),
            overdue_delay_multiplier: read::<Multiplier>("5"),
            ..CostRates::FREE
        },
        events: Vec::new(),
        instructions: Vec::new(),
    }
}

fn agent(world: &World, bank: usize, policy: &Policy) -> Agent {
    let Size { rate_per_tick, mean_amount, .. } = size(bank);
    #[allow(clippy::cast_possible_truncation)] // it is small
    let outflow = (rate_per_tick * f64::from(TICKS)).round() as i64 * mean_amount;
    let [opening, cap, capacity, pool] =
        world.liquidity.map(|hundredths| Money::from_minor(outflow * hundredths / 100));
    let has_pool = bank % 3 == 2;
    Agent {
        opening_balance: if has_pool { Money::ZERO } else { opening },
        unsecured_cap: cap,
        collateral_haircut: read("0.1"),
        max_collateral_capacity: Some(capacity),
        liquidity_pool: has_pool.then_some(Pool { amount: pool, fraction: None }),
        policy: policy.clone(),
        liquidity_buffer: Money::from_minor(mean_amount / 2),
        limits: limits(bank, outflow),
        arrivals: vec![ArrivalStream {
            rate_per_tick,
            amount: AmountDistribution::LogNormal {
                mean: mean_amount as f64,
                std_dev: 1.2 * mean_amount as f64,
            },
            counterparties: counterparties(bank),
            deadline_min: 5,
            deadline_max: 60,
            priority: PriorityDistribution::Categorical(vec![
                (Priority::clamped(2), 0.3),
                (Priority::DEFAULT, 0.5),
                (Priority::clamped(9), 0.2),
            ]),
            divisible: None,
        }],
        ..Agent::plain(&format!("BANK_{bank}"), Money::ZERO)
    }
}

/// A middle bank caps what it pays the largest one; a small one, what it pays all together.
fn limits(bank: usize, outflow: i64) -> Limits {
    let share = |hundredths| Money::from_minor(outflow * hundredths / 100);
    match bank {
        3 => Limits { multilateral: None, bilateral: vec![(AgentNo(0), share(35))] },
        8 => Limits { multilateral: Some(share(120)), bilateral: Vec::new() },
        _ => Limits::default(),
    }
}

fn counterparties(bank: usize) -> Counterparties {
    let others = (0..BANKS).filter(|other| *other != bank);
    let weigh = |other| (AgentNo::from_index(other), size(other).weight);
    Counterparties::Weighted(others.map(weigh).collect())
}

/// Reads a number that is written here.
fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("a number of ours")
}
