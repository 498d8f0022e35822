//! Input that nobody meant: it is refused or taken, and nothing panics.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{BASE, Folder, load_at};
use crate::{Overrides, load, read_payment_list, read_policy};

/// A scenario that uses most of what there is.
const RICH: &str = "\
simulation: {ticks_per_day: 10, num_days: 2, rng_seed: 1, opens_at: '07:00', tick_seconds: 60}
currency: EUR
rate_profile: [{from: '07:01', to: 10, factor: 2}]
cost_rates: {overdraft_bps_per_tick: {per_year: 50bp}, eod_penalty: {mode: rate, bps_per_event: 1}}
lsm_config: {enable_cycles: false}
agents:
  - id: A
    opening_balance: 100
    liquidity_pool: 50
    arrival_config: &arrivals
      rate_per_tick: 0.5
      amount_distribution: {type: Normal, mean: 100, std_dev: 10}
      counterparty_weights: {B: 1}
      deadline_range: [1, 5]
  - {id: B, opening_balance: 100, policy: {type: Hold}, limits: {bilateral_limits: {A: 9}}}
  - {id: C, opening_balance: 100, params: {n: 2}, policy: {type: FromJson, json_path: d.json, params: {n: 3}, predecessor: true}}
policy:
  type: Inline
  decision_trees:
    version: '1'
    policy_id: x
    parameters: {n: 1}
    payment_tree:
      type: condition
      node_id: a
      condition: {op: '<', left: {field: amount}, right: {compute: {op: max, values: [{param: n}, {value: 5}]}}}
      on_true: {type: action, node_id: b, action: Release}
      on_false: {type: action, node_id: c, action: Split, parameters: {num_splits: {value: 2}}}
policy_feature_toggles: {exclude: [LsmField]}
throughput_guideline: [{tick_in_day: 3, fraction: 0.5}, {time: '07:08', fraction: 1}]
payments: p.csv
priority_mode: true
priority_escalation: {enabled: true, curve: step}
reservations: {urgent: 5}
scenario_events:
  - {type: DirectTransfer, from_agent: A, to_agent: B, amount: 1, schedule: OneTime, time: '07:02'}
  - {type: CostRateChange, rates: {eod_penalty: 3}, schedule: {type: Repeating, start_tick: 1, interval: 2}}
  - {type: AgentArrivalRateChange, agent: A, multiplier: 2, schedule: OneTime, tick: 3}
instructions:
  - {type: SubmitTransaction, tick: 1, id: z, sender: A, receiver: B, amount: 1}
  - {type: Decide, tick: 2, payment: z, actions: [{action: Reprioritize, new_priority: 9}, {action: Split, num_splits: 2}]}
  - {type: SetReleaseBudget, time: '07:01', agent: A, max_value_to_release: 4, focus_counterparties: [B]}
";

const ROWS: &str = "id,day,tick,sender,receiver,amount,priority,deadline_tick\n\
                    x,0,1,A,B,5,3,9\n\"y\",1,2,B,A,6,,\n";

/// A policy that uses most of what there is.
const POLICY: &str = r#"{"version": "1", "policy_id": "d", "parameters": {"n": 1},
  "bank_tree": {"type": "action", "node_id": "a", "actions": [
    {"action": "SetReleaseBudget", "parameters": {"max_value_to_release": {"param": "n"},
      "focus_counterparties": {"value": ["A", "B"]}}},
    {"action": "SetState", "parameters": {"key": {"value": "bank_state_x"}, "value": {"value": 1}}}]},
  "payment_tree": {"type": "condition", "node_id": "b", "comment": "\ud83d\ude00",
    "condition": {"op": "and", "conditions": [{"op": "not", "condition": {"op": "==",
      "left": {"field": "bank_state_x"}, "right": {"compute": {"op": "clamp", "value": {"field": "amount"},
      "min": {"value": 0}, "max": {"value": 9}}}}}]},
    "on_true": {"type": "action", "node_id": "c", "action": "Hold", "parameters": {"reason": {"value": "x"}}},
    "on_false": {"type": "action", "node_id": "d", "action": "Drop"}}}
"#;

