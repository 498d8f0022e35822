//! Changes that both scenario events and instructions cause.

use psim_model::event::LimitsSet;
use psim_model::{AgentNo, Limits};

use crate::limits::Flow;
use crate::world::{Step, World};

/// Replaces an agent's limits.
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
        counterparties: step.out.agents(receivers),
        bilateral_limits: step.out.amounts(caps),
    };
    step.emit(event);
}
