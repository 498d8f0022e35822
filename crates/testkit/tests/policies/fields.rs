//! Each field, in a scene of which the books can be kept by hand.
//!
//! B begins with 1,000, and 500 of its pool each morning. On the first day it pays 500, 200 and 50
//! and receives 300, 100 and 10; so it has 660 in the evening, when the pool's share has gone back,
//! and 1,160 in the morning. It pays 1,900 and 100 and receives 90: -750. Cap 500 and collateral
//! worth 800 allow -1,300.
//!
//! It is charged 1 a tick for collateral (1.1) and 1 for the pool; on the first day also 4 for the
//! delay of 40 in the last two ticks: 28. On the second day the overdraft costs 1 a tick (0.84 and
//! 0.75); delay of 40 costs 4 in tick 10, of 40, 660, 500 and 330 together 153 in ticks 11 and 12,
//! and of these with the 500 overdue 178 in tick 13; 7 are for the split, and 3 a part for its
//! deadline.

use psim_model::event::Event;
use psim_model::{Limits, Money, Scenario};
use psim_policy::Field;

use super::scene::{NOW, scene};
use super::{policy, run};

/// The way of the part if a field is what is expected.
const FOUND: &str = "where(true) → probe(true) → yes";

/// What is to be found for a field.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Is(f64),
    Infinite,
}