fn load_both(scenario: &[u8], rows: &[u8]) {
    let folder = Folder::new().with("s.yaml", scenario).with("p.csv", rows).with("d.json", POLICY);
    if let Err(faults) = folder.load("s.yaml") {
        assert!(faults.errors() > 0);
        assert!(!faults.render(true).is_empty());
    }
    let _ = read_payment_list(&folder.path("p.csv"));
}

/// Cuts, overwrites and repeats parts of a text.
fn mutated(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let edit = (0..text.len(), 0..20_usize, vec(any::<u8>(), 0..6), 0..3_usize);
    vec(edit, 1..4).prop_map(move |edits| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, length, replacement, repeat) in edits {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            let cut = bytes[at..end].repeat(repeat);
            bytes.splice(at..end, cut.into_iter().chain(replacement));
        }
        bytes
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(scenario in vec(any::<u8>(), 0..400), rows in vec(any::<u8>(), 0..400)) {
        load_both(&scenario, &rows);
    }

    #[test]
    fn arbitrary_text_never_panics(scenario in "[ -~\\n\\t\u{e9}\u{1f600}]{0,200}", rows in "[ -~\\r\\n,\"]{0,200}") {
        load_both(scenario.as_bytes(), rows.as_bytes());
    }

    #[test]
    fn mutated_scenarios_never_panic(scenario in mutated(RICH), rows in mutated(ROWS)) {
        load_both(&scenario, &rows);
        load_both(RICH.as_bytes(), &rows);
    }

    #[test]
    fn mutated_policies_never_panic(policy in mutated(POLICY), bytes in vec(any::<u8>(), 0..100)) {
        for content in [policy, bytes] {
            let folder = Folder::new().with("s.yaml", RICH).with("p.csv", ROWS).with("d.json", content);
            let _ = folder.load("s.yaml");
            for predecessor in [false, true] {
                match read_policy(&folder.path("d.json"), predecessor) {
                    Ok((_, warnings)) => assert_eq!(warnings.errors(), 0),
                    Err(faults) => assert!(faults.errors() > 0 && !faults.render(true).is_empty()),
                }
            }
        }
    }

    #[test]
    fn damaged_parquet_never_panics(damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>(), whole in any::<bool>()) {
        let folder = Folder::new().with("s.yaml", format!("{BASE}payments: p.csv\n"));
        super::data_files::packed::write_parquet(&folder, &[1, 2, 3, 4]);
        let mut bytes = std::fs::read(folder.path("p.csv")).unwrap();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        let folder = folder.with("p.csv", bytes);
        let _ = folder.load("s.yaml");
    }

    #[test]
    fn arbitrary_settings_never_panic(setting in "[a-z.\\[\\]0-9\"=_\u{e9} ]{0,30}", value in "\\PC{0,12}") {
        let folder = Folder::new().with("s.yaml", BASE);
        let _ = load_at(&folder.path("s.yaml"), &[&setting, &format!("{setting}={value}")]);
        let policies = vec![setting, format!("A={value}"), value];
        let _ = load(&folder.path("s.yaml"), &Overrides { policies, ..Overrides::default() });
    }
}

#[test]
fn the_rich_scenario_is_sound() {
    let folder = Folder::new().with("s.yaml", RICH).with("p.csv", ROWS).with("d.json", POLICY);
    if let Err(faults) = folder.load("s.yaml") {
        panic!("{}", folder.shown(&faults));
    }
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = format!("a: {}", "[".repeat(200));
    let lists = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    let bomb = ["a", "b", "c", "d", "e", "f", "g"].windows(2).fold(lists, |text, pair| {
        let (from, to) = (pair[0], pair[1]);
        let aliases = vec![format!("*{from}"); 10].join(", ");
        format!("{text}{to}: &{to} [{aliases}]\n")
    });
    let chain =
        (0..10).fold(format!("k0: &k0 {}1{}\n", "[".repeat(100), "]".repeat(100)), |text, n| {
            format!("{text}k{}: &k{} {}*k{n}{}\n", n + 1, n + 1, "[".repeat(100), "]".repeat(100))
        });
    for (text, message) in [
        (deep, "nested more than 128 deep"),
        (bomb, "aliases stand for more than 500000 values"),
        (chain, "nested more than 128 deep by this alias"),
    ] {
        assert_eq!(super::messages(&text), [message]);
    }
}
