//! Broken documents and what is said about them, each fault where it stands.

use super::policies::{DOCUMENT, with_agent, with_policy};
use super::{Folder, messages, refused};

const BROKEN: &str = r#"{
  "version": 1,
  "policy_id": "broken",
  "payment_tre": null,
  "payment_tree": {
    "type": "condition", "node_id": "a",
    "condition": {"op": "<", "left": {"field": "balnce"}, "right": {"value": 1, "value": 2}},
    "on_true": {"type": "action", "node_id": "b", "actions": [{"action": "Relase"}]},
    "on_false": {"type": "action", "action": "Hold"}
  }
}
"#;

fn from_file(document: &str, keys: &str) -> String {
    let policy = format!("type: FromJson, json_path: p.json{keys}");
    let folder = Folder::new().with("s.yaml", with_policy(&policy)).with("p.json", document);
    match folder.load("s.yaml") {
        Ok(loaded) => {
            format!("{}{}", folder.shown(&loaded.warnings), loaded.scenario.agents[0].policy.text())
        }
        Err(faults) => folder.shown(&faults),
    }
}

#[test]
fn faults_of_a_file_have_line_and_column() {
    insta::assert_snapshot!(from_file(BROKEN, ""), @r#"
    error: a text is needed here, not a number
     --> p.json:2:3
      |
    2 |   "version": 1,
      |   ^^^^^^^^^^^^

    error: unknown key "payment_tre"
     --> p.json:4:3
      |
    4 |   "payment_tre": null,
      |   ^^^^^^^^^^^^^^^^^^^
      |
      = hint: did you mean `payment_tree`?

    error: unknown field "balnce"
     --> p.json:7:39
      |
    7 |     "condition": {"op": "<", "left": {"field": "balnce"}, "right": {"value": 1, "value": 2}},
      |                                       ^^^^^^^^^^^^^^^^^
      |
      = hint: did you mean `balance`?

    error: this key stands here twice
     --> p.json:7:81
      |
    7 |     "condition": {"op": "<", "left": {"field": "balnce"}, "right": {"value": 1, "value": 2}},
      |                                                                                 ^^^^^^^
      |
     ::: p.json:7:69
      |
    7 |     "condition": {"op": "<", "left": {"field": "balnce"}, "right": {"value": 1, "value": 2}},
      |                                                                     ------- first given here

    error: unknown action "Relase"
     --> p.json:8:64
      |
    8 |     "on_true": {"type": "action", "node_id": "b", "actions": [{"action": "Relase"}]},
      |                                                                ^^^^^^^^^^^^^^^^^^
      |
      = hint: did you mean `Release`?

    error: `node_id` is missing
     --> p.json:9:5
      |
    9 |     "on_false": {"type": "action", "action": "Hold"}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    note: with `predecessor: true`, what the predecessor took no notice of, such as unknown keys, is a warning only

    6 errors
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a snapshot")]
fn faults_of_an_inline_document_stand_in_the_scenario() {
    let text = "\
simulation: {ticks_per_day: 10, num_days: 2}
agents:
  - id: A
    opening_balance: 1
    policy:
      type: Inline
      decision_trees:
        version: 1.0
        policy_id: broken
        payment_tree:
          type: condition
          node_id: a
          condition: {op: \"<\", left: {field: balnce}, right: {value: 1}}
          on_true: {type: action, node_id: b, action: Relase}
          on_false: {type: action, node_id: b, action: Hold, action: Drop}
";
    insta::assert_snapshot!(refused(text), @r#"
    error: a text is needed here, not a number
     --> s.yaml:8:9
      |
    8 |         version: 1.0
      |         ^^^^^^^^^^^^
      |
      = hint: quote it: "1.0"

    error: unknown field "balnce"
      --> s.yaml:13:39
       |
    13 |           condition: {op: "<", left: {field: balnce}, right: {value: 1}}
       |                                       ^^^^^^^^^^^^^
       |
       = hint: did you mean `balance`?

    error: unknown action "Relase"
      --> s.yaml:14:47
       |
    14 |           on_true: {type: action, node_id: b, action: Relase}
       |                                               ^^^^^^^^^^^^^^
       |
       = hint: did you mean `Release`?

    error: node id "b" is used twice, first at payment_tree.on_true.node_id
      --> s.yaml:15:36
       |
    15 |           on_false: {type: action, node_id: b, action: Hold, action: Drop}
       |                                    ^^^^^^^^^^

    error: duplicate key `action`
      --> s.yaml:15:62
       |
    15 |           on_false: {type: action, node_id: b, action: Hold, action: Drop}
       |                                                              ^^^^^^
       |
      ::: s.yaml:15:48
       |
    15 |           on_false: {type: action, node_id: b, action: Hold, action: Drop}
       |                                                ------ first given here

    5 errors
    "#);
    let without = "policy: {type: Inline, decision_trees: {payment_tree: 5}}";
    insta::assert_snapshot!(refused(&with_agent(without, "")), @r"
    error: `version` is missing
     --> s.yaml:3:74
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: Inline, decision_trees: {payment_tree: 5}}}
      |                                                                          ^^^^^^^^^^^^^^^^^

    error: `policy_id` is missing
     --> s.yaml:3:74
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: Inline, decision_trees: {payment_tree: 5}}}
      |                                                                          ^^^^^^^^^^^^^^^^^

    error: a node is an object, not a number
     --> s.yaml:3:75
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: Inline, decision_trees: {payment_tree: 5}}}
      |                                                                           ^^^^^^^^^^^^^^^

    3 errors
    ");
}

