//! What is found wrong.

use super::*;
use crate::document::Node;

fn faults(text: &str, predecessor: bool) -> Vec<Fault> {
    match (Reading { predecessor }).text(text) {
        Ok((_, warnings)) => warnings,
        Err(Faults(faults)) => faults,
    }
}

/// Returns a document with more keys at its root.
fn with_keys(keys: impl Iterator<Item = String>) -> String {
    let keys: Vec<String> = keys.map(|key| format!(", \"{key}\": 1")).collect();
    format!("{{\"version\": \"1\", \"policy_id\": \"p\"{}}}", keys.concat())
}

#[test]
fn of_very_many_faults_the_first_are_kept_and_all_counted() {
    const MANY: usize = 300_000;
    let different = with_keys((0..MANY).map(|number| format!("k{number}")));
    let same = with_keys((0..=MANY).map(|_| "k".to_owned()));
    for (text, total) in [(&different, MANY), (&same, MANY + 1)] {
        let faults = faults(text, false);
        assert_eq!(faults.len(), 1_001);
        assert_eq!(faults.iter().map(|fault| fault.stands_for).sum::<usize>(), total);
        let left_out = format!("{} more faults in this document", total - 1_000);
        assert_eq!(faults.last().map(ToString::to_string), Some(left_out));
    }
    // A key that stands twice was noticed by the predecessor, an unknown one was not.
    let reading = Reading { predecessor: true };
    let (_, warnings) = reading.text(&different).expect("warnings only");
    assert!(warnings.iter().all(|warning| warning.was_ignored), "{:?}", warnings.last());
    assert!(!reading.text(&same).expect_err("a fault").0.iter().all(|fault| fault.was_ignored));
}

#[test]
fn nothing_is_compared_with_a_name_that_nobody_types() {
    let field = "balance".repeat(500_000);
    let text = crate::samples::URGENT.replace("ticks_to_deadline", &field);
    let found = faults(&text, false);
    let hints: Vec<_> = found.iter().map(|fault| fault.hint.as_deref()).collect();
    assert_eq!(hints, [Some("`payment-sim schema policy --format markdown` lists all fields")]);
}

