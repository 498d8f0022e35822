//! Whose balance an event moves, and which payments it settles.

use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, PaymentNo};

/// Visits the agents whose balance an event may have moved, openings included.
pub(crate) fn moved_balances(batch: &EventBatch, event: &Event, mut visit: impl FnMut(AgentNo)) {
    let pair = match event {
        Event::RtgsImmediateSettlement(settled) => [settled.sender_id, settled.receiver_id],
        Event::Queue2LiquidityRelease(settled) => [settled.sender_id, settled.receiver_id],
        Event::FundsTransferred(transfer) => [transfer.sender_id, transfer.receiver_id],
        Event::AgentOpened(opened) => return visit(opened.agent_id.no),
        Event::LiquidityAllocation(allocation) => return visit(allocation.agent_id),
        Event::LiquidityReturn(returned) => return visit(returned.agent_id),
        Event::DeferredCreditApplied(credit) => return visit(credit.agent_id),
        event => {
            let agents = event.settled_set().map(|set| set.agents.of(batch.columns()));
            return agents.unwrap_or_default().iter().copied().for_each(visit);
        }
    };
    pair.into_iter().for_each(visit);
}

/// Returns whether an event settles payments.
pub(crate) fn settles(event: &Event) -> bool {
    matches!(event, Event::RtgsImmediateSettlement(_) | Event::Queue2LiquidityRelease(_))
        || event.settled_set().is_some()
}

/// Visits the payments that an event settles, parts by themselves; what is done once its last part
/// has settled is not among them.
pub fn settled_payments(batch: &EventBatch, event: &Event, mut visit: impl FnMut(PaymentNo)) {
    match event {
        Event::RtgsImmediateSettlement(settled) => visit(settled.tx_id),
        Event::Queue2LiquidityRelease(settled) => visit(settled.tx_id),
        event => {
            let payments = event.settled_set().map(|set| set.tx_ids.of(batch.columns()));
            payments.unwrap_or_default().iter().copied().for_each(visit);
        }
    }
}