/// Returns what a field is for the first part of the payment that was split.
#[expect(clippy::too_many_lines, clippy::match_same_arms, reason = "a table of all fields")]
fn expected(field: Field) -> Expected {
    let number = match field {
        Field::Amount | Field::RemainingAmount => 250.0,
        Field::SettledAmount => 0.0,
        Field::ArrivalTick => 11.0,
        Field::DeadlineTick => 12.0,
        Field::EarliestTick => 19.0,
        Field::Priority => 4.0,
        Field::OriginalPriority => 3.0,
        Field::RtgsPriority => 1.0,
        Field::IsSplit | Field::IsDivisible | Field::IsPastDeadline | Field::IsOverdue => 1.0,
        Field::OverdueDuration => 1.0,
        Field::IsInQueue2 => 1.0,
        Field::TicksToDeadline => -2.0,
        Field::QueueAge => 2.0,
        Field::TicksSinceArrival => 3.0,
        Field::CostDelayThisTxOneTick => 25.0,
        Field::CostOverdraftThisAmountOneTick => 0.25,

        Field::Balance => -750.0,
        Field::UnsecuredCap => 500.0,
        Field::CreditUsed => 750.0,
        Field::AvailableLiquidity => 520.0, // of 550, for an urgent payment
        Field::CreditHeadroom => -250.0,
        Field::EffectiveLiquidity => 550.0,
        Field::IsUsingCredit | Field::IsOverdraftCapped => 1.0,
        Field::LiquidityBuffer => 77.0,
        Field::LiquidityPressure => 1.0,
        Field::AllowedOverdraftLimit => 1_300.0,
        Field::OverdraftHeadroom => 550.0,
        Field::OverdraftUtilization => 750.0 / 1_300.0,
        Field::LiquidityPool => 1_000.0,
        Field::LiquidityAllocated => 500.0,

        Field::OutgoingQueueSize => 2.0,
        Field::Queue1TotalValue => 700.0,
        Field::Queue1LiquidityGap => 150.0,
        Field::Headroom => -150.0,
        Field::ValueReleasedThisTick => 35.0,
        Field::CountReleasedThisTick => 2.0,
        Field::ReleaseBudgetRemaining => 65.0,

        Field::CurrentTick => 14.0,
        Field::TotalAgents => 9.0,
        Field::RtgsQueueSize => 11.0,
        Field::RtgsQueueValue => 1_140.0,
        Field::Queue2CountForAgent => 6.0,
        Field::Queue2NearestDeadline => 12.0,
        Field::TicksToNearestQueue2Deadline => 0.0,
        // 1/(1 + exp(-22/90))
        Field::SystemQueue2PressureIndex => 0.560_808_620_333_096_5,

        Field::PostedCollateral => 1_000.0,
        Field::CollateralValue => 800.0,
        Field::MaxCollateralCapacity => 3_000.0,
        Field::RemainingCollateralCapacity => 2_000.0,
        Field::CollateralUtilization => 1.0 / 3.0,
        Field::CollateralHaircut => 0.2,
        Field::RequiredCollateralForUsage => 313.0,
        Field::ExcessCollateral | Field::WithdrawableCollateral => 687.0,

        Field::CostOverdraftBpsPerTick => 10.0,
        Field::CostDelayPerTickPerCent => 0.1,
        Field::CostCollateralBpsPerTick => 11.0,
        Field::CostLiquidityBpsPerTick => 20.0,
        Field::CostSplitFriction => 7.0,
        Field::CostOverdueDelayMultiplier => 1.5,
        Field::CostDeadlinePenalty => 3.0,
        Field::CostEodPenalty => 5.0,
        Field::MyCostToday => 7.0 + 156.0 + 163.0 + 187.0,
        Field::MyCostTotal => 28.0 + 513.0,
        Field::MyLiquidityCostToday => 4.0,
        Field::MyDelayCostToday => 4.0 + 153.0 + 153.0 + 178.0,
        Field::MyCollateralCostToday => 4.0,
        Field::MyPenaltyCostToday => 6.0,

        Field::SystemTicksPerDay => 10.0,
        Field::SystemCurrentDay => 1.0,
        Field::SystemTickInDay => 4.0,
        Field::TicksRemainingInDay => 5.0,
        Field::DayProgressFraction | Field::ExpectedThroughputFractionByNow => 0.4,
        Field::IsEodRush => 1.0,
        Field::TicksToCutoff => 4.0,

        // 40 were left over; the others came today.
        Field::MyThroughputFractionToday => 2_000.0 / 3_565.0,
        Field::ThroughputGap => 2_000.0 / 3_565.0 - 0.4,
        Field::SystemThroughputGuidanceFractionByTick => 0.3,
        Field::MyValueSentToday => 2_000.0,
        Field::MyValueReceivedToday => 90.0,

        Field::IncomingExpectedCount => 5.0,
        Field::IncomingExpectedValue => 310.0,
        Field::LsmRunRateLast10Ticks => 0.2,
        Field::TxCounterpartyId => 6_171_007_023_890_500.0,
        Field::TxIsTopCounterparty => 1.0,
        Field::MyQ2OutValueToCounterparty | Field::MyQ2OutValueTop1 => 500.0,
        Field::MyQ2InValueFromCounterparty | Field::MyQ2InValueTop1 => 140.0,
        Field::MyBilateralNetQ2 | Field::MyBilateralNetQ2Top1 => 360.0,
        Field::MyQ2OutValueTop2 => 120.0,
        Field::MyQ2OutValueTop3 => 110.0,
        Field::MyQ2OutValueTop4 => 70.0,
        Field::MyQ2OutValueTop5 => 30.0,
        Field::MyQ2InValueTop2 => 95.0,
        Field::MyQ2InValueTop3 => 45.0,
        Field::MyQ2InValueTop4 => 25.0,
        Field::MyQ2InValueTop5 => 5.0,
        Field::MyBilateralNetQ2Top2 => -95.0,
        Field::MyBilateralNetQ2Top3 => 85.0,
        Field::MyBilateralNetQ2Top4 => 75.0,
        Field::MyBilateralNetQ2Top5 => 65.0,
        // C 2,200, A 600, D 290, E 100, F 50, G 10
        Field::TopCpty1IdHash => 6_171_008_097_632_324.0,
        Field::TopCpty2IdHash => 6_171_007_023_890_500.0,
        Field::TopCpty3IdHash => 6_171_005_413_277_763.0,
        Field::TopCpty4IdHash => 6_171_004_876_406_851.0,
        Field::TopCpty5IdHash => 6_171_006_487_019_588.0,

        Field::BilateralLimit => 5_000.0,
        Field::BilateralLimitUsed => 100.0,
        Field::BilateralLimitRoom => 4_900.0,
        Field::MultilateralLimit => 9_000.0,
        Field::MultilateralLimitUsed => 2_000.0,
        Field::MultilateralLimitRoom => 7_000.0,
    };
    Expected::Is(number)
}

