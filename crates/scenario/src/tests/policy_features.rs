//! `policy_feature_toggles`: what documents may be made of.

use super::policies::{DOCUMENT, on_one_line, with_agent};
use super::{Folder, messages};

fn said(toggles: &str, policy: &str) -> Vec<String> {
    let rest = format!("policy_feature_toggles: {{{toggles}}}\n");
    let text = with_agent(&format!("policy: {{{policy}}}"), &rest);
    let folder = Folder::new().with("s.yaml", text).with("p.json", DOCUMENT);
    match folder.load("s.yaml") {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| fault.message.clone()).collect(),
    }
}

const FROM_FILE: &str = "type: FromJson, json_path: p.json";

#[test]
fn what_is_not_included_is_refused() {
    let all = "PaymentAction, TransactionField, ComparisonOperator, BinaryArithmetic";
    assert_eq!(said(&format!("include: [{all}]"), FROM_FILE), [""; 0]);
    let refused = |what: &str, category: &str| {
        format!("`{what}` is a `{category}`, which `policy_feature_toggles` does not allow")
    };
    assert_eq!(
        said("include: [LogicalOperator]", FROM_FILE),
        [
            refused("<=", "ComparisonOperator"),
            refused("ticks_to_deadline", "TransactionField"),
            refused("/", "BinaryArithmetic"),
            refused("Release", "PaymentAction"),
        ]
    );
}

#[test]
fn what_is_excluded_is_refused_by_whatever_way_it_comes() {
    let line = on_one_line();
    for policy in [
        FROM_FILE.to_owned(),
        format!("type: InlineJson, json_string: '{line}'"),
        format!("type: Inline, decision_trees: {line}"),
    ] {
        assert_eq!(said("exclude: [TransactionField, NaryArithmetic]", &policy).len(), 1);
        assert_eq!(said("exclude: [RtgsAction, LimitField]", &policy).len(), 0);
    }
    assert_eq!(said("exclude: [PaymentAction]", "type: Deadline"), [""; 0]);
    assert_eq!(said("exclude: [PaymentAction]", "type: Library, name: deadline"), [""; 0]);
    assert_eq!(said("exclude: [NodeType]", FROM_FILE).len(), 1);
}

#[test]
fn the_first_of_a_category_is_shown() {
    let rest = "policy_feature_toggles: {exclude: [PaymentAction]}\n";
    let text = with_agent(&format!("policy: {{{FROM_FILE}}}"), rest);
    let folder = Folder::new().with("s.yaml", text).with("p.json", DOCUMENT);
    insta::assert_snapshot!(folder.shown(&folder.load("s.yaml").unwrap_err()), @r#"
    error: `Release` is a `PaymentAction`, which `policy_feature_toggles` does not allow
      --> p.json:13:53
       |
    13 |     "on_true": {"type": "action", "node_id": "pay", "action": "Release"},
       |                                                     ^^^^^^^^^^^^^^^^^^^

    1 error
    "#);
}

#[test]
fn the_section_is_checked() {
    for (toggles, expected) in [
        ("", "`policy_feature_toggles` lacks `include` or `exclude`"),
        ("include: []", "`include` must not be empty"),
        (
            "include: [BankAction], exclude: [BankAction]",
            "`exclude` and `include` exclude each other",
        ),
    ] {
        let text =
            with_agent("unsecured_cap: 0", &format!("policy_feature_toggles: {{{toggles}}}\n"));
        assert_eq!(messages(&text), [expected]);
    }
    let text = with_agent("unsecured_cap: 0", "policy_feature_toggles: {include: [BankActions]}\n");
    assert!(messages(&text)[0].ends_with("found `BankActions`"));
}
