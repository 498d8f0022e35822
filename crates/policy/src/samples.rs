//! Documents that tests read.

use crate::document::{Document, read};

/// One condition, two actions.
pub(crate) const URGENT: &str = r#"{
  "version": "1.0", "policy_id": "urgent", "description": "Pays when the deadline is near.",
  "parameters": {"urgency_threshold": 5},
  "payment_tree": {
    "type": "condition", "node_id": "is_urgent",
    "condition": {"op": "<=", "left": {"field": "ticks_to_deadline"},
                  "right": {"param": "urgency_threshold"}},
    "on_true": {"type": "action", "node_id": "release", "action": "Release"},
    "on_false": {"type": "action", "node_id": "wait", "action": "Hold",
                 "parameters": {"reason": {"value": "NearDeadline"}}}
  }
}"#;

/// All four trees, chains and nests of conditions, computations, registers, sequences.
pub(crate) const LARGE: &str = r#"{
  "version": "2.1", "policy_id": "large",
  "parameters": {"critical_ticks": 2, "buffer": 1500000, "share": 0.5, "most parts": 10},
  "payment_tree": {
    "type": "condition", "node_id": "is_critical", "description": "Late is dear.",
    "condition": {"op": "or", "conditions": [
      {"op": "<=", "left": {"field": "ticks_to_deadline"}, "right": {"param": "critical_ticks"}},
      {"op": "and", "conditions": [
        {"op": "==", "left": {"field": "is_eod_rush"}, "right": {"value": true}},
        {"op": ">=", "left": {"field": "rtgs_priority"}, "right": {"value": 1}}]}]},
    "on_true": {"type": "action", "node_id": "pay_late", "actions": [
      {"action": "Reprioritize", "parameters": {"new_priority": {"compute": {"op": "max",
        "values": [{"field": "priority"}, {"value": 9}]}}}},
      {"action": "ReleaseWithCredit", "parameters": {"rtgs_priority": {"value": "Urgent"},
        "priority_flag": {"value": "HIGH"}, "timed_for_tick": {"field": "arrival_tick"}}}]},
    "on_false": {
      "type": "condition", "node_id": "has room",
      "condition": {"op": ">=",
        "left": {"compute": {"op": "-", "left": {"field": "available_liquidity"},
                             "right": {"field": "value_released_this_tick"}}},
        "right": {"compute": {"op": "+", "left": {"field": "remaining_amount"},
                              "right": {"param": "buffer"}}}},
      "on_true": {
        "type": "condition", "node_id": "is_large",
        "condition": {"op": "not", "condition": {"op": "<", "left": {"field": "amount"},
          "right": {"compute": {"op": "*", "left": {"field": "balance"},
                                "right": {"param": "share"}}}}},
        "on_true": {"type": "action", "node_id": "stagger", "action": "StaggerSplit",
          "parameters": {"num_splits": {"compute": {"op": "clamp",
              "value": {"compute": {"op": "ceil", "value": {"compute": {"op": "div0",
                "numerator": {"field": "amount"}, "denominator": {"field": "balance"},
                "default": {"value": 2}}}}},
              "min": {"value": 2}, "max": {"param": "most parts"}}},
            "stagger_first_now": {"value": 1}, "stagger_gap_ticks": {"value": 3},
            "priority_boost_children": {"value": 0}}},
        "on_false": {"type": "action", "node_id": "pay", "action": "Release"}},
      "on_false": {"type": "action", "node_id": "wait", "description": "Next tick may be better.",
        "action": "Hold", "parameters": {"reason": {"value": "no cover now"}}}}
  },
  "bank_tree": {
    "type": "condition", "node_id": "is_calm",
    "condition": {"op": "not", "condition": {"op": "or", "conditions": [
      {"op": ">", "left": {"value": 0.8}, "right": {"field": "liquidity_pressure"}},
      {"op": "!=", "left": {"field": "bank_state_cooldown"}, "right": {"value": 0}}]}},
    "on_true": {"type": "action", "node_id": "cap", "actions": [
      {"action": "SetReleaseBudget", "parameters": {
        "max_value_to_release": {"compute": {"op": "*", "left": {"value": 0.5},
          "right": {"compute": {"op": "-", "left": {"field": "effective_liquidity"},
                                "right": {"param": "buffer"}}}}},
        "focus_counterparties": {"value": ["A", "B", "C"]},
        "max_per_counterparty": {"value": 2000000}}},
      {"action": "AddState", "parameters": {"key": {"value": "bank_state_cooldown"},
        "value": {"value": 1}, "reason": {"value": "calm"}}}]},
    "on_false": {"type": "action", "node_id": "rest", "action": "NoAction"}
  },
  "strategic_collateral_tree": {
    "type": "action", "node_id": "post", "action": "PostCollateral",
    "parameters": {"amount": {"field": "queue1_liquidity_gap"},
      "reason": {"value": "queue"}, "auto_withdraw_after_ticks": {"value": 12}}
  },
  "end_of_tick_collateral_tree": {
    "type": "action", "node_id": "withdraw", "action": "WithdrawCollateral",
    "parameters": {"amount": {"field": "excess_collateral"}}
  }
}"#;

pub(crate) fn document(text: &str) -> Document {
    read(text).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Returns a document with one piece of its text exchanged.
pub(crate) fn changed(text: &str, from: &str, to: &str) -> Document {
    assert_eq!(text.matches(from).count(), 1, "{from:?}");
    document(&text.replace(from, to))
}
