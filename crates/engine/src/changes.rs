//! Changes that both scenario events and instructions cause.

use psim_model::event::{LimitsSet, Origin, PolicyReplaced};
use psim_model::{AgentNo, Limits, Policy};

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

/// Replaces an agent's policy.
pub(crate) fn set_policy(
    world: &mut World,
    step: &mut Step<'_>,
    agent: AgentNo,
    policy: &Policy,
    origin: Origin,
) {
    world.policies[agent.index()] = policy.clone();
    world.queue1.ask_again(agent);
    let (id, document) = (step.out.text(policy.id()), step.out.text(policy.text()));
    step.emit(PolicyReplaced { agent_id: agent, policy: id, document, origin });
}