#[test]
fn faults_of_a_text_name_the_path() {
    for (text, expected) in [
        ("''", "line 1, column 0: this is not JSON: EOF while parsing a value"),
        ("'[1, 2'", "line 1, column 5: this is not JSON: EOF while parsing a list"),
        ("'[1, 2]'", "a policy is an object, not a list"),
        (
            r#"'{"version": "1", "policy_id": "x", "bank_tree": {"type": "action", "node_id": "n", "actions": [{"action": "Release"}]}}'"#,
            "bank_tree.actions[0].action: `Release` is no action of `bank_tree`",
        ),
    ] {
        for policy in [
            format!("type: InlineJson, json_string: {text}"),
            format!("type: FromJson, json: {text}"),
        ] {
            assert_eq!(messages(&with_policy(&policy)), [expected], "{policy}");
        }
    }
}

#[test]
fn a_path_is_clipped_and_printable() {
    let open = r#"{"type": "condition", "node_id": "x\u001b", "on_true": "#.repeat(60);
    let text = format!(
        "'{{\"version\": \"\", \"policy_id\": \"\", \"payment_tree\": {open}5{}'",
        "}".repeat(61)
    );
    let said = messages(&with_policy(&format!("type: InlineJson, json_string: {text}")));
    assert!(said.iter().all(|message| message.len() < 500 && !message.contains('\u{1b}')));
    assert!(said.iter().any(|message| message.starts_with("...")), "{said:?}");
}

