//! Every way to give a policy, and who follows which.

use psim_model::{Instruction, Money, Policy, ScenarioEvent};

use super::{Folder, load_at, sound};
use crate::{Caller, Overrides, load};

/// A document as a file holds it.
pub(super) const DOCUMENT: &str = r#"{
  "version": "1",
  "policy_id": "patient",
  "parameters": {"wait": 3, "share": 0.5},
  "payment_tree": {
    "type": "condition",
    "node_id": "late",
    "condition": {
      "op": "<=",
      "left": {"field": "ticks_to_deadline"},
      "right": {"compute": {"op": "/", "left": {"value": 6}, "right": {"param": "wait"}}}
    },
    "on_true": {"type": "action", "node_id": "pay", "action": "Release"},
    "on_false": {"type": "action", "node_id": "hold", "action": "Hold"}
  }
}
"#;

/// Three agents of which the first has `keys`, and `rest` at the top level.
pub(super) fn with_agent(keys: &str, rest: &str) -> String {
    format!(
        "simulation: {{ticks_per_day: 10, num_days: 2}}\nagents:\n  \
         - {{id: A, opening_balance: 100, {keys}}}\n  \
         - {{id: B, opening_balance: 100}}\n  - {{id: C, opening_balance: 100}}\n{rest}"
    )
}

/// Three agents of which the first follows a policy written in flow style.
pub(super) fn with_policy(policy: &str) -> String {
    with_agent(&format!("policy: {{{policy}}}"), "")
}

fn parameters(policy: &Policy) -> Vec<(&str, f64)> {
    let parameters = &policy.document().parameters;
    parameters.iter().map(|(name, value)| (name.as_str(), *value)).collect()
}

/// The document on one line.
pub(super) fn on_one_line() -> String {
    DOCUMENT.lines().map(str::trim).collect()
}

#[test]
fn named_policies_are_those_of_the_library() {
    for (given, id, expected) in [
        ("type: Fifo", "fifo", &[][..]),
        ("type: Hold", "hold", &[]),
        ("type: Deadline", "deadline", &[("urgency_threshold", 5.0)]),
        ("type: Deadline, urgency_threshold: 2.5", "deadline", &[("urgency_threshold", 2.5)]),
        (
            "type: Deadline, params: {urgency_threshold: 1_000}",
            "deadline",
            &[("urgency_threshold", 1_000.0)],
        ),
        (
            "type: LiquidityAware, target_buffer: 7, urgency_threshold: 2",
            "liquidity_aware",
            &[("target_buffer", 7.0), ("urgency_threshold", 2.0)],
        ),
        (
            "type: LiquiditySplitting, max_splits: 10, min_split_amount: 1",
            "liquidity_splitting",
            &[("max_splits", 10.0), ("min_split_amount", 1.0)],
        ),
        ("type: MockSplitting, num_splits: 7", "mock_splitting", &[("num_splits", 7.0)]),
        (
            "type: MockStaggerSplit, num_splits: 4, stagger_first_now: 0, stagger_gap_ticks: 3, \
             priority_boost_children: 2",
            "mock_stagger_split",
            &[
                ("num_splits", 4.0),
                ("stagger_first_now", 0.0),
                ("stagger_gap_ticks", 3.0),
                ("priority_boost_children", 2.0),
            ],
        ),
        (
            "type: Library, name: deadline, params: {urgency_threshold: -1}",
            "deadline",
            &[("urgency_threshold", -1.0)],
        ),
    ] {
        let scenario = sound(&with_policy(given));
        let policy = &scenario.agents[0].policy;
        assert_eq!(policy.id(), id, "{given}");
        for parameter in expected {
            assert!(parameters(policy).contains(parameter), "{given}: {policy:?}");
        }
        assert_eq!(scenario.agents[1].policy, Policy::fifo());
    }
}

#[test]
fn documents_come_from_files_texts_and_the_scenario_itself() {
    let expected = Policy::read(DOCUMENT).unwrap();
    let text = format!("'{}'", on_one_line());
    for agent in [
        "policy: {type: FromJson, json_path: p.json}".to_owned(),
        format!("policy: {{type: FromJson, json: {text}}}"),
        format!("policy: {{type: InlineJson, json_string: {text}}}"),
        format!("policy: {{type: Inline, decision_trees: {}}}", on_one_line()),
    ] {
        let folder = Folder::new().with("s.yaml", with_agent(&agent, "")).with("p.json", DOCUMENT);
        match folder.load("s.yaml") {
            Ok(loaded) => assert_eq!(loaded.scenario.agents[0].policy, expected, "{agent}"),
            Err(faults) => panic!("{}", folder.shown(&faults)),
        }
    }
    let text = format!(
        "simulation: {{ticks_per_day: 10, num_days: 2}}\nagents:\n  - id: A\n    \
         opening_balance: 1\n    policy:\n      type: InlineJson\n      json_string: |\n        {}",
        DOCUMENT.replace('\n', "\n        ")
    );
    assert_eq!(sound(&text).agents[0].policy, expected);
}

