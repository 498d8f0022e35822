//! Entry, queue 2 and the pass over it.

use psim_model::{Calendar, Clock, EntryOrder, QueueDiscipline, TextColumn, Tick};
use psim_testkit::sketch::{payment, scenario};

use super::{check, lines_of, money};

#[test]
fn a_stream_opens_and_ends() {
    let mut world = scenario(1, 1, &[("A", 10), ("B", 0)]);
    let clock = Clock { opens_at_seconds: 25_200, tick_seconds: 60 };
    world.calendar = Calendar::try_new(1, 1, Some(clock)).unwrap();
    world.currency.code = "EUR".to_owned();
    world.payments.rows = vec![payment(0, 0, 1, 10)];
    world.payments.rows[0].divisible = Some(false);
    world.payments.ids = TextColumn::from_iter(["P-1"]);
    let hash = world.clone().check().unwrap().fingerprint();
    assert_eq!(
        lines_of(world),
        [
            &format!("0 RunStarted 42 v9 {hash} 1 1 25200 60 EUR 2"),
            "0 RulesSet Arrival false false Gross All",
            "0 DelayRatesSet 0e-12 10000e-4 10000e-4 10000e-4 10000e-4 Both",
            "0 AgentOpened A 10 0 0 0 0 0",
            "0 AgentOpened B 0 0 0 0 0 0",
            "0 Arrival P-1 A B 10 0 - 5 Normal false",
            "0 RtgsSubmission P-1 A B 10 5 Normal -",
            "0 RtgsImmediateSettlement P-1 A B 10 10 0",
            "0 EndOfDay 0 0",
            "0 RunEnded 0",
        ]
    );
}

#[test]
fn a_payment_settles_exactly_at_available() {
    // 3 on the account, a credit line of 2 and floor(11 x 0.5) = 5 from collateral.
    let mut world = scenario(1, 1, &[("A", 3), ("B", 0)]);
    world.agents[0].unsecured_cap = money(2);
    world.agents[0].posted_collateral = money(11);
    world.agents[0].collateral_haircut = "0.5".parse().unwrap();
    world.payments.rows = vec![payment(0, 0, 1, 10), payment(0, 0, 1, 1)];
    check(
        world.clone(),
        "0 RtgsImmediateSettlement tx-0 A B 10 3 -7
         0 QueuedRtgs tx-1 A B 1 0 InsufficientLiquidity
         0 EndOfDay 1 0
         0 RunEnded 1",
    );
    world.payments.rows[0].amount = money(11);
    check(
        world,
        "0 QueuedRtgs tx-0 A B 11 10 InsufficientLiquidity
         0 RtgsImmediateSettlement tx-1 A B 1 3 2
         0 EndOfDay 1 0
         0 RunEnded 1",
    );
}

#[test]
fn an_agent_beyond_its_permission_has_nothing_available() {
    let mut world = scenario(1, 1, &[("A", -5), ("B", 4)]);
    world.agents[0].unsecured_cap = money(2);
    world.payments.rows = vec![payment(0, 1, 0, 4), payment(0, 0, 1, 1), payment(0, 0, 1, 2)];
    world.rules.entry_order = EntryOrder::Submission;
    // -5 + 4 = -1 leaves one of the credit line's two; tx-1 takes it.
    check(
        world,
        "0 RtgsImmediateSettlement tx-0 B A 4 4 0
         0 RtgsImmediateSettlement tx-1 A B 1 -1 -2
         0 QueuedRtgs tx-2 A B 2 0 InsufficientLiquidity
         0 EndOfDay 1 0
         0 RunEnded 1",
    );
}

