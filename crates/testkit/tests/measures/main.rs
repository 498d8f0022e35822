//! All measures of a run, against a naive twin on random worlds and against cases by hand.
//!
//! `PSIM_WORLDS=10000 cargo test -p psim-testkit --test measures` compares more worlds, and
//! `PSIM_SEED=17 PSIM_WORLDS=1 …` a given one.

mod six;
mod twin;

use std::collections::BTreeMap;

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_model::{Calendar, CheckedScenario, Clock, Fraction, Scenario};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold, MeasuresFold, SummaryFold};
use serde_json::Value;

/// Runs a scenario for so many ticks, or as far as it goes.
fn run(scenario: &CheckedScenario, ticks: u32) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario.clone());
    let mut batches = Vec::new();
    for _ in 0..ticks.min(scenario.calendar.horizon()) {
        let mut batch = EventBatch::default();
        if engine.tick(&mut batch).is_err() {
            break;
        }
        batches.push(batch);
    }
    batches
}

fn folded(batches: &[EventBatch], guideline: &[(u32, Fraction)]) -> MeasuresFold {
    let mut fold = MeasuresFold::new().with_guideline(guideline.iter().copied());
    for batch in batches {
        fold.observe(batch);
    }
    fold
}

/// Returns the measures that the twin has too.
fn measured(batches: &[EventBatch], guideline: &[(u32, Fraction)]) -> Value {
    let mut measures = folded(batches, guideline).finish().to_json();
    let fields = measures.as_object_mut().unwrap();
    assert!(fields.remove("run").is_some() && fields.remove("currency").is_some());
    measures
}

/// Returns where two values differ first. Whole numbers and texts must be the same, others may
/// differ by what roundings make of sums.
fn difference(path: &str, expected: &Value, found: &Value) -> Option<String> {
    let deeper = |key: &str, expected: &Value, found: &Value| {
        difference(&format!("{path}/{key}"), expected, found)
    };
    let fault = || Some(format!("{path}: expected {expected}, found {found}"));
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let keys = expected.keys().chain(found.keys());
            keys.into_iter().find_map(|key| match (expected.get(key), found.get(key)) {
                (Some(expected), Some(found)) => deeper(key, expected, found),
                (expected, found) => Some(format!("{path}/{key}: {expected:?}, {found:?}")),
            })
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let pairs = expected.iter().zip(found).enumerate();
            pairs
                .into_iter()
                .find_map(|(index, (expected, found))| deeper(&index.to_string(), expected, found))
        }
        (Value::Number(one), Value::Number(other)) if one.is_f64() && other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            let is_near = (one - other).abs() <= 1e-9 * one.abs().max(1.0);
            if is_near { None } else { fault() }
        }
        _ if expected == found => None,
        _ => fault(),
    }
}

/// Returns the world of a seed; in a third of those with clock times ticks are long enough that
/// hours pass within a day.
fn timed_world(seed: u64) -> Scenario {
    let mut scenario = world(seed, &WorldSize::default());
    let calendar = scenario.calendar;
    if calendar.clock().is_some() && seed.is_multiple_of(3) {
        let clock = Clock { opens_at_seconds: 7 * 3600 + 100, tick_seconds: 1_700 };
        let (ticks, days) = (calendar.ticks_per_day(), calendar.num_days());
        scenario.calendar = Calendar::try_new(ticks, days, Some(clock)).unwrap();
    }
    scenario
}

#[test]
fn random_worlds_are_measured_as_by_the_twin() {
    for seed in requested_seeds(300) {
        let checked = timed_world(seed).check().unwrap();
        // Some runs are interrupted.
        let ticks = if seed.is_multiple_of(5) { 1 + (seed % 13) as u32 } else { u32::MAX };
        let batches = run(&checked, ticks);
        let guideline = &checked.policies.throughput_guideline;
        let (expected, found) =
            (twin::measures(&batches, guideline), measured(&batches, guideline));
        if let Some(fault) = difference("", &expected, &found) {
            panic!("seed {seed}: {fault}");
        }
    }
}

#[test]
fn the_summary_of_the_same_pass_is_the_summary() {
    for seed in requested_seeds(30) {
        let checked = timed_world(seed).check().unwrap();
        let batches = run(&checked, u32::MAX);
        let mut alone = SummaryFold::new();
        for batch in &batches {
            alone.observe(batch);
        }
        let fold = folded(&batches, &[]);
        assert_eq!(fold.summary(), alone.finish(), "seed {seed}");
    }
}

/// Notes which figures there are, and which are other than nothing.
fn figures(path: &str, value: &Value, all: &mut BTreeMap<String, bool>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| figures(&format!("{path}/{key}"), value, all));
        }
        Value::Array(items) => items.iter().for_each(|item| figures(path, item, all)),
        value => {
            let is_nothing = value.is_null() || value.as_f64() == Some(0.0);
            *all.entry(path.to_owned()).or_default() |= !is_nothing;
        }
    }
}

/// What is nothing in all worlds would be compared in vain.
#[test]
fn every_figure_is_something_in_some_world() {
    let mut all = BTreeMap::new();
    for seed in requested_seeds(300) {
        let checked = timed_world(seed).check().unwrap();
        let batches = run(&checked, u32::MAX);
        figures("", &measured(&batches, &checked.policies.throughput_guideline), &mut all);
    }
    let has_fields = |path: &str| all.keys().any(|other| other.starts_with(&format!("{path}/")));
    let nothing = all.iter().filter(|(path, is_some)| !**is_some && !has_fields(path));
    let nothing: Vec<_> = nothing.collect();
    assert!(all.len() > 200 && nothing.is_empty(), "{} figures, {nothing:?}", all.len());
}

#[test]
fn every_figure_is_on_the_page() {
    let page = include_str!("../../../../docs/measures.md");
    let mut all = BTreeMap::new();
    for seed in requested_seeds(30) {
        let checked = timed_world(seed).check().unwrap();
        let guideline = &checked.policies.throughput_guideline;
        figures("", &measured(&run(&checked, u32::MAX), guideline), &mut all);
    }
    for path in all.keys() {
        for name in path.split('/').skip(1) {
            assert!(page.contains(&format!("`{name}`")), "{path}: `{name}`");
        }
    }
}

/// The comparison itself must find what is wrong.
#[test]
fn a_figure_that_differs_is_found() {
    let checked = timed_world(1).check().unwrap();
    let batches = run(&checked, u32::MAX);
    let expected = twin::measures(&batches, &[]);
    let mut found = measured(&batches, &[]);
    assert_eq!(difference("", &expected, &found), None);
    found["liquidity"]["all"]["used"] = serde_json::json!(-1);
    assert!(difference("", &expected, &found).unwrap().starts_with("/liquidity/all/used: "));
}

#[test]
fn a_run_of_no_ticks_has_measures() {
    let measures = folded(&[], &[]).finish();
    assert_eq!(measures.settlement.all.rate_count, None);
    assert_eq!(measures.liquidity.days, []);
    assert_eq!(measures.delay.indicator, None);
}
