//! Sentences.

use super::*;
use crate::samples::{LARGE, URGENT, document};

#[test]
fn a_small_tree_is_one_sentence() {
    insta::assert_snapshot!(english(&document(URGENT)), @r"
    Payment tree: if the time to its deadline is at most 5 ticks (urgency_threshold), release it;
    otherwise hold it, with reason NearDeadline.
    ");
}

#[test]
fn a_large_policy_is_told_in_lists() {
    insta::assert_snapshot!(english(&document(LARGE)), @r#"
    Payment tree:
    - If the time to its deadline is at most 2 ticks (critical_ticks) or (the end-of-day rush has begun
      and its class is at least Urgent), set its priority to the larger of its priority and 9, then
      release it (on credit if need be) with priority 10 (HIGH), declared Urgent, no earlier than the
      tick of its arrival. [Late is dear.]
    - Otherwise, if available liquidity less the value released in this tick is at least its unsettled
      amount plus 1,500,000 (buffer):
      - If its amount is at least 0.5 (share) times the bank's balance, split it into equal parts
        (number: (its amount divided by the bank's balance (or 2 if the divisor is 0), rounded up), but
        at least 2 and at most 10 ("most parts")), release 1 of them now and the others one by one, 3
        ticks apart.
      - Otherwise, release it.
    - Otherwise, hold it, with reason "no cover now". [Next tick may be better.]

    Bank tree: if liquidity pressure is at least 0.8 and the register bank_state_cooldown is 0, release
    no more than 0.5 times (balance, cap and collateral value together less 1,500,000 (buffer)) in this
    tick, only to A, B and C, to each receiver no more than 2,000,000, then add 1 to the register
    bank_state_cooldown, with reason calm; otherwise do nothing.

    Strategic collateral tree: post collateral in the amount of the liquidity shortfall of queue 1, to
    be withdrawn after 12 ticks, with reason queue.

    End-of-tick collateral tree: withdraw collateral in the amount of the collateral that is not needed.
    "#);
}

/// Tells a payment tree of one condition.
fn told(condition: &str) -> String {
    let text = format!(
        r#"{{"version": "1", "policy_id": "p", "parameters": {{"n": 3}}, "payment_tree": {{
        "type": "condition", "node_id": "c", "condition": {condition},
        "on_true": {{"type": "action", "node_id": "t", "action": "Drop"}},
        "on_false": {{"type": "action", "node_id": "f", "action": "Release"}}}}}}"#
    );
    let told = english(&document(&text)).replace('\n', " ");
    let clause = told.strip_prefix("Payment tree: if ").expect("one condition");
    clause.strip_suffix(", give it up; otherwise release it. ").expect("two leaves").to_owned()
}

#[test]
fn comparisons_are_clauses() {
    let cases = [
        (
            r#"{"op": "==", "left": {"field": "is_overdue"}, "right": {"value": 1}}"#,
            "it is overdue",
        ),
        (
            r#"{"op": "<", "left": {"field": "is_overdue"}, "right": {"value": 0.5}}"#,
            "it is not overdue",
        ),
        (
            r#"{"op": "!=", "left": {"value": true}, "right": {"field": "is_divisible"}}"#,
            "it may not be split",
        ),
        (
            r#"{"op": "<", "left": {"value": 1}, "right": {"field": "queue_age"}}"#,
            "its time in this queue is above 1 tick",
        ),
        (
            r#"{"op": ">", "left": {"field": "current_tick"}, "right": {"value": 1}}"#,
            "this tick is above 1",
        ),
        (
            r#"{"op": "==", "left": {"field": "tx_counterparty_id"},
                "right": {"field": "top_cpty_1_id_hash"}}"#,
            "the receiver is the largest counterparty",
        ),
        (
            r#"{"op": "==", "left": {"field": "top_cpty_2_id_hash"}, "right": {"value": 0}}"#,
            "there is no second largest counterparty",
        ),
        (
            r#"{"op": "!=", "left": {"value": 0}, "right": {"field": "top_cpty_1_id_hash"}}"#,
            "there is a largest counterparty",
        ),
        (
            r#"{"op": ">=", "left": {"compute": {"op": "/", "left": {"field": "amount"},
                "right": {"field": "balance"}}}, "right": {"param": "n"}}"#,
            "its amount divided by the bank's balance is at least 3 (n)",
        ),
        (
            r#"{"op": "<=", "left": {"field": "ticks_to_deadline"}, "right": {"compute": {"op": "max",
                "values": [{"compute": {"op": "*", "left": {"param": "n"}, "right": {"value": 2}}},
                           {"value": 5}]}}}"#,
            "the time to its deadline is at most the larger of (3 (n) times 2) and 5 ticks",
        ),
        (
            r#"{"op": "not", "condition": {"op": "and", "conditions": [
                {"op": ">", "left": {"field": "priority"}, "right": {"value": 7}},
                {"op": "or", "conditions": [
                    {"op": "==", "left": {"field": "is_split"}, "right": {"value": 0}},
                    {"op": "==", "left": {"field": "rtgs_priority"}, "right": {"value": 2}}]}]}}"#,
            "its priority is at most 7 or (it is part of a split payment and its class is not \
             HighlyUrgent)",
        ),
        (r#"{"op": "and", "conditions": []}"#, "there is nothing to ask"),
        (r#"{"op": "or", "conditions": []}"#, "the impossible happens"),
    ];
    for (condition, clause) in cases {
        assert_eq!(told(condition), clause, "{condition}");
    }
}
