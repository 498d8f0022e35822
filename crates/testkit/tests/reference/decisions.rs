//! What is decided about payments, collateral and budgets.

use psim_model::{
    AgentNo, Instruction, PaymentAction, PaymentRef, Penalty, Policy, ReleaseBudget, RtgsPriority,
    Tick,
};
use psim_testkit::sketch::{payment, scenario};

use super::{check, decide, half, instruct, lines_of, money};

#[test]
fn holds_are_said_once() {
    let mut world = scenario(3, 2, &[("A", 5), ("B", 5)]);
    world.agents[1].policy = Policy::hold();
    world.rules.cutoff_tick_in_day = 0;
    world.payments.rows = vec![payment(0, 1, 0, 1), payment(1, 0, 1, 5)];
    check(
        world,
        "0 PolicyHold tx-0 B PolicyDecision - -
         1 PolicyHold tx-1 A CutOff - -
         2 EndOfDay 2 0
         3 RtgsImmediateSettlement tx-1 A B 5 5 0
         5 EndOfDay 1 0
         5 RunEnded 1",
    );
}

#[test]
fn parts_of_a_staggered_split_go_one_after_another() {
    let mut world = scenario(5, 1, &[("A", 5), ("B", 0)]);
    world.agents[0].policy = Policy::hold();
    world.costs.split_friction_cost = money(2);
    world.payments.rows = vec![payment(0, 0, 1, 10), payment(3, 1, 0, 3), payment(4, 1, 0, 3)];
    let split = PaymentAction::StaggerSplit {
        num_splits: 3,
        stagger_first_now: 1,
        stagger_gap_ticks: 1,
        priority_boost_children: 3,
    };
    decide(&mut world, 1, 0, &[split]);
    decide(&mut world, 2, 2, &[PaymentAction::Hold]); // refused: it awaits its time
    check(
        world.clone(),
        "0 PolicyHold tx-0 A PolicyDecision - -
         1 PolicySplit tx-0 A 3 [tx-1,tx-2,tx-3] [3,3,4] 1 1 8 8 4 -
         1 RtgsImmediateSettlement tx-1 A B 3 5 2
         1 CostAccrual A 0 0 0 0 4 0 4
         2 QueuedRtgs tx-2 A B 3 2 InsufficientLiquidity
         3 QueuedRtgs tx-3 A B 4 2 InsufficientLiquidity
         3 RtgsImmediateSettlement tx-4 B A 3 3 0
         3 Queue2LiquidityRelease tx-2 A B 3 1 5 2
         4 RtgsImmediateSettlement tx-5 B A 3 3 0
         4 Queue2LiquidityRelease tx-3 A B 4 1 5 1
         4 SplitCompleted tx-0 A Settled
         4 EndOfDay 0 0
         4 RunEnded 0",
    );
    let lines = lines_of(world);
    assert!(lines.contains(&"2 RtgsSubmission tx-2 A B 3 8 Normal -".to_owned()));
    let refused = |line: &String| line.starts_with("2 Instr") && line.ends_with("AwaitsItsTime");
    assert!(lines.iter().any(refused), "{lines:#?}");
}

