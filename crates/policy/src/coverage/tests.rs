//! Counted ways.

use super::*;
use crate::samples::{LARGE, URGENT, changed, document};

#[test]
fn ways_are_counted_and_drawn() {
    let mut coverage = Coverage::new(&document(LARGE));
    let ways = [
        ("is_critical(true) → pay_late", 1_200, Some(Tree::Payment)),
        ("is_critical(false) → has room(true) → is_large(false) → pay", 34, Some(Tree::Payment)),
        ("is_critical(false) → has room(true) → is_large", 1, Some(Tree::Payment)),
        ("is_calm(true) → cap", 7, Some(Tree::Bank)),
        ("withdraw", 10, Some(Tree::EndOfTickCollateral)),
        ("is_critical(true) → pay", 2, None),
        ("is_critical(maybe) → pay_late", 1, None),
        ("", 1, None),
    ];
    for (path, times, tree) in ways {
        assert_eq!(coverage.record(path, times, false), tree, "{path}");
    }
    let taken = Taken { times: 1_235, on_true: 1_200, on_false: 35, faults: 0 };
    assert_eq!(coverage.taken("is_critical"), taken);
    assert_eq!(coverage.taken("nobody"), Taken::default());
    assert_eq!((coverage.evaluations(Tree::Payment), coverage.strange()), (1_235, 4));
    insta::assert_snapshot!(coverage.to_text(), @r#"
    times     share  payment_tree
    1,235  100.00 %  └─ is_critical: ticks_to_deadline <= critical_ticks (2) or (is_eod_rush ==
                        │    true and rtgs_priority >= 1)
    1,200   97.17 %     ├─ true: pay_late: Reprioritize new_priority=max(priority, 9);
                        │    ReleaseWithCredit priority_flag=HIGH, rtgs_priority=Urgent,
                        │    timed_for_tick=arrival_tick
       35    2.83 %     └─ false: has room: available_liquidity - value_released_this_tick >=
                           │    remaining_amount + buffer (1500000)
       35    2.83 %        ├─ true: is_large: not (amount < balance * share (0.5))  (1 ended here in a fault)
        0     NEVER        │  ├─ true: stagger: StaggerSplit num_splits=clamp(ceil(div0(amount,
                           │  │    balance, 2)), 2, "most parts" (10)), stagger_first_now=1,
                           │  │    stagger_gap_ticks=3, priority_boost_children=0
       34    2.75 %        │  └─ false: pay: Release
        0     NEVER        └─ false: wait: Hold reason="no cover now"

    times     share  bank_tree
        7  100.00 %  └─ is_calm: not (0.8 > liquidity_pressure or bank_state_cooldown != 0)
        7  100.00 %     ├─ true: cap: SetReleaseBudget max_value_to_release=0.5 * (effective_liquidity
                        │    - buffer (1500000)), focus_counterparties=[A, B, C],
                        │    max_per_counterparty=2000000; AddState key=bank_state_cooldown, value=1,
                        │    reason=calm
        0     NEVER     └─ false: rest: NoAction

    times     share  strategic_collateral_tree
        0     NEVER  └─ post: PostCollateral amount=queue1_liquidity_gap, reason=queue,
                          auto_withdraw_after_ticks=12

    times     share  end_of_tick_collateral_tree
       10  100.00 %  └─ withdraw: WithdrawCollateral amount=excess_collateral

    never taken, 4 of 12 nodes: `stagger`, `wait`, `rest`, `post`
    ways that no tree of this document has: 4
    "#);
}

#[test]
fn what_was_counted_is_json_too() {
    let mut coverage = Coverage::new(&document(URGENT));
    coverage.record("is_urgent(false) → wait", 3, false);
    coverage.record("is_urgent", 1, true);
    insta::assert_snapshot!(coverage.to_json(), @r#"
    {
      "policy_id": "urgent",
      "evaluations": {"payment_tree": 4},
      "nodes": [
        {
          "node_id": "is_urgent",
          "tree": "payment_tree",
          "times": 4,
          "on_true": 0,
          "on_false": 3,
          "faults": 1
        },
        {
          "node_id": "release",
          "tree": "payment_tree",
          "times": 0,
          "faults": 0
        },
        {
          "node_id": "wait",
          "tree": "payment_tree",
          "times": 3,
          "faults": 0
        }
      ],
      "never_taken": ["release"],
      "only_faulted": [],
      "strange": 0
    }
    "#);
}

/// An action whose parameters cannot be computed is a fault too.
#[test]
fn faults_of_actions_are_counted_where_they_happen() {
    let mut coverage = Coverage::new(&document(LARGE));
    let way = "is_critical(false) → has room(true) → is_large(true) → stagger";
    coverage.record(way, 1_200, true);
    coverage.record("is_calm(true) → cap", 2, true);
    coverage.record("is_calm(true) → cap", 1, false);
    assert_eq!(coverage.only_faulted().collect::<Vec<_>>(), ["stagger"]);
    assert_eq!(coverage.taken("cap"), Taken { times: 3, faults: 2, ..Taken::default() });
    let text = coverage.to_text();
    assert!(text.contains("priority_boost_children=0"), "{text}");
    assert_eq!(text.matches("(1,200 ended here in a fault)").count(), 1, "{text}");
    assert_eq!(text.matches("(2 ended here in a fault)").count(), 1, "{text}");
    assert!(text.contains("\nended in a fault each time, 1 of 12 nodes: `stagger`\n"), "{text}");
    let json = coverage.to_json().to_string();
    assert!(json.contains("\"only_faulted\": [\"stagger\"]"), "{json}");
}

#[test]
fn ids_may_look_like_ways() {
    let odd = changed(URGENT, r#""node_id": "is_urgent""#, r#""node_id": "a(true) → b""#);
    let mut coverage = Coverage::new(&odd);
    assert_eq!(coverage.record("a(true) → b(true) → release", 1, false), Some(Tree::Payment));
    assert_eq!(coverage.record("a(true) → b", 1, true), Some(Tree::Payment));
    let taken = Taken { times: 2, on_true: 1, on_false: 0, faults: 1 };
    assert_eq!(coverage.taken("a(true) → b"), taken);
    assert_eq!(coverage.never_taken().collect::<Vec<_>>(), ["wait"]);
}

#[test]
fn only_the_whole_is_all_of_it() {
    let shown = [(1, 3), (2, 3), (1, 1), (1, 1_000_000), (999_999, 1_000_000), (0, 0)];
    let shown = shown.map(|(part, whole)| percent(part, whole));
    assert_eq!(shown, ["33.33 %", "66.67 %", "100.00 %", "0.01 %", "99.99 %", "0.01 %"]);
}
