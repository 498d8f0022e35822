//! Scenario files end to end.
use super::*;
#[test]
fn a_small_scenario_loads() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.yaml");
    std::fs::write(&path, "simulation: {ticks_per_day: 10, num_days: 2, rng_seed: 1}\nagents:\n  - id: B\n    opening_balance: 100\n    arrival_config:\n      rate_per_tick: 1.5\n      amount_distribution: {type: Uniform, min: 1, max: 5}\n      counterparty_weights: {A: 1}\n  - {id: A, opening_balance: 5}\ncost_rates: {overdraft_bps_per_tick: {per_year: 50bp}}\nagnts: 3\n").unwrap();
    let r = load(&path, &Overrides::default());
    match r { Ok(l) => println!("{:?}", *l.scenario), Err(e) => println!("{e}") }
    let r = load(&path, &Overrides { set: vec!["agents.X.y=3".into(), "agents.A.policy.type=Hodl".into(), "simulation.tick_seconds=60".into(), "num_days=0".into()], seed: Some(3) });
    match r { Ok(l) => println!("{:?}", *l.scenario), Err(e) => println!("{e}") }
}
