//! Two engines, one stream: the real engine against the naive one, event for event.
//!
//! `PSIM_WORLDS=10000 cargo test -p psim-testkit --test twin` runs more random worlds, and
//! `PSIM_SEED=17 PSIM_WORLDS=1 …` a given one. `PSIM_PAYMENTS=4` lets the small worlds of each
//! algorithm have as many payments.

use std::panic::{AssertUnwindSafe, catch_unwind};

use psim_engine::{Engine, TickError, VERSION};
use psim_model::event::EventBatch;
use psim_model::{
    AmountDistribution, ArrivalStream, CheckedScenario, CollateralChange, Counterparties,
    Instruction, Money, Penalty, Priority, PriorityDistribution, Scenario, ScenarioEvent, Tick,
};
use psim_testkit::compare::Comparison;
use psim_testkit::invariants::Laws;
use psim_testkit::reference::Reference;
use psim_testkit::shrink::shrink;
use psim_testkit::sketch;
use psim_testkit::worlds::{
    SmallWorlds, WorldSize, every_saving, every_small_world, requested_payments, requested_seeds,
    world,
};

/// Runs both engines side by side and returns where they part or break a law.
fn run_both(scenario: &CheckedScenario) -> Result<(), String> {
    let mut engine = Engine::new(scenario.clone());
    let mut comparison = Comparison::default();
    let mut laws = Laws::new(scenario);
    let mut found = EventBatch::default();
    for (tick, expected) in Reference::new(scenario, VERSION).enumerate() {
        match (expected, engine.tick(&mut found)) {
            (Ok(expected), Ok(())) => {
                comparison.next(&expected, &found)?;
                laws.observe(&found)?;
                engine.audit()?;
            }
            (Err(_), Err(_)) => return Ok(()),
            // Its bound is coarse: near 2^63 it may refuse what would just have fitted.
            (Ok(_), Err(TickError::CostOverflow { .. })) if moves_huge_sums(scenario) => {
                return Ok(());
            }
            (Ok(_), Err(fault)) => return Err(format!("tick {tick}: the engine fails: {fault}")),
            (Err(fault), Ok(())) => return Err(format!("tick {tick} should fail: {fault}")),
        }
    }
    match engine.tick(&mut found) {
        Ok(()) => Err("the engine runs on after the horizon".to_owned()),
        Err(_) => Ok(()),
    }
}

/// Returns whether anything scheduled moves sums near what the ledger holds.
fn moves_huge_sums(scenario: &Scenario) -> bool {
    let is_huge = |amount: &Money| amount.minor().unsigned_abs() >= 1 << 55;
    let events = scenario.events.iter().any(|scheduled| match &scheduled.event {
        ScenarioEvent::DirectTransfer { amount, .. }
        | ScenarioEvent::CustomTransactionArrival { amount, .. }
        | ScenarioEvent::CreditLimitChange { delta: amount, .. }
        | ScenarioEvent::CollateralValueChange {
            change: CollateralChange::PostedDelta(amount),
            ..
        } => is_huge(amount),
        _ => false,
    });
    let instructions = scenario.instructions.iter().any(|it| match &it.instruction {
        Instruction::PostCollateral { amount, .. } => is_huge(amount),
        Instruction::SubmitTransaction(submission) => is_huge(&submission.amount),
        _ => false,
    });
    events || instructions
}

/// As [`run_both`], with a panic as one more way to fail.
fn difference(scenario: &Scenario) -> Option<String> {
    let checked = match scenario.clone().check() {
        Ok(checked) => checked,
        Err(fault) => return Some(format!("not a sound scenario: {fault}")),
    };
    match catch_unwind(AssertUnwindSafe(|| run_both(&checked))) {
        Ok(outcome) => outcome.err(),
        Err(_) => Some("an engine panicked".to_owned()),
    }
}

/// Fails, if the engines differ, with the first difference and the smallest scenario that has one.
fn check(name: &str, scenario: Scenario) {
    let Some(first) = difference(&scenario) else { return };
    let small = shrink(scenario, |candidate| difference(candidate).is_some());
    let last = difference(&small).unwrap_or_default();
    panic!("{name}\n{first}\n\nwhat is left of it when made small: {small:#?}\n{last}");
}

/// Runs worlds of one size; `test` is the name of the test, for the line that repeats a failure.
fn check_random(test: &str, usual: u64, size: &WorldSize) {
    for seed in requested_seeds(usual) {
        let rerun = "cargo test -p psim-testkit --test twin";
        check(&format!("PSIM_SEED={seed} PSIM_WORLDS=1 {rerun} {test}"), world(seed, size));
    }
}

#[test]
fn engines_agree_on_random_worlds() {
    check_random("random_worlds", 500, &WorldSize::default());
}

