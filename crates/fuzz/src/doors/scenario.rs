//! Scenario files.

use std::path::Path;

use psim_fuzz::given::scenario;
use psim_scenario::{Caller, Overrides};

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
    scenario::take(&folder.join(name), &overrides(dice))
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