#[test]
fn inline_documents_are_yaml() {
    let text = "\
simulation: {ticks_per_day: 10, num_days: 2}
agents:
  - id: A
    opening_balance: 1
    policy:
      type: Inline
      decision_trees:
        version: \"1\"
        policy_id: patient
        parameters: {wait: 3, share: .5}
        bank_tree: ~
        payment_tree:
          type: condition
          node_id: late
          condition:
            op: \"<=\"
            left: {field: ticks_to_deadline}
            right:
              compute: {op: /, left: {value: 6.0}, right: {param: wait}}
          on_true: &pay {type: action, node_id: pay, action: Release}
          on_false: {<<: *pay, node_id: hold, action: Hold}
";
    assert_eq!(sound(text).agents[0].policy, Policy::read(DOCUMENT).unwrap());
}

#[test]
fn agents_without_a_policy_follow_that_of_the_top_level() {
    let rest = "policy: {type: Deadline, urgency_threshold: 2}\n";
    let scenario = sound(&with_agent("policy: {type: Hold}", rest));
    assert_eq!(scenario.agents[0].policy, Policy::hold());
    for agent in &scenario.agents[1..] {
        assert_eq!(parameters(&agent.policy), [("urgency_threshold", 2.0)]);
    }
    let scenario = sound(&with_agent("params: {urgency_threshold: 4}", rest));
    assert_eq!(parameters(&scenario.agents[0].policy), [("urgency_threshold", 4.0)]);
    assert_eq!(parameters(&scenario.agents[1].policy), [("urgency_threshold", 2.0)]);
    let synth = "simulation: {ticks_per_day: 10, num_days: 1, rng_seed: 1}\n\
                 opening_balances: {bounds: 0.5}\npolicy: {type: Hold}\n\
                 payments: {synth: {profile: t2, payments: 20, participants: 3}}\n";
    assert!(sound(synth).agents.iter().all(|agent| agent.policy == Policy::hold()));
}

