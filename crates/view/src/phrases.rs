//! The words of the catalogue as people say them.

use psim_model::event::{
    InstructionType, LsmAlgorithm, Origin, OverExtensionCause, PolicySplit, PolicyTree,
    RtgsPriority, ScenarioEventType, SplitOutcome, TransferKind,
};

use crate::text::{count, plural};

/// Returns when the parts of a split payment are released: `all released now`, `1 released now,
/// then one every 2 ticks`.
pub(crate) fn release_phrase(split: &PolicySplit) -> String {
    let gap = match split.gap_ticks {
        1 => "one each tick".to_owned(),
        gap => format!("one every {}", plural(gap.into(), "tick")),
    };
    match split.released_now {
        now if now >= split.num_splits => "all released now".to_owned(),
        0 => format!("{gap} from now on"),
        now => format!("{} released now, then {gap}", count(now.into())),
    }
}

/// Returns the word as people say it.
pub const fn class_phrase(class: RtgsPriority) -> &'static str {
    match class {
        RtgsPriority::Normal => "normal",
        RtgsPriority::Urgent => "urgent",
        RtgsPriority::HighlyUrgent => "highly urgent",
    }
}

/// Returns the word as people say it.
pub(crate) const fn algorithm_phrase(algorithm: LsmAlgorithm) -> &'static str {
    match algorithm {
        LsmAlgorithm::Retry => "retry",
        LsmAlgorithm::Bilateral => "bilateral",
        LsmAlgorithm::Cycles => "cycles",
        LsmAlgorithm::GridlockResolution => "gridlock resolution",
        LsmAlgorithm::Partial => "partial",
        LsmAlgorithm::AllOrNothing => "all or nothing",
    }
}

pub(crate) const fn origin_phrase(origin: Origin) -> &'static str {
    match origin {
        Origin::Policy => "by policy",
        Origin::Scenario => "by the scenario",
        Origin::Api => "through the API",
    }
}

pub(crate) const fn tree_phrase(tree: PolicyTree) -> &'static str {
    match tree {
        PolicyTree::Payment => "payment tree",
        PolicyTree::Bank => "bank tree",
        PolicyTree::StrategicCollateral => "strategic collateral tree",
        PolicyTree::EndOfTickCollateral => "end-of-tick collateral tree",
    }
}

pub(crate) const fn cause_phrase(cause: OverExtensionCause) -> &'static str {
    match cause {
        OverExtensionCause::LiquidityReturn => "after the return to its pool",
        OverExtensionCause::DirectTransfer => "after a direct transfer",
        OverExtensionCause::CreditLimitChange => "after the cut of its unsecured cap",
        OverExtensionCause::CollateralValueChange => "after the loss of collateral value",
    }
}

pub(crate) const fn transfer_phrase(kind: TransferKind) -> &'static str {
    match kind {
        TransferKind::DirectTransfer => "direct transfer",
        TransferKind::ScheduledSettlement => "scheduled settlement",
    }
}

pub(crate) const fn outcome_phrase(outcome: SplitOutcome) -> &'static str {
    match outcome {
        SplitOutcome::Settled => "all parts settled",
        SplitOutcome::Dropped => "at least one part was dropped",
    }
}

pub(crate) const fn instruction_phrase(kind: InstructionType) -> &'static str {
    match kind {
        InstructionType::SubmitTransaction => "submit a payment",
        InstructionType::SetLimits => "set limits",
        InstructionType::UpdateAgentPolicy => "replace the policy",
        InstructionType::PostCollateral => "post collateral",
        InstructionType::WithdrawCollateral => "withdraw collateral",
        InstructionType::WithdrawFromRtgs => "withdraw from queue 2",
        InstructionType::ResubmitToRtgs => "declare anew",
        InstructionType::SetReleaseBudget => "set a release budget",
        InstructionType::Decide => "decide",
    }
}

/// Returns in words what kind of scenario event it is.
pub const fn scenario_event_phrase(kind: ScenarioEventType) -> &'static str {
    match kind {
        ScenarioEventType::DirectTransfer => "direct transfer",
        ScenarioEventType::CustomTransactionArrival => "arrival of a payment",
        ScenarioEventType::ScheduledSettlement => "scheduled settlement",
        ScenarioEventType::CreditLimitChange => "change of unsecured cap",
        ScenarioEventType::GlobalArrivalRateChange => "change of all arrival rates",
        ScenarioEventType::AgentArrivalRateChange => "change of arrival rates",
        ScenarioEventType::CounterpartyWeightChange => "change of counterparty weight",
        ScenarioEventType::DeadlineWindowChange => "change of deadline windows",
        ScenarioEventType::CollateralValueChange => "change of collateral value",
        ScenarioEventType::ParticipantOutage => "outage",
        ScenarioEventType::ParticipantRecovery => "recovery",
        ScenarioEventType::CutOffChange => "change of cut-off",
        ScenarioEventType::CostRateChange => "change of cost rates",
        ScenarioEventType::LsmConfigChange => "change of liquidity saving",
        ScenarioEventType::LimitChange => "change of limits",
        ScenarioEventType::PolicyChange => "change of policy",
    }
}