#[test]
fn what_the_predecessor_passed_over_is_a_warning_if_asked() {
    let document = DOCUMENT.replace("\"version\"", "\"author\": \"me\",\n  \"version\"");
    insta::assert_snapshot!(from_file(&document, ""), @r#"
    error: unknown key "author"
     --> p.json:2:3
      |
    2 |   "author": "me",
      |   ^^^^^^^^^^^^^^
      |
      = hint: known here: `version`, `policy_id`, `parameters`, `payment_tree`, `bank_tree`, `strategic_collateral_tree`, `end_of_tick_collateral_tree`, `description`

    note: with `predecessor: true`, what the predecessor took no notice of, such as unknown keys, is a warning only

    1 error
    "#);
    let read = from_file(&document, ", predecessor: true");
    insta::assert_snapshot!(read.lines().take(9).collect::<Vec<_>>().join("\n"), @r#"
    warning: unknown key "author"
     --> p.json:2:3
      |
    2 |   "author": "me",
      |   ^^^^^^^^^^^^^^
      |
      = hint: known here: `version`, `policy_id`, `parameters`, `payment_tree`, `bank_tree`, `strategic_collateral_tree`, `end_of_tick_collateral_tree`, `description`

    1 warning
    "#);
    // Real faults stay faults.
    insta::assert_snapshot!(
        from_file(&document.replace("wait\"}}", "weight\"}}"), ", predecessor: true"), @r#"
    warning: unknown key "author"
     --> p.json:2:3
      |
    2 |   "author": "me",
      |   ^^^^^^^^^^^^^^
      |
      = hint: known here: `version`, `policy_id`, `parameters`, `payment_tree`, `bank_tree`, `strategic_collateral_tree`, `end_of_tick_collateral_tree`, `description`

    error: unknown parameter "weight"
      --> p.json:12:72
       |
    12 |       "right": {"compute": {"op": "/", "left": {"value": 6}, "right": {"param": "weight"}}}
       |                                                                        ^^^^^^^^^^^^^^^^^
       |
       = hint: declare it under `parameters`

    1 error, 1 warning
    "#);
}

#[test]
fn a_file_is_told_about_once_and_a_text_wherever_it_stands() {
    let rest = "policy: {type: FromJson, json_path: p.json}\n";
    let agent = "policy: {type: FromJson, json_path: p.json}";
    let folder = Folder::new().with("s.yaml", with_agent(agent, rest)).with("p.json", "{}");
    assert_eq!(folder.load("s.yaml").unwrap_err().len(), 2); // `version` and `policy_id`
    let rest = "policy: {type: InlineJson, json_string: '{}'}\n";
    let agent = "policy: {type: InlineJson, json_string: '{}'}";
    assert_eq!(messages(&with_agent(agent, rest)).len(), 4);
}

#[test]
fn unknown_policies_are_refused_with_the_name_that_was_meant() {
    insta::assert_snapshot!(refused(&with_policy("type: Library, name: deadlin")), @r"
    error: `name` must be a policy of the library, found `deadlin`
     --> s.yaml:3:65
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: Library, name: deadlin}}
      |                                                                 ^^^^^^^
      |
      = hint: did you mean `deadline`?

    1 error
    ");
    assert!(refused(&with_policy("type: Library, name: x")).contains("the library has"));
    insta::assert_snapshot!(refused(&with_policy("type: Deadlin")), @r"
    error: `type` must be `Fifo`, `Hold`, `Deadline`, `LiquidityAware`, `LiquiditySplitting`, `MockSplitting`, `MockStaggerSplit`, `FromJson`, `Inline`, `InlineJson` or `Library`, found `Deadlin`
     --> s.yaml:3:50
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: Deadlin}}
      |                                                  ^^^^^^^
      |
      = hint: did you mean `Deadline`?

    1 error
    ");
    for (policy, expected) in [
        ("type: FromJson", "`FromJson` lacks `json_path` or `json`"),
        ("type: FromJson, json_path: a, json: b", "`json` and `json_path` exclude each other"),
        ("type: Inline", "`Inline` lacks `decision_trees`"),
        ("type: InlineJson", "`InlineJson` lacks `json_string`"),
        ("type: InlineJson, json_string: {}", "`json_string` must be a text, found a map"),
        ("type: Library", "`Library` lacks `name`"),
        ("type: Inline, decision_trees: 5", "a policy is an object, not a number"),
        ("type: Inline, decision_trees:", "a policy is an object, not null"),
    ] {
        assert_eq!(messages(&with_policy(policy)), [expected], "{policy}");
    }
}

#[test]
fn focus_lists_name_agents_of_the_scenario() {
    let document = r#"{
  "version": "1",
  "policy_id": "focused",
  "bank_tree": {"type": "action", "node_id": "n", "actions": [
    {"action": "SetReleaseBudget", "parameters": {
      "max_value_to_release": {"value": 5},
      "focus_counterparties": {"value": ["B", "BANK_C"]}}}]}
}"#;
    insta::assert_snapshot!(from_file(document, ""), @r#"
    error: unknown agent `BANK_C`
     --> p.json:7:47
      |
    7 |       "focus_counterparties": {"value": ["B", "BANK_C"]}}}]}
      |                                               ^^^^^^^^
      |
      = hint: the agents are `A`, `B`, `C`

    1 error
    "#);
    let sound = document.replace("BANK_C", "C");
    assert!(from_file(&sound, "").starts_with('{'));
    let line: String = document.lines().map(str::trim).collect();
    let policy = format!("type: InlineJson, json_string: '{line}'");
    let said = messages(&with_policy(&policy));
    let path = "bank_tree.parameters.focus_counterparties.value[1]";
    assert_eq!(said, [format!("{path}: unknown agent `BANK_C`")]);
}

