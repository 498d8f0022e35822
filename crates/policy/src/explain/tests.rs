//! Decisions in situations.

use super::*;
use crate::samples::{LARGE, URGENT};

fn asked(policy: &str, tree: Tree, at: &str) -> Result<String, String> {
    let policy = Policy::read(policy).expect("sound");
    let mut situation = Situation::default();
    situation.read(at).map_err(|error| error.to_string())?;
    let explanation = explain(&policy, tree, &situation).map_err(|error| error.to_string())?;
    Ok(explanation.to_text())
}

#[test]
fn a_decision_is_explained_with_the_numbers_it_came_from() {
    insta::assert_snapshot!(asked(URGENT, Tree::Payment, "ticks_to_deadline=3").unwrap(), @r"
    payment_tree
      is_urgent: ticks_to_deadline (3) <= urgency_threshold (5): true
      release: Release
    path      is_urgent(true) → release
    decision  Release
    ");
    let at = "ticks_to_deadline=9, is_eod_rush=no, available_liquidity=5_000_000,\
              value_released_this_tick=0, remaining_amount=2_500_000, amount=2_500_000,\
              balance=1_000_000";
    insta::assert_snapshot!(asked(LARGE, Tree::Payment, at).unwrap(), @r#"
    payment_tree
      is_critical: ticks_to_deadline (9) <= critical_ticks (2) or (is_eod_rush (0) == true and
          rtgs_priority >= 1): false
      has room: available_liquidity (5000000) - value_released_this_tick (0) >=
          remaining_amount (2500000) + buffer (1500000): true
      is_large: not (amount (2500000) < balance (1000000) * share (0.5)): true
      stagger: StaggerSplit num_splits=clamp(ceil(div0(amount (2500000), balance (1000000), 2)), 2,
          "most parts" (10)), stagger_first_now=1, stagger_gap_ticks=3, priority_boost_children=0
    path      is_critical(false) → has room(true) → is_large(true) → stagger
    decision  StaggerSplit num_splits=3, stagger_first_now=1, stagger_gap_ticks=3, priority_boost_children=0
    "#);
    let at = "ticks_to_deadline=1,priority=3,arrival_tick=4";
    insta::assert_snapshot!(asked(LARGE, Tree::Payment, at).unwrap(), @r"
    payment_tree
      is_critical: ticks_to_deadline (1) <= critical_ticks (2) or (is_eod_rush == true and
          rtgs_priority >= 1): true
      pay_late: Reprioritize new_priority=max(priority (3), 9); ReleaseWithCredit
          priority_flag=HIGH, rtgs_priority=Urgent, timed_for_tick=arrival_tick (4)
    path      is_critical(true) → pay_late
    decision  Reprioritize new_priority=9; ReleaseWithCredit priority_flag=HIGH, rtgs_priority=Urgent, timed_for_tick=4
    ");
    let at = "liquidity_pressure=0.9,effective_liquidity=4_000_001";
    insta::assert_snapshot!(asked(LARGE, Tree::Bank, at).unwrap(), @r"
    bank_tree
      is_calm: not (0.8 > liquidity_pressure (0.9) or bank_state_cooldown (0) != 0): true
      cap: SetReleaseBudget max_value_to_release=0.5 * (effective_liquidity (4000001) -
          buffer (1500000)), focus_counterparties=[A, B, C], max_per_counterparty=2000000; AddState
          key=bank_state_cooldown, value=1, reason=calm
    path      is_calm(true) → cap
    decision  SetReleaseBudget max_value_to_release=1250000, focus_counterparties=[A, B, C], max_per_counterparty=2000000; AddState key=bank_state_cooldown, new_value=1, reason=calm
    ");
    let at = "queue1_liquidity_gap=0";
    insta::assert_snapshot!(asked(LARGE, Tree::StrategicCollateral, at).unwrap(), @r"
    strategic_collateral_tree
      post: PostCollateral amount=queue1_liquidity_gap (0), reason=queue,
          auto_withdraw_after_ticks=12
    path      post
    decision  PostCollateral amount=0, reason=queue
    ");
}

#[test]
fn the_explanation_is_json_too() {
    let policy = Policy::read(URGENT).expect("sound");
    let mut situation = Situation::default();
    situation.read("ticks_to_deadline=inf").expect("a number");
    let explanation = explain(&policy, Tree::Payment, &situation).expect("all is given");
    insta::assert_snapshot!(explanation.to_json(policy.document()), @r#"
    {
      "policy_id": "urgent",
      "tree": "payment_tree",
      "has_tree": true,
      "path": "is_urgent(false) → wait",
      "steps": [
        {"node_id": "is_urgent", "formula": "ticks_to_deadline (inf) <= urgency_threshold (5)", "result": false},
        {"node_id": "wait", "formula": "Hold reason=NearDeadline", "result": null}
      ],
      "actions": [
        {"action": "Hold", "parameters": {"reason": "NearDeadline"}}
      ],
      "effect": null,
      "fault": null
    }
    "#);
}

#[test]
fn what_is_not_given_is_named_all_at_once() {
    let missing = |at| asked(LARGE, Tree::Payment, at).unwrap_err();
    insta::assert_snapshot!(missing(""), @"node `is_critical` reads `rtgs_priority`, `ticks_to_deadline`, `is_eod_rush`, which are not given; nodes below it may read `amount`, `remaining_amount`, `arrival_tick`, `priority`, `balance`, `available_liquidity`, `value_released_this_tick`");
    insta::assert_snapshot!(
        missing("ticks_to_deadline=9,is_eod_rush=0,remaining_amount=1"), @"node `has room` reads `available_liquidity`, `value_released_this_tick`, which are not given; nodes below it may read `amount`, `balance`");
    insta::assert_snapshot!(asked(LARGE, Tree::Bank, "liquidity_pressure=1").unwrap_err(), @"node `cap` reads `effective_liquidity`, which is not given");
}

/// What decides the matter before a field is read needs no value for it.
#[test]
fn what_is_not_read_need_not_be_given() {
    assert!(asked(LARGE, Tree::Payment, "ticks_to_deadline=9,is_eod_rush=0").is_err());
    let text = asked(LARGE, Tree::Payment, "ticks_to_deadline=2,priority=1,arrival_tick=0");
    assert!(text.unwrap().contains("is_eod_rush =="));
}

#[test]
fn faults_and_absent_trees_are_answers() {
    let divides = URGENT.replace(
        r#"{"param": "urgency_threshold"}"#,
        r#"{"compute": {"op": "/", "left": {"value": 1}, "right": {"field": "balance"}}}"#,
    );
    let at = "ticks_to_deadline=3,balance=0";
    insta::assert_snapshot!(asked(&divides, Tree::Payment, at).unwrap(), @r"
    payment_tree
      is_urgent: ticks_to_deadline (3) <= 1 / balance (0)
    path      is_urgent
    decision  division by zero: the payment is held
    ");
    insta::assert_snapshot!(asked(URGENT, Tree::Bank, "").unwrap(), @r"
    bank_tree
    decision  no such tree: nothing is done
    ");
}

/// The engine does nothing with a payment in queue 2 but take it out or declare it anew.
#[test]
fn decisions_for_the_other_queue_have_no_effect() {
    const BOTH: &str = r#"{"version": "1", "policy_id": "both", "payment_tree": {
        "type": "condition", "node_id": "is_late",
        "condition": {"op": "<", "left": {"field": "ticks_to_deadline"}, "right": {"value": 2}},
        "on_true": {"type": "action", "node_id": "give_up", "action": "Drop"},
        "on_false": {"type": "action", "node_id": "take_back", "action": "WithdrawFromRtgs"}}}"#;
    let effect = |policy: &str, at: &str| {
        let text = asked(policy, Tree::Payment, at).expect("all is given");
        text.split_once("\neffect    ").map(|(_, effect)| effect.trim_end().to_owned())
    };
    for (at, expected) in [
        ("ticks_to_deadline=1", None),
        ("ticks_to_deadline=1,is_in_queue2=no", None),
        ("ticks_to_deadline=1,is_in_queue2=yes", Some(NoEffect::OnlyInQueue1)),
        ("ticks_to_deadline=2", Some(NoEffect::OnlyInQueue2IfThere)),
        ("ticks_to_deadline=2,is_in_queue2=no", Some(NoEffect::OnlyInQueue2)),
        ("ticks_to_deadline=2,is_in_queue2=yes", None),
    ] {
        assert_eq!(effect(BOTH, at), expected.map(|it| it.to_string()), "{at}");
    }
    let not_asked = Some(NoEffect::NotAsked.to_string());
    assert_eq!(effect(URGENT, "ticks_to_deadline=1,is_in_queue2=yes"), not_asked);
    assert_eq!(effect(URGENT, "ticks_to_deadline=1,is_in_queue2=no"), None);
}

#[test]
fn situations_that_say_nothing_are_refused() {
    let mut situation = Situation::default();
    for (at, problem) in [
        ("balance", "`balance` is not of the form field=value"),
        ("balanc=1", "unknown field `balanc`; did you mean `balance`?"),
        ("x=1", "unknown field `x`"),
        ("balance=much", "`balance` is a number, not `much`"),
        ("balance=nan", "`balance` is a number, not `nan`"),
        ("balance=1e400", "`balance` is a number, not `1e400`"),
        ("priority=1,priority=1", "`priority` is given twice"),
        ("credit_limit=1,unsecured_cap=2", "`unsecured_cap` is given twice"),
        ("bank_state_y=1,bank_state_y=2", "`bank_state_y` is given twice"),
        ("is_split=maybe", "`is_split` is a number or true or false, not `maybe`"),
        ("bank_state_x=inf", "`bank_state_x` is a number that is finite, not `inf`"),
    ] {
        assert_eq!(situation.read(at).unwrap_err().to_string(), problem);
    }
    let mut situation = Situation::default();
    situation.read("credit_limit=-1_000,rtgs_priority=HighlyUrgent,bank_state_x=2").unwrap();
    assert_eq!(situation.field(Field::UnsecuredCap), Some(-1_000.0));
    assert_eq!(situation.field(Field::RtgsPriority), Some(2.0));
    assert!((situation.register("bank_state_x") - 2.0).abs() < f64::EPSILON);
}