#[test]
fn a_first_payment_blocks_its_sender_only_under_fifo() {
    let mut world = scenario(3, 1, &[("A", 5), ("B", 5)]);
    world.payments.rows =
        vec![payment(0, 0, 1, 9), payment(0, 0, 1, 1), payment(1, 1, 0, 4), payment(2, 1, 0, 1)];
    check(
        world.clone(),
        "0 QueuedRtgs tx-0 A B 9 5 InsufficientLiquidity
         0 RtgsImmediateSettlement tx-1 A B 1 5 4
         1 RtgsImmediateSettlement tx-2 B A 4 6 2
         2 RtgsImmediateSettlement tx-3 B A 1 2 1
         2 Queue2LiquidityRelease tx-0 A B 9 2 9 0
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
    world.rules.queue_discipline = QueueDiscipline::Fifo;
    check(
        world,
        "0 QueuedRtgs tx-0 A B 9 5 InsufficientLiquidity
         0 QueuedRtgs tx-1 A B 1 5 EarlierPayment
         1 RtgsImmediateSettlement tx-2 B A 4 5 1
         1 Queue2LiquidityRelease tx-0 A B 9 1 9 0
         2 RtgsImmediateSettlement tx-3 B A 1 10 9
         2 Queue2LiquidityRelease tx-1 A B 1 2 1 0
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
}

#[test]
fn money_gained_in_a_pass_helps_later_positions_only() {
    let mut world = scenario(3, 1, &[("A", 0), ("B", 0), ("C", 5)]);
    world.payments.rows = vec![payment(0, 1, 2, 5), payment(0, 0, 1, 5), payment(1, 2, 0, 5)];
    // By agent A's payment stands first, and what it pays B settles B's in the same pass.
    check(
        world.clone(),
        "0 QueuedRtgs tx-1 A B 5 0 InsufficientLiquidity
         0 QueuedRtgs tx-0 B C 5 0 InsufficientLiquidity
         1 RtgsImmediateSettlement tx-2 C A 5 5 0
         1 Queue2LiquidityRelease tx-1 A B 5 1 5 0
         1 Queue2LiquidityRelease tx-0 B C 5 1 5 0
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
    // By submission B's stands first and waits for the next pass.
    world.rules.entry_order = EntryOrder::Submission;
    check(
        world,
        "0 QueuedRtgs tx-0 B C 5 0 InsufficientLiquidity
         0 QueuedRtgs tx-1 A B 5 0 InsufficientLiquidity
         1 RtgsImmediateSettlement tx-2 C A 5 5 0
         1 Queue2LiquidityRelease tx-1 A B 5 1 5 0
         2 Queue2LiquidityRelease tx-0 B C 5 2 5 0
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
}

#[test]
fn a_newcomer_is_retried_in_the_tick_it_joins() {
    let mut world = scenario(1, 1, &[("A", 0), ("B", 5)]);
    world.payments.rows = vec![payment(0, 0, 1, 5), payment(0, 1, 0, 5)];
    check(
        world,
        "0 QueuedRtgs tx-0 A B 5 0 InsufficientLiquidity
         0 RtgsImmediateSettlement tx-1 B A 5 5 0
         0 Queue2LiquidityRelease tx-0 A B 5 0 5 0
         0 EndOfDay 0 0
         0 RunEnded 0",
    );
}

#[test]
fn what_comes_before_its_earliest_tick_waits_and_blocks_only_under_fifo() {
    let mut world = scenario(3, 1, &[("A", 10), ("B", 0)]);
    world.payments.rows = vec![payment(0, 0, 1, 3), payment(0, 0, 1, 2)];
    world.payments.rows[0].earliest = Tick(2);
    check(
        world.clone(),
        "0 QueuedRtgs tx-0 A B 3 10 NotBefore
         0 RtgsImmediateSettlement tx-1 A B 2 10 8
         2 Queue2LiquidityRelease tx-0 A B 3 2 8 5
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
    world.rules.queue_discipline = QueueDiscipline::Fifo;
    check(
        world,
        "0 QueuedRtgs tx-0 A B 3 10 NotBefore
         0 QueuedRtgs tx-1 A B 2 10 EarlierPayment
         2 Queue2LiquidityRelease tx-0 A B 3 2 10 7
         2 Queue2LiquidityRelease tx-1 A B 2 2 7 5
         2 EndOfDay 0 0
         2 RunEnded 0",
    );
}
