//! What a scenario says, key by key.

use crate::{Overrides, settings};

const TEXT: &str = "
rng_seed: 7
simulation: {num_days: 1}
agents:
  - {id: A, opening_balance: 100}
  - {id: B, opening_balance: 200, policy: {type: Fifo}}
scenario_events: [{type: X, tick: 3}]
rest: {}
";

fn written(set: &[&str]) -> Vec<String> {
    let set = set.iter().map(|setting| (*setting).to_owned()).collect();
    told(&Overrides { set, ..Overrides::default() })
}

fn told(overrides: &Overrides) -> Vec<String> {
    let found = settings("scenario.yaml", TEXT, overrides);
    found.iter().map(|(path, value)| format!("{path}={value}")).collect()
}

#[test]
fn each_key_has_its_path_and_elements_their_id() {
    assert_eq!(
        written(&[]),
        [
            "simulation.num_days=1",
            "simulation.rng_seed=7",
            "agents.A.id=A",
            "agents.A.opening_balance=100",
            "agents.B.id=B",
            "agents.B.opening_balance=200",
            "agents.B.policy.type=Fifo",
            "scenario_events[0].type=X",
            "scenario_events[0].tick=3",
            "rest={}",
        ]
    );
}

#[test]
fn settings_are_applied_and_what_cannot_be_read_is_passed_over() {
    let found = written(&["agents.B.opening_balance=300", "rng_seed=8", "no path"]);
    assert!(found.contains(&"agents.B.opening_balance=300".to_owned()), "{found:?}");
    assert!(found.contains(&"simulation.rng_seed=8".to_owned()), "{found:?}");
    assert_eq!(settings("scenario.yaml", "{", &Overrides::default()), []);
}

#[test]
fn policies_for_agents_stand_where_their_own_do() {
    let given = ["*=fifo", "B=fifo", "B=own: [1].json", "b.[c]={\"policy_id\": 1}"];
    let policies = given.map(str::to_owned).to_vec();
    let found = told(&Overrides { policies, ..Overrides::default() });
    let policies: Vec<&String> = found.iter().filter(|it| it.contains(".policy")).collect();
    let expected = [
        "agents.*.policy=fifo",
        "agents.B.policy=own: [1].json",
        "agents.b.[c].policy={\"policy_id\": 1}",
    ];
    assert_eq!(policies, expected);
}

/// Runs keep what was changed as texts; of those come the same changes.
#[test]
fn changes_are_told_and_read_again() {
    let overrides = Overrides {
        set: vec!["trace_decisions=false".to_owned(), "rng_seed=3".to_owned()],
        seed: Some(9),
        policies: vec!["*=deadline".to_owned(), "A=fifo".to_owned()],
        trace_decisions: true,
        ..Overrides::default()
    };
    let changes = overrides.changes();
    let expected = [
        "trace_decisions=false",
        "rng_seed=3",
        "rng_seed=9",
        "policy *=deadline",
        "policy A=fifo",
        "trace_decisions=true",
    ];
    assert_eq!(changes, expected);
    assert_eq!(told(&Overrides::from_changes(&changes)), told(&overrides));
}
