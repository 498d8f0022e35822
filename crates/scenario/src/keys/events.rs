//! Scheduled interventions; none is built, all are known by name.

use crate::shape::Case;

const REASON: &str = "scheduled interventions are not built";

/// Kinds of scenario events.
pub(super) static EVENTS: [Case; 17] = [
    Case::word("DirectTransfer", "moves balance").not_yet(REASON),
    Case::word("CustomTransactionArrival", "submits a payment").not_yet(REASON),
    Case::word("ScheduledSettlement", "settles a payment").not_yet(REASON),
    Case::word("CollateralAdjustment", "changes an unsecured cap").not_yet(REASON),
    Case::word("CreditLimitChange", "changes an unsecured cap").not_yet(REASON),
    Case::word("GlobalArrivalRateChange", "scales all arrival rates").not_yet(REASON),
    Case::word("AgentArrivalRateChange", "scales one arrival rate").not_yet(REASON),
    Case::word("CounterpartyWeightChange", "changes a receiver's weight").not_yet(REASON),
    Case::word("DeadlineWindowChange", "scales deadline ranges").not_yet(REASON),
    Case::word("CollateralValueChange", "changes what collateral is worth").not_yet(REASON),
    Case::word("ParticipantOutage", "takes an agent out").not_yet(REASON),
    Case::word("ParticipantRecovery", "brings an agent back").not_yet(REASON),
    Case::word("CutOffChange", "moves a day's cut-off").not_yet(REASON),
    Case::word("CostRateChange", "changes cost rates").not_yet(REASON),
    Case::word("LsmConfigChange", "changes liquidity saving").not_yet(REASON),
    Case::word("LimitChange", "changes an agent's limits").not_yet(REASON),
    Case::word("PolicyChange", "changes an agent's policy").not_yet(REASON),
];
