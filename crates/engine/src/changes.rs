//! Changes that both scenario events and instructions cause.

use psim_model::event::LimitsSet;
use psim_model::{AgentNo, Limits};

use crate::limits::Flow;
use crate::world::{Step, World};

/// Replaces an agent's limits.
///
/// What is used of them today is added up from the payments of the run: limits count only what
/// they bind, so that new ones find no sums. Such a change is rare.
pub(crate) fn set_limits(world: &mut World, step: &mut Step<'_>, agent: AgentNo, limits: &Limits) {
    world.reopen_all(agent);
    let morning = step.morning();
    let today: Vec<Flow> = world.settled_since(morning).collect();
    world.limits.set(agent, limits, (morning, today.into_iter()));
    announce_limits(step, agent, limits);
}

/// Says what an agent's limits are.
pub(crate) fn announce_limits(step: &mut Step<'_>, agent: AgentNo, limits: &Limits) {
    let (receivers, caps): (Vec<_>, Vec<_>) = limits.bilateral.iter().copied().unzip();
    let event = LimitsSet {
        agent_id: agent,
        multilateral_limit: limits.multilateral,
        counterparties: step.batch.agents(receivers),
        bilateral_limits: step.batch.amounts(caps),
    };
    step.emit(event);
}
