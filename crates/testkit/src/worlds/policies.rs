//! The policies of a random world: documents that say anything that can be said.
//!
//! Fields and actions come from the tables of the language: one more row there is drawn here too.
//! Numbers are compared with such as they may well be, so that trees go either way; and many
//! computations can fail.

mod actions;
mod conditions;
mod numbers;

use psim_model::{Fraction, Money, Policy, Scenario};
use psim_policy::{Branch, Document, Leaf, Node, Tree};

use super::draws::Draws;

/// Names of registers; documents share them, so that a policy can take over from another.
const REGISTERS: [&str; 4] =
    ["bank_state_cooldown", "bank_state_mode", "bank_state_x", "bank_state_\u{e4}"];

/// Returns the document of a seed, about money in units of `unit` minor units and banks of these
/// ids, of which there is at least one.
pub fn document(seed: u64, agents: &[String], unit: i64) -> Document {
    write(&mut Draws::of(seed), agents, unit)
}

/// Lets agents follow policies, some of them the same, and draws what policies are told.
pub(super) fn add_policies(draws: &mut Draws, scenario: &mut Scenario, unit: i64) {
    let written: Vec<Policy> =
        (0..draws.between(1, 4)).map(|_| policy(draws, scenario, unit)).collect();
    for agent in &mut scenario.agents {
        if draws.below(4) != 0 {
            agent.policy = draws.choose(&written);
        }
        agent.liquidity_buffer = Money::from_minor(draws.pick(&[0, 0, 1, 3]) * unit);
    }
    scenario.policies.trace_decisions = draws.once_in(4);
    scenario.policies.eod_rush_threshold = draws.pick(&[0.8, 0.8, 0.0, 0.5, 1.0]);
    let last = scenario.calendar.ticks_per_day() - 1;
    let guideline = &mut scenario.policies.throughput_guideline;
    let mut shares = ["0", "0.1", "0.333333333333", "0.9", "1"]
        .map(|share| share.parse::<Fraction>().expect("Invariant: a decimal of ours"))
        .into_iter();
    let mut tick = draws.between(0, 2);
    while draws.below(3) != 0 && tick <= last {
        let Some(share) = shares.next() else { break };
        guideline.push((tick, share));
        tick += draws.between(1, 3);
    }
}

/// Returns a policy that an agent may change to.
pub(super) fn another(draws: &mut Draws, scenario: &Scenario, unit: i64) -> Policy {
    match draws.below(4) {
        0 => draws.choose(&[Policy::fifo(), Policy::hold()]),
        1 => policy(draws, scenario, unit),
        _ => scenario.agents[draws.below(scenario.agents.len())].policy.clone(),
    }
}

fn policy(draws: &mut Draws, scenario: &Scenario, unit: i64) -> Policy {
    let agents: Vec<String> = scenario.agents.iter().map(|agent| agent.id.clone()).collect();
    let text = write(draws, &agents, unit).to_json().to_string();
    Policy::read(&text)
        .unwrap_or_else(|faults| panic!("Invariant: this is sound\n{text}\n{faults}"))
}

fn write(draws: &mut Draws, agents: &[String], unit: i64) -> Document {
    let mut parameters = Vec::new();
    if draws.once_in(3) {
        let share = draws.pick(&[0.0, 0.3, 0.999_999_999_999, 1.0]);
        parameters.push(("initial_liquidity_fraction".to_owned(), share));
    }
    for index in 0..draws.below(4) {
        let scale = draws.pick(&[1.0, 1.0, unit as f64]);
        let value = draws.pick(&[0.0, 0.5, 1.0, 2.0, 3.0, -1.0, 12.0]) * scale;
        parameters.push((format!("p{index}"), value));
    }
    let mut author =
        Author { draws, agents, unit, tree: Tree::Payment, nodes: 0, parameters: &parameters };
    let trees = Tree::ALL.map(|tree| {
        author.tree = tree;
        let is_there = author.draws.below(6) < if tree == Tree::Payment { 5 } else { 3 };
        let depth = author.draws.pick(&[0, 1, 2, 2, 3, 3, 4]);
        is_there.then(|| author.node(depth))
    });
    Document {
        version: draws.pick(&["1.0", "2", ""]).to_owned(),
        policy_id: format!("policy {}", draws.between(0, 99)),
        description: draws.once_in(3).then(|| "Says \"no\",\n\tor \\ not.".to_owned()),
        parameters,
        trees,
    }
}

/// Whoever writes a document.
struct Author<'a> {
    draws: &'a mut Draws,
    agents: &'a [String],
    unit: i64,
    /// The tree that is being written.
    tree: Tree,
    /// Nodes so far.
    nodes: u32,
    parameters: &'a [(String, f64)],
}

impl Author<'_> {
    /// Returns a node with at most so many conditions one below another.
    fn node(&mut self, depth: usize) -> Node {
        let description = self.draws.once_in(8).then(|| "Why not?".to_owned());
        if depth == 0 || self.draws.once_in(5) {
            let node_id = self.node_id('A');
            return Node::Action(Leaf { node_id, description, actions: self.actions() });
        }
        Node::Condition(Box::new(Branch {
            node_id: self.node_id('N'),
            description,
            condition: self.condition(2),
            on_true: self.node(depth - 1),
            on_false: self.node(depth - 1),
        }))
    }

    fn node_id(&mut self, kind: char) -> String {
        self.nodes += 1;
        let number = self.nodes;
        match self.draws.below(24) {
            0 => format!("{kind}{number}(true) → Ö"),
            1 => format!(" {kind}: \"{number}\""),
            _ => format!("{kind}{number}"),
        }
    }
}