#[test]
fn participants_name_types_and_policies_of_the_library() {
    let scenario = "simulation: {ticks_per_day: 10, num_days: 2}\npolicy: {type: Hold}\n\
                    agents: {file: banks.csv}\n";
    let rows = "id,opening_balance,policy,liquidity_buffer\nA,1,Deadline,\nB,1,liquidity_aware,7\n\
                C,1,,\n";
    let folder = Folder::new().with("s.yaml", scenario).with("banks.csv", rows);
    let agents = folder.load("s.yaml").unwrap().scenario.agents.clone();
    let ids: Vec<&str> = agents.iter().map(|agent| agent.policy.id()).collect();
    assert_eq!(ids, ["deadline", "liquidity_aware", "hold"]);
    assert_eq!(agents[1].liquidity_buffer, Money::from_minor(7));
    let rows = "id,opening_balance,policy\nA,1,Deadlin\nB,1,liquidity_awar\nC,1,FromJson\n";
    let folder = folder.with("banks.csv", rows);
    insta::assert_snapshot!(folder.shown(&folder.load("s.yaml").unwrap_err()), @r"
    error: `type` must be `Fifo`, `Hold`, `Deadline`, `LiquidityAware`, `LiquiditySplitting`, `MockSplitting`, `MockStaggerSplit`, `FromJson`, `Inline`, `InlineJson` or `Library`, found `Deadlin`
     --> banks.csv:2:5
      |
    2 | A,1,Deadlin
      |     ^^^^^^^
      |
      = hint: did you mean `Deadline`?

    error: `name` must be a policy of the library, found `liquidity_awar`
     --> banks.csv:3:5
      |
    3 | B,1,liquidity_awar
      |     ^^^^^^^^^^^^^^
      |
      = hint: did you mean `liquidity_aware`?

    error: `FromJson` lacks `json_path` or `json`
     --> banks.csv:4:5
      |
    4 | C,1,FromJson
      |     ^^^^^^^^

    3 errors
    ");
}

#[test]
fn events_and_instructions_give_policies() {
    let rest = "\
scenario_events:
  - {type: PolicyChange, agent: A, policy: {type: FromJson, json_path: p.json, params: {wait: 2}}, schedule: OneTime, tick: 3}
instructions:
  - {type: UpdateAgentPolicy, tick: 4, agent: B, policy: {type: Library, name: hold}}
";
    let text = with_agent("params: {}", rest);
    let folder = Folder::new().with("s.yaml", text).with("p.json", DOCUMENT);
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let ScenarioEvent::PolicyChange { policy, .. } = &scenario.events[0].event else {
        panic!("a change of policy");
    };
    assert_eq!(parameters(policy), [("wait", 2.0), ("share", 0.5)]);
    let Instruction::UpdateAgentPolicy { policy, .. } = &scenario.instructions[0].instruction
    else {
        panic!("a change of policy");
    };
    assert_eq!(*policy, Policy::hold());
}

#[test]
fn the_command_line_gives_policies() {
    let folder = Folder::new()
        .with("s.yaml", with_agent("policy: {type: LiquidityAware}", "policy: {type: Hold}\n"))
        .with("p.json", DOCUMENT);
    let file = folder.path("p.json").display().to_string();
    let with = |policies: &[&str]| {
        let policies = policies.iter().map(|&policy| policy.to_owned()).collect();
        let overrides = Overrides { policies, ..Overrides::default() };
        let scenario = load(&folder.path("s.yaml"), &overrides).unwrap().scenario;
        scenario.agents.iter().map(|agent| agent.policy.id().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(with(&[]), ["liquidity_aware", "hold", "hold"]);
    assert_eq!(with(&["A=deadline"]), ["deadline", "hold", "hold"]);
    assert_eq!(with(&[&format!("B={file}")]), ["liquidity_aware", "patient", "hold"]);
    assert_eq!(with(&["B=fifo", "*=deadline", "B=hold"]), ["deadline", "hold", "deadline"]);
    assert_eq!(with(&["*=fifo", "*=deadline"]), ["deadline", "deadline", "deadline"]);
}

#[test]
fn parameters_of_an_agent_reach_policies_of_the_command_line() {
    let text = with_agent("params: {urgency_threshold: 9}, policy: {type: LiquidityAware}", "");
    let folder = Folder::new().with("s.yaml", text);
    let run = |policy: &str| {
        let overrides = Overrides { policies: vec![policy.to_owned()], ..Overrides::default() };
        let loaded = load(&folder.path("s.yaml"), &overrides).unwrap();
        let said: Vec<String> = loaded.warnings.iter().map(|it| it.message.clone()).collect();
        (loaded.scenario.agents[0].policy.clone(), said)
    };
    let (policy, said) = run("A=deadline");
    assert_eq!((parameters(&policy), said.len()), (vec![("urgency_threshold", 9.0)], 0));
    let (policy, said) = run("*=fifo");
    assert_eq!(policy, Policy::fifo());
    assert_eq!(said, ["`fifo` has no parameters: left out"]);
}

#[test]
fn what_is_set_and_has_no_effect_under_another_policy_is_told() {
    let folder = Folder::new().with("s.yaml", with_policy("type: Deadline"));
    let told = |set: &str, policy: &str, caller: Caller| {
        let (set, policies) = (vec![set.to_owned()], vec![policy.to_owned()]);
        let overrides = Overrides { set, policies, caller, ..Overrides::default() };
        match load(&folder.path("s.yaml"), &overrides) {
            Ok(loaded) => loaded.warnings.to_string(),
            Err(faults) => faults.to_string(),
        }
    };
    let params = "agents.A.params.urgncy_threshold=1";
    insta::assert_snapshot!(told(params, "A=deadline", Caller::CommandLine), @r"
    error: `deadline` has no parameter `urgncy_threshold`
     --> --set:1:17
      |
    1 | agents.A.params.urgncy_threshold=1
      |                 ^^^^^^^^^^^^^^^^
      |
      = hint: did you mean `urgency_threshold`?

    1 error
    ");
    insta::assert_snapshot!(told(params, "A=deadline", Caller::Program), @r"
    warning: `deadline` has no parameter `urgncy_threshold`: left out
     --> overrides:1:17
      |
    1 | agents.A.params.urgncy_threshold=1
      |                 ^^^^^^^^^^^^^^^^
      |
      = hint: did you mean `urgency_threshold`?

    1 warning
    ");
    let replaced = "agents.A.policy.urgency_threshold=8";
    insta::assert_snapshot!(told(replaced, "*=deadline", Caller::CommandLine), @r"
    warning: this has no effect: `--policy` gives `A` another policy
     --> --set:1:10
      |
    1 | agents.A.policy.urgency_threshold=8
      |          ^^^^^^
      |
      = hint: parameters of that one are set as `agents.A.params.NAME=NUMBER`

    1 warning
    ");
    insta::assert_snapshot!(told(replaced, "A=fifo", Caller::Program), @r"
    warning: this has no effect: `policies` gives `A` another policy
     --> overrides:1:10
      |
    1 | agents.A.policy.urgency_threshold=8
      |          ^^^^^^
      |
      = hint: parameters of that one are set as `agents.A.params.NAME=NUMBER`

    1 warning
    ");
    assert_eq!(told(replaced, "B=fifo", Caller::CommandLine), "");
    let usual = told("policy={type: Hold}", "*=fifo", Caller::CommandLine);
    assert!(usual.contains("this has no effect: `--policy` gives all agents another"), "{usual}");
    assert_eq!(told("policy={type: Hold}", "A=fifo", Caller::CommandLine), "");
}

/// What a run was stored with was accepted, and is read once more with a warning only.
#[test]
fn a_kept_text_is_as_lenient_as_when_it_was_kept() {
    let overrides = Overrides {
        set: vec!["agents.A.params.xyz=1".to_owned()],
        policies: vec!["A=deadline".to_owned()],
        ..Overrides::default()
    };
    let text = with_agent("unsecured_cap: 0", "");
    let loaded = crate::load_text("s.yaml", &text, &overrides, std::path::Path::new("")).unwrap();
    assert_eq!(loaded.warnings.warnings(), 1);
}

#[test]
fn settings_reach_policies() {
    let text = with_policy("type: Deadline, urgency_threshold: 2");
    let folder = Folder::new().with("s.yaml", text).with("p.json", DOCUMENT);
    let policy = |set: &[&str]| {
        load_at(&folder.path("s.yaml"), set).unwrap().scenario.agents[0].policy.clone()
    };
    let set = ["agents.A.policy.urgency_threshold=8"];
    assert_eq!(parameters(&policy(&set)), [("urgency_threshold", 8.0)]);
    let set = ["agents.A.policy={type: FromJson, json_path: p.json}", "agents.A.params.wait=1"];
    assert_eq!(parameters(&policy(&set)), [("wait", 1.0), ("share", 0.5)]);
}

/// Overrides take what the key takes, and tell faults of it at their place.
#[test]
fn overrides_give_policies_in_the_words_of_a_scenario_too() {
    let folder = Folder::new().with("s.yaml", with_agent("", "")).with("p.json", DOCUMENT);
    let load = |policy: &str| {
        let policies = vec![format!("A={policy}")];
        load(&folder.path("s.yaml"), &Overrides { policies, ..Overrides::default() })
    };
    let inline = format!(r#"{{"type": "Inline", "decision_trees": {}}}"#, on_one_line());
    for (given, id, parameter) in [
        (r#"{"type": "Hold"}"#, "hold", None),
        ("{type: Deadline, urgency_threshold: 2}", "deadline", Some(("urgency_threshold", 2.0))),
        (
            r#"{"type": "Library", "name": "deadline", "params": {"urgency_threshold": 3}}"#,
            "deadline",
            Some(("urgency_threshold", 3.0)),
        ),
        (r#"{"type": "FromJson", "json_path": "p.json"}"#, "patient", Some(("wait", 3.0))),
        (&inline, "patient", Some(("wait", 3.0))),
        (&on_one_line(), "patient", Some(("wait", 3.0))),
    ] {
        let loaded = load(given).unwrap_or_else(|faults| panic!("{}", folder.shown(&faults)));
        let policy = &loaded.scenario.agents[0].policy;
        assert_eq!(policy.id(), id, "{given}");
        if let Some(parameter) = parameter {
            assert!(parameters(policy).contains(&parameter), "{given}: {policy:?}");
        }
        assert_eq!(loaded.scenario.agents[1].policy, Policy::fifo());
    }
    for (given, message) in [
        ("{type: Libary, name: fifo}", "--policy:1:10"),
        ("{type: Library, name: fifi}", "--policy:1:25"),
        ("{type: Library}", "`Library` lacks `name`"),
        ("{type: Hold, name: x}", "unknown key `name`"),
        ("{type: Hold, type: Fifo}", "`type`"),
        ("{type: [Hold]}", "`type` must be a word"),
        ("{type: Hold", "--policy:1"),
    ] {
        let faults = load(given).expect_err(given).to_string();
        assert!(faults.contains(message), "{given}: {faults}");
    }
}
