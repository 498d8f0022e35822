//! Differences.

use super::*;
use crate::samples::{LARGE, URGENT, changed, document};

fn differs(from: &str, to: &str) -> String {
    diff(&document(URGENT), &changed(URGENT, from, to))
}

#[test]
fn equal_documents_do_not_differ() {
    assert_eq!(diff(&document(LARGE), &document(LARGE)), "no difference\n");
    let turned = changed(
        LARGE,
        r#""critical_ticks": 2, "buffer": 1500000"#,
        r#""buffer": 1500000, "critical_ticks": 2"#,
    );
    assert!(diff(&document(LARGE), &turned).contains("order of the parameters"));
}

#[test]
fn one_change_is_one_line() {
    let cases = [
        (r#""version": "1.0""#, r#""version": "1.1""#, r#"version: "1.0" → "1.1""#),
        (
            r#", "description": "Pays when the deadline is near.""#,
            "",
            r#"description removed (was "Pays when the deadline is near.")"#,
        ),
        (
            r#"{"urgency_threshold": 5}"#,
            r#"{"urgency_threshold": 3}"#,
            "parameter urgency_threshold: 5 → 3",
        ),
        (
            r#"{"urgency_threshold": 5}"#,
            r#"{"urgency_threshold": 5, "new one": 1}"#,
            r#"parameter "new one" added: 1"#,
        ),
        (
            r#""op": "<=""#,
            r#""op": "<""#,
            "node `is_urgent` asks ticks_to_deadline < urgency_threshold (5), asked \
             ticks_to_deadline <= urgency_threshold (5)",
        ),
        (
            r#"{"value": "NearDeadline"}"#,
            r#"{"value": "too early"}"#,
            "node `wait` does Hold reason=\"too early\", did Hold reason=NearDeadline",
        ),
        (
            r#""node_id": "wait","#,
            r#""node_id": "wait", "description": "Time helps.","#,
            r#"node `wait` has another description: "Time helps.""#,
        ),
    ];
    for (from, to, line) in cases {
        assert_eq!(differs(from, to), format!("{line}\n"));
    }
}

#[test]
fn branches_that_change_sides_are_one_change() {
    let turned = URGENT.replace("on_true", "on_x").replace("on_false", "on_true");
    let turned = document(&turned.replace("on_x", "on_false"));
    assert_eq!(
        diff(&document(URGENT), &turned),
        "node `is_urgent` has its branches exchanged: `wait` if true, `release` if false\n"
    );
}

#[test]
fn a_node_that_changes_sides_alone_has_moved() {
    let release = r#"{"type": "action", "node_id": "release", "action": "Release"}"#;
    let go = release.replace("release", "go");
    let text = URGENT.replace(release, &go);
    let wait = text.split("\"on_false\": ").nth(1).and_then(|rest| rest.split("\n  }").next());
    let moved = document(&text.replace(wait.expect("it has two branches"), release));
    insta::assert_snapshot!(diff(&document(URGENT), &moved), @r"
    node `wait` removed (was below `is_urgent` if false)
    node `go` added, below `is_urgent` if true: Release
    node `release` moved: below `is_urgent` if false, was below `is_urgent` if true
    ");
}

#[test]
fn nodes_come_go_move_and_change_their_kind() {
    let leaf = r#"{"type": "action", "node_id": "release", "action": "Release"}"#;
    let inner = r#"{"type": "condition", "node_id": "has_money", "condition": {"op": ">=",
        "left": {"field": "available_liquidity"}, "right": {"field": "amount"}},
        "on_true": {"type": "action", "node_id": "release", "action": "Release"},
        "on_false": {"type": "action", "node_id": "short", "action": "Hold"}}"#;
    let deeper = changed(URGENT, leaf, inner);
    insta::assert_snapshot!(diff(&document(URGENT), &deeper), @r"
    node `has_money` added, below `is_urgent` if true: available_liquidity >= amount
    node `release` moved: below `has_money` if true, was below `is_urgent` if true
    node `short` added, below `has_money` if false: Hold
    ");
    insta::assert_snapshot!(diff(&deeper, &document(URGENT)), @r"
    node `has_money` removed (was below `is_urgent` if true)
    node `short` removed (was below `has_money` if false)
    node `release` moved: below `is_urgent` if true, was below `has_money` if true
    ");
    let kind =
        changed(URGENT, leaf, &inner.replace("release", "go").replace("has_money", "release"));
    insta::assert_snapshot!(diff(&document(URGENT), &kind), @r"
    node `release` is a condition now and was an action: available_liquidity >= amount
    node `go` added, below `release` if true: Release
    node `short` added, below `release` if false: Hold
    ");
    insta::assert_snapshot!(diff(&document(URGENT), &document(LARGE)), @r#"
    policy_id: "urgent" → "large"
    version: "1.0" → "2.1"
    description removed (was "Pays when the deadline is near.")
    parameter urgency_threshold removed (was 5)
    parameter critical_ticks added: 2
    parameter buffer added: 1500000
    parameter share added: 0.5
    parameter "most parts" added: 10
    bank_tree added: 3 nodes
    strategic_collateral_tree added: 1 node
    end_of_tick_collateral_tree added: 1 node
    node `is_urgent` removed (was the root of payment_tree)
    node `release` removed (was below `is_urgent` if true)
    node `is_critical` added, the root of payment_tree: ticks_to_deadline <= critical_ticks (2) or (is_eod_rush == true and rtgs_priority >= 1)
    node `pay_late` added, below `is_critical` if true: Reprioritize new_priority=max(priority, 9); ReleaseWithCredit priority_flag=HIGH, rtgs_priority=Urgent, timed_for_tick=arrival_tick
    node `has room` added, below `is_critical` if false: available_liquidity - value_released_this_tick >= remaining_amount + buffer (1500000)
    node `is_large` added, below `has room` if true: not (amount < balance * share (0.5))
    node `stagger` added, below `is_large` if true: StaggerSplit num_splits=clamp(ceil(div0(amount, balance, 2)), 2, "most parts" (10)), stagger_first_now=1, stagger_gap_ticks=3, priority_boost_children=0
    node `pay` added, below `is_large` if false: Release
    node `wait` moved: below `has room` if false, was below `is_urgent` if false
    node `wait` does Hold reason="no cover now", did Hold reason=NearDeadline
    node `wait` has another description: "Next tick may be better."
    node `is_calm` added, the root of bank_tree: not (0.8 > liquidity_pressure or bank_state_cooldown != 0)
    node `cap` added, below `is_calm` if true: SetReleaseBudget max_value_to_release=0.5 * (effective_liquidity - buffer (1500000)), focus_counterparties=[A, B, C], max_per_counterparty=2000000; AddState key=bank_state_cooldown, value=1, reason=calm
    node `rest` added, below `is_calm` if false: NoAction
    node `post` added, the root of strategic_collateral_tree: PostCollateral amount=queue1_liquidity_gap, reason=queue, auto_withdraw_after_ticks=12
    node `withdraw` added, the root of end_of_tick_collateral_tree: WithdrawCollateral amount=excess_collateral
    "#);
}