#[test]
fn engines_agree_on_deep_queues() {
    let size = WorldSize { agents_max: 4, payments_max: 1_500, ..WorldSize::default() };
    check_random("deep_queues", 100, &size);
}

#[test]
fn engines_agree_on_many_agents() {
    let size = WorldSize { agents_max: 60, payments_max: 800, ticks_per_day_max: 30, days_max: 2 };
    check_random("many_agents", 100, &size);
}

fn check_every(kind: &SmallWorlds<'_>) {
    for scenario in every_small_world(kind) {
        check("small world", scenario);
    }
}

#[test]
fn engines_agree_on_every_small_world_of_two_agents() {
    let amounts = &[1, 2];
    let balances = &[0, 1, 2];
    check_every(&SmallWorlds { agents: 2, ticks: 2, payments_max: 4, amounts, balances });
}

#[test]
fn engines_agree_on_every_small_world_of_three_agents() {
    let amounts = &[1, 2];
    let balances = &[0, 1];
    check_every(&SmallWorlds { agents: 3, ticks: 1, payments_max: 4, amounts, balances });
    check_every(&SmallWorlds { agents: 3, ticks: 2, payments_max: 2, amounts, balances });
}

fn check_every_saving(kind: &SmallWorlds<'_>) {
    for scenario in every_small_world(kind) {
        for liquidity_saving in every_saving() {
            check("small world", Scenario { liquidity_saving, ..scenario.clone() });
        }
    }
}

#[test]
fn engines_agree_on_every_small_world_of_two_agents_with_each_algorithm() {
    let payments_max = requested_payments(3);
    let (amounts, balances) = (&[1, 2], &[0, 1]);
    check_every_saving(&SmallWorlds { agents: 2, ticks: 2, payments_max, amounts, balances });
}

#[test]
fn engines_agree_on_every_small_world_of_three_agents_with_each_algorithm() {
    let payments_max = requested_payments(4);
    check_every_saving(&SmallWorlds {
        agents: 3,
        ticks: 1,
        payments_max,
        amounts: &[1],
        balances: &[0],
    });
    let (amounts, balances) = (&[1, 2], &[0]);
    let payments_max = payments_max.saturating_sub(1);
    check_every_saving(&SmallWorlds { agents: 3, ticks: 1, payments_max, amounts, balances });
}

/// Expects the engine to refuse a tick no later than the reference does, to agree with it up to
/// there, and to stay where it is.
///
/// The engine refuses by a bound, before anything has happened, and so it may refuse a tick whose
/// costs would just have fitted.
fn check_refusal(scenario: Scenario) {
    let checked = scenario.check().unwrap();
    let mut engine = Engine::new(checked.clone());
    let mut comparison = Comparison::default();
    let mut found = EventBatch::default();
    for expected in Reference::new(&checked, VERSION) {
        if let Err(fault) = engine.tick(&mut found) {
            let again = engine.tick(&mut found).expect_err("a refused tick stays refused");
            assert_eq!(again.to_string(), fault.to_string());
            return;
        }
        let expected = expected.expect("what the reference refuses, the engine refuses");
        comparison.next(&expected, &found).unwrap();
    }
    panic!("nothing was refused");
}

#[test]
fn a_drawn_amount_that_does_not_fit_is_refused() {
    for amount in [
        AmountDistribution::Exponential { lambda: 1e-300 },
        AmountDistribution::LogNormal { mean: 1e300, std_dev: 1.0 },
        AmountDistribution::Normal { mean: 1e19, std_dev: 0.0 },
    ] {
        let mut world = sketch::scenario(3, 1, &[("A", 0), ("B", 0)]);
        world.agents[0].arrivals.push(ArrivalStream {
            rate_per_tick: 3.0,
            amount,
            counterparties: Counterparties::Uniform,
            deadline_min: 1,
            deadline_max: 1,
            priority: PriorityDistribution::Fixed(Priority::DEFAULT),
            divisible: None,
        });
        check_refusal(world);
    }
}

#[test]
fn a_cost_that_does_not_fit_is_refused() {
    let mut world = sketch::scenario(3, 1, &[("A", 0), ("B", 0)]);
    world.payments.rows = vec![sketch::payment(0, 0, 1, i64::MAX), sketch::payment(1, 0, 1, 1)];
    world.payments.rows[0].deadline = Tick(0);
    world.payments.rows[1].deadline = Tick(1);
    let mut delay = world.clone();
    delay.costs.overdue_delay_multiplier = "5".parse().unwrap();
    delay.costs.delay_cost_per_tick_per_cent = "0.5".parse().unwrap();
    check_refusal(delay);
    let mut penalty = world.clone();
    penalty.costs.deadline_penalty = Penalty::Fixed(Money::MAX);
    check_refusal(penalty);
    let mut rate = world;
    rate.costs.eod_penalty = Penalty::Bps("20000".parse().unwrap());
    check_refusal(rate);
}
