//! Which agent follows which policy, and what a policy keeps of it.

use psim_model::event::{Origin, PolicyReplaced, StateRegisterSet};
use psim_model::{Agent, AgentNo, Policy, agent_called};
use psim_policy::{Cause, RunFault, TextNo, Tree};
use serde::{Deserialize, Serialize};

use crate::words::{WordNo, Words};
use crate::world::{Step, World};

/// An agent that follows a policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Follower {
    #[serde(skip)] // many agents share one: a checkpoint has each once
    policy: Policy,
    /// What its registers hold, in the order of [`Policy::registers`].
    registers: Vec<f64>,
    /// Whether it has something to say about payments in queue 2.
    acts_in_queue2: bool,
    /// The lists of agents that its budgets name, ascending.
    focus: Vec<Vec<AgentNo>>,
    /// Its texts among those of the run.
    words: Vec<WordNo>,
    /// How each tree failed when it was asked last, if it did.
    last_faults: [Option<RunFault>; 4],
}

/// What any policy that was ever followed can do at all, so that a tick need not look at each.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Abilities {
    /// Whether it has a tree that is asked early in the tick.
    pub(crate) early: bool,
    /// Whether it has a tree that is asked late in the tick.
    pub(crate) late: bool,
    /// Whether it has something to say about payments in queue 2.
    pub(crate) in_queue2: bool,
    /// Whether it splits payments, gives them up or posts collateral.
    pub(crate) costly: bool,
}

impl Abilities {
    /// Notes what a policy can do.
    pub(crate) fn add(&mut self, policy: &Policy) {
        self.early |= policy.has(Tree::StrategicCollateral) || policy.has(Tree::Bank);
        self.late |= policy.has(Tree::EndOfTickCollateral);
        self.in_queue2 |= policy.acts_in_queue2();
        self.costly |= policy.most_parts() > 0 || policy.can_drop() || policy.can_post();
    }
}

impl Follower {
    /// Makes a follower whose registers are empty.
    pub(crate) fn new(policy: &Policy, agents: &[Agent], words: &mut Words) -> Self {
        let focus = policy.focus_lists().iter().map(|ids| {
            let mut agents: Vec<AgentNo> =
                ids.iter().filter_map(|id| agent_called(agents, id)).collect();
            agents.sort_unstable();
            agents.dedup();
            agents
        });
        Self {
            registers: vec![0.0; policy.registers().len()],
            acts_in_queue2: policy.acts_in_queue2(),
            focus: focus.collect(),
            words: policy.texts().iter().map(|text| words.number(text)).collect(),
            last_faults: [None; 4],
            policy: policy.clone(),
        }
    }

    /// Returns the same follower of another policy, whose registers and texts are as many.
    pub(crate) fn of(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// Returns whether it has as much of everything as its policy names.
    pub(crate) fn is_sound(&self) -> bool {
        let policy = &self.policy;
        self.registers.len() == policy.registers().len()
            && self.focus.len() == policy.focus_lists().len()
            && self.words.len() == policy.texts().len()
            && self.acts_in_queue2 == policy.acts_in_queue2()
    }

    /// Returns the policy.
    pub(crate) const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns whether the policy has something to say about payments in queue 2.
    pub(crate) const fn acts_in_queue2(&self) -> bool {
        self.acts_in_queue2
    }

    /// Returns what a register holds.
    pub(crate) fn register(&self, register: usize) -> f64 {
        self.registers[register]
    }

    /// Returns the registers by name, ascending, with what they hold.
    pub(crate) fn registers(&self) -> impl Iterator<Item = (&str, f64)> {
        let names = self.policy.registers().iter().map(String::as_str);
        names.zip(self.registers.iter().copied())
    }

    /// Returns one of the lists of agents that budgets name, ascending.
    pub(crate) fn focus(&self, list: usize) -> &[AgentNo] {
        &self.focus[list]
    }

    /// Returns one of the policy's texts among those of the run.
    pub(crate) fn word(&self, text: TextNo) -> WordNo {
        self.words[text.0 as usize]
    }

    /// Remembers how a tree has failed now, if it has; returns whether that is news.
    pub(crate) fn note_fault(&mut self, tree: Tree, fault: Option<RunFault>) -> bool {
        let before = std::mem::replace(&mut self.last_faults[tree as usize], fault);
        fault.is_some_and(|fault| !before.is_some_and(|before| is_like(&before, &fault)))
    }
}

fn is_like(a: &RunFault, b: &RunFault) -> bool {
    a.node == b.node && Cause::is_like(&a.cause, &b.cause)
}

/// Replaces an agent's policy. Registers that the new one names too keep what they hold.
pub(crate) fn replace(
    world: &mut World,
    step: &mut Step<'_>,
    agent: AgentNo,
    policy: &Policy,
    origin: Origin,
) {
    let (id, document) = (step.batch.text(policy.id()), step.batch.text(policy.text()));
    step.emit(PolicyReplaced { agent_id: agent, policy: id, document, origin });
    let mut after = Follower::new(policy, &step.scenario.agents, &mut world.words);
    let before = &world.followers[agent.index()];
    let mut lost = Vec::new();
    for (name, value) in before.registers() {
        match policy.registers().binary_search_by(|own| own.as_str().cmp(name)) {
            Ok(register) => after.registers[register] = value,
            Err(_) if value != 0.0 => lost.push((name.to_owned(), value)),
            Err(_) => {}
        }
    }
    for (name, value) in lost {
        tell_register(step, agent, &name, (value, 0.0), "policy_change");
    }
    world.followers[agent.index()] = after;
    world.queue1.ask_again(agent);
    world.abilities.add(policy);
    world.watch(step.scenario, step.morning(), policy);
}

/// Sets a register and says so if that changes it.
pub(crate) fn set_register(
    world: &mut World,
    step: &mut Step<'_>,
    agent: AgentNo,
    (register, value): (usize, f64),
    reason: &str,
) {
    let follower = &mut world.followers[agent.index()];
    let old_value = std::mem::replace(&mut follower.registers[register], value);
    let name = &follower.policy.registers()[register];
    tell_register(step, agent, name, (old_value, value), reason);
}

/// Empties all registers at the end of a day.
pub(crate) fn reset_registers(world: &mut World, step: &mut Step<'_>) {
    for (index, follower) in world.followers.iter_mut().enumerate() {
        let names = follower.policy.registers().iter();
        for (name, value) in names.zip(&mut follower.registers) {
            let old_value = std::mem::take(value);
            tell_register(step, AgentNo::from_index(index), name, (old_value, 0.0), "end_of_day");
        }
    }
}

#[allow(clippy::float_cmp)] // a change is a change, however small
fn tell_register(
    step: &mut Step<'_>,
    agent: AgentNo,
    name: &str,
    (old_value, new_value): (f64, f64),
    reason: &str,
) {
    use psim_model::event::Real;
    if old_value == new_value {
        return;
    }
    let event = StateRegisterSet {
        agent_id: agent,
        register_key: step.batch.text(name),
        old_value: Real::new(old_value),
        new_value: Real::new(new_value),
        reason: step.batch.text(reason),
        decision_path: step.path,
    };
    step.emit(event);
}
