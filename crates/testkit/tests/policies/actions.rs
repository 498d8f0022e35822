//! Each action, by the events that it causes.

use psim_model::{Money, Scenario};
use psim_policy::{Action, Tree};
use psim_testkit::{sketch, transcript};

use super::{policy, run};

/// Kinds of events that are not looked at.
const USUAL: [&str; 7] = [
    "RunStarted",
    "RulesSet",
    "DelayRatesSet",
    "AgentOpened",
    "PolicyFollowed",
    "Arrival",
    "CostAccrual",
];

/// A pays 10 to B in tick 0 of 3; it has 20, and collateral of 30 of which it may post 50.
fn scene() -> Scenario {
    let mut scene = sketch::scenario(3, 1, &[("A", 20), ("B", 0)]);
    scene.rules.collateral.holding_period_ticks = 0;
    scene.rules.collateral.timer_buffer = Money::ZERO;
    scene.agents[0].posted_collateral = Money::from_minor(30);
    scene.agents[0].max_collateral_capacity = Some(Money::from_minor(50));
    scene.payments.rows = vec![sketch::payment(0, 0, 1, 10)];
    scene
}

/// A way of giving an action, and the lines that follow from it.
struct Shown {
    /// The tree it stands in.
    tree: Tree,
    /// Its parameters.
    parameters: &'static str,
    /// What it stands below: the condition under which it is taken, if it is under one.
    condition: Option<&'static str>,
    /// Whether ways are told.
    traces: bool,
    /// The amount of the payment.
    amount: i64,
    lines: &'static str,
}

const SHOWN: Shown = Shown {
    tree: Tree::Payment,
    parameters: "",
    condition: None,
    traces: false,
    amount: 10,
    lines: "",
};

