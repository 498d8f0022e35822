//! What a policy decides in a situation that is made up, and by which way.

mod acts;
mod effect;
mod situation;

use std::cell::{Cell, RefCell};
use std::fmt::{self, Write};

use crate::document::{Document, Node, Value};
use crate::evaluate::{Context, Observer, RunFault};
use crate::fields::Field;
use crate::infix::Infix;
use crate::json::Json;
use crate::policy::Policy;
use crate::prose::{plain, wrapped};
use crate::tree::Tree;
pub use acts::Act;
use acts::{Decided, acts};
pub use effect::NoEffect;
use effect::no_effect;
pub use situation::{Situation, SituationError};

/// A decision and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The tree that was asked.
    pub tree: Tree,
    /// The nodes that were come to, in order.
    pub steps: Vec<StepExplained>,
    /// The way, as a trace of a run writes it; empty if there is no such tree.
    pub path: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why nothing is done about the payment, if that is so.
    pub no_effect: Option<NoEffect>,
}

/// A node that was come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepExplained {
    /// Its id.
    pub node_id: String,
    /// What it asks or does, as a formula with the values of what it names.
    pub formula: String,
    /// What a condition came to, unless it is where a fault happened.
    pub result: Option<bool>,
}

/// What came of asking a tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// These actions, in order.
    Acts(Vec<Act>),
    /// A fault at the last node: the payment is held, the bank does nothing.
    Fault(String),
    /// The policy has no such tree: a payment is released, a bank does nothing.
    NoTree,
}

/// What a node reads and the situation does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotGiven {
    /// The node that was come to.
    pub node_id: String,
    /// What it names.
    pub missing: Vec<Field>,
    /// What the nodes below it name besides.
    pub below: Vec<Field>,
}

/// Writes it as ``node `is_urgent` reads `ticks_to_deadline`, which is not given``.
impl fmt::Display for NotGiven {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |fields: &[Field]| {
            let names: Vec<String> = fields.iter().map(|it| format!("`{}`", it.name())).collect();
            names.join(", ")
        };
        let are = if self.missing.len() == 1 { "is" } else { "are" };
        let missing = names(&self.missing);
        write!(out, "node `{}` reads {missing}, which {are} not given", self.node_id)?;
        match &*self.below {
            [] => Ok(()),
            below => write!(out, "; nodes below it may read {}", names(below)),
        }
    }
}

impl std::error::Error for NotGiven {}

/// Asks a tree of a policy in a situation.
///
/// # Errors
///
/// [`NotGiven`] if a node reads a field that the situation does not give; registers that are not
/// given are 0.
pub fn explain(
    policy: &Policy,
    tree: Tree,
    situation: &Situation,
) -> Result<Explanation, NotGiven> {
    let Some(root) = policy.document().tree(tree) else {
        let (steps, path, outcome) = (Vec::new(), String::new(), Outcome::NoTree);
        return Ok(Explanation { tree, steps, path, outcome, no_effect: None });
    };
    let walk = Walk::default();
    let mut asked = Asked { policy, situation, walk: &walk };
    let mut observer = Noted(&walk);
    let decided = match tree {
        Tree::Payment => policy.decide_payment(&mut asked, &mut observer).map(Decided::Payment),
        Tree::Bank => policy.decide_bank(&mut asked, &mut observer).map(Decided::Bank),
        _ => policy.decide_collateral(tree, &mut asked, &mut observer).map(Decided::Collateral),
    };
    let trail = walk.trail.into_inner();
    let nodes = nodes(policy, root, &trail);
    if let Some(step) = walk.missing_at.get() {
        return Err(not_given(nodes[step], situation));
    }
    let outcome = match (decided, nodes.last()) {
        (Ok(decided), Some(Node::Action(leaf))) => Outcome::Acts(acts(leaf, &decided)),
        (Err(RunFault { cause, .. }), _) => Outcome::Fault(cause.to_string()),
        (Ok(_), _) => unreachable!("Invariant: a walk ends at a leaf or in a fault"),
    };
    let no_effect = match (nodes.last(), &outcome) {
        (Some(Node::Action(leaf)), Outcome::Acts(_)) if tree == Tree::Payment => {
            no_effect(policy, leaf, situation)
        }
        _ => None,
    };
    let known = |value: &Value| situation.value(value);
    let infix = Infix::with_values(policy.document(), &known);
    let steps = nodes.iter().enumerate().map(|(index, node)| {
        let next = nodes.get(index + 1).map(|next| next.id());
        let result = match node {
            Node::Condition(branch) => next.map(|next| next == branch.on_true.id()),
            Node::Action(_) => None,
        };
        StepExplained { node_id: node.id().to_owned(), formula: infix.node(node), result }
    });
    let (steps, path) = (steps.collect(), policy.path(&trail));
    Ok(Explanation { tree, steps, path, outcome, no_effect })
}

/// What was come to so far.
#[derive(Default)]
struct Walk {
    trail: RefCell<Vec<u32>>,
    /// The step at which something was read first that is not given.
    missing_at: Cell<Option<usize>>,
}

