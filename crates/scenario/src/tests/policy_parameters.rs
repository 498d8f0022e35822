//! Numbers in place of those that a document declares.

use super::policies::{DOCUMENT, with_agent};
use super::{Folder, messages, refused};

/// Loads a scenario whose first agent has `keys`, beside the file `p.json`.
fn shown(keys: &str) -> String {
    let folder = Folder::new().with("s.yaml", with_agent(keys, "")).with("p.json", DOCUMENT);
    match folder.load("s.yaml") {
        Ok(loaded) => format!("{:?}", loaded.scenario.agents[0].policy.document().parameters),
        Err(faults) => folder.shown(&faults),
    }
}

#[test]
fn the_last_to_speak_wins() {
    let policy = "policy: {type: FromJson, json_path: p.json, params: {wait: 2, share: 0.25}}";
    assert_eq!(shown(policy), r#"[("wait", 2.0), ("share", 0.25)]"#);
    let both = format!("{policy}, params: {{wait: 1e3}}");
    assert_eq!(shown(&both), r#"[("wait", 1000.0), ("share", 0.25)]"#);
}

#[test]
fn unknown_parameters_are_refused() {
    insta::assert_snapshot!(
        shown("policy: {type: FromJson, json_path: p.json, params: {wiat: 2, other: 1}}"), @r"
    error: `patient` has no parameter `wiat`
     --> s.yaml:3:88
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: FromJson, json_path: p.json, params: {wiat: 2, other: 1}}}
      |                                                                                        ^^^^
      |
      = hint: did you mean `wait`?

    error: `patient` has no parameter `other`
     --> s.yaml:3:97
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: FromJson, json_path: p.json, params: {wiat: 2, other: 1}}}
      |                                                                                                 ^^^^^
      |
      = hint: it has `wait`, `share`

    2 errors
    ");
    insta::assert_snapshot!(shown("params: {wait: 1}"), @r"
    error: `fifo` has no parameters
     --> s.yaml:3:44
      |
    3 |   - {id: A, opening_balance: 100, params: {wait: 1}}
      |                                            ^^^^

    1 error
    ");
}

#[test]
fn parameters_are_finite_numbers() {
    for (value, expected) in [
        (".nan", "`share` must be a number, found `.nan`"),
        (".inf", "`share` must be a number, found `.inf`"),
        ("NaN", "`share` must be a number, found `NaN`"),
        ("1e999", "`share` is too large: `1e999`"),
        ("-1e999", "`share` is too large: `-1e999`"),
        ("'5'", "`share` must be a number, found the text `\"5\"`"),
        ("true", "`share` must be a number, found `true`"),
        ("", "`share` must be a number, found nothing"),
        ("[1]", "`share` must be a number, found a list"),
    ] {
        for keys in [
            format!("policy: {{type: FromJson, json_path: p.json, params: {{share: {value}}}}}"),
            format!("policy: {{type: FromJson, json_path: p.json}}, params: {{share: {value}}}"),
        ] {
            let folder =
                Folder::new().with("s.yaml", with_agent(&keys, "")).with("p.json", DOCUMENT);
            let faults = folder.load("s.yaml").unwrap_err();
            let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
            assert_eq!(said, [expected], "{keys}");
        }
    }
}

