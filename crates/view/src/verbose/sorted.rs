//! The events of a tick, sorted by what they are about.

use psim_model::event::{
    AgentOpened, AgentOverExtended, AlgorithmExecution, Arrival, BilateralLimitExceeded,
    CostAccrual, DeferredCreditApplied, EndOfDay, EndOfDayPenalty, Event, EventBatch,
    FundsTransferred, InstructionGiven, LiquidityAllocation, LiquidityReturn, LsmBoundReached,
    MultilateralLimitExceeded, OverExtensionCause, OverdueTransactionSettled, PolicyDecision,
    PolicyDrop, PolicyFault, PolicyHold, PolicySplit, PriorityEscalated, Queue2LiquidityRelease,
    QueueBlocked, QueuedRtgs, RtgsImmediateSettlement, RtgsResubmission, RtgsSubmission,
    RtgsWithdrawal, RunEnded, RunStarted, ScenarioEventExecuted, SettledSet, SplitCompleted,
    StateRegisterSet, TransactionReprioritized, TransactionWentOverdue,
};

/// Lists of events, each in order.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    /// Whether no event is listed.
    pub(super) is_empty: bool,
    pub(super) started: Option<&'a RunStarted>,
    pub(super) opened: Vec<&'a AgentOpened>,
    pub(super) instructions: Vec<&'a InstructionGiven>,
    pub(super) allocations: Vec<&'a LiquidityAllocation>,
    pub(super) scenario_events: Vec<&'a ScenarioEventExecuted>,
    pub(super) transfers: Vec<&'a FundsTransferred>,
    /// What holds for an agent, or for all, from now on.
    pub(super) terms: Vec<&'a Event>,
    /// Those that something else than the return of a pool has left beyond their permission.
    pub(super) over_extended: Vec<&'a AgentOverExtended>,
    /// Postings, withdrawals and timers.
    pub(super) collateral: Vec<&'a Event>,
    pub(super) registers: Vec<&'a StateRegisterSet>,
    pub(super) faults: Vec<&'a PolicyFault>,
    /// Evaluations of which no other event tells.
    pub(super) decisions: Vec<&'a PolicyDecision>,
    pub(super) arrivals: Vec<&'a Arrival>,
    pub(super) went_overdue: Vec<&'a TransactionWentOverdue>,
    pub(super) escalations: Vec<&'a PriorityEscalated>,
    pub(super) reprioritizations: Vec<&'a TransactionReprioritized>,
    pub(super) holds: Vec<&'a PolicyHold>,
    pub(super) splits: Vec<&'a PolicySplit>,
    pub(super) withdrawals: Vec<&'a RtgsWithdrawal>,
    pub(super) resubmissions: Vec<&'a RtgsResubmission>,
    pub(super) submissions: Vec<&'a RtgsSubmission>,
    pub(super) on_entry: Vec<&'a RtgsImmediateSettlement>,
    /// Entering payments that settled with queued ones.
    pub(super) offsets: Vec<SettledSet>,
    /// Queued payments that algorithms found.
    pub(super) sets: Vec<SettledSet>,
    pub(super) executions: Vec<&'a AlgorithmExecution>,
    pub(super) bounds: Vec<&'a LsmBoundReached>,
    pub(super) blocks: Vec<&'a QueueBlocked>,
    pub(super) bilateral_limit_hits: Vec<&'a BilateralLimitExceeded>,
    pub(super) multilateral_limit_hits: Vec<&'a MultilateralLimitExceeded>,
    pub(super) from_queue2: Vec<&'a Queue2LiquidityRelease>,
    pub(super) queued: Vec<&'a QueuedRtgs>,
    pub(super) overdue_settled: Vec<&'a OverdueTransactionSettled>,
    pub(super) completed: Vec<&'a SplitCompleted>,
    pub(super) deferred_credits: Vec<&'a DeferredCreditApplied>,
    pub(super) costs: Vec<&'a CostAccrual>,
    pub(super) end_of_day_penalties: Vec<&'a EndOfDayPenalty>,
    pub(super) end_of_day: Option<&'a EndOfDay>,
    pub(super) returns: Vec<&'a LiquidityReturn>,
    /// Those that the return of a pool has left beyond their permission.
    pub(super) over_extended_at_close: Vec<&'a AgentOverExtended>,
    pub(super) drops: Vec<&'a PolicyDrop>,
    pub(super) ended: Option<&'a RunEnded>,
}

