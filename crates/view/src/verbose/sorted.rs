//! The events of a tick, sorted by what they are about.

use psim_model::event::{
    AgentOpened, AgentOverExtended, Arrival, CostAccrual, EndOfDay, EndOfDayPenalty, Event,
    EventBatch, LiquidityAllocation, LiquidityReturn, OverdueTransactionSettled, PolicyDrop,
    PolicyHold, Queue2LiquidityRelease, QueuedRtgs, RtgsImmediateSettlement, RtgsSubmission,
    RunEnded, RunStarted, TransactionWentOverdue,
};

/// Lists of events, each in order.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    /// Whether no event is listed.
    pub(super) is_empty: bool,
    pub(super) started: Option<&'a RunStarted>,
    pub(super) opened: Vec<&'a AgentOpened>,
    pub(super) allocations: Vec<&'a LiquidityAllocation>,
    pub(super) arrivals: Vec<&'a Arrival>,
    pub(super) went_overdue: Vec<&'a TransactionWentOverdue>,
    pub(super) holds: Vec<&'a PolicyHold>,
    pub(super) submissions: Vec<&'a RtgsSubmission>,
    pub(super) on_entry: Vec<&'a RtgsImmediateSettlement>,
    pub(super) from_queue2: Vec<&'a Queue2LiquidityRelease>,
    pub(super) queued: Vec<&'a QueuedRtgs>,
    pub(super) overdue_settled: Vec<&'a OverdueTransactionSettled>,
    pub(super) costs: Vec<&'a CostAccrual>,
    pub(super) end_of_day_penalties: Vec<&'a EndOfDayPenalty>,
    pub(super) end_of_day: Option<&'a EndOfDay>,
    pub(super) returns: Vec<&'a LiquidityReturn>,
    pub(super) over_extended: Vec<&'a AgentOverExtended>,
    pub(super) drops: Vec<&'a PolicyDrop>,
    pub(super) ended: Option<&'a RunEnded>,
}

impl<'a> Sorted<'a> {
    /// Sorts the events of a batch that are to be listed.
    pub(super) fn of(batch: &'a EventBatch, mut is_listed: impl FnMut(&Event) -> bool) -> Self {
        let mut sorted = Self { is_empty: true, ..Self::default() };
        for event in batch.events().iter().filter(|event| is_listed(event)) {
            sorted.is_empty = false;
            match event {
                Event::RunStarted(event) => sorted.started = Some(event),
                Event::DelayRatesSet(_) => {} // what delay costs shows in the costs
                Event::AgentOpened(event) => sorted.opened.push(event),
                Event::LiquidityAllocation(event) => sorted.allocations.push(event),
                Event::Arrival(event) => sorted.arrivals.push(event),
                Event::TransactionWentOverdue(event) => sorted.went_overdue.push(event),
                Event::PolicyHold(event) => sorted.holds.push(event),
                Event::RtgsSubmission(event) => sorted.submissions.push(event),
                Event::RtgsImmediateSettlement(event) => sorted.on_entry.push(event),
                Event::QueuedRtgs(event) => sorted.queued.push(event),
                Event::Queue2LiquidityRelease(event) => sorted.from_queue2.push(event),
                Event::OverdueTransactionSettled(event) => sorted.overdue_settled.push(event),
                Event::CostAccrual(event) => sorted.costs.push(event),
                Event::EndOfDayPenalty(event) => sorted.end_of_day_penalties.push(event),
                Event::EndOfDay(event) => sorted.end_of_day = Some(event),
                Event::LiquidityReturn(event) => sorted.returns.push(event),
                Event::AgentOverExtended(event) => sorted.over_extended.push(event),
                Event::PolicyDrop(event) => sorted.drops.push(event),
                Event::RunEnded(event) => sorted.ended = Some(event),
            }
        }
        sorted
    }
}
