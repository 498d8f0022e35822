//! What a scenario says, key by key.

use crate::settings;

const TEXT: &str = "
rng_seed: 7
simulation: {num_days: 1}
agents:
  - {id: A, opening_balance: 100}
  - {id: B, opening_balance: 200}
scenario_events: [{type: X, tick: 3}]
rest: {}
";

fn written(set: &[&str]) -> Vec<String> {
    let set: Vec<String> = set.iter().map(|setting| (*setting).to_owned()).collect();
    let found = settings("scenario.yaml", TEXT, &set);
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
    assert_eq!(settings("scenario.yaml", "{", &[]), []);
}