/// Returns what is told of URGENT with one piece exchanged, each with its hint.
fn told(from: &str, to: &str, predecessor: bool) -> Vec<String> {
    assert_eq!(crate::samples::URGENT.matches(from).count(), 1, "{from}");
    let text = crate::samples::URGENT.replace(from, to);
    faults(&text, predecessor).iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_given_bare_is_shown_as_it_is_written() {
    let (left, right) = (r#"{"field": "ticks_to_deadline"}"#, r#"{"param": "urgency_threshold"}"#);
    for (from, to, hint) in [
        (left, r#""ticks_to_deadline""#, r#"write {"field": "ticks_to_deadline"}"#),
        (left, r#""bank_state_x""#, r#"write {"field": "bank_state_x"}"#),
        (left, r#""due""#, r#"write {"field": "…"} or {"param": "…"}"#),
        (right, "5", r#"write {"value": 5}"#),
        (right, "true", r#"write {"value": true}"#),
        (
            right,
            r#"{"field": "urgency_threshold"}"#,
            r#"it is a parameter: write {"param": "urgency_threshold"}"#,
        ),
        (r#"{"value": "NearDeadline"}"#, r#""NearDeadline""#, r#"write {"value": "NearDeadline"}"#),
    ] {
        let told = told(from, to, false);
        assert!(told.iter().any(|fault| fault.contains(hint)), "{to}: {told:?}");
    }
}

#[test]
fn a_terminal_is_told_nothing_by_a_version() {
    let told = told("\"1.0\"", "\"1\\u001b[2J\\n\"", false);
    assert_eq!(told, ["version: a version has no control characters"]);
}

#[test]
fn numbers_that_no_float_holds_are_told_with_all_other_faults() {
    let beyond = "a number is finite: at most 1.8e308 in size";
    let value = "{\"param\": \"urgency_threshold\"}";
    for number in ["1e400", "-1e999", "1E+4000", &"9".repeat(400)] {
        let told = told(value, &format!("{{\"value\":\n  {number}, \"x\": 1}}"), false);
        let expected = [
            format!("line 8, column 3: {beyond}"),
            "payment_tree.condition.right.x: unknown key \"x\"; known here: `field`, `param`, \
             `value`, `compute`, `description`"
                .to_owned(),
        ];
        assert_eq!(told, expected);
    }
    let both = crate::samples::URGENT.replace(": 5}", ": 1e400, \"b\": 2e400}");
    let positions =
        |text: &str| faults(text, false).iter().map(|it| it.position).collect::<Vec<_>>();
    assert_eq!(positions(&both), [Some((3, 39)), Some((3, 51))]);
    let many = format!("[{}", "1e400, ".repeat(1_000));
    assert_eq!(positions(&many).len(), 20);
    assert_eq!(told(value, "{\"value\": NaN}", false).len(), 1);
}

#[test]
fn a_faulty_parameter_is_told_once() {
    let told = told("\"urgency_threshold\": 5", "\"urgency_threshold\": \"5\"", false);
    assert_eq!(told, ["parameters.urgency_threshold: a parameter is a number, not a text"]);
}

#[test]
fn what_the_predecessor_took_is_read_as_it_did() {
    let release = r#""action": "Release"}"#;
    let with = |parameter: &str| format!(r#""action": "Release", "parameters": {{{parameter}}}}}"#);
    let bank = r#""bank_tree": {"type": "action", "node_id": "wait", "action": "NoAction"}, "#;
    let post = r#""strategic_collateral_tree": {"type": "action", "node_id": "post",
        "action": "PostCollateral", "parameters": {"amount": {"value": 1},
        "auto_withdraw_after_ticks": {"value": 0}}}, "#;
    let tree = r#""payment_tree""#;
    for (from, to, read, told_so) in [
        (tree, format!("{bank}{tree}"), r#""node_id": "wait (2)""#, "is used twice"),
        (tree, format!("{post}{tree}"), r#""amount": {"value": 1}"#, "set no timer then"),
        (
            release,
            with(r#""priority_flag": {"value": 7}"#),
            release,
            "a literal text is needed here",
        ),
        (
            release,
            with(r#""priority_flag": {"field": "x"}"#),
            release,
            "a literal text is needed here",
        ),
        (release, with(r#""timed_for_tick": {"value": -5}"#), r#""value": 0"#, "that was tick 0"),
        (
            r#"{"field": "ticks_to_deadline"}"#,
            r#"{"value": 1, "field": "balance"}"#.to_owned(),
            r#"{"field": "balance"}"#,
            "the predecessor took `field`",
        ),
        (
            release,
            with(r#""timed_for_tick": {"value": 1, "field": "balance"}"#),
            r#""timed_for_tick": {"value": 1}"#,
            "the predecessor took `value`",
        ),
    ] {
        let text = crate::samples::URGENT.replace(from, &to);
        let strict = faults(&text, false);
        assert!(strict.len() == 1 && strict[0].was_ignored, "{strict:?}");
        let (document, warnings) = Reading { predecessor: true }.text(&text).expect("warnings");
        assert!(warnings[0].to_string().contains(told_so), "{warnings:?}");
        let written = document.to_json().to_string();
        let plain = written.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(read.trim_end_matches('}')), "{read} in {plain}");
        assert!(!plain.contains("auto_withdraw") && !plain.contains("priority_flag"), "{plain}");
        assert_eq!(crate::read(&written).ok(), Some(document));
    }
    let collateral = r#""strategic_collateral_tree": {"type": "action", "node_id": "wait",
        "action": "HoldCollateral"}, "payment_tree""#;
    let text = crate::samples::URGENT.replace(tree, collateral);
    assert!(Reading { predecessor: true }.text(&text).is_err(), "it refused that too");
}

/// Returns a tree of that depth of conditions, with all its leaves of one name.
fn alike(depth: usize, next: &mut u32) -> String {
    if depth == 0 {
        return r#"{"type": "action", "node_id": "a", "action": "NoAction"}"#.to_owned();
    }
    *next += 1;
    let id = if *next == 1 { "a (3)".to_owned() } else { format!("c{next}") };
    let (on_true, on_false) = (alike(depth - 1, next), alike(depth - 1, next));
    format!(
        r#"{{"type": "condition", "node_id": "{id}", "condition": {{"op": "<", "left":
        {{"value": 1}}, "right": {{"value": 2}}}}, "on_true": {on_true}, "on_false": {on_false}}}"#
    )
}

#[test]
fn very_many_nodes_of_one_name_are_each_given_the_next() {
    let bank = format!(r#""bank_tree": {}, "payment_tree""#, alike(14, &mut 0));
    let text = crate::samples::URGENT.replace("\"payment_tree\"", &bank);
    let (document, _) = Reading { predecessor: true }.text(&text).expect("warnings");
    let nodes = document.nodes().filter(|(tree, _)| *tree == Tree::Bank).map(|(_, node)| node);
    let leaves = nodes.filter(|node| matches!(node, Node::Action(_))).map(Node::id);
    let numbers = (2..).filter(|number| *number != 3).map(|number| format!("a ({number})"));
    let expected = std::iter::once("a".to_owned()).chain(numbers);
    assert_eq!(leaves.collect::<Vec<_>>(), expected.take(1 << 14).collect::<Vec<_>>());
}

#[test]
fn a_budget_for_nobody_in_particular_is_no_restriction() {
    let bank = r#""bank_tree": {"type": "action", "node_id": "cap", "action": "SetReleaseBudget",
        "parameters": {"max_value_to_release": {"value": 5},
        "focus_counterparties": {"value": []}}}, "payment_tree""#;
    let path = "bank_tree.parameters.focus_counterparties.value";
    let told = told("\"payment_tree\"", bank, false);
    assert!(told[0].starts_with(&format!("{path}: an empty list restricts nothing")), "{told:?}");
}