struct Asked<'a> {
    policy: &'a Policy,
    situation: &'a Situation,
    walk: &'a Walk,
}

impl Context for Asked<'_> {
    fn field(&mut self, field: Field) -> f64 {
        let given = self.situation.field(field);
        if given.is_none() && self.walk.missing_at.get().is_none() {
            self.walk.missing_at.set(Some(self.walk.trail.borrow().len().saturating_sub(1)));
        }
        given.unwrap_or(0.0)
    }

    fn register(&mut self, register: usize) -> f64 {
        self.policy.registers().get(register).map_or(0.0, |name| self.situation.register(name))
    }
}

struct Noted<'a>(&'a Walk);

impl Observer for Noted<'_> {
    fn reach(&mut self, node: u32) {
        self.0.trail.borrow_mut().push(node);
    }
}

/// Returns the nodes of a walk.
fn nodes<'d>(policy: &Policy, root: &'d Node, trail: &[u32]) -> Vec<&'d Node> {
    let ids = trail.iter().map(|node| &policy.node_ids()[*node as usize]);
    let mut nodes: Vec<&Node> = Vec::new();
    for id in ids {
        let found = match nodes.last() {
            None => Some(root),
            Some(Node::Condition(branch)) => {
                [&branch.on_true, &branch.on_false].into_iter().find(|node| node.id() == id)
            }
            Some(Node::Action(_)) => None,
        };
        nodes.extend(found);
    }
    nodes
}

fn not_given(node: &Node, situation: &Situation) -> NotGiven {
    let missing = unknown([node], situation);
    let mut below = unknown(node.below().skip(1), situation);
    below.retain(|field| !missing.contains(field));
    NotGiven { node_id: node.id().to_owned(), missing, below }
}

/// Returns the fields that nodes name and a situation does not give, in the order of the table.
fn unknown<'d>(nodes: impl IntoIterator<Item = &'d Node>, situation: &Situation) -> Vec<Field> {
    let mut fields = Vec::new();
    for node in nodes {
        node.visit_values(&mut |value| {
            if let Value::Field(field) = value
                && situation.field(*field).is_none()
            {
                fields.push(*field);
            }
        });
    }
    fields.sort_unstable();
    fields.dedup();
    fields
}

impl Explanation {
    /// Returns the explanation as lines of text.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.tree.key());
        for step in &self.steps {
            let result = step.result.map_or_else(String::new, |result| format!(": {result}"));
            let line = format!("{}: {}{result}", step.node_id, step.formula);
            for (index, line) in wrapped(&line, 6).into_iter().enumerate() {
                let _ = writeln!(text, "{:1$}{line}", "", if index == 0 { 2 } else { 6 });
            }
        }
        if !self.path.is_empty() {
            let _ = writeln!(text, "path      {}", self.path);
        }
        let _ = writeln!(text, "decision  {}", self.decision());
        if let Some(no_effect) = self.no_effect {
            let _ = writeln!(text, "effect    {no_effect}");
        }
        text
    }

    fn decision(&self) -> String {
        match (&self.outcome, self.tree) {
            (Outcome::Acts(acts), _) => {
                let acts: Vec<String> = acts.iter().map(ToString::to_string).collect();
                acts.join("; ")
            }
            (Outcome::Fault(message), Tree::Payment) => format!("{message}: the payment is held"),
            (Outcome::Fault(message), _) => format!("{message}: nothing is done"),
            (Outcome::NoTree, Tree::Payment) => "no such tree: the payment is released".to_owned(),
            (Outcome::NoTree, _) => "no such tree: nothing is done".to_owned(),
        }
    }

    /// Returns the same as JSON.
    pub fn to_json(&self, document: &Document) -> Json {
        let steps = self.steps.iter().map(|step| {
            Json::object([
                ("node_id", Json::text(&step.node_id)),
                ("formula", Json::text(&step.formula)),
                ("result", step.result.map_or(Json::Null, Json::Bool)),
            ])
        });
        let (acts, fault) = match &self.outcome {
            Outcome::Acts(acts) => (acts.iter().map(Act::to_json).collect(), Json::Null),
            Outcome::Fault(message) => (Vec::new(), Json::text(message)),
            Outcome::NoTree => (Vec::new(), Json::Null),
        };
        Json::object([
            ("policy_id", Json::text(&document.policy_id)),
            ("tree", Json::text(self.tree.key())),
            ("has_tree", Json::Bool(self.outcome != Outcome::NoTree)),
            ("path", Json::text(&self.path)),
            ("steps", Json::List(steps.collect())),
            ("actions", Json::List(acts)),
            ("effect", self.no_effect.map_or(Json::Null, |it| Json::text(it.to_string()))),
            ("fault", fault),
        ])
    }
}

/// Returns a number as JSON; what JSON has no number for is a text.
fn number(number: f64) -> Json {
    if number.is_finite() { Json::Number(number) } else { Json::text(plain(number)) }
}

#[cfg(test)]
mod tests;
