//! The reference engine against streams that were worked out by hand.

use psim_model::event::Refusal;
use psim_model::{
    AgentNo, AmountDistribution, ArrivalStream, Calendar, Clock, Counterparties, EndOfDay,
    EntryOrder, Escalation, EscalationCurve, Instruction, LimitsBasis, Money, PaymentAction,
    PaymentNo, PaymentRef, Penalty, Policy, Pool, PriorityDistribution, QueueDiscipline,
    ReleaseBudget, RtgsPriority, Scenario, ScenarioEvent, Schedule, ScheduledEvent,
    ScheduledInstruction, Submission, TextColumn, Tick,
};
use psim_testkit::sketch::{payment, scenario};
use psim_testkit::{invariants, reference, transcript};

/// Events that a world with given payments and instructions has in any case.
const EXPECTED_ANYWAY: [&str; 8] = [
    "RunStarted",
    "RulesSet",
    "DelayRatesSet",
    "AgentOpened",
    "PolicyFollowed",
    "InstructionGiven",
    "Arrival",
    "RtgsSubmission",
];

fn lines_of(scenario: Scenario) -> Vec<String> {
    let checked = scenario.check().unwrap();
    let batches = reference::run(&checked, "v9");
    invariants::check(&batches, &checked).unwrap();
    transcript::lines(&batches)
}