fn literal(expected: Expected) -> String {
    match expected {
        Expected::Is(number) => format!(r#"{{"value": {number:?}}}"#),
        Expected::Infinite => {
            let large = r#"{"value": 1e300}"#;
            format!(r#"{{"compute": {{"op": "*", "left": {large}, "right": {large}}}}}"#)
        }
    }
}

/// Holds what has a priority below 5 and releases the rest; in queue 2, where it is asked as it
/// might withdraw, it only looks whether a field is what is expected.
fn probing(field: Field, expected: Expected) -> String {
    let (name, value) = (field.name(), literal(expected));
    let leaf = |id: &str, action: &str| {
        format!(r#"{{"type": "action", "node_id": "{id}", "action": "{action}"}}"#)
    };
    let branch = |id: &str, left: &str, sign: &str, right: &str, on_true: &str, on_false: &str| {
        format!(
            r#"{{"type": "condition", "node_id": "{id}",
                "condition": {{"op": "{sign}", "left": {{"field": "{left}"}}, "right": {right}}},
                "on_true": {on_true}, "on_false": {on_false}}}"#
        )
    };
    let never = branch(
        "never",
        "total_agents",
        "<",
        r#"{"value": 0}"#,
        &leaf("withdraw", "WithdrawFromRtgs"),
        &leaf("no", "Hold"),
    );
    let probe = branch("probe", name, "==", &value, &leaf("yes", "Hold"), &never);
    let usual = branch(
        "usual",
        "priority",
        ">=",
        r#"{"value": 5}"#,
        &leaf("release", "Release"),
        &leaf("hold", "Hold"),
    );
    let root = branch("where", "is_in_queue2", "==", r#"{"value": true}"#, &probe, &usual);
    format!(r#""payment_tree": {root}"#)
}

/// Returns the way that was taken about the first part.
fn way(field: Field, expected: Expected, change: impl Fn(&mut Scenario)) -> String {
    let mut scene = scene(policy(&probing(field, expected)));
    change(&mut scene);
    let stream = run(scene);
    let events =
        || stream.iter().flat_map(|batch| batch.events().iter().map(move |it| (batch, it)));
    let part = events().find_map(|(batch, event)| match event {
        Event::PolicySplit(e) => e.child_ids.of(batch.columns()).first().copied(),
        _ => None,
    });
    let decided = events().find_map(|(batch, event)| match event {
        Event::PolicyDecision(e) if e.tx_id == part && batch.tick().0 == NOW => {
            Some(batch.text_of(e.decision_path).to_owned())
        }
        _ => None,
    });
    decided.expect("the part is asked about")
}

#[test]
fn each_field_is_what_its_meaning_says() {
    let different: Vec<String> = Field::ALL
        .iter()
        .filter(|field| way(**field, expected(**field), |_| {}) != FOUND)
        .map(|field| format!("{} is not {:?}", field.name(), expected(*field)))
        .collect();
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn another_value_is_not_found() {
    let way = way(Field::Balance, Expected::Is(-750.000_001), |_| {});
    assert_eq!(way, "where(true) → probe(false) → never(false) → no");
}

/// Without limits, without a budget, with money on the account and within the holding period.
#[test]
fn some_fields_are_otherwise_elsewhere() {
    for (field, expected) in [
        (Field::BilateralLimit, Expected::Infinite),
        (Field::BilateralLimitUsed, Expected::Is(0.0)),
        (Field::BilateralLimitRoom, Expected::Infinite),
        (Field::MultilateralLimit, Expected::Infinite),
        (Field::MultilateralLimitUsed, Expected::Is(0.0)),
        (Field::MultilateralLimitRoom, Expected::Infinite),
        (Field::ReleaseBudgetRemaining, Expected::Infinite),
        (Field::SystemThroughputGuidanceFractionByTick, Expected::Is(0.4)),
        // 1 - 250/(250 + 500 + 1,000)
        (Field::LiquidityPressure, Expected::Is(1_500.0 / 1_750.0)),
        (Field::Queue1LiquidityGap, Expected::Is(0.0)),
        (Field::RequiredCollateralForUsage, Expected::Is(0.0)),
        (Field::IsEodRush, Expected::Is(0.0)),
    ] {
        let way = way(field, expected, |scene| {
            scene.agents[1].limits = Limits::default();
            scene.agents[1].opening_balance = Money::from_minor(2_000);
            scene.instructions.truncate(1);
            scene.policies.throughput_guideline.clear();
            scene.policies.eod_rush_threshold = 0.5;
        });
        assert_eq!(way, FOUND, "{} is not {expected:?}", field.name());
    }
}
