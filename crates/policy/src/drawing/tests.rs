//! Drawn trees.

use super::*;
use crate::samples::{LARGE, URGENT, document};

#[test]
fn a_small_tree_is_drawn() {
    let document = document(URGENT);
    insta::assert_snapshot!(title(&document) + &drawing(&document), @r"
    urgent (version 1.0)
    Pays when the deadline is near.
      urgency_threshold = 5
    payment_tree
    └─ is_urgent: ticks_to_deadline <= urgency_threshold (5)
       ├─ true: release: Release
       └─ false: wait: Hold reason=NearDeadline
    ");
}

#[test]
fn all_trees_are_drawn_with_their_formulas() {
    let document = document(LARGE);
    insta::assert_snapshot!(title(&document) + "\n" + &drawing(&document), @r#"
    large (version 2.1)
      critical_ticks = 2
      buffer = 1500000
      share = 0.5
      "most parts" = 10

    payment_tree
    └─ is_critical: ticks_to_deadline <= critical_ticks (2) or (is_eod_rush == true and
       │    rtgs_priority >= 1)
       ├─ true: pay_late: Reprioritize new_priority=max(priority, 9); ReleaseWithCredit
       │    priority_flag=HIGH, rtgs_priority=Urgent, timed_for_tick=arrival_tick
       └─ false: has room: available_liquidity - value_released_this_tick >= remaining_amount +
          │    buffer (1500000)
          ├─ true: is_large: not (amount < balance * share (0.5))
          │  ├─ true: stagger: StaggerSplit num_splits=clamp(ceil(div0(amount, balance, 2)), 2, "most
          │  │    parts" (10)), stagger_first_now=1, stagger_gap_ticks=3, priority_boost_children=0
          │  └─ false: pay: Release
          └─ false: wait: Hold reason="no cover now"

    bank_tree
    └─ is_calm: not (0.8 > liquidity_pressure or bank_state_cooldown != 0)
       ├─ true: cap: SetReleaseBudget max_value_to_release=0.5 * (effective_liquidity -
       │    buffer (1500000)), focus_counterparties=[A, B, C], max_per_counterparty=2000000; AddState
       │    key=bank_state_cooldown, value=1, reason=calm
       └─ false: rest: NoAction

    strategic_collateral_tree
    └─ post: PostCollateral amount=queue1_liquidity_gap, reason=queue, auto_withdraw_after_ticks=12

    end_of_tick_collateral_tree
    └─ withdraw: WithdrawCollateral amount=excess_collateral
    "#);
}

#[test]
fn a_document_without_trees_says_what_that_means() {
    let document = document(r#"{"version": "1", "policy_id": "empty"}"#);
    assert_eq!(drawing(&document), NO_TREE);
}

#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    let text = r#"{"version": "1", "policy_id": "p", "description": "red \u001b[31m",
        "parameters": {"a\u001b b": 1}, "payment_tree": {"type": "action", "node_id": "n",
        "action": "Hold", "parameters": {"reason": {"value": "\u001b[0m"}}}}"#;
    let document = document(text);
    let shown = title(&document) + &drawing(&document) + &crate::english(&document);
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}
