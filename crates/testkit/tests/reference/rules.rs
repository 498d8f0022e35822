//! Rules that a scenario may switch on.

use psim_model::{
    AgentNo, EntryOrder, Escalation, EscalationCurve, LimitsBasis, Policy, Priority, RtgsPriority,
    Tick,
};
use psim_testkit::sketch::{payment, scenario};

use super::{check, lines_of, money};

#[test]
fn an_entering_payment_offsets_one_queued_the_other_way() {
    let mut world = scenario(1, 1, &[("A", 3), ("B", 0)]);
    world.rules.entry_order = EntryOrder::Submission;
    world.rules.entry_disposition_offsetting = true;
    world.payments.rows = vec![payment(0, 1, 0, 5), payment(0, 0, 1, 8)];
    check(
        world.clone(),
        "0 QueuedRtgs tx-0 B A 5 0 InsufficientLiquidity
         0 EntryDispositionOffset [tx-1,tx-0] [8,5] [A,B] [-3,3] 13 3 A
         0 EndOfDay 0 0
         0 RunEnded 0",
    );
    world.rules.deferred_crediting = true;
    check(
        world.clone(),
        "0 QueuedRtgs tx-0 B A 5 0 InsufficientLiquidity
         0 EntryDispositionOffset [tx-1,tx-0] [8,5] [A,B] [-3,3] 13 3 A
         0 DeferredCreditApplied B 3 3 [tx-1]
         0 EndOfDay 0 0
         0 RunEnded 0",
    );
    // Nobody pays on balance, and so nobody is credited.
    world.payments.rows[1].amount = money(5);
    check(
        world.clone(),
        "0 QueuedRtgs tx-0 B A 5 0 InsufficientLiquidity
         0 EntryDispositionOffset [tx-1,tx-0] [5,5] [A,B] [0,0] 10 0 -
         0 EndOfDay 0 0
         0 RunEnded 0",
    );
    // A payment for which liquidity is there settles by itself.
    world.rules.deferred_crediting = false;
    world.payments.rows[1].amount = money(2);
    check(
        world,
        "0 QueuedRtgs tx-0 B A 5 0 InsufficientLiquidity
         0 RtgsImmediateSettlement tx-1 A B 2 3 1
         0 EndOfDay 1 0
         0 RunEnded 1",
    );
}

#[test]
fn a_deferred_credit_helps_in_the_next_tick() {
    let mut world = scenario(2, 1, &[("A", 5), ("B", 0)]);
    world.rules.deferred_crediting = true;
    world.payments.rows = vec![payment(0, 0, 1, 3), payment(0, 0, 1, 2), payment(0, 1, 0, 5)];
    check(
        world,
        "0 RtgsImmediateSettlement tx-0 A B 3 5 2
         0 RtgsImmediateSettlement tx-1 A B 2 2 0
         0 QueuedRtgs tx-2 B A 5 0 InsufficientLiquidity
         0 DeferredCreditApplied B 5 5 [tx-0,tx-1]
         1 Queue2LiquidityRelease tx-2 B A 5 1 5 0
         1 DeferredCreditApplied A 5 5 [tx-2]
         1 EndOfDay 0 0
         1 RunEnded 0",
    );
}

#[test]
fn limits_hold_for_a_day() {
    let mut world = scenario(1, 2, &[("A", 20), ("B", 0), ("C", 0)]);
    world.agents[0].limits.multilateral = Some(money(8));
    world.agents[0].limits.bilateral = vec![(AgentNo(1), money(5))];
    world.payments.rows =
        vec![payment(0, 0, 1, 4), payment(0, 0, 1, 2), payment(0, 0, 2, 5), payment(0, 0, 2, 4)];
    check(
        world,
        "0 LimitsSet A 8 [B] [5]
         0 RtgsImmediateSettlement tx-0 A B 4 20 16
         0 BilateralLimitExceeded tx-1 A B 2 5 4 1
         0 QueuedRtgs tx-1 A B 2 16 BilateralLimit
         0 MultilateralLimitExceeded tx-2 A C 5 8 4 4
         0 QueuedRtgs tx-2 A C 5 16 MultilateralLimit
         0 RtgsImmediateSettlement tx-3 A C 4 16 12
         0 EndOfDay 2 0
         1 Queue2LiquidityRelease tx-1 A B 2 1 12 10
         1 Queue2LiquidityRelease tx-2 A C 5 1 10 5
         1 EndOfDay 0 0
         1 RunEnded 0",
    );
}

#[test]
fn what_is_received_makes_room_under_net_limits() {
    let mut world = scenario(1, 1, &[("A", 9), ("B", 9)]);
    world.rules.limits_basis = LimitsBasis::Net;
    world.rules.entry_order = EntryOrder::Submission;
    world.agents[0].limits.bilateral = vec![(AgentNo(1), money(2))];
    world.payments.rows = vec![payment(0, 1, 0, 3), payment(0, 0, 1, 5), payment(0, 0, 1, 1)];
    // Used before tx-1: -3, which leaves 5.
    check(
        world,
        "0 LimitsSet A - [B] [2]
         0 RtgsImmediateSettlement tx-0 B A 3 9 6
         0 RtgsImmediateSettlement tx-1 A B 5 12 7
         0 BilateralLimitExceeded tx-2 A B 1 2 2 0
         0 QueuedRtgs tx-2 A B 1 7 BilateralLimit
         0 EndOfDay 1 0
         0 RunEnded 1",
    );
}