#[test]
fn a_document_is_checked_anew_with_its_parameters() {
    insta::assert_snapshot!(
        shown("policy: {type: FromJson, json_path: p.json, params: {share: 7, wait: 0}}"), @r#"
    error: `wait` cannot be 0: division by zero
      --> s.yaml:3:104
       |
     3 |   - {id: A, opening_balance: 100, policy: {type: FromJson, json_path: p.json, params: {share: 7, wait: 0}}}
       |                                                                                                        ^
       |
      ::: p.json:11:17
       |
    11 |       "right": {"compute": {"op": "/", "left": {"value": 6}, "right": {"param": "wait"}}}
       |                 ------------------------------------------------------------------------ used here
       |
       = hint: `div0` takes a default for that

    1 error
    "#);
    insta::assert_snapshot!(
        refused(&with_agent("policy: {type: MockStaggerSplit, stagger_first_now: 4}", "")), @r"
    error: `stagger_first_now` cannot be 4: more parts than `num_splits` makes
     --> s.yaml:3:87
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: MockStaggerSplit, stagger_first_now: 4}}
      |                                                                                       ^

    1 error
    ");
    let document = DOCUMENT.replace("share", "initial_liquidity_fraction");
    let folder = Folder::new()
        .with(
            "s.yaml",
            with_agent(
                "policy: {type: FromJson, json_path: p.json}, \
                 params: {initial_liquidity_fraction: 1.5}",
                "",
            ),
        )
        .with("p.json", document);
    insta::assert_snapshot!(folder.shown(&folder.load("s.yaml").unwrap_err()), @r"
    error: `initial_liquidity_fraction`: a share lies between 0 and 1
     --> s.yaml:3:117
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: FromJson, json_path: p.json}, params: {initial_liquidity_fraction: 1.5}}
      |                                                                                                                     ^^^

    1 error
    ");
}

#[test]
fn the_same_wrong_parameters_are_told_wherever_they_stand() {
    let agent = "policy: {type: MockSplitting}, params: {num_splits: 1}";
    let said = messages(&with_agent(agent, "policy: {type: MockSplitting, num_splits: 1}\n"));
    assert_eq!(said.len(), 2, "{said:?}");
    let rest = "policy: {type: MockSplitting, params: {num_splits: 1}}\n";
    let said = messages(&with_agent("params: {num_splits: 3}", rest));
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn a_parameter_is_given_once() {
    let keys = "policy: {type: Deadline, urgency_threshold: 3, params: {urgency_threshold: 4}}";
    insta::assert_snapshot!(shown(keys), @r"
    error: `urgency_threshold` is given as a key too
     --> s.yaml:3:91
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: Deadline, urgency_threshold: 3, params: {urgency_threshold: 4}}}
      |                                                                                           ^^^^^^^^^^^^^^^^^
      |
     ::: s.yaml:3:60
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: Deadline, urgency_threshold: 3, params: {urgency_threshold: 4}}}
      |                                                            ----------------- given here

    1 error
    ");
    for (keys, expected) in [
        ("policy: {type: Fifo, params: {x: 1}}", "unknown key `params`: nothing more belongs here"),
        ("policy: {type: Deadline, target_buffer: 1}", "unknown key `target_buffer` in `Deadline`"),
        (
            "policy: {type: Library, name: fifo, predecessor: true}",
            "unknown key `predecessor` in `Library`",
        ),
        ("policy: {type: MockSplitting, num_splits: 11}", "`num_splits` is above 10: `11`"),
        ("policy: {type: LiquiditySplitting, max_splits: 1}", "`max_splits` is below 2: `1`"),
        ("policy: {type: LiquidityAware, target_buffer: -1}", "`target_buffer` is below 0: `-1`"),
    ] {
        assert_eq!(messages(&with_agent(keys, "")), [expected], "{keys}");
    }
}

/// Whoever names a policy in some other way than it is to be named is told how.
#[test]
fn how_a_policy_is_named_is_told() {
    for (policy, hint) in [
        ("{type: deadline_driven_trader}", "write `{type: Library, name: deadline_driven_trader}`"),
        ("deadline", "write `{type: Library, name: deadline}`"),
        ("Deadline", "write `{type: Deadline}`"),
        ("{type: Deadlin}", "did you mean `Deadline`?"),
        (
            "{type: Library, name: deadline, patience: 3}",
            "parameters of the document stand under `params`",
        ),
    ] {
        let text = with_agent(&format!("policy: {policy}"), "");
        let faults = Folder::new().with("s.yaml", text).load("s.yaml").unwrap_err();
        let hints: Vec<Option<&str>> = faults.iter().map(|it| it.hint.as_deref()).collect();
        assert_eq!(hints, [Some(hint)], "{policy}");
    }
}
