//! Where each field is computed, and what of the past that asks for.

use psim_policy::Field;

use crate::history::Topic;

/// Where a field is computed, and what of the past is kept for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    pub(super) family: Family,
    pub(crate) past: Option<Topic>,
}

/// Fields that are computed in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// The payment that is decided on.
    Payment,
    /// Its receiver.
    Receiver,
    /// The payment where one is decided on, else the agent's own means.
    PaymentOrMeans,
    /// The payment where one is decided on, else what the agent's costs are.
    PaymentOrCosts,
    /// What the agent releases in this tick, which changes with each of its payments.
    Releases,
    /// Balance, credit, pool, limits.
    Means,
    /// The agent's queue 1 as a whole.
    Queue1,
    Collateral,
    Costs,
    System,
    Clock,
    /// What was paid and received today.
    Day,
    /// Payments to the agent in queue 2.
    Incoming,
    /// A place among counterparties.
    Ranking,
}

impl Home {
    /// Returns the home of a field: what is not named here does not compile.
    pub(crate) const fn of(field: Field) -> Self {
        let (family, past) = family_and_past(field);
        Self { family, past }
    }
}

#[expect(clippy::too_many_lines, reason = "a table of all fields")]
const fn family_and_past(field: Field) -> (Family, Option<Topic>) {
    use Field as F;
    match field {
        F::Amount
        | F::RemainingAmount
        | F::SettledAmount
        | F::ArrivalTick
        | F::DeadlineTick
        | F::EarliestTick
        | F::Priority
        | F::OriginalPriority
        | F::RtgsPriority
        | F::IsSplit
        | F::IsDivisible
        | F::IsPastDeadline
        | F::IsOverdue
        | F::OverdueDuration
        | F::IsInQueue2
        | F::TicksToDeadline
        | F::QueueAge
        | F::TicksSinceArrival
        | F::CostDelayThisTxOneTick
        | F::CostOverdraftThisAmountOneTick
        | F::BilateralLimit
        | F::BilateralLimitUsed
        | F::BilateralLimitRoom => (Family::Payment, None),
        F::AvailableLiquidity => (Family::PaymentOrMeans, None),
        F::CostDeadlinePenalty | F::CostEodPenalty => (Family::PaymentOrCosts, None),
        F::TxCounterpartyId => (Family::Receiver, None),
        F::TxIsTopCounterparty => (Family::Receiver, Some(Topic::Traffic)),
        F::MyQ2OutValueToCounterparty | F::MyQ2InValueFromCounterparty | F::MyBilateralNetQ2 => {
            (Family::Receiver, Some(Topic::QueuedPairs))
        }
        F::ReleaseBudgetRemaining => (Family::Releases, None),
        F::ValueReleasedThisTick | F::CountReleasedThisTick => {
            (Family::Releases, Some(Topic::Releases))
        }
        F::Balance
        | F::UnsecuredCap
        | F::CreditUsed
        | F::CreditHeadroom
        | F::EffectiveLiquidity
        | F::IsUsingCredit
        | F::LiquidityBuffer
        | F::IsOverdraftCapped
        | F::LiquidityPressure
        | F::AllowedOverdraftLimit
        | F::OverdraftHeadroom
        | F::OverdraftUtilization
        | F::LiquidityPool
        | F::LiquidityAllocated
        | F::MultilateralLimit
        | F::MultilateralLimitUsed
        | F::MultilateralLimitRoom => (Family::Means, None),
        F::OutgoingQueueSize | F::Queue1TotalValue | F::Queue1LiquidityGap | F::Headroom => {
            (Family::Queue1, None)
        }
        F::PostedCollateral
        | F::CollateralValue
        | F::MaxCollateralCapacity
        | F::RemainingCollateralCapacity
        | F::CollateralUtilization
        | F::CollateralHaircut
        | F::RequiredCollateralForUsage
        | F::ExcessCollateral
        | F::WithdrawableCollateral => (Family::Collateral, None),
        F::CostOverdraftBpsPerTick
        | F::CostDelayPerTickPerCent
        | F::CostCollateralBpsPerTick
        | F::CostLiquidityBpsPerTick
        | F::CostSplitFriction
        | F::CostOverdueDelayMultiplier
        | F::MyCostToday
        | F::MyCostTotal
        | F::MyLiquidityCostToday
        | F::MyDelayCostToday
        | F::MyCollateralCostToday
        | F::MyPenaltyCostToday => (Family::Costs, None),
        F::TotalAgents
        | F::RtgsQueueSize
        | F::RtgsQueueValue
        | F::Queue2CountForAgent
        | F::Queue2NearestDeadline
        | F::TicksToNearestQueue2Deadline
        | F::SystemQueue2PressureIndex
        | F::LsmRunRateLast10Ticks => (Family::System, None), // the run rate is always kept
        F::CurrentTick
        | F::SystemTicksPerDay
        | F::SystemCurrentDay
        | F::SystemTickInDay
        | F::TicksRemainingInDay
        | F::DayProgressFraction
        | F::ExpectedThroughputFractionByNow
        | F::IsEodRush
        | F::TicksToCutoff
        | F::SystemThroughputGuidanceFractionByTick => (Family::Clock, None),
        F::MyThroughputFractionToday
        | F::ThroughputGap
        | F::MyValueSentToday
        | F::MyValueReceivedToday => (Family::Day, Some(Topic::Flows)),
        F::IncomingExpectedCount | F::IncomingExpectedValue => {
            (Family::Incoming, Some(Topic::QueuedPairs))
        }
        F::MyQ2OutValueTop1
        | F::MyQ2OutValueTop2
        | F::MyQ2OutValueTop3
        | F::MyQ2OutValueTop4
        | F::MyQ2OutValueTop5
        | F::MyQ2InValueTop1
        | F::MyQ2InValueTop2
        | F::MyQ2InValueTop3
        | F::MyQ2InValueTop4
        | F::MyQ2InValueTop5
        | F::MyBilateralNetQ2Top1
        | F::MyBilateralNetQ2Top2
        | F::MyBilateralNetQ2Top3
        | F::MyBilateralNetQ2Top4
        | F::MyBilateralNetQ2Top5 => (Family::Ranking, Some(Topic::QueuedPairs)),
        F::TopCpty1IdHash
        | F::TopCpty2IdHash
        | F::TopCpty3IdHash
        | F::TopCpty4IdHash
        | F::TopCpty5IdHash => (Family::Ranking, Some(Topic::Traffic)),
    }
}
