//! Step 11: what was received in the tick can be used from the next one.

use psim_model::AgentNo;
use psim_model::event::DeferredCreditApplied;

use crate::world::{Step, World};

/// Credits each agent with what it has received, if receipts are deferred.
pub(crate) fn credit(world: &mut World, step: &mut Step<'_>) {
    if !world.ledger.defers_credits() {
        return;
    }
    for index in 0..step.scenario.agents.len() {
        let agent = AgentNo::from_index(index);
        let Some((amount, sources)) = world.ledger.credit_deferred(agent) else { continue };
        world.queue2.touch_for_money(agent);
        let event = DeferredCreditApplied {
            agent_id: agent,
            amount,
            balance_after: world.ledger.balance(agent),
            source_transactions: step.batch.payments(sources),
        };
        step.emit(event);
    }
}
