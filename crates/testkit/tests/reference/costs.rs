//! What a run costs, and how its days end.

use psim_model::{EndOfDay, Penalty, Policy, Pool, Priority, Tick};
use psim_testkit::reference;
use psim_testkit::sketch::{payment, scenario};

use super::{check, half, money};

#[test]
fn what_settles_in_the_tick_it_becomes_overdue_pays_the_penalty() {
    let mut world = scenario(3, 1, &[("A", 0), ("B", 5)]);
    world.costs.deadline_penalty = Penalty::Fixed(money(7));
    world.payments.rows = vec![payment(0, 0, 1, 5), payment(2, 1, 0, 5)];
    world.payments.rows[0].deadline = Tick(1);
    check(
        world,
        "0 QueuedRtgs tx-0 A B 5 0 InsufficientLiquidity
         2 TransactionWentOverdue tx-0 A B 5 5 1 1 7
         2 RtgsImmediateSettlement tx-1 B A 5 5 0
         2 Queue2LiquidityRelease tx-0 A B 5 2 5 0
         2 OverdueTransactionSettled tx-0 A B 5 5 1 2 1 7
         2 CostAccrual A 0 0 0 7 0 0 7
         2 EndOfDay 0 7
         2 RunEnded 0",
    );
}

#[test]
fn a_held_payment_that_settles_late_on_entry_was_overdue_too() {
    let mut world = scenario(2, 2, &[("A", 5), ("B", 0)]);
    world.rules.cutoff_tick_in_day = 0;
    world.payments.rows = vec![payment(1, 0, 1, 5)];
    world.payments.rows[0].deadline = Tick(1);
    world.costs.eod_penalty = Penalty::Fixed(money(3));
    check(
        world,
        "1 PolicyHold tx-0 A CutOff - -
         1 CostAccrual A 0 0 0 3 0 0 3
         1 EndOfDayPenalty tx-0 A 3
         1 EndOfDay 1 3
         2 TransactionWentOverdue tx-0 A B 5 5 1 1 0
         2 RtgsImmediateSettlement tx-0 A B 5 5 0
         2 OverdueTransactionSettled tx-0 A B 5 5 1 2 1 0
         3 EndOfDay 0 0
         3 RunEnded 0",
    );
}

#[test]
fn a_pool_that_goes_back_may_leave_its_agent_beyond_permission() {
    let mut world = scenario(1, 2, &[("A", 0), ("B", 0)]);
    world.agents[0].liquidity_pool = Some(Pool { amount: money(21), fraction: Some(half()) });
    world.payments.rows = vec![payment(0, 0, 1, 10)];
    check(
        world.clone(),
        "0 LiquidityAllocation A 0.5 10 10
         0 RtgsImmediateSettlement tx-0 A B 10 10 0
         0 EndOfDay 0 0
         0 LiquidityReturn A 10 -10
         0 AgentOverExtended A 10 LiquidityReturn
         1 LiquidityAllocation A 0.5 10 0
         1 EndOfDay 0 0
         1 LiquidityReturn A 10 -10
         1 AgentOverExtended A 10 LiquidityReturn
         1 RunEnded 0",
    );
    world.rules.daily_liquidity_reallocation = false;
    check(
        world,
        "0 LiquidityAllocation A 0.5 10 10
         0 RtgsImmediateSettlement tx-0 A B 10 10 0
         0 EndOfDay 0 0
         1 EndOfDay 0 0
         1 RunEnded 0",
    );
}

#[test]
fn cancelled_payments_are_charged_for_the_day_and_no_further() {
    let mut world = scenario(1, 2, &[("A", 0), ("B", 0)]);
    world.rules.end_of_day = EndOfDay::Cancel;
    world.costs.eod_penalty = Penalty::Fixed(money(4));
    world.payments.rows = vec![payment(0, 0, 1, 5), payment(1, 0, 1, 6)];
    // The first is due on the second day only.
    check(
        world,
        "0 QueuedRtgs tx-0 A B 5 0 InsufficientLiquidity
         0 EndOfDay 1 0
         0 PolicyDrop tx-0 A Closed 0 -
         1 QueuedRtgs tx-1 A B 6 0 InsufficientLiquidity
         1 CostAccrual A 0 0 0 4 0 0 4
         1 EndOfDayPenalty tx-1 A 4
         1 EndOfDay 1 4
         1 PolicyDrop tx-1 A Closed 0 -
         1 RunEnded 0",
    );
}