#[test]
fn reservations_are_for_higher_classes() {
    let mut world = scenario(1, 1, &[("A", 10), ("B", 0)]);
    world.agents[0].reservations.highly_urgent = money(3);
    world.agents[0].reservations.urgent = money(2);
    world.payments.rows = vec![payment(0, 0, 1, 6), payment(0, 0, 1, 8), payment(0, 0, 1, 8)];
    world.payments.rows[1].rtgs_priority = RtgsPriority::Urgent;
    world.payments.rows[2].rtgs_priority = RtgsPriority::HighlyUrgent;
    check(
        world,
        "0 ReservationsSet A 3 2
         0 QueuedRtgs tx-0 A B 6 5 InsufficientLiquidity
         0 QueuedRtgs tx-1 A B 8 7 InsufficientLiquidity
         0 RtgsImmediateSettlement tx-2 A B 8 10 2
         0 EndOfDay 2 0
         0 RunEnded 2",
    );
}

#[test]
fn a_higher_class_goes_before_and_may_block() {
    let mut world = scenario(2, 1, &[("A", 0), ("B", 4)]);
    world.rules.priority_mode = true;
    world.payments.rows =
        vec![payment(0, 0, 1, 3), payment(0, 0, 1, 4), payment(1, 0, 1, 1), payment(1, 1, 0, 3)];
    world.payments.rows[1].rtgs_priority = RtgsPriority::Urgent;
    check(
        world.clone(),
        "0 QueuedRtgs tx-0 A B 3 0 InsufficientLiquidity
         0 QueuedRtgs tx-1 A B 4 0 InsufficientLiquidity
         1 QueuedRtgs tx-2 A B 1 0 InsufficientLiquidity
         1 RtgsImmediateSettlement tx-3 B A 3 4 1
         1 Queue2LiquidityRelease tx-0 A B 3 1 3 0
         1 EndOfDay 2 0
         1 RunEnded 2",
    );
    world.rules.priority_blocking = true;
    check(
        world.clone(),
        "0 QueuedRtgs tx-0 A B 3 0 InsufficientLiquidity
         0 QueuedRtgs tx-1 A B 4 0 InsufficientLiquidity
         1 QueuedRtgs tx-2 A B 1 0 HigherPriority
         1 RtgsImmediateSettlement tx-3 B A 3 4 1
         1 EndOfDay 3 0
         1 RunEnded 3",
    );
    world.payments.rows[1].amount = money(2);
    check(
        world,
        "0 QueuedRtgs tx-0 A B 3 0 InsufficientLiquidity
         0 QueuedRtgs tx-1 A B 2 0 InsufficientLiquidity
         1 QueuedRtgs tx-2 A B 1 0 HigherPriority
         1 RtgsImmediateSettlement tx-3 B A 3 4 1
         1 Queue2LiquidityRelease tx-1 A B 2 1 3 1
         1 Queue2LiquidityRelease tx-2 A B 1 0 1 0
         1 EndOfDay 1 0
         1 RunEnded 1",
    );
}

/// Expects boosts of a payment of priority 0 that is held, by ticks left to its deadline.
fn check_boosts(curve: EscalationCurve, start: u32, max_boost: u8, expected: &[(u32, u8)]) {
    let mut world = scenario(12, 1, &[("A", 0), ("B", 0)]);
    world.agents[0].policy = Policy::hold();
    world.rules.escalation =
        Some(Escalation { curve, start_escalating_at_ticks: start, max_boost });
    world.payments.rows = vec![payment(0, 0, 1, 1)];
    world.payments.rows[0].deadline = Tick(10);
    world.payments.rows[0].priority = Priority::MIN;
    let lines = lines_of(world);
    let escalated = lines.iter().filter(|line| line.contains("PriorityEscalated"));
    let found: Vec<&String> = escalated.collect();
    let line = |(left, boost): &(u32, u8)| {
        format!("{} PriorityEscalated tx-0 A 0 {boost} {left} {boost}", 10 - left)
    };
    let expected: Vec<String> = expected.iter().map(line).collect();
    assert_eq!(found, expected.iter().collect::<Vec<_>>());
}

#[test]
fn priorities_rise_along_their_curves() {
    // 10 / 4 = 2.5, 5, 7.5, 10.
    check_boosts(EscalationCurve::Linear, 4, 10, &[(3, 3), (2, 5), (1, 8), (0, 10)]);
    // 10 / 16 = 0.6 and, with 6, 5, 4 … left, 1.25, 1.8, 2.5, 3.5, 5, 7.1, 10.
    let exponential = [(8, 1), (5, 2), (4, 3), (3, 4), (2, 5), (1, 7), (0, 10)];
    check_boosts(EscalationCurve::Exponential, 8, 10, &exponential);
    check_boosts(EscalationCurve::Step, 7, 10, &[(7, 4), (4, 7), (2, 10)]);
    check_boosts(EscalationCurve::Step, 0, 9, &[(0, 9)]);
}