impl<'a> Sorted<'a> {
    /// Sorts the events of a batch that are to be listed.
    pub(super) fn of(batch: &'a EventBatch, mut is_listed: impl FnMut(&Event) -> bool) -> Self {
        let mut sorted = Self { is_empty: true, ..Self::default() };
        for event in batch.events().iter().filter(|event| is_listed(event)) {
            sorted.is_empty = false;
            sorted.place(event);
        }
        sorted
    }

    fn place(&mut self, event: &'a Event) {
        match event {
            Event::RunStarted(event) => self.started = Some(event),
            Event::RulesSet(_) => {} // what the rules are shows in what they do
            Event::AgentOpened(event) => self.opened.push(event),
            Event::InstructionGiven(event) => self.instructions.push(event),
            Event::LiquidityAllocation(event) => self.allocations.push(event),
            Event::ScenarioEventExecuted(event) => self.scenario_events.push(event),
            Event::FundsTransferred(event) => self.transfers.push(event),
            Event::DelayRatesSet(_)
            | Event::LimitsSet(_)
            | Event::ReservationsSet(_)
            | Event::CreditLimitChanged(_)
            | Event::CollateralValueChanged(_)
            | Event::ParticipantOutage(_)
            | Event::ParticipantRecovery(_)
            | Event::CutOffChanged(_)
            | Event::PolicyReplaced(_)
            | Event::PolicyFollowed(_)
            | Event::BankBudgetSet(_) => self.terms.push(event),
            Event::StateRegisterSet(event) => self.registers.push(event),
            Event::PolicyFault(event) => self.faults.push(event),
            Event::PolicyDecision(event) => self.decisions.push(event),
            Event::CollateralPost(_)
            | Event::CollateralWithdraw(_)
            | Event::CollateralTimerScheduled(_)
            | Event::CollateralTimerWithdrawn(_)
            | Event::CollateralTimerBlocked(_) => self.collateral.push(event),
            Event::CostAccrual(event) => self.costs.push(event),
            Event::EndOfDayPenalty(event) => self.end_of_day_penalties.push(event),
            Event::EndOfDay(event) => self.end_of_day = Some(event),
            Event::LiquidityReturn(event) => self.returns.push(event),
            Event::AgentOverExtended(event) => match event.cause {
                OverExtensionCause::LiquidityReturn => self.over_extended_at_close.push(event),
                _ => self.over_extended.push(event),
            },
            Event::DeferredCreditApplied(event) => self.deferred_credits.push(event),
            Event::RunEnded(event) => self.ended = Some(event),
            Event::Arrival(event) => self.arrivals.push(event),
            Event::TransactionWentOverdue(event) => self.went_overdue.push(event),
            Event::PriorityEscalated(event) => self.escalations.push(event),
            Event::TransactionReprioritized(event) => self.reprioritizations.push(event),
            Event::PolicyHold(event) => self.holds.push(event),
            Event::PolicySplit(event) => self.splits.push(event),
            Event::RtgsWithdrawal(event) => self.withdrawals.push(event),
            Event::RtgsResubmission(event) => self.resubmissions.push(event),
            Event::RtgsSubmission(event) => self.submissions.push(event),
            Event::RtgsImmediateSettlement(event) => self.on_entry.push(event),
            Event::EntryDispositionOffset(_) => self.offsets.extend(event.settled_set()),
            Event::LsmBilateralOffset(_)
            | Event::LsmCycleSettlement(_)
            | Event::LsmBatchSettlement(_) => self.sets.extend(event.settled_set()),
            Event::AlgorithmExecution(event) => self.executions.push(event),
            Event::LsmBoundReached(event) => self.bounds.push(event),
            Event::QueueBlocked(event) => self.blocks.push(event),
            Event::BilateralLimitExceeded(event) => self.bilateral_limit_hits.push(event),
            Event::MultilateralLimitExceeded(event) => self.multilateral_limit_hits.push(event),
            Event::QueuedRtgs(event) => self.queued.push(event),
            Event::Queue2LiquidityRelease(event) => self.from_queue2.push(event),
            Event::OverdueTransactionSettled(event) => self.overdue_settled.push(event),
            Event::SplitCompleted(event) => self.completed.push(event),
            Event::PolicyDrop(event) => self.drops.push(event),
        }
    }
}