#[test]
fn a_split_keeps_to_its_bounds() {
    let mut world = scenario(2, 1, &[("A", 9), ("B", 0)]);
    world.agents[0].policy = Policy::hold();
    world.rules.max_splits = 3;
    world.payments.rows = vec![payment(0, 0, 1, 2), payment(0, 0, 1, 9), payment(0, 0, 1, 9)];
    world.payments.rows[2].divisible = Some(false);
    for (number, num_splits) in [(0, 3), (1, 4), (2, 2)] {
        decide(&mut world, 1, number, &[PaymentAction::Split { num_splits }]);
    }
    let budget = ReleaseBudget {
        max_value_to_release: money(8),
        focus_counterparties: None,
        max_per_counterparty: None,
    };
    let mut budgeted = world.clone();
    budgeted.payments.rows.truncate(2);
    budgeted.instructions.clear();
    decide(&mut budgeted, 1, 1, &[PaymentAction::Split { num_splits: 3 }]);
    instruct(&mut budgeted, 1, Instruction::SetReleaseBudget { agent: AgentNo(0), budget });
    check(
        world,
        "0 PolicyHold tx-0 A PolicyDecision - -
         0 PolicyHold tx-1 A PolicyDecision - -
         0 PolicyHold tx-2 A PolicyDecision - -
         1 PolicyHold tx-0 A TooManyParts - -
         1 PolicyHold tx-1 A TooManyParts - -
         1 PolicyHold tx-2 A NotDivisible - -
         1 EndOfDay 3 0
         1 RunEnded 3",
    );
    check(
        budgeted,
        "0 PolicyHold tx-0 A PolicyDecision - -
         0 PolicyHold tx-1 A PolicyDecision - -
         1 BankBudgetSet A 8 false [] - -
         1 PolicyHold tx-1 A BudgetExhausted - -
         1 EndOfDay 2 0
         1 RunEnded 2",
    );
}

#[test]
fn a_part_of_an_overdue_payment_owes_no_penalty_again() {
    let mut world = scenario(4, 1, &[("A", 6), ("B", 0)]);
    world.agents[0].policy = Policy::hold();
    world.costs.deadline_penalty = Penalty::Fixed(money(7));
    world.payments.rows = vec![payment(0, 0, 1, 6)];
    world.payments.rows[0].deadline = Tick(1);
    decide(&mut world, 2, 0, &[PaymentAction::Split { num_splits: 2 }]);
    check(
        world,
        "0 PolicyHold tx-0 A PolicyDecision - -
         2 TransactionWentOverdue tx-0 A B 6 6 1 1 7
         2 PolicySplit tx-0 A 2 [tx-1,tx-2] [3,3] 2 0 5 5 0 -
         2 RtgsImmediateSettlement tx-1 A B 3 6 3
         2 OverdueTransactionSettled tx-1 A B 3 3 1 2 1 0
         2 RtgsImmediateSettlement tx-2 A B 3 3 0
         2 OverdueTransactionSettled tx-2 A B 3 3 1 2 1 0
         2 SplitCompleted tx-0 A Settled
         2 CostAccrual A 0 0 0 7 0 0 7
         3 EndOfDay 0 7
         3 RunEnded 0",
    );
}

#[test]
fn what_is_given_up_owes_both_penalties() {
    let mut world = scenario(3, 1, &[("A", 0), ("B", 0)]);
    world.agents[0].policy = Policy::hold();
    world.costs.deadline_penalty = Penalty::Fixed(money(7));
    world.costs.eod_penalty = Penalty::Fixed(money(3));
    world.payments.rows = vec![payment(0, 0, 1, 10)];
    decide(&mut world, 1, 0, &[PaymentAction::Drop]);
    check(
        world,
        "0 PolicyHold tx-0 A PolicyDecision - -
         1 PolicyDrop tx-0 A PolicyDecision 7 -
         1 CostAccrual A 0 0 0 7 0 0 7
         2 CostAccrual A 0 0 0 3 0 0 3
         2 EndOfDayPenalty tx-0 A 3
         2 EndOfDay 0 10
         2 RunEnded 0",
    );
}

