//! What each command answers.

use std::process::Stdio;

use crate::harness::{command, file, outcome, run, run_well, without_duration};

/// Case V6: bounds of 80 and 110.
#[test]
fn bounds_of_a_payment_file_and_of_a_scenario() {
    let list = run_well(&["bounds", "scenarios/data/ring.csv"]).stdout;
    insta::assert_snapshot!(list);
    assert_eq!(run_well(&["bounds", "scenarios/gridlock.yaml"]).stdout, list);
    let json = run_well(&["bounds", "scenarios/gridlock.yaml", "--output", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
    assert_eq!(json["lower"], 80);
    assert_eq!(json["upper"], 110);
    assert_eq!(json["turnover"], 270);
    assert_eq!(json["agents"][1]["upper"], 60);
}

/// Cases V7 and V8 through the command.
#[test]
fn the_ring_locks_at_the_lower_bound_and_flows_at_the_upper() {
    let rate = |arguments: &[&str]| {
        let json = run_well(arguments).stdout;
        let json: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
        (json["payments"]["settled"]["count"].clone(), json["delay"]["indicator"].clone())
    };
    let run = ["run", "scenarios/gridlock.yaml", "--output", "json"];
    assert_eq!(rate(&run), (0.into(), 1.0.into()));
    let upper = [&run[..], &["--set", "opening_balances.bounds=1"]].concat();
    assert_eq!(rate(&upper), (6.into(), 0.0.into()));
}

/// Nothing is released where everybody holds; a file gives the same as the library.
#[test]
fn policies_come_from_the_library_and_from_files() {
    let settled = |arguments: &[&str]| {
        let run = ["run", "scenarios/first_day.yaml", "--output", "json"];
        let json = run_well(&[&run[..], arguments].concat()).stdout;
        let json: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
        json["payments"]["settled"]["count"].clone()
    };
    assert_eq!(settled(&["--policy", "*=hold"]), 0);
    let hold = include_str!("../../../policy/library/hold.json");
    let (_folder, path) = file("mine.json", hold);
    assert_eq!(settled(&["--policy", &format!("*={path}")]), 0);
    assert_eq!(
        settled(&["--policy", "*=hold", "--policy", "NORD=fifo"]),
        settled(&["--policy", "NORD=fifo", "--set", "policy.type=Hold",])
    );
}

#[test]
fn the_same_run_prints_the_same() {
    let arguments = ["run", "scenarios/first_day.yaml", "--verbose"];
    let first = run_well(&arguments).stdout;
    let second = run_well(&arguments).stdout;
    assert_eq!(without_duration(&first), without_duration(&second));
    let other = run_well(&["run", "scenarios/first_day.yaml", "--verbose", "--seed", "8"]).stdout;
    assert_ne!(without_duration(&first), without_duration(&other));
}

#[test]
fn yaml_and_json_of_the_same_scenario_are_the_same_run() {
    let yaml = "simulation: {ticks_per_day: 5, num_days: 1, rng_seed: 3}\n\
                agents:\n  - {id: A, opening_balance: 100}\n  - {id: B, opening_balance: 0}\n";
    let json = r#"{"agents": [{"id": "A", "opening_balance": 100}, {"opening_balance": 0,
        "id": "B"}], "simulation": {"rng_seed": 3, "num_days": 1, "ticks_per_day": 5}}"#;
    let (_yaml_folder, yaml) = file("same.yaml", yaml);
    let (_json_folder, json) = file("same.json", json);
    let quiet = |path: &str| run_well(&["run", path, "--quiet"]).stdout;
    assert_eq!(quiet(&yaml), quiet(&json));
}

#[test]
fn ticks_run_the_first_part_of_the_same_day() {
    let part = run_well(&["run", "scenarios/first_day.yaml", "--verbose", "--ticks", "20"]).stdout;
    let whole = run_well(&["run", "scenarios/first_day.yaml", "--verbose"]).stdout;
    let end = whole.find("── Tick 20 ").expect("the whole day goes on");
    assert!(part.starts_with(&whole[..end]), "{part}");
    assert!(part[end..].starts_with("Run stopped"), "{}", &part[end..]);
}

#[test]
fn quiet_prints_the_summary_alone() {
    let outcome = run_well(&["run", "scenarios/first_day.yaml", "--quiet"]);
    assert_eq!(outcome.stderr, "");
    assert!(!outcome.stdout.contains("Duration:"));
    let loud = run_well(&["run", "scenarios/first_day.yaml"]).stdout;
    assert_eq!(without_duration(&loud), outcome.stdout);
}

