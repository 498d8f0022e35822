//! What fields are called in sentences. In the payment tree "it" is the payment.

use crate::fields::Field;

/// How a sentence speaks of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// A number, as a noun.
    Noun(&'static str),
    /// A tick of the run or of the day: 5 is tick 5, and not 5 ticks.
    Moment(&'static str),
    /// Yes or no, as a clause; `{}` is where "not" goes.
    Clause(&'static str),
    /// A class, whose numbers have names.
    Class(&'static str),
}

/// Returns how a sentence speaks of a field.
#[allow(clippy::too_many_lines)] // a table
pub(super) const fn phrase(field: Field) -> Phrase {
    use Phrase::{Class, Clause, Moment, Noun};
    match field {
        Field::Amount => Noun("its amount"),
        Field::RemainingAmount => Noun("its unsettled amount"),
        Field::SettledAmount => Noun("its settled amount"),
        Field::ArrivalTick => Moment("the tick of its arrival"),
        Field::DeadlineTick => Moment("its deadline"),
        Field::EarliestTick => Moment("the first tick on which it may settle"),
        Field::Priority => Noun("its priority"),
        Field::OriginalPriority => Noun("its original priority"),
        Field::RtgsPriority => Class("its class"),
        Field::IsSplit => Clause("it is {}part of a split payment"),
        Field::IsDivisible => Clause("it may {}be split"),
        Field::IsPastDeadline => Clause("its deadline has {}passed"),
        Field::IsOverdue => Clause("it is {}overdue"),
        Field::OverdueDuration => Noun("the time since it became overdue"),
        Field::IsInQueue2 => Clause("it is {}in queue 2"),
        Field::TicksToDeadline => Noun("the time to its deadline"),
        Field::QueueAge => Noun("its time in this queue"),
        Field::TicksSinceArrival => Noun("the time since its arrival"),
        Field::CostDelayThisTxOneTick => Noun("its delay cost per tick"),
        Field::CostOverdraftThisAmountOneTick => Noun("the overdraft cost of its amount per tick"),

        Field::Balance => Noun("the bank's balance"),
        Field::UnsecuredCap => Noun("the unsecured cap"),
        Field::CreditUsed => Noun("the credit in use"),
        Field::AvailableLiquidity => Noun("available liquidity"),
        Field::CreditHeadroom => Noun("what is left of the unsecured cap"),
        Field::EffectiveLiquidity => Noun("balance, cap and collateral value together"),
        Field::IsUsingCredit => Clause("the bank is {}using credit"),
        Field::LiquidityBuffer => Noun("the bank's liquidity buffer"),
        Field::IsOverdraftCapped => Clause("overdrafts are {}capped"),
        Field::LiquidityPressure => Noun("liquidity pressure"),
        Field::AllowedOverdraftLimit => Noun("the allowed overdraft"),
        Field::OverdraftHeadroom => Noun("what is left of the allowed overdraft"),
        Field::OverdraftUtilization => Noun("the share of the allowed overdraft in use"),
        Field::LiquidityPool => Noun("the bank's liquidity pool"),
        Field::LiquidityAllocated => Noun("what is brought in from the pool"),

        Field::OutgoingQueueSize => Noun("the number of payments in queue 1"),
        Field::Queue1TotalValue => Noun("the value in queue 1"),
        Field::Queue1LiquidityGap => Noun("the liquidity shortfall of queue 1"),
        Field::Headroom => Noun("what balance and credit leave after queue 1"),
        Field::ValueReleasedThisTick => Noun("the value released in this tick"),
        Field::CountReleasedThisTick => Noun("the number of payments released in this tick"),
        Field::ReleaseBudgetRemaining => Noun("what is left of the release budget"),

        Field::CurrentTick => Moment("this tick"),
        Field::TotalAgents => Noun("the number of agents"),
        Field::RtgsQueueSize => Noun("the number of payments in queue 2"),
        Field::RtgsQueueValue => Noun("the value in queue 2"),
        Field::Queue2CountForAgent => Noun("the number of the bank's payments in queue 2"),
        Field::Queue2NearestDeadline => Moment("the nearest deadline of its payments in queue 2"),
        Field::TicksToNearestQueue2Deadline => {
            Noun("the time to the nearest deadline of the bank's payments in queue 2")
        }
        Field::SystemQueue2PressureIndex => Noun("the pressure of queue 2"),

        Field::PostedCollateral => Noun("posted collateral"),
        Field::CollateralValue => Noun("the value of posted collateral"),
        Field::MaxCollateralCapacity => Noun("the collateral capacity"),
        Field::RemainingCollateralCapacity => Noun("the collateral that can still be posted"),
        Field::CollateralUtilization => Noun("the share of the collateral capacity in use"),
        Field::CollateralHaircut => Noun("the haircut"),
        Field::RequiredCollateralForUsage => Noun("the collateral that the credit in use needs"),
        Field::ExcessCollateral => Noun("the collateral that is not needed"),
        Field::WithdrawableCollateral => Noun("the collateral that can be withdrawn"),

        Field::CostOverdraftBpsPerTick => Noun("the overdraft rate"),
        Field::CostDelayPerTickPerCent => Noun("the delay rate"),
        Field::CostCollateralBpsPerTick => Noun("the collateral rate"),
        Field::CostLiquidityBpsPerTick => Noun("the rate of the pool"),
        Field::CostSplitFriction => Noun("the cost of a further part"),
        Field::CostOverdueDelayMultiplier => Noun("the multiplier of overdue payments"),
        Field::CostDeadlinePenalty => Noun("the deadline penalty"),
        Field::CostEodPenalty => Noun("the end-of-day penalty"),
        Field::MyCostToday => Noun("the bank's costs today"),
        Field::MyCostTotal => Noun("the bank's costs so far"),
        Field::MyLiquidityCostToday => Noun("the bank's overdraft costs today"),
        Field::MyDelayCostToday => Noun("the bank's delay costs today"),
        Field::MyCollateralCostToday => Noun("the bank's collateral costs today"),
        Field::MyPenaltyCostToday => Noun("the bank's penalties today"),

        Field::SystemTicksPerDay => Noun("the length of the day"),
        Field::SystemCurrentDay => Noun("the day"),
        Field::SystemTickInDay => Moment("the tick of the day"),
        Field::TicksRemainingInDay => Noun("the time left of the day"),
        Field::DayProgressFraction => Noun("the share of the day that has passed"),
        Field::IsEodRush => Clause("the end-of-day rush has {}begun"),
        Field::TicksToCutoff => Noun("the time to the cut-off"),

        Field::MyThroughputFractionToday => Noun("the share of its payments settled today"),
        Field::ExpectedThroughputFractionByNow => Noun("the share expected by now"),
        Field::ThroughputGap => Noun("the lead over the expected throughput"),
        Field::SystemThroughputGuidanceFractionByTick => Noun("the share the guideline asks for"),
        Field::MyValueSentToday => Noun("the value paid today"),
        Field::MyValueReceivedToday => Noun("the value received today"),

        Field::IncomingExpectedCount => Noun("the number of payments to the bank in queue 2"),
        Field::IncomingExpectedValue => Noun("the value in queue 2 that is due to the bank"),
        Field::LsmRunRateLast10Ticks => {
            Noun("the recent rate of payments settled in sets per tick")
        }
        Field::TxCounterpartyId => Noun("the receiver"),
        Field::TxIsTopCounterparty => Clause("the receiver is {}a top counterparty"),
        Field::MyQ2OutValueToCounterparty => Noun("the value queued to the receiver in queue 2"),
        Field::MyQ2InValueFromCounterparty => Noun("the value queued from the receiver in queue 2"),
        Field::MyBilateralNetQ2 => Noun("the net value in queue 2 to the receiver"),
        Field::MyQ2OutValueTop1 => Noun("the largest value in queue 2 to one bank"),
        Field::MyQ2OutValueTop2 => Noun("the second largest value in queue 2 to one bank"),
        Field::MyQ2OutValueTop3 => Noun("the third largest value in queue 2 to one bank"),
        Field::MyQ2OutValueTop4 => Noun("the fourth largest value in queue 2 to one bank"),
        Field::MyQ2OutValueTop5 => Noun("the fifth largest value in queue 2 to one bank"),
        Field::MyQ2InValueTop1 => Noun("the largest value in queue 2 from one bank"),
        Field::MyQ2InValueTop2 => Noun("the second largest value in queue 2 from one bank"),
        Field::MyQ2InValueTop3 => Noun("the third largest value in queue 2 from one bank"),
        Field::MyQ2InValueTop4 => Noun("the fourth largest value in queue 2 from one bank"),
        Field::MyQ2InValueTop5 => Noun("the fifth largest value in queue 2 from one bank"),
        Field::MyBilateralNetQ2Top1 => Noun("the largest net value in queue 2 with one bank"),
        Field::MyBilateralNetQ2Top2 => Noun("the second largest net value with one bank"),
        Field::MyBilateralNetQ2Top3 => Noun("the third largest net value with one bank"),
        Field::MyBilateralNetQ2Top4 => Noun("the fourth largest net value with one bank"),
        Field::MyBilateralNetQ2Top5 => Noun("the fifth largest net value with one bank"),
        Field::TopCpty1IdHash => Noun("the largest counterparty"),
        Field::TopCpty2IdHash => Noun("the second largest counterparty"),
        Field::TopCpty3IdHash => Noun("the third largest counterparty"),
        Field::TopCpty4IdHash => Noun("the fourth largest counterparty"),
        Field::TopCpty5IdHash => Noun("the fifth largest counterparty"),

        Field::BilateralLimit => Noun("the limit for the receiver"),
        Field::BilateralLimitUsed => Noun("what is used of the limit for the receiver"),
        Field::BilateralLimitRoom => Noun("what is left of the limit for the receiver"),
        Field::MultilateralLimit => Noun("the multilateral limit"),
        Field::MultilateralLimitUsed => Noun("what is used of the multilateral limit"),
        Field::MultilateralLimitRoom => Noun("what is left of the multilateral limit"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fields::Unit;

    #[test]
    fn each_field_has_a_phrase_of_its_own_and_of_its_kind() {
        let mut seen = BTreeSet::new();
        for field in Field::ALL {
            let (phrase, unit) = (phrase(*field), field.spec().unit);
            let (Phrase::Noun(text)
            | Phrase::Moment(text)
            | Phrase::Clause(text)
            | Phrase::Class(text)) = phrase;
            assert!(seen.insert(text), "{field:?}: {text:?} is said of another field");
            assert!(text.len() <= 72 && !text.ends_with('.'), "{field:?}: {text}");
            let is_clause = matches!(phrase, Phrase::Clause(_));
            assert_eq!(is_clause, unit == Unit::Flag, "{field:?}");
            assert_eq!(is_clause, text.matches("{}").count() == 1, "{field:?}");
            let is_moment = matches!(phrase, Phrase::Moment(_));
            assert!(!is_moment || unit == Unit::Ticks, "{field:?}");
        }
    }
}
