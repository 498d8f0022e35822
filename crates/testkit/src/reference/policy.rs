//! Policies, read as they are written: a tree is walked from its root, node by node, and numbers
//! are computed one within another. Nothing is prepared and nothing remembered.

mod answers;
mod conditions;
mod facts;
mod fields;
mod numbers;
mod orders;
mod registers;
#[cfg(test)]
mod tests;

use std::fmt;

use psim_policy::{Document, Field, Node, Tree};

pub(super) use answers::Asked;
use facts::Facts;
pub(super) use orders::Order;

/// What a tree can ask about.
pub(super) trait Known {
    /// Returns a field.
    fn field(&self, field: Field) -> f64;

    /// Returns what a register held before the tree was asked.
    fn register(&self, name: &str) -> f64;
}

/// What a tree has answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The way through the tree, such as `N1(true) → A2`.
    pub(super) path: String,
    /// What is to be done, in order.
    pub(super) outcome: Result<Vec<Order>, Trouble>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trouble {
    /// The id of the node at which it arose.
    pub(super) node: String,
    pub(super) cause: Cause,
}

/// What can happen to a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cause {
    DivisionByZero,
    NotANumber,
    NotInRange { parameter: &'static str, value: f64, min: u32, max: u32 },
    NoAmount { parameter: &'static str, value: f64 },
    NoRegister { value: f64 },
}

/// What two troubles must share to be alike: the node, and the message without its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    node: String,
    message: String,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |value: &f64| value + 0.0; // there is one zero
        match self {
            Self::DivisionByZero => write!(f, "division by zero"),
            Self::NotANumber => write!(f, "the result is not a number"),
            Self::NotInRange { parameter, value, min, max } => {
                let value = plain(value);
                write!(f, "{parameter} is {value}, which is not from {min} to {max}")
            }
            Self::NoAmount { parameter, value } => {
                write!(f, "{parameter} is {}, which is no amount of money", plain(value))
            }
            Self::NoRegister { value } => write!(f, "the register would be {}", plain(value)),
        }
    }
}

impl Trouble {
    /// Returns what makes it like others.
    pub(super) fn kind(&self) -> Kind {
        let message = match self.cause {
            Cause::DivisionByZero | Cause::NotANumber => self.cause.to_string(),
            Cause::NotInRange { parameter, .. } => format!("{parameter} is not in its range"),
            Cause::NoAmount { parameter, .. } => format!("{parameter} is no amount"),
            Cause::NoRegister { .. } => "the register would be something else".to_owned(),
        };
        Kind { node: self.node.clone(), message }
    }
}

/// Asks one of a policy's trees; `None` if it has no such tree.
pub(super) fn ask(document: &Document, tree: Tree, known: &dyn Known) -> Option<Answer> {
    let root = document.tree(tree)?;
    let mut nodes = Vec::new();
    let outcome = Asking { document, known }.walk(root, &mut nodes);
    Some(Answer { path: nodes.join(" → "), outcome })
}

/// A tree that is being asked.
#[derive(Clone, Copy)]
struct Asking<'a> {
    document: &'a Document,
    known: &'a dyn Known,
}

impl Asking<'_> {
    fn walk(self, node: &Node, path: &mut Vec<String>) -> Result<Vec<Order>, Trouble> {
        path.push(node.id().to_owned());
        let trouble = |cause| Trouble { node: node.id().to_owned(), cause };
        match node {
            Node::Action(leaf) => self.orders(leaf).map_err(trouble),
            Node::Condition(branch) => {
                let holds = self.holds(&branch.condition).map_err(trouble)?;
                path.pop();
                path.push(format!("{}({holds})", node.id()));
                self.walk(if holds { &branch.on_true } else { &branch.on_false }, path)
            }
        }
    }
}