#[test]
fn a_run_that_checks_itself_prints_the_same() {
    for scenario in ["scenarios/first_day.yaml", "scenarios/several_days.yaml"] {
        let plain = run_well(&["run", scenario, "--quiet"]);
        let checked = run_well(&["run", scenario, "--quiet", "--paranoid"]);
        assert_eq!((checked.stdout, checked.stderr), (plain.stdout, plain.stderr));
    }
}

#[test]
fn check_says_what_is_in_a_scenario() {
    let answer = run_well(&["check", "scenarios/gridlock.yaml"]).stdout;
    assert!(answer.contains("no faults") && answer.contains("agents: 3"), "{answer}");
}

#[test]
fn check_says_who_cannot_pay_however_payments_are_offset() {
    let payers = (1..=5).map(|no| {
        format!(
            "  - {{id: P{no}, opening_balance: {no}, unsecured_cap: 2, arrival_config: \
             {{rate_per_tick: 1, amount_distribution: {{type: Uniform, min: 10, max: 10}}, \
             counterparty_weights: {{SINK: 1}}}}}}\n"
        )
    });
    let payers: Vec<String> = payers.collect();
    let checked = |agents: &[String]| {
        let text = format!(
            "simulation: {{ticks_per_day: 10, num_days: 1, rng_seed: 1}}\nagents:\n  \
             - {{id: SINK, opening_balance: 0}}\n  - {{id: RICH, opening_balance: 100, \
             arrival_config: {{rate_per_tick: 1, amount_distribution: {{type: Uniform, min: 10, \
             max: 10}}}}}}\n{}",
            agents.concat()
        );
        let (_folder, path) = file("s.yaml", text);
        run_well(&["check", &path]).stdout.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(checked(&payers), @"
    note: `P1` is to pay about 0.83 more than it receives, and begins with 0.03; not all can settle unless it gets other funds
    note: `P2` is to pay about 0.83 more than it receives, and begins with 0.04; not all can settle unless it gets other funds
    note: `P3` is to pay about 0.83 more than it receives, and begins with 0.05; not all can settle unless it gets other funds
    note: the same holds of 2 more
    ");
    // RICH pays 10 × 10 and has just that.
    assert_eq!(checked(&[]), "");
}

#[test]
fn the_schema_is_json_schema() {
    let schema = run_well(&["schema", "scenario"]).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    assert!(schema["$schema"].is_string());
    assert!(schema["properties"]["agents"].is_object());
}

#[test]
fn a_synthetic_day_can_be_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (payments, banks) = (path("payments.csv"), path("banks.csv"));
    let arguments = ["synth", "--profile", "rits", "--payments", "500", "--participants", "10"];
    let files = ["-o", &payments, "--participants-file", &banks];
    run_well(&[&arguments[..], &files[..]].concat());
    // Files that are there are somebody's.
    std::fs::remove_file(&payments).expect("a file");
    std::fs::write(&banks, "mine").expect("a file");
    let refused = run(&[&arguments[..], &files[..]].concat());
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(refused.stderr.contains("exists already; choose another name or replace it with"));
    assert_eq!(std::fs::read_to_string(&banks).expect("a file"), "mine");
    assert!(!folder.path().join("payments.csv").exists());
    let said = run_well(&[&arguments[..], &files[..], &["--force"]].concat()).stderr;
    // The scenario that fits is told with it.
    let scenario = said.split_once("begins like this:\n").expect("how it begins").1;
    std::fs::write(folder.path().join("day.yaml"), scenario).expect("a file");
    let summary = run_well(&["run", &path("day.yaml"), "--output", "json"]).stdout;
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    // Each bank opens with its upper bound, so nothing waits.
    assert_eq!(summary["payments"]["settled"]["count"], 500);
    assert_eq!(summary["delay"]["indicator"], 0.0);
}

#[test]
fn a_synthetic_day_is_described() {
    let text = run_well(&["synth", "--profile", "t2", "--payments", "20000", "--describe"]).stdout;
    for wanted in ["target", "obtained", "assumed"] {
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = command(&["run", "scenarios/first_day.yaml", "--verbose"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let outcome = outcome(&child.wait_with_output().expect("the command ends"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
}