#[test]
fn the_command_line_is_told_what_was_meant() {
    let folder = Folder::new().with("s.yaml", with_agent("unsecured_cap: 0", ""));
    let folder = folder.with("own.json", "{}");
    let own = folder.path("own.json").display().to_string();
    let stem = own.trim_end_matches(".json");
    for (policy, place, message, hint) in [
        ("A", "--policy:1:1", "expected `AGENT=FILE` or `AGENT=NAME`", "such as"),
        ("A=", "--policy:1:1", "no policy after `=`", ""),
        (
            "A=deadlin",
            "--policy:1:3",
            "`deadlin` is neither a policy of the library nor a file",
            "did you mean `deadline`?",
        ),
        (
            "A=zzz",
            "--policy:1:3",
            "`zzz` is neither a policy of the library nor a file",
            "the library has",
        ),
        ("A=no/such", "--policy:1:3", "`no/such`: no such file", ""),
        ("A=deadline.json", "--policy:1:3", "`deadline.json`: no such file", "the library has"),
        (
            "A=fifo,B=wait.json",
            "--policy:1:1",
            "one `--policy` is for one agent",
            "write `--policy A=fifo --policy B=wait.json`",
        ),
        (
            "A=own",
            "--policy:1:3",
            "`own` is neither a policy of the library nor a file",
            &format!("there is `{own}`"),
        ),
        (
            "A=own.json",
            "--policy:1:3",
            "`own.json` is neither a policy of the library nor a file",
            &format!("there is `{own}`"),
        ),
        (
            &format!("A={stem}"),
            "--policy:1:3",
            &format!("`{stem}` is neither a policy of the library nor a file"),
            &format!("there is `{own}`"),
        ),
        (
            "A,B=fifo",
            "--policy:1:1",
            "unknown agent `A,B`",
            "write `--policy A=fifo --policy B=fifo`",
        ),
        ("AA=deadline", "--policy:1:1", "unknown agent `AA`", ""),
        ("=deadline", "--policy:1:1", "unknown agent ``", ""),
        ("*=src", "--policy:1:3", "`src`: is a directory, not a file", ""),
    ] {
        let overrides =
            crate::Overrides { policies: vec![policy.to_owned()], ..Default::default() };
        let faults = crate::load(&folder.path("s.yaml"), &overrides).expect_err(policy);
        let first = faults.iter().next().unwrap();
        let at = first.place.as_ref().unwrap().to_string();
        assert_eq!((at.as_str(), first.message.as_str()), (place, message), "{policy}");
        assert!(first.hint.as_deref().unwrap_or("").starts_with(hint), "{first:?}");
        assert_eq!(faults.len(), 1, "{faults}");
    }
}