#[test]
fn waiting_counts_anew_after_a_withdrawal_but_not_after_a_resubmission() {
    let mut world = scenario(4, 1, &[("A", 0), ("B", 2)]);
    world.payments.rows = vec![payment(0, 0, 1, 2), payment(3, 1, 0, 2)];
    let meant = || PaymentRef::Id("tx-0".to_owned());
    let rtgs_priority = RtgsPriority::Urgent;
    instruct(&mut world, 1, Instruction::WithdrawFromRtgs { payment: meant() });
    instruct(&mut world, 2, Instruction::ResubmitToRtgs { payment: meant(), rtgs_priority });
    check(
        world,
        "0 QueuedRtgs tx-0 A B 2 0 InsufficientLiquidity
         1 RtgsWithdrawal tx-0 A Normal Scenario -
         1 QueuedRtgs tx-0 A B 2 0 InsufficientLiquidity
         2 RtgsResubmission tx-0 A Normal Urgent Scenario -
         3 RtgsImmediateSettlement tx-1 B A 2 2 0
         3 Queue2LiquidityRelease tx-0 A B 2 2 2 0
         3 EndOfDay 0 0
         3 RunEnded 0",
    );
}

#[test]
fn collateral_stays_as_far_as_it_is_needed() {
    let mut world = scenario(3, 1, &[("A", 0), ("B", 0)]);
    let agent = AgentNo(0);
    world.agents[0].collateral_haircut = half();
    world.agents[0].max_collateral_capacity = Some(money(100));
    world.rules.collateral.holding_period_ticks = 2;
    world.rules.collateral.timer_buffer = money(1);
    world.payments.rows = vec![payment(0, 0, 1, 4)];
    let posting = Instruction::PostCollateral {
        agent,
        amount: money(11),
        reason: Some("day".to_owned()),
        auto_withdraw_after_ticks: Some(2),
    };
    instruct(&mut world, 0, posting);
    for tick in [1, 2] {
        // On tick 1 the holding period refuses it.
        let withdrawal = Instruction::WithdrawCollateral { agent, amount: money(9), reason: None };
        instruct(&mut world, tick, withdrawal);
    }
    // 4 of credit need 8 of collateral: 3 may go. Then 4 + 1 would need 10: the timer gets nothing.
    check(
        world.clone(),
        "0 CollateralPost A 11 11 day 11 Scenario -
         0 CollateralTimerScheduled A 11 2
         0 RtgsImmediateSettlement tx-0 A B 4 0 -4
         2 CollateralWithdraw A 3 9 \"\" 8 Scenario -
         2 CollateralTimerBlocked A 11 day 0
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
    world.instructions.truncate(1);
    check(
        world,
        "0 CollateralPost A 11 11 day 11 Scenario -
         0 CollateralTimerScheduled A 11 2
         0 RtgsImmediateSettlement tx-0 A B 4 0 -4
         2 CollateralTimerWithdrawn A 1 11 day 0 10
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
}

#[test]
fn a_budget_caps_what_is_released_in_its_tick() {
    let mut world = scenario(2, 1, &[("A", 20), ("B", 0), ("C", 0), ("D", 0)]);
    world.payments.rows = vec![
        payment(0, 0, 1, 2),
        payment(0, 0, 1, 2),
        payment(0, 0, 2, 3),
        payment(0, 0, 1, 1),
        payment(0, 0, 3, 1),
    ];
    let budget = ReleaseBudget {
        max_value_to_release: money(5),
        focus_counterparties: Some(vec![AgentNo(1), AgentNo(2)]),
        max_per_counterparty: Some(money(3)),
    };
    instruct(&mut world, 0, Instruction::SetReleaseBudget { agent: AgentNo(0), budget });
    check(
        world,
        "0 BankBudgetSet A 5 true [B,C] 3 -
         0 PolicyHold tx-1 A CounterpartyBudget - -
         0 PolicyHold tx-3 A BudgetExhausted - -
         0 PolicyHold tx-4 A NotInFocus - -
         0 RtgsImmediateSettlement tx-0 A B 2 20 18
         0 RtgsImmediateSettlement tx-2 A C 3 18 15
         1 RtgsImmediateSettlement tx-1 A B 2 15 13
         1 RtgsImmediateSettlement tx-3 A B 1 13 12
         1 RtgsImmediateSettlement tx-4 A D 1 12 11
         1 EndOfDay 0 0
         1 RunEnded 0",
    );
}
