//! Scenario files: what loads runs for some ticks, checked after each.

use std::ops::ControlFlow;
use std::path::Path;

use psim_model::CheckedScenario;
use psim_runner::{RunError, RunOptions};
use psim_scenario::{Caller, Overrides, load};
use psim_view::{Fold as _, SummaryFold};

use super::write;
use crate::corpus::{Corpus, PAYMENTS};
use crate::dice::Dice;
use crate::mutate;

/// A policy that scenarios may name.
const POLICY: &str = r#"{"version": "1", "policy_id": "d", "payment_tree":
    {"type": "action", "node_id": "a", "action": "Release"}}"#;

/// Spoils a scenario and loads it.
pub(super) fn enter(is_json: bool, corpus: &Corpus, dice: &mut Dice, folder: &Path) -> bool {
    let as_bytes = dice.once_in(3);
    let sound = &corpus.scenarios[dice.below(corpus.scenarios.len())];
    let mut text = if as_bytes && !is_json {
        sound.text.clone()
    } else {
        let mut tree = sound.tree.clone();
        if !as_bytes {
            mutate::tree(&mut tree, &corpus.trees, dice);
        }
        tree.json(is_json)
    }
    .into_bytes();
    if as_bytes || dice.once_in(20) {
        mutate::bytes(&mut text, dice);
    }
    write(folder, PAYMENTS, &sound.payments);
    write(folder, "d.json", POLICY);
    let name = if is_json { "s.json" } else { "s.yaml" };
    write(folder, name, &text);
    let loaded = load(&folder.join(name), &overrides(dice));
    match loaded {
        Ok(loaded) => {
            let _ = loaded.warnings.render(true);
            run(loaded.scenario);
            true
        }
        Err(faults) => {
            assert!(faults.errors() > 0, "Invariant: what is refused has a fault");
            assert!(!faults.render(true).is_empty(), "Invariant: a fault is shown");
            false
        }
    }
}

/// Returns what is changed from outside: mostly nothing.
fn overrides(dice: &mut Dice) -> Overrides {
    const PATHS: &[&str] = &[
        "simulation.num_days",
        "ticks_per_day",
        "agents.A.opening_balance",
        "agents[0].id",
        "agents",
        "payments",
        "lsm_config.algorithms[0]",
        "[",
        "a.[\"b\"]",
        ".",
        "agents.A.policy",
        "cost_rates",
        "scenario_events[0].tick",
        "agents[99999999999999999999]",
        "\u{1f600}",
    ];
    let mut overrides = Overrides { caller: Caller::CommandLine, ..Overrides::default() };
    if dice.once_in(12) {
        let setting = format!("{}={}", dice.pick(PATHS), mutate::word(dice));
        overrides.set = vec![setting];
    }
    if dice.once_in(20) {
        let names = ["fifo", "hold", "deadline", "d.json", "{}", "", "smart_splitter", "\u{0}"];
        overrides.policies = vec![format!("{}={}", dice.pick(&["*", "A", ""]), dice.pick(&names))];
    }
    overrides.trace_decisions = dice.once_in(4);
    overrides
}

/// Runs the first ticks of a scenario of which they do not take long.
pub(super) fn run(scenario: CheckedScenario) {
    const TICKS: u32 = 30;
    let horizon = scenario.calendar.horizon();
    let ticks = horizon.min(TICKS);
    let generated = scenario.generated_payments() / f64::from(horizon) * f64::from(ticks);
    // A factor of the profile may gather all of a day in these ticks.
    let profile = scenario.rate_profile.iter().map(|it| it.factor).fold(1.0, f64::max);
    if generated * profile > 5_000.0 || scenario.agents.len() > 300 {
        return;
    }
    let mut summary = SummaryFold::new();
    let options = RunOptions { ticks: Some(ticks), paranoid: true };
    let ending = psim_runner::run(scenario, options, |batch| {
        summary.observe(batch);
        ControlFlow::Continue(())
    });
    if let Err(RunError::Broken(broken)) = ending {
        panic!("a law is broken: {broken}");
    }
    let _ = serde_json::to_string(&summary.finish());
}
