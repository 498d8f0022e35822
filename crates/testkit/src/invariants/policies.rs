//! Policies: what is told of their decisions leads through their trees, each tree is asked once,
//! and registers hold what was written last.

use std::collections::BTreeMap;

use psim_model::event::{
    Columns, Event, EventBatch, PolicyFault, PolicyFollowed, PolicyReplaced, PolicyTree,
    StateRegisterSet, Value,
};
use psim_model::{AgentNo, PaymentNo, Policy, Scenario};
use psim_policy::{Node, Tree};

use super::{Verdict, ensure};

/// What policies are and what they remember, as the events tell it.
#[derive(Debug)]
pub(super) struct Policies {
    traces: bool,
    /// By agent number.
    followed: Vec<Policy>,
    registers: BTreeMap<(AgentNo, String), f64>,
    /// What was told in this tick.
    told: Vec<Told>,
}

/// That a tree was asked.
#[derive(Debug, PartialEq)]
struct Told {
    agent: AgentNo,
    payment: Option<PaymentNo>,
    tree: PolicyTree,
    by: By,
    path: Option<String>,
}

/// What tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    Fault,
    DecisionAlone,
    WhatFollows,
}

impl Policies {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let followed = scenario.agents.iter().map(|_| Policy::fifo()).collect();
        let traces = scenario.policies.trace_decisions;
        Self { traces, followed, registers: BTreeMap::new(), told: Vec::new() }
    }

    pub(super) fn begin_tick(&mut self) {
        self.told.clear();
    }

    pub(super) const fn traces(&self) -> bool {
        self.traces
    }

    /// Expects the stream to say as it opens who follows what.
    pub(super) fn check_opening(batch: &EventBatch, scenario: &Scenario) -> Verdict {
        let mut said: Vec<&Policy> = Vec::new();
        let mut followers = 0;
        for event in batch.events() {
            let Event::PolicyFollowed(e) = event else { continue };
            let agents = e.agents.of(batch.columns());
            let policies = agents.iter().filter_map(|agent| scenario.agents.get(agent.index()));
            let policies: Vec<&Policy> = policies.map(|agent| &agent.policy).collect();
            let [policy, ..] = policies.as_slice() else { return Err("a policy has followers") };
            let is_one = policies.len() == agents.len() && policies.iter().all(|it| it == policy);
            ensure(is_one, "followers follow one policy")?;
            ensure(agents.is_sorted_by(|a, b| a < b), "followers ascend, each once")?;
            ensure(!said.contains(policy), "a policy is said once")?;
            let is_told = batch.text_of(e.document) == policy.text()
                && batch.text_of(e.policy) == policy.id();
            ensure(is_told, "the policy said is that of the scenario")?;
            said.push(policy);
            followers += agents.len();
        }
        let others = scenario.agents.iter().filter(|agent| agent.policy != Policy::fifo());
        ensure(followers == others.count(), "all who follow another policy than fifo are named")
    }

    pub(super) fn follow(&mut self, event: &PolicyFollowed, batch: &EventBatch) -> Verdict {
        let policy = sound(batch.text_of(event.document), batch.text_of(event.policy))?;
        for agent in event.agents.of(batch.columns()) {
            *self.of(*agent)? = policy.clone();
        }
        Ok(())
    }

    pub(super) fn replace(&mut self, event: &PolicyReplaced, batch: &EventBatch) -> Verdict {
        let policy = sound(batch.text_of(event.document), batch.text_of(event.policy))?;
        let followed = self.of(event.agent_id)?;
        ensure(*followed != policy, "no change, no event")?;
        *followed = policy;
        Ok(())
    }

    fn of(&mut self, agent: AgentNo) -> Result<&mut Policy, &'static str> {
        self.followed.get_mut(agent.index()).ok_or("events name agents that have opened")
    }

    pub(super) fn write(&mut self, event: &StateRegisterSet, batch: &EventBatch) -> Verdict {
        let agent = event.agent_id;
        let key = batch.text_of(event.register_key);
        let names_it = self.of(agent)?.registers().iter().any(|name| name == key);
        let held = self.registers.entry((agent, key.to_owned())).or_insert(0.0);
        ensure(event.old_value.get().to_bits() == held.to_bits(), "a register keeps its value")?;
        ensure(event.new_value != event.old_value, "no change, no event")?;
        *held = event.new_value.get();
        let is_emptied = *held == 0.0;
        match batch.text_of(event.reason) {
            "policy_change" => {
                ensure(is_emptied && !names_it, "a policy that names a register keeps it")
            }
            "end_of_day" => ensure(is_emptied, "registers are empty over night"),
            _ => ensure(names_it, "a policy writes what it names"),
        }
    }

    /// Expects all registers to be empty as a day closes.
    pub(super) fn close_day(&self) -> Verdict {
        let are_empty = self.registers.values().all(|value| *value == 0.0);
        ensure(are_empty, "registers are empty over night")
    }

    pub(super) fn fault(&mut self, event: &PolicyFault, batch: &EventBatch) -> Verdict {
        let tree = tree_of(event.tree);
        let named = batch.text_of(event.node);
        let root = self.of(event.agent_id)?.document().tree(tree).ok_or("only a tree can fail")?;
        let is_there = root.below().any(|node| node.id() == named);
        ensure(is_there, "a fault names a node of the tree")?;
        let path = event.decision_path.map(|path| batch.text_of(path));
        let ends_there = path.is_none_or(|path| end_of(root, path) == Some(named));
        ensure(ends_there, "the way to a fault ends there")
    }

    /// Takes note of what an event tells of the tree that has led to it.
    pub(super) fn take_way(&mut self, event: &Event, columns: &Columns) -> Verdict {
        let Some(mut told) = told_by(event, columns) else { return Ok(()) };
        ensure(told.path.is_none() || self.traces, "ways are told where decisions are traced")?;
        if told.by == By::WhatFollows && told.path.is_none() {
            return Ok(()); // no tree need have been asked
        }
        ensure(told.path.is_some() == self.traces, "traced decisions tell their ways")?;
        if let Some(path) = &told.path {
            let document = self.of(told.agent)?.document();
            let leads = |tree| {
                let root = document.tree(tree_of(tree))?;
                end_of(root, path).map(|end| (root, end))
            };
            if told.tree == PolicyTree::StrategicCollateral && leads(told.tree).is_none() {
                told.tree = PolicyTree::EndOfTickCollateral; // events of both look alike
            }
            let (root, end) = leads(told.tree).ok_or("a way leads from node to node of a tree")?;
            let is_leaf = root.below().any(|it| it.id() == end && matches!(it, Node::Action(_)));
            let may_end = is_leaf || told.by == By::Fault || is_hold_for_fault(event);
            ensure(may_end, "a way leads to a leaf")?;
        }
        for other in self.told.iter().filter(|other| {
            (other.agent, other.payment, other.tree) == (told.agent, told.payment, told.tree)
        }) {
            ensure(other.path == told.path, "a tree is asked once in a tick")?;
            let is_alone = told.by == By::DecisionAlone || other.by == By::DecisionAlone;
            ensure(!is_alone, "a decision is told by itself where nothing else tells it")?;
            let both = told.by == By::Fault && other.by == By::Fault;
            ensure(!both, "a fault is told once in a tick")?;
        }
        self.told.push(told);
        Ok(())
    }
}

