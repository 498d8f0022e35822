//! The order of a tick: which event belongs to which step, and which must follow directly.

use psim_model::event::{
    Columns, DropReason, Event, EventBatch, EventKind, HoldReason, InstructionGiven,
    InstructionType, Origin, PolicyTree, ScenarioEventExecuted, ScenarioEventType, Value,
};
use psim_model::{AgentNo, PaymentNo};

/// The step in which timers, strategic collateral trees and bank trees are asked.
const AGENTS: u8 = 10;
/// The step in which agents decide about their queues 1.
const QUEUE1: u8 = 12;
/// The step in which agents decide about their payments in queue 2.
const QUEUE2: u8 = 13;
/// The step in which end-of-tick collateral trees are asked.
const COLLATERAL: u8 = 18;

/// An event that must follow the one before it directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    OverdueSettled(PaymentNo),
    SplitCompleted(PaymentNo),
    OverExtended(AgentNo),
    Submission(PaymentNo),
    /// For a fault.
    Hold(PaymentNo),
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
            (Self::Hold(no), Event::PolicyHold(e)) => {
                e.tx_id == no && e.reason == HoldReason::PolicyFault
            }
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
pub(super) fn steps_of(
    event: &Event,
    last: Option<EventKind>,
    batch: &EventBatch,
) -> &'static [u8] {
    match event.kind() {
        EventKind::DelayRatesSet if last == Some(EventKind::ScenarioEventExecuted) => &[7],
        EventKind::RunStarted | EventKind::RulesSet | EventKind::DelayRatesSet => &[0],
        EventKind::AgentOpened => &[1],
        EventKind::LimitsSet => &[2],
        EventKind::ReservationsSet => &[3],
        EventKind::PolicyFollowed => &[4],
        EventKind::InstructionGiven => &[5],
        EventKind::CollateralTimerScheduled if last == Some(EventKind::CollateralPost) => {
            &[5, AGENTS, COLLATERAL]
        }
        EventKind::LiquidityAllocation => &[6],
        EventKind::ScenarioEventExecuted => &[7],
        EventKind::Arrival => &[8],
        EventKind::TransactionWentOverdue => &[9],
        EventKind::CollateralTimerWithdrawn
        | EventKind::CollateralTimerBlocked
        | EventKind::BankBudgetSet => &[AGENTS],
        EventKind::PriorityEscalated => &[11],
        EventKind::PolicyHold | EventKind::RtgsSubmission | EventKind::PolicySplit => &[QUEUE1],
        EventKind::TransactionReprioritized => &[QUEUE1, QUEUE2],
        EventKind::RtgsWithdrawal | EventKind::RtgsResubmission => &[QUEUE2],
        EventKind::RtgsImmediateSettlement
        | EventKind::EntryDispositionOffset
        | EventKind::BilateralLimitExceeded
        | EventKind::MultilateralLimitExceeded
        | EventKind::QueuedRtgs => &[14],
        EventKind::Queue2LiquidityRelease => &[15, 16],
        EventKind::LsmBilateralOffset
        | EventKind::LsmCycleSettlement
        | EventKind::LsmBatchSettlement
        | EventKind::AlgorithmExecution
        | EventKind::LsmBoundReached => &[16],
        EventKind::QueueBlocked => &[17],
        EventKind::DeferredCreditApplied => &[19],
        EventKind::CostAccrual => &[20],
        EventKind::EndOfDayPenalty => &[21],
        EventKind::EndOfDay => &[23],
        EventKind::LiquidityReturn => &[24],
        EventKind::RunEnded => &[26],
        EventKind::PolicyDrop
        | EventKind::PolicyFault
        | EventKind::PolicyDecision
        | EventKind::StateRegisterSet
        | EventKind::CollateralPost
        | EventKind::CollateralWithdraw => steps_of_decisions(event, last, batch),
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
        | EventKind::PolicyReplaced => &[],
    }
}

/// As [`steps_of`], for what may happen in several steps.
fn steps_of_decisions(event: &Event, last: Option<EventKind>, batch: &EventBatch) -> &'static [u8] {
    let of_tree = |tree| match tree {
        PolicyTree::Payment => &[QUEUE1, QUEUE2],
        PolicyTree::Bank | PolicyTree::StrategicCollateral => &[AGENTS][..],
        PolicyTree::EndOfTickCollateral => &[COLLATERAL],
    };
    match event {
        Event::PolicyFault(e) => of_tree(e.tree),
        Event::PolicyDecision(e) => of_tree(e.tree),
        Event::PolicyDrop(e) if e.reason == DropReason::Closed => &[25],
        Event::PolicyDrop(_) => &[QUEUE1],
        Event::CollateralPost(e) if e.origin == Origin::Policy => &[AGENTS, COLLATERAL],
        Event::CollateralWithdraw(e) if e.origin == Origin::Policy => &[AGENTS, COLLATERAL],
        Event::StateRegisterSet(e) => match (batch.text_of(e.reason), last) {
            ("end_of_day", _) => &[22],
            ("policy_change", Some(EventKind::PolicyReplaced | EventKind::StateRegisterSet)) => {
                &[5, 7]
            }
            ("policy_change", _) => &[],
            _ => &[AGENTS],
        },
        _ => &[],
    }
}

/// Returns whose turn it is and for what, where agents come in turn.
pub(super) fn turn_of(event: &Event, step: u8, columns: &Columns) -> Option<(AgentNo, u8)> {
    let mut agent = None;
    event.visit(columns, |field, value| {
        if let ("agent_id" | "sender_id", Value::Agent(no)) = (field.name, value) {
            agent = Some(no);
        }
    });
    let place = match event {
        _ if ![AGENTS, QUEUE1, QUEUE2, COLLATERAL].contains(&step) => return None,
        Event::CollateralTimerWithdrawn(_) | Event::CollateralTimerBlocked(_) => 0,
        Event::BankBudgetSet(_) | Event::StateRegisterSet(_) => 2,
        Event::PolicyFault(e) if e.tree == PolicyTree::Bank => 2,
        Event::PolicyDecision(e) if e.tree == PolicyTree::Bank => 2,
        _ => 1,
    };
    agent.map(|agent| (agent, place))
}