#[expect(clippy::too_many_lines, reason = "a table of all actions")]
fn shown(action: Action) -> Shown {
    match action {
        Action::Release => Shown {
            parameters: r#""priority_flag": {"value": "HIGH"}, "rtgs_priority": {"value": "Urgent"}"#,
            lines: "0 TransactionReprioritized tx-0 A 5 10 -
                    0 RtgsSubmission tx-0 A B 10 10 Urgent -
                    0 RtgsImmediateSettlement tx-0 A B 10 20 10",
            ..SHOWN
        },
        Action::ReleaseWithCredit => Shown {
            parameters: r#""timed_for_tick": {"value": 1}"#,
            traces: true,
            lines: "0 PolicyHold tx-0 A TimedRelease - it
                    1 RtgsSubmission tx-0 A B 10 5 Normal it
                    1 RtgsImmediateSettlement tx-0 A B 10 20 10",
            ..SHOWN
        },
        Action::Hold => Shown {
            parameters: r#""reason": {"value": "Wednesday"}"#,
            lines: "0 PolicyHold tx-0 A Custom Wednesday -",
            ..SHOWN
        },
        Action::Split => Shown {
            parameters: r#""num_splits": {"value": 3.9}"#,
            traces: true,
            lines: "0 PolicySplit tx-0 A 3 [tx-1,tx-2,tx-3] [3,3,4] 3 0 5 5 0 it
                    0 RtgsSubmission tx-1 A B 3 5 Normal it
                    0 RtgsSubmission tx-2 A B 3 5 Normal it
                    0 RtgsSubmission tx-3 A B 4 5 Normal it
                    0 RtgsImmediateSettlement tx-1 A B 3 20 17
                    0 RtgsImmediateSettlement tx-2 A B 3 17 14
                    0 RtgsImmediateSettlement tx-3 A B 4 14 10
                    0 SplitCompleted tx-0 A Settled",
            ..SHOWN
        },
        Action::PaceAndRelease => Shown {
            parameters: r#""num_splits": {"value": 11}"#,
            lines: "0 PolicyHold tx-0 A TooManyParts - -",
            ..SHOWN
        },
        Action::StaggerSplit => Shown {
            parameters: r#""num_splits": {"value": 2}, "stagger_first_now": {"value": 1},
                "stagger_gap_ticks": {"value": 2}, "priority_boost_children": {"value": 99}"#,
            lines: "0 PolicySplit tx-0 A 2 [tx-1,tx-2] [5,5] 1 2 10 10 0 -
                    0 RtgsSubmission tx-1 A B 5 10 Normal -
                    0 RtgsImmediateSettlement tx-1 A B 5 20 15
                    2 RtgsSubmission tx-2 A B 5 10 Normal -
                    2 RtgsImmediateSettlement tx-2 A B 5 15 10
                    2 SplitCompleted tx-0 A Settled",
            ..SHOWN
        },
        Action::Drop => {
            Shown { traces: true, lines: "0 PolicyDrop tx-0 A PolicyDecision 0 it", ..SHOWN }
        }
        Action::Reprioritize => Shown {
            parameters: r#""new_priority": {"value": 8.5}"#,
            traces: true,
            lines: "0 TransactionReprioritized tx-0 A 5 8 it
                    1 PolicyDecision A tx-0 Payment it
                    2 PolicyDecision A tx-0 Payment it",
            ..SHOWN
        },
        Action::WithdrawFromRtgs => Shown {
            condition: Some("is_in_queue2"),
            traces: true,
            amount: 21,
            lines: "0 RtgsSubmission tx-0 A B 21 5 Normal if(false) → else
                    0 QueuedRtgs tx-0 A B 21 20 InsufficientLiquidity
                    1 RtgsWithdrawal tx-0 A Normal Policy if(true) → it
                    2 RtgsSubmission tx-0 A B 21 5 Normal if(false) → else
                    2 QueuedRtgs tx-0 A B 21 20 InsufficientLiquidity",
            ..SHOWN
        },
        Action::ResubmitToRtgs => Shown {
            condition: Some("is_in_queue2"),
            parameters: r#""rtgs_priority": {"value": "HighlyUrgent"}"#,
            amount: 21,
            lines: "0 RtgsSubmission tx-0 A B 21 5 Normal -
                    0 QueuedRtgs tx-0 A B 21 20 InsufficientLiquidity
                    1 RtgsResubmission tx-0 A Normal HighlyUrgent Policy -
                    2 RtgsResubmission tx-0 A HighlyUrgent HighlyUrgent Policy -",
            ..SHOWN
        },
        Action::SetReleaseBudget => Shown {
            tree: Tree::Bank,
            parameters: r#""max_value_to_release": {"value": 90},
                "focus_counterparties": {"value": ["B"]}, "max_per_counterparty": {"value": 9}"#,
            lines: "0 BankBudgetSet A 90 true [B] 9 -
                    0 PolicyHold tx-0 A CounterpartyBudget - -
                    1 BankBudgetSet A 90 true [B] 9 -
                    2 BankBudgetSet A 90 true [B] 9 -",
            ..SHOWN
        },
        Action::SetState => Shown {
            tree: Tree::Bank,
            parameters: r#""key": {"value": "bank_state_x"}, "value": {"value": 0.5},
                "reason": {"value": "habit"}"#,
            condition: Some("current_tick"),
            traces: true,
            lines: "0 PolicyDecision A - Bank if(false) → else
                    0 RtgsSubmission tx-0 A B 10 5 Normal -
                    0 RtgsImmediateSettlement tx-0 A B 10 20 10
                    1 StateRegisterSet A bank_state_x 0 0.5 habit if(true) → it
                    2 PolicyDecision A - Bank if(false) → else
                    2 StateRegisterSet A bank_state_x 0.5 0 end_of_day -",
            ..SHOWN
        },
        Action::AddState => Shown {
            tree: Tree::Bank,
            parameters: r#""key": {"value": "bank_state_x"}, "value": {"value": -2}"#,
            lines: "0 StateRegisterSet A bank_state_x 0 -2 \"\" -
                    0 RtgsSubmission tx-0 A B 10 5 Normal -
                    0 RtgsImmediateSettlement tx-0 A B 10 20 10
                    1 StateRegisterSet A bank_state_x -2 -4 \"\" -
                    2 StateRegisterSet A bank_state_x -4 -6 \"\" -
                    2 StateRegisterSet A bank_state_x -6 0 end_of_day -",
            ..SHOWN
        },
        Action::NoAction => Shown {
            tree: Tree::Bank,
            traces: true,
            lines: "0 PolicyDecision A - Bank it
                    0 RtgsSubmission tx-0 A B 10 5 Normal -
                    0 RtgsImmediateSettlement tx-0 A B 10 20 10
                    1 PolicyDecision A - Bank it
                    2 PolicyDecision A - Bank it",
            ..SHOWN
        },
        Action::PostCollateral => Shown {
            tree: Tree::StrategicCollateral,
            parameters: r#""amount": {"value": 30}, "reason": {"value": "morning"},
                "auto_withdraw_after_ticks": {"value": 1}"#,
            lines: "0 CollateralPost A 20 30 morning 50 Policy -
                    0 CollateralTimerScheduled A 20 1
                    0 RtgsSubmission tx-0 A B 10 5 Normal -
                    0 RtgsImmediateSettlement tx-0 A B 10 20 10
                    1 CollateralTimerWithdrawn A 20 20 morning 0 30
                    1 CollateralPost A 20 30 morning 50 Policy -
                    1 CollateralTimerScheduled A 20 2
                    2 CollateralTimerWithdrawn A 20 20 morning 1 30
                    2 CollateralPost A 20 30 morning 50 Policy -
                    2 CollateralTimerScheduled A 20 3",
            ..SHOWN
        },
        Action::WithdrawCollateral => Shown {
            tree: Tree::EndOfTickCollateral,
            parameters: r#""amount": {"value": 20}"#,
            traces: true,
            lines: "0 RtgsSubmission tx-0 A B 10 5 Normal -
                    0 RtgsImmediateSettlement tx-0 A B 10 20 10
                    0 CollateralWithdraw A 20 20 \"\" 10 Policy it
                    1 CollateralWithdraw A 10 20 \"\" 0 Policy it
                    2 PolicyDecision A - EndOfTickCollateral it",
            ..SHOWN
        },
        Action::HoldCollateral => Shown {
            tree: Tree::EndOfTickCollateral,
            traces: true,
            lines: "0 RtgsSubmission tx-0 A B 10 5 Normal -
                    0 RtgsImmediateSettlement tx-0 A B 10 20 10
                    0 PolicyDecision A - EndOfTickCollateral it
                    1 PolicyDecision A - EndOfTickCollateral it
                    2 PolicyDecision A - EndOfTickCollateral it",
            ..SHOWN
        },
    }
}