fn sound(document: &str, id: &str) -> Result<Policy, &'static str> {
    let policy = Policy::read(document).map_err(|_| "a policy that is told can be read")?;
    ensure(policy.id() == id, "a policy has its name")?;
    ensure(policy.text() == document, "a policy is told in one form")?;
    Ok(policy)
}

fn is_hold_for_fault(event: &Event) -> bool {
    use psim_model::event::HoldReason;

    matches!(event, Event::PolicyHold(e) if e.reason == HoldReason::PolicyFault)
}

/// Returns what an event tells of a tree, if it can tell anything of one.
fn told_by(event: &Event, columns: &Columns) -> Option<Told> {
    let (mut agent, mut payment, mut path, mut has_path) = (None, None, None, false);
    event.visit(columns, |field, value| match (field.name, value) {
        ("agent_id" | "sender_id", Value::Agent(no)) => agent = Some(no),
        ("tx_id", Value::Payment(no)) => payment = Some(no),
        ("decision_path", Value::Text(text)) => (path, has_path) = (Some(text.to_owned()), true),
        ("decision_path", _) => has_path = true,
        _ => {}
    });
    let (tree, by) = match event {
        _ if !has_path => return None,
        Event::PolicyFault(e) => (e.tree, By::Fault),
        Event::PolicyDecision(e) => (e.tree, By::DecisionAlone),
        Event::BankBudgetSet(_) | Event::StateRegisterSet(_) => (PolicyTree::Bank, By::WhatFollows),
        Event::CollateralPost(_) | Event::CollateralWithdraw(_) => {
            (PolicyTree::StrategicCollateral, By::WhatFollows)
        }
        _ => (PolicyTree::Payment, By::WhatFollows),
    };
    Some(Told { agent: agent?, payment, tree, by, path })
}

fn tree_of(tree: PolicyTree) -> Tree {
    match tree {
        PolicyTree::Payment => Tree::Payment,
        PolicyTree::Bank => Tree::Bank,
        PolicyTree::StrategicCollateral => Tree::StrategicCollateral,
        PolicyTree::EndOfTickCollateral => Tree::EndOfTickCollateral,
    }
}

/// Returns the node at which a way from the root ends; `None` if it leads out of the tree.
fn end_of<'n>(root: &'n Node, path: &str) -> Option<&'n str> {
    let rest = path.strip_prefix(root.id())?;
    match root {
        _ if rest.is_empty() => Some(root.id()),
        Node::Action(_) => None,
        Node::Condition(branch) => match rest.strip_prefix("(true) → ") {
            Some(rest) => end_of(&branch.on_true, rest),
            None => end_of(&branch.on_false, rest.strip_prefix("(false) → ")?),
        },
    }
}
