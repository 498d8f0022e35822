//! The order of a tick: which event belongs to which step, and which must follow directly.

use psim_model::event::{
    DropReason, Event, EventKind, InstructionGiven, InstructionType, ScenarioEventExecuted,
    ScenarioEventType,
};
use psim_model::{AgentNo, PaymentNo};

/// An event that must follow the one before it directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    OverdueSettled(PaymentNo),
    SplitCompleted(PaymentNo),
    OverExtended(AgentNo),
    Submission(PaymentNo),
    /// Any of this kind.
    Kind(EventKind),
}

impl Due {
    pub(super) fn is(self, event: &Event) -> bool {
        match (self, event) {
            (Self::OverdueSettled(no), Event::OverdueTransactionSettled(e)) => e.tx_id == no,
            (Self::SplitCompleted(no), Event::SplitCompleted(e)) => e.tx_id == no,
            (Self::OverExtended(agent), Event::AgentOverExtended(e)) => e.agent_id == agent,
            (Self::Submission(no), Event::RtgsSubmission(e)) => e.tx_id == no,
            (Self::Kind(kind), event) => event.kind() == kind,
            _ => false,
        }
    }

    /// Returns what follows an instruction, if it was carried out.
    pub(super) fn after_instruction(event: &InstructionGiven) -> Option<Self> {
        let kind = match event.instruction_type {
            _ if event.refusal.is_some() => return None,
            InstructionType::SubmitTransaction => EventKind::Arrival,
            InstructionType::SetLimits => EventKind::LimitsSet,
            InstructionType::UpdateAgentPolicy => EventKind::PolicyReplaced,
            InstructionType::PostCollateral => EventKind::CollateralPost,
            InstructionType::WithdrawCollateral => EventKind::CollateralWithdraw,
            InstructionType::WithdrawFromRtgs => EventKind::RtgsWithdrawal,
            InstructionType::ResubmitToRtgs => EventKind::RtgsResubmission,
            InstructionType::SetReleaseBudget => EventKind::BankBudgetSet,
            InstructionType::Decide => return None,
        };
        Some(Self::Kind(kind))
    }

    /// Returns what follows a scenario event, if it was applied.
    pub(super) fn after_scenario_event(event: &ScenarioEventExecuted) -> Option<Self> {
        let kind = match event.scenario_event_type {
            _ if !event.applied => return None,
            ScenarioEventType::DirectTransfer | ScenarioEventType::ScheduledSettlement => {
                EventKind::FundsTransferred
            }
            ScenarioEventType::CustomTransactionArrival => EventKind::Arrival,
            ScenarioEventType::CreditLimitChange => EventKind::CreditLimitChanged,
            ScenarioEventType::CollateralValueChange => EventKind::CollateralValueChanged,
            ScenarioEventType::ParticipantOutage => EventKind::ParticipantOutage,
            ScenarioEventType::ParticipantRecovery => EventKind::ParticipantRecovery,
            ScenarioEventType::CutOffChange => EventKind::CutOffChanged,
            ScenarioEventType::LimitChange => EventKind::LimitsSet,
            ScenarioEventType::PolicyChange => EventKind::PolicyReplaced,
            // A change of cost rates says so only if delay costs otherwise.
            ScenarioEventType::CostRateChange
            | ScenarioEventType::GlobalArrivalRateChange
            | ScenarioEventType::AgentArrivalRateChange
            | ScenarioEventType::CounterpartyWeightChange
            | ScenarioEventType::DeadlineWindowChange
            | ScenarioEventType::LsmConfigChange => return None,
        };
        Some(Self::Kind(kind))
    }
}

/// Returns the places in the order of a tick that an event may have of its own accord; none for
/// what happens only directly after its cause.
pub(super) fn steps_of(event: &Event, last: Option<EventKind>) -> &'static [u8] {
    match event.kind() {
        EventKind::DelayRatesSet if last == Some(EventKind::ScenarioEventExecuted) => &[6],
        EventKind::RunStarted | EventKind::RulesSet | EventKind::DelayRatesSet => &[0],
        EventKind::AgentOpened => &[1],
        EventKind::LimitsSet => &[2],
        EventKind::ReservationsSet => &[3],
        EventKind::InstructionGiven => &[4],
        EventKind::CollateralTimerScheduled if last == Some(EventKind::CollateralPost) => &[4],
        EventKind::LiquidityAllocation => &[5],
        EventKind::ScenarioEventExecuted => &[6],
        EventKind::Arrival => &[7],
        EventKind::TransactionWentOverdue => &[8],
        EventKind::CollateralTimerWithdrawn | EventKind::CollateralTimerBlocked => &[9],
        EventKind::PriorityEscalated => &[10],
        EventKind::PolicyHold | EventKind::RtgsSubmission | EventKind::PolicySplit => &[11],
        EventKind::TransactionReprioritized => &[11, 12],
        EventKind::RtgsWithdrawal | EventKind::RtgsResubmission => &[12],
        EventKind::RtgsImmediateSettlement
        | EventKind::EntryDispositionOffset
        | EventKind::BilateralLimitExceeded
        | EventKind::MultilateralLimitExceeded
        | EventKind::QueuedRtgs => &[13],
        EventKind::Queue2LiquidityRelease => &[14, 15],
        EventKind::LsmBilateralOffset
        | EventKind::LsmCycleSettlement
        | EventKind::LsmBatchSettlement
        | EventKind::AlgorithmExecution
        | EventKind::LsmBoundReached => &[15],
        EventKind::QueueBlocked => &[16],
        EventKind::DeferredCreditApplied => &[17],
        EventKind::CostAccrual => &[18],
        EventKind::EndOfDayPenalty => &[19],
        EventKind::EndOfDay => &[20],
        EventKind::LiquidityReturn => &[21],
        EventKind::PolicyDrop => match event {
            Event::PolicyDrop(e) if e.reason == DropReason::Closed => &[22],
            _ => &[11],
        },
        EventKind::RunEnded => &[23],
        EventKind::CollateralTimerScheduled
        | EventKind::OverdueTransactionSettled
        | EventKind::SplitCompleted
        | EventKind::AgentOverExtended
        | EventKind::FundsTransferred
        | EventKind::CreditLimitChanged
        | EventKind::CollateralValueChanged
        | EventKind::ParticipantOutage
        | EventKind::ParticipantRecovery
        | EventKind::CutOffChanged
        | EventKind::PolicyReplaced
        | EventKind::CollateralPost
        | EventKind::CollateralWithdraw
        | EventKind::BankBudgetSet => &[],
    }
}
