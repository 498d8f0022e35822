//! Runs side by side.

use psim_model::{CheckedScenario, Money, Scenario};
use psim_report::{Comparison, Measured};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use serde_json::Value;

use super::{checked, data_of, run, seen};

fn measured(id: &str, scenario: &CheckedScenario) -> Measured {
    seen(id, scenario, &run(scenario, u32::MAX)).0
}

fn setting(value: &str) -> Vec<(String, String)> {
    vec![("cost_rates.eod_penalty".to_owned(), value.to_owned())]
}

/// The same world with more money in every account.
fn richer(scenario: &Scenario) -> Scenario {
    let mut richer = scenario.clone();
    for agent in &mut richer.agents {
        let more = Money::from_minor(1_000_000);
        agent.opening_balance = agent.opening_balance.checked_add(more).unwrap();
    }
    richer
}

#[test]
fn differences_are_those_of_the_figures() {
    let mut with_difference = 0;
    for seed in requested_seeds(40) {
        let scenario = world(seed, &WorldSize::default());
        let other = checked(richer(&scenario));
        let scenario = checked(scenario);
        let runs = [
            (measured("base", &scenario), setting("1")),
            (measured("richer", &other), setting("2")),
        ];
        let comparison = Comparison::new(runs);
        let json = comparison.to_json();
        let figure = |run: usize, path: &str| {
            path.split('.').fold(&json["runs"][run], |value, key| &value[key]).clone()
        };
        for (path, difference) in json["differences"].as_object().unwrap() {
            let (Some(one), Some(two)) = (figure(0, path).as_f64(), figure(1, path).as_f64())
            else {
                continue;
            };
            let found = difference[0].as_f64().unwrap();
            let scale = one.abs().max(two.abs()).max(1.0);
            assert!((two - one - found).abs() <= 1e-9 * scale, "seed {seed}: {path}");
            with_difference += i32::from(found != 0.0);
        }
        assert_eq!(json["settings"][0]["values"], serde_json::json!(["1", "2"]));
        assert!(comparison.to_text().starts_with("Runs\n"));
        let data = data_of(&comparison.to_html());
        for chart in data["charts"].as_array().unwrap() {
            assert_eq!(chart["series"].as_array().map(Vec::len), Some(2), "seed {seed}");
        }
    }
    assert!(with_difference > 200, "{with_difference}");
}

#[test]
fn charts_say_what_they_show_and_mark_what_all_runs_have() {
    let (mut marked, mut queues) = (0, 0);
    for seed in requested_seeds(30) {
        let scenario = checked(world(seed, &WorldSize::default()));
        let batches = run(&scenario, u32::MAX);
        let (one, picture) = seen("one", &scenario, &batches);
        let alone = data_of(&one.to_html(&picture));
        let runs = [(one, vec![]), (measured("again", &scenario), vec![])];
        let data = data_of(&Comparison::new(runs).to_html());
        assert_eq!(data["shocks"], alone["shocks"], "seed {seed}");
        marked += data["shocks"].as_array().unwrap().len();
        for chart in data["charts"].as_array().unwrap() {
            let about = chart["about"].as_str().unwrap();
            let is_of_a_queue = chart["title"].as_str().unwrap().contains("queue");
            assert_eq!(about.contains("the queue"), is_of_a_queue, "seed {seed}: {about}");
            assert!(!about.contains("(1)"), "seed {seed}: {about}");
            queues += i32::from(is_of_a_queue);
        }
    }
    assert!(marked > 20 && queues > 20, "{marked} {queues}");
}

#[test]
fn arrivals_are_the_same_or_not() {
    let compare = |one: &CheckedScenario, other: &CheckedScenario| {
        let runs = [(measured("one", one), vec![]), (measured("other", other), vec![])];
        Comparison::new(runs).to_json()
    };
    let scenario = world(5, &WorldSize::default());
    let base = checked(scenario.clone());
    let same = compare(&base, &checked(richer(&scenario)));
    assert_eq!((&same["same_arrivals"], &same["same_seed"]), (&Value::Bool(true), &true.into()));

    let mut reseeded = scenario.clone();
    reseeded.rng_seed += 1;
    let other = compare(&base, &checked(reseeded));
    assert_eq!((&other["same_arrivals"], &other["same_seed"]), (&false.into(), &false.into()));
}

/// Amounts of another currency and times of another calendar are not subtracted.
#[test]
fn what_has_another_unit_is_not_compared() {
    let scenario = world(5, &WorldSize::default());
    let mut foreign = scenario.clone();
    foreign.currency.code = "XTS".to_owned();
    let runs =
        [(measured("a", &checked(scenario)), vec![]), (measured("b", &checked(foreign)), vec![])];
    let text = Comparison::new(runs).to_text();
    assert!(text.contains("The currencies differ, so amounts are not compared."), "{text}");
    let used = text.lines().find(|line| line.trim_start().starts_with("value arrived")).unwrap();
    assert!(used.trim_end().ends_with(" -"), "{used}");
    let count = text.lines().find(|line| line.trim_start().starts_with("arrived")).unwrap();
    assert!(count.ends_with("same"), "{count}");
}