/// Compares all events but those of [`EXPECTED_ANYWAY`] with the lines of `expected`.
fn check(scenario: Scenario, expected: &str) {
    let mut found = lines_of(scenario);
    found.retain(|line| !EXPECTED_ANYWAY.contains(&line.split(' ').nth(1).unwrap()));
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(found, expected, "\n{found:#?}\n{expected:#?}");
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

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
    world.payments.rows[2].priority = 9;
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

fn half() -> psim_model::Fraction {
    "0.5".parse().unwrap()
}

fn instruct(world: &mut Scenario, tick: u32, instruction: Instruction) {
    world.instructions.push(ScheduledInstruction { tick: Tick(tick), instruction });
}

fn decide(world: &mut Scenario, tick: u32, number: u32, actions: &[PaymentAction]) {
    let payment = PaymentRef::Number(PaymentNo(number));
    instruct(world, tick, Instruction::Decide { payment, actions: actions.to_vec() });
}

fn happen(world: &mut Scenario, tick: u32, event: ScenarioEvent) {
    let schedule = Schedule::OneTime { tick: Tick(tick) };
    world.events.push(ScheduledEvent { schedule, event });
}

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

/// Expects boosts of a payment of priority 0 that is held, by ticks left to its deadline.
fn check_boosts(curve: EscalationCurve, start: u32, max_boost: u8, expected: &[(u32, u8)]) {
    let mut world = scenario(12, 1, &[("A", 0), ("B", 0)]);
    world.agents[0].policy = Policy::hold();
    world.rules.escalation =
        Some(Escalation { curve, start_escalating_at_ticks: start, max_boost });
    world.payments.rows = vec![payment(0, 0, 1, 1)];
    world.payments.rows[0].deadline = Tick(10);
    world.payments.rows[0].priority = 0;
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

#[test]
fn shocks_say_what_they_did_and_why_not() {
    let mut world = scenario(2, 1, &[("A", 3), ("B", 0)]);
    let (from_agent, to_agent) = (AgentNo(0), AgentNo(1));
    let transfer = ScenarioEvent::DirectTransfer { from_agent, to_agent, amount: money(5) };
    happen(&mut world, 0, transfer);
    let settlement = |from_agent, to_agent, amount| ScenarioEvent::ScheduledSettlement {
        from_agent,
        to_agent,
        amount: money(amount),
    };
    happen(&mut world, 0, settlement(to_agent, from_agent, 6));
    happen(&mut world, 1, settlement(to_agent, from_agent, 4));
    happen(&mut world, 1, ScenarioEvent::ParticipantOutage { agent: from_agent });
    happen(&mut world, 1, settlement(from_agent, to_agent, 1));
    world.rules.deferred_crediting = true;
    world.payments.rows = vec![payment(1, 0, 1, 1)];
    check(
        world,
        r#"0 ScenarioEventExecuted DirectTransfer A B {"amount":5,"from_agent":"A","to_agent":"B"} true -
         0 FundsTransferred A B 5 DirectTransfer 3 -2
         0 AgentOverExtended A 2 DirectTransfer
         0 ScenarioEventExecuted ScheduledSettlement B A {"amount":6,"from_agent":"B","to_agent":"A"} false InsufficientLiquidity
         1 ScenarioEventExecuted ScheduledSettlement B A {"amount":4,"from_agent":"B","to_agent":"A"} true -
         1 FundsTransferred B A 4 ScheduledSettlement 5 1
         1 ScenarioEventExecuted ParticipantOutage A - {"agent":"A"} true -
         1 ParticipantOutage A
         1 ScenarioEventExecuted ScheduledSettlement A B {"amount":1,"from_agent":"A","to_agent":"B"} false Outage
         1 PolicyHold tx-0 A Outage - -
         1 DeferredCreditApplied A 4 2 []
         1 EndOfDay 1 0
         1 RunEnded 1"#,
    );
}

#[test]
fn a_weight_of_nothing_is_never_drawn() {
    let mut world = scenario(30, 1, &[("A", 0), ("B", 0), ("C", 0), ("D", 0)]);
    world.agents[0].arrivals.push(ArrivalStream {
        rate_per_tick: 2.0,
        amount: AmountDistribution::Uniform { min: money(1), max: money(1) },
        counterparties: Counterparties::Uniform,
        deadline_min: 1,
        deadline_max: 1,
        priority: PriorityDistribution::Fixed(5),
        divisible: None,
    });
    let weight = |counterparty, new_weight| ScenarioEvent::CounterpartyWeightChange {
        agent: AgentNo(0),
        counterparty: AgentNo(counterparty),
        new_weight,
        auto_balance_others: true,
    };
    // Of weights 1, 1, 1 first B's goes, then D takes all that is left; more it cannot have.
    happen(&mut world, 0, weight(1, 0.0));
    happen(&mut world, 10, weight(3, 3.0));
    happen(&mut world, 20, weight(3, 4.0));
    let lines = lines_of(world);
    let paid = |receiver: &str, ticks: std::ops::Range<u32>| {
        let arrivals = lines.iter().filter(|line| line.contains(" Arrival "));
        arrivals
            .filter(|line| {
                let words: Vec<&str> = line.split(' ').collect();
                words[4] == receiver && ticks.contains(&words[0].parse().unwrap())
            })
            .count()
    };
    assert_eq!((paid("B", 0..30), paid("C", 10..30)), (0, 0));
    assert!(paid("C", 0..10) > 3 && paid("D", 0..10) > 3 && paid("D", 10..30) > 20);
    assert!(lines.iter().any(|line| line.ends_with("false NoWeightLeft")));
}

#[test]
fn calls_come_between_ticks_or_leave_no_trace() {
    let mut world = scenario(2, 1, &[("A", 5), ("B", 0)]);
    let agent = AgentNo(0);
    instruct(&mut world, 0, Instruction::UpdateAgentPolicy { agent, policy: Policy::hold() });
    let checked = world.check().unwrap();
    let mut run = reference::Reference::new(&checked, "v9");
    let submission = |deadline, id: &str| {
        Instruction::SubmitTransaction(Submission {
            id: Some(id.to_owned()),
            sender: agent,
            receiver: AgentNo(1),
            amount: money(5),
            deadline_tick: Tick(deadline),
            earliest_tick: None,
            priority: 5,
            rtgs_priority: RtgsPriority::Urgent,
            divisible: None,
        })
    };
    assert_eq!(run.instruct(&submission(0, "call")), Err(Refusal::DeadlinePassed));
    assert_eq!(run.instruct(&submission(9, "call")), Ok(()));
    assert_eq!(run.instruct(&submission(9, "call")), Err(Refusal::IdInUse));
    let first = run.next().unwrap().unwrap();
    let payment = PaymentRef::Id("call".to_owned());
    let actions = vec![PaymentAction::Release {
        rtgs_priority: None,
        priority: Some(9),
        timed_for_tick: None,
    }];
    assert_eq!(run.instruct(&Instruction::Decide { payment, actions }), Ok(()));
    let batches = [first, run.next().unwrap().unwrap()];
    invariants::check(&batches, &checked).unwrap();
    let lines = transcript::lines(&batches);
    let from = lines.iter().position(|line| line.contains("InstructionGiven")).unwrap();
    let without_arguments: Vec<String> = lines[from..]
        .iter()
        .map(|line| {
            let Some((before, arguments)) = line.split_once(" {") else { return line.clone() };
            let after = arguments.rsplit_once('}').map_or("", |(_, after)| after);
            format!("{before}{after}")
        })
        .collect();
    assert_eq!(
        without_arguments,
        [
            "0 InstructionGiven Api SubmitTransaction A - -",
            "0 Arrival call A B 5 1 - 5 Urgent -",
            "0 InstructionGiven Scenario UpdateAgentPolicy A - -",
            "0 PolicyReplaced A hold Scenario",
            "0 PolicyHold call A PolicyDecision - -",
            "1 InstructionGiven Api Decide - call -",
            "1 TransactionReprioritized call A 5 9 -",
            "1 RtgsSubmission call A B 5 9 Urgent -",
            "1 RtgsImmediateSettlement call A B 5 5 0",
            "1 EndOfDay 0 0",
            "1 RunEnded 0",
        ]
    );
}