#[test]
fn each_cost_is_rounded_once() {
    let mut world = scenario(2, 1, &[("A", 0), ("B", 0)]);
    world.agents[0].unsecured_cap = money(100);
    world.agents[0].posted_collateral = money(30);
    world.agents[0].liquidity_pool = Some(Pool { amount: money(8), fraction: Some(half()) });
    world.payments.rows = vec![payment(0, 0, 1, 54), payment(0, 0, 1, 101), payment(0, 0, 1, 103)];
    world.payments.rows[1].deadline = Tick(0);
    world.payments.rows[2].priority = Priority::clamped(9);
    let costs = &mut world.costs;
    costs.overdraft_bps_per_tick = "100".parse().unwrap(); // of 50: 0.5
    costs.collateral_cost_per_tick_bps = "250".parse().unwrap(); // of 30: 0.75
    costs.liquidity_cost_per_tick_bps = "1250".parse().unwrap(); // of 4: 0.5
    costs.delay_cost_per_tick_per_cent = "0.5".parse().unwrap();
    costs.overdue_delay_multiplier = "2".parse().unwrap();
    costs.priority_delay_multipliers.0[2] = "1.5".parse().unwrap();
    costs.deadline_penalty = Penalty::Bps("100".parse().unwrap()); // of 101: 1.01
    costs.eod_penalty = Penalty::Bps("5000".parse().unwrap()); // of 101: 50.5, of 103: 51.5
    // Available after tx-0: -50 + 100 + 30 = 80.
    // Delay: (101 + 1.5 x 103) / 2 = 127.75, then (2 x 101 + 1.5 x 103) / 2 = 178.25.
    check(
        world,
        "0 LiquidityAllocation A 0.5 4 4
         0 RtgsImmediateSettlement tx-0 A B 54 4 -50
         0 QueuedRtgs tx-1 A B 101 80 InsufficientLiquidity
         0 QueuedRtgs tx-2 A B 103 80 InsufficientLiquidity
         0 CostAccrual A 1 128 1 0 0 1 131
         1 TransactionWentOverdue tx-1 A B 101 101 0 1 1
         1 CostAccrual A 1 178 1 104 0 1 285
         1 EndOfDayPenalty tx-1 A 51
         1 EndOfDayPenalty tx-2 A 52
         1 EndOfDay 2 104
         1 LiquidityReturn A 4 -54
         1 RunEnded 2",
    );
}

#[test]
fn delay_may_cost_in_queue_1_only() {
    let mut world = scenario(1, 1, &[("A", 0), ("B", 0)]);
    world.agents[1].policy = Policy::hold();
    world.payments.rows = vec![payment(0, 0, 1, 10), payment(0, 1, 0, 20)];
    world.costs.delay_cost_per_tick_per_cent = "1".parse().unwrap();
    let both = "0 PolicyHold tx-1 B PolicyDecision - -
         0 QueuedRtgs tx-0 A B 10 0 InsufficientLiquidity
         0 CostAccrual A 0 10 0 0 0 0 10
         0 CostAccrual B 0 20 0 0 0 0 20
         0 EndOfDay 2 0
         0 RunEnded 2";
    check(world.clone(), both);
    world.rules.delay_cost_queues = psim_model::DelayCostQueues::Queue1;
    check(world, &both.replace("0 CostAccrual A 0 10 0 0 0 0 10\n", ""));
}

#[test]
fn a_cost_that_does_not_fit_ends_the_run() {
    let mut world = scenario(2, 1, &[("A", 0), ("B", 0)]);
    world.payments.rows = vec![payment(1, 0, 1, i64::MAX)];
    world.costs.delay_cost_per_tick_per_cent = "1.5".parse().unwrap();
    let mut run = reference::Reference::new(&world.check().unwrap(), "v9");
    assert!(run.next().unwrap().is_ok());
    assert!(run.next().unwrap().is_err());
    assert!(run.next().is_none());
}