fn document(action: Action, shown: &Shown) -> String {
    let leaf = |id: &str, name: &str, parameters: &str| {
        format!(
            r#"{{"type": "action", "node_id": "{id}", "action": "{name}",
                "parameters": {{{parameters}}}}}"#
        )
    };
    let it = leaf("it", action.name(), shown.parameters);
    let other = if shown.tree == Tree::Bank { "NoAction" } else { "Release" };
    let root = match shown.condition {
        None => it,
        Some(field) => format!(
            r#"{{"type": "condition", "node_id": "if",
                "condition": {{"op": "==", "left": {{"field": "{field}"}}, "right": {{"value": 1}}}},
                "on_true": {it}, "on_false": {}}}"#,
            leaf("else", other, "")
        ),
    };
    format!(r#""{}": {root}"#, shown.tree.key())
}

#[test]
fn each_action_does_what_its_meaning_says() {
    for action in Action::ALL {
        let shown = shown(*action);
        assert!(action.spec().trees.contain(shown.tree), "{action:?}");
        let mut scene = scene();
        scene.policies.trace_decisions = shown.traces;
        scene.payments.rows[0].amount = Money::from_minor(shown.amount);
        scene.agents[0].policy = policy(&document(*action, &shown));
        scene.agents[0].posted_collateral = match shown.tree {
            Tree::Payment => Money::ZERO,
            _ => scene.agents[0].posted_collateral,
        };
        let mut lines = transcript::lines(&run(scene));
        lines.retain(|line| {
            // Documents have lines of their own.
            let kind = line.split(' ').nth(1).unwrap_or_default();
            !USUAL.contains(&kind) && !["EndOfDay", "RunEnded"].contains(&kind)
        });
        let expected: Vec<&str> = shown.lines.lines().map(str::trim).collect();
        assert_eq!(lines, expected, "{action:?}");
    }
}
