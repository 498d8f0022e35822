//! Many runs at a time: the same as one by one, whatever the number of threads.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Total};
use psim_runner::{Job, RunBatch, RunError, RunOptions, Variant, Watch, many, run};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold as _, Measures, MeasuresFold, RunMeasures, Summary};

fn checked(seed: u64) -> CheckedScenario {
    world(seed, &WorldSize::default()).check().expect("worlds are sound")
}

fn job(seed: u64) -> Job {
    Job { scenario: checked(seed), seed: seed ^ 5 }
}

#[test]
fn a_batch_runs_each_variant_under_each_seed() {
    let variant = |policies: &str, world: u64| Variant {
        policies: policies.to_owned(),
        overrides: "none".to_owned(),
        settings: Vec::new(),
        scenario: checked(world),
    };
    let variants = || vec![variant("one", 1), variant("other", 2)];
    let cross = |seeds: Option<&[u64]>| -> Vec<(u64, u64)> {
        let batch = RunBatch::cross(variants(), seeds);
        batch.jobs().iter().map(|job| (job.scenario.rng_seed, job.seed)).collect()
    };
    let own = [checked(1).rng_seed, checked(2).rng_seed];
    assert_eq!(cross(None), own.map(|seed| (seed, seed)));
    assert_eq!(cross(Some(&[])), []);
    let all = [(own[0], 7), (own[0], 5), (own[1], 7), (own[1], 5)];
    assert_eq!(cross(Some(&[7, 5])), all);

    let batch = RunBatch::cross(variants(), Some(&[7, 5]));
    let measures: Vec<RunMeasures> = many(batch.jobs(), None, &Watch::default())
        .into_iter()
        .map(|outcome| outcome.expect("nobody stopped it").expect("these worlds run"))
        .collect();
    assert_eq!(batch.runs(&measures).num_rows(), 4);
    let agents: usize = batch.jobs().iter().map(|job| job.scenario.agents.len()).sum();
    assert_eq!(batch.runs_by_agent(&measures).num_rows(), agents);
}

/// All measures of one run by itself and its summary, or why it failed.
fn alone(job: &Job) -> Result<(Measures, Summary), RunError> {
    let mut fold = MeasuresFold::new();
    let scenario = job.scenario.with_seed(job.seed);
    run(scenario, RunOptions::default(), |batch: &mut EventBatch| {
        fold.observe(batch);
        ControlFlow::Continue(())
    })?;
    Ok(fold.finish_both())
}

#[test]
fn measures_are_those_of_the_run_by_itself() {
    let jobs: Vec<Job> = requested_seeds(300).map(job).collect();
    let outcomes = many(&jobs, None, &Watch::default());
    let (mut compared, mut with_costs, mut with_liquidity) = (0, 0, 0);
    for (job, outcome) in jobs.iter().zip(outcomes) {
        let (measures, (all, summary)) = match (outcome.expect("nobody stopped it"), alone(job)) {
            (Ok(measures), Ok(alone)) => (measures, alone),
            (Err(error), Err(RunError::Tick(same))) => {
                assert_eq!(error, same);
                continue;
            }
            (outcome, summary) => panic!("seed {}: {outcome:?}\n{summary:?}", job.seed),
        };
        let place = format!("seed {}", job.seed);
        assert_eq!(measures.arrived, summary.payments.arrived, "{place}");
        assert_eq!(measures.settled, summary.payments.settled, "{place}");
        assert_eq!(measures.unsettled, summary.payments.unsettled, "{place}");
        assert_eq!(measures.mean_delay_ticks, summary.delay.mean_ticks_by_value, "{place}");
        assert_eq!(measures.delay_indicator, summary.delay.indicator, "{place}");
        assert_eq!(measures.costs.total(), summary.costs.total, "{place}");
        assert_eq!(measures.events, summary.run.events, "{place}");
        let by_agent = measures.agents.iter().map(|agent| agent.costs.total());
        assert!(by_agent.eq(summary.agents.iter().map(|agent| agent.costs.total)), "{place}");
        let liquidity = all.liquidity.all;
        assert_eq!(measures.liquidity_used, liquidity.used, "{place}");
        assert_eq!(measures.turnover_ratio, liquidity.turnover_ratio, "{place}");
        let by_agent = measures.agents.iter().map(|it| (it.liquidity_used, it.turnover_ratio));
        let figures = all.liquidity.by_agent.iter().map(|it| it.figures);
        assert!(by_agent.eq(figures.map(|it| (it.used, it.turnover_ratio))), "{place}");
        compared += 1;
        with_liquidity += u32::from(measures.turnover_ratio.is_some());
        with_costs += u32::from(measures.costs.total() > Total::ZERO);
    }
    assert!(compared > 250 && with_costs > 100, "{compared} runs, {with_costs} with costs");
    assert!(with_liquidity > 100, "{with_liquidity} runs in which liquidity was turned over");
}

#[test]
fn threads_change_nothing() {
    let jobs: Vec<Job> = (0..100).map(job).collect();
    let with = |threads| many(&jobs, NonZeroUsize::new(threads), &Watch::default());
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(7));
    assert_eq!(one, with(500));
}

#[test]
fn no_jobs_are_no_runs() {
    assert!(many(&[], None, &Watch::default()).is_empty());
}

#[test]
fn what_is_stopped_has_no_measures() {
    let jobs: Vec<Job> = (0..50).map(job).collect();
    let watch = Watch::default();
    watch.stop();
    assert!(many(&jobs, None, &watch).iter().all(Option::is_none));
    assert_eq!(watch.done(), 0);
}

#[test]
fn a_seed_makes_a_scenario_of_its_own() {
    let scenario = checked(3);
    let other = scenario.with_seed(scenario.rng_seed + 1);
    assert_ne!(other.fingerprint(), scenario.fingerprint());
    assert_eq!(other.with_seed(scenario.rng_seed).fingerprint(), scenario.fingerprint());
    let again = CheckedScenario::from_bytes(&other.to_bytes()).unwrap();
    assert_eq!(again.fingerprint(), other.fingerprint());
}
